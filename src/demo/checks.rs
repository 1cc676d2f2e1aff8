//! What holds for every demonstration compound, judged from its rows alone and by code of its own.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::HelperId;
use entity::words::{AssignmentState, HelperKind, VisitState, WishKind};
use entity::{assignment, helper, resident, service, visit};

use super::rows::{Rows, index};
use super::time;

/// An assignment that stands, with what it is about.
struct Standing<'a> {
    assignment: &'a assignment::Model,
    visit: &'a visit::Model,
    service: &'a service::Model,
    resident: &'a resident::Model,
    helper: &'a helper::Model,
    day: NaiveDate,
    from: i32,
    to: i32,
}

fn standing(rows: &Rows) -> Vec<Standing<'_>> {
    let live = [AssignmentState::Offered, AssignmentState::Accepted];
    let list = rows
        .assignments
        .iter()
        .filter(|row| live.contains(&row.state));
    list.map(|assignment| {
        let visit = &rows.visits[index(assignment.visit_id.0)];
        let day = time::date(visit.starts_at);
        Standing {
            assignment,
            visit,
            service: &rows.services[index(visit.service_id.0)],
            resident: &rows.residents[index(visit.resident_id.0)],
            helper: &rows.helpers[index(assignment.helper_id.0)],
            day,
            from: time::minute(day, visit.starts_at),
            to: time::minute(day, visit.ends_at),
        }
    })
    .collect()
}

/// Every hard rule of section 4 of the design.
pub(super) fn hard_rules(rows: &Rows) {
    let all = standing(rows);
    for one in &all {
        one.may_do(rows);
        one.is_free(rows);
    }
    walking_and_limits(rows, &all);
    let mut crews: BTreeMap<_, BTreeSet<HelperId>> = BTreeMap::new();
    for one in &all {
        assert!(
            crews.entry(one.visit.id).or_default().insert(one.helper.id),
            "a crew of one helper twice"
        );
    }
    for visit in &rows.visits {
        let crew = crews.get(&visit.id).map_or(0, BTreeSet::len);
        let none = matches!(
            visit.state,
            VisitState::Unfilled | VisitState::Cancelled | VisitState::Paused
        );
        let wanted = if none {
            0
        } else {
            usize::try_from(visit.crew_size).unwrap()
        };
        assert_eq!(
            crew, wanted,
            "visit {} is filled together or not at all",
            visit.id
        );
    }
}

impl Standing<'_> {
    fn may_do(&self, rows: &Rows) {
        let Self {
            service,
            resident,
            helper,
            visit,
            day,
            ..
        } = self;
        let offer = rows
            .offers
            .iter()
            .find(|row| row.service_id == service.id && row.kind == helper.kind);
        assert_eq!(
            visit.price_fen,
            Some(offer.expect("permitted kind").price_fen)
        );
        let skilled = |row: &&entity::helper_skill::Model| {
            row.helper_id == helper.id && row.skill_id == service.skill_id
        };
        assert!(rows.helper_skills.iter().any(|row| skilled(&row)), "skill");
        if rows.skills[index(service.skill_id.0)].needs_credential {
            let valid = rows.credentials.iter().any(|row| {
                row.helper_id == helper.id
                    && row.skill_id == service.skill_id
                    && row.valid_from <= *day
                    && *day <= row.valid_until
            });
            assert!(valid, "credential");
        }
        let avoided = rows.wishes.iter().any(|row| {
            row.kind == WishKind::Avoid
                && row.helper_id == helper.id
                && row.resident_id == resident.id
        });
        assert!(!avoided, "avoid");
        assert!(
            !service.intimate || helper.sex == resident.sex,
            "intimate care"
        );
        let level = resident.ability_level.unwrap_or(0);
        assert!(
            (service.ability_min..=service.ability_max).contains(&level),
            "ability level"
        );
        assert_ne!(helper.home_id, Some(resident.household_id), "own household");
        let declined = rows.assignments.iter().any(|row| {
            row.visit_id == visit.id
                && row.helper_id == helper.id
                && row.state == AssignmentState::Declined
        });
        assert!(!declined, "somebody who said no");
    }

    fn is_free(&self, rows: &Rows) {
        let (id, day) = (self.helper.id, self.day);
        let dated: Vec<_> = rows
            .exceptions
            .iter()
            .filter(|row| row.helper_id == id && row.date == day)
            .collect();
        let within = |from: i32, to: i32| from <= self.from && self.to <= to;
        let free = if dated.is_empty() {
            let weekday = i32::try_from(day.weekday().number_from_monday()).unwrap();
            let rules = rows
                .availabilities
                .iter()
                .filter(|row| row.helper_id == id && row.weekday == weekday);
            rules
                .into_iter()
                .any(|row| within(row.from_min, row.to_min))
        } else {
            dated.iter().any(|row| {
                row.from_min
                    .zip(row.to_min)
                    .is_some_and(|(from, to)| within(from, to))
            })
        };
        assert!(free, "available");
        let leave = rows
            .leaves
            .iter()
            .any(|row| row.helper_id == id && row.from_date <= day && day <= row.to_date);
        assert!(!leave, "leave");
    }
}

