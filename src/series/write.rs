//! Writing what a comparison found, and the rows of a series' dates.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, BookingId, SeriesId};
use entity::words::{ChangeKind, DateOutcome, SeriesState, VisitState};
use entity::{series, series_date, service, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, ModelTrait, QueryFilter,
};

use super::compare::{Becomes, State, Step};
use crate::bookings::cancel::{cancel_now, reopen};
use crate::bookings::change::free_to_change;
use crate::bookings::entry::Entry;
use crate::bookings::requests::ask;
use crate::clock::local_date;
use crate::dispatch::withdraw;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::hold;
use crate::visits::pausing::RESUMED;

/// What a comparison wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrote {
    /// Dates that were written.
    pub dates: usize,
    /// Dates about which the office was asked instead.
    pub asked: usize,
}

/// Writes it.
///
/// # Errors
/// The database's; the unique keys refuse a date twice.
pub(super) async fn write(
    txn: &DatabaseTransaction,
    state: State,
    caller: Option<&Caller>,
) -> Result<Wrote> {
    let mut wrote = Wrote::default();
    if state.series.state == SeriesState::Ended {
        return Ok(wrote);
    }
    // Days change hands among the dates of a series: all are let go before any is taken.
    for step in &state.steps {
        if let Step::Put(_, Becomes::Visit { on, .. }, Some(row)) = step
            && row.served_on.is_some_and(|served| served != *on)
        {
            series_date::ActiveModel {
                id: Set(row.id),
                served_on: Set(None),
                ..Default::default()
            }
            .update(txn)
            .await?;
        }
    }
    for step in &state.steps {
        let done = match step {
            Step::Drop(row) => state.drop_row(txn, row, caller).await?,
            Step::Put(date, becomes, row) => {
                state
                    .put(txn, *date, *becomes, row.as_ref(), caller)
                    .await?
            }
        };
        if done {
            wrote.dates += 1;
        } else {
            wrote.asked += 1;
        }
    }
    let over = state
        .series
        .last_date
        .is_some_and(|last| last < local_date(state.zone, state.now));
    series::ActiveModel {
        id: Set(state.series.id),
        state: Set(if over {
            SeriesState::Ended
        } else {
            SeriesState::Active
        }),
        generated_until: Set(Some(state.horizon)),
        generated_at: Set(Some(state.now)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(wrote)
}

impl State {
    async fn drop_row(
        &self,
        txn: &DatabaseTransaction,
        row: &series_date::Model,
        caller: Option<&Caller>,
    ) -> Result<bool> {
        if !self.take_back(txn, row, caller).await? {
            return self.leave_alone(txn, row).await;
        }
        row.clone().delete(txn).await?;
        Ok(true)
    }

    /// The office was asked: until it decides, the date stays as it is. Says no, for it was not done.
    async fn leave_alone(
        &self,
        txn: &DatabaseTransaction,
        row: &series_date::Model,
    ) -> Result<bool> {
        series_date::ActiveModel {
            id: Set(row.id),
            by_hand: Set(true),
            served_on: Set(row.served_on),
            ..Default::default()
        }
        .update(txn)
        .await?;
        Ok(false)
    }

    async fn put(
        &self,
        txn: &DatabaseTransaction,
        date: NaiveDate,
        becomes: Becomes,
        row: Option<&series_date::Model>,
        caller: Option<&Caller>,
    ) -> Result<bool> {
        match becomes {
            Becomes::Nothing(outcome) => {
                if let Some(row) = row
                    && !self.take_back(txn, row, caller).await?
                {
                    return self.leave_alone(txn, row).await;
                }
                keep(txn, self.series.id, date, row, nothing(outcome)).await
            }
            Becomes::Visit {
                on,
                start,
                duration_min,
            } => {
                if let Some((row, visit)) = self.visit_of(txn, row).await? {
                    if caller.is_some_and(|caller| {
                        !free_to_change(caller, &visit, self.community.cutoff_hours, self.now)
                    }) {
                        if let Some(caller) = caller {
                            ask(
                                txn,
                                caller,
                                &visit,
                                ChangeKind::Move,
                                Some(start),
                                "",
                                self.now,
                            )
                            .await?;
                        }
                        return self.leave_alone(txn, row).await;
                    }
                    self.shift(txn, &visit, start, duration_min).await?;
                    let after = booked(on, start, duration_min, visit.booking_id);
                    return keep(txn, self.series.id, date, Some(row), after).await;
                }
                let booking = match self.revive(txn, row, start).await? {
                    Some(booking) => booking,
                    None => self.book(txn, start, duration_min, caller).await?,
                };
                keep(
                    txn,
                    self.series.id,
                    date,
                    row,
                    booked(on, start, duration_min, booking),
                )
                .await
            }
        }
    }

    /// The booking that a pause had cancelled, where its time is the same: it goes on, so that the kitchen that has counted it
    /// cooks what was chosen. Whatever a person left out by hand stays out.
    async fn revive(
        &self,
        txn: &DatabaseTransaction,
        row: Option<&series_date::Model>,
        start: DateTime<Utc>,
    ) -> Result<Option<BookingId>> {
        let rests = |row: &&series_date::Model| row.outcome == DateOutcome::Skipped && !row.by_hand;
        let Some(booking) = row.filter(rests).and_then(|row| row.booking_id) else {
            return Ok(None);
        };
        let visit = visit::Entity::find().filter(visit::Column::BookingId.eq(booking));
        let Some(visit) = hold(visit, txn).one(txn).await? else {
            return Ok(None);
        };
        if visit.state != VisitState::Cancelled || visit.starts_at != start || start <= self.now {
            return Ok(None);
        }
        reopen(txn, booking).await?;
        let (why, version) = (searching(), visit.version + 1);
        let mut waits = visit.into_active_model();
        waits.state = Set(VisitState::Unfilled);
        waits.version = Set(version);
        waits.unfilled_zh = Set(Some(why.zh));
        waits.unfilled_en = Set(Some(why.en));
        waits.unfilled_since = Set(Some(self.now));
        let visit = waits.update(txn).await?;
        let change = Change::of_visit(&visit, self.zone, self.now, None, RESUMED);
        audit::record(txn, change).await?;
        Ok(Some(booking))
    }

    /// The visit behind a row, while it can still be changed.
    async fn visit_of<'a>(
        &self,
        txn: &DatabaseTransaction,
        row: Option<&'a series_date::Model>,
    ) -> Result<Option<(&'a series_date::Model, visit::Model)>> {
        let Some((row, booking)) = row.and_then(|row| Some((row, row.booking_id?))) else {
            return Ok(None);
        };
        let visit = hold(
            visit::Entity::find().filter(visit::Column::BookingId.eq(booking)),
            txn,
        )
        .one(txn)
        .await?;
        Ok(visit
            .filter(|visit| {
                matches!(
                    visit.state,
                    VisitState::Unfilled | VisitState::Offered | VisitState::Accepted
                ) && visit.starts_at > self.now
            })
            .map(|visit| (row, visit)))
    }

    /// Cancels the visit behind a row. No where a family may not any more, and the office was asked.
    async fn take_back(
        &self,
        txn: &DatabaseTransaction,
        row: &series_date::Model,
        caller: Option<&Caller>,
    ) -> Result<bool> {
        let Some((_, visit)) = self.visit_of(txn, Some(row)).await? else {
            return Ok(true);
        };
        let hours = self.community.cutoff_hours;
        let why = "周期预约有变动 / The series was changed";
        if let Some(caller) = caller
            && !free_to_change(caller, &visit, hours, self.now)
        {
            ask(txn, caller, &visit, ChangeKind::Cancel, None, why, self.now).await?;
            return Ok(false);
        }
        let late = !crate::visits::before_cutoff(&visit, hours, self.now);
        cancel_now(
            txn,
            (caller.map(|caller| caller.account), self.zone),
            &visit,
            why,
            late,
            self.now,
        )
        .await?;
        Ok(true)
    }

    /// Another time: whoever was to come is told, and somebody is looked for anew.
    async fn shift(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        start: DateTime<Utc>,
        duration_min: i32,
    ) -> Result<()> {
        let visit = withdraw::withdraw(txn, self.now, visit, searching()).await?;
        let mut row = visit.into_active_model();
        row.starts_at = Set(start);
        row.ends_at = Set(start + TimeDelta::minutes(i64::from(duration_min)));
        row.window_from = Set(start);
        row.window_to = Set(start);
        row.asked_start = Set(start);
        row.duration_min = Set(duration_min);
        let visit = row.update(txn).await?;
        let change = Change::of_visit(&visit, self.zone, self.now, None, "moved");
        audit::record(txn, change).await
    }

    async fn book(
        &self,
        txn: &DatabaseTransaction,
        start: DateTime<Utc>,
        duration_min: i32,
        caller: Option<&Caller>,
    ) -> Result<BookingId> {
        let by = caller.map(|caller| caller.account);
        let (booking, _) = enter(
            txn,
            (&self.series, &self.service, self.zone),
            start,
            duration_min,
            by,
            self.now,
        )
        .await?;
        Ok(booking)
    }
}

/// Enters a booking of a series.
///
/// # Errors
/// The database's.
pub async fn enter(
    txn: &DatabaseTransaction,
    (series, service, zone): (&series::Model, &service::Model, Tz),
    start: DateTime<Utc>,
    duration_min: i32,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<(BookingId, visit::Model)> {
    Entry {
        community: series.community_id,
        zone,
        resident: series.resident_id,
        service,
        duration_min,
        wish: series.wish_helper_id,
        booked_by: series.made_by,
        channel: series.channel,
        start,
        window: (start, start),
        note: series.note.clone(),
        why: searching(),
    }
    .insert(txn, now, by)
    .await
}

fn searching() -> Said {
    Said::new("正在找人。", "Somebody is being looked for.")
}

/// A row on which nothing is served. It still names the booking that was cancelled: the kitchen counts by its dish.
#[must_use]
pub fn nothing(outcome: DateOutcome) -> series_date::ActiveModel {
    series_date::ActiveModel {
        outcome: Set(outcome),
        served_on: Set(None),
        start: Set(None),
        duration_min: Set(None),
        by_hand: Set(false),
        matched: Set(true),
        ..Default::default()
    }
}

/// A row that became a booking.
#[must_use]
pub fn booked(
    on: NaiveDate,
    start: DateTime<Utc>,
    duration_min: i32,
    booking: BookingId,
) -> series_date::ActiveModel {
    series_date::ActiveModel {
        outcome: Set(DateOutcome::Booked),
        served_on: Set(Some(on)),
        start: Set(Some(start)),
        duration_min: Set(Some(duration_min)),
        booking_id: Set(Some(booking)),
        by_hand: Set(false),
        matched: Set(false),
        ..Default::default()
    }
}

/// Keeps what a date became, in the row it has or a new one.
///
/// # Errors
/// The database's; the unique keys refuse a date twice.
pub async fn keep(
    txn: &DatabaseTransaction,
    series: SeriesId,
    date: NaiveDate,
    row: Option<&series_date::Model>,
    mut after: series_date::ActiveModel,
) -> Result<bool> {
    if let Some(row) = row {
        after.id = Set(row.id);
        after.update(txn).await?;
    } else {
        after.series_id = Set(series);
        after.date = Set(date);
        after.insert(txn).await?;
    }
    Ok(true)
}
