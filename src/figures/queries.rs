//! What waits in the database.

use chrono::{DateTime, Utc};
use entity::{outbox, plan_search};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

use super::Look;
use crate::error::Result;
use crate::series;

/// Looks what waits at this moment.
///
/// # Errors
/// The database's.
pub async fn look(db: &DatabaseConnection, now: DateTime<Utc>) -> Result<Look> {
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
    })
}

fn count(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
