//! The prepared story: a conflict that a plan can solve and a booking cannot.
//!
//! - The mother of the demonstration's daughter is resident 1, 王桂兰, door 3-2-501. She has a cat.
//! - Service `ERR13` 宠物代遛代喂 (pet walking and feeding): 40 minutes, 12 hours ahead, volunteers only, free. Only
//!   volunteer number 2 (`volunteer2@yinling.example.invalid`) has its skill `pet_care`; every day free 08:30 to 12:00.
//! - **The day of the story** is the first open day after today (local) whose 10:00 is at least 14 hours away: tomorrow,
//!   as long as it is before 20:00 now and tomorrow is open.
//! - On that day the volunteer has one visit, `ERR13` for resident 3, 赵春香, door 5-1-301, who has a dog: at 10:00,
//!   offered, not pinned, window 09:00 to 11:30.
//! - The daughter asks for `ERR13` for her mother on that day at exactly 10:00. Nobody is free then. A plan moves the
//!   dog's visit within its window (to 09:00, say, or 11:00) and fits hers in.
//!
//! Beside it stand the mother's last visits and her next, and two visits for the volunteer of the one-tap entry, who is
//! also the one who comes to the mother.

use chrono::{NaiveDate, TimeDelta};
use entity::ids::{ResidentId, WishId};
use entity::wish;
use entity::words::{VisitState, WishBy, WishKind};
use rand::rngs::StdRng;

use super::asks::{self, Ask};
use super::catalogue;
use super::fit::Task;
use super::hands::{DEMO_VOLUNTEER, PET_VOLUNTEER};
use super::place::COMMUNITY;
use super::roll::{DOG_OWNER, FATHER_IN_LAW, MOTHER};
use super::roster::Roster;
use super::rows::{Rows, next};
use super::time::{self, Days};
use super::visits::{self, Settled};

/// The service that the story is about.
pub(super) const SERVICE: &str = "ERR13";
/// When the mother would like it and the dog has it: 10:00.
pub(super) const TEN: i32 = 600;
/// Earliest and latest start that the dog's owner agreed to: 09:00 to 11:30.
const DOG_WINDOW: (i32, i32) = (540, 690);

/// The day of the story.
pub(super) fn day(days: &Days) -> NaiveDate {
    let far = |day: &NaiveDate| time::at(*day, TEN) - days.now >= TimeDelta::hours(14);
    days.after_today().find(far).unwrap_or(days.today)
}

/// Adds the story, before any other visit takes a helper's time.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, days: &Days, roster: &mut Roster) {
    pets(rows, rng, days, roster);
    mother(rows, rng, days, roster);
    father_in_law(rows, rng, days, roster);
    volunteer(rows, rng, days, roster);
}

fn pets(rows: &mut Rows, rng: &mut StdRng, days: &Days, roster: &mut Roster) {
    let day = day(days);
    let Some(service) = catalogue::service_by_code(rows, SERVICE).map(|row| row.id) else {
        return;
    };
    let earlier = days.past.last().map(|past| (*past, VisitState::Completed));
    for (day, state) in earlier.into_iter().chain([(day, VisitState::Offered)]) {
        let Some(task) = Task::new(rows, DOG_OWNER, service, day) else {
            continue;
        };
        let ask = Ask {
            resident: DOG_OWNER,
            service,
            minute: TEN,
            give: 60,
        };
        let crew = vec![PET_VOLUNTEER];
        let settled = Settled {
            task,
            ask,
            start: TEN,
            window: DOG_WINDOW,
            crew,
            state,
        };
        visits::settle(rows, rng, days, roster, settled);
    }
    // Both are at home all that morning: nothing else is to come between.
    roster.engage(DOG_OWNER, day, (520, 740));
    roster.engage(MOTHER, day, (540, 680));
}

fn mother(rows: &mut Rows, rng: &mut StdRng, days: &Days, roster: &mut Roster) {
    let mut after = days.after_today();
    let (next_day, later) = (after.next(), after.nth(1));
    let known = rows.visits.len();
    for (day, code, minute) in [
        (days.past.first().copied(), "CLN01", 870),
        (days.past.last().copied(), "COM01", 900),
        (next_day, "MEA02", 700),
        (later, "COM01", 900),
    ] {
        fixed(rows, rng, days, roster, (MOTHER, day, code, minute));
    }
    // The volunteer who came for a talk is the one she would like again.
    let talks = catalogue::service_by_code(rows, "COM01").map(|row| row.id);
    let talk = rows.visits[known..]
        .iter()
        .find(|visit| Some(visit.service_id) == talks)
        .map(|visit| visit.id);
    let face = rows
        .assignments
        .iter()
        .find(|row| Some(row.visit_id) == talk)
        .map(|row| row.helper_id);
    if let Some(helper_id) = face {
        rows.wishes.push(wish::Model {
            id: WishId(next(&rows.wishes)),
            community_id: COMMUNITY,
            resident_id: MOTHER,
            helper_id,
            kind: WishKind::Prefer,
            by: WishBy::Resident,
        });
    }
}

