//! Retention (保存期): what was kept long enough goes by itself, once a night, rule by rule. Nobody has to remember it, and anybody
//! of the office can read beforehand what tonight would take.
//!
//! PIPL article 19 asks for the shortest time that the purpose needs. Each rule says its time and why; the times are in the
//! code and not in a setting, because a time that anybody may lengthen is none.

pub mod night;
pub mod queries;
pub mod routes;
mod rules;
pub mod views;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::retention_night;

pub use rules::{Act, RULES, Rule};

use crate::clock::local_date;

/// The local hour from which a night's work is due: when nobody books.
pub const HOUR: u32 = 3;
/// Rows that one write takes at most, so that who books in the night does not wait for it.
pub const BATCH: u64 = 500;
/// Minutes after which work that was begun and not finished is taken on by another process.
const TAKEN_OVER_AFTER_MIN: i64 = 30;

/// The night that is due at this instant: today's from three o'clock on, else yesterday's.
#[must_use]
pub fn night_at(zone: Tz, now: DateTime<Utc>) -> NaiveDate {
    let local = now.with_timezone(&zone);
    let three = NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default();
    let today = local_date(zone, now);
    if local.time() >= three {
        today
    } else {
        today - TimeDelta::days(1)
    }
}

/// Whether work that another process began and has not finished is to be taken on.
#[must_use]
pub fn is_abandoned(row: &retention_night::Model, now: DateTime<Utc>) -> bool {
    row.finished_at.is_none() && now - row.started_at > TimeDelta::minutes(TAKEN_OVER_AFTER_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_night_begins_at_three() {
        let zone = chrono_tz::Asia::Shanghai;
        let at = |text: &str| night_at(zone, text.parse().unwrap()).to_string();
        assert_eq!(at("2026-11-24T18:59:00Z"), "2026-11-24");
        assert_eq!(at("2026-11-24T19:00:00Z"), "2026-11-25");
        assert_eq!(at("2026-11-25T15:59:00Z"), "2026-11-25");
    }

    #[test]
    fn every_rule_has_its_own_word_a_time_and_a_reason() {
        let keys: BTreeSet<_> = RULES.iter().map(|rule| rule.key).collect();
        assert_eq!(keys.len(), RULES.len());
        for rule in RULES {
            assert!(rule.days > 0, "{} has no time", rule.key);
            for text in [rule.what.0, rule.what.1, rule.why.0, rule.why.1] {
                assert!(!text.is_empty(), "{} says nothing", rule.key);
            }
        }
    }

    #[test]
    fn what_is_emptied_is_a_column_that_an_erasure_knows() {
        use crate::privacy::erasure::columns::COLUMNS;
        for rule in RULES {
            let Act::Empty { emptied, struck } = rule.act else {
                continue;
            };
            for name in emptied.iter().chain(struck) {
                assert!(
                    COLUMNS
                        .iter()
                        .any(|column| (column.table, column.name) == (rule.table, *name)),
                    "{}.{name} is no column of words",
                    rule.table
                );
            }
        }
    }
}
