//! The room's routes.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use entity::ids::{BookingId, ChangeRequestId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::again::{self, Again};
use super::book;
use super::cancel::{self, Cancelling};
use super::change::Changed;
use super::kept::{self, Answered, Question};
use super::moving::{self, Moving};
use super::queries::{SeenBooking, booking_view, leeways_of};
use super::requests::{self, Decision};
use super::times;
use super::views::{BookingView, NewBooking, OpenDays, Times};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::MOST_DAYS;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::Desk;
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Asked, At, Input};
use crate::residents::access::Booked;
use crate::said::Said;
use crate::visits::views::{ChangeRequest, Look};

/// Days that [`open_days`] answers for at most.
const MOST_OPEN_DAYS: usize = 42;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(open_times))
        .routes(routes!(open_days))
        .routes(routes!(create))
        .routes(routes!(once_more))
        .routes(routes!(show))
        .routes(routes!(cancel))
        .routes(routes!(shift))
        .routes(routes!(decide))
}

/// Which times are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct TimesAsked {
    /// The service's code.
    service: String,
    /// The first local date; today when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    from: Option<NaiveDate>,
    /// How many days, 1 to 14.
    #[param(minimum = 1, maximum = 14, default = 7)]
    days: Option<usize>,
    /// The booking that is to be moved: times that its linked visits do not leave are left out.
    moving: Option<i64>,
}

/// The times that can really be served.
///
/// Computed from the helpers who could come, walking included.
#[utoipa::path(get, path = "/api/residents/{id}/times", tag = "bookings",
    params(("id" = i64, Path, description = "The resident"), TimesAsked),
    responses((status = 200, body = Times), Reads))]
async fn open_times(
    State(app): State<App>,
    booked: Booked,
    Asked(asked): Asked<TimesAsked>,
) -> Result<Json<Times>> {
    let days = asked.days.unwrap_or(7);
    check_days(days, MOST_DAYS)?;
    Ok(Json(found(&app, &booked, &asked, days).await?))
}

fn check_days(days: usize, most: usize) -> Result<()> {
    if (1..=most).contains(&days) {
        return Ok(());
    }
    let said = Said::new(
        format!("一次可以查询 1 到 {most} 天。"),
        format!("1 to {most} days can be asked for at a time."),
    );
    Err(Problem::field("days", said).into())
}

async fn found(app: &App, booked: &Booked, asked: &TimesAsked, days: usize) -> Result<Times> {
    let now = app.clock.now();
    let today = local_date(booked.caller.zone, now);
    let from = asked.from.unwrap_or(today).max(today);
    let mut need = book::need(app, booked, &asked.service, None, now).await?;
    if let Some(id) = asked.moving {
        need.leeways = leeways_of(app.store.read(), booked, BookingId(id)).await?;
    }
    times::times(app, &booked.caller, &need, from, days).await
}

/// Which days are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DaysAsked {
    /// The service's code.
    service: String,
    /// The first local date; today when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    from: Option<NaiveDate>,
    /// How many days, 1 to 42: six weeks show any month.
    #[param(minimum = 1, maximum = 42, default = 31)]
    days: Option<usize>,
}

/// How many times each day of a month has.
///
/// For choosing the day; the times themselves are asked for day by day.
#[utoipa::path(get, path = "/api/residents/{id}/times/days", tag = "bookings",
    params(("id" = i64, Path, description = "The resident"), DaysAsked),
    responses((status = 200, body = OpenDays), Reads))]
async fn open_days(
    State(app): State<App>,
    booked: Booked,
    Asked(asked): Asked<DaysAsked>,
) -> Result<Answered> {
    let days = asked.days.unwrap_or(31);
    check_days(days, MOST_OPEN_DAYS)?;
    let question = Question::new(&booked, &asked.service, asked.from, days, app.clock.now());
    let edition = kept::edition(&app, booked.caller.community).await?;
    if let Some(answer) = app.open_days.answer(&question, edition) {
        return Ok(answer);
    }
    let asked = TimesAsked {
        service: asked.service,
        from: asked.from,
        days: None,
        moving: None,
    };
    let found = OpenDays::from(found(&app, &booked, &asked, days).await?);
    app.open_days.keep(question, edition, &found)
}

/// Book.
///
/// Somebody is asked at once where somebody can come. Otherwise `refuse` answers `slot-taken` with other times, and
/// `tray` books and leaves it to the coordinator.
#[utoipa::path(post, path = "/api/residents/{id}/bookings", tag = "bookings",
    params(("id" = i64, Path, description = "The resident")),
    request_body = NewBooking,
    responses((status = 201, body = BookingView), Writes))]
async fn create(
    State(app): State<App>,
    booked: Booked,
    Input { body, once }: Input<NewBooking>,
) -> Result<Answer> {
    book::book(&app, booked, body, once).await
}

/// The last booking, ready to be made again (照上次).
#[utoipa::path(get, path = "/api/residents/{id}/again", tag = "bookings",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, body = Again), Reads))]
async fn once_more(State(app): State<App>, booked: Booked) -> Result<Json<Again>> {
    Ok(Json(again::again(&app, &booked).await?))
}

/// One booking.
#[utoipa::path(get, path = "/api/bookings/{id}", tag = "bookings",
    params(("id" = i64, Path, description = "The booking")),
    responses((status = 200, body = BookingView), Reads))]
async fn show(State(app): State<App>, seen: SeenBooking) -> Result<Json<BookingView>> {
    let caller = &seen.seen.caller;
    let look = Look {
        lang: caller.lang,
        now: app.clock.now(),
        with_phones: caller.at_desk(),
    };
    Ok(Json(
        booking_view(app.store.read(), look, seen.booking.id).await?,
    ))
}

/// Cancel, or ask the office to.
///
/// Before the cut-off it is done; after it, the office is asked and `done` is false.
#[utoipa::path(post, path = "/api/bookings/{id}/cancel", tag = "bookings",
    params(("id" = i64, Path, description = "The booking")),
    request_body = Cancelling,
    responses((status = 200, body = Changed), Writes))]
async fn cancel(
    State(app): State<App>,
    seen: SeenBooking,
    Input { body, once }: Input<Cancelling>,
) -> Result<Answer> {
    cancel::cancel(&app, seen, body, once).await
}

/// Move to another time, or ask the office to.
///
/// Before the cut-off it is moved where somebody can come; after it, the office is asked and `done` is false.
#[utoipa::path(post, path = "/api/bookings/{id}/change", tag = "bookings",
    params(("id" = i64, Path, description = "The booking")),
    request_body = Moving,
    responses((status = 200, body = Changed), Writes))]
async fn shift(
    State(app): State<App>,
    seen: SeenBooking,
    Input { body, once }: Input<Moving>,
) -> Result<Answer> {
    moving::change(&app, seen, body, once).await
}

/// Decide a request to change or cancel.
#[utoipa::path(post, path = "/api/change-requests/{id}/answer", tag = "bookings",
    params(("id" = i64, Path, description = "The request")),
    request_body = Decision,
    responses((status = 200, body = ChangeRequest), Writes))]
async fn decide(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<Decision>,
) -> Result<Answer> {
    requests::answer(&app, desk, ChangeRequestId(id), body, once).await
}
