//! The room's routes.

use axum::Json;
use axum::extract::State;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries;
use super::views::{GridResident, ProviderMonth};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::{GridOfficer, Panel};
use crate::privacy::looks::looked;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(grid_residents))
        .routes(routes!(providers))
}

/// The residents of a grid officer's own grids.
///
/// Door by door, each with the next visit and when somebody of ours last saw them.
#[utoipa::path(get, path = "/api/grid/residents", tag = "reports", responses(
    (status = 200, description = "The residents of the caller's grids; perhaps none", body = Vec<GridResident>),
    Reads,
))]
pub async fn grid_residents(
    State(app): State<App>,
    officer: GridOfficer,
) -> Result<Json<Vec<GridResident>>> {
    let (caller, now) = (officer.caller, app.clock.now());
    let rows = queries::of_grids(
        app.store.read(),
        caller.community,
        officer.grids,
        local_date(caller.zone, now),
        now,
        caller.lang,
    )
    .await?;
    looked(
        &app,
        &caller,
        rows.iter().map(|row| row.id).collect(),
        "grid",
    );
    Ok(Json(rows))
}

/// Every provider with its month.
///
/// For the panel and the office.
#[utoipa::path(get, path = "/api/providers", tag = "reports", responses(
    (status = 200, description = "The providers", body = Vec<ProviderMonth>),
    Reads,
))]
pub async fn providers(State(app): State<App>, panel: Panel) -> Result<Json<Vec<ProviderMonth>>> {
    let today = local_date(panel.zone, app.clock.now());
    queries::providers(app.store.read(), panel.community, panel.zone, today)
        .await
        .map(Json)
}
