//! The station: four rooms, and sessions in each state: held, full with a waitlist, half empty, an exception, cancelled.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AccountId, ResidentId, StationRoomId, StationSessionId, StationSignupId};
use entity::words::{
    Attendance, Channel, ResidentState, Role, SessionKind, SessionNews, SessionState, SignupEnd,
    SignupState,
};
use entity::{
    station_hours, station_room, station_room_slot, station_seat, station_session, station_signup,
};

use super::place::COMMUNITY;
use super::rows::{Rows, next};
use super::time::{self, Days};
use crate::clock::SLOT_SECONDS;

/// Names, English names, and how many each holds.
const ROOMS: [(&str, &str, i32); 4] = [
    ("阅览室", "Reading room", 24),
    ("棋牌室", "Chess room", 16),
    ("乒乓球室", "Table tennis", 12),
    ("食堂", "Canteen", 60),
];
/// Open every day, minutes after midnight.
const OPEN: [(i32, i32); 2] = [(480, 720), (840, 1050)];
const CLASS: (i32, i32) = (540, 630);

/// A session as it is added.
struct Plan<'a> {
    kind: SessionKind,
    title: &'a str,
    room: i64,
    date: NaiveDate,
    seats: i32,
    signups: usize,
    price_fen: i64,
    state: SessionState,
}

/// Adds them.
pub(super) fn add(rows: &mut Rows, days: &Days) {
    rooms(rows);
    let Some(clerk) = clerk(rows) else { return };
    let people = people(rows);
    let day = |n: usize| days.ahead.get(n).copied().unwrap_or(days.today);
    let held = days.past.last().copied().unwrap_or(days.today);
    let plan = |kind, title, room, date, seats, signups, price_fen, state| Plan {
        kind,
        title,
        room,
        date,
        seats,
        signups,
        price_fen,
        state,
    };
    let (open, over, off) = (
        SessionState::Open,
        SessionState::Held,
        SessionState::Cancelled,
    );
    for one in [
        plan(SessionKind::Class, "手机使用课", 1, held, 12, 10, 0, over),
        plan(
            SessionKind::Lecture,
            "冬季防跌倒讲座",
            1,
            day(1),
            8,
            11,
            0,
            open,
        ),
        plan(
            SessionKind::HealthCheck,
            "免费体检日",
            4,
            day(2),
            40,
            17,
            0,
            open,
        ),
        plan(
            SessionKind::Photography,
            "金婚摄影日",
            2,
            day(3),
            6,
            4,
            3000,
            open,
        ),
        plan(
            SessionKind::Activity,
            "乒乓球友谊赛",
            3,
            day(4),
            12,
            5,
            0,
            off,
        ),
        plan(SessionKind::Class, "书法课", 1, day(5), 20, 0, 500, open),
        plan(SessionKind::Class, "剪纸课", 2, held, 8, 6, 500, over),
    ] {
        session(rows, days.now, clerk, &people, &one);
    }
}

fn rooms(rows: &mut Rows) {
    for (name_zh, name_en, holds) in ROOMS {
        let id = StationRoomId(next(&rows.station_rooms));
        rows.station_rooms.push(station_room::Model {
            id,
            community_id: COMMUNITY,
            name_zh: name_zh.into(),
            name_en: name_en.into(),
            holds,
            active: true,
        });
        for weekday in 0..7 {
            for (opens_min, closes_min) in OPEN {
                rows.station_hours.push(station_hours::Model {
                    room_id: id,
                    weekday,
                    opens_min,
                    closes_min,
                });
            }
        }
    }
}

fn clerk(rows: &Rows) -> Option<AccountId> {
    rows.account_roles
        .iter()
        .find(|row| row.role == Role::Clerk)
        .map(|row| row.account_id)
}

/// Those at home, the demonstration's own family first.
fn people(rows: &Rows) -> Vec<ResidentId> {
    let away: HashSet<_> = rows.absences.iter().map(|row| row.resident_id).collect();
    let first = rows.family_members.first().map(|row| row.resident_id);
    let fit = |id: &ResidentId| !away.contains(id);
    first
        .into_iter()
        .chain(
            rows.residents
                .iter()
                .filter(|row| row.state == ResidentState::Active && Some(row.id) != first)
                .map(|row| row.id)
                .step_by(13),
        )
        .filter(fit)
        .collect()
}

