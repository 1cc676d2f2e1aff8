//! Meals: how many the kitchen cooks, and the sheet by which they are carried. A standing order is a series of a meal
//! service with a dish for each weekday; every meal is a visit, so what is cancelled or paused is neither cooked nor carried.

pub mod queries;
pub mod routes;

use chrono::{DateTime, Utc};
use entity::words::VisitState;

/// The category of the catalogue to which meals belong.
pub const CATEGORY: &str = "助餐";
/// The unit by which the catalogue sells what the kitchen cooks: a portion. Help with eating and cooking at home are of the same
/// category, but nothing is cooked for them here.
pub const PORTION: &str = "份";

/// Whether a meal counts for the kitchen: everything but what was cancelled, or waits until the resident is home again.
#[must_use]
pub fn is_cooked(state: VisitState) -> bool {
    !matches!(state, VisitState::Cancelled | VisitState::Paused)
}

/// Whether a meal stood at the cut-off; it was taken off when it was cancelled or paused.
#[must_use]
pub fn stood_at(
    cutoff: DateTime<Utc>,
    created: DateTime<Utc>,
    taken_off: Option<DateTime<Utc>>,
) -> bool {
    created <= cutoff && taken_off.is_none_or(|at| at > cutoff)
}

/// A building's number as it is sorted: by its figure, then as it is written.
#[must_use]
pub fn building_order(number: &str) -> (u32, String) {
    let figures: String = number.chars().take_while(char::is_ascii_digit).collect();
    (figures.parse().unwrap_or(u32::MAX), number.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn what_came_later_or_was_gone_before_did_not_stand_at_the_cutoff() {
        let cutoff = DateTime::UNIX_EPOCH;
        let (before, after) = (cutoff - TimeDelta::hours(1), cutoff + TimeDelta::hours(1));
        assert!(stood_at(cutoff, before, None));
        assert!(stood_at(cutoff, before, Some(after)));
        assert!(!stood_at(cutoff, before, Some(before)));
        assert!(!stood_at(cutoff, after, None));
    }

    #[test]
    fn buildings_go_by_their_figure() {
        let mut numbers = ["10", "2", "甲", "2A", "1"];
        numbers.sort_by_key(|number| building_order(number));
        assert_eq!(numbers, ["1", "2", "2A", "10", "甲"]);
    }
}
