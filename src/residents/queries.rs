//! Residents, for those who may see them.

use entity::family_member;
use entity::ids::{AccountId, ResidentId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use crate::error::Result;

/// The residents that a family account acts for.
///
/// # Errors
/// The database's.
pub async fn of_family<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<ResidentId>> {
    Ok(family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(account))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.resident_id)
        .collect())
}
