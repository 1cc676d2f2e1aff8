//! The room's routes.

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries;
use super::views::HelperHit;
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::Desk;
use crate::http::input::Asked;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(helpers))
}

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Typed {
    /// A name or a part of it, pinyin initials, or a telephone number or its last digits; nothing finds all.
    #[serde(default)]
    #[param(required = false)]
    q: String,
}

/// Find a helper.
///
/// By name, initials or number, for the desk: 20 at most, or all where nothing was typed.
#[utoipa::path(get, path = "/api/helpers", tag = "helpers",
    params(Typed),
    responses((status = 200, description = "The helpers that fit", body = Vec<HelperHit>), Reads)
)]
pub async fn helpers(
    State(app): State<App>,
    desk: Desk,
    Asked(typed): Asked<Typed>,
) -> Result<Json<Vec<HelperHit>>> {
    let today = local_date(desk.zone, app.clock.now());
    queries::find(app.store.read(), desk.community, &typed.q, desk.zone, today)
        .await
        .map(Json)
}
