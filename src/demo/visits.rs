//! Some 150 visits a day, placed by the hard rules: what is booked, who comes, what stays unfilled.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use entity::ids::HelperId;
use entity::words::{HelperKind, VisitState};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::{IteratorRandom, SliceRandom};
use serde_json::Value;

use super::asks::{self, Ask, Habit};
use super::fit::{Bar, Task};
use super::outcomes::{self, Planned};
use super::roster::{Hand, Roster};
use super::rows::{Rows, index};
use super::time::{self, Days};
use super::{reasons, story};

/// Adds the visits of all days: the prepared ones first.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, days: &Days) {
    let mut roster = Roster::of(rows);
    story::add(rows, rng, days, &mut roster);
    let habits = asks::habits(rows, rng, days.today);
    for day in days.all() {
        fill(rows, rng, days, &mut roster, (day, &habits));
    }
}

/// How many visits a day has: fewer at weekends.
fn how_many(rng: &mut StdRng, day: NaiveDate) -> usize {
    let base = match day.weekday() {
        Weekday::Sat => 138,
        Weekday::Sun => 130,
        _ => 152,
    };
    base + rng.random_range(0..10)
}

/// How many of a day's visits stay unfilled: none in the past, one in twenty of those to come.
fn gaps(days: &Days, day: NaiveDate) -> usize {
    let now = time::minute(day, days.now);
    let ahead = (1020 - now).clamp(0, 540);
    usize::try_from(ahead * 8 / 540).unwrap_or(0)
}

fn fill(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (day, habits): (NaiveDate, &[Habit]),
) {
    let wanted = how_many(rng, day);
    let open = gaps(days, day);
    let mut made = rows
        .visits
        .iter()
        .filter(|visit| time::date(visit.starts_at) == day)
        .count();
    let mut todo = asks::on(habits, day);
    todo.shuffle(rng);
    for _ in 0..6000 {
        if made + open >= wanted {
            break;
        }
        let ask = todo.pop().or_else(|| asks::any(rows, rng, day));
        if ask.is_some_and(|ask| place(rows, rng, days, roster, (day, ask))) {
            made += 1;
        }
    }
    // Each for another service: a tray full of the same line teaches nobody anything.
    let mut left = BTreeSet::new();
    for _ in 0..3000 {
        if left.len() == open {
            break;
        }
        let ask = asks::scarce(rows, rng, day).filter(|ask| !left.contains(&ask.service));
        if let Some(ask) = ask
            && leave_open(rows, rng, days, roster, (day, ask))
        {
            left.insert(ask.service);
        }
    }
}

