//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;
use entity::ids::{PlanId, VisitId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::assign::{self, Assigning, Pinning, Unassigning};
use super::links::{self, Linking};
use super::plan::views::PlanView;
use super::plan::{self, Planning};
use super::trying::{self, Trying};
use super::views::{Board, Checked, Lists, SuggestionsView, VisitDetail};
use super::{board, lists, publish};
use super::{detail, suggestions};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Coordinator, Desk};
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Asked, At, Input};
use crate::privacy::looks::looked;
use crate::visits::views::Look;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(show_board))
        .routes(routes!(show_lists))
        .routes(routes!(show_visit))
        .routes(routes!(suggest))
        .routes(routes!(assign))
        .routes(routes!(check))
        .routes(routes!(unassign))
        .routes(routes!(pin))
        .routes(routes!(link))
        .routes(routes!(unlink))
        .routes(routes!(make_plan))
        .routes(routes!(show_plan, discard_plan))
        .routes(routes!(stop_plan))
        .routes(routes!(publish_plan))
}

/// Which day.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DayAsked {
    /// The local date; today when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    date: Option<NaiveDate>,
}

/// The board of one day.
#[utoipa::path(get, path = "/api/board", tag = "dispatch", params(DayAsked),
    responses((status = 200, body = Board), Reads))]
async fn show_board(
    State(app): State<App>,
    desk: Desk,
    Asked(asked): Asked<DayAsked>,
) -> Result<Json<Board>> {
    let date = asked.date.unwrap_or_else(|| board::today(&app, &desk));
    Ok(Json(board::board(&app, &desk, date).await?))
}

/// Everything that waits, as lists.
#[utoipa::path(get, path = "/api/dispatch/lists", tag = "dispatch",
    responses((status = 200, body = Lists), Reads))]
async fn show_lists(State(app): State<App>, desk: Desk) -> Result<Json<Lists>> {
    Ok(Json(lists::lists(&app, &desk).await?))
}

/// One visit with everything the office needs.
#[utoipa::path(get, path = "/api/visits/{id}", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")),
    responses((status = 200, body = VisitDetail), Reads))]
async fn show_visit(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
) -> Result<Json<VisitDetail>> {
    let db = app.store.read();
    let visit = detail::find(db, &desk, VisitId(id)).await?;
    let look = Look {
        lang: desk.lang,
        now: app.clock.now(),
        with_phones: true,
    };
    looked(&app, &desk, vec![visit.resident_id], "visit");
    Ok(Json(detail::detail(db, look, &visit).await?))
}

/// Who could come to a visit, ranked with reasons; and who could not, with theirs.
#[utoipa::path(get, path = "/api/visits/{id}/suggestions", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")),
    responses((status = 200, body = SuggestionsView), Reads))]
async fn suggest(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
) -> Result<Json<SuggestionsView>> {
    Ok(Json(
        suggestions::suggestions(&app, &desk, VisitId(id)).await?,
    ))
}

/// Put a crew on a visit.
///
/// A broken rule is refused with its sentence; with a reason it is set aside and the reason recorded, where it may be.
#[utoipa::path(post, path = "/api/visits/{id}/assign", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")), request_body = Assigning,
    responses((status = 200, body = VisitDetail), Writes))]
async fn assign(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input { body, once }: Input<Assigning>,
) -> Result<Answer> {
    assign::assign(&app, coordinator, VisitId(id), body, once).await
}

/// Try a crew on a visit without changing anything.
#[utoipa::path(post, path = "/api/visits/{id}/check", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")), request_body = Trying,
    responses((status = 200, body = Checked), Writes))]
async fn check(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    Input { body, .. }: Input<Trying>,
) -> Result<Json<Checked>> {
    Ok(Json(trying::check(&app, &desk, VisitId(id), &body).await?))
}

/// Take the crew off a visit; it may go back to another start within its window, as when a move is undone.
#[utoipa::path(post, path = "/api/visits/{id}/unassign", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")), request_body = Unassigning,
    responses((status = 200, body = VisitDetail), Writes))]
async fn unassign(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input { body, once }: Input<Unassigning>,
) -> Result<Answer> {
    assign::unassign(&app, coordinator, VisitId(id), body, once).await
}