fn walking_and_limits(rows: &Rows, all: &[Standing<'_>]) {
    let mut days: BTreeMap<(HelperId, NaiveDate), Vec<&Standing<'_>>> = BTreeMap::new();
    let mut weeks: BTreeMap<(HelperId, i32, u32), i32> = BTreeMap::new();
    for one in all {
        days.entry((one.helper.id, one.day)).or_default().push(one);
        let week = one.day.iso_week();
        *weeks
            .entry((one.helper.id, week.year(), week.week()))
            .or_default() += one.to - one.from;
    }
    for ((helper, _, _), minutes) in weeks {
        assert!(
            minutes <= rows.helpers[index(helper.0)].weekly_limit_min,
            "weekly limit"
        );
    }
    for list in days.values_mut() {
        list.sort_by_key(|one| one.from);
        let minutes: i32 = list.iter().map(|one| one.to - one.from).sum();
        assert!(minutes <= list[0].helper.daily_limit_min, "daily limit");
        for pair in list.windows(2) {
            let gap = (pair[1].visit.starts_at - pair[0].visit.ends_at).num_seconds();
            let walk = walk(door(rows, pair[0]), door(rows, pair[1]));
            assert!(gap >= walk, "{gap} s for a walk of {walk} s");
        }
    }
}

/// Metres east, metres north, floors up, lift.
type Door = (f64, f64, i32, bool);

fn door(rows: &Rows, one: &Standing<'_>) -> Door {
    let home = &rows.households[index(one.resident.household_id.0)];
    let building = &rows.buildings[index(home.building_id.0)];
    match one.service.place {
        entity::words::Place::Station => (300.0, 10.0, 0, false),
        entity::words::Place::Home => (
            building.x_m,
            building.y_m,
            home.floor - 1,
            building.has_lift,
        ),
    }
}

/// Seconds: 0.9 m a second on a way a quarter longer than the straight line, 15 s a floor down, 20 s up, 30 s a lift.
fn walk(from: Door, to: Door) -> i64 {
    if from == to {
        return 0;
    }
    let stairs = |door: Door, a_floor: i32| {
        if door.3 {
            30 * door.2.min(1)
        } else {
            a_floor * door.2
        }
    };
    let metres = (from.0 - to.0).hypot(from.1 - to.1);
    let seconds = f64::from(stairs(from, 15) + stairs(to, 20)) + metres * 1.25 / 0.9;
    seconds.ceil() as i64
}

/// Each minute of a standing assignment is claimed, once, and nothing else is.
pub(super) fn claims(rows: &Rows) {
    let mut claimed: HashMap<_, _> = HashMap::new();
    for slot in &rows.slots {
        let before = claimed.insert((slot.helper_id, slot.slot), slot.assignment_id);
        assert!(before.is_none(), "a claim twice");
    }
    let mut wanted = 0;
    for one in standing(rows) {
        for slot in one.visit.starts_at.timestamp() / 300..one.visit.ends_at.timestamp() / 300 {
            assert_eq!(
                claimed.get(&(one.helper.id, slot)),
                Some(&one.assignment.id)
            );
            wanted += 1;
        }
    }
    assert_eq!(claimed.len(), wanted);
}

/// Times on the grid, in the window, in the right order, asked for early enough, and never on a closed day.
pub(super) fn times(rows: &Rows, now: DateTime<Utc>) {
    for visit in &rows.visits {
        let service = &rows.services[index(visit.service_id.0)];
        let day = time::date(visit.starts_at);
        assert_eq!(visit.starts_at.timestamp() % 300, 0);
        assert_eq!(
            (visit.ends_at - visit.starts_at).num_minutes(),
            i64::from(service.duration_min)
        );
        assert!(
            visit.window_from <= visit.starts_at && visit.starts_at <= visit.window_to,
            "window"
        );
        assert!(
            time::minute(day, visit.starts_at) >= 480 && time::minute(day, visit.ends_at) <= 1080,
            "hours"
        );
        assert!(
            visit.created_at + TimeDelta::hours(i64::from(service.lead_time_hours))
                <= visit.starts_at,
            "lead time"
        );
        assert!(visit.created_at <= now);
        let closed =
            |row: &&entity::calendar_day::Model| row.kind == entity::words::DayKind::Closed;
        assert!(
            !rows
                .calendar_days
                .iter()
                .filter(closed)
                .any(|row| row.date == day),
            "closed day"
        );
        let over = [visit.checked_in_at, visit.completed_at, visit.problem_at];
        assert!(
            over.into_iter().flatten().all(|moment| moment <= now),
            "what has happened lies in the past"
        );
        assert_eq!(
            visit.state == VisitState::Unfilled,
            visit.unfilled_zh.is_some() && visit.unfilled_en.is_some()
        );
    }
    for row in &rows.assignments {
        assert!(
            row.offered_at <= now
                && row
                    .answered_at
                    .is_none_or(|at| row.offered_at <= at && at <= now)
        );
        assert_eq!(
            row.answered_at.is_none(),
            row.state == AssignmentState::Offered
        );
        assert!(row.reasons.as_array().is_some_and(|list| {
            list.iter()
                .all(|one| one["zh"].is_string() && one["en"].is_string())
        }));
    }
    for row in &rows.bookings {
        assert!(
            row.created_at <= now
                && row
                    .cancelled_at
                    .is_none_or(|at| row.created_at <= at && at <= now)
        );
    }
    for row in &rows.calls {
        assert!(
            row.started_at <= now
                && row
                    .ended_at
                    .is_none_or(|at| row.started_at <= at && at <= now)
        );
    }
}

/// Every service can be given by as many as it needs, and every skill has a holder of a permitted kind.
pub(super) fn services_can_be_given(rows: &Rows) {
    for service in &rows.services {
        let kinds: BTreeSet<HelperKind> = rows
            .offers
            .iter()
            .filter(|row| row.service_id == service.id)
            .map(|row| row.kind)
            .collect();
        let holders = rows
            .helper_skills
            .iter()
            .filter(|row| row.skill_id == service.skill_id);
        let able = holders
            .filter(|row| kinds.contains(&rows.helpers[index(row.helper_id.0)].kind))
            .count();
        assert!(
            able >= usize::try_from(service.crew_size).unwrap(),
            "{} has {able} helpers",
            service.code
        );
    }
}

/// Linked visits are of one household and day, and keep their gap; there is one to meet.
pub(super) fn links(rows: &Rows) {
    assert!(!rows.links.is_empty(), "no two visits keep an order");
    for link in &rows.links {
        let [first, second] =
            [link.first_id, link.second_id].map(|visit| &rows.visits[index(visit.0)]);
        let home = |visit: &visit::Model| rows.residents[index(visit.resident_id.0)].household_id;
        assert_eq!(home(first), home(second));
        assert_eq!(time::date(first.starts_at), time::date(second.starts_at));
        let apart = (second.starts_at - first.starts_at).num_minutes();
        assert!((i64::from(link.least_min)..=i64::from(link.most_min)).contains(&apart));
        assert!(crate::dispatch::links::check_gap(link.least_min, link.most_min).is_ok());
    }
}
