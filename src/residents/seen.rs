//! When somebody of ours last saw or heard a resident: the one way to write it down.
//!
//! A visit that was checked in or done, a telephone call that they answered, a session that they attended.

use chrono::{DateTime, Utc};
use entity::ids::{HouseholdId, ResidentId};
use entity::resident;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};

use super::ON_THE_ROLL;
use crate::error::Result;

/// A resident was seen or heard at this instant; what was seen later stays.
///
/// # Errors
/// The database's.
pub async fn seen<C: ConnectionTrait>(txn: &C, id: ResidentId, at: DateTime<Utc>) -> Result<()> {
    resident::Entity::update_many()
        .col_expr(resident::Column::LastSeenAt, Expr::value(at))
        .filter(resident::Column::Id.eq(id))
        .filter(
            Condition::any()
                .add(resident::Column::LastSeenAt.is_null())
                .add(resident::Column::LastSeenAt.lt(at)),
        )
        .exec(txn)
        .await?;
    Ok(())
}

/// Somebody rang from this number, digits only, and was heard: the resident whose own telephone it is, or who lives alone
/// in the household. Where it might have been another, nobody was heard for certain.
///
/// # Errors
/// The database's.
pub async fn heard_from<C: ConnectionTrait>(
    txn: &C,
    household: HouseholdId,
    number: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    let living = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(household))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .all(txn)
        .await?;
    let own = living
        .iter()
        .find(|row| row.phone.as_deref() == Some(number));
    let alone = match living.as_slice() {
        [one] => {
            let home = entity::household::Entity::find_by_id(household)
                .one(txn)
                .await?;
            home.is_some_and(|home| home.phone.as_deref() == Some(number))
                .then_some(one)
        }
        _ => None,
    };
    match own.or(alone) {
        Some(row) => seen(txn, row.id, at).await,
        None => Ok(()),
    }
}
