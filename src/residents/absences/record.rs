//! Writing down that somebody is away, until when, and that it was a mistake: what is booked follows in the same write.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AbsenceId, ResidentId, VisitId};
use entity::words::{AbsenceKind, ResidentState, SignupEnd, Subject};
use entity::{absence, resident};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::views::{Absence, absence_view};
use super::{Time, away_on, away_sentence};
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::notify;
use crate::residents::ON_THE_ROLL;
use crate::said::Said;
use crate::station::returns;
use crate::store;
use crate::store::audit::{self, Change};
use crate::visits::pausing::{self, Hand, NOT_BEGUN};

/// What is written down of a time away.
#[derive(Clone, Debug)]
pub struct Told {
    /// Where they are.
    pub kind: AbsenceKind,
    /// From when until when.
    pub time: Time,
    /// In the office's words.
    pub note: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AwayChanged {
    /// The time away as it is now.
    pub absence: Absence,
    /// How many visits were paused by this.
    pub paused: usize,
    /// How many came back into matching.
    pub resumed: usize,
    /// How many sessions of the station they were taken off.
    pub sessions: usize,
    /// In how many they have a seat or their turn on the waitlist again.
    pub sessions_back: usize,
    /// Which came back.
    #[serde(skip)]
    pub back: Vec<VisitId>,
}

/// Writes down that somebody is away.
///
/// # Errors
/// `not-now` where they are not on the roll, `invalid` where the time meets another, or the database's.
pub async fn begin(
    txn: &DatabaseTransaction,
    caller: &Caller,
    resident: ResidentId,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<AwayChanged> {
    let resident = held(txn, resident).await?;
    refuse_overlap(txn, &resident, told.time, None).await?;
    let row = absence::ActiveModel {
        community_id: Set(resident.community_id),
        resident_id: Set(resident.id),
        kind: Set(told.kind),
        from_date: Set(told.time.from),
        back_on: Set(told.time.back),
        note: Set(told.note.clone()),
        recorded_by: Set(Some(caller.account)),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    settle(txn, hand(caller, now), &resident, row, caller, "away").await
}

/// Changes what is known of a time away, most often the day of return.
///
/// # Errors
/// `not-found`, `not-now`, `invalid`, or the database's.
pub async fn change(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: AbsenceId,
    told: &Told,
    now: DateTime<Utc>,
) -> Result<AwayChanged> {
    let row = of_caller(txn, caller, id).await?;
    let resident = held(txn, row.resident_id).await?;
    refuse_overlap(txn, &resident, told.time, Some(id)).await?;
    let row = absence::ActiveModel {
        id: Set(id),
        kind: Set(told.kind),
        from_date: Set(told.time.from),
        back_on: Set(told.time.back),
        note: Set(told.note.clone()),
        ..Default::default()
    }
    .update(txn)
    .await?;
    settle(
        txn,
        hand(caller, now),
        &resident,
        row,
        caller,
        "away-changed",
    )
    .await
}

/// Takes a time away back as written down by mistake: everything it paused that is still ahead comes back.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn withdraw(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: AbsenceId,
    now: DateTime<Utc>,
) -> Result<AwayChanged> {
    let row = of_caller(txn, caller, id).await?;
    let resident = held(txn, row.resident_id).await?;
    let row = absence::ActiveModel {
        id: Set(row.id),
        withdrawn_at: Set(Some(now)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    settle(
        txn,
        hand(caller, now),
        &resident,
        row,
        caller,
        "away-withdrawn",
    )
    .await
}

fn hand(caller: &Caller, now: DateTime<Utc>) -> Hand {
    Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    }
}

async fn of_caller(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: AbsenceId,
) -> Result<absence::Model> {
    absence::Entity::find_by_id(id)
        .filter(absence::Column::CommunityId.eq(caller.community))
        .filter(absence::Column::WithdrawnAt.is_null())
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// The resident, held so that nobody books for them meanwhile.
async fn held(txn: &DatabaseTransaction, id: ResidentId) -> Result<resident::Model> {
    let resident = store::hold(resident::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(Problem::not_found)?;
    if ON_THE_ROLL.contains(&resident.state) {
        Ok(resident)
    } else {
        Err(Problem::not_now(Said::new(
            "这位老人已经不在花名册上。",
            "This resident is no longer on the roll.",
        ))
        .into())
    }
}

async fn refuse_overlap(
    txn: &DatabaseTransaction,
    resident: &resident::Model,
    time: Time,
    but: Option<AbsenceId>,
) -> Result<()> {
    let others = super::from_day_on(txn, resident.id, time.from).await?;
    let Some(other) = others
        .iter()
        .find(|other| Some(other.id) != but && Time::from(*other).meets(time))
    else {
        return Ok(());
    };
    let said = away_sentence(other);
    Err(Problem::field(
        "from",
        Said::new(
            format!(
                "这段时间与已登记的一次重叠（{}起，{}）。请改那一次的日期。",
                other.from_date.format("%-m月%-d日"),
                said.zh
            ),
            format!(
                "This time meets another that is written down (from {}: {}). Change the dates of that one.",
                other.from_date.format("%-d %B"),
                said.en
            ),
        ),
    )
    .into())
}

/// Pauses what lies in the time away, and lets come back what it paused and no longer covers.
async fn settle(
    txn: &DatabaseTransaction,
    hand: Hand,
    resident: &resident::Model,
    row: absence::Model,
    caller: &Caller,
    action: &'static str,
) -> Result<AwayChanged> {
    let covered =
        |visit: &entity::visit::Model| super::is_away(&row, local_date(hand.zone, visit.starts_at));
    let mut back = Vec::new();
    for visit in pausing::paused_by(txn, row.id).await? {
        if !covered(&visit) && pausing::resume(txn, hand, visit.id).await? {
            back.push(visit.id);
        }
    }
    let mut paused = 0;
    for visit in pausing::ahead(txn, resident.id, hand.now, &NOT_BEGUN).await? {
        if covered(&visit) {
            paused += usize::from(pausing::pause(txn, hand, visit.id, row.id).await?);
        }
    }
    if paused > 0 {
        notify::away::paused(txn, hand, &row).await?;
    }
    if !back.is_empty() {
        notify::away::resumed(txn, hand, &row).await?;
    }
    let end = (SignupEnd::Away, true);
    let sessions =
        returns::take_off(txn, hand, resident.id, end, |day| super::is_away(&row, day)).await?;
    let sessions_back = returns::restore(txn, hand, resident.id).await?;
    keep_state(txn, resident, local_date(hand.zone, hand.now)).await?;
    let object = (Subject::Absence, row.id.0);
    let change = Change::new(row.community_id, hand.now, hand.by, object, action).on(row.from_date);
    audit::record(
        txn,
        Change {
            resident: Some(resident.id),
            note: row.note.clone(),
            ..change
        },
    )
    .await?;
    Ok(AwayChanged {
        absence: absence_view(txn, &row, caller.lang, local_date(hand.zone, hand.now)).await?,
        paused,
        resumed: back.len(),
        sessions,
        sessions_back,
        back,
    })
}

/// Writes into the resident's row whether they are away today.
///
/// # Errors
/// The database's.
pub(in crate::residents) async fn keep_state(
    txn: &DatabaseTransaction,
    resident: &resident::Model,
    today: NaiveDate,
) -> Result<()> {
    let state = match away_on(txn, resident.id, today).await? {
        Some(_) => ResidentState::Paused,
        None => ResidentState::Active,
    };
    if ON_THE_ROLL.contains(&resident.state) && state != resident.state {
        resident::ActiveModel {
            id: Set(resident.id),
            state: Set(state),
            ..Default::default()
        }
        .update(txn)
        .await?;
    }
    Ok(())
}
