//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use entity::ids::ResidentId;
use entity::words::{Purpose, Role};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::queries::{self, Answering, Withdrawing};
use super::texts::{self, NewText};
use super::views::{self, ConsentText, Consents, NewAnswer, ToAsk, ToAskRow, Withdrawal};
use super::{PURPOSES, heard, title};
use crate::app::App;
use crate::compound;
use crate::error::Result;
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{Admin, Caller, Desk, PrivacyKeeper};
use crate::http::input::{Answer, Asked, Input};
use crate::residents::access::{Booked, Seen};

/// Rows of a page.
const PAGE: usize = 50;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(of_resident, answer))
        .routes(routes!(withdraw))
        .routes(routes!(to_ask))
        .routes(routes!(list_texts, publish))
}

/// What a resident agreed to, purpose by purpose, for the family and for the desk.
#[utoipa::path(get, path = "/api/residents/{id}/consents", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")),
    responses((status = 200, description = "Each purpose with what was said", body = Consents), Reads))]
async fn of_resident(State(app): State<App>, seen: Seen) -> Result<Json<Consents>> {
    views::of(app.store.read(), &seen).await.map(Json)
}

/// Whether the caller answers as family: the desk, which may be family too, says how it heard.
fn as_family(caller: &Caller) -> bool {
    caller.is(Role::Family) && !caller.at_desk()
}

/// Say yes or no to a purpose, for whoever may book for the resident.
#[utoipa::path(post, path = "/api/residents/{id}/consents", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")), request_body = NewAnswer,
    responses((status = 201, description = "Each purpose, as it stands now", body = Consents), Writes))]
async fn answer(
    State(app): State<App>,
    booked: Booked,
    Input { body, once }: Input<NewAnswer>,
) -> Result<Answer> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    let (how, note) = heard(as_family(&booked.caller), body.how, body.note.as_deref())?;
    let said = Answering {
        resident: booked.resident.id,
        purpose: body.purpose,
        version: body.version,
        given: body.given,
        how,
        note,
    };
    app.write_once(
        booked.caller.account,
        once,
        StatusCode::CREATED,
        move |txn| {
            let (booked, said) = (booked.clone(), said.clone());
            Box::pin(async move {
                queries::answer(txn, (&booked.caller, guard), &said, now).await?;
                views::of(txn, &booked).await
            })
        },
    )
    .await
}

/// Take a yes back: as easy as it was given.
#[utoipa::path(post, path = "/api/residents/{id}/consents/withdraw", tag = "privacy",
    params(("id" = i64, Path, description = "The resident")), request_body = Withdrawal,
    responses((status = 200, description = "Each purpose, as it stands now", body = Consents), Writes))]
async fn withdraw(
    State(app): State<App>,
    booked: Booked,
    Input { body, once }: Input<Withdrawal>,
) -> Result<Answer> {
    let now = app.clock.now();
    let (how, note) = heard(as_family(&booked.caller), body.how, body.note.as_deref())?;
    let said = Withdrawing {
        resident: booked.resident.id,
        purpose: body.purpose,
        how,
        note,
    };
    app.write_once(booked.caller.account, once, StatusCode::OK, move |txn| {
        let (booked, said) = (booked.clone(), said.clone());
        Box::pin(async move {
            queries::withdraw(txn, &booked.caller, &said, now).await?;
            views::of(txn, &booked).await
        })
    })
    .await
}

/// Which part of those who are to be asked.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AskedFor {
    /// Only this purpose.
    #[serde(default)]
    purpose: Option<Purpose>,
    /// Only residents after this one.
    #[serde(default)]
    after: Option<i64>,
}

/// Whom the desk is to ask: nobody asked them yet, or the text has a new version.
#[utoipa::path(get, path = "/api/consents/to-ask", tag = "privacy", params(AskedFor),
    responses((status = 200, description = "How many, and a page of them", body = ToAsk), Reads))]
async fn to_ask(
    State(app): State<App>,
    desk: Desk,
    Asked(asked): Asked<AskedFor>,
) -> Result<Json<ToAsk>> {
    let db = app.store.read();
    let all = queries::to_ask(db, desk.community, asked.purpose).await?;
    let count = all.len();
    let after = ResidentId(asked.after.unwrap_or(0));
    let mut page: Vec<_> = all
        .into_iter()
        .filter(|(row, _)| row.id > after)
        .take(PAGE + 1)
        .collect();
    let more = page.len() > PAGE;
    page.truncate(PAGE);
    let homes: Vec<_> = page.iter().map(|(row, _)| row.household_id).collect();
    let doors = compound::queries::doors(db, homes, desk.lang).await?;
    let next = page.last().map(|(row, _)| row.id).filter(|_| more);
    let rows = page
        .into_iter()
        .map(|(row, open)| ToAskRow {
            id: row.id,
            door: doors
                .get(&row.household_id)
                .map_or_else(String::new, |door| door.door.clone()),
            name: row.name,
            purposes: open
                .into_iter()
                .map(|purpose| title(purpose).to(desk.lang))
                .collect(),
        })
        .collect();
    Ok(Json(ToAsk { count, rows, next }))
}

/// The texts that people are asked with, in their latest version.
#[utoipa::path(get, path = "/api/consent-texts", tag = "privacy",
    responses((status = 200, description = "Each purpose's text", body = Vec<ConsentText>), Reads))]
async fn list_texts(
    State(app): State<App>,
    keeper: PrivacyKeeper,
) -> Result<Json<Vec<ConsentText>>> {
    texts_view(app.store.read(), &keeper).await.map(Json)
}

async fn texts_view<C: sea_orm::ConnectionTrait>(
    db: &C,
    caller: &Caller,
) -> Result<Vec<ConsentText>> {
    let mut texts = texts::all(db, caller.community).await?;
    Ok(PURPOSES
        .into_iter()
        .filter_map(|purpose| {
            let latest = texts.remove(&purpose)?.pop()?;
            Some(ConsentText {
                purpose,
                title: title(purpose).to(caller.lang),
                version: latest.version,
                zh: latest.said.zh,
                en: latest.said.en,
                published_at: latest.published_at,
            })
        })
        .collect())
}

/// Publish a new version of a text: everybody is asked again, and who agreed before has agreed to what they read.
#[utoipa::path(post, path = "/api/consent-texts", tag = "privacy", request_body = NewText,
    responses((status = 201, description = "The texts, as they stand now", body = Vec<ConsentText>), Writes))]
async fn publish(
    State(app): State<App>,
    admin: Admin,
    Input { body, once }: Input<NewText>,
) -> Result<Answer> {
    let now = app.clock.now();
    let (caller, new) = (admin.0, body.check()?);
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, new) = (caller.clone(), new.clone());
        Box::pin(async move {
            texts::publish(txn, &caller, &new, now).await?;
            texts_view(txn, &caller).await
        })
    })
    .await
}
