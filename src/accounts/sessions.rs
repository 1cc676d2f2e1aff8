//! The sign-ins of an account: seen, and ended.

use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use entity::session;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::views::SessionView;
use crate::error::{Problem, Result};
use crate::http::lasting::{Limits, Times};

/// Letters of a row's name by which its owner tells it from their others.
const SHORT: usize = 16;

/// The short name of a row.
#[must_use]
pub fn short(key: &str) -> &str {
    key.get(..SHORT).unwrap_or(key)
}

/// The sign-ins of an account that are not over, the last begun first. What kind of device it is nobody noted.
///
/// # Errors
/// The database's.
pub async fn of_account<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
    limits: Limits,
    here: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Vec<SessionView>> {
    Ok(session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.gt(now))
        .order_by_desc(session::Column::ExpiresAt)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| {
            let times = Times::of(&row);
            (limits.end(times) > now).then(|| SessionView {
                id: short(&row.id).to_owned(),
                begun_at: times.begun,
                used_at: times.seen,
                ends_at: limits.end(times),
                here: here == Some(row.id.as_str()),
            })
        })
        .collect())
}

/// Ends one sign-in of an account.
///
/// # Errors
/// `not-found` where the account has none of that name, or the database's.
pub async fn end_one<C: ConnectionTrait>(txn: &C, account: AccountId, name: &str) -> Result<()> {
    let row = session::Entity::find()
        .filter(session::Column::AccountId.eq(account))
        .all(txn)
        .await?
        .into_iter()
        .find(|row| short(&row.id) == name)
        .ok_or_else(Problem::not_found)?;
    session::Entity::delete_by_id(row.id).exec(txn).await?;
    Ok(())
}

/// Ends the sign-ins of an account, all but the one that is kept; tells how many.
///
/// # Errors
/// The database's.
pub async fn end_all<C: ConnectionTrait>(
    txn: &C,
    account: AccountId,
    kept: Option<&str>,
) -> Result<u64> {
    let mut rows = session::Entity::delete_many().filter(session::Column::AccountId.eq(account));
    if let Some(kept) = kept {
        rows = rows.filter(session::Column::Id.ne(kept));
    }
    Ok(rows.exec(txn).await?.rows_affected)
}
