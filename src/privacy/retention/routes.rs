//! The routes of retention.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{self, Retention};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::PrivacyKeeper;

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(retention))
}

/// How long things are kept, what the next night would take, and what the last ones took.
#[utoipa::path(get, path = "/api/retention", tag = "privacy",
    responses((status = 200, description = "The rules and the nights", body = Retention), Reads))]
async fn retention(State(app): State<App>, keeper: PrivacyKeeper) -> Result<Json<Retention>> {
    let now = app.clock.now();
    views::of(app.store.read(), &keeper, now).await.map(Json)
}
