//! Callbacks promised to somebody who died: nobody at the desk is to make them. A mistake brings them back.

use chrono::{DateTime, Utc};
use entity::words::Subject;
use entity::{callback, resident};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter,
};

use crate::error::Result;
use crate::residents::ON_THE_ROLL;
use crate::store::audit::{self, Change};
use crate::visits::pausing::Hand;

/// Those about this resident, and, where nobody of the roll is left behind the door, those to the door alone.
async fn theirs<C: ConnectionTrait>(db: &C, who: &resident::Model) -> Result<Condition> {
    let left_behind = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(who.household_id))
        .filter(resident::Column::Id.ne(who.id))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .count(db)
        .await?;
    let mut theirs = Condition::any().add(callback::Column::ResidentId.eq(who.id));
    if left_behind == 0 {
        theirs = theirs.add(
            Condition::all()
                .add(callback::Column::ResidentId.is_null())
                .add(callback::Column::HouseholdId.eq(who.household_id)),
        );
    }
    Ok(theirs)
}

/// Closes what was promised, with the reason where else stands what came of the call.
///
/// # Errors
/// The database's.
pub async fn close(
    txn: &DatabaseTransaction,
    hand: Hand,
    who: &resident::Model,
    why: &str,
) -> Result<()> {
    let open = callback::Entity::find()
        .filter(callback::Column::DoneAt.is_null())
        .filter(theirs(txn, who).await?);
    for row in open.all(txn).await? {
        callback::ActiveModel {
            id: Set(row.id),
            done_at: Set(Some(hand.now)),
            done_by: Set(hand.by),
            done_note: Set(Some(why.to_owned())),
            left_at: Set(Some(hand.now)),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(txn, hand, &row, "closed", Some(why.to_owned())).await?;
    }
    Ok(())
}

/// Opens again what was closed when the file was closed at `left_at`.
///
/// # Errors
/// The database's.
pub async fn open_again(
    txn: &DatabaseTransaction,
    hand: Hand,
    who: &resident::Model,
    left_at: DateTime<Utc>,
) -> Result<()> {
    let about = Condition::any()
        .add(callback::Column::ResidentId.eq(who.id))
        .add(callback::Column::HouseholdId.eq(who.household_id));
    let closed = callback::Entity::find()
        .filter(callback::Column::LeftAt.eq(left_at))
        .filter(about);
    for row in closed.all(txn).await? {
        callback::ActiveModel {
            id: Set(row.id),
            done_at: Set(None),
            done_by: Set(None),
            done_note: Set(None),
            left_at: Set(None),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(txn, hand, &row, "opened", None).await?;
    }
    Ok(())
}

/// No resident is named, as nowhere in what is done with calls: the family does not follow it.
async fn record(
    txn: &DatabaseTransaction,
    hand: Hand,
    row: &callback::Model,
    action: &'static str,
    note: Option<String>,
) -> Result<()> {
    let object = (Subject::Callback, row.id.0);
    let change = Change::new(row.community_id, hand.now, hand.by, object, action);
    audit::record(txn, change.noted(note)).await
}
