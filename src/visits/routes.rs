//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::ids::{HelperId, LeaveId, VisitId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::act::{self, Answering, Arriving, Finishing, Troubling};
use super::acting::Acting;
use super::day::{self, HelperDay, HelperVisit};
use super::happened::{self, Happening};
use super::leaves::{self, LeaveTaken, NewLeave};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::views::VisitDetail;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Caller, Desk};
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Asked, At, Input};
use crate::privacy::looks::looked;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_day))
        .routes(routes!(answer))
        .routes(routes!(arrive))
        .routes(routes!(finish))
        .routes(routes!(trouble))
        .routes(routes!(happened))
        .routes(routes!(take_leave))
        .routes(routes!(end_leave))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DayAsked {
    /// The local date; today when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    date: Option<NaiveDate>,
}

/// A helper's day, for the helper and for the desk.
///
/// The whole door, how to knock, what to mind and the telephone are shown to the helper from 24 hours before a visit to
/// 24 hours after it.
#[utoipa::path(get, path = "/api/helpers/{id}/day", tag = "visits",
    params(("id" = i64, Path, description = "The helper"), DayAsked),
    responses((status = 200, body = HelperDay), Reads))]
async fn show_day(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Asked(asked): Asked<DayAsked>,
) -> Result<Json<HelperDay>> {
    let now = app.clock.now();
    let date = asked.date.unwrap_or_else(|| local_date(caller.zone, now));
    let acting = Acting::load(app.store.read(), caller, HelperId(id)).await?;
    let day = day::day(app.store.read(), &acting, date, now).await?;
    looked(&app, &acting.caller, day.shown(), "helper_day");
    Ok(Json(day))
}

/// Say yes or no to an offer.
///
/// A no sends the visit back to matching.
#[utoipa::path(post, path = "/api/visits/{id}/answer", tag = "visits",
    params(("id" = i64, Path, description = "The visit")), request_body = Answering,
    responses((status = 200, body = HelperVisit), Writes))]
async fn answer(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<Answering>,
) -> Result<Answer> {
    act::answer(&app, caller, VisitId(id), body, once).await
}

/// 到了: record the arrival.
#[utoipa::path(post, path = "/api/visits/{id}/arrive", tag = "visits",
    params(("id" = i64, Path, description = "The visit")), request_body = Arriving,
    responses((status = 200, body = HelperVisit), Writes))]
async fn arrive(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<Arriving>,
) -> Result<Answer> {
    act::arrive(&app, caller, VisitId(id), body, once).await
}

/// 做完了: record the end.
#[utoipa::path(post, path = "/api/visits/{id}/finish", tag = "visits",
    params(("id" = i64, Path, description = "The visit")), request_body = Finishing,
    responses((status = 200, body = HelperVisit), Writes))]
async fn finish(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<Finishing>,
) -> Result<Answer> {
    act::finish(&app, caller, VisitId(id), body, once).await
}

/// Something is wrong.
///
/// `cannot_come` sends the visit back to matching, `not_home` ends it; the rest is shown to the office.
#[utoipa::path(post, path = "/api/visits/{id}/problem", tag = "visits",
    params(("id" = i64, Path, description = "The visit")), request_body = Troubling,
    responses((status = 200, body = HelperVisit), Writes))]
async fn trouble(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<Troubling>,
) -> Result<Answer> {
    act::trouble(&app, caller, VisitId(id), body, once).await
}

/// Say what became of a late or missed visit.
///
/// For the desk, at any time after: that somebody arrived, that it was done, that the helper did not come, that nobody
/// opened; of a visit for which nobody was found, that nobody came.
#[utoipa::path(post, path = "/api/visits/{id}/happened", tag = "visits",
    params(("id" = i64, Path, description = "The visit")), request_body = Happening,
    responses((status = 200, body = VisitDetail), Writes))]
async fn happened(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<Happening>,
) -> Result<Answer> {
    happened::say(&app, desk, VisitId(id), body, once).await
}

/// Record leave; the helper's visits of those days go back to matching.
#[utoipa::path(post, path = "/api/helpers/{id}/leave", tag = "visits",
    params(("id" = i64, Path, description = "The helper")), request_body = NewLeave,
    responses((status = 201, body = LeaveTaken), Writes))]
async fn take_leave(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<NewLeave>,
) -> Result<Answer> {
    let acting = Acting::load(app.store.read(), caller, HelperId(id)).await?;
    leaves::take(&app, acting, body, once).await
}

/// Withdraw a leave.
#[utoipa::path(delete, path = "/api/leave/{id}", tag = "visits",
    params(("id" = i64, Path, description = "The leave")),
    responses((status = 204, description = "Withdrawn"), Removes))]
async fn end_leave(State(app): State<App>, caller: Caller, At(id): At<i64>) -> Result<StatusCode> {
    leaves::end(&app, caller, LeaveId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
