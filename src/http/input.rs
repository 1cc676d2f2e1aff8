//! What comes in: a JSON body with words for every way it can be wrong, and the once-only key of an unsafe request.

use axum::body::Bytes;
use axum::extract::{
    FromRequest, FromRequestParts, OptionalFromRequestParts, Path, Query, Request,
};
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;
use chrono::{DateTime, Utc};
use entity::idempotency;
use entity::ids::AccountId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DatabaseTransaction, EntityTrait};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::app::App;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::caller::Caller;
use crate::http::json;
use crate::http::text::{no_nul, query_spells_nul};
use crate::said::Said;
use crate::store::Writing;

/// The largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 64 * 1024;

/// The longest `Idempotency-Key`, in characters.
pub const LONGEST_KEY: usize = 100;
/// What an `Idempotency-Key` is made of, as a pattern.
pub const KEY: &str = "^[!-~]+$";

/// A JSON body, and the key under which its answer is kept.
#[derive(Debug)]
pub struct Input<T> {
    /// The body.
    pub body: T,
    /// The key, where one was sent.
    pub once: Once,
}

/// The `Idempotency-Key` of a request with the hash of what was asked.
#[derive(Clone, Debug)]
pub struct Once {
    key: Option<String>,
    hash: String,
}

/// Why a handler is not reached: its body cannot be, or it was asked before and answered.
#[derive(Debug)]
pub enum Turned {
    /// The body cannot be read.
    Refused(Error),
    /// The same was asked before under the same key: here is what was answered. Nothing is checked anew, for what
    /// held then need not hold now.
    Answered(Answer),
}

impl<E: Into<Error>> From<E> for Turned {
    fn from(error: E) -> Self {
        Self::Refused(error.into())
    }
}

impl IntoResponse for Turned {
    fn into_response(self) -> axum::response::Response {
        match self {
            Self::Refused(error) => error.into_response(),
            Self::Answered(answer) => answer.into_response(),
        }
    }
}

impl<T: DeserializeOwned> FromRequest<App> for Input<T> {
    type Rejection = Turned;

    /// Comes last in a handler's signature, so that whoever lacks the right is turned away before.
    async fn from_request(
        request: Request,
        app: &App,
    ) -> std::result::Result<Self, Self::Rejection> {
        let (mut parts, body) = request.into_parts();
        let is_json = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.split(';').next() == Some("application/json"));
        let key = match parts.headers.get("idempotency-key") {
            None => None,
            Some(key) => Some(read_key(key)?),
        };
        let mut hash = Sha256::new();
        hash.update(parts.method.as_str());
        hash.update(parts.uri.path());
        let caller = match key {
            None => None,
            Some(_) => {
                <Caller as OptionalFromRequestParts<App>>::from_request_parts(&mut parts, app)
                    .await?
            }
        };
        let request = Request::from_parts(parts, body);
        let bytes = Bytes::from_request(request, app)
            .await
            .map_err(|_| too_large())?;
        if !is_json {
            return Err(wrong_content_type().into());
        }
        hash.update(&bytes);
        let once = Once {
            key,
            hash: hex(&hash.finalize()),
        };
        if let Some(caller) = caller
            && let Some(answer) = once.given(app.store.read(), caller.account).await?
        {
            return Err(Turned::Answered(answer));
        }
        let body = json::read(&bytes)?;
        Ok(Self { body, once })
    }
}

fn read_key(key: &HeaderValue) -> Result<String> {
    key.to_str()
        .ok()
        .filter(|key| (1..=LONGEST_KEY).contains(&key.len()))
        .filter(|key| key.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(str::to_owned)
        .ok_or_else(bad_key)
}

fn bad_key() -> Error {
    Problem::field(
        "Idempotency-Key",
        Said::new(
            "Idempotency-Key 应为 1 到 100 个英文字母、数字或符号，不含空格。",
            "Idempotency-Key must have 1 to 100 letters, digits or signs of ASCII, and no spaces.",
        ),
    )
    .into()
}

/// The path's parts; what cannot be read there does not exist.
#[derive(Debug)]
pub struct At<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<App> for At<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        <Path<T> as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .map(|Path(value)| Self(value))
            .map_err(|_| Problem::not_found().into())
    }
}

/// The query's parts.
#[derive(Debug)]
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Asked<T> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        if query_spells_nul(parts.uri.query()) {
            return Err(no_nul().into());
        }
        Query::<T>::from_request_parts(parts, app)
            .await
            .map(|Query(value)| Self(value))
            .map_err(|rejection| {
                let mut problem = Problem::new(
                    Kind::Invalid,
                    Said::new(
                        "地址里的查询条件看不懂。",
                        "The address's query cannot be read.",
                    ),
                    Said::new(
                        "请检查日期和编号的写法。",
                        "Please check how dates and numbers are written.",
                    ),
                );
                problem.fields.push(crate::error::FieldProblem {
                    field: "query",
                    message: Said::new(rejection.body_text(), rejection.body_text()),
                });
                problem.into()
            })
    }
}

pub(super) fn too_large() -> Error {
    Problem::new(
        Kind::TooLarge,
        Said::new("提交的内容太长了。", "What was sent is too long."),
        Said::new(
            "请缩短后再提交（最多 64 KB）。",
            "Please shorten it and send it again (64 KB at most).",
        ),
    )
    .into()
}

