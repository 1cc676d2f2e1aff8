//! Indexes and foreign keys, taken away while rows pour in and made again afterwards: a tenth of the work, and the making
//! judges every row.

use sea_orm::{ConnectionTrait, DbErr, Statement};

use super::dialect::Dialect;
use crate::error::{Error, Result};

/// What was taken away, by the words that make it again, in this order.
#[derive(Debug)]
pub(super) struct Aside {
    dialect: Dialect,
    again: Vec<String>,
}

const INDEXES_OF_SQLITE: &str = "SELECT 'DROP INDEX \"' || name || '\"', sql FROM sqlite_master \
     WHERE type = 'index' AND sql IS NOT NULL";
const INDEXES_OF_POSTGRES: &str = "SELECT 'DROP INDEX ' || quote_ident(indexname), indexdef FROM pg_indexes \
     WHERE schemaname = current_schema() AND indexname NOT IN (SELECT conname FROM pg_constraint)";
const KEYS_OF_POSTGRES: &str = "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || quote_ident(conname), \
            'ALTER TABLE ' || conrelid::regclass || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' \
            || pg_get_constraintdef(oid) \
     FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace";

impl Aside {
    pub(super) async fn set<C: ConnectionTrait>(
        db: &C,
        dialect: Dialect,
    ) -> std::result::Result<Self, DbErr> {
        let (keys, mut indexes) = match dialect {
            Dialect::Sqlite => (Vec::new(), both(db, INDEXES_OF_SQLITE).await?),
            Dialect::Postgres => (
                both(db, KEYS_OF_POSTGRES).await?,
                both(db, INDEXES_OF_POSTGRES).await?,
            ),
        };
        for (away, _) in keys.iter().chain(&indexes) {
            db.execute_unprepared(away).await?;
        }
        indexes.extend(keys);
        Ok(Self {
            dialect,
            again: indexes.into_iter().map(|(_, again)| again).collect(),
        })
    }

    /// Makes everything again, which fails where a row is there twice or points nowhere.
    pub(super) async fn put_back<C: ConnectionTrait>(self, db: &C) -> Result<()> {
        for again in &self.again {
            db.execute_unprepared(again).await?;
        }
        match self.dialect {
            Dialect::Sqlite => points_somewhere(db).await,
            // As its own housekeeping would sooner or later: plans need to know how much there is.
            Dialect::Postgres => {
                db.execute_unprepared("ANALYZE").await?;
                Ok(())
            }
        }
    }
}

/// SQLite was not asked to judge keys while rows poured in.
async fn points_somewhere<C: ConnectionTrait>(db: &C) -> Result<()> {
    let asked = Statement::from_string(
        db.get_database_backend(),
        "SELECT DISTINCT \"table\" || ' to ' || parent FROM pragma_foreign_key_check",
    );
    let mut wrong = Vec::new();
    for row in db.query_all_raw(asked).await? {
        wrong.push(row.try_get_by_index::<String>(0)?);
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Error::Internal(format!(
        "rows point nowhere: {}",
        wrong.join(", ")
    )))
}

async fn both<C: ConnectionTrait>(
    db: &C,
    sql: &str,
) -> std::result::Result<Vec<(String, String)>, DbErr> {
    let asked = Statement::from_string(db.get_database_backend(), sql);
    db.query_all_raw(asked)
        .await?
        .iter()
        .map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?)))
        .collect()
}
