//! The room's routes.

use axum::Json;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::response::Response;
use chrono::NaiveDate;
use entity::ids::{ProviderId, ProviderPaperId};
use entity::words::ProviderKind;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::apply::{self, NewProvider, ProviderDetails};
use super::hand_over::{self, HandedOver, HandingOver};
use super::offers::{self, SetPrice, SetServices};
use super::papers::{self, CheckingPaper, NewPaper};
use super::steps::{self, TakingStep};
use super::views::{ProviderFile, ProviderLine, ServiceChoice};
use super::{file, helper_kind, queries, scans};
use crate::app::App;
use crate::catalogue::categories::category_word;
use crate::error::Result;
use crate::http::answers::{Reads, Removes, Writes};
use crate::http::caller::ProviderKeeper;
use crate::http::input::{Answer, Asked, At, Input};
use crate::visits::views::service_name;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(
            OpenApiRouter::new()
                .routes(routes!(scan, keep_scan))
                // Counted as it is read, against its own limit.
                .layer(DefaultBodyLimit::disable()),
        )
        .routes(routes!(apply))
        .routes(routes!(register))
        .routes(routes!(choices))
        .routes(routes!(show))
        .routes(routes!(edit))
        .routes(routes!(step))
        .routes(routes!(add_paper))
        .routes(routes!(check_paper))
        .routes(routes!(remove_paper))
        .routes(routes!(set_services))
        .routes(routes!(set_price))
        .routes(routes!(remove_price))
        .routes(routes!(hand_over))
}

/// Take down an application.
///
/// For coordinators and administrators, on the applicant's behalf.
#[utoipa::path(post, path = "/api/providers", tag = "providers", request_body = NewProvider,
    responses((status = 201, description = "The applicant", body = ProviderFile), Writes))]
async fn apply(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    Input { body, once }: Input<NewProvider>,
) -> Result<Answer> {
    apply::apply(&app, &caller, body, once).await
}

/// Every provider and applicant, those first that wait for somebody.
#[utoipa::path(get, path = "/api/providers/register", tag = "providers",
    responses((status = 200, description = "The providers", body = Vec<ProviderLine>), Reads))]
async fn register(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
) -> Result<Json<Vec<ProviderLine>>> {
    queries::register(app.store.read(), &caller, app.clock.now())
        .await
        .map(Json)
}

/// For which kind of provider.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct KindAsked {
    /// Which kind of party.
    kind: ProviderKind,
}

/// What a kind of provider may serve.
#[utoipa::path(get, path = "/api/providers/services", tag = "providers", params(KindAsked),
    responses((status = 200, description = "The services", body = Vec<ServiceChoice>), Reads))]
async fn choices(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    Asked(asked): Asked<KindAsked>,
) -> Result<Json<Vec<ServiceChoice>>> {
    let offered = offers::of_kind(app.store.read(), &caller, helper_kind(asked.kind)).await?;
    let choices = offered.into_iter().map(|(service, _)| ServiceChoice {
        name: service_name(&service, caller.lang),
        category: category_word(&service.category, caller.lang).to_owned(),
        code: service.code,
    });
    Ok(Json(choices.collect()))
}

/// One provider with its papers, services, prices, running visits and history.
#[utoipa::path(get, path = "/api/providers/{id}", tag = "providers",
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "The provider", body = ProviderFile), Reads))]
async fn show(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
) -> Result<Json<ProviderFile>> {
    file::file(app.store.read(), &caller, id, app.clock.now())
        .await
        .map(Json)
}

/// Mend a provider's details.
///
/// Another name while it waits for approval has to be checked again.
#[utoipa::path(post, path = "/api/providers/{id}/details", tag = "providers", request_body = ProviderDetails,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "The provider", body = ProviderFile), Writes))]
async fn edit(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<ProviderDetails>,
) -> Result<Answer> {
    apply::edit(&app, &caller, id, body, once).await
}

/// Check, approve, refuse, suspend, resume, end, or apply once more.
///
/// Two different people approve. A suspension stops new bookings and answers with the visits that run.
#[utoipa::path(post, path = "/api/providers/{id}/step", tag = "providers", request_body = TakingStep,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "The provider as it stands then", body = ProviderFile), Writes))]
async fn step(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<TakingStep>,
) -> Result<Answer> {
    steps::take(&app, &caller, id, body, once).await
}

