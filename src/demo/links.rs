//! Visits of one household on one day that keep an order: what was done before something else stays before it.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::ids::HouseholdId;
use entity::words::VisitState;
use entity::{visit, visit_link};

use super::accounts::COORDINATOR;
use super::place::COMMUNITY;
use super::rows::{Rows, index};
use super::time::{self, Days};

/// How many a day: enough to meet one on the board, few enough that they remain something special.
const A_DAY: usize = 3;
/// Farthest apart, in minutes, that two starts still belong together.
const TOGETHER: i64 = 180;
/// Minutes that the later one may come earlier or later than it stands.
const GIVE: i64 = 30;

/// Links some visits to come with the next of their household.
pub(super) fn add(rows: &mut Rows, days: &Days) {
    let mut homes: BTreeMap<(NaiveDate, HouseholdId), Vec<&visit::Model>> = BTreeMap::new();
    for visit in &rows.visits {
        let open = matches!(visit.state, VisitState::Offered | VisitState::Accepted);
        if open && visit.starts_at > days.now {
            let home = rows.residents[index(visit.resident_id.0)].household_id;
            let day = time::date(visit.starts_at);
            homes.entry((day, home)).or_default().push(visit);
        }
    }
    let mut made: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let mut links = Vec::new();
    for ((day, _), mut visits) in homes {
        visits.sort_by_key(|visit| (visit.starts_at, visit.id));
        let count = made.entry(day).or_default();
        for pair in visits.windows(2) {
            if *count < A_DAY
                && let Some(link) = link(pair[0], pair[1], days)
            {
                links.push(link);
                *count += 1;
            }
        }
    }
    rows.links = links;
}

fn link(first: &visit::Model, second: &visit::Model, days: &Days) -> Option<visit_link::Model> {
    let apart = (second.starts_at - first.starts_at).num_minutes();
    if !(5..=TOGETHER).contains(&apart) || first.service_id == second.service_id {
        return None;
    }
    Some(visit_link::Model {
        first_id: first.id,
        second_id: second.id,
        community_id: COMMUNITY,
        least_min: i32::try_from((apart - GIVE).max(0)).ok()?,
        most_min: i32::try_from(apart + GIVE).ok()?,
        linked_by: COORDINATOR,
        created_at: days.now - TimeDelta::hours(1),
    })
}
