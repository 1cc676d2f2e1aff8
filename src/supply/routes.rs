//! The room's routes.

use axum::Json;
use axum::extract::State;
use chrono::Datelike;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::Picture;
use super::views::SupplyMonth;
use super::{Fate, gaps, lines};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::PanelReader;
use crate::http::input::At;
use crate::quality::panel::read_month;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(supply_month))
}

/// A month of supply and demand, in figures: for the office, the panel and who keeps accounts.
#[utoipa::path(get, path = "/api/supply/months/{month}", tag = "supply",
    params(("month" = String, Path, description = "Such as 2026-11")),
    responses((status = 200, body = SupplyMonth), Reads))]
async fn supply_month(
    State(app): State<App>,
    PanelReader(caller): PanelReader,
    At(month): At<String>,
) -> Result<Json<SupplyMonth>> {
    let month = read_month(&month)?;
    let picture = Picture::read(app.store.read(), &caller, month, app.clock.now()).await?;
    let asked = || {
        picture
            .asked
            .iter()
            .filter(|one| one.fate != Fate::CalledOff)
    };
    let count = |fate| asked().filter(|one| one.fate == fate).count();
    let lang = caller.lang;
    Ok(Json(SupplyMonth {
        month: picture.first,
        over: picture.today >= picture.after,
        asked: asked().count(),
        served: count(Fate::Served),
        unserved: gaps::unserved(&picture.asked).count(),
        people: gaps::people(gaps::unserved(&picture.asked).map(|(one, _)| one.resident)),
        ahead: count(Fate::Ahead),
        asked_min: asked().map(|one| one.minutes).sum(),
        offered_min: picture.hands.iter().map(|hand| hand.minutes).sum(),
        gaps: gaps::of(&picture, picture.first.month(), lang),
        by_service: lines::by_service(&picture, lang),
        by_skill: lines::by_skill(&picture, lang),
        by_hour: lines::by_hour(&picture, lang),
        by_grid: lines::by_grid(&picture, lang),
    }))
}