/// Record a licence or other paper.
#[utoipa::path(post, path = "/api/providers/{id}/papers", tag = "providers", request_body = NewPaper,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 201, description = "The provider", body = ProviderFile), Writes))]
async fn add_paper(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<NewPaper>,
) -> Result<Answer> {
    papers::add(&app, &caller, id, body, once).await
}

/// Note that a paper was checked against its original or the register.
#[utoipa::path(post, path = "/api/providers/{id}/papers/{paper}/check", tag = "providers", request_body = CheckingPaper,
    params(("id" = i64, Path, description = "The provider"), ("paper" = i64, Path, description = "The paper")),
    responses((status = 200, description = "The provider", body = ProviderFile), Writes))]
async fn check_paper(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(which): At<(ProviderId, ProviderPaperId)>,
    Input { body, once }: Input<CheckingPaper>,
) -> Result<Answer> {
    papers::check(&app, &caller, which, body, once).await
}

/// Take a paper away that nobody checked yet.
#[utoipa::path(delete, path = "/api/providers/{id}/papers/{paper}", tag = "providers",
    params(("id" = i64, Path, description = "The provider"), ("paper" = i64, Path, description = "The paper")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn remove_paper(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(which): At<(ProviderId, ProviderPaperId)>,
) -> Result<StatusCode> {
    papers::remove(&app, &caller, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A scan as it is sent and given.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it describes a body that is read as bytes")]
pub struct ScanFile(Vec<u8>);

/// The scan of a paper, as a download.
#[utoipa::path(get, path = "/api/providers/{id}/papers/{paper}/scan", tag = "providers",
    params(("id" = i64, Path, description = "The provider"), ("paper" = i64, Path, description = "The paper")),
    responses((status = 200, description = "The file", content_type = "application/octet-stream", body = inline(ScanFile)), Reads))]
async fn scan(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(which): At<(ProviderId, ProviderPaperId)>,
) -> Result<Response> {
    scans::give(&app, &caller, which).await
}

/// Keep the scan of a paper.
///
/// The body is the file itself: a PDF, JPEG or PNG of 3 MB at most, told by its first bytes.
#[utoipa::path(post, path = "/api/providers/{id}/papers/{paper}/scan", tag = "providers",
    params(("id" = i64, Path, description = "The provider"), ("paper" = i64, Path, description = "The paper")),
    request_body(content = inline(ScanFile), content_type = "application/octet-stream"),
    responses((status = 200, description = "The provider", body = ProviderFile), Writes))]
async fn keep_scan(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(which): At<(ProviderId, ProviderPaperId)>,
    body: Body,
) -> Result<Json<ProviderFile>> {
    scans::keep(&app, &caller, which, body).await.map(Json)
}

/// Set what a provider offers.
#[utoipa::path(post, path = "/api/providers/{id}/services", tag = "providers", request_body = SetServices,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "The provider", body = ProviderFile), Writes))]
async fn set_services(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<SetServices>,
) -> Result<Answer> {
    offers::set_services(&app, &caller, id, body, once).await
}

/// Set a provider's own price for a service from a day on.
#[utoipa::path(post, path = "/api/providers/{id}/prices", tag = "providers", request_body = SetPrice,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "The provider", body = ProviderFile), Writes))]
async fn set_price(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<SetPrice>,
) -> Result<Answer> {
    offers::set_price(&app, &caller, id, body, once).await
}

/// Take a price back that has not begun.
#[utoipa::path(delete, path = "/api/providers/{id}/prices/{service}/{from}", tag = "providers",
    params(("id" = i64, Path, description = "The provider"), ("service" = String, Path, description = "Code of the service"),
        ("from" = NaiveDate, Path, description = "From when it would hold")),
    responses((status = 204, description = "It is gone"), Removes))]
async fn remove_price(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(which): At<(ProviderId, String, NaiveDate)>,
) -> Result<StatusCode> {
    offers::remove_price(&app, &caller, which).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Find others for running visits of a provider that takes no new work.
#[utoipa::path(post, path = "/api/providers/{id}/hand-over", tag = "providers", request_body = HandingOver,
    params(("id" = i64, Path, description = "The provider")),
    responses((status = 200, description = "Which were handed over", body = HandedOver), Writes))]
async fn hand_over(
    State(app): State<App>,
    ProviderKeeper(caller): ProviderKeeper,
    At(id): At<ProviderId>,
    Input { body, once }: Input<HandingOver>,
) -> Result<Answer> {
    hand_over::hand_over(&app, &caller, id, body, once).await
}
