//! Making the visits of series: comparing what each date wants with the rows there are, and writing the difference. The
//! same comparison serves the clock, a change of the series and a change of the calendar, so that running it again, in
//! whatever process and order, changes nothing more.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{SeriesId, VisitId};
use entity::words::{AssignmentSource, ChangeKind, DateOutcome, SeriesState, Subject, VisitState};
use entity::{booking, community, resident, series, series_date, service, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, QueryOrder,
};

use super::away::is_away;
use super::queries::{calendar, days, parts, rows, shape};
use super::reckon::Wanted;
use super::{AHEAD_DAYS, LAG_DAYS, instant};
use crate::app::App;
use crate::bookings::cancel::cancel_now;
use crate::bookings::change::free_to_change;
use crate::bookings::entry::Entry;
use crate::bookings::requests::ask;
use crate::catalogue;
use crate::clock::local_date;
use crate::dispatch::{match_now, withdraw};
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, zone_of};
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::{Guard, hold};

/// How often each process looks.
const EVERY: Duration = Duration::from_secs(60);

/// What one date needs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    /// A row that came of the rule and no longer does.
    Drop(series_date::Model),
    /// A date that is to be as `Becomes` says; with the row it has.
    Put(NaiveDate, Becomes, Option<series_date::Model>),
}

/// What a date is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    Visit {
        on: NaiveDate,
        start: DateTime<Utc>,
        duration_min: i32,
    },
    Nothing(DateOutcome),
}

/// Everything that decides about a series' dates, read at one moment.
#[derive(Clone, Debug)]
struct State {
    series: series::Model,
    service: service::Model,
    community: community::Model,
    zone: Tz,
    now: DateTime<Utc>,
    steps: Vec<Step>,
    horizon: NaiveDate,
}

