//! What a bench meeting talks about beside the visits of its month: help requests, ratings, and what it agreed on before.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AccountId, BenchActionId, HelpRequestId, HelpStepId, RatingId};
use entity::words::{
    AssignmentState, BenchMeasure, BenchVerdict, HelpAction, HelpChannel, HelpKind, HelpLevel,
    HelpState, HelpTier, RatingChannel, Role, VisitState,
};
use entity::{bench_action, help_request, help_step, rating};
use rand::Rng;
use rand::rngs::StdRng;

use super::accounts::CLERKS;
use super::bench::spread;
use super::place::COMMUNITY;
use super::rows::{Rows, index, next};
use super::{catalogue, time};
use crate::clock::local_date;

/// Help requests that were settled, the first responded to within these minutes and each later one half as long again.
pub(super) fn help(rows: &mut Rows, (open, first): (&[NaiveDate], i64), many: usize) {
    let Some(grid_id) = rows.grids.first().map(|row| row.id) else {
        return;
    };
    let mut wait = first;
    for (n, day) in (0..).zip(spread(open, many)) {
        let created_at = time::at(day, 540 + 20 * n);
        let request = HelpRequestId(next(&rows.help_requests));
        let steps = [
            (HelpAction::Collected, 0),
            (HelpAction::Responded, wait),
            (HelpAction::Handled, wait * 5),
            (HelpAction::Reported, wait * 5 + 10),
            (HelpAction::Settled, wait * 6),
        ];
        rows.help_requests.push(help_request::Model {
            id: request,
            community_id: COMMUNITY,
            grid_id,
            resident_id: None,
            place: Some("小区西门".into()),
            kind: HelpKind::Property,
            level: HelpLevel::Ordinary,
            channel: HelpChannel::Phone,
            asked_by: CLERKS[0],
            what: "路灯不亮".into(),
            phone: None,
            state: HelpState::Settled,
            tier: HelpTier::Grid,
            due_at: None,
            late_since: None,
            created_at,
            closed_at: Some(created_at + TimeDelta::minutes(wait * 6)),
            version: 5,
        });
        for (version, (action, minutes)) in (1..).zip(steps) {
            rows.help_steps.push(help_step::Model {
                id: HelpStepId(next(&rows.help_steps)),
                community_id: COMMUNITY,
                help_request_id: request,
                version,
                at: created_at + TimeDelta::minutes(minutes),
                account_id: Some(CLERKS[0]),
                on_behalf: false,
                action,
                tier: HelpTier::Grid,
                note: None,
            });
        }
        wait += wait / 2;
    }
}

/// Every third visit that was done was rated.
pub(super) fn ratings(rows: &mut Rows, rng: &mut StdRng, from: usize) {
    for at in (from..rows.visits.len()).step_by(3) {
        let visit = rows.visits[at].clone();
        let done = matches!(visit.state, VisitState::Completed | VisitState::Substituted);
        let helper = rows
            .assignments
            .iter()
            .rev()
            .find(|row| row.visit_id == visit.id && row.state == AssignmentState::Accepted)
            .map(|row| row.helper_id);
        let Some(helper) = helper.filter(|_| done) else {
            continue;
        };
        rows.ratings.push(rating::Model {
            id: RatingId(next(&rows.ratings)),
            community_id: COMMUNITY,
            visit_id: visit.id,
            resident_id: visit.resident_id,
            provider_id: Some(rows.helpers[index(helper.0)].provider_id),
            score: [5, 5, 4, 5, 4, 3][rng.random_range(0..6)],
            words: None,
            channel: RatingChannel::Phone,
            given_by: CLERKS[0],
            given_at: visit.ends_at + TimeDelta::hours(3),
            changed_at: None,
            answered_at: None,
            answered_by: None,
            answer: None,
        });
    }
}

/// Two things that the last meeting agreed on: one worked, one did not; the second waits for the next meeting's word.
pub(super) fn actions(
    rows: &mut Rows,
    (earlier, last): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) {
    let coordinator = rows
        .account_roles
        .iter()
        .find(|row| row.role == Role::Coordinator)
        .map(|row| row.account_id);
    let Some(by) = coordinator else { return };
    let id = |code| catalogue::service_by_code(rows, code).map(|row| row.id);
    let (cleaning, bathing) = (id("CLN02"), id("BTH01"));
    let agreed_at = time::at(time::shift(last, 3), 600);
    let agreed = |row: &mut Rows, what: &str, service_id, figure| {
        row.bench_actions.push(bench_action::Model {
            id: BenchActionId(next(&row.bench_actions)),
            community_id: COMMUNITY,
            month: earlier,
            what: what.into(),
            who: "调度员".into(),
            due: time::shift(last, 20),
            measure: BenchMeasure::UnservedService,
            service_id,
            provider_id: None,
            figure: Some(figure),
            created_at: agreed_at,
            created_by: by,
            verdict: None,
            judged_month: None,
            judged_figure: None,
            judged_note: None,
            judged_at: None,
            judged_by: None,
        });
    };
    agreed(rows, "请两位保洁员上午多排一小时", cleaning, 6);
    agreed(rows, "请护理公司增派一名下午能来的助浴员", bathing, 6);
    let judged_at = time::at(local_date(chrono_tz::Asia::Shanghai, now), 0) - TimeDelta::hours(20);
    judge(rows, last, (by, judged_at));
}

fn judge(rows: &mut Rows, month: NaiveDate, (by, at): (AccountId, DateTime<Utc>)) {
    if let Some(first) = rows.bench_actions.first_mut() {
        first.verdict = Some(BenchVerdict::Worked);
        first.judged_month = Some(month);
        first.judged_figure = Some(3);
        first.judged_note = Some("上午的缺口少了一半".into());
        first.judged_at = Some(at);
        first.judged_by = Some(by);
    }
}
