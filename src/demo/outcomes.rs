//! How a visit stands at `now`, and the rows that say so.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, AssignmentId, BookingId, HelperId, VisitId};
use entity::words::{
    AssignmentSource, AssignmentState, BookingState, Channel, ProblemKind, VisitState,
};
use entity::{assignment, booking, helper_slot, visit};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use serde_json::Value;

use super::accounts::CLERKS;
use super::fit::Task;
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::time::{self, Days};

const FINISHED: &[&str] = &[
    "一切顺利，老人精神不错",
    "聊得很开心",
    "已送到，老人当面签收",
    "做完了，垃圾顺手带下楼",
    "血压偏高，已提醒按时吃药",
    "老人说下周还要约",
];
const WHY_CANCELLED: &[&str] = &[
    "老人住院了",
    "子女回来了，不用了",
    "身体不舒服，改天再约",
    "记错日子了",
];
const DECLINED: &[&str] = &[
    "那天要带孙子",
    "膝盖疼，爬不了楼",
    "已经有别的事",
    "身体不舒服",
];

/// A visit that has a time, and its helpers or the reason why there are none.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// What for.
    pub task: Task,
    /// The start asked for, minutes after local midnight.
    pub asked: i32,
    /// The start.
    pub start: i32,
    /// Earliest and latest start.
    pub window: (i32, i32),
    /// Who comes; empty when unfilled.
    pub crew: Vec<(HelperId, Value)>,
    /// Who was to come before somebody else did it, or said no.
    pub before: Option<(HelperId, Value)>,
    /// Where it stands.
    pub state: VisitState,
    /// Why nobody comes, in Chinese and English.
    pub nobody: Option<(String, String)>,
}

/// Where a visit from `start` to `end` stands at `now`, in believable shares.
pub(super) fn state_at(
    rng: &mut StdRng,
    days: &Days,
    day: chrono::NaiveDate,
    start: i32,
    end: i32,
) -> VisitState {
    let now = time::minute(day, days.now);
    let draw = rng.random_range(0..1000);
    if end <= now {
        return match draw {
            0..910 => VisitState::Completed,
            910..946 => VisitState::Cancelled,
            946..960 => VisitState::HelperAbsent,
            960..980 => VisitState::NotHome,
            _ => VisitState::Substituted,
        };
    }
    if start <= now {
        // Some have not said yet that they arrived: those are late on the first screen.
        let late = now - start <= 30 && draw < 150;
        return if late {
            VisitState::Accepted
        } else {
            VisitState::CheckedIn
        };
    }
    let soon = (day - days.today).num_days();
    let offered = [60, 240, 380][usize::try_from(soon.clamp(0, 2)).unwrap_or(2)];
    match draw {
        0..30 => VisitState::Cancelled,
        _ if draw < 30 + offered && start - now > 45 => VisitState::Offered,
        _ => VisitState::Accepted,
    }
}

/// Whether a visit in this state keeps its helpers' time.
pub(super) fn holds_time(state: VisitState) -> bool {
    !matches!(state, VisitState::Cancelled | VisitState::Unfilled)
}

