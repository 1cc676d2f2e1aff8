//! Local days and minutes, and which days around now are open.

use chrono::{DateTime, Days as Span, NaiveDate, NaiveTime, TimeDelta, Utc};
use entity::words::DayKind;

use super::rows::Rows;

/// Asia/Shanghai is 8 hours ahead of UTC and has had no summer time since 1991.
const AHEAD: TimeDelta = TimeDelta::hours(8);
/// How many open days back have visits.
const BACK: usize = 3;
/// How many open days ahead have visits.
const AHEAD_DAYS: usize = 7;

/// The local date of a moment.
pub(super) fn date(at: DateTime<Utc>) -> NaiveDate {
    (at + AHEAD).date_naive()
}

/// The moment of a local date and the minutes after its midnight.
pub(super) fn at(date: NaiveDate, minute: i32) -> DateTime<Utc> {
    (date.and_time(NaiveTime::MIN) - AHEAD).and_utc() + TimeDelta::minutes(i64::from(minute))
}

/// Minutes after the local midnight of `date`; may lie outside 0..1440.
pub(super) fn minute(date: NaiveDate, moment: DateTime<Utc>) -> i32 {
    i32::try_from((moment - at(date, 0)).num_minutes()).unwrap_or(i32::MAX)
}

/// `days` days after `date`, before it when negative.
pub(super) fn shift(date: NaiveDate, days: i64) -> NaiveDate {
    date + TimeDelta::days(days)
}

/// The days that have visits.
#[derive(Clone, Debug)]
pub(super) struct Days {
    /// The moment for which everything is made.
    pub now: DateTime<Utc>,
    /// Local date of `now`.
    pub today: NaiveDate,
    /// Open days before today, the last one last.
    pub past: Vec<NaiveDate>,
    /// Today when it is open, then the open days after it.
    pub ahead: Vec<NaiveDate>,
}

impl Days {
    /// Three open days back, today if open, seven open days ahead; days that the calendar closes have no visits.
    pub(super) fn around(rows: &Rows, now: DateTime<Utc>) -> Self {
        let today = date(now);
        let open = |day: &NaiveDate| {
            !rows
                .calendar_days
                .iter()
                .any(|row| row.date == *day && row.kind == DayKind::Closed)
        };
        let back = (1..).map(|n| today - Span::new(n));
        let mut past: Vec<_> = back.filter(open).take(BACK).collect();
        past.reverse();
        let later = (1..).map(|n| today + Span::new(n));
        let later = later.filter(open).take(AHEAD_DAYS);
        let ahead = Some(today).filter(open).into_iter().chain(later).collect();
        Self {
            now,
            today,
            past,
            ahead,
        }
    }

    /// All days that have visits, in order.
    pub(super) fn all(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.past.iter().chain(&self.ahead).copied()
    }

    /// Open days after today, in order.
    pub(super) fn after_today(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.ahead.iter().copied().filter(|day| *day > self.today)
    }
}
