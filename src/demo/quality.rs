//! Whether it happened and whether it was good: visits of which nobody said anything, late ones, calls to those who live
//! alone, ratings, and complaints in every state.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{
    AccountId, CheckCallId, ComplaintId, ComplaintStepId, HelperId, LapseId, ProviderId, RatingId,
    ResidentId, VisitId,
};
use entity::words::{
    AssignmentState, BookingState, Channel, CheckOutcome, CheckReason, ComplaintAction,
    ComplaintState, FollowUp, LapseKind, Living, RatingChannel, VisitState,
};
use entity::{check_call, complaint, complaint_step, follow_up, lapse, rating, visit};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::accounts::CLERKS;
use super::place::COMMUNITY;
use super::roll::MOTHER;
use super::rows::{Rows, index, next};
use crate::quality::LOW_SCORE;
use crate::quality::complaints::{OPEN, Reply, Work, after_reply, after_work, answer_due};

/// Visits of which nobody has said anything though they are over.
const UNSAID: usize = 2;
/// Of those who live alone, how many nobody has seen for long.
const UNSEEN: usize = 8;
/// Days in which a complaint is to be answered.
const COMPLAINT_DAYS: i32 = 3;

const LOW: &[&str] = &[
    "来晚了也没打招呼",
    "没做完就走了",
    "说话不耐烦",
    "饭送来是凉的",
];
const GOOD: &[&str] = &["手脚麻利", "陪着说了好久的话", "很准时", "下次还想要他来"];

/// Takes back what was said of the last visits that are over, so that the first screen has missed ones.
pub(super) fn leave_unsaid(rows: &mut Rows, now: DateTime<Utc>) {
    let mut over: Vec<usize> = (0..rows.visits.len())
        .filter(|at| {
            let visit = &rows.visits[*at];
            visit.state == VisitState::Completed
                && visit.crew_size == 1
                && visit.resident_id.0 > 3
                && visit.ends_at < now
        })
        .collect();
    over.sort_by_key(|at| std::cmp::Reverse((rows.visits[*at].ends_at, *at)));
    for at in over.into_iter().take(UNSAID) {
        let visit = &mut rows.visits[at];
        visit.state = VisitState::Accepted;
        visit.checked_in_at = None;
        visit.completed_at = None;
        visit.finish_note = None;
        rows.bookings[index(visit.booking_id.0)].state = BookingState::Open;
    }
}

/// Adds the rest.
pub(super) fn add(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    lapses(rows, rng, now);
    seen_lately(rows, now);
    check_calls(rows, now);
    ratings(rows, rng, now);
    complaints(rows, now);
}

/// Who came to a visit, and for whom.
fn whose(rows: &Rows, id: VisitId) -> Option<(HelperId, ProviderId)> {
    rows.assignments
        .iter()
        .find(|row| row.visit_id == id && row.state == AssignmentState::Accepted)
        .map(|row| {
            let helper = &rows.helpers[index(row.helper_id.0)];
            (helper.id, helper.provider_id)
        })
}

fn lapses(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let mut found: Vec<(usize, LapseKind)> = Vec::new();
    for (at, visit) in rows.visits.iter().enumerate() {
        let done = visit.state == VisitState::Completed && visit.duration_min >= 60;
        if visit.state == VisitState::HelperAbsent && visit.ends_at < now {
            found.push((at, LapseKind::Missed));
        } else if done && visit.resident_id.0 > 3 && rng.random_bool(0.06) {
            found.push((at, LapseKind::Late));
        }
    }
    for (at, kind) in found {
        let Some((helper, provider)) = whose(rows, rows.visits[at].id) else {
            continue;
        };
        let visit = &mut rows.visits[at];
        let noticed = match kind {
            LapseKind::Late => visit.starts_at + TimeDelta::minutes(10),
            LapseKind::Missed => visit.ends_at,
        };
        if kind == LapseKind::Late {
            visit.checked_in_at = Some(visit.starts_at + TimeDelta::minutes(14));
        }
        rows.lapses.push(lapse::Model {
            id: LapseId(next(&rows.lapses)),
            community_id: COMMUNITY,
            visit_id: visit.id,
            kind,
            starts_at: visit.starts_at,
            noticed_at: noticed,
            helper_id: Some(helper),
            provider_id: Some(provider),
        });
    }
}