/// Writes booking, visit, assignments and the claims on the helpers' time.
pub(super) fn write(rows: &mut Rows, rng: &mut StdRng, days: &Days, planned: Planned) -> VisitId {
    let starts_at = time::at(planned.task.day, planned.start);
    let ends_at = time::at(planned.task.day, planned.start + planned.task.minutes);
    let (booked_by, channel) = booker(rows, rng, &planned);
    let created_at = asked_at(rng, days, &planned, channel);
    let booking_id = write_booking(
        rows,
        rng,
        &planned,
        (booked_by, channel),
        created_at,
        days.now,
    );
    let id = VisitId(next(&rows.visits));
    let mut row = bare_visit(&planned, id, booking_id, created_at);
    row.price_fen = planned.crew.first().and_then(|(helper, _)| {
        let kind = rows.helpers[index(helper.0)].kind;
        planned.task.price(kind)
    });
    let over = holds_time(planned.state).then(|| happened(&mut row, rng, planned.state));
    rows.visits.push(row);
    let times = Times {
        created_at,
        starts_at,
        ends_at,
        now: days.now,
    };
    if let Some((helper, reasons)) = &planned.before {
        let substituted = planned.state == VisitState::Substituted;
        let state = if substituted {
            AssignmentState::Withdrawn
        } else {
            AssignmentState::Declined
        };
        assign(rows, rng, id, (*helper, reasons.clone()), state, &times);
    }
    let state = match planned.state {
        VisitState::Cancelled => AssignmentState::Withdrawn,
        VisitState::Offered => AssignmentState::Offered,
        _ => AssignmentState::Accepted,
    };
    for member in planned.crew {
        let assignment = assign(rows, rng, id, member.clone(), state, &times);
        if over.is_some() {
            claim(rows, member.0, assignment, starts_at, ends_at);
        }
    }
    id
}

/// Moments that its assignments share.
struct Times {
    created_at: DateTime<Utc>,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    now: DateTime<Utc>,
}

/// A relative on a page where there is one, most times; a clerk on the telephone otherwise.
fn booker(rows: &Rows, rng: &mut StdRng, planned: &Planned) -> (AccountId, Channel) {
    let resident = planned.task.resident;
    let family: Vec<_> = rows
        .family_members
        .iter()
        .filter(|row| row.resident_id == resident)
        .collect();
    match family.choose(rng) {
        Some(row) if rng.random_bool(0.75) => (row.account_id, Channel::Web),
        _ => (CLERKS[rng.random_range(0..CLERKS.len())], Channel::Phone),
    }
}

/// A moment before now, early enough for the service's lead time, by day; offers that wait for an answer are recent.
fn asked_at(rng: &mut StdRng, days: &Days, planned: &Planned, channel: Channel) -> DateTime<Utc> {
    let lead = TimeDelta::hours(i64::from(planned.task.lead_hours));
    let latest =
        (time::at(planned.task.day, planned.start.min(planned.window.0)) - lead).min(days.now);
    let waiting = matches!(planned.state, VisitState::Offered | VisitState::Unfilled);
    let (from, to) = if channel == Channel::Phone {
        (510, 1050)
    } else {
        (420, 1320)
    };
    for _ in 0..12 {
        let back = rng.random_range(0..if waiting { 3 } else { 9 });
        let day = time::shift(time::date(latest), -back);
        let moment = time::at(day, rng.random_range(from..to));
        if moment < latest {
            return moment;
        }
    }
    latest - TimeDelta::minutes(rng.random_range(5..40))
}

