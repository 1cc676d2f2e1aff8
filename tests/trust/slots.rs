//! Times that can be claimed: each is one service, so one helper, at one start.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::browser::{Browser, Told};
use super::place::Place;
use crate::support::House;

/// Days of the crowd that are served, counted from today: not today, and not the 1st of December.
const DAYS: std::ops::Range<i64> = 1..29;
/// The day on which nothing is served.
const REST: i64 = 7;
/// Minutes from the first start of a day to the last end.
const DAY_MIN: i64 = 600;

/// A time of one helper.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slot {
    pub service: String,
    pub start: DateTime<Utc>,
}

/// All times of so many helpers that follow one another every so many minutes, each as long.
pub fn all(helpers: usize, minutes: i64) -> Vec<Slot> {
    let mut slots = Vec::new();
    for day in DAYS.filter(|day| *day != REST) {
        for part in 0..DAY_MIN / minutes {
            for helper in 0..helpers {
                slots.push(Slot {
                    service: format!("S{helper:02}-{minutes}"),
                    start: start(day, part * minutes),
                });
            }
        }
    }
    slots
}

/// So many minutes after eight on a day.
pub fn start(day: i64, minutes: i64) -> DateTime<Utc> {
    House::morning() - TimeDelta::hours(1) + TimeDelta::days(day) + TimeDelta::minutes(minutes)
}

/// The day and the minute of a number drawn at random: a service of so many minutes that ends before six.
pub fn anywhere(number: u64, minutes: i64) -> DateTime<Utc> {
    let number = i64::try_from(number >> 1).unwrap();
    let days: Vec<i64> = DAYS.filter(|day| *day != REST).collect();
    let day = days[usize::try_from(number).unwrap() % days.len()];
    let starts = (DAY_MIN - minutes) / 5 + 1;
    start(day, (number / 64) % starts * 5)
}

impl Slot {
    /// A word that stands for it and nothing else.
    pub fn mark(&self) -> String {
        format!("{}@{}", self.service, self.start.timestamp())
    }

    /// What is sent to claim it; its mark is what was added.
    pub fn wanted(&self) -> Value {
        json!({"service": self.service, "start": self.start, "note": self.mark(), "if_unserved": "refuse"})
    }
}

/// Where bookings of the compound's first resident are made.
pub fn desk(place: &Place) -> String {
    format!("/api/residents/{}/bookings", place.at().mother)
}

/// Claims a time, once.
pub async fn claim(
    browser: &mut Browser,
    desk: &str,
    slot: &Slot,
    key: Option<&str>,
) -> Option<Told> {
    browser.post(desk, slot.wanted(), key).await
}
