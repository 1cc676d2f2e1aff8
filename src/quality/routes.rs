//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use entity::ids::{CheckCallId, HelperId, RatingId, VisitId};
use entity::words::Lang;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::checks::{self, Calling};
use super::complaints::access::SeenComplaint;
use super::complaints::step::{self, ReplyingTo, WorkingOn};
use super::complaints::take::{self, NewComplaint};
use super::complaints::views::{ComplaintCard, ComplaintDetail, ComplaintLists};
use super::follow_ups::{self, FollowedUp, NoRating};
use super::ratings::{self, Giving, SeenTo};
use super::settings::{self, QualitySettings};
use super::views::{
    CareCalls, CheckCallView, FirstScreen, HelperRating, LowRating, RatingPage, RatingView,
};
use super::{complaints, first, letters, panel};
use crate::accounts::Token;
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Admin, Caller, Desk};
use crate::http::input::{Answer, At, Input};
use crate::http::problem::{ProblemView, asked_language};
use crate::residents::access::{Seen, looked};
use crate::visits::acting::Acting;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(panel::routes::router())
        .routes(routes!(first_screen))
        .routes(routes!(care_calls))
        .routes(routes!(called))
        .routes(routes!(rate))
        .routes(routes!(rating_page, rate_by_link))
        .routes(routes!(not_rated))
        .routes(routes!(low_ratings))
        .routes(routes!(answer_rating))
        .routes(routes!(helper_rating))
        .routes(routes!(complain, all_complaints))
        .routes(routes!(complaints_of))
        .routes(routes!(show_complaint))
        .routes(routes!(work_on_complaint))
        .routes(routes!(reply_to_complaint))
        .routes(routes!(quality_settings, set_quality))
}

/// The top of the coordinator's first screen.
///
/// Late and missed visits with whom to ring and what can be said of them; how many check calls, low ratings and complaints
/// wait. What is settled is gone from it.
#[utoipa::path(get, path = "/api/quality/first-screen", tag = "quality",
    responses((status = 200, body = FirstScreen), Reads))]
async fn first_screen(State(app): State<App>, Desk(caller): Desk) -> Result<Json<FirstScreen>> {
    first::first_screen(app.store.read(), &caller, app.clock.now())
        .await
        .map(Json)
}

/// The clerk's calls of care: to those who live alone, and to hear how a visit was.
#[utoipa::path(get, path = "/api/check-calls", tag = "quality",
    responses((status = 200, body = CareCalls), Reads))]
async fn care_calls(State(app): State<App>, Desk(caller): Desk) -> Result<Json<CareCalls>> {
    checks::care_calls(app.store.read(), &caller, app.clock.now())
        .await
        .map(Json)
}

/// Write down what came of a check call.
///
/// Where they need help, or nobody answers and the grid officer is to go, a help request is made.
#[utoipa::path(post, path = "/api/check-calls/{id}/called", tag = "quality",
    params(("id" = i64, Path, description = "The call")), request_body = Calling,
    responses((status = 200, body = CheckCallView), Writes))]
async fn called(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<Calling>,
) -> Result<Answer> {
    checks::called(&app, desk, CheckCallId(id), body, once).await
}

/// Rate a visit that was done.
///
/// The family, or the desk for a resident on the telephone. One rating a visit; again within 7 days changes it.
#[utoipa::path(post, path = "/api/visits/{id}/rating", tag = "quality",
    params(("id" = i64, Path, description = "The visit")), request_body = Giving,
    responses((status = 200, body = RatingView), Writes))]
async fn rate(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
    Input { body, once }: Input<Giving>,
) -> Result<Answer> {
    ratings::rate(&app, caller, VisitId(id), body, once).await
}

/// The page behind the rating link of a letter, for whoever holds it.
///
/// Looking rates nothing.
#[utoipa::path(get, path = "/api/rate/{token}", security(()), tag = "quality",
    params(("token" = String, Path, description = "The end of the link's address")),
    responses(
        (status = 200, body = RatingPage),
        (status = 410, description = "The link is too old, or never was one (link-expired)", content_type = "application/problem+json", body = ProblemView),
        Reads,
    ))]
async fn rating_page(
    State(app): State<App>,
    headers: HeaderMap,
    At(token): At<String>,
) -> Result<Json<RatingPage>> {
    let lang = asked_language(&headers).unwrap_or(Lang::Zh);
    letters::show(&app, &Token::sent(&token), lang)
        .await
        .map(Json)
}

/// Rate by the link of a letter; nobody needs to sign in.
#[utoipa::path(post, path = "/api/rate/{token}", security(()), tag = "quality",
    params(("token" = String, Path, description = "The end of the link's address")), request_body = Giving,
    responses(
        (status = 200, body = RatingView),
        (status = 410, description = "The link is too old, or never was one (link-expired)", content_type = "application/problem+json", body = ProblemView),
        Writes,
    ))]
async fn rate_by_link(
    State(app): State<App>,
    At(token): At<String>,
    Input { body, once }: Input<Giving>,
) -> Result<Answer> {
    letters::rate(&app, &Token::sent(&token), &body, once).await
}

/// A follow-up call brought no rating.
#[utoipa::path(post, path = "/api/visits/{id}/follow-up", tag = "quality",
    params(("id" = i64, Path, description = "The visit")), request_body = NoRating,
    responses((status = 200, body = FollowedUp), Writes))]
async fn not_rated(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<NoRating>,
) -> Result<Answer> {
    follow_ups::none(&app, desk, VisitId(id), body, once).await
}