fn father_in_law(rows: &mut Rows, rng: &mut StdRng, days: &Days, roster: &mut Roster) {
    let past = days.past.get(1).copied();
    let next_day = days.after_today().nth(1);
    for (day, code, minute) in [
        (past, "CHK03", 540),
        (past, "MEA02", 705),
        (next_day, "REH02", 870),
    ] {
        fixed(rows, rng, days, roster, (FATHER_IN_LAW, day, code, minute));
    }
}

/// Places a visit that has gone well, or is accepted, near its time; to the mother comes the volunteer of the one-tap
/// entry where she can.
fn fixed(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (resident, day, code, minute): (ResidentId, Option<NaiveDate>, &str, i32),
) {
    let Some(service) = catalogue::service_by_code(rows, code).map(|row| row.id) else {
        return;
    };
    let Some(task) = day.and_then(|day| Task::new(rows, resident, service, day)) else {
        return;
    };
    let mut starts: Vec<i32> = (minute - 90..=minute + 90).step_by(5).collect();
    starts.sort_by_key(|start| (start - minute).abs());
    for start in starts {
        let engaged = roster.is_engaged(resident, task.day, start, start + task.minutes);
        let known = roster.hand(DEMO_VOLUNTEER);
        let known = known.can(task.skill) && roster.bar(known, &task, start).is_none();
        let crew = if known && resident == MOTHER {
            Some(vec![DEMO_VOLUNTEER])
        } else {
            roster.crew(rng, &task, start)
        };
        let crew = crew.filter(|_| !engaged);
        if let Some(crew) = crew {
            let past = time::at(task.day, start + task.minutes) <= days.now;
            let state = if past {
                VisitState::Completed
            } else {
                VisitState::Accepted
            };
            let ask = Ask {
                resident,
                service,
                minute: start,
                give: 45,
            };
            let window = ((start - 45).max(480), (start + 45).min(1080 - task.minutes));
            visits::settle(
                rows,
                rng,
                days,
                roster,
                Settled {
                    task,
                    ask,
                    start,
                    window,
                    crew,
                    state,
                },
            );
            return;
        }
    }
}

/// The volunteer of the one-tap entry: one done today, one accepted and one offered later today, or on the next open day.
fn volunteer(rows: &mut Rows, rng: &mut StdRng, days: &Days, roster: &mut Roster) {
    const HOURS: [(i32, &str); 6] = [
        (490, "COM01"),
        (580, "COM01"),
        (680, "MEA02"),
        (850, "COM02"),
        (930, "COM04"),
        (1030, "CLN16"),
    ];
    let Some(first) = days.ahead.first().copied() else {
        return;
    };
    let now = time::minute(first, days.now);
    let done = HOURS.iter().rev().find(|(minute, _)| minute + 75 < now);
    if let Some((minute, code)) = done {
        for_volunteer(
            rows,
            rng,
            days,
            roster,
            (first, *minute, code, VisitState::Completed),
        );
    }
    let mut later: Vec<_> = HOURS
        .iter()
        .filter(|(minute, _)| *minute > now + 30)
        .take(2)
        .map(|hour| (first, *hour))
        .collect();
    let next_day = days.after_today().find(|day| *day != first);
    if let Some(next_day) = next_day.filter(|_| later.len() < 2) {
        later.extend([HOURS[1], HOURS[2]].map(|hour| (next_day, hour)));
    }
    let states = [VisitState::Accepted, VisitState::Offered]
        .into_iter()
        .cycle();
    for ((day, (minute, code)), state) in later.into_iter().zip(states) {
        for_volunteer(rows, rng, days, roster, (day, minute, code, state));
    }
}

fn for_volunteer(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (day, start, code, state): (NaiveDate, i32, &str, VisitState),
) {
    for _ in 0..400 {
        let Some(ask) = asks::for_service(rows, rng, day, code) else {
            continue;
        };
        let Some(task) = Task::new(rows, ask.resident, ask.service, day) else {
            continue;
        };
        let engaged = roster.is_engaged(ask.resident, day, start, start + task.minutes);
        if engaged
            || roster
                .bar(roster.hand(DEMO_VOLUNTEER), &task, start)
                .is_some()
        {
            continue;
        }
        let window = ((start - 30).max(480), start + 30);
        let ask = Ask {
            minute: start,
            give: 30,
            ..ask
        };
        let crew = vec![DEMO_VOLUNTEER];
        visits::settle(
            rows,
            rng,
            days,
            roster,
            Settled {
                task,
                ask,
                start,
                window,
                crew,
                state,
            },
        );
        return;
    }
}
