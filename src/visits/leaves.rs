//! Leave: days on which a helper does not come, and the visits that go back to matching for it.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, LeaveId, VisitId};
use entity::words::{AssignmentSource, AssignmentState, Subject, VisitState};
use entity::{assignment, helper, leave, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::{gone, record};
use super::acting::Acting;
use super::day::LeaveView;
use crate::app::App;
use crate::bookings::check_note;
use crate::clock::{local_date, midnight};
use crate::dispatch::place::{crew, locked};
use crate::dispatch::{match_now, withdraw};
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::date;
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};
use crate::store::claim;

/// Days of one leave at most.
const LONGEST_DAYS: i64 = 366;

/// Days on which a helper will not come.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewLeave {
    /// First day, today or later.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// Last day, not before the first.
    #[serde(deserialize_with = "date")]
    pub to: NaiveDate,
    /// Why, in a few words.
    pub reason: String,
}

/// A leave, and what it sent back to matching.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeaveTaken {
    /// The leave.
    pub leave: LeaveView,
    /// How many visits were given back.
    pub returned: usize,
}

fn check(body: &NewLeave, today: NaiveDate) -> Result<String> {
    let refuse = |field, zh: &str, en: &str| Err(Problem::field(field, Said::new(zh, en)).into());
    if body.from < today {
        return refuse(
            "from",
            "请假要从今天或以后开始。",
            "Leave begins today or later.",
        );
    }
    if body.to < body.from {
        return refuse(
            "to",
            "结束日期不能早于开始日期。",
            "The last day cannot be before the first.",
        );
    }
    if (body.to - body.from).num_days() > LONGEST_DAYS {
        return refuse("to", "一次请假最多一年。", "Leave is for a year at most.");
    }
    Ok(check_note(Some(&body.reason))?.unwrap_or_default())
}

/// Records leave and sends the helper's visits of those days back to matching.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn take(app: &App, acting: Acting, body: NewLeave, once: Once) -> Result<Answer> {
    let now = app.clock.now();
    let reason = check(&body, local_date(acting.caller.zone, now))?;
    // For those that are given to the helper between this look and the write, the office finds somebody.
    let back = affected(app.store.read(), &acting, &body, now).await?;
    let account = acting.caller.account;
    let answer = app
        .write_once(account, once, StatusCode::CREATED, move |txn| {
            let (acting, body, reason) = (acting.clone(), body.clone(), reason.clone());
            Box::pin(async move { write(txn, &acting, &body, reason, now).await })
        })
        .await?;
    for visit in back {
        if let Err(error) = match_now(app, visit, AssignmentSource::Rematch).await {
            tracing::error!(%error, "a visit was not matched again");
        }
    }
    Ok(answer)
}

/// The helper's visits of those days that have not begun.
async fn affected<C: ConnectionTrait>(
    db: &C,
    acting: &Acting,
    body: &NewLeave,
    now: DateTime<Utc>,
) -> Result<Vec<VisitId>> {
    let zone = acting.caller.zone;
    let rows = assignment::Entity::find()
        .filter(assignment::Column::HelperId.eq(acting.helper.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(assignment::Column::StartsAt.gte(midnight(zone, body.from).max(now)))
        .filter(assignment::Column::StartsAt.lt(midnight(zone, body.to + TimeDelta::days(1))))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.visit_id).collect())
}

async fn write(
    txn: &DatabaseTransaction,
    acting: &Acting,
    body: &NewLeave,
    reason: String,
    now: DateTime<Utc>,
) -> Result<LeaveTaken> {
    // Held, so that nobody is given a visit of these days on the strength of what was so before.
    store::hold(helper::Entity::find_by_id(acting.helper.id), txn)
        .one(txn)
        .await?;
    let row = leave::ActiveModel {
        community_id: Set(acting.caller.community),
        helper_id: Set(acting.helper.id),
        from_date: Set(body.from),
        to_date: Set(body.to),
        reason: Set(reason),
        recorded_by: Set(acting.caller.account),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let mut returned = 0;
    for visit in affected(txn, acting, body, now).await? {
        returned += usize::from(give_back(txn, acting, visit, now).await?);
    }
    note(txn, acting, acting.helper.id, &row, "leave", now).await?;
    Ok(LeaveTaken {
        leave: row.into(),
        returned,
    })
}

async fn give_back(
    txn: &DatabaseTransaction,
    acting: &Acting,
    id: VisitId,
    now: DateTime<Utc>,
) -> Result<bool> {
    let visit = locked(txn, id).await?;
    if !matches!(visit.state, VisitState::Offered | VisitState::Accepted) {
        return Ok(false);
    }
    // Somebody may have been sent instead since the visits were looked up.
    let crew = crew(txn, id).await?;
    let Some(part) = crew.iter().find(|part| part.helper_id == acting.helper.id) else {
        return Ok(false);
    };
    // Ended first, so that nobody writes to them that they need not come.
    withdraw::end(txn, part, AssignmentState::Withdrawn, None).await?;
    let name = &acting.helper.name;
    let why = Said::new(
        format!("{name}请假了，正在另找人。"),
        format!("{name} is on leave; somebody else is being looked for."),
    );
    let visit: visit::Model = withdraw::withdraw(txn, now, &visit, why).await?;
    record(txn, acting, &visit, "leave", None, now).await?;
    Ok(true)
}

/// Withdraws a leave; what was given back stays where it went.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn end(app: &App, caller: Caller, id: LeaveId) -> Result<()> {
    let db = app.store.read();
    let now = app.clock.now();
    let row = leave::Entity::find_by_id(id)
        .filter(leave::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(gone)?;
    let acting = Acting::load(db, caller, row.helper_id).await?;
    app.store
        .write(move |txn| {
            let (acting, row) = (acting.clone(), row.clone());
            Box::pin(async move {
                leave::Entity::delete_by_id(id).exec(txn).await?;
                note(txn, &acting, row.helper_id, &row, "leave-ended", now).await
            })
        })
        .await
}

async fn note(
    txn: &DatabaseTransaction,
    acting: &Acting,
    helper: HelperId,
    row: &leave::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let Caller {
        community, account, ..
    } = acting.caller;
    let object = (Subject::Leave, row.id.0);
    let change = Change::new(community, now, Some(account), object, action)
        .with_helper(helper)
        .on(row.from_date);
    audit::record(txn, change).await
}
