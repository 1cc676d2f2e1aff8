//! The room's routes.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use entity::calendar_feed;
use entity::ids::AccountId;
use entity::words::Subject;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Manner, Reader, queries, signups, written};
use crate::accounts::Token;
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Removes};
use crate::http::caller::{Caller, load};
use crate::http::input::hex;
use crate::store::audit::{self, Change};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(mine, make, withdraw))
        .routes(routes!(read))
}

/// Whether a calendar program can read somebody's visits.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeedView {
    /// Since when there is an address; nothing where there is none.
    pub since: Option<DateTime<Utc>>,
}

/// The address at which a calendar program reads somebody's visits: shown once, kept only as a hash.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeedAddress {
    /// As `https://…`, for programs that ask for an address.
    pub address: String,
    /// As `webcal://…`, which calendar programs open by themselves.
    pub webcal: String,
    /// Since when.
    pub since: DateTime<Utc>,
}

/// As whom the caller has a feed; there is none for who has no visits of their own.
async fn readers(app: &App, caller: &Caller) -> Result<Vec<Reader>> {
    let readers = queries::readers(app.store.read(), caller).await?;
    if readers.is_empty() {
        return Err(Problem::not_found().into());
    }
    Ok(readers)
}

/// Whether my visits can be read by a calendar program, for helpers and families.
#[utoipa::path(get, path = "/api/calendar-feed", tag = "calendar", responses(
    (status = 200, description = "Since when, if at all", body = FeedView),
    Reads,
))]
async fn mine(State(app): State<App>, caller: Caller) -> Result<Json<FeedView>> {
    readers(&app, &caller).await?;
    let feed = queries::feed_of(app.store.read(), caller.account).await?;
    Ok(Json(FeedView {
        since: feed.map(|feed| feed.created_at),
    }))
}

/// Make an address at which a calendar program reads my visits. The one before stops working at once.
#[utoipa::path(post, path = "/api/calendar-feed", tag = "calendar", responses(
    (status = 201, description = "The address", body = FeedAddress),
    Removes,
))]
async fn make(State(app): State<App>, caller: Caller) -> Result<(StatusCode, Json<FeedAddress>)> {
    readers(&app, &caller).await?;
    let token = Token::new(app.dice.bytes());
    let now = app.clock.now();
    let (by, hash) = (caller.clone(), token.hash());
    app.store
        .write(move |txn| {
            let (by, hash) = (by.clone(), hash.clone());
            Box::pin(async move {
                let feed = calendar_feed::ActiveModel {
                    account_id: Set(by.account),
                    token_hash: Set(hash),
                    created_at: Set(now),
                };
                calendar_feed::Entity::insert(feed)
                    .on_conflict(
                        OnConflict::column(calendar_feed::Column::AccountId)
                            .update_columns([
                                calendar_feed::Column::TokenHash,
                                calendar_feed::Column::CreatedAt,
                            ])
                            .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                record(txn, &by, "feed_made", now).await
            })
        })
        .await?;
    let address = format!(
        "{}/api/feeds/{}.ics",
        app.settings.public_url(),
        token.text()
    );
    let webcal = address
        .split_once("://")
        .map_or_else(|| address.clone(), |(_, rest)| format!("webcal://{rest}"));
    let answer = FeedAddress {
        address,
        webcal,
        since: now,
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// Take the address away: no calendar program reads my visits any more.
#[utoipa::path(delete, path = "/api/calendar-feed", tag = "calendar", responses(
    (status = 204, description = "There is no address any more"),
    Removes,
))]
async fn withdraw(State(app): State<App>, caller: Caller) -> Result<StatusCode> {
    readers(&app, &caller).await?;
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let by = caller.clone();
            Box::pin(async move {
                let gone = calendar_feed::Entity::delete_by_id(by.account)
                    .exec(txn)
                    .await?;
                if gone.rows_affected > 0 {
                    record(txn, &by, "feed_withdrawn", now).await?;
                }
                Ok(())
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn record(
    txn: &DatabaseTransaction,
    by: &Caller,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let AccountId(number) = by.account;
    let what = (Subject::Account, number);
    let change = Change::new(by.community, now, Some(by.account), what, action);
    audit::record(txn, change).await
}

/// The visits of whoever made this address, as iCalendar.
///
/// Nobody is signed in: the address is the secret. One that was withdrawn, or whose account was disabled, is answered like one
/// that never was.
#[utoipa::path(get, path = "/api/feeds/{file}", security(()), tag = "calendar",
    params(("file" = String, Path, description = "The secret, with `.ics` behind it")),
    responses(
        (status = 200, description = "The calendar", content_type = "text/calendar", body = String),
        (status = 304, description = "It is as it was under the ETag in `If-None-Match`"),
        (status = 404, description = "There is no such address (not-found)", content_type = "application/problem+json", body = crate::http::problem::ProblemView),
    )
)]
async fn read(
    State(app): State<App>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let db = app.store.read();
    let secret = file.strip_suffix(".ics").ok_or_else(Problem::not_found)?;
    let account = queries::account_at(db, &Token::sent(secret).hash())
        .await?
        .ok_or_else(Problem::not_found)?;
    let caller = load(db, account, None)
        .await?
        .ok_or_else(Problem::not_found)?;
    let readers = readers(&app, &caller).await?;
    let now = app.clock.now();
    let entries = queries::entries(db, &caller, &readers, now).await?;
    let sessions = match readers.contains(&Reader::Family) {
        true => signups::entries(db, &caller, now).await?,
        false => Vec::new(),
    };
    let public_url = app.settings.public_url();
    let manner = Manner {
        readers: &readers,
        lang: caller.lang,
        zone: caller.zone,
        public_url: &public_url,
    };
    let text = written(&manner, &entries, &sessions);
    let tag = format!("\"{}\"", hex(&Sha256::digest(text.as_bytes())));
    let known = headers.get(header::IF_NONE_MATCH);
    if known.is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response());
    }
    let headers = [
        (
            header::CONTENT_TYPE,
            "text/calendar; charset=utf-8".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"yinling.ics\"".to_owned(),
        ),
        (header::ETAG, tag),
    ];
    Ok((headers, text).into_response())
}
