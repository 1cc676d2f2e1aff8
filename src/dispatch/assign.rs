//! Putting a crew on a visit by hand, taking it off, and pinning it.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{HelperId, VisitId};
use entity::words::{AssignmentSource, VisitState};
use entity::{assignment, helper, resident, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::detail::{detail, find, look};
use super::place::{Desk, Obstacle, Placing, locked, place};
use super::trying::{check_on_grid, try_crew};
use super::withdraw;
use crate::app::App;
use crate::error::{Broken, Kind, Problem, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::claim;

/// Putting a crew on a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Assigning {
    /// The whole crew.
    pub helper_ids: Vec<HelperId>,
    /// When; as it stands where left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
    /// Why rules are set aside, where some are.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// The version the coordinator saw.
    pub version: i32,
}

/// Taking the crew off a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Unassigning {
    /// Why.
    pub reason: String,
    /// When somebody is to be found for, within its window or where it stood when somebody was last taken off; as it
    /// stands where left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
    /// The version the coordinator saw.
    pub version: i32,
}

/// Keeping plans off a visit, or letting them at it again.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Pinning {
    /// Whether plans leave it where it is.
    pub pinned: bool,
}

/// Puts a crew on a visit; rules may be set aside with a reason, where they may.
///
/// # Errors
/// `rule-broken`, `clash`, `stale`, `not-now`, or the database's.
pub async fn assign(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Assigning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    let visit = find(app.store.read(), &caller, id).await?;
    if visit.version != body.version {
        return Err(Problem::stale().into());
    }
    let start = body.start.unwrap_or(visit.starts_at);
    let tried = try_crew(app, &caller, &visit, &body.helper_ids, start).await?;
    let reason = body
        .override_reason
        .map(|reason| reason.trim().to_owned())
        .filter(|reason| !reason.is_empty());
    let fatal = tried.broken.iter().any(|broken| !broken.overridable);
    if fatal || (!tried.broken.is_empty() && reason.is_none()) {
        return Err(rule_broken(tried.broken, fatal).into());
    }
    let placing = Placing {
        helpers: body.helper_ids,
        start,
        price_fen: tried.price_fen,
        source: AssignmentSource::Coordinator,
        reasons: tried.reasons,
        override_reason: if tried.broken.is_empty() {
            None
        } else {
            reason
        },
        by: Some(caller.account),
        instead_of: Vec::new(),
    };
    let desk = Desk {
        guard: app.store.guard(),
        now,
        zone: caller.zone,
    };
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (placing, caller) = (placing.clone(), by.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.version != body.version {
                return Err(Problem::stale().into());
            }
            match place(txn, desk, &visit, &placing).await? {
                Ok(visit) => detail(txn, look(&caller, now), &visit).await,
                Err(obstacle) => Err(clash(txn, desk, obstacle).await?.into()),
            }
        })
    })
    .await
}

fn rule_broken(broken: Vec<Broken>, fatal: bool) -> Problem {
    let first = broken.first().map_or_else(
        || Said::new("这样安排违反规则。", "This would break a rule."),
        |broken| broken.sentence.clone(),
    );
    let clash = broken.iter().any(|broken| broken.code == "overlap");
    let action = if fatal {
        Said::new(
            "请换一个时间或换一个人。",
            "Choose another time or another helper.",
        )
    } else {
        Said::new(
            "请换一个时间或换一个人；确有必要时，写明原因后仍可安排。",
            "Choose another time or helper; where it must be, give a reason and assign all the same.",
        )
    };
    let mut problem = Problem::new(
        if clash { Kind::Clash } else { Kind::RuleBroken },
        first,
        action,
    );
    problem.broken = broken;
    problem
}