/// Almost all who live alone were seen this week; some were not.
fn seen_lately(rows: &mut Rows, now: DateTime<Utc>) {
    let week = now - TimeDelta::days(6);
    let mut unseen = 0;
    for resident in &mut rows.residents {
        let long = resident.last_seen_at.is_none_or(|at| at < week);
        if resident.living != Living::Alone || !long {
            continue;
        }
        unseen += 1;
        resident.last_seen_at = Some(if unseen <= UNSEEN {
            now - TimeDelta::days(7 + i64::try_from(unseen).unwrap_or(0)) - TimeDelta::hours(3)
        } else {
            now - TimeDelta::hours(20 + resident.id.0 % 100)
        });
    }
}

/// Residents who live alone and are not of the story, the `nth` of them.
fn alone(rows: &Rows, nth: usize) -> Option<(ResidentId, Option<DateTime<Utc>>)> {
    rows.residents
        .iter()
        .filter(|row| row.id.0 > 3 && row.living == Living::Alone)
        .nth(nth)
        .map(|row| (row.id, row.last_seen_at))
}

/// One that is put off, and some that ended in each way.
fn check_calls(rows: &mut Rows, now: DateTime<Utc>) {
    let minutes = TimeDelta::minutes;
    for (nth, outcome, note, ago) in [
        (40, None, Some("响了很久没人接"), 50),
        (41, Some(CheckOutcome::Fine), Some("在家看电视，都好"), 200),
        (
            42,
            Some(CheckOutcome::FamilyTold),
            Some("儿子说接到他家住几天"),
            1300,
        ),
        (43, Some(CheckOutcome::Seen), None, 900),
    ] {
        let Some((resident_id, seen)) = alone(rows, nth) else {
            continue;
        };
        let made = now - minutes(ago);
        let ended = outcome.map(|_| made + minutes(30));
        rows.check_calls.push(check_call::Model {
            id: CheckCallId(next(&rows.check_calls)),
            community_id: COMMUNITY,
            resident_id,
            reason: CheckReason::Unseen,
            visit_id: None,
            // The one that is put off stays so: nobody has seen them since.
            since: if outcome.is_none() {
                seen
            } else {
                Some(made - TimeDelta::days(7))
            },
            covers: format!("unseen.{resident_id}.demo"),
            created_at: made,
            due_at: if outcome.is_none() {
                now + minutes(70)
            } else {
                made
            },
            tries: i32::from(matches!(outcome, None | Some(CheckOutcome::FamilyTold))),
            outcome,
            note: note.map(str::to_owned),
            done_at: ended,
            done_by: ended
                .filter(|_| outcome != Some(CheckOutcome::Seen))
                .map(|_| CLERKS[1]),
            help_request_id: None,
        });
    }
}

fn family_of(rows: &Rows, id: ResidentId) -> Option<AccountId> {
    let mut members = rows.family_members.iter();
    members
        .find(|row| row.resident_id == id)
        .map(|row| row.account_id)
}

