//! A copy of the whole database while it is in use, and a new database from such a copy.
//!
//! SQLite writes the copy itself (`VACUUM INTO`): one moment of the database, whatever is written meanwhile. PostgreSQL's
//! own `pg_dump` and `pg_restore` do the same there; they have to be on the path, and no older than the server.

use std::ffi::OsString;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, Database, Statement};
use tokio::process::Command;
use url::Url;

/// Why there is no copy, or no database from it: a sentence.
pub type Sentence = String;

/// Copies the database behind `url` into a new file, which only its owner may read. The file is there whole or not at all.
///
/// # Errors
/// A sentence where the file is there already, cannot be written, or the database cannot be copied.
pub async fn write(url: &str, file: &Path) -> Result<(), Sentence> {
    if file.exists() {
        return Err(format!(
            "{} is there already and was left as it is. Name a file that is not.",
            file.display()
        ));
    }
    let mut unfinished = OsString::from(file);
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    private(&unfinished)?;
    let copied = match sqlite_file(url) {
        Some(from) => copy_sqlite(&from, &unfinished).await,
        None => dump_postgres(url, &unfinished).await,
    };
    let ended = match copied {
        Ok(()) => settle(&unfinished, file).map_err(|error| format!("{}: {error}", file.display())),
        Err(sentence) => Err(sentence),
    };
    if ended.is_err() {
        // What is half a copy must not be taken for one; where even that fails there is nothing more to do.
        let _ = std::fs::remove_file(&unfinished);
    }
    ended
}

/// Makes a new database behind `url` from a copy.
///
/// # Errors
/// A sentence where there is a database already, or the file is no copy of one.
pub async fn restore(url: &str, file: &Path) -> Result<(), Sentence> {
    if !file.is_file() {
        return Err(format!("There is no file {}.", file.display()));
    }
    match sqlite_file(url) {
        Some(to) => restore_sqlite(file, &to).await,
        None => restore_postgres(url, file).await,
    }
}

/// The file of an SQLite address.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    url.strip_prefix("sqlite:")
        .map(|path| PathBuf::from(path.trim_start_matches("//")))
}

/// An empty file for nobody but its owner: personal data of a whole community goes into it.
fn private(file: &Path) -> Result<(), Sentence> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
        .open(file)
        .map(drop)
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// Brings a finished file to the disk, and then under its name.
fn settle(unfinished: &Path, file: &Path) -> std::io::Result<()> {
    File::open(unfinished)?.sync_all()?;
    std::fs::rename(unfinished, file)?;
    let folder = match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    File::open(folder)?.sync_all()
}

async fn copy_sqlite(from: &Path, to: &Path) -> Result<(), Sentence> {
    if !from.is_file() {
        return Err(format!("There is no database {}.", from.display()));
    }
    let failed = |error: sea_orm::DbErr| format!("The database cannot be copied: {error}");
    // Read only: a copy changes nothing, brings no tables up to date, and may be taken beside an older or newer release.
    let db = Database::connect(format!("sqlite://{}?mode=ro", from.display()))
        .await
        .map_err(failed)?;
    let copy = Statement::from_sql_and_values(
        db.get_database_backend(),
        "VACUUM INTO ?",
        [to.display().to_string().into()],
    );
    db.execute_raw(copy).await.map_err(failed)?;
    db.close().await.map_err(failed)
}

async fn restore_sqlite(file: &Path, to: &Path) -> Result<(), Sentence> {
    if to.exists() {
        return Err(format!(
            "{} is there already and was left as it is. Move it away first, with its -wal and -shm.",
            to.display()
        ));
    }
    let db = Database::connect(format!("sqlite://{}?mode=ro&immutable=1", file.display()))
        .await
        .map_err(|_| no_whole_copy(file))?;
    let whole = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            "PRAGMA integrity_check",
        ))
        .await
        .ok()
        .flatten()
        .and_then(|row| row.try_get_by_index::<String>(0).ok());
    let closed = db.close().await;
    if whole.as_deref() != Some("ok") || closed.is_err() {
        return Err(no_whole_copy(file));
    }
    let failed = |error: std::io::Error| format!("{}: {error}", to.display());
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut unfinished = OsString::from(to);
    unfinished.push(".part");
    let unfinished = PathBuf::from(unfinished);
    private(&unfinished)?;
    std::fs::copy(file, &unfinished).map_err(failed)?;
    settle(&unfinished, to).map_err(failed)
}

fn no_whole_copy(file: &Path) -> Sentence {
    format!("{} is no whole copy of a database.", file.display())
}

async fn dump_postgres(url: &str, to: &Path) -> Result<(), Sentence> {
    let mut dump = postgres("pg_dump", url)?;
    dump.args(["--format=custom", "--no-owner", "--file"])
        .arg(to);
    run(dump, "pg_dump").await
}

async fn restore_postgres(url: &str, file: &Path) -> Result<(), Sentence> {
    let db = Database::connect(url)
        .await
        .map_err(|error| format!("The database cannot be reached: {error}"))?;
    let tables = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'",
        ))
        .await
        .ok()
        .flatten()
        .and_then(|row| row.try_get_by_index::<i64>(0).ok());
    if tables != Some(0) {
        return Err("This database has tables already and was left as it is. Make an empty one, and name that in YINLING_DATABASE_URL.".into());
    }
    let name = Url::parse(url)
        .map_err(|error| format!("YINLING_DATABASE_URL cannot be read: {error}"))?
        .path()
        .trim_start_matches('/')
        .to_owned();
    let mut restore = postgres("pg_restore", url)?;
    // In one transaction: all of it or nothing.
    restore
        .args([
            "--no-owner",
            "--single-transaction",
            "--exit-on-error",
            "--dbname",
        ])
        .arg(name)
        .arg(file);
    run(restore, "pg_restore").await
}

/// One of PostgreSQL's programs, told where the database is by its environment: what stands on a command line everybody on
/// the machine can read, a password too.
fn postgres(program: &str, url: &str) -> Result<Command, Sentence> {
    let url =
        Url::parse(url).map_err(|error| format!("YINLING_DATABASE_URL cannot be read: {error}"))?;
    let mut command = Command::new(program);
    let text = |text: &str| {
        percent_encoding::percent_decode_str(text)
            .decode_utf8_lossy()
            .into_owned()
    };
    command
        .env("PGHOST", text(url.host_str().unwrap_or("localhost")))
        .env("PGPORT", url.port().unwrap_or(5432).to_string())
        .env("PGDATABASE", text(url.path().trim_start_matches('/')));
    if !url.username().is_empty() {
        command.env("PGUSER", text(url.username()));
    }
    if let Some(password) = url.password() {
        command.env("PGPASSWORD", text(password));
    }
    for (name, value) in url.query_pairs() {
        if name == "sslmode" {
            command.env("PGSSLMODE", value.as_ref());
        }
    }
    Ok(command)
}

async fn run(mut command: Command, name: &str) -> Result<(), Sentence> {
    let ended = command.output().await.map_err(|error| {
        format!("{name} cannot be started: {error}\nInstall PostgreSQL's own programs, as new as the server or newer.")
    })?;
    if ended.status.success() {
        return Ok(());
    }
    Err(format!(
        "{name} failed: {}",
        String::from_utf8_lossy(&ended.stderr).trim()
    ))
}
