//! The calendar of holidays and of weekends that are worked: data of the office, which series and bookings go by.

pub mod coming;
pub mod feed;
pub mod routes;

use chrono::{Datelike, NaiveDate};

use crate::error::{Problem, Result};
use crate::said::Said;

/// The month from whose first day on it is said that the coming year's holidays are missing: the State Council announces them in
/// these weeks.
const ANNOUNCED_FROM: u32 = 11;

/// Characters of a day's name at most.
const LONGEST_NAME: usize = 40;

/// A name that says something.
///
/// # Errors
/// `invalid` with the field.
pub fn check_name(field: &'static str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        return Err(Problem::field(
            field,
            Said::new(
                format!("请写出名称，最多 {LONGEST_NAME} 个字。"),
                format!("Please give a name of at most {LONGEST_NAME} characters."),
            ),
        )
        .into());
    }
    Ok(name.to_owned())
}

/// The year whose holidays are to be entered next.
#[must_use]
pub fn coming_year(today: NaiveDate) -> i32 {
    today.year() + 1
}

/// Whether it is time that they are: from the first of November on.
#[must_use]
pub fn is_due(today: NaiveDate) -> bool {
    today.month() >= ANNOUNCED_FROM
}

/// The days of which one at least is a holiday in every year whose holidays were announced: Spring Festival begins on one of
/// them, whatever the moon does. The days that are holidays on the same date each year say nothing of that.
#[must_use]
pub fn spring(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    NaiveDate::from_ymd_opt(year, 1, 21).zip(NaiveDate::from_ymd_opt(year, 2, 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coming_years_holidays_are_due_from_the_first_of_november() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert!(!is_due(day("2026-10-31")) && !is_due(day("2026-01-01")));
        assert!(is_due(day("2026-11-01")) && is_due(day("2026-12-31")));
        assert_eq!(coming_year(day("2026-11-01")), 2027);
    }

    #[test]
    fn a_name_is_trimmed_bounded_and_not_blank() {
        assert_eq!(check_name("name_zh", " 春节 ").unwrap(), "春节");
        assert!(check_name("name_zh", "  ").is_err());
        assert!(check_name("name_en", &"x".repeat(41)).is_err());
    }
}