/// Places an ask near its time if somebody can come; says whether it did.
pub(super) fn place(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (day, ask): (NaiveDate, Ask),
) -> bool {
    let Some(task) = Task::new(rows, ask.resident, ask.service, day) else {
        return false;
    };
    let window = window(&task, ask);
    let mut starts: Vec<i32> = (window.0..=window.1).step_by(5).collect();
    starts.sort_by_key(|start| (start - ask.minute).abs());
    for start in starts {
        let state = outcomes::state_at(rng, days, day, start, start + task.minutes);
        if let Some(crew) = free_crew(rng, roster, &task, start) {
            settle(
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
            return true;
        }
    }
    false
}

/// Earliest and latest start: what the ask gives, within the hours of service.
fn window(task: &Task, ask: Ask) -> (i32, i32) {
    let latest = 1080.max(ask.minute + task.minutes) - task.minutes;
    (
        (ask.minute - ask.give).max(480),
        (ask.minute + ask.give).min(latest),
    )
}

fn free_crew(rng: &mut StdRng, roster: &Roster, task: &Task, start: i32) -> Option<Vec<HelperId>> {
    let engaged = roster.is_engaged(task.resident, task.day, start, start + task.minutes);
    if engaged {
        None
    } else {
        roster.crew(rng, task, start)
    }
}

/// A visit with its time, its crew and its state.
pub(super) struct Settled {
    /// What for.
    pub task: Task,
    /// What was asked for.
    pub ask: Ask,
    /// The start, minutes after local midnight.
    pub start: i32,
    /// Earliest and latest start.
    pub window: (i32, i32),
    /// Who comes.
    pub crew: Vec<HelperId>,
    /// Where it stands.
    pub state: VisitState,
}

/// Writes it, and takes the time of its crew unless it was cancelled.
pub(super) fn settle(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    settled: Settled,
) {
    let Settled {
        task,
        ask,
        start,
        window,
        mut crew,
        mut state,
    } = settled;
    let mut before = None;
    let spare = other(rng, roster, &task, start, &crew);
    match (state, spare) {
        (VisitState::Substituted, Some(helper)) => {
            before = Some(std::mem::replace(&mut crew[0], helper))
        }
        (VisitState::Substituted, None) => state = VisitState::Completed,
        (VisitState::Offered | VisitState::Accepted, Some(helper)) if rng.random_bool(0.08) => {
            before =
                Some(helper).filter(|helper| roster.hand(*helper).kind == HelperKind::Volunteer);
        }
        _ => {}
    }
    let wished = roster.preferred(crew[0], task.resident) && rng.random_bool(0.5);
    let first = crew[0];
    let why = |helper: HelperId| -> (HelperId, Value) {
        (helper, reasons::why_this(rows, roster, &task, helper))
    };
    let planned = Planned {
        asked: ask.minute,
        start,
        window,
        crew: crew.iter().copied().map(why).collect(),
        before: before.map(why),
        state,
        nobody: None,
        task: task.clone(),
    };
    let id = outcomes::write(rows, rng, days, planned);
    if wished {
        rows.visits[index(id.0)].wish_helper_id = Some(first);
    }
    if outcomes::holds_time(state) {
        roster.engage(task.resident, task.day, (start, start + task.minutes));
        for helper in crew {
            roster.claim(helper, &task, start);
        }
    }
}

/// Somebody else who could come, of the same kind as the first of the crew.
fn other(
    rng: &mut StdRng,
    roster: &Roster,
    task: &Task,
    start: i32,
    crew: &[HelperId],
) -> Option<HelperId> {
    let kind = roster.hand(*crew.first()?).kind;
    roster
        .holders(task)
        .filter(|hand| hand.kind == kind && !crew.contains(&hand.id))
        .filter(|hand| roster.bar(hand, task, start).is_none())
        .map(|hand| hand.id)
        .choose(rng)
}

/// Writes an ask for which nobody is free at any minute of its window; says whether it is one.
fn leave_open(
    rows: &mut Rows,
    rng: &mut StdRng,
    days: &Days,
    roster: &mut Roster,
    (day, ask): (NaiveDate, Ask),
) -> bool {
    let Some(task) = Task::new(rows, ask.resident, ask.service, day) else {
        return false;
    };
    let window = window(&task, ask);
    let end = ask.minute + task.minutes;
    let soon = time::at(day, window.0) < days.now + TimeDelta::minutes(40);
    if soon
        || end > 1080
        || roster.is_engaged(task.resident, day, window.0, window.1 + task.minutes)
    {
        return false;
    }
    if (window.0..=window.1)
        .step_by(5)
        .any(|start| roster.crew(rng, &task, start).is_some())
    {
        return false;
    }
    // Mostly because those who could are busy: that a plan can mend.
    let busy = |hand: &Hand| roster.bar(hand, &task, ask.minute) == Some(Bar::Busy);
    if !roster.holders(&task).any(busy) && rng.random_bool(0.85) {
        return false;
    }
    let nobody = Some(reasons::why_nobody(rows, roster, &task, ask.minute));
    roster.engage(task.resident, day, (window.0, window.1 + task.minutes));
    let (asked, start) = (ask.minute, ask.minute);
    let planned = Planned {
        task,
        asked,
        start,
        window,
        crew: Vec::new(),
        before: None,
        state: VisitState::Unfilled,
        nobody,
    };
    outcomes::write(rows, rng, days, planned);
    true
}

/// Notes on the roll when somebody of ours last saw each resident.
pub(super) fn note_last_seen(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    for resident in &mut rows.residents {
        let day = time::shift(time::date(now), -rng.random_range(4..30));
        let by_chance = time::at(day, rng.random_range(500..1060));
        resident.last_seen_at = rng.random_bool(0.7).then_some(by_chance);
    }
    for visit in &rows.visits {
        let seen = &mut rows.residents[index(visit.resident_id.0)].last_seen_at;
        *seen = (*seen).max(visit.completed_at.or(visit.checked_in_at));
    }
}
