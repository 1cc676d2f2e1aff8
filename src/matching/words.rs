//! Clock times, dates and lengths in Chinese and English.

use crate::problem::{DAY, Problem, Seconds};
use serde::{Deserialize, Serialize};

/// The language of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    /// Simplified Chinese.
    Zh,
    /// English.
    En,
}

impl Lang {
    /// One of the two.
    pub fn pick(self, zh: String, en: String) -> String {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}

/// Local time of day, `10:05`. A time on the stroke of midnight is `0:00`.
pub fn clock(at: Seconds) -> String {
    let minutes = at.rem_euclid(DAY) / 60;
    format!("{}:{:02}", minutes / 60, minutes % 60)
}

/// A span on one day, `10:00–11:30`; an end at midnight is `24:00`.
pub fn span(from: Seconds, to: Seconds) -> String {
    let end = if to > from && to.rem_euclid(DAY) == 0 {
        "24:00".to_owned()
    } else {
        clock(to)
    };
    format!("{}–{end}", clock(from))
}

/// A length: `3分钟`, `1小时30分钟`; `3 minutes`, `1 h 30 min`. Rounded up to whole minutes.
pub fn length(seconds: Seconds, lang: Lang) -> String {
    let minutes = (seconds.max(0) + 59) / 60;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (lang, hours, rest) {
        (Lang::Zh, 0, _) => format!("{rest}分钟"),
        (Lang::Zh, _, 0) => format!("{hours}小时"),
        (Lang::Zh, ..) => format!("{hours}小时{rest}分钟"),
        (Lang::En, 0, 1) => "1 minute".to_owned(),
        (Lang::En, 0, _) => format!("{rest} minutes"),
        (Lang::En, 1, 0) => "1 hour".to_owned(),
        (Lang::En, _, 0) => format!("{hours} hours"),
        (Lang::En, ..) => format!("{hours} h {rest} min"),
    }
}

/// A clock time, with its date where the problem has several days: `10:00`, `3日10:00`; `10:00`, `10:00 on the 3rd`.
pub fn moment(problem: &Problem, at: Seconds, lang: Lang) -> String {
    if problem.days <= 1 {
        return clock(at);
    }
    match lang {
        Lang::Zh => format!("{}{}", day(problem, at, lang), clock(at)),
        Lang::En => format!("{} on {}", clock(at), day(problem, at, lang)),
    }
}

/// The day of the month a time falls on: `3日`, `the 3rd`.
pub fn day(problem: &Problem, at: Seconds, lang: Lang) -> String {
    let (_, _, day) = date(problem, at);
    match lang {
        Lang::Zh => format!("{day}日"),
        Lang::En => format!("the {day}{}", ordinal(day)),
    }
}

/// A full date, for what lies far off: `2026年11月3日`, `3 November 2026`.
pub fn full_date(problem: &Problem, at: Seconds, lang: Lang) -> String {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (year, month, day) = date(problem, at);
    match lang {
        Lang::Zh => format!("{year}年{month}月{day}日"),
        Lang::En => format!("{day} {} {year}", MONTHS[(month as usize + 11) % 12]),
    }
}

fn ordinal(day: u32) -> &'static str {
    match (day % 10, day % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

/// Year, month, day of a time, counted from the problem's first day.
fn date(problem: &Problem, at: Seconds) -> (i64, u32, u32) {
    let (year, month, day) = problem.first_day;
    civil(day_number(i64::from(year), i64::from(month), i64::from(day)) + at.div_euclid(DAY))
}

/// Days since 1 March of year 0 in the Gregorian calendar; years begin in March so that the leap day comes last.
fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    365 * year + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (153 * month + 2) / 5
        + day
        - 1
}

/// The inverse of [`day_number`].
fn civil(number: i64) -> (i64, u32, u32) {
    let era = number.div_euclid(146_097);
    let of_era = number.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year_of_era + era * 400 + carry, month as u32, day as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::empty;

    #[test]
    fn times_are_said_as_people_say_them() {
        assert_eq!(clock(10 * 3600 + 5 * 60), "10:05");
        assert_eq!(span(9 * 3600, DAY), "9:00–24:00");
        assert_eq!(length(90 * 60, Lang::Zh), "1小时30分钟");
        assert_eq!(length(181, Lang::En), "4 minutes");
        assert_eq!(length(60, Lang::En), "1 minute");
    }

    #[test]
    fn dates_cross_months_and_leap_days() {
        let mut problem = empty();
        problem.first_day = (2028, 2, 28);
        problem.days = 3;
        assert_eq!(day(&problem, DAY, Lang::Zh), "29日");
        assert_eq!(day(&problem, 2 * DAY, Lang::En), "the 1st");
        assert_eq!(full_date(&problem, -59 * DAY, Lang::Zh), "2027年12月31日");
        assert_eq!(full_date(&problem, 2 * DAY, Lang::En), "1 March 2028");
        assert_eq!(
            moment(&problem, DAY + 36_000, Lang::En),
            "10:00 on the 29th"
        );
    }
}
