//! The panel's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::PanelInterestId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{
    CriteriaView, Interests, NewConsequence, NewCriteria, NewInterest, NewSheet, PanelMonth,
    ProviderScore,
};
use super::{closing, consequences, criteria, interests, months, read_month, sheets};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::{Admin, PanelDeclarer, PanelKeeper, PanelMember, PanelReader};
use crate::http::input::{Answer, At, Input};

/// The panel's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(panel_month))
        .routes(routes!(save_sheet))
        .routes(routes!(close_month))
        .routes(routes!(decide))
        .routes(routes!(panel_criteria, write_criteria))
        .routes(routes!(panel_interests, declare_interest))
        .routes(routes!(end_interest))
}

/// A month of the panel, with every provider.
///
/// A member finds the own sheets, and why some providers are not theirs to score; what all gave is shown to members once the
/// month is closed.
#[utoipa::path(get, path = "/api/panel/months/{month}", tag = "quality",
    params(("month" = String, Path, description = "Such as 2026-11")),
    responses((status = 200, body = PanelMonth), Reads))]
async fn panel_month(
    State(app): State<App>,
    PanelReader(caller): PanelReader,
    At(month): At<String>,
) -> Result<Json<PanelMonth>> {
    let month = read_month(&month)?;
    months::month(app.store.read(), &caller, month, app.clock.now())
        .await
        .map(Json)
}

/// Save the own sheet for one provider.
///
/// Until the month is closed. Refused where the member has an interest in the provider.
#[utoipa::path(post, path = "/api/panel/months/{month}/sheets", tag = "quality",
    params(("month" = String, Path, description = "Such as 2026-11")), request_body = NewSheet,
    responses((status = 200, body = ProviderScore), Writes))]
async fn save_sheet(
    State(app): State<App>,
    member: PanelMember,
    At(month): At<String>,
    Input { body, once }: Input<NewSheet>,
) -> Result<Answer> {
    sheets::save(&app, member, read_month(&month)?, body, once).await
}

/// Nothing more needs to be said.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
struct Close {}

/// Close a month that is over: what came of it is kept as it stands.
#[utoipa::path(post, path = "/api/panel/months/{month}/close", tag = "quality",
    params(("month" = String, Path, description = "Such as 2026-11")), request_body = Close,
    responses((status = 200, body = PanelMonth), Writes))]
async fn close_month(
    State(app): State<App>,
    keeper: PanelKeeper,
    At(month): At<String>,
    Input { once, .. }: Input<Close>,
) -> Result<Answer> {
    closing::close(&app, keeper, read_month(&month)?, once).await
}

/// Write down what follows for one provider from a closed month.
///
/// A record; nothing else changes by it.
#[utoipa::path(post, path = "/api/panel/months/{month}/consequences", tag = "quality",
    params(("month" = String, Path, description = "Such as 2026-11")), request_body = NewConsequence,
    responses((status = 201, body = ProviderScore), Writes))]
async fn decide(
    State(app): State<App>,
    keeper: PanelKeeper,
    At(month): At<String>,
    Input { body, once }: Input<NewConsequence>,
) -> Result<Answer> {
    consequences::decide(&app, keeper, read_month(&month)?, body, once).await
}

/// The criteria that hold for months which nobody has begun to score.
#[utoipa::path(get, path = "/api/panel/criteria", tag = "quality",
    responses((status = 200, body = CriteriaView), Reads))]
async fn panel_criteria(
    State(app): State<App>,
    PanelReader(caller): PanelReader,
) -> Result<Json<CriteriaView>> {
    criteria::current(app.store.read(), &caller).await.map(Json)
}

/// Write the criteria anew; months that were begun keep theirs.
#[utoipa::path(post, path = "/api/panel/criteria", tag = "quality", request_body = NewCriteria,
    responses((status = 200, body = CriteriaView), Writes))]
async fn write_criteria(
    State(app): State<App>,
    admin: Admin,
    Input { body, once }: Input<NewCriteria>,
) -> Result<Answer> {
    criteria::rewrite(&app, admin, body, once).await
}

/// What ties members of the panel to providers.
///
/// A member sees the own ties, who keeps accounts everybody's.
#[utoipa::path(get, path = "/api/panel/interests", tag = "quality",
    responses((status = 200, body = Interests), Reads))]
async fn panel_interests(
    State(app): State<App>,
    PanelDeclarer(caller): PanelDeclarer,
) -> Result<Json<Interests>> {
    interests::list(app.store.read(), &caller).await.map(Json)
}

/// Declare what ties a member to a provider.
#[utoipa::path(post, path = "/api/panel/interests", tag = "quality", request_body = NewInterest,
    responses((status = 201, body = Interests), Writes))]
async fn declare_interest(
    State(app): State<App>,
    declarer: PanelDeclarer,
    Input { body, once }: Input<NewInterest>,
) -> Result<Answer> {
    interests::declare(&app, declarer, body, once).await
}

/// Say that a declared interest has ended.
#[utoipa::path(delete, path = "/api/panel/interests/{id}", tag = "quality",
    params(("id" = i64, Path, description = "The interest")),
    responses((status = 204, description = "It has ended"), Removes))]
async fn end_interest(State(app): State<App>, admin: Admin, At(id): At<i64>) -> Result<StatusCode> {
    interests::end(&app, admin, PanelInterestId(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