/// Low ratings: those that nobody has seen to first.
#[utoipa::path(get, path = "/api/ratings/low", tag = "quality",
    responses((status = 200, body = Vec<LowRating>), Reads))]
async fn low_ratings(State(app): State<App>, Desk(caller): Desk) -> Result<Json<Vec<LowRating>>> {
    ratings::low(app.store.read(), &caller).await.map(Json)
}

/// Write down what the office did about a low rating.
#[utoipa::path(post, path = "/api/ratings/{id}/answer", tag = "quality",
    params(("id" = i64, Path, description = "The rating")), request_body = SeenTo,
    responses((status = 200, body = LowRating), Writes))]
async fn answer_rating(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, once }: Input<SeenTo>,
) -> Result<Answer> {
    ratings::answer(&app, desk, RatingId(id), body, once).await
}

/// How a helper's visits were found: an average, and nothing of whose ratings they are.
///
/// For the helper and the desk.
#[utoipa::path(get, path = "/api/helpers/{id}/rating", tag = "quality",
    params(("id" = i64, Path, description = "The helper")),
    responses((status = 200, body = HelperRating), Reads))]
async fn helper_rating(
    State(app): State<App>,
    caller: Caller,
    At(id): At<i64>,
) -> Result<Json<HelperRating>> {
    let db = app.store.read();
    let acting = Acting::load(db, caller, HelperId(id)).await?;
    ratings::of_helper(db, acting.helper.id, app.clock.now())
        .await
        .map(Json)
}

/// Complain about a visit, a helper or a provider.
///
/// A family for its own residents, the desk for everybody.
#[utoipa::path(post, path = "/api/complaints", tag = "quality", request_body = NewComplaint,
    responses((status = 201, body = ComplaintDetail), Writes))]
async fn complain(
    State(app): State<App>,
    caller: Caller,
    Input { body, once }: Input<NewComplaint>,
) -> Result<Answer> {
    take::take(&app, caller, body, once).await
}

/// All complaints of the community, by what is to be done.
#[utoipa::path(get, path = "/api/complaints", tag = "quality",
    responses((status = 200, body = ComplaintLists), Reads))]
async fn all_complaints(
    State(app): State<App>,
    Desk(caller): Desk,
) -> Result<Json<ComplaintLists>> {
    complaints::queries::lists(app.store.read(), &caller, app.clock.now())
        .await
        .map(Json)
}

/// The complaints for one resident, the latest first.
#[utoipa::path(get, path = "/api/residents/{id}/complaints", tag = "quality",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, body = Vec<ComplaintCard>), Reads))]
async fn complaints_of(State(app): State<App>, seen: Seen) -> Result<Json<Vec<ComplaintCard>>> {
    let (db, now) = (app.store.read(), app.clock.now());
    complaints::queries::of_resident(db, &seen.caller, seen.resident.id, now)
        .await
        .map(Json)
}

/// One complaint with its timeline.
#[utoipa::path(get, path = "/api/complaints/{id}", tag = "quality",
    params(("id" = i64, Path, description = "The complaint")),
    responses((status = 200, body = ComplaintDetail), Reads))]
async fn show_complaint(
    State(app): State<App>,
    seen: SeenComplaint,
) -> Result<Json<ComplaintDetail>> {
    let now = app.clock.now();
    let whose = seen.complaint.resident_id.into_iter().collect();
    looked(&app, &seen.caller, whose, "complaint");
    complaints::queries::detail(app.store.read(), &seen.caller, seen.complaint, now)
        .await
        .map(Json)
}

/// Answer a complaint, or say that it was corrected.
///
/// For the desk. An answer names who corrects what by when.
#[utoipa::path(post, path = "/api/complaints/{id}/work", tag = "quality",
    params(("id" = i64, Path, description = "The complaint")), request_body = WorkingOn,
    responses((status = 200, body = ComplaintDetail), Writes))]
async fn work_on_complaint(
    State(app): State<App>,
    seen: SeenComplaint,
    Input { body, once }: Input<WorkingOn>,
) -> Result<Answer> {
    step::work(&app, seen, body, once).await
}

/// Confirm that it is corrected, say that it is not, or withdraw it.
///
/// For the family, and for the desk on behalf of those without screens.
#[utoipa::path(post, path = "/api/complaints/{id}/reply", tag = "quality",
    params(("id" = i64, Path, description = "The complaint")), request_body = ReplyingTo,
    responses((status = 200, body = ComplaintDetail), Writes))]
async fn reply_to_complaint(
    State(app): State<App>,
    seen: SeenComplaint,
    Input { body, once }: Input<ReplyingTo>,
) -> Result<Answer> {
    step::reply(&app, seen, body, once).await
}

/// How care is watched over.
#[utoipa::path(get, path = "/api/quality/settings", tag = "quality",
    responses((status = 200, body = QualitySettings), Reads))]
async fn quality_settings(
    State(app): State<App>,
    Admin(caller): Admin,
) -> Result<Json<QualitySettings>> {
    settings::of(app.store.read(), caller.community)
        .await
        .map(Json)
}

/// Set how care is watched over.
#[utoipa::path(post, path = "/api/quality/settings", tag = "quality", request_body = QualitySettings,
    responses((status = 200, body = QualitySettings), Writes))]
async fn set_quality(
    State(app): State<App>,
    admin: Admin,
    Input { body, once }: Input<QualitySettings>,
) -> Result<Answer> {
    settings::set(&app, admin, body, once).await
}
