//! Reading a repeat rule: an RRULE of RFC 5545, of the kinds that care is booked by. Whatever is hostile or absurd is
//! refused with a sentence before anything is reckoned with it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use rrule::{Frequency, NWeekday, RRule, RRuleSet, Tz, Unvalidated};

use crate::error::{Problem, Result};
use crate::said::Said;

/// Characters of a rule at most.
const LONGEST: usize = 200;
/// Times that a rule may name by COUNT at most: a daily meal for nearly three years.
const MOST_TIMES: u32 = 1000;
/// A rule has to name a date within these days.
const FIRST_WITHIN_DAYS: i64 = 366;
/// Dates reckoned at once at most: a daily one for well over a century of what is asked here.
const MOST_DATES: u16 = u16::MAX;
const WORKDAYS: [Weekday; 5] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
];

/// A rule that was read and holds.
#[derive(Clone, Debug)]
pub struct Rule {
    set: RRuleSet,
    first: NaiveDate,
    until: Option<NaiveDate>,
    /// How often, for the sentence.
    pub every: Every,
}

/// What a rule says, as far as a short sentence can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Every {
    /// Each day.
    Day,
    /// These weekdays of every `weeks`th week.
    Week {
        /// 1 for every week.
        weeks: u16,
        /// Monday first.
        on: Vec<Weekday>,
    },
    /// Anything else.
    Other,
}

fn refuse(zh: &str, en: &str) -> crate::error::Error {
    Problem::field("rule", Said::new(zh, en)).into()
}

fn noon(date: NaiveDate) -> DateTime<Tz> {
    (date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(12)).with_timezone(&Tz::UTC)
}

