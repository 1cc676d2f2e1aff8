//! One date of a series: left out, moved, added back. What a person decides for one date stays, whatever the rule says later.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::BookingId;
use entity::words::{ChangeKind, DateOutcome, SeriesState, VisitState};
use entity::{series, series_date, service, visit};
use sea_orm::{ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::generate::{match_waiting, record};
use super::make::refuse;
use super::preview::view;
use super::queries::{SeenSeries, parts, shape};
use super::views::{OneDate, SeriesChanged, Served};
use super::write::{booked, enter, keep, nothing};
use super::{AHEAD_DAYS, check_dish, instant};
use crate::app::App;
use crate::bookings::cancel::cancel_now;
use crate::bookings::change::free_to_change;
use crate::bookings::requests::ask;
use crate::bookings::times::team_of;
use crate::clock::{local_date, on_grid};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::hold;

/// What both need to know.
#[derive(Clone, Debug)]
struct Hand {
    caller: Caller,
    id: entity::ids::SeriesId,
    cutoff_hours: i32,
    now: DateTime<Utc>,
}

impl Hand {
    async fn of(app: &App, seen: &SeenSeries) -> Result<Self> {
        let booked = seen.seen.clone().booked()?;
        let cutoff_hours = team_of(app, &booked.caller, app.clock.now())
            .await?
            .community
            .cutoff_hours;
        Ok(Self {
            caller: booked.caller.clone(),
            id: seen.series.id,
            cutoff_hours,
            now: app.clock.now(),
        })
    }

    /// The series under its lock, while it goes on.
    async fn series(&self, txn: &DatabaseTransaction) -> Result<series::Model> {
        let series = hold(series::Entity::find_by_id(self.id), txn)
            .one(txn)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        if series.state == SeriesState::Ended {
            return Err(over().into());
        }
        Ok(series)
    }

    async fn row(
        &self,
        txn: &DatabaseTransaction,
        date: NaiveDate,
    ) -> Result<Option<series_date::Model>> {
        Ok(series_date::Entity::find()
            .filter(series_date::Column::SeriesId.eq(self.id))
            .filter(series_date::Column::Date.eq(date))
            .one(txn)
            .await?)
    }

    /// The visit of a booking, unless it was cancelled.
    async fn visit(
        &self,
        txn: &DatabaseTransaction,
        booking: Option<BookingId>,
    ) -> Result<Option<visit::Model>> {
        let Some(booking) = booking else {
            return Ok(None);
        };
        Ok(hold(
            visit::Entity::find().filter(visit::Column::BookingId.eq(booking)),
            txn,
        )
        .one(txn)
        .await?
        .filter(|visit| visit.state != VisitState::Cancelled))
    }

    async fn answer(&self, txn: &DatabaseTransaction, done: bool) -> Result<SeriesChanged> {
        Ok(SeriesChanged {
            series: view(txn, &self.caller, self.id, self.now, true).await?,
            done,
        })
    }

    /// Cancels, or asks the office to. Says whether it was done.
    async fn take_back(&self, txn: &DatabaseTransaction, visit: &visit::Model) -> Result<bool> {
        crate::bookings::change::still_open(visit, self.now)?;
        let why = "这次不要了 / Left out of the series";
        if !free_to_change(&self.caller, visit, self.cutoff_hours, self.now) {
            ask(
                txn,
                &self.caller,
                visit,
                ChangeKind::Cancel,
                None,
                why,
                self.now,
            )
            .await?;
            return Ok(false);
        }
        let late = !crate::visits::before_cutoff(visit, self.cutoff_hours, self.now);
        let by = (Some(self.caller.account), self.caller.zone);
        cancel_now(txn, by, visit, why, late, self.now).await?;
        Ok(true)
    }

    async fn skip(&self, txn: &DatabaseTransaction, date: NaiveDate) -> Result<SeriesChanged> {
        let series = self.series(txn).await?;
        let today = local_date(self.caller.zone, self.now);
        let row = self.row(txn, date).await?;
        if row.is_none() && (date < today || !self.named(txn, &series, date).await?) {
            return Err(no_such_date());
        }
        let visit = self
            .visit(txn, row.as_ref().and_then(|row| row.booking_id))
            .await?;
        if let Some(visit) = visit
            && !self.take_back(txn, &visit).await?
        {
            record(
                txn,
                &series,
                &self.caller,
                "series_date_asked",
                Some(date),
                self.now,
            )
            .await?;
            return self.answer(txn, false).await;
        }
        let mut after = nothing(DateOutcome::Skipped);
        after.by_hand = Set(true);
        keep(txn, self.id, date, row.as_ref(), after).await?;
        record(
            txn,
            &series,
            &self.caller,
            "series_date_skipped",
            Some(date),
            self.now,
        )
        .await?;
        self.answer(txn, true).await
    }

    async fn named(
        &self,
        txn: &DatabaseTransaction,
        series: &series::Model,
        date: NaiveDate,
    ) -> Result<bool> {
        let parts = parts(txn, [self.id])
            .await?
            .remove(&self.id)
            .unwrap_or_default();
        let calendar = super::queries::calendar(
            &super::queries::days(txn, series.community_id, series.first_date).await?,
        );
        Ok(shape(series, &parts)?
            .dates(&calendar, date, date)
            .contains_key(&date))
    }

    async fn serve(&self, txn: &DatabaseTransaction, body: &Served) -> Result<SeriesChanged> {
        let series = self.series(txn).await?;
        let parts = parts(txn, [self.id])
            .await?
            .remove(&self.id)
            .unwrap_or_default();
        let shape = shape(&series, &parts)?;
        let part = shape
            .part(body.date)
            .or(shape.parts.first())
            .ok_or_else(no_such_date)?;
        let row = self.row(txn, body.date).await?;
        let zone = self.caller.zone;
        let start = body
            .start
            .unwrap_or_else(|| instant(zone, body.date, part.start_min));
        let on = local_date(zone, start);
        self.check(start, on)?;
        if series.last_date.is_some_and(|last| on > last) {
            return Err(refuse(
                "start",
                "周期预约在这之前就结束了。",
                "The series ends before that.",
            ));
        }
        let taken = series_date::Entity::find()
            .filter(series_date::Column::SeriesId.eq(self.id))
            .filter(series_date::Column::ServedOn.eq(on))
            .filter(series_date::Column::Date.ne(body.date))
            .one(txn)
            .await?;
        if taken.is_some() {
            return Err(refuse(
                "start",
                "这一天这个周期已经有一次了。",
                "The series comes on that day already.",
            ));
        }
        let dish = check_dish(body.dish.as_deref().unwrap_or_default())?;
        let before = self
            .visit(txn, row.as_ref().and_then(|row| row.booking_id))
            .await?;
        let same = before
            .as_ref()
            .is_some_and(|visit| visit.starts_at == start);
        if let Some(visit) = &before
            && !(same && body.dish.is_none())
            && !free_to_change(&self.caller, visit, self.cutoff_hours, self.now)
        {
            let (kind, wanted) = (ChangeKind::Move, Some(start));
            if same {
                return Err(Problem::not_now(Said::new(
                    "已经过了截止时间，厨房开始备餐了，不能再换菜。请打电话给服务台。",
                    "The cut-off has passed and the kitchen has begun; please call the office.",
                ))
                .into());
            }
            ask(txn, &self.caller, visit, kind, wanted, "", self.now).await?;
            return self.answer(txn, false).await;
        }
        let mut after = if let (true, Some(visit)) = (same, &before) {
            let mut kept = booked(on, start, visit.duration_min, visit.booking_id);
            kept.matched = Set(true);
            kept
        } else {
            if let Some(visit) = &before {
                self.take_back(txn, visit).await?;
            }
            let service = service::Entity::find_by_id(series.service_id)
                .one(txn)
                .await?
                .ok_or_else(|| Error::Internal("a series without a service".into()))?;
            let with = (&series, &service, zone);
            let (booking, _) = enter(
                txn,
                with,
                start,
                part.duration_min,
                Some(self.caller.account),
                self.now,
            )
            .await?;
            booked(on, start, part.duration_min, booking)
        };
        after.by_hand = Set(true);
        if body.dish.is_some() {
            after.dish = Set(dish);
        }
        keep(txn, self.id, body.date, row.as_ref(), after).await?;
        let action = if before.is_some() {
            "series_date_moved"
        } else {
            "series_date_added"
        };
        record(
            txn,
            &series,
            &self.caller,
            action,
            Some(body.date),
            self.now,
        )
        .await?;
        self.answer(txn, true).await
    }

    fn check(&self, start: DateTime<Utc>, on: NaiveDate) -> Result<()> {
        if !on_grid(start) {
            return Err(refuse(
                "start",
                "开始时间要落在整 5 分钟上，例如 9:00 或 9:05。",
                "A visit starts on a full five minutes, such as 9:00 or 9:05.",
            ));
        }
        if start <= self.now {
            return Err(refuse(
                "start",
                "这个时间已经过去了，请选一个以后的时间。",
                "That time has passed; please choose a later one.",
            ));
        }
        if on > local_date(self.caller.zone, self.now) + TimeDelta::days(AHEAD_DAYS) {
            return Err(refuse(
                "start",
                "单独改一次，最远到四周之后。",
                "A single date is set at most four weeks ahead.",
            ));
        }
        Ok(())
    }
}

/// It has ended.
pub(super) fn over() -> Problem {
    Problem::not_now(Said::new(
        "这个周期预约已经结束。",
        "This series has ended.",
    ))
}

fn no_such_date() -> Error {
    refuse(
        "date",
        "这个周期在这一天没有安排。",
        "The series does not come on that date.",
    )
}

/// Leaves one date out, or asks the office to.
///
/// # Errors
/// `invalid`, `not-now`, or the database's.
pub async fn skip(app: &App, seen: SeenSeries, body: OneDate, once: Once) -> Result<Answer> {
    let hand = Hand::of(app, &seen).await?;
    app.write_once(hand.caller.account, once, StatusCode::OK, move |txn| {
        let hand = hand.clone();
        Box::pin(async move { hand.skip(txn, body.date).await })
    })
    .await
}

/// Serves one date: adds it, adds it back, moves it, or gives it another dish; or asks the office to.
///
/// # Errors
/// `invalid`, `not-now`, or the database's.
pub async fn serve(app: &App, seen: SeenSeries, body: Served, once: Once) -> Result<Answer> {
    let hand = Hand::of(app, &seen).await?;
    let id = hand.id;
    let answer = app
        .write_once(hand.caller.account, once, StatusCode::OK, move |txn| {
            let (hand, body) = (hand.clone(), body.clone());
            Box::pin(async move { hand.serve(txn, &body).await })
        })
        .await?;
    match_waiting(app, Some(id)).await?;
    Ok(answer)
}
