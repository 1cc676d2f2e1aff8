//! The room's routes.

use axum::Json;
use axum::extract::State;
use entity::ids::AccessLogId;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::looks;
use super::views::Looks;
use crate::app::App;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::input::Asked;
use crate::residents::access::Seen;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_resident))
}

/// Which page of the log.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Before {
    /// Only looks before this one.
    #[serde(default)]
    before: Option<AccessLogId>,
}

/// Who looked at a resident's file, the latest first, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/looks", tag = "privacy",
    params(("id" = i64, Path, description = "The resident"), Before),
    responses((status = 200, description = "A page of the log", body = Looks), Reads))]
async fn of_resident(
    State(app): State<App>,
    seen: Seen,
    Asked(asked): Asked<Before>,
) -> Result<Json<Looks>> {
    looks::page(
        app.store.read(),
        &seen.caller,
        seen.resident.id,
        asked.before,
    )
    .await
    .map(Json)
}
