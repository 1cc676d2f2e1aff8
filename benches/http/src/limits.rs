//! What the machine can do at all, on the same disk and at the same moment: flushes a second, the same rows written by plain
//! SQL with a commit each, and axum answering a few bytes of JSON.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use axum::routing::get;
use axum::{Json, Router};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection, Statement};
use serde_json::json;

use crate::Failed;

/// How often a second a file's data is brought to the disk, a page at a time.
pub fn flushes(folder: &Path, for_so_long: Duration) -> Result<f64, Failed> {
    let mut file = File::create(folder.join("flushes"))?;
    let page = [7; 4096];
    let (began, mut count) = (Instant::now(), 0_u32);
    while began.elapsed() < for_so_long {
        file.seek(SeekFrom::Start(u64::from(count % 256) * 4096))?;
        file.write_all(&page)?;
        file.sync_data()?;
        count += 1;
    }
    Ok(f64::from(count) / began.elapsed().as_secs_f64())
}

/// The tables a booking has rows in, and how those of one are found.
const TABLES: [(&str, &str); 6] = [
    ("booking", "id = ?"),
    ("visit", "booking_id = ?"),
    (
        "assignment",
        "visit_id IN (SELECT id FROM src.visit WHERE booking_id = ?)",
    ),
    (
        "helper_slot",
        "assignment_id IN (SELECT a.id FROM src.assignment a JOIN src.visit v ON v.id = a.visit_id WHERE v.booking_id = ?)",
    ),
    (
        "outbox",
        "visit_id IN (SELECT id FROM src.visit WHERE booking_id = ?)",
    ),
    ("audit", "what = 'booking' AND object_id = ?"),
];

/// How many bookings a second plain SQL writes: the very rows of those that `from` holds, into a new file of the same tables,
/// one commit a booking, with the pragmas of the program.
pub async fn plain_commits(from: &Path, to: &Path, for_so_long: Duration) -> Result<f64, Failed> {
    let db = opened(to).await?;
    db.execute_raw(Statement::from_sql_and_values(
        db.get_database_backend(),
        "ATTACH ? AS src",
        [from.display().to_string().into()],
    ))
    .await?;
    for (table, _) in TABLES {
        db.execute_unprepared(&format!(
            "CREATE TABLE {table} AS SELECT * FROM src.{table} WHERE 0"
        ))
        .await?;
        db.execute_unprepared(&format!("CREATE INDEX i_{table} ON {table} (rowid)"))
            .await
            .ok();
    }
    let ids: Vec<i64> = db
        .query_all_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT id FROM src.booking ORDER BY id DESC LIMIT 20000",
        ))
        .await?
        .into_iter()
        .map(|row| row.try_get_by_index(0))
        .collect::<Result<_, _>>()?;
    let (began, mut count) = (Instant::now(), 0_u32);
    for id in ids {
        if began.elapsed() >= for_so_long {
            break;
        }
        db.execute_unprepared("BEGIN IMMEDIATE").await?;
        for (table, of) in TABLES {
            let insert = format!("INSERT INTO main.{table} SELECT * FROM src.{table} WHERE {of}");
            db.execute_raw(Statement::from_sql_and_values(
                db.get_database_backend(),
                insert,
                [id.into()],
            ))
            .await?;
        }
        db.execute_unprepared("COMMIT").await?;
        count += 1;
    }
    let rate = f64::from(count) / began.elapsed().as_secs_f64();
    db.close().await?;
    Ok(rate)
}

async fn opened(file: &Path) -> Result<DatabaseConnection, Failed> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| {
        sqlite
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
    });
    Ok(Database::connect(options).await?)
}

/// Serves a few bytes of JSON with nothing behind them; gives the address.
pub async fn bare_server() -> Result<String, Failed> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?.to_string();
    let router = Router::new().route("/", get(|| async { Json(json!({"well": true})) }));
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(address)
}
