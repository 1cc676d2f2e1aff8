//! Series of residents who leave the roll: they end with the file, and run again where it opens again.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ResidentId, SeriesId};
use entity::series;
use entity::words::{SeriesState, Subject};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, Select,
};

use crate::clock::local_date;
use crate::error::Result;
use crate::store::audit::{self, Change};
use crate::store::hold;
use crate::visits::pausing::Hand;

fn running(resident: ResidentId) -> Select<series::Entity> {
    of(resident).filter(series::Column::State.eq(SeriesState::Active))
}

fn of(resident: ResidentId) -> Select<series::Entity> {
    series::Entity::find()
        .filter(series::Column::ResidentId.eq(resident))
        .order_by_asc(series::Column::Id)
}

/// Holds the series of a resident who is about to leave, before the resident is held: whoever makes visits holds a series
/// first and needs its resident then, so that one of the two would have to be thrown back.
///
/// # Errors
/// The database's.
pub async fn hold_running(txn: &DatabaseTransaction, resident: ResidentId) -> Result<()> {
    hold(running(resident), txn).all(txn).await?;
    Ok(())
}

/// Ends every series of a resident who leaves at this instant. They are held: whoever makes their visits meanwhile has
/// finished before what is booked is cancelled, or finds them ended.
///
/// # Errors
/// The database's.
pub async fn end(
    txn: &DatabaseTransaction,
    hand: Hand,
    resident: ResidentId,
    on: NaiveDate,
) -> Result<()> {
    for row in hold(running(resident), txn).all(txn).await? {
        series::ActiveModel {
            id: Set(row.id),
            state: Set(SeriesState::Ended),
            left_at: Set(Some(hand.now)),
            version: Set(row.version + 1),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(txn, hand, &row, "series_ended", on).await?;
    }
    Ok(())
}

/// Lets every series run again that ended when the file was closed at `left_at`. Says which: what becomes due is made by
/// [`super::generate`].
///
/// # Errors
/// The database's.
pub async fn run_again(
    txn: &DatabaseTransaction,
    hand: Hand,
    resident: ResidentId,
    left_at: DateTime<Utc>,
) -> Result<Vec<SeriesId>> {
    let ended = of(resident)
        .filter(series::Column::State.eq(SeriesState::Ended))
        .filter(series::Column::LeftAt.eq(left_at));
    let mut again = Vec::new();
    for row in hold(ended, txn).all(txn).await? {
        series::ActiveModel {
            id: Set(row.id),
            state: Set(SeriesState::Active),
            left_at: Set(None),
            version: Set(row.version + 1),
            ..Default::default()
        }
        .update(txn)
        .await?;
        let today = local_date(hand.zone, hand.now);
        record(txn, hand, &row, "series_resumed", today).await?;
        again.push(row.id);
    }
    Ok(again)
}

async fn record(
    txn: &DatabaseTransaction,
    hand: Hand,
    row: &series::Model,
    action: &'static str,
    on: NaiveDate,
) -> Result<()> {
    let object = (Subject::Series, row.id.0);
    let change = Change::new(row.community_id, hand.now, hand.by, object, action).on(on);
    audit::record(
        txn,
        Change {
            resident: Some(row.resident_id),
            ..change
        },
    )
    .await
}
