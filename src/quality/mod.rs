//! Did it happen, was it good: late and missed visits, calls to those who live alone, ratings, complaints, and the
//! panel's monthly score of each provider.
//!
//! Nothing here is guessed. That a visit is late or missed is noticed by the clock (`watch`) and stays on record when the
//! visit is settled; what became of it a person says (`visits::happened`).

pub mod checks;
pub mod complaints;
pub mod first;
pub mod follow_ups;
pub mod letters;
pub mod panel;
pub mod ratings;
pub mod routes;
pub mod scene;
pub mod settings;
pub mod views;
pub mod watch;
pub mod words;

use chrono::{DateTime, TimeDelta, Utc};

use crate::error::{Problem, Result};
use crate::said::Said;

/// Scores from here down ask for words, and are shown to the coordinator.
pub const LOW_SCORE: i32 = 2;
/// Days after a visit in which it can be rated.
pub const RATED_FOR_DAYS: i64 = 30;
/// Days after it was first given in which a rating can be changed.
pub const CHANGED_FOR_DAYS: i64 = 7;
/// How often somebody who does not answer is tried before others are told.
pub const MOST_TRIES: i32 = 3;
/// Hours until the next try.
pub const TRY_AGAIN_HOURS: i64 = 2;
/// Ratings from which a helper is shown an average: of fewer it could be seen whose they are.
pub const FEWEST_RATINGS: u64 = 3;

/// A score as it comes in.
///
/// # Errors
/// `invalid`, with the field `score`.
pub fn check_score(score: i32) -> Result<i32> {
    if (1..=5).contains(&score) {
        return Ok(score);
    }
    Err(Problem::field(
        "score",
        Said::new("请选一个表情（1 到 5）。", "Choose a face (1 to 5)."),
    )
    .into())
}

/// Until when a rating that was first given then can be changed.
#[must_use]
pub fn change_until(given_at: DateTime<Utc>) -> DateTime<Utc> {
    given_at + TimeDelta::days(CHANGED_FOR_DAYS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_is_one_of_five_faces() {
        assert!((1..=5).all(|score| check_score(score).is_ok()));
        for bad in [i32::MIN, -1, 0, 6, i32::MAX] {
            assert!(check_score(bad).is_err(), "{bad}");
        }
    }
}