/// About a third of what was done is rated; the low ones wait to be seen to, some were.
fn ratings(rows: &mut Rows, rng: &mut StdRng, now: DateTime<Utc>) {
    let done: Vec<visit::Model> = rows
        .visits
        .iter()
        .filter(|row| row.state == VisitState::Completed && row.ends_at < now)
        .cloned()
        .collect();
    for visit in done {
        // The one-tap daughter rates her mother's visit herself.
        if visit.resident_id == MOTHER || !rng.random_bool(0.35) {
            continue;
        }
        let Some((_, provider)) = whose(rows, visit.id) else {
            continue;
        };
        let family = family_of(rows, visit.resident_id);
        let score = match rng.random_range(0..100) {
            0..3 => 1,
            3..8 => 2,
            8..20 => 3,
            20..55 => 4,
            _ => 5,
        };
        let hours = (now - visit.ends_at).num_hours().clamp(1, 30);
        let given_at = (visit.ends_at + TimeDelta::hours(rng.random_range(0..hours))).min(now);
        let words = if score <= LOW_SCORE {
            LOW.choose(rng)
        } else {
            GOOD.choose(rng).filter(|_| visit.id.0 % 4 == 0)
        };
        let seen_to = score <= LOW_SCORE && visit.id.0 % 3 != 0;
        rows.ratings.push(rating::Model {
            id: RatingId(next(&rows.ratings)),
            community_id: COMMUNITY,
            visit_id: visit.id,
            resident_id: visit.resident_id,
            provider_id: Some(provider),
            score,
            words: words.map(|text| (*text).to_owned()),
            channel: match family {
                Some(_) if visit.id.0 % 3 == 0 => RatingChannel::Web,
                Some(_) => RatingChannel::Link,
                None => RatingChannel::Phone,
            },
            given_by: family.unwrap_or(CLERKS[0]),
            given_at,
            changed_at: None,
            answered_at: seen_to.then_some(now - TimeDelta::minutes(20)),
            answered_by: seen_to.then_some(CLERKS[2]),
            answer: seen_to.then(|| "打电话道了歉，和服务人员谈过".into()),
        });
    }
    let unrated = rows
        .visits
        .iter()
        .find(|row| {
            row.state == VisitState::Completed
                && row.ends_at < now
                && family_of(rows, row.resident_id).is_none()
                && !rows.ratings.iter().any(|one| one.visit_id == row.id)
        })
        .map(|row| (row.id, row.resident_id));
    if let Some((visit_id, resident_id)) = unrated {
        rows.follow_ups.push(follow_up::Model {
            visit_id,
            community_id: COMMUNITY,
            resident_id,
            outcome: FollowUp::NotReached,
            at: now - TimeDelta::minutes(90),
            by: CLERKS[0],
        });
    }
}

