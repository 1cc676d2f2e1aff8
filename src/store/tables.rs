//! Bringing the tables up to date: one process at a time, without keeping those at work waiting, and never by a release that
//! is older than the tables.

use std::collections::BTreeSet;
use std::time::Duration;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr};

use super::postgres;
use crate::error::{Error, Result};

/// By this number processes take turns (`pg_advisory_lock`).
const TURN: i64 = 876_000_025;
/// How long a step waits for a table that somebody uses. Whoever wants the table next waits behind the step, so a backup
/// under way must not make everybody wait until it ends.
const WAIT_MS: u32 = 3_000;
/// How often a step is tried that found its table in use.
const TRIES: u32 = 200;
/// What is left to the others between two tries.
const PAUSE: Duration = Duration::from_secs(2);

/// How the tables stand to this release.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Every step of theirs is known here; some of ours may be missing.
    Ours,
    /// A later release has brought them further: they serve this one too.
    Later,
    /// Steps are missing there, and others are unknown here.
    Strange,
}

/// Brings the tables up to date over a connection that nobody else uses.
///
/// # Errors
/// Where the tables are those of another program, a step fails, or a table is in use without end.
pub(super) async fn bring_up(alone: &DatabaseConnection) -> Result<()> {
    if alone.get_database_backend() != DbBackend::Postgres {
        return step_by_step(alone).await;
    }
    alone
        .execute_unprepared(&format!("SELECT pg_advisory_lock({TURN})"))
        .await?;
    alone
        .execute_unprepared(&format!("SET lock_timeout = {WAIT_MS}"))
        .await?;
    let mut tries = 0;
    loop {
        tries += 1;
        match step_by_step(alone).await {
            Err(Error::Database(error)) if tries < TRIES && is_in_use(&error) => {
                tracing::warn!("A table is in use; its step is tried again.");
                tokio::time::sleep(PAUSE).await;
            }
            // The turn ends with the connection.
            other => return other,
        }
    }
}

async fn step_by_step(db: &DatabaseConnection) -> Result<()> {
    let ours = Migrator::get_migration_files()
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    let theirs = Migrator::get_migration_models(db)
        .await?
        .into_iter()
        .map(|step| step.version)
        .collect();
    match standing(&ours, &theirs) {
        Standing::Ours => Ok(Migrator::up(db, None).await?),
        Standing::Later => {
            tracing::info!("The tables are those of a later release, which serve this one too.");
            Ok(())
        }
        Standing::Strange => Err(Error::Internal(
            "its tables are those of a release that this one does not follow and that does not follow this one".into(),
        )),
    }
}

fn standing(ours: &BTreeSet<String>, theirs: &BTreeSet<String>) -> Standing {
    match (theirs.is_subset(ours), ours.is_subset(theirs)) {
        (true, _) => Standing::Ours,
        (false, true) => Standing::Later,
        (false, false) => Standing::Strange,
    }
}

/// Lock not available (55P03) and deadlock (40P01): the step was taken back whole, and somebody else is at work.
fn is_in_use(error: &DbErr) -> bool {
    postgres::refused_with(error, &["55P03", "40P01"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_release_leaves_the_tables_as_they_are() {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        let ours = set(&["a", "b"]);
        assert_eq!(standing(&ours, &set(&[])), Standing::Ours);
        assert_eq!(standing(&ours, &set(&["a"])), Standing::Ours);
        assert_eq!(standing(&ours, &set(&["a", "b"])), Standing::Ours);
        assert_eq!(standing(&ours, &set(&["a", "b", "c"])), Standing::Later);
        assert_eq!(standing(&ours, &set(&["a", "c"])), Standing::Strange);
    }
}