/// Keep plans off a visit, or let them at it again.
#[utoipa::path(post, path = "/api/visits/{id}/pin", tag = "dispatch",
    params(("id" = i64, Path, description = "The visit")), request_body = Pinning,
    responses((status = 200, body = VisitDetail), Writes))]
async fn pin(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input { body, once }: Input<Pinning>,
) -> Result<Answer> {
    assign::pin(&app, coordinator, VisitId(id), body, once).await
}

/// Let another visit of the household follow this one, some minutes after it starts.
#[utoipa::path(post, path = "/api/visits/{id}/links", tag = "dispatch",
    params(("id" = i64, Path, description = "What goes before")), request_body = Linking,
    responses((status = 200, body = VisitDetail), Writes))]
async fn link(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input { body, once }: Input<Linking>,
) -> Result<Answer> {
    links::act::link(&app, coordinator, VisitId(id), body, once).await
}

/// Take the link between two visits away.
#[utoipa::path(delete, path = "/api/visits/{id}/links/{other}", tag = "dispatch",
    params(("id" = i64, Path, description = "One of them"), ("other" = i64, Path, description = "The other")),
    responses((status = 204, description = "Taken away"), Removes))]
async fn unlink(
    State(app): State<App>,
    coordinator: Coordinator,
    At((id, other)): At<(i64, i64)>,
) -> Result<StatusCode> {
    links::act::unlink(&app, coordinator, VisitId(id), VisitId(other)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Begin to plan a day or a week.
///
/// It answers at once with a plan that is being searched; a `progress` event tells how far it is, and a `change` event that
/// it has become a draft. Older drafts and searches over the same days fall away.
#[utoipa::path(post, path = "/api/plans", tag = "dispatch", request_body = Planning,
    responses((status = 201, body = PlanView), Writes))]
async fn make_plan(
    State(app): State<App>,
    coordinator: Coordinator,
    Input { body, once }: Input<Planning>,
) -> Result<Answer> {
    plan::make(&app, coordinator, body, once).await
}

/// A plan as a difference from what stands.
#[utoipa::path(get, path = "/api/plans/{id}", tag = "dispatch",
    params(("id" = i64, Path, description = "The plan")),
    responses((status = 200, body = PlanView), Reads))]
async fn show_plan(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
) -> Result<Json<PlanView>> {
    let db = app.store.read();
    let row = plan::find(db, &coordinator, PlanId(id)).await?;
    let now = app.clock.now();
    Ok(Json(plan::view(db, coordinator.lang, &row, now).await?))
}

/// Stop a search and keep the best it has found.
///
/// The plan becomes a draft within half a second, whichever process searches.
#[utoipa::path(post, path = "/api/plans/{id}/stop", tag = "dispatch",
    params(("id" = i64, Path, description = "The plan")), request_body = Stopping,
    responses((status = 200, body = PlanView), Writes))]
async fn stop_plan(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input {
        body: Stopping {},
        once,
    }: Input<Stopping>,
) -> Result<Answer> {
    plan::stop(&app, coordinator, PlanId(id), once).await
}

/// Throw a draft away, or a search with all it has found.
#[utoipa::path(delete, path = "/api/plans/{id}", tag = "dispatch",
    params(("id" = i64, Path, description = "The plan")),
    responses((status = 204, description = "Thrown away"), Removes))]
async fn discard_plan(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
) -> Result<StatusCode> {
    plan::discard(&app, coordinator, PlanId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a draft in force; everybody it touches is told.
#[utoipa::path(post, path = "/api/plans/{id}/publish", tag = "dispatch",
    params(("id" = i64, Path, description = "The plan")), request_body = Publishing,
    responses((status = 200, body = PlanView), Writes))]
async fn publish_plan(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<i64>,
    Input {
        body: Publishing {},
        once,
    }: Input<Publishing>,
) -> Result<Answer> {
    publish::publish(&app, coordinator, PlanId(id), once).await
}

/// Nothing needs to be said to stop.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct Stopping {}

/// Nothing needs to be said to publish.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
struct Publishing {}