fn wrong_content_type() -> Problem {
    Problem::new(
        Kind::WrongContentType,
        Said::new("提交的内容不是 JSON。", "What was sent is not JSON."),
        Said::new(
            "请用 Content-Type: application/json 提交。",
            "Send it with Content-Type: application/json.",
        ),
    )
}

/// Small letters in base 16.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// An answer that was given before under the same key, or the one just made.
#[derive(Debug)]
pub struct Answer {
    status: axum::http::StatusCode,
    body: String,
    replayed: bool,
}

impl IntoResponse for Answer {
    fn into_response(self) -> axum::response::Response {
        let mut answer = (
            self.status,
            [(header::CONTENT_TYPE, "application/json")],
            self.body,
        )
            .into_response();
        if self.replayed {
            answer.headers_mut().insert(
                "idempotency-replayed",
                axum::http::HeaderValue::from_static("true"),
            );
        }
        answer
    }
}

impl App {
    /// Writes, and keeps the answer under the request's key in the same transaction: the same key and body get the
    /// same answer, another body is refused. A refusal is not kept, since it changed nothing.
    ///
    /// # Errors
    /// What `writing` refused, or that the key came with another body.
    pub async fn write_once<T, F>(
        &self,
        account: AccountId,
        once: Once,
        status: axum::http::StatusCode,
        writing: F,
    ) -> Result<Answer>
    where
        T: Serialize + Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Writing<'a, T> + Send + Sync + 'static,
    {
        let (answer, _) = self.write_first(account, once, status, writing).await?;
        Ok(answer)
    }

    /// The same for what has to be followed up: gives what was written beside the answer, unless the answer is an old
    /// one.
    ///
    /// # Errors
    /// What `writing` refused, or that the key came with another body.
    pub async fn write_first<T, F>(
        &self,
        account: AccountId,
        once: Once,
        status: axum::http::StatusCode,
        writing: F,
    ) -> Result<(Answer, Option<T>)>
    where
        T: Serialize + Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Writing<'a, T> + Send + Sync + 'static,
    {
        let now = self.clock.now();
        let writing = std::sync::Arc::new(writing);
        self.store
            .write(move |txn| {
                let (once, writing) = (once.clone(), std::sync::Arc::clone(&writing));
                Box::pin(async move {
                    if let Some(given) = once.begin(txn, account, now).await? {
                        return Ok((given, None));
                    }
                    let value = writing(txn).await?;
                    let body = serde_json::to_string(&value)
                        .map_err(|error| Error::Internal(error.to_string()))?;
                    once.keep(txn, account, status, &body).await?;
                    let answer = Answer {
                        status,
                        body,
                        replayed: false,
                    };
                    Ok((answer, Some(value)))
                })
            })
            .await
    }
}

impl Once {
    /// Takes the key, or gives the answer that was given under it.
    async fn begin(
        &self,
        txn: &DatabaseTransaction,
        account: AccountId,
        now: DateTime<Utc>,
    ) -> Result<Option<Answer>> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let row = idempotency::ActiveModel {
            account_id: Set(account),
            key: Set(key.clone()),
            request_hash: Set(self.hash.clone()),
            status: Set(0),
            body: Set(String::new()),
            created_at: Set(now),
        };
        let taken = idempotency::Entity::insert(row)
            .on_conflict(
                OnConflict::columns([idempotency::Column::AccountId, idempotency::Column::Key])
                    .do_nothing()
                    .to_owned(),
            )
            .exec_without_returning(txn)
            .await?;
        if taken == 1 {
            return Ok(None);
        }
        self.given(txn, account)
            .await?
            .map(Some)
            .ok_or_else(|| Error::Internal("an idempotency row vanished".into()))
    }

    /// The answer that was given under this key, if one was.
    async fn given<C: ConnectionTrait>(
        &self,
        db: &C,
        account: AccountId,
    ) -> Result<Option<Answer>> {
        let Some(key) = &self.key else {
            return Ok(None);
        };
        let Some(given) = idempotency::Entity::find_by_id((account, key.clone()))
            .one(db)
            .await?
        else {
            return Ok(None);
        };
        if given.request_hash != self.hash {
            return Err(Problem::new(
                Kind::IdempotencyMismatch,
                Said::new(
                    "同一个请求编号已经用于另一项内容。",
                    "This request key was used for something else.",
                ),
                Said::new(
                    "请刷新页面后重新提交。",
                    "Please reload the page and send it again.",
                ),
            )
            .into());
        }
        let status = u16::try_from(given.status)
            .ok()
            .and_then(|status| axum::http::StatusCode::from_u16(status).ok())
            .ok_or_else(|| Error::Internal("an idempotency row has no status".into()))?;
        Ok(Some(Answer {
            status,
            body: given.body,
            replayed: true,
        }))
    }

    async fn keep(
        &self,
        txn: &DatabaseTransaction,
        account: AccountId,
        status: axum::http::StatusCode,
        body: &str,
    ) -> Result<()> {
        let Some(key) = &self.key else { return Ok(()) };
        let row = idempotency::ActiveModel {
            account_id: Set(account),
            key: Set(key.clone()),
            status: Set(i32::from(status.as_u16())),
            body: Set(body.to_owned()),
            ..Default::default()
        };
        idempotency::Entity::update(row).exec(txn).await?;
        Ok(())
    }
}
