//! Many communities in one database: for measuring, and for tests that ask what becomes of the program when it grows.
//!
//! One demonstration compound is made as [`super::seed`] makes it. Its last days are copied back through a year (`year`),
//! and then the whole community as often as asked for (`copy`), inside the database: no row travels. While that goes on,
//! indexes and foreign keys are set aside (`aside`); making them again shows that every copied row points to one that is
//! there. The same moment, size and seed give the same rows.

mod aside;
mod copy;
mod dialect;
mod record;
mod tables;
mod year;

use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbErr, TransactionTrait,
};

use self::aside::Aside;
use self::copy::{Copying, Move};
use self::dialect::Dialect;
use self::tables::Tables;
use crate::error::{Error, Result};
use crate::store::Store;

/// How much is made.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Communities, from 1; each has the 876 residents of the demonstration.
    pub communities: i64,
    /// Visits of a community in the year before now, those of the days around now included.
    pub visits_a_year: i64,
}

/// What was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grown {
    /// Communities.
    pub communities: i64,
    /// Older residents on all rolls.
    pub residents: i64,
    /// Visits of all communities.
    pub visits: i64,
}

/// From what it is made.
#[derive(Clone, Debug)]
pub struct Making {
    /// The moment for which everything is made.
    pub now: DateTime<Utc>,
    /// The same number gives the same rows.
    pub seed: u64,
    /// The Argon2id hash, in PHC form, of every account's password. Accounts of the first community have the logins of
    /// [`super::people`], those of the second the same with `@2` behind, and so on.
    pub password_hash: String,
    /// How much.
    pub size: Size,
}

/// Fills the new database at this address. `tell` hears how far it is: done, and of how many steps.
///
/// Not by `store.write`, for it changes tables as a migration does: nobody may serve from the database meanwhile, and
/// where it stops half way the database is to be thrown away.
///
/// # Errors
/// The database's, above all where it is not empty.
pub async fn fill(
    url: &str,
    making: Making,
    tell: impl Fn(u64, u64) + Send + Sync,
) -> Result<Grown> {
    let size = making.size;
    let store = Store::open(url).await?;
    first(&store, &making).await?;
    drop(store);
    let db = connect(url).await?;
    let dialect = Dialect::of(&db);
    let tables = Tables::read(&db, dialect).await?;
    let aside = Aside::set(&db, dialect).await?;
    let blocks = year::blocks(&db, dialect, making.now, size.visits_a_year).await?;
    let last = u64::try_from(blocks.count + size.communities).unwrap_or(0);
    let mut done = 0;
    let mut step = || {
        done += 1;
        tell(done, last);
    };
    let txn = db.begin().await?;
    let copying = Copying::new(&txn, dialect, &tables).await?;
    for block in 1..=blocks.count {
        blocks.back(&txn, &copying, block).await?;
        step();
    }
    year::beside(&txn, dialect, &blocks).await?;
    txn.commit().await?;
    let copying = Copying::new(&db, dialect, &tables).await?;
    for community in 1..size.communities {
        let txn = db.begin().await?;
        for table in tables.names() {
            let whole = Move {
                times: community,
                days: 0,
                moved: None,
                only: None,
            };
            copying.copy(&txn, table, &whole).await?;
        }
        txn.commit().await?;
        step();
    }
    if dialect == Dialect::Postgres {
        tables.count_on(&db).await?;
    }
    aside.put_back(&db).await?;
    step();
    let grown = Grown {
        communities: size.communities,
        residents: one(&db, "SELECT COUNT(*) FROM resident").await?,
        visits: one(&db, "SELECT COUNT(*) FROM visit").await?,
    };
    db.close().await?;
    Ok(grown)
}

/// The first community.
async fn first(store: &Store, making: &Making) -> Result<()> {
    let (now, seed, hash) = (making.now, making.seed, making.password_hash.clone());
    store
        .write(move |txn| {
            let hash = hash.clone();
            Box::pin(async move {
                super::seed(txn, now, seed, &hash)
                    .await
                    .map_err(Error::from)?;
                Ok(())
            })
        })
        .await
}

/// One connection, on which nothing waits for the disk.
async fn connect(url: &str) -> Result<DatabaseConnection> {
    let path = url
        .strip_prefix("sqlite:")
        .map(|path| path.trim_start_matches("//"));
    let address = path.map_or_else(|| url.to_owned(), |path| format!("sqlite://{path}"));
    let mut options = ConnectOptions::new(address);
    options
        .max_connections(1)
        .sqlx_logging(false)
        .idle_timeout(Duration::from_secs(86_400))
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .foreign_keys(false)
                .pragma("synchronous", "OFF")
                .pragma("cache_size", "-300000")
        });
    Ok(Database::connect(options).await?)
}

/// The one number that this asks for.
async fn one<C: ConnectionTrait>(db: &C, sql: &str) -> std::result::Result<i64, DbErr> {
    let asked = sea_orm::Statement::from_string(db.get_database_backend(), sql);
    match db.query_one_raw(asked).await? {
        Some(row) => row.try_get_by_index(0),
        None => Ok(0),
    }
}
