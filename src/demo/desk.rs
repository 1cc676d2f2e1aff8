//! The clerks' desk: calls and how they ended, callbacks promised, requests to change a visit, a problem reported.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{BookingId, CallId, CallbackId, ChangeRequestId, ResidentId};
use entity::words::{CallOutcome, ChangeKind, Channel, ProblemKind, RequestState, VisitState};
use entity::{call, callback, change_request};
use rand::Rng;
use rand::rngs::StdRng;

use super::accounts::CLERKS;
use super::place::COMMUNITY;
use super::roll::RESIDENTS;
use super::rows::{Rows, index, next};
use super::time::{self, Days};

/// Calls that brought no booking: outcome and what the clerk wrote down.
const OTHER_CALLS: &[(CallOutcome, &str)] = &[
    (
        CallOutcome::Information,
        "问助浴多少钱，已说明上门和站点的差别",
    ),
    (CallOutcome::Information, "问体检要不要空腹"),
    (CallOutcome::Information, "问食堂明天吃什么"),
    (
        CallOutcome::Complaint,
        "反映昨天送餐晚了二十分钟，已致歉并转调度员",
    ),
    (CallOutcome::NotReached, "回拨两次无人接听"),
    (CallOutcome::WrongNumber, "打错了"),
    (CallOutcome::HelperReported, "志愿者来电说已到"),
    (
        CallOutcome::HelperReported,
        "志愿者来电说明天膝盖疼，请换人",
    ),
    (CallOutcome::Cancelled, "女儿回来了，取消明天的探访"),
    (CallOutcome::Changed, "理发改到下午"),
    (CallOutcome::Other, "想学用智能手机，已登记"),
];

/// Callbacks promised: minutes from now until due for those open, what about, and what came of those that were kept.
const CALLBACKS: &[(i64, &str, Option<&str>)] = &[
    (-40, "女儿想知道轮椅陪诊能不能排在周四上午", None),
    (25, "确认助浴的师傅是男的还是女的", None),
    (130, "问到适老化改造的补贴后回电", None),
    (1200, "等医院挂上号，告诉老人几点出门", None),
    (
        -900,
        "告知老人体检报告在站点领",
        Some("已告知，老人明天来取"),
    ),
    (-1500, "核对家里的门牌号", Some("已核对，花名册不用改")),
];

/// Adds them.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, days: &Days) {
    booking_calls(rows, rng, days.now);
    for (outcome, note) in OTHER_CALLS {
        let started = office_hour(rng, days.now);
        let known = !matches!(
            outcome,
            CallOutcome::WrongNumber | CallOutcome::HelperReported
        );
        let resident = known.then(|| someone(rng));
        push_call(rows, rng, resident, started, (*outcome, note, None));
    }
    callbacks(rows, rng, days.now);
    change_requests(rows, days.now);
    problem(rows);
}

/// A moment of the last three days at which the office answers.
fn office_hour(rng: &mut StdRng, now: DateTime<Utc>) -> DateTime<Utc> {
    let latest = now - TimeDelta::minutes(10);
    let day = time::shift(time::date(latest), -rng.random_range(0..3));
    let moment = time::at(day, rng.random_range(510..1050));
    if moment < latest {
        moment
    } else {
        moment - TimeDelta::days(1)
    }
}

fn someone(rng: &mut StdRng) -> ResidentId {
    ResidentId(rng.random_range(4..=i64::try_from(RESIDENTS).unwrap_or(4)))
}

/// The calls in which bookings of the last two days were made.
fn booking_calls(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let recent: Vec<(BookingId, ResidentId, DateTime<Utc>)> = rows
        .bookings
        .iter()
        .filter(|row| row.channel == Channel::Phone && now - row.created_at < TimeDelta::days(2))
        .map(|row| (row.id, row.resident_id, row.created_at))
        .take(40)
        .collect();
    for (booking, resident, at) in recent {
        let started = at - TimeDelta::seconds(rng.random_range(30..170));
        push_call(
            rows,
            rng,
            Some(resident),
            started,
            (CallOutcome::Booked, "", Some(booking)),
        );
    }
}

