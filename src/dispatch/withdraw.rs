//! Taking a visit back from everybody who was to come, so that somebody else can be found.

use chrono::{DateTime, Utc};
use entity::words::{AssignmentState, BookingState, VisitState};
use entity::{assignment, booking, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

use crate::error::Result;
use crate::notify::tell;
use crate::said::Said;
use crate::store::claim;

/// Gives the time of everybody on the visit back, tells them that they need not come, and leaves the visit unfilled
/// with the reason. A crew is filled together or not at all, so nobody stays. Gives the visit as it is now.
///
/// # Errors
/// The database's.
pub async fn withdraw<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    why: Said,
) -> Result<visit::Model> {
    let crew = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .all(txn)
        .await?;
    for one in &crew {
        end(txn, one, AssignmentState::Withdrawn, None).await?;
        tell::withdrawn(txn, now, visit, one.helper_id).await?;
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
        pinned: Set(false),
        override_reason: Set(None),
        unfilled_zh: Set(Some(why.zh)),
        unfilled_en: Set(Some(why.en)),
        unfilled_since: Set(Some(now)),
        ..Default::default()
    }
    .update(txn)
    .await?)
}

/// Ends one assignment and gives its time back. `answered` holds when the helper answered and what they said, where it
/// was they who ended it.
///
/// # Errors
/// The database's.
pub async fn end<C: ConnectionTrait>(
    txn: &C,
    one: &assignment::Model,
    state: AssignmentState,
    answered: Option<(DateTime<Utc>, Option<String>)>,
) -> Result<assignment::Model> {
    claim::release(txn, one.id).await?;
    let mut row = assignment::ActiveModel {
        id: Set(one.id),
        state: Set(state),
        ..Default::default()
    };
    if let Some((at, reason)) = answered {
        row.answered_at = Set(Some(at));
        row.decline_reason = Set(reason);
    }
    Ok(row.update(txn).await?)
}
