//! When a helper is free: a dated exception beats the weekday's rule, leave beats both, and on a closed day nobody comes.

use std::collections::HashSet;

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::{availability, availability_exception, leave};

use crate::matching::Interval;

/// Seconds of a day.
const DAY: i64 = 86_400;

/// One helper's rules.
#[derive(Debug)]
pub struct Rules<'a> {
    /// By weekday.
    pub weekly: Vec<&'a availability::Model>,
    /// By date.
    pub exceptions: Vec<&'a availability_exception::Model>,
    /// Whole days off.
    pub leaves: Vec<&'a leave::Model>,
    /// Days on which nothing is served.
    pub closed: &'a HashSet<NaiveDate>,
}

impl Rules<'_> {
    /// The free stretches of these days in seconds since the first midnight, not before `not_before`: sorted, disjoint.
    #[must_use]
    pub fn available(&self, first: NaiveDate, days: usize, not_before: i64) -> Vec<Interval> {
        let mut free: Vec<Interval> = Vec::new();
        for (day, date) in first.iter_days().take(days).enumerate() {
            let midnight = i64::try_from(day).unwrap_or(0) * DAY;
            if self.closed.contains(&date) || self.on_leave(date) {
                continue;
            }
            let mut minutes = self.minutes(date);
            minutes.sort_unstable();
            for (from, to) in minutes {
                let from = (midnight + i64::from(from) * 60).max(not_before);
                let to = midnight + i64::from(to) * 60;
                match free.last_mut() {
                    Some(last) if from <= last.to => last.to = last.to.max(to),
                    _ if from < to => free.push(Interval::new(from, to)),
                    _ => {}
                }
            }
        }
        free
    }

    /// Leave in seconds since the first midnight.
    #[must_use]
    pub fn leave(&self, first: NaiveDate) -> Vec<Interval> {
        self.leaves
            .iter()
            .map(|leave| {
                Interval::new(
                    (leave.from_date - first).num_days() * DAY,
                    (leave.to_date + TimeDelta::days(1) - first).num_days() * DAY,
                )
            })
            .collect()
    }

    /// Whether the helper is on leave that day.
    #[must_use]
    pub fn on_leave(&self, date: NaiveDate) -> bool {
        self.leaves
            .iter()
            .any(|leave| leave.from_date <= date && date <= leave.to_date)
    }

    /// Minutes after midnight from and to.
    fn minutes(&self, date: NaiveDate) -> Vec<(i32, i32)> {
        let dated: Vec<_> = self
            .exceptions
            .iter()
            .filter(|row| row.date == date)
            .collect();
        if dated.is_empty() {
            let weekday = i32::try_from(date.weekday().number_from_monday()).unwrap_or(1);
            self.weekly
                .iter()
                .filter(|row| row.weekday == weekday)
                .map(|row| (row.from_min, row.to_min))
                .collect()
        } else {
            dated
                .iter()
                .filter_map(|row| Some((row.from_min?, row.to_min?)))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;
    use entity::ids::{
        AccountId, AvailabilityExceptionId, AvailabilityId, CommunityId, HelperId, LeaveId,
    };

    fn weekly(weekday: i32, from_min: i32, to_min: i32) -> availability::Model {
        availability::Model {
            id: AvailabilityId(1),
            community_id: CommunityId(1),
            helper_id: HelperId(1),
            weekday,
            from_min,
            to_min,
        }
    }

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
    }

    #[test]
    fn exception_beats_weekday_and_leave_beats_both() {
        // The 23rd of November 2026 is a Monday.
        let rules = [
            weekly(1, 480, 720),
            weekly(2, 480, 720),
            weekly(3, 480, 720),
            weekly(4, 480, 720),
        ];
        let exception = availability_exception::Model {
            id: AvailabilityExceptionId(1),
            community_id: CommunityId(1),
            helper_id: HelperId(1),
            date: date(24),
            from_min: Some(840),
            to_min: Some(900),
        };
        let leave = leave::Model {
            id: LeaveId(1),
            community_id: CommunityId(1),
            helper_id: HelperId(1),
            from_date: date(25),
            to_date: date(25),
            reason: String::new(),
            recorded_by: AccountId(1),
            created_at: Utc::now(),
        };
        let closed = HashSet::from([date(26)]);
        let rules = Rules {
            weekly: rules.iter().collect(),
            exceptions: vec![&exception],
            leaves: vec![&leave],
            closed: &closed,
        };
        let free = rules.available(date(23), 4, 9 * 3600);
        assert_eq!(
            free,
            vec![
                Interval::new(9 * 3600, 12 * 3600),
                Interval::new(DAY + 14 * 3600, DAY + 15 * 3600),
            ]
        );
        assert_eq!(rules.leave(date(23)), vec![Interval::new(2 * DAY, 3 * DAY)]);
    }
}
