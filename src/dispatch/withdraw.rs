//! Taking the crew off a visit, so that it can be matched again: the one way, whoever drops out and why.

use chrono::{DateTime, Utc};
use entity::words::{AssignmentState, BookingState, VisitState};
use entity::{assignment, booking, visit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};

use super::place::crew;
use crate::error::Result;
use crate::notify::tell;
use crate::said::Said;
use crate::store::claim;

/// Gives the crew's time back, tells them, and leaves the visit unfilled with the reason.
///
/// # Errors
/// The database's.
pub async fn withdraw(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    visit: &visit::Model,
    why: Said,
) -> Result<visit::Model> {
    for row in crew(txn, visit.id).await? {
        claim::release(txn, row.id).await?;
        assignment::ActiveModel {
            id: Set(row.id),
            state: Set(AssignmentState::Withdrawn),
            ..Default::default()
        }
        .update(txn)
        .await?;
        tell::withdrawn(txn, now, visit, row.helper_id).await?;
    }
    booking::ActiveModel {
        id: Set(visit.booking_id),
        state: Set(BookingState::Requested),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(visit::ActiveModel {
        id: Set(visit.id),
        state: Set(VisitState::Unfilled),
        version: Set(visit.version + 1),
        price_fen: Set(None),
        override_reason: Set(None),
        unfilled_zh: Set(Some(why.zh)),
        unfilled_en: Set(Some(why.en)),
        unfilled_since: Set(Some(now)),
        ..Default::default()
    }
    .update(txn)
    .await?)
}
