//! Visits that wait: paused while a resident is away, resumed when they are home again, and put back into matching
//! where a change of the roll undoes who was to come.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::ids::{AbsenceId, AccountId, ResidentId, VisitId};
use entity::visit;
use entity::words::{AssignmentSource, VisitState};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use crate::app::App;
use crate::dispatch::place::{crew, locked};
use crate::dispatch::{match_now, withdraw};
use crate::error::Result;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// Who changes visits, when, and by which clocks.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// Who does it; nobody where the program does.
    pub by: Option<AccountId>,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// The zone of the community's clocks.
    pub zone: Tz,
}

/// What the audit says of a visit that waits.
pub const PAUSED: &str = "paused";
/// What the audit says of a visit that came back.
pub const RESUMED: &str = "resumed";

/// The states of a visit that has not begun, whether somebody comes or not.
pub const NOT_BEGUN: [VisitState; 3] = [
    VisitState::Unfilled,
    VisitState::Offered,
    VisitState::Accepted,
];

/// The visits of a resident that are ahead and in one of these states, in order of time.
///
/// # Errors
/// The database's.
pub async fn ahead<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    now: DateTime<Utc>,
    states: &[VisitState],
) -> Result<Vec<visit::Model>> {
    of(
        db,
        Condition::all()
            .add(visit::Column::ResidentId.eq(resident))
            .add(visit::Column::StartsAt.gt(now))
            .add(visit::Column::State.is_in(states.iter().copied())),
    )
    .await
}

/// The visits that a time away paused, in order of time.
///
/// # Errors
/// The database's.
pub async fn paused_by<C: ConnectionTrait>(
    db: &C,
    absence: AbsenceId,
) -> Result<Vec<visit::Model>> {
    of(
        db,
        Condition::all()
            .add(visit::Column::AbsenceId.eq(absence))
            .add(visit::Column::State.eq(VisitState::Paused)),
    )
    .await
}

async fn of<C: ConnectionTrait>(db: &C, which: Condition) -> Result<Vec<visit::Model>> {
    Ok(visit::Entity::find()
        .filter(which)
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
        .all(db)
        .await?)
}

/// Takes a visit off its helpers, who are told, and lets it wait for the end of the absence. Says whether it did: what
/// has begun meanwhile goes on.
///
/// # Errors
/// The database's.
pub async fn pause(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: VisitId,
    absence: AbsenceId,
) -> Result<bool> {
    let why = Said::new("老人不在家，服务暂停。", "Paused while they are away.");
    if take_off(txn, hand, id, why).await?.is_none() {
        return Ok(false);
    }
    let paused = visit::ActiveModel {
        id: Set(id),
        state: Set(VisitState::Paused),
        absence_id: Set(Some(absence)),
        unfilled_zh: Set(None),
        unfilled_en: Set(None),
        unfilled_since: Set(None),
        ..Default::default()
    }
    .update(txn)
    .await?;
    record(txn, hand, &paused, PAUSED).await?;
    Ok(true)
}

/// Lets a paused visit wait for a helper again. Says whether it did: whoever cancelled it meanwhile is not overruled, and
/// what is past stays paused, for nobody came.
///
/// # Errors
/// The database's.
pub async fn resume(txn: &DatabaseTransaction, hand: Hand, id: VisitId) -> Result<bool> {
    let visit = locked(txn, id).await?;
    if visit.state != VisitState::Paused || visit.starts_at <= hand.now {
        return Ok(false);
    }
    let why = Said::new(
        "老人回家了，正在找人。",
        "They are home again; somebody is being looked for.",
    );
    let resumed = visit::ActiveModel {
        id: Set(id),
        state: Set(VisitState::Unfilled),
        absence_id: Set(None),
        version: Set(visit.version + 1),
        unfilled_zh: Set(Some(why.zh)),
        unfilled_en: Set(Some(why.en)),
        unfilled_since: Set(Some(hand.now)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    record(txn, hand, &resumed, RESUMED).await?;
    Ok(true)
}

/// Takes a visit off its helpers, who are told, so that it is matched anew. Says whether it did.
///
/// # Errors
/// The database's.
pub async fn put_back(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: VisitId,
    why: Said,
) -> Result<bool> {
    match take_off(txn, hand, id, why).await? {
        None => Ok(false),
        Some(visit) => {
            record(txn, hand, &visit, "put-back").await?;
            Ok(true)
        }
    }
}

async fn take_off(
    txn: &DatabaseTransaction,
    hand: Hand,
    id: VisitId,
    why: Said,
) -> Result<Option<visit::Model>> {
    let visit = locked(txn, id).await?;
    if !NOT_BEGUN.contains(&visit.state) || visit.starts_at <= hand.now {
        return Ok(None);
    }
    for part in crew(txn, id).await? {
        let change = Change::of_visit(&visit, hand.zone, hand.now, hand.by, "withdrawn");
        audit::record(txn, change.with_helper(part.helper_id)).await?;
    }
    Ok(Some(withdraw::withdraw(txn, hand.now, &visit, why).await?))
}

async fn record(
    txn: &DatabaseTransaction,
    hand: Hand,
    visit: &visit::Model,
    action: &'static str,
) -> Result<()> {
    audit::record(
        txn,
        Change::of_visit(visit, hand.zone, hand.now, hand.by, action),
    )
    .await
}

/// Looks for helpers for these visits, one after the other, the way a booking is matched. A visit for which that fails
/// stays unfilled, on the office's list.
pub async fn match_all(app: &App, visits: &[VisitId]) {
    for visit in visits {
        if let Err(error) = match_now(app, *visit, AssignmentSource::Rematch).await {
            tracing::error!(%error, %visit, "a visit was not matched again");
        }
    }
}
