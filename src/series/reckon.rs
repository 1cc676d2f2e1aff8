//! What a series wants on each of its dates: a pure function of the rule, the calendar and the pause. What was changed by
//! hand is not known here; whoever writes leaves those dates alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use entity::words::{DayKind, OnHoliday};

use super::rule::Rule;

/// Days after a closed one within which an open one is looked for.
const MOVES_WITHIN_DAYS: i64 = 14;

/// A part of a series with its rule read.
#[derive(Clone, Debug)]
pub struct Part {
    /// From which local date on.
    pub from: NaiveDate,
    /// The rule.
    pub rule: Rule,
    /// Minutes after local midnight.
    pub start_min: i32,
    /// Minutes of service.
    pub duration_min: i32,
}

/// A series as far as its dates depend on it.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Its parts by date, at least one.
    pub parts: Vec<Part>,
    /// The last local date.
    pub last: Option<NaiveDate>,
    /// The first local date of a pause, and the first after it.
    pub pause: Option<(NaiveDate, Option<NaiveDate>)>,
    /// What happens on a closed day.
    pub on_holiday: OnHoliday,
}

/// What a date of the rule becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A visit.
    Serve {
        /// On this local date.
        on: NaiveDate,
        /// Minutes after its midnight.
        start_min: i32,
        /// Minutes of service.
        duration_min: i32,
    },
    /// Nothing is served then, and it does not move.
    Closed,
    /// The series pauses.
    Paused,
}

/// The dates that differ from their weekday.
pub type Calendar = BTreeMap<NaiveDate, DayKind>;

impl Shape {
    /// The part that holds on a date.
    #[must_use]
    pub fn part(&self, date: NaiveDate) -> Option<&Part> {
        self.parts.iter().rev().find(|part| part.from <= date)
    }

    fn paused(&self, date: NaiveDate) -> bool {
        self.pause
            .is_some_and(|(from, until)| date >= from && until.is_none_or(|until| date < until))
    }

    /// The dates that the rules name, up to `last`; with every working day come the weekends that are worked.
    fn named(&self, calendar: &Calendar, last: NaiveDate) -> BTreeSet<NaiveDate> {
        let last = self.last.map_or(last, |end| end.min(last));
        let mut named = BTreeSet::new();
        for (n, part) in self.parts.iter().enumerate() {
            let end = match self.parts.get(n + 1) {
                Some(next) => last.min(next.from - TimeDelta::days(1)),
                None => last,
            };
            named.extend(part.rule.dates(end));
            if part.rule.is_workdays() && part.from <= end {
                named.extend(calendar.range(part.from..=end).filter_map(|(date, kind)| {
                    (*kind == DayKind::Working && part.rule.spans(*date)).then_some(*date)
                }));
            }
        }
        named
    }

    /// What each date of the rule from `from` to `to` becomes. It is reckoned from the series' beginning, so that a date
    /// comes out the same whatever the span that is asked for.
    #[must_use]
    pub fn dates(
        &self,
        calendar: &Calendar,
        from: NaiveDate,
        to: NaiveDate,
    ) -> BTreeMap<NaiveDate, Wanted> {
        let closed = |date: NaiveDate| calendar.get(&date) == Some(&DayKind::Closed);
        let ahead = to + TimeDelta::days(MOVES_WITHIN_DAYS);
        let named = self.named(calendar, ahead);
        let mut moved = BTreeSet::new();
        let mut wanted = BTreeMap::new();
        for date in named.range(..=to).copied() {
            let becomes = if self.paused(date) {
                Wanted::Paused
            } else if !closed(date) {
                self.serve(date, date)
            } else if self.on_holiday == OnHoliday::Skip {
                Wanted::Closed
            } else {
                let free = date
                    .iter_days()
                    .skip(1)
                    .take(usize::try_from(MOVES_WITHIN_DAYS).unwrap_or(0))
                    .find(|day| {
                        !closed(*day)
                            && !named.contains(day)
                            && !moved.contains(day)
                            && !self.paused(*day)
                            && self.last.is_none_or(|end| *day <= end)
                    });
                match free {
                    Some(day) => {
                        moved.insert(day);
                        self.serve(date, day)
                    }
                    None => Wanted::Closed,
                }
            };
            wanted.insert(date, becomes);
        }
        wanted.split_off(&from)
    }

