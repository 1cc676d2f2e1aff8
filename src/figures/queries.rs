//! What waits in the database.

use std::time::Instant;

use chrono::{DateTime, Utc};
use entity::{outbox, plan_search};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect, Statement,
};

use super::Look;
use crate::error::Result;
use crate::series;

/// Looks what waits at this moment.
///
/// # Errors
/// The database's.
pub async fn look(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Look> {
    let clock = clock_ahead_s(db, now).await?;
    let due = Condition::all()
        .add(outbox::Column::SentAt.is_null())
        .add(outbox::Column::DroppedAt.is_null())
        .add(outbox::Column::DueAt.lte(now));
    let letters = outbox::Entity::find().filter(due);
    let oldest: Option<Option<DateTime<Utc>>> = letters
        .clone()
        .select_only()
        .column_as(outbox::Column::DueAt.min(), "oldest")
        .into_tuple()
        .one(db)
        .await?;
    let failing = letters
        .clone()
        .filter(outbox::Column::LastError.is_not_null());
    Ok(Look {
        letters: count(letters.count(db).await?),
        oldest_s: oldest.flatten().map_or(0, |due| (now - due).num_seconds()),
        failing: count(failing.count(db).await?),
        searches: count(plan_search::Entity::find().count(db).await?),
        series: i64::try_from(series::generate::behind(db, None, now).await?.len())
            .unwrap_or(i64::MAX),
        clock_ahead_s: clock,
    })
}

/// Leases are dated by the clock of whoever takes them, and judged by that of whoever comes after: the machines' clocks have
/// to agree, and each can be held against the database's. The time the question takes is in it.
async fn clock_ahead_s(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<f64> {
    if db.get_database_backend() != DbBackend::Postgres {
        return Ok(0.0);
    }
    let asked = Instant::now();
    let ask = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()");
    let told: Option<DateTime<Utc>> = db
        .query_one_raw(ask)
        .await?
        .map(|row| row.try_get_by_index(0))
        .transpose()?;
    let now = now + asked.elapsed();
    Ok(told.map_or(0.0, |there| (now - there).as_seconds_f64()))
}

fn count(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
