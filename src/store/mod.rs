//! The database: connecting, the one door for writes, and the claim on a helper's time.

pub mod audit;
pub mod backup;
pub mod claim;
mod connect;
pub mod consistency;
#[cfg(feature = "fault-injection")]
pub mod faults;
mod group;
mod postgres;
mod tables;
pub mod tally;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use entity::community;
use entity::ids::CommunityId;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, EntityTrait,
    QuerySelect, Select, TransactionTrait,
};
use tokio::sync::Notify;

use crate::error::{Error, Result};
use tally::Tally;

pub use claim::Guard;

/// What a write does, inside its transaction.
pub type Writing<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// How often a write is tried again where PostgreSQL says that two got in each other's way.
const TRIES: u32 = 8;

/// Which of the two databases is behind a [`Store`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, one file.
    Sqlite,
    /// PostgreSQL, shared by several processes.
    Postgres,
}

/// The database, as every room uses it.
#[derive(Clone, Debug)]
pub struct Store {
    engine: Engine,
    readers: DatabaseConnection,
    writer: Writer,
    written: Arc<Notify>,
    tally: Tally,
    guard: Guard,
}

#[derive(Clone, Debug)]
enum Writer {
    Grouped(group::GroupWriter),
    Direct,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    ///
    /// # Errors
    /// Where the address cannot be read, the database not be reached or a step of migration fails.
    pub async fn open(url: &str) -> Result<Self> {
        connect::open(url).await
    }

    /// Says loudly where the database's server is set so that acknowledged writes can be lost.
    ///
    /// # Errors
    /// The database's.
    pub async fn say_unsafe(&self) -> Result<()> {
        match self.engine {
            Engine::Postgres => postgres::say_unsafe(&self.readers).await,
            Engine::Sqlite => Ok(()),
        }
    }

    /// Which database this is.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// The connections for reading. Whatever is changed through them is a bug.
    #[must_use]
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Told after every write that was committed.
    #[must_use]
    pub fn written(&self) -> Arc<Notify> {
        Arc::clone(&self.written)
    }

    /// How much was written so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// How claims on time are guarded.
    #[must_use]
    pub fn guard(&self) -> Guard {
        self.guard
    }

    /// The same store with the guard on claims set otherwise: for the control of a race test.
    #[cfg(feature = "fault-injection")]
    #[must_use]
    pub fn with_guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Changes something: the only way to. `writing` runs in a transaction and may run again where the database asks
    /// for it, so it must not do anything but write. The answer comes after the commit, and the write is finished
    /// even if nobody waits for the answer any more.
    ///
    /// # Errors
    /// What `writing` refused, or the database's own failure; nothing is written then.
    pub async fn write<T, F>(&self, writing: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a DatabaseTransaction) -> Writing<'a, T> + Send + Sync + 'static,
    {
        let began = Instant::now();
        let waits = crate::overload::place::writing();
        let answer = match &self.writer {
            Writer::Grouped(writer) => writer.write(writing).await,
            Writer::Direct => {
                let db = self.readers.clone();
                tokio::spawn(async move { write_alone(&db, &writing).await })
                    .await
                    .unwrap_or_else(|stopped| Err(Error::Internal(stopped.to_string())))
            }
        };
        drop(waits);
        self.tally.ended(answer.is_ok(), began.elapsed());
        if answer.is_ok() {
            self.written.notify_waiters();
        }
        answer
    }
}

/// The rows of a query, held until the transaction ends: for a write that judges what it is about to change. SQLite has
/// one writer and needs no lock for it.
pub fn hold<E: EntityTrait, C: ConnectionTrait>(rows: Select<E>, txn: &C) -> Select<E> {
    if txn.get_database_backend() == DbBackend::Postgres {
        rows.lock_exclusive()
    } else {
        rows
    }
}

/// The same, shared with others who only judge by it.
pub fn hold_shared<E: EntityTrait, C: ConnectionTrait>(rows: Select<E>, txn: &C) -> Select<E> {
    if txn.get_database_backend() == DbBackend::Postgres {
        rows.lock_shared()
    } else {
        rows
    }
}

/// The rows at which writes take turns: of two that ask here the second sees what the first did, while whoever only points to
/// such a row does not wait. SQLite has one writer and needs no turns.
pub fn in_turn<E: EntityTrait, C: ConnectionTrait>(rows: Select<E>, txn: &C) -> Select<E> {
    if txn.get_database_backend() == DbBackend::Postgres {
        rows.lock(LockType::NoKeyUpdate)
    } else {
        rows
    }
}

/// Of two writes in one community that ask here, the second sees what the first did: for a rule over rows that are not there
/// yet, which nothing else could hold.
///
/// # Errors
/// The database's.
pub async fn one_at_a_time<C: ConnectionTrait>(txn: &C, id: CommunityId) -> Result<()> {
    in_turn(community::Entity::find_by_id(id), txn)
        .one(txn)
        .await?;
    Ok(())
}

/// One write, one transaction, tried again where the database says so.
async fn write_alone<T, F>(db: &DatabaseConnection, writing: &F) -> Result<T>
where
    F: for<'a> Fn(&'a DatabaseTransaction) -> Writing<'a, T>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        let txn = db.begin().await?;
        let outcome = match writing(&txn).await {
            #[cfg(feature = "fault-injection")]
            Ok(value) if faults::answers_early() => {
                tokio::spawn(async move {
                    faults::put_off().await;
                    drop(txn.commit().await);
                });
                Ok(value)
            }
            Ok(value) => txn.commit().await.map(|()| value).map_err(Error::from),
            Err(error) => {
                txn.rollback().await?;
                Err(error)
            }
        };
        match outcome {
            Err(Error::Database(error)) if tries < TRIES && in_each_others_way(&error) => {
                tokio::task::yield_now().await;
            }
            other => return other,
        }
    }
}

/// Serialization failures (40001) and deadlocks (40P01): PostgreSQL rolled one back and asks to try again.
fn in_each_others_way(error: &DbErr) -> bool {
    postgres::refused_with(error, &["40001", "40P01"])
}
