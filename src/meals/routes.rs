//! The room's routes.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::{Meals, meals};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::Desk;
use crate::http::dates::date_or_none;
use crate::http::input::Asked;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(of_day))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Day {
    /// The local date; today when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    date: Option<NaiveDate>,
}

/// The kitchen's count and the delivery sheet of a day.
#[utoipa::path(get, path = "/api/meals", tag = "meals", params(Day),
    responses((status = 200, body = Meals), Reads))]
async fn of_day(
    State(app): State<App>,
    desk: Desk,
    Asked(asked): Asked<Day>,
) -> Result<Json<Meals>> {
    let now = app.clock.now();
    let date = asked.date.unwrap_or_else(|| local_date(desk.zone, now));
    Ok(Json(meals(app.store.read(), &desk, date, now).await?))
}
