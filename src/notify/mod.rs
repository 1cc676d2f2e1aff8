//! Telling people: letters through the outbox, written with the change they tell of and sent later.

pub mod facts;
pub mod letters;
pub mod queries;
pub mod route;
pub mod sender;
pub mod tell;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::clock::{local_date, midnight};

/// The local hour at which reminders for the next day go out.
const REMINDER_HOUR: i64 = 18;

/// When the reminder of a visit is due: six in the evening of the day before.
#[must_use]
pub fn evening_before(zone: Tz, starts_at: DateTime<Utc>) -> DateTime<Utc> {
    let day = local_date(zone, starts_at);
    let before = day.pred_opt().unwrap_or(day);
    midnight(zone, before) + TimeDelta::hours(REMINDER_HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_evening_before_is_the_local_one() {
        let zone = chrono_tz::Asia::Shanghai;
        // 07:00 and 23:00 of the 25th in Shanghai.
        for hour in [23, 38] {
            let start =
                Utc.with_ymd_and_hms(2026, 11, 24, 0, 0, 0).unwrap() + TimeDelta::hours(hour);
            let due = evening_before(zone, start);
            assert_eq!(due, Utc.with_ymd_and_hms(2026, 11, 24, 10, 0, 0).unwrap());
        }
    }
}
