//! The room's routes.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries;
use super::views::Category;
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::Caller;
use crate::residents::access::Seen;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(catalogue))
        .routes(routes!(of_resident))
}

/// What the community offers.
///
/// Every line that can be booked at present, by category, for anybody who is signed in.
#[utoipa::path(get, path = "/api/catalogue", tag = "catalogue", responses(
    (status = 200, description = "The catalogue", body = Vec<Category>),
    Reads,
))]
pub async fn catalogue(State(app): State<App>, caller: Caller) -> Result<Json<Vec<Category>>> {
    let today = local_date(caller.zone, app.clock.now());
    queries::offered(app.store.read(), caller.community, None, today, caller.lang)
        .await
        .map(Json)
}

/// What can be booked for a resident.
///
/// The whole catalogue; a line that does not suit the resident says why. For the desk, and for their own family.
#[utoipa::path(get, path = "/api/residents/{id}/catalogue", tag = "catalogue",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "The catalogue, with what this resident cannot have", body = Vec<Category>), Reads)
)]
pub async fn of_resident(State(app): State<App>, seen: Seen) -> Result<Json<Vec<Category>>> {
    let caller = &seen.caller;
    let today = local_date(caller.zone, app.clock.now());
    queries::offered(
        app.store.read(),
        caller.community,
        Some(&seen.resident),
        today,
        caller.lang,
    )
    .await
    .map(Json)
}