/// Makes the visits of every series that has not ended, and looks for somebody for each, until the program stops.
pub async fn run(app: App) {
    loop {
        match pass(&app).await {
            Ok(_) => {
                if let Ok(behind) = behind(&app, None).await
                    && !behind.is_empty()
                {
                    tracing::error!(
                        series = behind.len(),
                        "visits of series are not being made ahead"
                    );
                }
            }
            Err(error) => tracing::error!(%error, "visits of series could not be made"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look at every series. One that fails is reported and does not keep the others. Says how many dates were written.
///
/// # Errors
/// The database's.
pub async fn pass(app: &App) -> Result<usize> {
    let all = series::Entity::find()
        .filter(series::Column::State.eq(SeriesState::Active))
        .order_by_asc(series::Column::Id)
        .all(app.store.read())
        .await?;
    let mut written = 0;
    for one in all {
        match of_series(app, one.id).await {
            Ok(dates) => written += dates,
            Err(error) => {
                tracing::error!(series = %one.id, %error, "a series' visits could not be made")
            }
        }
    }
    match_waiting(app, None).await?;
    Ok(written)
}

/// The active series whose visits lag behind the four weeks.
///
/// # Errors
/// The database's.
pub async fn behind(app: &App, of: Option<&Caller>) -> Result<Vec<series::Model>> {
    let now = app.clock.now();
    let mut query = series::Entity::find().filter(series::Column::State.eq(SeriesState::Active));
    if let Some(caller) = of {
        query = query.filter(series::Column::CommunityId.eq(caller.community));
    }
    let zone = of.map_or(chrono_tz::Asia::Shanghai, |caller| caller.zone);
    let due = local_date(zone, now) + TimeDelta::days(AHEAD_DAYS - LAG_DAYS);
    Ok(query
        .all(app.store.read())
        .await?
        .into_iter()
        .filter(|one| one.generated_until.is_none_or(|until| until < due))
        .collect())
}

/// What a comparison wrote.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wrote {
    /// Dates that were written.
    pub dates: usize,
    /// Dates about which the office was asked instead.
    pub asked: usize,
}

/// Makes the visits of one series. Says how many dates were written.
///
/// # Errors
/// The database's.
pub async fn of_series(app: &App, id: SeriesId) -> Result<usize> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    let seen = read(app.store.read(), id, now).await?;
    if seen.steps.is_empty() && seen.series.generated_until >= Some(seen.horizon) {
        return Ok(0);
    }
    app.store
        .write(move |txn| {
            let seen = seen.clone();
            Box::pin(async move {
                // What was seen before the write only says that it is worth writing: it is compared again under the lock.
                let state = if guard == Guard::On {
                    held(txn, id, now).await?
                } else {
                    seen
                };
                Ok(write(txn, state, None).await?.dates)
            })
        })
        .await
}

/// The same inside a write that changed the series, for the person who did. What a family may not take back any more, the
/// office is asked to.
///
/// # Errors
/// The database's.
pub async fn after_change(
    txn: &DatabaseTransaction,
    id: SeriesId,
    now: DateTime<Utc>,
    caller: &Caller,
) -> Result<Wrote> {
    let state = held(txn, id, now).await?;
    write(txn, state, Some(caller)).await
}

async fn held(txn: &DatabaseTransaction, id: SeriesId, now: DateTime<Utc>) -> Result<State> {
    hold(series::Entity::find_by_id(id), txn).one(txn).await?;
    read(txn, id, now).await
}

async fn read<C: ConnectionTrait>(db: &C, id: SeriesId, now: DateTime<Utc>) -> Result<State> {
    let series = series::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let lost = || Error::Internal("a series without its rows".into());
    let resident = resident::Entity::find_by_id(series.resident_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let service = service::Entity::find_by_id(series.service_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let community = community::Entity::find_by_id(series.community_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let offers = entity::service_offer::Entity::find()
        .filter(entity::service_offer::Column::ServiceId.eq(service.id))
        .all(db)
        .await?;
    let zone = zone_of(&community);
    let today = local_date(zone, now);
    let horizon = today + TimeDelta::days(AHEAD_DAYS);
    let parts = parts(db, [id]).await?.remove(&id).unwrap_or_default();
    let calendar = calendar(&days(db, series.community_id, series.first_date).await?);
    // What moved from a holiday may lie ahead of us while its own date is past.
    let wanted =
        shape(&series, &parts)?.dates(&calendar, today - TimeDelta::days(AHEAD_DAYS), horizon);
    let have = rows(db, id).await?;
    let limits = catalogue::why_not(&service, &offers, &resident, today).is_some();
    let becomes = |wanted: &Wanted| match *wanted {
        Wanted::Paused => None,
        Wanted::Closed => Some(Becomes::Nothing(DateOutcome::Holiday)),
        Wanted::Serve { on, .. } if is_away(&resident, on) => {
            Some(Becomes::Nothing(DateOutcome::Away))
        }
        Wanted::Serve { .. } if limits => Some(Becomes::Nothing(DateOutcome::Limits)),
        Wanted::Serve {
            on,
            start_min,
            duration_min,
        } => {
            let start = instant(zone, on, start_min);
            (start >= series.not_before).then_some(Becomes::Visit {
                on,
                start,
                duration_min,
            })
        }
    };
    let mut steps = Vec::new();
    let by_hand = |on: NaiveDate, date: NaiveDate| {
        have.iter()
            .any(|row| row.by_hand && row.served_on == Some(on) && row.date != date)
    };
    for row in &have {
        let over = row.start.map_or(row.date < today, |start| start <= now);
        let kept = row.by_hand
            && series
                .last_date
                .is_none_or(|last| row.served_on.unwrap_or(row.date) <= last);
        if over || kept {
            continue;
        }
        if row.by_hand || wanted.get(&row.date).and_then(becomes).is_none() {
            steps.push(Step::Drop(row.clone()));
        }
    }
    for (date, wanted) in &wanted {
        let Some(becomes) = becomes(wanted) else {
            continue;
        };
        // A day that a person gave to another date of the series is taken.
        let becomes = match becomes {
            Becomes::Visit { on, .. } if by_hand(on, *date) => {
                Becomes::Nothing(DateOutcome::Skipped)
            }
            other => other,
        };
        let row = have.iter().find(|row| row.date == *date);
        let over = match becomes {
            Becomes::Visit { start, .. } => start <= now,
            Becomes::Nothing(_) => *date < today,
        } || row.is_some_and(|row| row.start.is_some_and(|start| start <= now));
        if over || row.is_some_and(|row| row.by_hand || is_so(row, becomes)) {
            continue;
        }
        steps.push(Step::Put(*date, becomes, row.cloned()));
    }
    // Days are given up before others move onto them.
    steps.sort_by_key(|step| match step {
        Step::Drop(_) => 0,
        Step::Put(_, Becomes::Nothing(_), _) => 1,
        Step::Put(..) => 2,
    });
    Ok(State {
        series,
        service,
        community,
        zone,
        now,
        steps,
        horizon,
    })
}

fn is_so(row: &series_date::Model, becomes: Becomes) -> bool {
    match becomes {
        Becomes::Nothing(outcome) => row.outcome == outcome,
        Becomes::Visit {
            on,
            start,
            duration_min,
        } => {
            row.outcome == DateOutcome::Booked
                && (row.served_on, row.start, row.duration_min)
                    == (Some(on), Some(start), Some(duration_min))
        }
    }
}

async fn write(txn: &DatabaseTransaction, state: State, caller: Option<&Caller>) -> Result<Wrote> {
    let mut wrote = Wrote::default();
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
                let booking = self.book(txn, start, duration_min, caller).await?;
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
    ) -> Result<entity::ids::BookingId> {
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
    by: Option<entity::ids::AccountId>,
    now: DateTime<Utc>,
) -> Result<(entity::ids::BookingId, visit::Model)> {
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

/// A row on which nothing is served.
#[must_use]
pub fn nothing(outcome: DateOutcome) -> series_date::ActiveModel {
    series_date::ActiveModel {
        outcome: Set(outcome),
        served_on: Set(None),
        start: Set(None),
        duration_min: Set(None),
        booking_id: Set(None),
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
    booking: entity::ids::BookingId,
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

/// Looks for somebody for every visit of series for which nobody was looked for yet, also where a process stopped between
/// the two. In the order of their start, so that the face of the first is familiar at the next.
///
/// # Errors
/// The database's.
pub async fn match_waiting(app: &App, of: Option<SeriesId>) -> Result<()> {
    let db = app.store.read();
    let mut query = series_date::Entity::find()
        .filter(series_date::Column::Matched.eq(false))
        .filter(series_date::Column::BookingId.is_not_null())
        .order_by_asc(series_date::Column::Start);
    if let Some(of) = of {
        query = query.filter(series_date::Column::SeriesId.eq(of));
    }
    for (row, booking) in query.find_also_related(booking::Entity).all(db).await? {
        let Some(booking) = booking else { continue };
        let visit: Option<VisitId> = visit::Entity::find()
            .filter(visit::Column::BookingId.eq(booking.id))
            .filter(visit::Column::State.eq(VisitState::Unfilled))
            .filter(visit::Column::StartsAt.gt(app.clock.now()))
            .one(db)
            .await?
            .map(|visit| visit.id);
        if let Some(visit) = visit {
            match_now(app, visit, AssignmentSource::Booking).await?;
        }
        app.store
            .write(move |txn| {
                Box::pin(async move {
                    series_date::ActiveModel {
                        id: Set(row.id),
                        matched: Set(true),
                        ..Default::default()
                    }
                    .update(txn)
                    .await?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

/// Records what was done to a series.
///
/// # Errors
/// The database's.
pub async fn record(
    txn: &DatabaseTransaction,
    series: &series::Model,
    by: &Caller,
    action: &'static str,
    date: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Series, series.id.0);
    let mut change = Change::new(series.community_id, now, Some(by.account), object, action);
    change.resident = Some(series.resident_id);
    change.date = date;
    audit::record(txn, change).await
}
