//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::{CredentialId, HelperId, ProviderId};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{
    HelperChange, HelperDetails, HelperFile, HelperHit, HelperLine, NewCredential, SkillChoice,
};
use super::{file, keep, papers, queries};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Coordinator, Desk};
use crate::http::input::{Answer, Asked, At, Input};
use crate::http::paging::{Page, Paged};
use crate::http::text::Typed;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(helpers))
        .routes(routes!(find))
        .routes(routes!(skills))
        .routes(routes!(of_provider, take_on))
        .routes(routes!(show, change))
        .routes(routes!(add_credential))
        .routes(routes!(remove_credential))
}

/// All helpers.
///
/// For the desk, in the order of their names.
#[utoipa::path(get, path = "/api/helpers", tag = "helpers",
    params(Paged),
    responses((status = 200, description = "The helpers", body = Vec<HelperHit>,
        headers(("Link" = Option<String>, description = "Where the list goes on, with `rel=\"next\"`; left out on its last page"))), Reads)
)]
pub async fn helpers(
    State(app): State<App>,
    desk: Desk,
    Asked(Paged { after }): Asked<Paged>,
) -> Result<Page<HelperHit>> {
    let on = (desk.zone, local_date(desk.zone, app.clock.now()));
    let after = after.map(HelperId);
    queries::page(app.store.read(), desk.community, after, on).await
}

/// Find a helper.
///
/// By name, initials or number, for the desk: 20 at most. Changes nothing.
#[utoipa::path(post, path = "/api/helpers/search", tag = "helpers", request_body = Typed,
    responses((status = 200, description = "The helpers that fit", body = Vec<HelperHit>), Writes)
)]
pub async fn find(
    State(app): State<App>,
    desk: Desk,
    Input { body, .. }: Input<Typed>,
) -> Result<Json<Vec<HelperHit>>> {
    let on = (desk.zone, local_date(desk.zone, app.clock.now()));
    queries::find(app.store.read(), desk.community, &body.q, on)
        .await
        .map(Json)
}

/// The skills that a helper can have.
#[utoipa::path(get, path = "/api/skills", tag = "helpers",
    responses((status = 200, description = "The skills", body = Vec<SkillChoice>), Reads))]
async fn skills(
    State(app): State<App>,
    coordinator: Coordinator,
) -> Result<Json<Vec<SkillChoice>>> {
    file::skills(app.store.read(), &coordinator.0)
        .await
        .map(Json)
}

/// Those who come for a provider.
#[utoipa::path(get, path = "/api/providers/{id}/helpers", tag = "helpers",
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "Its helpers, by name", body = Vec<HelperLine>), Reads))]
async fn of_provider(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<ProviderId>,
) -> Result<Json<Vec<HelperLine>>> {
    file::of_provider(app.store.read(), &coordinator.0, id, app.clock.now())
        .await
        .map(Json)
}

/// Take somebody on for a provider.
///
/// They sign in by the links that letters bring, or by one they ask for with their mail address.
#[utoipa::path(post, path = "/api/providers/{id}/helpers", tag = "helpers", request_body = HelperDetails,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 201, description = "The new file", body = HelperFile), Writes))]
async fn take_on(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<ProviderId>,
    Input { body, once }: Input<HelperDetails>,
) -> Result<Answer> {
    keep::take_on(&app, coordinator.0, id, body, once).await
}

/// A helper's file.
#[utoipa::path(get, path = "/api/helpers/{id}/file", tag = "helpers",
    params(("id" = i64, Path, description = "The helper")),
    responses((status = 200, description = "The file", body = HelperFile), Reads))]
async fn show(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<HelperId>,
) -> Result<Json<HelperFile>> {
    file::file(app.store.read(), &coordinator.0, id, app.clock.now())
        .await
        .map(Json)
}

/// Mend a helper's file, take them out of work or back.
#[utoipa::path(post, path = "/api/helpers/{id}/file", tag = "helpers", request_body = HelperChange,
    params(("id" = i64, Path, description = "The helper")),
    responses((status = 200, description = "The file as it is then", body = HelperFile), Writes))]
async fn change(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<HelperId>,
    Input { body, once }: Input<HelperChange>,
) -> Result<Answer> {
    keep::change(&app, coordinator.0, id, body, once).await
}

/// Add a paper that proves a skill.
#[utoipa::path(post, path = "/api/helpers/{id}/credentials", tag = "helpers", request_body = NewCredential,
    params(("id" = i64, Path, description = "The helper")),
    responses((status = 201, description = "The file as it is then", body = HelperFile), Writes))]
async fn add_credential(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<HelperId>,
    Input { body, once }: Input<NewCredential>,
) -> Result<Answer> {
    papers::add(&app, coordinator.0, id, body, once).await
}

/// Take a paper out that was put in by mistake.
#[utoipa::path(delete, path = "/api/credentials/{id}", tag = "helpers",
    params(("id" = i64, Path, description = "The paper")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn remove_credential(
    State(app): State<App>,
    coordinator: Coordinator,
    At(id): At<CredentialId>,
) -> Result<StatusCode> {
    papers::remove(&app, &coordinator.0, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
