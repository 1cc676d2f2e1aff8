//! The routes of erasures.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::ErasureId;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{ErasureAsked, ErasureRefused, Erasures, PersonErasure};
use super::{check_why, ground_of, queries, views};
use crate::app::App;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::PrivacyKeeper;
use crate::http::input::{Answer, At, Input};
use crate::privacy::access::Exporting;
use crate::privacy::looks::looked;

/// A step that needs no further word.
#[derive(Debug, Deserialize, ToSchema)]
struct ErasureStep {}

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(erasure_of, ask_erasure))
        .routes(routes!(take_erasure_back))
        .routes(routes!(list_erasures))
        .routes(routes!(check_erasure))
        .routes(routes!(confirm_erasure))
        .routes(routes!(refuse_erasure))
}

/// What erasing everything about a resident would do, and how far a request is.
#[utoipa::path(get, path = "/api/residents/{id}/erasure", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "What goes, what stays, what is in the way", body = PersonErasure), Reads))]
async fn erasure_of(State(app): State<App>, about: Exporting) -> Result<Json<PersonErasure>> {
    let now = app.clock.now();
    looked(&app, &about.caller, vec![about.resident.id], "erasure");
    views::of(app.store.read(), &about.caller, &about.resident, now)
        .await
        .map(Json)
}

/// Ask that everything about a resident be erased.
#[utoipa::path(post, path = "/api/residents/{id}/erasure", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")), request_body = ErasureAsked,
    responses((status = 201, description = "It waits for the office", body = PersonErasure), Writes))]
async fn ask_erasure(
    State(app): State<App>,
    about: Exporting,
    Input { body, once }: Input<ErasureAsked>,
) -> Result<Answer> {
    let now = app.clock.now();
    let ground = ground_of(queries::is_keeper(&about.caller), body.ground)?;
    app.write_once(
        about.caller.account,
        once,
        StatusCode::CREATED,
        move |txn| {
            let about = about.clone();
            Box::pin(async move {
                queries::ask(txn, &about.caller, &about.resident, ground, now).await?;
                views::of(txn, &about.caller, &about.resident, now).await
            })
        },
    )
    .await
}

/// Take a request back that waits.
#[utoipa::path(post, path = "/api/residents/{id}/erasure/take-back", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")), request_body = ErasureStep,
    responses((status = 200, description = "As it stands now", body = PersonErasure), Writes))]
async fn take_erasure_back(
    State(app): State<App>,
    about: Exporting,
    Input { once, .. }: Input<ErasureStep>,
) -> Result<Answer> {
    let now = app.clock.now();
    app.write_once(about.caller.account, once, StatusCode::OK, move |txn| {
        let about = about.clone();
        Box::pin(async move {
            queries::take_back(txn, &about.caller, &about.resident, now).await?;
            views::of(txn, &about.caller, &about.resident, now).await
        })
    })
    .await
}

/// Every request to erase, for those who answer for personal data.
#[utoipa::path(get, path = "/api/erasures", tag = "privacy",
    responses((status = 200, description = "Those that wait, and the latest that ended", body = Erasures), Reads))]
async fn list_erasures(State(app): State<App>, keeper: PrivacyKeeper) -> Result<Json<Erasures>> {
    views::all(app.store.read(), &keeper).await.map(Json)
}

/// Take the first look at a request of a family.
#[utoipa::path(post, path = "/api/erasures/{id}/check", tag = "privacy",
    params(("id" = i64, Path, description = "The request")), request_body = ErasureStep,
    responses((status = 200, description = "The requests, as they stand now", body = Erasures), Writes))]
async fn check_erasure(
    State(app): State<App>,
    keeper: PrivacyKeeper,
    At(id): At<ErasureId>,
    Input { once, .. }: Input<ErasureStep>,
) -> Result<Answer> {
    let (now, guard, caller) = (app.clock.now(), app.store.guard(), keeper.0);
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            queries::check(txn, (&caller, guard), id, now).await?;
            views::all(txn, &caller).await
        })
    })
    .await
}

/// Confirm a request as the second person: everything goes, and does not come back.
#[utoipa::path(post, path = "/api/erasures/{id}/confirm", tag = "privacy",
    params(("id" = i64, Path, description = "The request")), request_body = ErasureStep,
    responses((status = 200, description = "The requests, as they stand now", body = Erasures), Writes))]
async fn confirm_erasure(
    State(app): State<App>,
    keeper: PrivacyKeeper,
    At(id): At<ErasureId>,
    Input { once, .. }: Input<ErasureStep>,
) -> Result<Answer> {
    let (now, guard, caller) = (app.clock.now(), app.store.guard(), keeper.0);
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            queries::confirm(txn, (&caller, guard), id, now).await?;
            views::all(txn, &caller).await
        })
    })
    .await
}

/// Refuse a request, with a reason that whoever asked reads.
#[utoipa::path(post, path = "/api/erasures/{id}/refuse", tag = "privacy",
    params(("id" = i64, Path, description = "The request")), request_body = ErasureRefused,
    responses((status = 200, description = "The requests, as they stand now", body = Erasures), Writes))]
async fn refuse_erasure(
    State(app): State<App>,
    keeper: PrivacyKeeper,
    At(id): At<ErasureId>,
    Input { body, once }: Input<ErasureRefused>,
) -> Result<Answer> {
    let (now, guard, caller) = (app.clock.now(), app.store.guard(), keeper.0);
    let why = check_why(&body.why)?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, why) = (caller.clone(), why.clone());
        Box::pin(async move {
            queries::refuse(txn, (&caller, guard), id, why, now).await?;
            views::all(txn, &caller).await
        })
    })
    .await
}
