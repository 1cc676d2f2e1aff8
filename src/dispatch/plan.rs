//! A day planned with one action: everything that can move is looked at together, and shown as a difference.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{HelperId, PlanId, VisitId};
use entity::words::{PlanChangeKind, PlanState, Subject};
use entity::{helper, plan, plan_change, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::board::{About, head};
use super::load::{Scope, Stated, Who, state};
use super::views::{NamedHelper, Placement, PlanChangeView, PlanView, StillUnfilled, Summary};
use super::{stored, told};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::matching::{self, Hold, Lang, Placed, VisitIx, checker, explain};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// Seconds a plan may take.
const SECONDS: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Which day to plan, and for how long.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Planning {
    /// The local date; today or later.
    pub date: NaiveDate,
    /// Seconds to search, 0.1 to 10; 2 when left out.
    #[serde(default)]
    #[schema(minimum = 0.1, maximum = 10)]
    pub seconds: Option<f64>,
}

/// What is kept with a plan beside its changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    figures: Summary,
    unfilled: Vec<(VisitId, Said)>,
}

/// A difference that is not stored yet.
#[derive(Clone, Debug)]
struct Difference {
    visit: VisitId,
    version: i32,
    kind: PlanChangeKind,
    from: Option<(Vec<HelperId>, DateTime<Utc>)>,
    to: (Vec<HelperId>, DateTime<Utc>),
    reasons: Vec<Said>,
}

/// Plans a day and keeps the result as a draft.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn make(
    app: &App,
    coordinator: Coordinator,
    body: Planning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    let seconds = body.seconds.unwrap_or(2.0);
    if !SECONDS.contains(&seconds) {
        return Err(Problem::field(
            "seconds",
            Said::new(
                "计算时间应在 0.1 到 10 秒之间。",
                "The search takes 0.1 to 10 seconds.",
            ),
        )
        .into());
    }
    if body.date < super::board::today(app, &caller) {
        return Err(Problem::field(
            "date",
            Said::new(
                "过去的日子不能再排班。",
                "A day that has passed cannot be planned.",
            ),
        )
        .into());
    }
    let scope = Scope {
        community: caller.community,
        zone: caller.zone,
        first: body.date,
        days: 1,
        who: Who::All,
        about: None,
        with_unfilled: true,
        now,
    };
    let stated = state(app.store.read(), &scope, None).await?;
    let seed = u64::from_le_bytes(app.dice.bytes()[..8].try_into().unwrap_or_default());
    // The search is nothing but arithmetic: it gets a thread of its own, so that requests are answered meanwhile.
    let (stated, found, iterations) =
        tokio::task::spawn_blocking(move || search(stated, seconds, seed))
            .await
            .map_err(|stopped| Error::Internal(stopped.to_string()))?;
    let violations = checker::check(&stated.problem, &found);
    if let Some(first) = violations.first() {
        return Err(Error::Internal(format!(
            "the checker refused a plan: {}: {}",
            first.rule, first.detail
        )));
    }
    let (differences, kept) = compare(&stated, &found);
    keep(
        app,
        caller,
        body.date,
        seed,
        iterations,
        differences,
        kept,
        once,
    )
    .await
}

/// Stops by the clock, and says how far it has come: the search cools by that.
struct Seconds {
    began: Instant,
    length: Duration,
    iterations: u64,
}

impl matching::Stop for Seconds {
    fn done(&mut self, progress: &matching::Progress) -> bool {
        self.iterations = progress.iterations;
        self.began.elapsed() >= self.length
    }

    fn spent(&mut self, _: &matching::Progress) -> Option<f64> {
        Some((self.began.elapsed().as_secs_f64() / self.length.as_secs_f64()).min(1.0))
    }
}

fn search(stated: Stated, seconds: f64, seed: u64) -> (Stated, Vec<Option<Placed>>, i64) {
    let mut stop = Seconds {
        began: Instant::now(),
        length: Duration::from_secs_f64(seconds),
        iterations: 0,
    };
    let plan = matching::solve(&stated.problem, &mut stop, seed);
    let iterations = i64::try_from(stop.iterations).unwrap_or(i64::MAX);
    (stated, plan.assignments, iterations)
}