/// UNTIL as people write it: a bare date means that day too, and a local time is taken for ours.
fn with_until(text: &str) -> String {
    text.split(';')
        .map(|part| match part.strip_prefix("UNTIL=") {
            Some(day) if day.len() == 8 => format!("UNTIL={day}T235959Z"),
            Some(at) if !at.ends_with('Z') => format!("UNTIL={at}Z"),
            _ => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(";")
}

impl Rule {
    /// Reads a rule that begins on `first`.
    ///
    /// # Errors
    /// `invalid` with the field `rule`: unreadable, more than once a day, yearly, by COUNT beyond 1000, over before it
    /// begins, or without any date within a year.
    pub fn read(text: &str, first: NaiveDate) -> Result<Self> {
        let text = text
            .trim()
            .trim_start_matches("RRULE:")
            .to_ascii_uppercase();
        let unreadable = || {
            refuse(
                "看不懂这条重复规则，请重新选择星期几。",
                "This repeat rule cannot be read; please choose the weekdays again.",
            )
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "=;,+-".contains(c);
        if text.is_empty() || text.len() > LONGEST || !text.chars().all(plain) {
            return Err(unreadable());
        }
        let rule: RRule<Unvalidated> = with_until(&text).parse().map_err(|_| unreadable())?;
        Self::check(&rule, first)?;
        let until = rule
            .get_until()
            .map(|at| at.with_timezone(&Utc).date_naive());
        let every = every(&rule, first);
        let set = rule.build(noon(first)).map_err(|_| unreadable())?;
        let rule = Self {
            set,
            first,
            until,
            every,
        };
        if rule
            .dates(first + TimeDelta::days(FIRST_WITHIN_DAYS))
            .is_empty()
        {
            return Err(refuse(
                "按这条规则，一年之内一次都没有。请换一条。",
                "This rule names no date within a year; please choose another.",
            ));
        }
        Ok(rule)
    }

    fn check(rule: &RRule<Unvalidated>, first: NaiveDate) -> Result<()> {
        let within_the_day = !rule.get_by_hour().is_empty()
            || !rule.get_by_minute().is_empty()
            || !rule.get_by_second().is_empty();
        match rule.get_freq() {
            Frequency::Hourly | Frequency::Minutely | Frequency::Secondly => {
                return Err(refuse(
                    "周期预约一天最多一次，请按天、按周或按月重复。",
                    "A series comes at most once a day; please repeat by day, week or month.",
                ));
            }
            Frequency::Yearly => {
                return Err(refuse(
                    "每年一次的请单独预约；周期预约按天、按周或按月重复。",
                    "Please book what comes once a year by itself; a series repeats by day, week or month.",
                ));
            }
            _ if within_the_day => {
                return Err(refuse(
                    "周期预约一天最多一次，时间请单独填写。",
                    "A series comes at most once a day; please give the time by itself.",
                ));
            }
            Frequency::Daily | Frequency::Weekly | Frequency::Monthly => {}
        }
        if rule.get_count().is_some_and(|count| count > MOST_TIMES) {
            return Err(refuse(
                "次数最多 1000 次；不限次数的请不要填次数。",
                "A series has at most 1000 times; leave the number out for one without end.",
            ));
        }
        if rule.get_until().is_some_and(|until| until < &noon(first)) {
            return Err(refuse(
                "结束日期在开始之前，请改晚一些。",
                "The rule ends before it begins; please choose a later end.",
            ));
        }
        Ok(())
    }

    /// The dates that the rule names, up to `last`, ascending.
    #[must_use]
    pub fn dates(&self, last: NaiveDate) -> BTreeSet<NaiveDate> {
        if last < self.first {
            return BTreeSet::new();
        }
        self.set
            .clone()
            .before(noon(last))
            .all(MOST_DATES)
            .dates
            .into_iter()
            .map(|at| at.with_timezone(&Utc).date_naive())
            .filter(|date| *date >= self.first && *date <= last)
            .collect()
    }

    /// Whether it means every working day: then the weekends that are worked count too.
    #[must_use]
    pub fn is_workdays(&self) -> bool {
        matches!(&self.every, Every::Week { weeks: 1, on } if on == &WORKDAYS)
            && self
                .set
                .get_rrule()
                .iter()
                .all(|rule| rule.get_count().is_none())
    }

    /// Whether this date lies between its first and its last.
    #[must_use]
    pub fn spans(&self, date: NaiveDate) -> bool {
        date >= self.first && self.until.is_none_or(|until| date <= until)
    }

    /// The rule in a few words.
    #[must_use]
    pub fn said(&self) -> Said {
        match &self.every {
            Every::Day => Said::new("每天", "Every day"),
            Every::Week { weeks, on } => {
                let zh: Vec<_> = on.iter().map(|day| chinese(*day)).collect();
                let en: Vec<_> = on.iter().map(|day| english(*day)).collect();
                match weeks {
                    1 => Said::new(
                        format!("每周{}", zh.join("、")),
                        format!("Every {}", en.join(", ")),
                    ),
                    n => Said::new(
                        format!("每 {n} 周的周{}", zh.join("、")),
                        format!("Every {n} weeks on {}", en.join(", ")),
                    ),
                }
            }
            Every::Other => Said::new("按所定的日期", "On the dates of its rule"),
        }
    }
}

fn chinese(day: Weekday) -> &'static str {
    ["一", "二", "三", "四", "五", "六", "日"][day.num_days_from_monday() as usize]
}

fn english(day: Weekday) -> &'static str {
    [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ][day.num_days_from_monday() as usize]
}

fn every(rule: &RRule<Unvalidated>, first: NaiveDate) -> Every {
    let narrowed = !rule.get_by_month().is_empty()
        || !rule.get_by_month_day().is_empty()
        || !rule.get_by_set_pos().is_empty()
        || !rule.get_by_year_day().is_empty()
        || !rule.get_by_week_no().is_empty();
    match rule.get_freq() {
        _ if narrowed => Every::Other,
        Frequency::Daily if rule.get_interval() == 1 && rule.get_by_weekday().is_empty() => {
            Every::Day
        }
        Frequency::Weekly => {
            let mut on: Vec<Weekday> = rule
                .get_by_weekday()
                .iter()
                .map(|day| match day {
                    NWeekday::Every(day) | NWeekday::Nth(_, day) => *day,
                })
                .collect();
            if on.is_empty() {
                on.push(first.weekday());
            }
            on.sort_by_key(Weekday::num_days_from_monday);
            on.dedup();
            Every::Week {
                weeks: rule.get_interval(),
                on,
            }
        }
        _ => Every::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn refused(text: &str) -> String {
        match Rule::read(text, day("2026-11-24")) {
            Err(Error::Refused(problem)) => {
                assert_eq!(problem.fields[0].field, "rule");
                problem.fields[0].message.en.clone()
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_tuesday_and_friday() {
        let rule = Rule::read("RRULE:FREQ=WEEKLY;BYDAY=FR,TU", day("2026-11-24")).unwrap();
        let dates: Vec<_> = rule.dates(day("2026-12-05")).into_iter().collect();
        assert_eq!(
            dates,
            ["2026-11-24", "2026-11-27", "2026-12-01", "2026-12-04"].map(day)
        );
        assert_eq!(rule.said().zh, "每周二、五");
        assert!(!rule.is_workdays());
    }

    #[test]
    fn the_last_day_counts_and_every_other_week_keeps_step() {
        let rule = Rule::read("FREQ=DAILY;UNTIL=20261126", day("2026-11-24")).unwrap();
        assert_eq!(rule.dates(day("2027-01-01")).len(), 3);
        let rule = Rule::read("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", day("2026-11-24")).unwrap();
        let dates: Vec<_> = rule.dates(day("2026-12-22")).into_iter().collect();
        assert_eq!(dates, ["2026-11-24", "2026-12-08", "2026-12-22"].map(day));
    }

    #[test]
    fn the_hostile_and_the_absurd_are_refused_each_in_its_words() {
        for text in [
            "FREQ=SECONDLY",
            "FREQ=MINUTELY;INTERVAL=5",
            "FREQ=HOURLY",
            "FREQ=DAILY;BYHOUR=1,2,3",
        ] {
            assert!(refused(text).contains("once a day"), "{text}");
        }
        assert!(refused("FREQ=DAILY;COUNT=4000000000").contains("1000 times"));
        assert!(refused("FREQ=DAILY;UNTIL=20200101").contains("before it begins"));
        assert!(refused("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30").contains("once a year"));
        assert!(refused("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30").contains("no date"));
        for text in [
            "",
            "every tuesday",
            "FREQ=WEEKLY;BYDAY=XX",
            "FREQ=DAILY;COUNT=99999999999",
            "FREQ=DAILY\nRRULE:FREQ=SECONDLY",
            &"FREQ=DAILY;".repeat(40),
        ] {
            assert!(refused(text).contains("cannot be read"), "{text}");
        }
    }

    #[test]
    fn a_rule_without_end_is_reckoned_to_a_date_and_no_further() {
        let rule = Rule::read("FREQ=DAILY", day("2026-11-24")).unwrap();
        assert_eq!(rule.dates(day("2026-12-22")).len(), 29);
        assert!(rule.dates(day("2026-11-01")).is_empty());
    }
}
