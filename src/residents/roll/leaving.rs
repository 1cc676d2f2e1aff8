//! Who leaves the roll: they died, or moved away for good. What is booked ends with it; a mistake can be undone.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{ResidentId, SeriesId, VisitId};
use entity::words::{Departure, ResidentState, SignupEnd, VisitState};
use entity::{booking, resident, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::{held, note};
use crate::bookings::cancel::{Ending, end_visit, reopen};
use crate::calls;
use crate::clock::local_date;
use crate::dispatch::place::locked;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::date;
use crate::residents::ON_THE_ROLL;
use crate::residents::absences::{away_on, record::keep_state};
use crate::residents::fields;
use crate::said::{Said, pick};
use crate::series::{departure, generate};
use crate::station::returns;
use crate::visits::pausing::{self, Hand};

/// Days back that somebody may have left.
const TOLD_LATE_DAYS: i64 = 366;

/// That somebody left.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Leaving {
    /// How.
    pub how: Departure,
    /// On which day; today or earlier.
    #[serde(deserialize_with = "date")]
    pub on: NaiveDate,
    /// Anything to add, 200 characters at most.
    #[serde(default)]
    pub note: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LeftOrBack {
    /// The resident.
    pub id: ResidentId,
    /// How many visits were cancelled by this.
    pub cancelled: usize,
    /// How many came back.
    pub restored: usize,
    /// Which came back.
    #[serde(skip)]
    pub back: Vec<VisitId>,
    /// Which series run again.
    #[serde(skip)]
    pub series: Vec<SeriesId>,
}

impl Leaving {
    /// The same as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub fn check(mut self, today: NaiveDate) -> Result<Self> {
        if self.on > today || self.on < today - TimeDelta::days(TOLD_LATE_DAYS) {
            return Err(Problem::field(
                "on",
                Said::new(
                    "日期应在过去一年到今天之间；还没搬走的，请先登记外出。",
                    "The day is within the past year, today at the latest; for a move that is still to come, record a time away.",
                ),
            )
            .into());
        }
        self.note = fields::note(&self.note.unwrap_or_default())
            .map_err(|said| Problem::field("note", said))?;
        Ok(self)
    }
}

fn hand(caller: &Caller, now: DateTime<Utc>) -> Hand {
    Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    }
}

/// Closes a file: series end, every visit ahead is cancelled with the reason, its helpers are told. Of a death nothing is
/// written to the family, and nobody calls back who had promised to.
///
/// # Errors
/// `not-now` where they have left already, or the database's.
pub async fn leave(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    leaving: &Leaving,
    now: DateTime<Utc>,
) -> Result<LeftOrBack> {
    departure::hold_running(txn, id).await?;
    let row = held(txn, id).await?;
    if !ON_THE_ROLL.contains(&row.state) {
        return Err(gone().into());
    }
    let (state, reason, action) = match leaving.how {
        Departure::Died => (
            ResidentState::Died,
            pick(caller.lang, "老人去世", "The resident has died"),
            "died",
        ),
        Departure::Moved => (
            ResidentState::Moved,
            pick(caller.lang, "老人已迁出", "The resident has moved away"),
            "moved-away",
        ),
    };
    resident::ActiveModel {
        id: Set(id),
        state: Set(state),
        left_on: Set(Some(leaving.on)),
        left_at: Set(Some(now)),
        version: Set(row.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let hand = hand(caller, now);
    // First, so that no series makes another visit beside what is cancelled.
    departure::end(txn, hand, id, leaving.on).await?;
    if leaving.how == Departure::Died {
        calls::leaving::close(txn, hand, &row, reason).await?;
    }
    let mut waiting = pausing::NOT_BEGUN.to_vec();
    waiting.push(VisitState::Paused);
    let end = Ending {
        reason,
        late: false,
        family_hears: leaving.how != Departure::Died,
    };
    let mut cancelled = 0;
    for visit in pausing::ahead(txn, id, now, &waiting).await? {
        let visit = locked(txn, visit.id).await?;
        if waiting.contains(&visit.state) {
            end_visit(txn, hand, &visit, end).await?;
            cancelled += 1;
        }
    }
    let end = (SignupEnd::Left, leaving.how != Departure::Died);
    returns::take_off(txn, hand, id, end, |_| true).await?;
    note(txn, caller, id, action, leaving.note.clone(), now).await?;
    Ok(LeftOrBack {
        id,
        cancelled,
        restored: 0,
        back: Vec::new(),
        series: Vec::new(),
    })
}

fn gone() -> Problem {
    Problem::not_now(Said::new(
        "这位老人已经不在花名册上。",
        "This resident is no longer on the roll.",
    ))
}

/// Opens a file again that was closed by mistake, or of somebody who came back: what the closing cancelled and is still
/// ahead is looked for again, or waits where they are away; series that ended with it run again, and what became due
/// meanwhile is made.
///
/// # Errors
/// `not-now` where the file is not closed, or the database's.
pub async fn come_back(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    now: DateTime<Utc>,
) -> Result<LeftOrBack> {
    let row = held(txn, id).await?;
    if ON_THE_ROLL.contains(&row.state) {
        return Err(
            Problem::not_now(Said::new("这份档案没有关闭。", "This file is not closed.")).into(),
        );
    }
    let closed_at = row.left_at;
    let open = resident::ActiveModel {
        id: Set(id),
        state: Set(ResidentState::Active),
        left_on: Set(None),
        left_at: Set(None),
        version: Set(row.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    keep_state(txn, &open, local_date(caller.zone, now)).await?;
    let mut back = Vec::new();
    let mut series = Vec::new();
    let mut restored = 0;
    if let Some(closed_at) = closed_at {
        for visit in cancelled_at(txn, id, closed_at, now).await? {
            restored += 1;
            if restore(txn, caller, &visit, now).await? {
                back.push(visit.id);
            }
        }
        let hand = hand(caller, now);
        calls::leaving::open_again(txn, hand, &row, closed_at).await?;
        series = departure::run_again(txn, hand, id, closed_at).await?;
        for one in &series {
            generate::after_change(txn, *one, now, caller).await?;
        }
    }
    note(txn, caller, id, "came-back", None, now).await?;
    Ok(LeftOrBack {
        id,
        cancelled: 0,
        restored,
        back,
        series,
    })
}

/// What was cancelled at that instant and is still ahead.
async fn cancelled_at(
    txn: &DatabaseTransaction,
    id: ResidentId,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Vec<visit::Model>> {
    let bookings: Vec<_> = booking::Entity::find()
        .filter(booking::Column::ResidentId.eq(id))
        .filter(booking::Column::CancelledAt.eq(at))
        .all(txn)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    Ok(pausing::ahead(txn, id, now, &[VisitState::Cancelled])
        .await?
        .into_iter()
        .filter(|visit| bookings.contains(&visit.booking_id))
        .collect())
}

/// Lets a cancelled visit wait again: for a helper, or for the resident's return. Says whether it waits for a helper.
async fn restore(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    now: DateTime<Utc>,
) -> Result<bool> {
    let hand = hand(caller, now);
    reopen(txn, visit.booking_id).await?;
    let absence = away_on(
        txn,
        visit.resident_id,
        local_date(caller.zone, visit.starts_at),
    )
    .await?;
    // As if it had been paused: coming back from there is written down like every return.
    visit::ActiveModel {
        id: Set(visit.id),
        state: Set(VisitState::Paused),
        absence_id: Set(absence.as_ref().map(|absence| absence.id)),
        version: Set(visit.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    match absence {
        Some(_) => Ok(false),
        None => pausing::resume(txn, hand, visit.id).await,
    }
}