/// What the plan changes, and what it leaves unserved.
fn compare(stated: &Stated, found: &[Option<Placed>]) -> (Vec<Difference>, Kept) {
    let problem = &stated.problem;
    let mut differences = Vec::new();
    let mut kept = Kept::default();
    for at in problem.visit_ixs() {
        let row = &stated.visits[at.0];
        let held = problem.visit(at).held.as_ref();
        kept.figures.served_before += usize::from(held.is_some());
        let Some(placed) = &found[at.0] else {
            let why = explain::why_unserved(problem, found, at);
            kept.unfilled.push((
                row.id,
                Said::new(
                    why.sentence(problem, Lang::Zh),
                    why.sentence(problem, Lang::En),
                ),
            ));
            continue;
        };
        kept.figures.served_after += 1;
        if held.is_some_and(|held| held.hold == Hold::Fixed) {
            continue;
        }
        if let Some(difference) = difference(stated, found, at, placed) {
            match difference.kind {
                PlanChangeKind::Assign => kept.figures.assigned += 1,
                PlanChangeKind::Move | PlanChangeKind::Reassign => kept.figures.moved += 1,
            }
            differences.push(difference);
        }
    }
    let before = matching::PlanState::held(problem);
    kept.figures.unserved_after = kept.unfilled.len();
    kept.figures.walking_before_min = checker::score_of(problem, before.placements()).walking / 60;
    kept.figures.walking_after_min = checker::score_of(problem, found).walking / 60;
    (differences, kept)
}

fn difference(
    stated: &Stated,
    found: &[Option<Placed>],
    at: VisitIx,
    placed: &Placed,
) -> Option<Difference> {
    let problem = &stated.problem;
    let row = &stated.visits[at.0];
    let sorted = |helpers: &[matching::HelperIx]| {
        let mut ids = stated.ids(helpers);
        ids.sort_unstable();
        ids
    };
    let to = (sorted(&placed.helpers), stated.instant(placed.start));
    let from = problem
        .visit(at)
        .held
        .as_ref()
        .map(|held| (sorted(&held.helpers), stated.instant(held.start)));
    let kind = match &from {
        None => PlanChangeKind::Assign,
        Some(from) if *from == to => return None,
        Some(from) if from.0 == to.0 => PlanChangeKind::Move,
        Some(_) => PlanChangeKind::Reassign,
    };
    let reasons = explain::reasons(problem, found, at)
        .iter()
        .map(|part| {
            Said::new(
                part.sentence(problem, Lang::Zh),
                part.sentence(problem, Lang::En),
            )
        })
        .collect();
    Some(Difference {
        visit: row.id,
        version: row.version,
        kind,
        from,
        to,
        reasons,
    })
}

#[expect(
    clippy::too_many_arguments,
    reason = "all of it is one row and its changes"
)]
async fn keep(
    app: &App,
    caller: Caller,
    date: NaiveDate,
    seed: u64,
    iterations: i64,
    differences: Vec<Difference>,
    kept: Kept,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    let summary =
        serde_json::to_value(&kept).map_err(|error| Error::Internal(error.to_string()))?;
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, differences, summary) = (by.clone(), differences.clone(), summary.clone());
        Box::pin(async move {
            discard_drafts(txn, &caller, date).await?;
            let row = plan::ActiveModel {
                community_id: Set(caller.community),
                date: Set(date),
                state: Set(PlanState::Draft),
                created_by: Set(caller.account),
                created_at: Set(now),
                seed: Set(i64::from_le_bytes(seed.to_le_bytes())),
                iterations: Set(iterations),
                summary: Set(summary),
                ..Default::default()
            }
            .insert(txn)
            .await?;
            for difference in differences {
                insert(txn, &row, difference).await?;
            }
            record(txn, &caller, &row, "planned", now).await?;
            view(txn, caller.lang, &row).await
        })
    })
    .await
}

async fn insert<C: ConnectionTrait>(
    txn: &C,
    plan: &plan::Model,
    difference: Difference,
) -> Result<()> {
    let json = |ids: &[HelperId]| {
        serde_json::to_value(ids).map_err(|error| Error::Internal(error.to_string()))
    };
    plan_change::ActiveModel {
        community_id: Set(plan.community_id),
        plan_id: Set(plan.id),
        visit_id: Set(difference.visit),
        kind: Set(difference.kind),
        from_helpers: Set(json(
            difference
                .from
                .as_ref()
                .map_or(&[], |from| from.0.as_slice()),
        )?),
        from_start: Set(difference.from.as_ref().map(|from| from.1)),
        to_helpers: Set(json(&difference.to.0)?),
        to_start: Set(difference.to.1),
        reasons: Set(stored(&difference.reasons)?),
        visit_version: Set(difference.version),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// A day has one draft at most: the newest.
async fn discard_drafts<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    date: NaiveDate,
) -> Result<()> {
    plan::Entity::update_many()
        .set(plan::ActiveModel {
            state: Set(PlanState::Discarded),
            ..Default::default()
        })
        .filter(plan::Column::CommunityId.eq(caller.community))
        .filter(plan::Column::Date.eq(date))
        .filter(plan::Column::State.eq(PlanState::Draft))
        .exec(txn)
        .await?;
    Ok(())
}

/// Throws a draft away.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn discard(app: &App, coordinator: Coordinator, id: PlanId) -> Result<()> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    app.store
        .write(move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                let row = draft(txn, id).await?;
                let row = plan::ActiveModel {
                    id: Set(row.id),
                    state: Set(PlanState::Discarded),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                record(txn, &caller, &row, "discarded", now).await
            })
        })
        .await
}