fn write_booking(
    rows: &mut Rows,
    rng: &mut StdRng,
    planned: &Planned,
    (booked_by, channel): (AccountId, Channel),
    created_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> BookingId {
    let id = BookingId(next(&rows.bookings));
    let cancelled = planned.state == VisitState::Cancelled;
    let starts_at = time::at(planned.task.day, planned.start);
    let until = starts_at.min(now);
    let minutes = (until - created_at).num_minutes().max(2);
    let at = created_at + TimeDelta::minutes(rng.random_range(1..minutes));
    rows.bookings.push(booking::Model {
        id,
        community_id: COMMUNITY,
        resident_id: planned.task.resident,
        service_id: planned.task.service,
        booked_by,
        channel,
        state: match planned.state {
            VisitState::Cancelled => BookingState::Cancelled,
            VisitState::Unfilled => BookingState::Requested,
            VisitState::Offered | VisitState::Accepted | VisitState::CheckedIn => {
                BookingState::Open
            }
            _ => BookingState::Closed,
        },
        asked_start: time::at(planned.task.day, planned.asked),
        note: None,
        created_at,
        cancelled_at: cancelled.then_some(at),
        cancelled_by: cancelled.then_some(booked_by),
        cancel_why: cancelled.then(|| {
            WHY_CANCELLED
                .choose(rng)
                .copied()
                .unwrap_or_default()
                .into()
        }),
        cancelled_late: cancelled.then(|| starts_at - at < TimeDelta::hours(12)),
    });
    id
}

fn bare_visit(
    planned: &Planned,
    id: VisitId,
    booking_id: BookingId,
    created_at: DateTime<Utc>,
) -> visit::Model {
    let at = |minute| time::at(planned.task.day, minute);
    visit::Model {
        id,
        community_id: COMMUNITY,
        booking_id,
        resident_id: planned.task.resident,
        service_id: planned.task.service,
        state: planned.state,
        starts_at: at(planned.start),
        ends_at: at(planned.start + planned.task.minutes),
        window_from: at(planned.window.0),
        window_to: at(planned.window.1),
        asked_start: at(planned.asked),
        duration_min: planned.task.minutes,
        priority: planned.task.priority,
        crew_size: if planned.task.crew_size == 2 { 2 } else { 1 },
        price_fen: None,
        wish_helper_id: None,
        pinned: false,
        version: 1,
        unfilled_zh: planned.nobody.as_ref().map(|(zh, _)| zh.clone()),
        unfilled_en: planned.nobody.as_ref().map(|(_, en)| en.clone()),
        unfilled_since: planned.nobody.as_ref().map(|_| created_at),
        override_reason: None,
        checked_in_at: None,
        completed_at: None,
        finish_note: None,
        problem_kind: None,
        problem_note: None,
        problem_at: None,
        created_at,
        absence_id: None,
    }
}

/// Writes what has happened by now.
fn happened(row: &mut visit::Model, rng: &mut StdRng, state: VisitState) {
    let arrived = row.starts_at + TimeDelta::minutes(rng.random_range(-4..=0));
    match state {
        VisitState::Completed | VisitState::Substituted => {
            row.checked_in_at = Some(arrived);
            row.completed_at = Some(row.ends_at + TimeDelta::minutes(rng.random_range(-4..=0)));
            row.finish_note = rng
                .random_bool(0.3)
                .then(|| FINISHED.choose(rng).copied().unwrap_or_default().into());
        }
        VisitState::CheckedIn => row.checked_in_at = Some(arrived),
        VisitState::NotHome => {
            row.problem_kind = Some(ProblemKind::NotHome);
            row.problem_note = Some("敲门没人应，电话也没接".into());
            row.problem_at = Some(row.starts_at + TimeDelta::minutes(5));
        }
        _ => {}
    }
}

fn assign(
    rows: &mut Rows,
    rng: &mut StdRng,
    visit_id: VisitId,
    (helper_id, reasons): (HelperId, Value),
    state: AssignmentState,
    times: &Times,
) -> AssignmentId {
    let id = AssignmentId(next(&rows.assignments));
    let offered_at = times.created_at + TimeDelta::seconds(rng.random_range(1..50));
    let latest = times.starts_at.min(times.now);
    let span = (latest - offered_at).num_minutes().clamp(1, 300);
    let answered = offered_at + TimeDelta::minutes(rng.random_range(0..span));
    let declined = state == AssignmentState::Declined;
    rows.assignments.push(assignment::Model {
        id,
        community_id: COMMUNITY,
        visit_id,
        helper_id,
        state,
        starts_at: times.starts_at,
        ends_at: times.ends_at,
        source: AssignmentSource::Demo,
        reasons,
        override_reason: None,
        assigned_by: None,
        offered_at,
        answered_at: (state != AssignmentState::Offered).then_some(answered),
        decline_reason: declined.then(|| DECLINED.choose(rng).copied().unwrap_or_default().into()),
    });
    id
}

/// Slots of five minutes, in ascending order.
fn claim(
    rows: &mut Rows,
    helper_id: HelperId,
    assignment_id: AssignmentId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) {
    let slots = from.timestamp() / 300..to.timestamp() / 300;
    rows.slots.extend(slots.map(|slot| helper_slot::Model {
        helper_id,
        slot,
        assignment_id,
    }));
}
