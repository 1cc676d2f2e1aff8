//! Sessions: tower-sessions, kept in our own database so that a restart signs nobody out. How long they last is in
//! [`lasting`](super::lasting).

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::DateTime;
use entity::ids::AccountId;
use entity::session;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as StoreError, Result as StoreResult};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore};

use super::lasting::{Limits, Times};
use crate::app::App;
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::store::Store;

/// The session's entry that says who is signed in.
pub const ACCOUNT: &str = "account";
/// The session's entry of somebody who has to set up a second factor before anything else.
pub const ENROL: &str = "enrol";
/// The entries, in seconds since 1970, that carry the row's own times to whoever judges them. They are not kept in it.
const BEGUN: &str = "begun";
const SEEN: &str = "seen";

/// Sessions as rows; the cookie's value is stored only as a hash.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    clock: Clock,
}

/// The layer that gives every request its session. The cookie itself lives as long as any session may; which are over, the
/// rows say.
#[must_use]
pub fn layer(store: Store, clock: Clock, over_tls: bool) -> SessionManagerLayer<Sessions> {
    SessionManagerLayer::new(Sessions::new(store, clock))
        .with_name(if over_tls {
            "__Host-yinling"
        } else {
            "yinling"
        })
        .with_secure(over_tls)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::days(
            Limits::LONGEST.whole.num_days(),
        )))
}

/// The row of the request's session, where it has one.
#[derive(Clone, Debug)]
pub struct RowKey(pub Option<String>);

impl FromRequestParts<App> for RowKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let session = of_request(parts, app).await?;
        Ok(Self(session.id().map(|id| row_key(&id))))
    }
}

/// The session of a request.
///
/// # Errors
/// Where the layer is missing.
pub async fn of_request(parts: &mut Parts, app: &App) -> Result<Session> {
    Session::from_request_parts(parts, app)
        .await
        .map_err(|(_, detail)| Error::Internal(detail.to_owned()))
}

/// When a session began and was last used.
///
/// # Errors
/// The database's.
pub async fn times(session: &Session, clock: &Clock) -> Result<Times> {
    let seconds = async |entry| {
        let at: Option<i64> = session.get(entry).await.map_err(failed)?;
        Ok::<_, Error>(
            at.and_then(|at| DateTime::from_timestamp(at, 0))
                .unwrap_or_else(|| clock.now()),
        )
    };
    Ok(Times {
        begun: seconds(BEGUN).await?,
        seen: seconds(SEEN).await?,
    })
}

/// The name of a session's row: nobody who reads it can make the cookie of it.
#[must_use]
pub fn row_key(id: &Id) -> String {
    super::input::hex(&Sha256::digest(id.0.to_be_bytes()))
}

/// What a session that cannot be read or kept is to the caller: where the database did not answer, it may in a moment.
#[must_use]
pub fn failed(error: tower_sessions::session::Error) -> Error {
    match error {
        tower_sessions::session::Error::Store(StoreError::Backend(detail)) => {
            Error::Database(DbErr::Custom(detail))
        }
        other => Error::Internal(other.to_string()),
    }
}

fn backend(error: &Error) -> StoreError {
    StoreError::Backend(error.to_string())
}

impl Sessions {
    /// Sessions kept in this database.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }

    /// The row of a session saved now. It ends by our clock, not by the record's date: the library reads the machine's.
    fn row(&self, record: &Record) -> StoreResult<session::ActiveModel> {
        let now = self.clock.now();
        let account = record
            .data
            .get(ACCOUNT)
            .and_then(serde_json::Value::as_i64)
            .map(AccountId);
        let begun = record
            .data
            .get(BEGUN)
            .and_then(serde_json::Value::as_i64)
            .and_then(|at| DateTime::from_timestamp(at, 0))
            .unwrap_or(now);
        let mut kept = record.data.clone();
        kept.remove(BEGUN);
        kept.remove(SEEN);
        let data =
            serde_json::to_value(&kept).map_err(|error| StoreError::Encode(error.to_string()))?;
        Ok(session::ActiveModel {
            id: Set(row_key(&record.id)),
            data: Set(data),
            account_id: Set(account),
            expires_at: Set(Limits::LONGEST.end(Times { begun, seen: now })),
            begun_at: Set(Some(begun)),
            seen_at: Set(Some(now)),
        })
    }
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> StoreResult<()> {
        loop {
            let row = self.row(record)?;
            let made = self
                .store
                .write(move |txn| {
                    let row = row.clone();
                    Box::pin(async move {
                        Ok(session::Entity::insert(row)
                            .on_conflict(
                                OnConflict::column(session::Column::Id)
                                    .do_nothing()
                                    .to_owned(),
                            )
                            .exec_without_returning(txn)
                            .await?)
                    })
                })
                .await
                .map_err(|error| backend(&error))?;
            if made == 1 {
                return Ok(());
            }
            // Another session has this number already, by a chance that will not come twice.
            record.id = Id::default();
        }
    }

    /// Changes the row where it is still there: a session that was ended while its request ran stays ended.
    async fn save(&self, record: &Record) -> StoreResult<()> {
        let (row, key) = (self.row(record)?, row_key(&record.id));
        self.store
            .write(move |txn| {
                let (row, key) = (row.clone(), key.clone());
                Box::pin(async move {
                    session::Entity::update_many()
                        .filter(session::Column::Id.eq(key))
                        .set(row)
                        .exec(txn)
                        .await?;
                    Ok(())
                })
            })
            .await
            .map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let row = session::Entity::find_by_id(row_key(id))
            .one(self.store.read())
            .await
            .map_err(|error| backend(&error.into()))?;
        if row
            .as_ref()
            .is_some_and(|row| row.expires_at <= self.clock.now())
        {
            // It goes at once and not only at night: a clock that is set back wakes nothing.
            self.delete(id).await?;
            return Ok(None);
        }
        row.map(|row| {
            let times = Times::of(&row);
            let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
                .map_err(|error| StoreError::Decode(error.to_string()))?;
            let mut record = Record {
                id: *id,
                data: serde_json::from_value(row.data)
                    .map_err(|error| StoreError::Decode(error.to_string()))?,
                expiry_date,
            };
            for (entry, at) in [(BEGUN, times.begun), (SEEN, times.seen)] {
                record.data.insert(entry.to_owned(), at.timestamp().into());
            }
            Ok(record)
        })
        .transpose()
    }

    async fn delete(&self, id: &Id) -> StoreResult<()> {
        let key = row_key(id);
        self.store
            .write(move |txn| {
                let key = key.clone();
                Box::pin(async move {
                    session::Entity::delete_by_id(key).exec(txn).await?;
                    Ok(())
                })
            })
            .await
            .map_err(|error| backend(&error))
    }
}
