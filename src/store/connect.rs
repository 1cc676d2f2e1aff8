//! Opening either database.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};
use tokio::sync::Notify;

use super::tally::Tally;
use super::{Engine, Guard, Store, Writer, group::GroupWriter, postgres, tables};
use crate::error::{Error, Result};

/// Connections that read at the same time; on PostgreSQL they write too.
const CONNECTIONS: u32 = 16;

/// Rows SQLite may read ahead of whoever takes them: with fewer the two wait for each other, which made the times of a week
/// a tenth slower.
const ROWS_AHEAD: usize = 1_000;

/// Statements that a connection to SQLite keeps parsed and planned; a booking alone has some seventy.
const STATEMENTS: usize = 400;

pub(super) async fn open(url: &str) -> Result<Store> {
    if let Some(path) = url.strip_prefix("sqlite:") {
        return sqlite(path).await;
    }
    if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        let alone = connected(options(url.to_owned(), 1)).await?;
        tables::bring_up(&alone).await?;
        alone.close().await?;
        let mut options = options(url.to_owned(), CONNECTIONS);
        postgres::tell(&mut options);
        let db = connected(options).await?;
        return Ok(store(Engine::Postgres, db, Writer::Direct));
    }
    Err(Error::Internal(
        "the database's address must begin with sqlite: or postgres://".into(),
    ))
}

async fn sqlite(path: &str) -> Result<Store> {
    let path = path.trim_start_matches("//");
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder)
            .map_err(|error| Error::Internal(format!("{}: {error}", folder.display())))?;
    }
    let reconnect = Reconnect(format!("sqlite://{path}?mode=rwc"));
    let writer = reconnect.writer().await?;
    tables::bring_up(&writer).await?;
    let readers = sqlite_connection(&reconnect.0, CONNECTIONS).await?;
    Ok(store(
        Engine::Sqlite,
        readers,
        Writer::Grouped(GroupWriter::start(writer, reconnect)),
    ))
}

/// How the writer's connection is made, once more where the old one broke.
#[derive(Clone, Debug)]
pub(super) struct Reconnect(String);

impl Reconnect {
    /// A connection for writing.
    pub(super) async fn writer(&self) -> Result<DatabaseConnection> {
        sqlite_connection(&self.0, 1).await
    }
}

/// WAL lets readers go on while one writes; FULL makes a commit reach the disk before it is answered.
async fn sqlite_connection(url: &str, connections: u32) -> Result<DatabaseConnection> {
    let mut options = options(url.to_owned(), connections);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .row_buffer_size(ROWS_AHEAD)
            .statement_cache_capacity(STATEMENTS)
            .busy_timeout(Duration::from_secs(10))
    });
    connected(options).await
}

async fn connected(options: ConnectOptions) -> Result<DatabaseConnection> {
    #[cfg(feature = "fault-injection")]
    let url = options.get_url().to_owned();
    let db = Database::connect(options).await?;
    #[cfg(feature = "fault-injection")]
    let db = super::faults::listened_to(db, &url);
    Ok(db)
}

/// How long a connection lies idle before it is asked, ahead of its next statement, whether it still is one. Asking each time
/// is a way to the database and back more for every look; one that broke a moment ago fails whoever meets it, and is gone.
const TRUSTED_FOR: Duration = Duration::from_secs(1);

/// SQL text may carry personal data, so it is neither logged nor traced.
fn options(url: String, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .min_connections(1)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(TRUSTED_FOR)
        .acquire_timeout(Duration::from_secs(10));
    options
}

fn store(engine: Engine, readers: DatabaseConnection, writer: Writer) -> Store {
    Store {
        engine,
        readers,
        writer,
        written: Arc::new(Notify::new()),
        tally: Tally::default(),
        guard: Guard::On,
    }
}