fn push_call(
    rows: &mut Rows,
    rng: &mut StdRng,
    resident: Option<ResidentId>,
    started_at: DateTime<Utc>,
    (outcome, note, booking_id): (CallOutcome, &str, Option<BookingId>),
) -> CallId {
    let id = CallId(next(&rows.calls));
    let person = resident.map(|resident| &rows.residents[index(resident.0)]);
    let household = person.map(|person| &rows.households[index(person.household_id.0)]);
    let number = household
        .and_then(|home| home.phone.clone())
        .or_else(|| person.and_then(|person| person.phone.clone()));
    let booked = booking_id.map(|booking| &rows.bookings[index(booking.0)]);
    let row = call::Model {
        id,
        community_id: COMMUNITY,
        clerk_id: booked.map_or(CLERKS[rng.random_range(0..CLERKS.len())], |booking| {
            booking.booked_by
        }),
        number,
        household_id: household.map(|home| home.id),
        resident_id: resident,
        started_at,
        ended_at: Some(booked.map_or(
            started_at + TimeDelta::seconds(rng.random_range(40..400)),
            |row| row.created_at,
        )),
        outcome: Some(outcome),
        note: Some(note.to_owned()).filter(|note| !note.is_empty()),
        booking_id,
    };
    rows.calls.push(row);
    id
}

fn callbacks(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    for (due, note, kept) in CALLBACKS {
        let kept_at = kept.map(|_| office_hour(rng, now));
        let due_at = kept_at.unwrap_or(now + TimeDelta::minutes(*due));
        let started = due_at.min(now) - TimeDelta::minutes(rng.random_range(60..200));
        let resident = someone(rng);
        let call_id = push_call(
            rows,
            rng,
            Some(resident),
            started,
            (CallOutcome::Callback, note, None),
        );
        let clerk = rows.calls[index(call_id.0)].clerk_id;
        rows.callbacks.push(callback::Model {
            id: CallbackId(next(&rows.callbacks)),
            community_id: COMMUNITY,
            call_id,
            household_id: Some(rows.residents[index(resident.0)].household_id),
            resident_id: Some(resident),
            due_at,
            note: (*note).into(),
            promised_by: clerk,
            done_at: kept_at.map(|at| at - TimeDelta::minutes(8)),
            done_by: kept.map(|_| clerk),
            done_note: kept.map(Into::into),
            left_at: None,
        });
    }
}

/// Two relatives ask to change a visit after the cut-off.
fn change_requests(rows: &mut Rows, now: DateTime<Utc>) {
    let soon = |row: &&entity::visit::Model| {
        let away = row.starts_at - now;
        row.state == VisitState::Accepted && away > TimeDelta::minutes(90) && row.resident_id.0 > 3
    };
    let by_family = |row: &&entity::visit::Model| {
        rows.bookings[index(row.booking_id.0)].channel == Channel::Web
    };
    let mut wanted: Vec<_> = rows.visits.iter().filter(soon).filter(by_family).collect();
    wanted.sort_by_key(|row| (row.starts_at, row.id));
    let mut made = Vec::new();
    for (visit, (kind, note)) in wanted.into_iter().zip([
        (ChangeKind::Cancel, "妈妈今天发烧，不方便"),
        (ChangeKind::Move, "上午要去医院，能不能改到后一天同一时间"),
    ]) {
        made.push(change_request::Model {
            id: ChangeRequestId(next(&made)),
            community_id: COMMUNITY,
            booking_id: visit.booking_id,
            visit_id: visit.id,
            kind,
            wanted_start: (kind == ChangeKind::Move).then(|| visit.starts_at + TimeDelta::days(1)),
            note: note.into(),
            asked_by: rows.bookings[index(visit.booking_id.0)].booked_by,
            created_at: (now - TimeDelta::minutes(25)).max(visit.created_at),
            state: RequestState::Open,
            answered_by: None,
            answered_at: None,
            answer: None,
        });
    }
    rows.change_requests = made;
}

/// The last visit that was done had something to report.
fn problem(rows: &mut Rows) {
    let done = rows
        .visits
        .iter_mut()
        .filter(|row| row.state == VisitState::Completed && row.resident_id.0 > 3);
    if let Some(visit) = done.max_by_key(|row| (row.ends_at, row.id)) {
        visit.problem_kind = Some(ProblemKind::Unwell);
        visit.problem_note = Some("老人说头晕，量了血压 168/95，请家属留意".into());
        visit.problem_at = visit.completed_at;
    }
}