/// What was done, so many hours ago.
enum Did {
    Work(Work, i64, &'static str),
    Reply(Reply, i64, &'static str),
}
use Did::{Reply as Said, Work as Done};

/// What is wrong, hours ago, days the correction was given, what was done. The first is the mother's.
const STORIES: &[(&str, i64, i64, &[Did])] = &[
    (
        "上次没做完就走了",
        90,
        2,
        &[
            Done(Work::Answer, 80, "对不起，当天后面还有一家，排得太紧"),
            Done(Work::Correct, 30, "又去了一次，时间留足了"),
        ],
    ),
    ("送饭的师傅把汤洒在门口，没擦", 5, 1, &[]),
    ("约好擦玻璃，来的人没带工具", 100, 1, &[]),
    (
        "理发价格和说好的不一样",
        60,
        5,
        &[Done(Work::Answer, 40, "多收的退回，价目表贴到门口")],
    ),
    (
        "按摩时间短了一刻钟",
        200,
        3,
        &[Done(Work::Answer, 190, "和技师谈，补足时间")],
    ),
    (
        "打扫时说话声音太大",
        300,
        3,
        &[
            Done(Work::Answer, 280, "已提醒"),
            Done(Work::Correct, 240, "换了一位阿姨"),
            Said(Reply::Confirmed, 200, "这次很好"),
        ],
    ),
    (
        "电话一直打不通",
        150,
        3,
        &[Said(Reply::Withdrawn, 140, "后来打通了")],
    ),
];

fn complaints(rows: &mut Rows, now: DateTime<Utc>) {
    let mut done: Vec<(VisitId, ResidentId)> = rows
        .visits
        .iter()
        .filter(|row| row.state == VisitState::Completed && row.ends_at < now)
        .map(|row| (row.id, row.resident_id))
        .collect();
    done.sort_by_key(|(id, resident)| (*resident != MOTHER, *id));
    let mothers = done
        .iter()
        .filter(|(_, resident)| *resident == MOTHER)
        .count();
    for (n, (what, ago, days, then)) in STORIES.iter().enumerate() {
        let at = if n == 0 { 0 } else { mothers + n * 7 };
        let Some((visit, resident)) = done.get(at).copied() else {
            continue;
        };
        tell(rows, (visit, resident), (what, *ago, *days), then, now);
    }
}

fn tell(
    rows: &mut Rows,
    (visit_id, resident): (VisitId, ResidentId),
    (what, ago, days): (&str, i64, i64),
    then: &[Did],
    now: DateTime<Utc>,
) {
    let family = family_of(rows, resident);
    let taken_by = family.unwrap_or(CLERKS[0]);
    let about = whose(rows, visit_id);
    let created_at = now - TimeDelta::hours(ago);
    let mut row = complaint::Model {
        id: ComplaintId(next(&rows.complaints)),
        community_id: COMMUNITY,
        resident_id: Some(resident),
        visit_id: Some(visit_id),
        helper_id: about.map(|(helper, _)| helper),
        provider_id: about.map(|(_, provider)| provider),
        channel: if family.is_some() {
            Channel::Web
        } else {
            Channel::Phone
        },
        taken_by,
        what: what.into(),
        state: ComplaintState::Taken,
        responsible: None,
        correction: None,
        due_at: Some(answer_due(created_at, COMPLAINT_DAYS)),
        created_at,
        closed_at: None,
        version: 1,
    };
    step(
        rows,
        &row,
        (ComplaintAction::Taken, None),
        taken_by,
        created_at,
    );
    for did in then {
        let (next, ago, by, note) = match did {
            Done(work, ago, note) => (after_work(row.state, *work), ago, CLERKS[2], note),
            Said(reply, ago, note) => (after_reply(row.state, *reply), ago, taken_by, note),
        };
        // A story that the rules refuse ends where they do; the tests see that none does.
        let Ok((action, state)) = next else { break };
        let at = now - TimeDelta::hours(*ago);
        row.state = state;
        row.due_at = None;
        if action == ComplaintAction::Answered {
            row.responsible = Some("客服组长".into());
            row.correction = Some((*note).into());
            row.due_at = Some(at + TimeDelta::days(days));
        }
        row.closed_at = (!OPEN.contains(&state)).then_some(at);
        row.version += 1;
        step(rows, &row, (action, Some(*note)), by, at);
    }
    rows.complaints.push(row);
}

fn step(
    rows: &mut Rows,
    row: &complaint::Model,
    (action, note): (ComplaintAction, Option<&str>),
    by: AccountId,
    at: DateTime<Utc>,
) {
    rows.complaint_steps.push(complaint_step::Model {
        id: ComplaintStepId(next(&rows.complaint_steps)),
        community_id: COMMUNITY,
        complaint_id: row.id,
        version: row.version,
        at,
        account_id: by,
        on_behalf: false,
        action,
        note: note.map(str::to_owned),
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quality::complaints::overdue;
    use crate::visits::late;

    #[test]
    fn each_state_can_be_seen() {
        let now: DateTime<Utc> = "2026-11-25T02:07:31Z".parse().unwrap();
        let rows = super::super::make(now, 1, "hash");
        let missed = rows
            .visits
            .iter()
            .filter_map(|row| late(row, 10, now))
            .filter(|late| late.is_missed());
        assert!(missed.count() >= UNSAID);
        let lapses = |kind| rows.lapses.iter().filter(|row| row.kind == kind).count();
        assert!(lapses(LapseKind::Late) >= 5 && lapses(LapseKind::Missed) >= 5);
        let week = now - TimeDelta::days(7);
        let unseen = rows.residents.iter().filter(|row| {
            row.living == Living::Alone && row.last_seen_at.is_none_or(|at| at <= week)
        });
        assert_eq!(unseen.count(), UNSEEN);
        assert_eq!(rows.check_calls.len(), 4);
        assert!(rows.ratings.len() > 100);
        let low = |seen: bool| {
            rows.ratings
                .iter()
                .filter(|row| row.score <= LOW_SCORE && row.answered_at.is_some() == seen)
                .count()
        };
        assert!(low(false) >= 3 && low(true) >= 3);
        assert!(rows.ratings.iter().all(|row| row.given_at <= now));
        assert_eq!(rows.complaints.len(), STORIES.len());
        for (row, (what, .., then)) in rows.complaints.iter().zip(STORIES) {
            assert_eq!(
                row.version,
                1 + i32::try_from(then.len()).unwrap(),
                "{what}"
            );
        }
        let late = rows.complaints.iter().filter(|row| overdue(row, now));
        assert_eq!(late.count(), 2);
        assert_eq!(rows.complaints[0].resident_id, Some(MOTHER));
        assert_eq!(rows.complaints[0].state, ComplaintState::Corrected);
    }
}
