//! Reports: a grid officer's residents, and each provider's month.

pub mod queries;
pub mod routes;
pub mod views;

use chrono::{Datelike, Months, NaiveDate};

/// The first day of a day's month, and of the month after it.
#[must_use]
pub fn month_of(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = day.with_day(1).unwrap_or(day);
    (
        first,
        first.checked_add_months(Months::new(1)).unwrap_or(first),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_begins() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            month_of(day("2026-12-31")),
            (day("2026-12-01"), day("2027-01-01"))
        );
        assert_eq!(
            month_of(day("2028-02-29")),
            (day("2028-02-01"), day("2028-03-01"))
        );
    }
}
