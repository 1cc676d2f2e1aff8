//! Dates as they come in: of a calendar that people use, so that the day after one of them can always be reckoned.

use chrono::{Datelike, NaiveDate};
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// The years that are read. Beyond them are slips of the keyboard, and dates that have no day after.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;

/// A date within those years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
struct Day(#[serde(deserialize_with = "date")] NaiveDate);

/// A date, for `deserialize_with`.
///
/// # Errors
/// Where it is none, or not of these centuries.
pub fn date<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveDate, D::Error> {
    let date = NaiveDate::deserialize(from)?;
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(D::Error::custom(format!(
            "the year {} is not one of {} to {}",
            date.year(),
            YEARS.start(),
            YEARS.end()
        )))
    }
}

/// A date that may be left out, for `deserialize_with` beside `default`.
///
/// # Errors
/// As of [`date`].
pub fn date_or_none<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    Ok(Option::<Day>::deserialize(from)?.map(|day| day.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_of_these_centuries() {
        let read = |text: &str| serde_json::from_value::<Day>(text.into()).map(|day| day.0);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for text in ["1900-01-01", "2026-11-24", "2199-12-31"] {
            assert_eq!(read(text).unwrap(), day(text));
        }
        for text in ["1899-12-31", "2200-01-01", "+262142-12-31", "-0001-01-01"] {
            let told = read(text).unwrap_err().to_string();
            assert!(told.contains("1900 to 2199"), "{told}");
        }
        assert!(read("2026-02-30").is_err());
    }
}
