//! Sessions: tower-sessions, kept in our own database so that a restart signs nobody out.

use chrono::TimeDelta;
use entity::ids::AccountId;
use entity::session;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, DbErr, EntityTrait, QueryFilter};
use sha2::{Digest, Sha256};
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::{Duration, OffsetDateTime};
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error as StoreError, Result as StoreResult};
use tower_sessions::{Expiry, SessionManagerLayer, SessionStore};

use crate::clock::Clock;
use crate::error::Error;
use crate::store::Store;

/// The session's entry that says who is signed in.
pub const ACCOUNT: &str = "account";
/// How long a sign-in lasts when the browser is not used, in days: a volunteer should not need a new link each week.
const IDLE_DAYS: i64 = 30;

/// Sessions as rows; the cookie's value is stored only as a hash.
#[derive(Clone, Debug)]
pub struct Sessions {
    store: Store,
    clock: Clock,
}

/// The layer that gives every request its session.
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
        .with_expiry(Expiry::OnInactivity(Duration::days(IDLE_DAYS)))
}

impl Sessions {
    /// Sessions kept in this database.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

fn row_key(id: &Id) -> String {
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
    /// The row of a session saved now. It ends by our clock, not by the record's date: the library reads the machine's.
    fn row(&self, record: &Record) -> StoreResult<session::ActiveModel> {
        let account = record
            .data
            .get(ACCOUNT)
            .and_then(serde_json::Value::as_i64)
            .map(AccountId);
        let data = serde_json::to_value(&record.data)
            .map_err(|error| StoreError::Encode(error.to_string()))?;
        Ok(session::ActiveModel {
            id: Set(row_key(&record.id)),
            data: Set(data),
            account_id: Set(account),
            expires_at: Set(self.clock.now() + TimeDelta::days(IDLE_DAYS)),
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

    async fn save(&self, record: &Record) -> StoreResult<()> {
        let row = self.row(record)?;
        self.store
            .write(move |txn| {
                let row = row.clone();
                Box::pin(async move {
                    session::Entity::insert(row)
                        .on_conflict(
                            OnConflict::column(session::Column::Id)
                                .update_columns([
                                    session::Column::Data,
                                    session::Column::AccountId,
                                    session::Column::ExpiresAt,
                                ])
                                .to_owned(),
                        )
                        .exec_without_returning(txn)
                        .await?;
                    Ok(())
                })
            })
            .await
            .map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let row = session::Entity::find_by_id(row_key(id))
            .filter(session::Column::ExpiresAt.gt(self.clock.now()))
            .one(self.store.read())
            .await
            .map_err(|error| backend(&error.into()))?;
        row.map(|row| {
            let data = serde_json::from_value(row.data)
                .map_err(|error| StoreError::Decode(error.to_string()))?;
            let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
                .map_err(|error| StoreError::Decode(error.to_string()))?;
            Ok(Record {
                id: *id,
                data,
                expiry_date,
            })
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
