//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::HelpContactId;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::access::{Replyable, SeenHelp, Workable};
use super::ask::{self, NewHelpRequest};
use super::contacts::{self, Directory, HelpContact, KeepContact};
use super::limits::{self, HelpLimit, SetLimit};
use super::queries;
use super::step::{self, Replying, Working};
use super::views::{HelpCard, HelpDetail, HelpLists};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Admin, Caller, Desk, GridOfficer};
use crate::http::input::{Answer, At, Input};
use crate::residents::access::{Seen, looked};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(create, all))
        .routes(routes!(of_my_grids))
        .routes(routes!(of_resident))
        .routes(routes!(show))
        .routes(routes!(work))
        .routes(routes!(reply))
        .routes(routes!(contact_table, keep_contact))
        .routes(routes!(remove_contact))
        .routes(routes!(limit_table, set_limit))
}

/// Call for help.
///
/// A family calls for its own residents, the desk for everybody, a grid officer for those of the grid and for places there.
/// Medical requests are answered with `call_120`.
#[utoipa::path(post, path = "/api/help-requests", tag = "requests", request_body = NewHelpRequest,
    responses((status = 201, body = HelpDetail), Writes))]
async fn create(
    State(app): State<App>,
    caller: Caller,
    Input { body, once }: Input<NewHelpRequest>,
) -> Result<Answer> {
    ask::ask(&app, caller, body, once).await
}

/// All help requests of the community, by what is to be done.
#[utoipa::path(get, path = "/api/help-requests", tag = "requests",
    responses((status = 200, body = HelpLists), Reads))]
async fn all(State(app): State<App>, Desk(caller): Desk) -> Result<Json<HelpLists>> {
    let now = app.clock.now();
    queries::lists(app.store.read(), &caller, None, now)
        .await
        .map(Json)
}

/// The help requests of a grid officer's own grids, by what is to be done.
#[utoipa::path(get, path = "/api/grid/help-requests", tag = "requests",
    responses((status = 200, body = HelpLists), Reads))]
async fn of_my_grids(State(app): State<App>, officer: GridOfficer) -> Result<Json<HelpLists>> {
    let now = app.clock.now();
    queries::lists(app.store.read(), &officer.caller, Some(officer.grids), now)
        .await
        .map(Json)
}

/// The help requests for one resident, the latest first.
#[utoipa::path(get, path = "/api/residents/{id}/help-requests", tag = "requests",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, body = Vec<HelpCard>), Reads))]
async fn of_resident(State(app): State<App>, seen: Seen) -> Result<Json<Vec<HelpCard>>> {
    let now = app.clock.now();
    queries::of_resident(app.store.read(), &seen.caller, seen.resident.id, now)
        .await
        .map(Json)
}

/// One help request with its timeline.
#[utoipa::path(get, path = "/api/help-requests/{id}", tag = "requests",
    params(("id" = i64, Path, description = "The request")),
    responses((status = 200, body = HelpDetail), Reads))]
async fn show(State(app): State<App>, seen: SeenHelp) -> Result<Json<HelpDetail>> {
    let now = app.clock.now();
    if seen.may_work {
        let whose = seen.request.resident_id.into_iter().collect();
        looked(&app, &seen.caller, whose, "help request");
    }
    queries::detail(app.store.read(), &seen.caller, seen.request, now)
        .await
        .map(Json)
}

/// Respond, handle, report back, or hand up.
///
/// For the desk and the officer of the grid.
#[utoipa::path(post, path = "/api/help-requests/{id}/work", tag = "requests",
    params(("id" = i64, Path, description = "The request")), request_body = Working,
    responses((status = 200, body = HelpDetail), Writes))]
async fn work(
    State(app): State<App>,
    workable: Workable,
    Input { body, once }: Input<Working>,
) -> Result<Answer> {
    step::work(&app, workable, body, once).await
}

/// Say that it is settled, that it is not, or that it is no longer wanted.
///
/// For the family, and for the desk on behalf of those without screens. What is not settled begins anew.
#[utoipa::path(post, path = "/api/help-requests/{id}/reply", tag = "requests",
    params(("id" = i64, Path, description = "The request")), request_body = Replying,
    responses((status = 200, body = HelpDetail), Writes))]
async fn reply(
    State(app): State<App>,
    replyable: Replyable,
    Input { body, once }: Input<Replying>,
) -> Result<Answer> {
    step::reply(&app, replyable, body, once).await
}

/// Who is responsible for which help requests.
///
/// Where nothing fits, it is the grid officer, the community's office, the street office.
#[utoipa::path(get, path = "/api/help-contacts", tag = "requests",
    responses((status = 200, body = Vec<HelpContact>), Reads))]
async fn contact_table(
    State(app): State<App>,
    Admin(caller): Admin,
) -> Result<Json<Vec<HelpContact>>> {
    let directory = Directory::read(app.store.read(), caller.community).await?;
    Ok(Json(directory.table(caller.lang)))
}

/// Keep the contact for a tier, kind and grid.
#[utoipa::path(post, path = "/api/help-contacts", tag = "requests", request_body = KeepContact,
    responses((status = 200, body = HelpContact), Writes))]
async fn keep_contact(
    State(app): State<App>,
    admin: Admin,
    Input { body, once }: Input<KeepContact>,
) -> Result<Answer> {
    contacts::keep(&app, admin, body, once).await
}

/// Take a contact out of the table.
#[utoipa::path(delete, path = "/api/help-contacts/{id}", tag = "requests",
    params(("id" = i64, Path, description = "The contact")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn remove_contact(
    State(app): State<App>,
    admin: Admin,
    At(id): At<i64>,
) -> Result<StatusCode> {
    contacts::remove(&app, admin, HelpContactId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How long each step may take, for every kind and level.
#[utoipa::path(get, path = "/api/help-limits", tag = "requests",
    responses((status = 200, body = Vec<HelpLimit>), Reads))]
async fn limit_table(State(app): State<App>, Admin(caller): Admin) -> Result<Json<Vec<HelpLimit>>> {
    limits::all(app.store.read(), caller.community, caller.lang)
        .await
        .map(Json)
}

/// Set how long each step may take, for one kind and level.
#[utoipa::path(post, path = "/api/help-limits", tag = "requests", request_body = SetLimit,
    responses((status = 200, body = HelpLimit), Writes))]
async fn set_limit(
    State(app): State<App>,
    admin: Admin,
    Input { body, once }: Input<SetLimit>,
) -> Result<Answer> {
    limits::set(&app, admin, body, once).await
}