    fn serve(&self, date: NaiveDate, on: NaiveDate) -> Wanted {
        match self.part(date) {
            Some(part) => Wanted::Serve {
                on,
                start_min: part.start_min,
                duration_min: part.duration_min,
            },
            None => Wanted::Closed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, Weekday};
    use rand::rngs::StdRng;
    use rand::{Rng, SeedableRng};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn part(rule: &str, from: NaiveDate) -> Part {
        Part {
            from,
            rule: Rule::read(rule, from).unwrap(),
            start_min: 600,
            duration_min: 60,
        }
    }

    fn shape(rule: &str, from: &str, on_holiday: OnHoliday) -> Shape {
        Shape {
            parts: vec![part(rule, day(from))],
            last: None,
            pause: None,
            on_holiday,
        }
    }

    fn on(wanted: &Wanted) -> Option<NaiveDate> {
        match wanted {
            Wanted::Serve { on, .. } => Some(*on),
            _ => None,
        }
    }

    fn national_day() -> Calendar {
        (1..=7)
            .map(|n| {
                (
                    NaiveDate::from_ymd_opt(2026, 10, n).unwrap(),
                    DayKind::Closed,
                )
            })
            .chain([
                (day("2026-10-10"), DayKind::Working),
                (day("2026-09-20"), DayKind::Working),
            ])
            .collect()
    }

    #[test]
    fn a_holiday_is_skipped_or_moved_to_the_next_open_day() {
        let weekly = "FREQ=WEEKLY;BYDAY=TU,FR";
        let skip = shape(weekly, "2026-09-29", OnHoliday::Skip);
        let dates = skip.dates(&national_day(), day("2026-09-29"), day("2026-10-09"));
        assert_eq!(dates[&day("2026-10-02")], Wanted::Closed);
        assert_eq!(on(&dates[&day("2026-10-09")]), Some(day("2026-10-09")));
        let moving = shape(weekly, "2026-09-29", OnHoliday::Move);
        let dates = moving.dates(&national_day(), day("2026-09-29"), day("2026-10-09"));
        assert_eq!(on(&dates[&day("2026-10-02")]), Some(day("2026-10-08")));
        assert_eq!(on(&dates[&day("2026-10-06")]), Some(day("2026-10-10")));
    }

    #[test]
    fn with_every_working_day_come_the_weekends_that_are_worked() {
        let all = shape(
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "2026-09-14",
            OnHoliday::Skip,
        );
        let dates = all.dates(&national_day(), day("2026-09-14"), day("2026-10-31"));
        assert_eq!(
            on(&dates[&day("2026-09-20")]),
            Some(day("2026-09-20")),
            "a Sunday that is worked"
        );
        assert!(!dates.contains_key(&day("2026-09-19")));
        let tuesdays = shape("FREQ=WEEKLY;BYDAY=TU", "2026-09-14", OnHoliday::Skip);
        assert!(
            !tuesdays
                .dates(&national_day(), day("2026-09-14"), day("2026-10-31"))
                .contains_key(&day("2026-09-20"))
        );
    }

    #[test]
    fn a_change_holds_from_its_date_on_and_a_pause_until_its_end() {
        let mut one = shape("FREQ=WEEKLY;BYDAY=TU", "2026-11-03", OnHoliday::Skip);
        one.parts.push(Part {
            start_min: 840,
            ..part("FREQ=WEEKLY;BYDAY=WE", day("2026-11-17"))
        });
        one.pause = Some((day("2026-11-24"), Some(day("2026-12-01"))));
        let dates = one.dates(&Calendar::new(), day("2026-11-01"), day("2026-12-10"));
        let days: Vec<_> = dates
            .keys()
            .map(|date| (date.day(), date.weekday()))
            .collect();
        assert_eq!(
            days,
            [
                (3, Weekday::Tue),
                (10, Weekday::Tue),
                (18, Weekday::Wed),
                (25, Weekday::Wed),
                (2, Weekday::Wed),
                (9, Weekday::Wed)
            ]
        );
        assert_eq!(dates[&day("2026-11-25")], Wanted::Paused);
        assert!(matches!(
            dates[&day("2026-12-02")],
            Wanted::Serve { start_min: 840, .. }
        ));
    }

    /// Random rules over random calendars.
    fn random(rng: &mut StdRng) -> (Shape, Calendar) {
        let first = day("2026-01-01") + TimeDelta::days(rng.random_range(0..360));
        let weekdays = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let mut rule = || match rng.random_range(0..5) {
            0 => format!("FREQ=DAILY;INTERVAL={}", rng.random_range(1..4)),
            1 => format!("FREQ=MONTHLY;BYMONTHDAY={}", rng.random_range(1..29)),
            2 => "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR".to_owned(),
            3 => format!("FREQ=DAILY;COUNT={}", rng.random_range(1..60)),
            _ => {
                let on: Vec<_> = weekdays
                    .iter()
                    .filter(|_| rng.random_bool(0.4))
                    .copied()
                    .collect();
                let on = if on.is_empty() {
                    "TU".to_owned()
                } else {
                    on.join(",")
                };
                format!("FREQ=WEEKLY;INTERVAL={};BYDAY={on}", rng.random_range(1..3))
            }
        };
        let (one, two) = (rule(), rule());
        let mut parts = vec![part(&one, first)];
        if rng.random_bool(0.5) {
            parts.push(part(&two, first + TimeDelta::days(rng.random_range(1..60))));
        }
        let mut calendar = Calendar::new();
        for _ in 0..rng.random_range(0..6) {
            let from = first + TimeDelta::days(rng.random_range(0..100));
            for date in from.iter_days().take(rng.random_range(1..10)) {
                calendar.insert(date, DayKind::Closed);
            }
        }
        for _ in 0..4 {
            calendar.insert(
                first + TimeDelta::days(rng.random_range(0..100)),
                DayKind::Working,
            );
        }
        let pause = rng.random_bool(0.3).then(|| {
            let from = first + TimeDelta::days(rng.random_range(0..60));
            (
                from,
                rng.random_bool(0.7)
                    .then(|| from + TimeDelta::days(rng.random_range(1..30))),
            )
        });
        let last = rng
            .random_bool(0.3)
            .then(|| first + TimeDelta::days(rng.random_range(0..90)));
        let on_holiday = if rng.random_bool(0.5) {
            OnHoliday::Skip
        } else {
            OnHoliday::Move
        };
        (
            Shape {
                parts,
                last,
                pause,
                on_holiday,
            },
            calendar,
        )
    }

    #[test]
    fn whatever_rule_and_calendar_no_day_comes_twice_and_none_is_closed() {
        let mut rng = StdRng::seed_from_u64(42);
        let (mut served, mut moved) = (0, 0);
        for case in 0..600 {
            let (shape, calendar) = random(&mut rng);
            let first = shape.parts[0].from;
            let whole = shape.dates(&calendar, first, first + TimeDelta::days(120));
            let mut days = BTreeSet::new();
            for (date, wanted) in &whole {
                let Some(on) = on(wanted) else { continue };
                assert!(days.insert(on), "case {case}: {on} twice");
                assert_ne!(
                    calendar.get(&on),
                    Some(&DayKind::Closed),
                    "case {case}: {on} is closed"
                );
                assert!(
                    shape.last.is_none_or(|last| on <= last),
                    "case {case}: {on} is after the end"
                );
                assert!(!shape.paused(on), "case {case}: {on} is paused");
                served += 1;
                moved += usize::from(on != *date);
            }
            // Whatever the spans in which it is reckoned, in whatever order, the dates are the same.
            for _ in 0..4 {
                let from = first + TimeDelta::days(rng.random_range(0..100));
                let to = from + TimeDelta::days(rng.random_range(0..=20));
                let some = shape.dates(&calendar, from, to);
                let same: BTreeMap<_, _> = whole
                    .range(from..=to)
                    .map(|(date, wanted)| (*date, *wanted))
                    .collect();
                assert_eq!(some, same, "case {case}: {from} to {to}");
            }
        }
        assert!(
            served > 5000 && moved > 100,
            "the cases say something: {served} served, {moved} moved"
        );
    }
}
