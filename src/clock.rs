//! What time it is: handed in everywhere, so that a test can move it.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// The length of a slot of a helper's time, in seconds. Every visit starts and ends on this grid.
pub const SLOT_SECONDS: i64 = 300;

/// A clock that can be the machine's, the machine's moved by a file's seconds, or a test's own.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    Machine,
    /// The machine's clock plus the whole seconds that the file holds, read at each call.
    Moved(PathBuf),
    /// A clock that stands at these Unix seconds until it is set.
    Standing(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until [`Clock::set`] moves it.
    #[must_use]
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self::Standing(Arc::new(AtomicI64::new(at.timestamp())))
    }

    /// Moves a standing clock; the others go on as they were.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Self::Standing(seconds) = self {
            seconds.store(at.timestamp(), Ordering::SeqCst);
        }
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        match self {
            Self::Machine => Utc::now(),
            Self::Moved(file) => {
                let moved = std::fs::read_to_string(file)
                    .ok()
                    .and_then(|text| text.trim().parse::<i64>().ok())
                    .unwrap_or(0);
                Utc::now() + TimeDelta::seconds(moved)
            }
            Self::Standing(seconds) => {
                DateTime::from_timestamp(seconds.load(Ordering::SeqCst), 0).unwrap_or_default()
            }
        }
    }
}

/// The instant at which the local day `date` begins in `zone`.
#[must_use]
pub fn midnight(zone: Tz, date: NaiveDate) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&local)
        .earliest()
        .map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
}

/// The local date of an instant in `zone`; at the very end of time, where there is no local one, the date in UTC.
#[must_use]
pub fn local_date(zone: Tz, at: DateTime<Utc>) -> NaiveDate {
    let utc = at.naive_utc();
    let offset = zone.offset_from_utc_datetime(&utc).fix();
    utc.checked_add_offset(offset).unwrap_or(utc).date()
}

/// Whether the hours of a week hold: sorted spans of weekday, beginning and end in minutes after midnight, each ending after it
/// begins and before the day is over, none reaching into the next of its day.
#[must_use]
pub fn week_holds(spans: &[(i32, i32, i32)], weekdays: RangeInclusive<i32>) -> bool {
    const DAY_MIN: i32 = 24 * 60;
    let whole = spans.iter().all(|(weekday, from, to)| {
        weekdays.contains(weekday) && *from >= 0 && from < to && *to <= DAY_MIN
    });
    let apart = spans
        .windows(2)
        .all(|pair| pair[0].0 != pair[1].0 || pair[0].2 <= pair[1].1);
    whole && apart
}

/// Whether an instant lies on the grid of slots.
#[must_use]
pub fn on_grid(at: DateTime<Utc>) -> bool {
    at.timestamp() % SLOT_SECONDS == 0 && at.timestamp_subsec_nanos() == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_standing_clock_moves_only_when_set() {
        let clock = Clock::standing(Utc.timestamp_opt(1_000, 0).unwrap());
        assert_eq!(clock.now().timestamp(), 1_000);
        clock.set(Utc.timestamp_opt(2_000, 0).unwrap());
        assert_eq!(clock.clone().now().timestamp(), 2_000);
    }

    #[test]
    fn midnight_in_shanghai_is_sixteen_hours_utc_the_day_before() {
        let date = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
        let at = midnight(chrono_tz::Asia::Shanghai, date);
        assert_eq!(at.to_rfc3339(), "2026-11-23T16:00:00+00:00");
        assert_eq!(local_date(chrono_tz::Asia::Shanghai, at), date);
    }

    #[test]
    fn the_end_of_time_has_a_date_too() {
        let zone = chrono_tz::Asia::Shanghai;
        assert_eq!(local_date(zone, DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
    }

    #[test]
    fn the_grid_is_five_minutes() {
        assert!(on_grid(Utc.timestamp_opt(600, 0).unwrap()));
        assert!(!on_grid(Utc.timestamp_opt(660, 0).unwrap()));
    }
}
