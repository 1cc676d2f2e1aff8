//! When helpers are free: weekly rules, dates that differ, leave; and who would rather see, or not see, whom.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AvailabilityExceptionId, AvailabilityId, HelperId, LeaveId, ResidentId, WishId};
use entity::words::{HelperKind, WishBy, WishKind};
use entity::{availability, availability_exception, leave, wish};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;

use super::accounts::CLERKS;
use super::hands::{DEMO_STAFF, DEMO_VOLUNTEER, PET_VOLUNTEER};
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::time;

/// Adds them.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let helpers: Vec<_> = rows.helpers.iter().map(|row| (row.id, row.kind)).collect();
    for (id, kind) in &helpers {
        match (*id, kind) {
            (DEMO_VOLUNTEER, _) => every_day(rows, *id, &[(480, 720), (840, 1080)]),
            (PET_VOLUNTEER, _) => every_day(rows, *id, &[(510, 720)]),
            (DEMO_STAFF, _) => every_day(rows, *id, &[(480, 1080)]),
            (_, HelperKind::Volunteer) => volunteer(rows, rng, *id),
            (_, HelperKind::Staff) => staff(rows, rng, *id),
            (_, HelperKind::Merchant) => merchant(rows, rng, *id),
        }
    }
    let today = time::date(now);
    exceptions(rows, rng, today);
    leaves(rows, now, today);
    wishes(rows, rng);
}

fn free(rows: &mut Rows, helper_id: HelperId, weekday: i32, (from_min, to_min): (i32, i32)) {
    rows.availabilities.push(availability::Model {
        id: AvailabilityId(next(&rows.availabilities)),
        community_id: COMMUNITY,
        helper_id,
        weekday,
        from_min,
        to_min,
    });
}

fn every_day(rows: &mut Rows, id: HelperId, stretches: &[(i32, i32)]) {
    for weekday in 1..=7 {
        for stretch in stretches {
            free(rows, id, weekday, *stretch);
        }
    }
}

/// Three to six days a week, a morning or an afternoon or both.
fn volunteer(rows: &mut Rows, rng: &mut StdRng, id: HelperId) {
    let mut days: Vec<i32> = (1..=7).collect();
    days.shuffle(rng);
    days.truncate(rng.random_range(3..=6));
    days.sort_unstable();
    let habit = rng.random_range(0..10);
    let morning = [(480, 700), (510, 750), (510, 750), (540, 755)][rng.random_range(0..4)];
    let afternoon = [(840, 1020), (840, 1080), (870, 1080)][rng.random_range(0..3)];
    for day in days {
        if habit < 7 {
            free(rows, id, day, morning);
        }
        if habit >= 3 {
            free(rows, id, day, afternoon);
        }
    }
}

/// Five days a week, with the two days off in turn.
fn staff(rows: &mut Rows, rng: &mut StdRng, id: HelperId) {
    let off = [(6, 7), (1, 2), (7, 3), (6, 4), (5, 1), (7, 2)][rng.random_range(0..6)];
    for day in (1..=7).filter(|day| *day != off.0 && *day != off.1) {
        free(rows, id, day, (480, 1080));
    }
}

/// Six days a week, or seven.
fn merchant(rows: &mut Rows, rng: &mut StdRng, id: HelperId) {
    let off = [0, 0, 1, 2, 7][rng.random_range(0..5)];
    for day in (1..=7).filter(|day| *day != off) {
        free(rows, id, day, (480, 1110));
    }
}

/// Some dates on which some volunteers are free at other hours, or not at all.
fn exceptions(rows: &mut Rows, rng: &mut StdRng, today: NaiveDate) {
    for (id, after, stretch) in [
        (5, 0, None),
        (9, 1, Some((840, 1020))),
        (12, 1, None),
        (17, 2, Some((540, 660))),
        (23, 3, None),
        (31, 4, Some((480, 720))),
        (44, 5, None),
        (86, 2, Some((480, 720))),
        (90, 3, None),
    ] {
        let later = rng.random_range(0..2);
        rows.exceptions.push(availability_exception::Model {
            id: AvailabilityExceptionId(next(&rows.exceptions)),
            community_id: COMMUNITY,
            helper_id: HelperId(id),
            date: time::shift(today, after + later),
            from_min: stretch.map(|(from, _)| from),
            to_min: stretch.map(|(_, to)| to),
        });
    }
}

/// Some are on leave now, some will be.
fn leaves(rows: &mut Rows, now: DateTime<Utc>, today: NaiveDate) {
    for (id, from, to, reason) in [
        (7, -1, 3, "去武汉看孙子"),
        (20, -2, 1, "感冒了，休息几天"),
        (38, 0, 9, "回老家"),
        (84, -1, 2, "家里有事"),
        (55, 2, 6, "住院做白内障手术"),
        (95, 5, 7, "参加培训"),
    ] {
        rows.leaves.push(leave::Model {
            id: LeaveId(next(&rows.leaves)),
            community_id: COMMUNITY,
            helper_id: HelperId(id),
            from_date: time::shift(today, from),
            to_date: time::shift(today, to),
            reason: reason.into(),
            recorded_by: CLERKS[1],
            created_at: now - TimeDelta::days(4),
        });
    }
}

/// Wishes in both directions; none touches the prepared story.
fn wishes(rows: &mut Rows, rng: &mut StdRng) {
    for n in 0..90 {
        let resident = ResidentId(rng.random_range(4..=876));
        let helper = HelperId(rng.random_range(3..=107));
        let same_home = rows.helpers[index(helper.0)].home_id
            == Some(rows.residents[index(resident.0)].household_id);
        let (kind, by) = match n {
            0..66 => (WishKind::Prefer, WishBy::Resident),
            66..76 => (WishKind::Prefer, WishBy::Helper),
            76..85 => (WishKind::Avoid, WishBy::Resident),
            _ => (WishKind::Avoid, WishBy::Helper),
        };
        let known = rows
            .wishes
            .iter()
            .any(|row| row.resident_id == resident && row.helper_id == helper);
        if !known && !same_home {
            rows.wishes.push(wish::Model {
                id: WishId(next(&rows.wishes)),
                community_id: COMMUNITY,
                resident_id: resident,
                helper_id: helper,
                kind,
                by,
            });
        }
    }
}