/// The claim was refused although the rules allowed it a moment ago: somebody was faster.
async fn clash<C: ConnectionTrait>(db: &C, desk: Desk, obstacle: Obstacle) -> Result<Problem> {
    let (helper, said) = match obstacle {
        Obstacle::OutOfOrder(leeway) => {
            return Ok(rule_broken(vec![leeway.broken(desk.zone)], false));
        }
        Obstacle::Taken(helper, taken) => {
            let other = assignment::Entity::find_by_id(taken.by())
                .find_also_related(visit::Entity)
                .one(db)
                .await?
                .and_then(|(_, visit)| visit);
            let at = other.as_ref().map_or_else(String::new, |visit| {
                visit
                    .starts_at
                    .with_timezone(&desk.zone)
                    .format("%-H:%M")
                    .to_string()
            });
            let resident = match other {
                Some(visit) => {
                    resident::Entity::find_by_id(visit.resident_id)
                        .one(db)
                        .await?
                }
                None => None,
            };
            let who = resident.map_or_else(String::new, |row| row.name);
            (
                helper,
                Said::new(
                    format!("刚才已经安排了 {at} 去{who}家，时间冲突。"),
                    format!("has just been given {who} at {at}; the two clash."),
                ),
            )
        }
        Obstacle::Away(helper) => (helper, Said::new("刚刚请了假。", "has just gone on leave.")),
        Obstacle::Barred(helper, _) => (
            helper,
            Said::new(
                "所属服务商刚刚停止接新的预约。",
                "works for a provider that has just stopped taking new bookings.",
            ),
        ),
        Obstacle::DayFull(helper) => (
            helper,
            Said::new("当天的服务时间已满。", "has a full day already."),
        ),
        Obstacle::WeekFull(helper) => (
            helper,
            Said::new("本周的服务时间已满。", "has a full week already."),
        ),
    };
    let name = helper::Entity::find_by_id(helper)
        .one(db)
        .await?
        .map_or_else(String::new, |row| row.name);
    Ok(Problem::new(
        Kind::Clash,
        Said::new(format!("{name}{}", said.zh), format!("{name} {}", said.en)),
        Said::new(
            "请换一个时间或换一个人。",
            "Choose another time or another helper.",
        ),
    ))
}

/// Takes the crew off a visit; it goes to the tray with the reason, and to another start where one is given.
///
/// # Errors
/// `stale`, `not-now`, `invalid`, or the database's.
pub async fn unassign(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Unassigning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    let reason = crate::bookings::check_note(Some(&body.reason))?.unwrap_or_default();
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, reason) = (by.clone(), reason.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.version != body.version {
                return Err(Problem::stale().into());
            }
            if !matches!(visit.state, VisitState::Offered | VisitState::Accepted) {
                return Err(Problem::not_now(Said::new(
                    "这次服务现在没有可撤回的安排。",
                    "There is no assignment that could be taken back now.",
                ))
                .into());
            }
            let said = Said::new(
                format!("调度员撤回：{reason}"),
                format!("Taken off by a coordinator: {reason}"),
            );
            let visit = match body.start.filter(|start| *start != visit.starts_at) {
                Some(start) => put_back(txn, &visit, start).await?,
                None => visit,
            };
            let visit = withdraw::withdraw(txn, now, &visit, said).await?;
            record(txn, &caller, &visit, "withdrawn", Some(reason), now).await?;
            detail(txn, look(&caller, now), &visit).await
        })
    })
    .await
}

/// Gives a visit that is being taken off another start, so that undoing a drag out of the tray leaves no trace of it.
/// The assignments keep their time: it is how the letter that nobody need come names the visit.
async fn put_back<C: ConnectionTrait>(
    txn: &C,
    visit: &visit::Model,
    start: DateTime<Utc>,
) -> Result<visit::Model> {
    check_on_grid(start)?;
    let agreed = (visit.window_from..=visit.window_to).contains(&start);
    if !agreed && !stood_last(txn, visit.id, start).await? {
        return Err(Problem::field(
            "start",
            Said::new(
                "开始时间不在约定的时段里。",
                "This start is outside the span that was agreed.",
            ),
        )
        .into());
    }
    Ok(visit::ActiveModel {
        id: Set(visit.id),
        starts_at: Set(start),
        ends_at: Set(start + TimeDelta::minutes(i64::from(visit.duration_min))),
        ..Default::default()
    }
    .update(txn)
    .await?)
}

/// Whether this is where the visit stood when somebody was last taken off it or said no. A coordinator may have put it
/// outside its window then, for a reason that the assignment keeps; undoing what came after brings it back there.
async fn stood_last<C: ConnectionTrait>(
    txn: &C,
    visit: VisitId,
    start: DateTime<Utc>,
) -> Result<bool> {
    let last = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit))
        .filter(assignment::Column::State.is_not_in(claim::LIVE))
        .order_by_desc(assignment::Column::Id)
        .one(txn)
        .await?;
    Ok(last.is_some_and(|last| last.starts_at == start))
}

/// Keeps plans off a visit, or lets them at it again.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn pin(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Pinning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = by.clone();
        Box::pin(async move {
            let before = locked(txn, id).await?;
            let visit = visit::ActiveModel {
                id: Set(id),
                pinned: Set(body.pinned),
                version: Set(before.version + 1),
                ..Default::default()
            }
            .update(txn)
            .await?;
            let action = if body.pinned { "pinned" } else { "unpinned" };
            record(txn, &caller, &visit, action, None, now).await?;
            detail(txn, look(&caller, now), &visit).await
        })
    })
    .await
}

async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    visit: &visit::Model,
    action: &'static str,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let change = Change::of_visit(visit, caller.zone, now, Some(caller.account), action);
    audit::record(txn, change.noted(note)).await
}
