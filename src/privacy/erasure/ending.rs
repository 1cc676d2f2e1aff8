//! How an erasure ends: on the second look, or because somebody's file was kept long enough.

use entity::ids::{ErasureId, ResidentId};
use entity::words::{ErasureGround, ErasureState, Subject};
use entity::{erasure, resident};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::erase;
use super::in_the_way::in_the_way;
use super::queries::open_one;
use crate::error::{Error, Problem, Result};
use crate::residents::ON_THE_ROLL;
use crate::store;
use crate::store::audit::{self, Change};
use crate::visits::pausing::Hand;

/// Erases, and writes down that it is done.
pub(super) async fn end(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: ErasureId,
    resident: ResidentId,
) -> Result<()> {
    let file = store::hold(resident::Entity::find_by_id(resident), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let fields = erase(txn, hand, &file).await?;
    erasure::ActiveModel {
        id: Set(id),
        state: Set(ErasureState::Done),
        open: Set(None),
        ended_by: Set(hand.by),
        ended_at: Set(Some(hand.now)),
        fields: Set(Some(i32::try_from(fields).unwrap_or(i32::MAX))),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// Erases somebody because their file was kept long enough: the rule was decided beforehand, so nobody confirms it. Says
/// whether it was done; not, where something is still open.
///
/// # Errors
/// The database's.
pub async fn kept_long_enough(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: ResidentId,
) -> Result<bool> {
    let Some(file) = store::hold(resident::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
    else {
        return Ok(false);
    };
    if file.erased_at.is_some()
        || ON_THE_ROLL.contains(&file.state)
        || !in_the_way(txn, id).await?.is_empty()
    {
        return Ok(false);
    }
    let row = match open_one(txn, id).await? {
        Some(row) => row.id,
        None => {
            erasure::ActiveModel {
                community_id: Set(file.community_id),
                resident_id: Set(id),
                ground: Set(ErasureGround::KeptLongEnough),
                state: Set(ErasureState::Checked),
                open: Set(Some(true)),
                asked_at: Set(hand.now),
                ..Default::default()
            }
            .insert(txn)
            .await?
            .id
        }
    };
    end(txn, hand, row, id).await?;
    let object = (Subject::Resident, id.0);
    let change = Change::new(file.community_id, hand.now, None, object, "erased");
    audit::record(
        txn,
        Change {
            resident: Some(id),
            ..change
        },
    )
    .await?;
    Ok(true)
}
