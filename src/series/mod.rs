//! Series: a booking's repeat rule, its dates, and the visits that come of them.
//!
//! A series is never expanded by hand. [`reckon`] says what each date wants, [`generate`] has it compared with the rows and
//! the difference written; making, changing, pausing and ending a series, editing the calendar and the passing of time all go
//! through that one comparison.

pub mod away;
pub mod change;
mod compare;
pub mod dates;
pub mod departure;
pub mod generate;
pub mod make;
pub mod preview;
pub mod queries;
pub mod reckon;
pub mod routes;
pub mod rule;
pub mod views;
pub mod write;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::clock::{SLOT_SECONDS, midnight};
use crate::error::{Problem, Result};
use crate::said::Said;

/// Days ahead for which visits are made.
pub const AHEAD_DAYS: i64 = 28;
/// Days by which making visits may lag before somebody is told.
pub const LAG_DAYS: i64 = 2;
/// Minutes of service at most: the longest of the catalogue's twice over.
const LONGEST_MIN: i32 = 480;
/// Characters of a dish at most.
const LONGEST_DISH: usize = 60;

/// The instant of a local date and minutes after its midnight.
#[must_use]
pub fn instant(zone: Tz, date: NaiveDate, minute: i32) -> DateTime<Utc> {
    midnight(zone, date) + TimeDelta::minutes(i64::from(minute))
}

/// A time of day on the grid.
///
/// # Errors
/// `invalid` with the field `start_min`.
pub fn check_start_min(minute: i32) -> Result<i32> {
    if (0..24 * 60).contains(&minute) && i64::from(minute) * 60 % SLOT_SECONDS == 0 {
        Ok(minute)
    } else {
        Err(Problem::field(
            "start_min",
            Said::new(
                "时间要落在整 5 分钟上，例如 9:00 或 9:05。",
                "A visit starts on a full five minutes, such as 9:00 or 9:05.",
            ),
        )
        .into())
    }
}

/// A length that can be served.
///
/// # Errors
/// `invalid` with the field `duration_min`.
pub fn check_duration(minutes: i32) -> Result<i32> {
    if (5..=LONGEST_MIN).contains(&minutes) && minutes % 5 == 0 {
        Ok(minutes)
    } else {
        Err(Problem::field(
            "duration_min",
            Said::new(
                format!("时长要在 5 到 {LONGEST_MIN} 分钟之间，并且是 5 的倍数。"),
                format!("A visit lasts 5 to {LONGEST_MIN} minutes, in steps of five."),
            ),
        )
        .into())
    }
}

/// A dish in a few words; blank is none.
///
/// # Errors
/// `invalid` with the field `dishes`.
pub fn check_dish(dish: &str) -> Result<Option<String>> {
    let dish = dish.trim();
    if dish.chars().count() > LONGEST_DISH {
        return Err(Problem::field(
            "dishes",
            Said::new(
                format!("菜名最多 {LONGEST_DISH} 个字。"),
                format!("A dish has at most {LONGEST_DISH} characters."),
            ),
        )
        .into());
    }
    Ok((!dish.is_empty()).then(|| dish.to_owned()))
}

/// What is cooked on a weekday, 1 for Monday, by a series' defaults.
#[must_use]
pub fn dish_of(dishes: Option<&Value>, weekday: u32) -> Option<String> {
    dishes?
        .get(weekday.to_string())?
        .as_str()
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_lengths_lie_on_the_grid() {
        assert!(check_start_min(605).is_ok() && check_start_min(0).is_ok());
        for minute in [-5, 603, 1440] {
            assert!(check_start_min(minute).is_err(), "{minute}");
        }
        assert!(check_duration(60).is_ok());
        for minutes in [0, 7, -60, 485] {
            assert!(check_duration(minutes).is_err(), "{minutes}");
        }
    }

    #[test]
    fn a_dish_is_the_weekdays_or_none() {
        let dishes = serde_json::json!({"1": "清蒸鱼", "5": "面条"});
        assert_eq!(dish_of(Some(&dishes), 5).as_deref(), Some("面条"));
        assert_eq!(dish_of(Some(&dishes), 2), None);
        assert_eq!(dish_of(None, 1), None);
        assert_eq!(check_dish("  ").unwrap(), None);
        assert!(check_dish(&"菜".repeat(61)).is_err());
    }
}
