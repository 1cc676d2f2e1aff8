//! A day planned with one action: everything that can move is looked at together, and shown as a difference.

mod difference;
mod view;

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::PlanId;
use entity::plan;
use entity::words::{PlanState, Subject};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use self::difference::{Difference, Kept, compare, insert};
use crate::app::App;
use crate::dispatch::load::{Scope, Stated, Who, state};
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::dates::date;
use crate::http::input::{Answer, Once};
use crate::matching::{self, Placed, checker};
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

pub(super) use self::difference::changes;
pub use self::view::view;

/// Seconds a plan may take.
const SECONDS: std::ops::RangeInclusive<f64> = 0.1..=10.0;

/// Which day to plan, and for how long.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Planning {
    /// The local date; today or later.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
    /// Seconds to search, 0.1 to 10; 2 when left out.
    #[serde(default)]
    #[schema(minimum = 0.1, maximum = 10)]
    pub seconds: Option<f64>,
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

/// A plan that is still a draft, held until this transaction ends: of two who publish or discard it, one does.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub(super) async fn draft<C: ConnectionTrait>(txn: &C, id: PlanId) -> Result<plan::Model> {
    let row = store::hold(plan::Entity::find_by_id(id), txn)
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

/// Records what was done with a plan.
pub(super) async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    plan: &plan::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let (by, object) = (Some(caller.account), (Subject::Plan, plan.id.0));
    let change = Change::new(plan.community_id, now, by, object, action).on(plan.date);
    audit::record(txn, change).await
}