/// A plan of this community.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn find(db: &DatabaseConnection, caller: &Caller, id: PlanId) -> Result<plan::Model> {
    plan::Entity::find_by_id(id)
        .filter(plan::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// A plan that is still a draft.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub(super) async fn draft<C: ConnectionTrait>(txn: &C, id: PlanId) -> Result<plan::Model> {
    let row = plan::Entity::find_by_id(id)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    if row.state == PlanState::Draft {
        Ok(row)
    } else {
        Err(Problem::not_now(Said::new(
            "这份方案已经发布、作废或被新的方案代替。",
            "This plan was published, discarded or replaced by a newer one.",
        ))
        .into())
    }
}

/// The differences of a plan, in the order in which they were found.
///
/// # Errors
/// The database's.
pub(super) async fn changes<C: ConnectionTrait>(
    db: &C,
    plan: PlanId,
) -> Result<Vec<plan_change::Model>> {
    Ok(plan_change::Entity::find()
        .filter(plan_change::Column::PlanId.eq(plan))
        .order_by_asc(plan_change::Column::Id)
        .all(db)
        .await?)
}

/// Records what was done with a plan.
pub(super) async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    plan: &plan::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    audit::record(
        txn,
        Change {
            community: plan.community_id,
            at: now,
            by: Some(caller.account),
            what: Subject::Plan,
            object: plan.id.0,
            action,
            visit: None,
            resident: None,
            helper: None,
            date: Some(plan.date),
            note: None,
        },
    )
    .await
}

/// A plan as the board shows it.
///
/// # Errors
/// The database's.
pub async fn view<C: ConnectionTrait>(
    db: &C,
    lang: entity::words::Lang,
    row: &plan::Model,
) -> Result<PlanView> {
    let kept: Kept = serde_json::from_value(row.summary.clone()).unwrap_or_default();
    let rows = changes(db, row.id).await?;
    let ids = rows
        .iter()
        .map(|row| row.visit_id)
        .chain(kept.unfilled.iter().map(|(id, _)| *id));
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let all: Vec<visit::Model> = visits.values().cloned().collect();
    let about = About::read(db, lang, &all).await?;
    let helpers: HashMap<HelperId, helper::Model> = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(row.community_id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let named = |json: &serde_json::Value| -> Vec<NamedHelper> {
        serde_json::from_value::<Vec<HelperId>>(json.clone())
            .unwrap_or_default()
            .iter()
            .filter_map(|id| helpers.get(id))
            .map(|helper| NamedHelper {
                id: helper.id,
                name: helper.name.clone(),
                kind: helper.kind,
            })
            .collect()
    };
    Ok(PlanView {
        head: head(db, row).await?,
        summary: kept.figures,
        changes: rows
            .into_iter()
            .filter_map(|row| {
                let visit = visits.get(&row.visit_id)?;
                Some(PlanChangeView {
                    id: row.id,
                    visit_id: row.visit_id,
                    resident: about.resident(visit),
                    door: about.door(visit),
                    service: about.service(visit),
                    kind: row.kind,
                    from: row.from_start.map(|start| Placement {
                        helpers: named(&row.from_helpers),
                        start,
                    }),
                    to: Placement {
                        helpers: named(&row.to_helpers),
                        start: row.to_start,
                    },
                    reasons: told(&row.reasons, lang),
                    applied: row.applied,
                })
            })
            .collect(),
        unfilled: kept
            .unfilled
            .iter()
            .filter_map(|(id, why)| {
                let visit = visits.get(id)?;
                Some(StillUnfilled {
                    visit_id: *id,
                    resident: about.resident(visit),
                    service: about.service(visit),
                    start: visit.asked_start,
                    why: why.to(lang),
                })
            })
            .collect(),
    })
}
