//! The panel: each month its members score each provider by criteria, never one that they have an interest in; what comes
//! of it is frozen when the month is closed, and what follows is written down.

pub mod closing;
pub mod consequences;
pub mod criteria;
pub mod figures;
pub mod interests;
pub mod months;
pub mod routes;
pub mod sheets;
pub mod views;

use chrono::{Datelike, Months, NaiveDate};

use crate::error::{Problem, Result};
use crate::reports::month_of;
use crate::said::Said;

/// The whole of a score, in hundredths of a percent.
pub const WHOLE_BP: i64 = 10_000;
/// The standings of providers that are scored: those that work here. Who only applies has done nothing yet.
pub(super) use crate::providers::ADMITTED as SCORED;

/// Months back that can still be scored while they are open.
const SCORED_MONTHS: u32 = 3;

/// One criterion, as far as reckoning needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// How much it counts beside the others.
    pub weight: i32,
    /// Points at most.
    pub max_points: i32,
}

/// The weighted score of one sheet in hundredths of a percent; the points are in the order of the criteria. Each criterion's
/// share is rounded to a millionth, the whole to the nearest hundredth of a percent.
#[must_use]
pub fn weighted(criteria: &[Weighed], points: &[i32]) -> i32 {
    const FINE: i64 = 100;
    let weights: i64 = criteria.iter().map(|one| i64::from(one.weight)).sum();
    if weights == 0 {
        return 0;
    }
    let sum: i64 = criteria
        .iter()
        .zip(points)
        .map(|(one, points)| {
            let most = i64::from(one.max_points.max(1));
            let share = (i64::from(*points) * WHOLE_BP * FINE * 2 + most) / (most * 2);
            i64::from(one.weight) * share
        })
        .sum();
    let whole = weights * FINE;
    i32::try_from((sum * 2 + whole) / (whole * 2)).unwrap_or(0)
}

/// The mean of the sheets' scores, rounded; none where there are none.
#[must_use]
pub fn mean(scores: &[i32]) -> Option<i32> {
    let count = i64::try_from(scores.len())
        .ok()
        .filter(|count| *count > 0)?;
    let sum: i64 = scores.iter().map(|score| i64::from(*score)).sum();
    i32::try_from((sum * 2 + count) / (count * 2)).ok()
}

/// A month as it stands in an address: `2026-11`.
///
/// # Errors
/// `not-found` where it is none.
pub fn read_month(text: &str) -> Result<NaiveDate> {
    let gone = || Problem::not_found().into();
    if text.len() != 7 {
        return Err(gone());
    }
    NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d")
        .ok()
        .filter(|month| (2000..=2199).contains(&month.year()))
        .ok_or_else(gone)
}

/// The month before.
#[must_use]
pub fn month_before(month: NaiveDate) -> NaiveDate {
    month.checked_sub_months(Months::new(1)).unwrap_or(month)
}

/// Whether a month can be scored: it has begun, and is not longer ago than three months.
///
/// # Errors
/// `not-now`, with why.
pub fn check_scored(month: NaiveDate, today: NaiveDate) -> Result<()> {
    let (current, _) = month_of(today);
    if month > current {
        return Err(Problem::not_now(Said::new(
            "这个月还没开始，不能评。",
            "This month has not begun; it cannot be scored yet.",
        ))
        .into());
    }
    let oldest = current
        .checked_sub_months(Months::new(SCORED_MONTHS))
        .unwrap_or(current);
    if month < oldest {
        return Err(Problem::not_now(Said::new(
            format!("只能评最近 {SCORED_MONTHS} 个月。"),
            format!("Only the last {SCORED_MONTHS} months can be scored."),
        ))
        .into());
    }
    Ok(())
}

/// Whether a month can be closed: it is over.
///
/// # Errors
/// `not-now`, with why.
pub fn check_over(month: NaiveDate, today: NaiveDate) -> Result<()> {
    let (_, after) = month_of(month);
    if today < after {
        return Err(Problem::not_now(Said::new(
            "这个月还没过完，过完才能封存。",
            "This month is not over; it can be closed once it is.",
        ))
        .into());
    }
    Ok(())
}

/// The answer where a month was closed.
#[must_use]
pub fn closed() -> Problem {
    Problem::not_now(Said::new(
        "这个月已经封存，评分不能再改。",
        "This month is closed; its scores are not changed any more.",
    ))
}

/// The answer where a month is still open.
#[must_use]
pub fn still_open() -> Problem {
    Problem::not_now(Said::new(
        "这个月还没封存，先封存再记录处理结果。",
        "This month is still open; close it first, then write down what follows.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weights_count_and_points_are_a_share_of_their_most() {
        let one = |weight, max_points| Weighed { weight, max_points };
        let criteria = [one(3, 10), one(1, 20)];
        assert_eq!(weighted(&criteria, &[10, 20]), 10_000);
        assert_eq!(weighted(&criteria, &[0, 0]), 0);
        assert_eq!(weighted(&criteria, &[5, 20]), 6_250);
        assert_eq!(weighted(&criteria, &[10, 0]), 7_500);
        assert_eq!(weighted(&[one(1, 3)], &[2]), 6_667);
        assert_eq!(weighted(&[], &[]), 0);
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[6_250, 6_251]), Some(6_251), "rounded up at the half");
        assert_eq!(mean(&[1, 1, 2]), Some(1));
    }

    #[test]
    fn a_month_is_scored_when_it_has_begun_and_closed_when_it_is_over() {
        let today = day("2026-12-02");
        assert!(check_scored(day("2026-12-01"), today).is_ok());
        assert!(check_scored(day("2026-09-01"), today).is_ok());
        assert!(check_scored(day("2026-08-01"), today).is_err());
        assert!(check_scored(day("2027-01-01"), today).is_err());
        assert!(check_over(day("2026-11-01"), today).is_ok());
        assert!(check_over(day("2026-12-01"), today).is_err());
        assert_eq!(read_month("2026-11").unwrap(), day("2026-11-01"));
        for bad in [
            "2026-13",
            "26-11",
            "2026-1",
            "2026-11-01",
            "１２３４-11",
            "9999-01",
        ] {
            assert!(read_month(bad).is_err(), "{bad}");
        }
        assert_eq!(month_before(day("2027-01-01")), day("2026-12-01"));
    }
}