fn session(
    rows: &mut Rows,
    now: DateTime<Utc>,
    clerk: AccountId,
    people: &[ResidentId],
    plan: &Plan<'_>,
) {
    let id = StationSessionId(next(&rows.station_sessions));
    let (starts_at, ends_at) = (time::at(plan.date, CLASS.0), time::at(plan.date, CLASS.1));
    let cancelled = plan.state == SessionState::Cancelled;
    rows.station_sessions.push(station_session::Model {
        id,
        community_id: COMMUNITY,
        room_id: StationRoomId(plan.room),
        provider_id: rows.providers.get(1).map(|row| row.id),
        kind: plan.kind,
        title: plan.title.into(),
        starts_at,
        ends_at,
        seats: plan.seats,
        price_fen: plan.price_fen,
        book_until: starts_at,
        cancel_until: starts_at - TimeDelta::hours(12),
        state: plan.state,
        cancel_why: cancelled.then(|| "球台在修，改期再通知。".into()),
        override_why: None,
        made_by: clerk,
        made_at: now - TimeDelta::days(10),
        version: 1,
    });
    if !cancelled {
        let slots = starts_at.timestamp() / SLOT_SECONDS..ends_at.timestamp() / SLOT_SECONDS;
        rows.station_room_slots
            .extend(slots.map(|slot| station_room_slot::Model {
                room_id: StationRoomId(plan.room),
                slot,
                session_id: id,
            }));
    }
    // In a full one the demonstration's own family waits: it asked last.
    let full = plan.signups > usize::try_from(plan.seats).unwrap_or(0);
    let mut coming: Vec<ResidentId> = people.iter().copied().take(plan.signups).collect();
    if full && !coming.is_empty() {
        coming.rotate_left(1);
    }
    for (n, resident) in coming.into_iter().enumerate() {
        signup(rows, now, clerk, (id, resident, n), plan);
    }
}

fn signup(
    rows: &mut Rows,
    now: DateTime<Utc>,
    clerk: AccountId,
    (session, resident, n): (StationSessionId, ResidentId, usize),
    plan: &Plan<'_>,
) {
    let id = StationSignupId(next(&rows.station_signups));
    let seat = i32::try_from(n).unwrap_or(i32::MAX).saturating_add(1);
    let state = match plan.state {
        SessionState::Cancelled => SignupState::Ended,
        _ if seat > plan.seats => SignupState::Waiting,
        _ => SignupState::Seated,
    };
    let ended = state == SignupState::Ended;
    let attendance = match (plan.state, n) {
        (SessionState::Held, 3) => Some(Attendance::NoShow),
        // Nobody recorded it, so nothing is known.
        (SessionState::Held, 5) => None,
        (SessionState::Held, _) => Some(Attendance::Came),
        _ => None,
    };
    let asked_at = now - TimeDelta::days(8) + TimeDelta::minutes(7 * i64::from(seat));
    // The last who moved up has no family to write to.
    let moved = state == SignupState::Seated && seat == plan.seats;
    let call = if moved {
        Some(SessionNews::MovedUp)
    } else {
        (ended && n == 1).then_some(SessionNews::Cancelled)
    };
    rows.station_signups.push(station_signup::Model {
        id,
        community_id: COMMUNITY,
        session_id: session,
        resident_id: resident,
        state,
        channel: if n == 0 { Channel::Web } else { Channel::Phone },
        walk_in: plan.state == SessionState::Held && n == 9,
        booked_by: clerk,
        asked_at,
        moved_up_at: moved.then(|| now - TimeDelta::hours(3)),
        ended_at: ended.then(|| now - TimeDelta::hours(2)),
        ended_by: ended.then_some(clerk),
        end_why: ended.then_some(SignupEnd::SessionCancelled),
        attendance,
        attended_at: attendance.map(|_| time::at(plan.date, CLASS.0)),
        attended_by: attendance.map(|_| clerk),
        call_what: call,
        call_since: call.map(|_| now - TimeDelta::hours(2)),
    });
    if state == SignupState::Seated {
        rows.station_seats.push(station_seat::Model {
            session_id: session,
            seat,
            signup_id: id,
        });
    }
}
