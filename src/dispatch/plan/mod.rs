//! A day or a week planned with one action: everything that can move is looked at together, and shown as a difference.
//!
//! `start` writes the plan's row and sets off the search, `search` runs and keeps it, `gauge` is what is seen of it
//! meanwhile, `progress` what other processes see, `end` stops it or throws it away.

mod apart;
mod difference;
mod end;
mod gauge;
mod progress;
mod search;
mod start;
pub mod views;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, PlanId};
use entity::words::{PlanState, Subject};
use entity::{plan, plan_search};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use self::difference::Kept;
use crate::dispatch::load::{Scope, Who};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::date;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

pub(super) use self::difference::changes;
pub use self::end::{discard, stop, sweep, watch};
pub use self::start::make;
pub use self::views::{of_day, view};

/// Seconds a search may take.
const SECONDS: std::ops::RangeInclusive<f64> = 0.1..=60.0;
/// How many days can be planned together: a day, or a week.
const DAYS: [i32; 2] = [1, 7];
/// The most of them.
const LONGEST_DAYS: i64 = 7;

/// Which days to plan, and for how long to search.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Planning {
    /// The first local date; today or later.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
    /// How many days from there: 1, or 7 for a week; 1 when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 7)]
    pub days: Option<i32>,
    /// Seconds to search, 0.1 to 60; 2 when left out.
    #[serde(default)]
    #[schema(minimum = 0.1, maximum = 60)]
    pub seconds: Option<f64>,
}

/// Whether a plan covers a local date.
fn covers(plan: &plan::Model, date: NaiveDate) -> bool {
    (plan.date..after(plan)).contains(&date)
}

/// The first local date after a plan.
fn after(plan: &plan::Model) -> NaiveDate {
    plan.date + TimeDelta::days(i64::from(plan.days))
}

/// What a plan is made from, and judged by again before it is published.
pub(super) fn scope_of(plan: &plan::Model, zone: Tz, now: DateTime<Utc>) -> Scope {
    Scope {
        community: plan.community_id,
        zone,
        first: plan.date,
        days: usize::try_from(plan.days).unwrap_or(1),
        who: Who::All,
        about: None,
        with_unfilled: true,
        now,
    }
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

/// A plan, held until this transaction ends: of two who publish, discard or finish it, one does.
///
/// # Errors
/// `not-found`, or the database's.
async fn held<C: ConnectionTrait>(txn: &C, id: PlanId) -> Result<plan::Model> {
    store::hold(plan::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))
}

/// A plan that is still a draft, held until this transaction ends.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub(super) async fn draft<C: ConnectionTrait>(txn: &C, id: PlanId) -> Result<plan::Model> {
    let row = held(txn, id).await?;
    match row.state {
        PlanState::Draft => Ok(row),
        PlanState::Searching => Err(Problem::not_now(Said::new(
            "这份方案还在计算，算完才能发布。",
            "This plan is still being searched; it can be published when that has ended.",
        ))
        .into()),
        PlanState::Published | PlanState::Discarded => Err(over().into()),
    }
}

/// What is answered where nothing can be done with a plan any more.
fn over() -> Problem {
    Problem::not_now(Said::new(
        "这份方案已经发布、作废或被新的方案代替。",
        "This plan was published, discarded or replaced by a newer one.",
    ))
}

/// Throws a plan away, and with it the search that is under way for it: whoever searches finds nothing to keep it in.
async fn throw_away<C: ConnectionTrait>(
    txn: &C,
    row: &plan::Model,
    why: Option<Said>,
) -> Result<plan::Model> {
    plan_search::Entity::delete_by_id(row.id).exec(txn).await?;
    let kept = Kept {
        why,
        ..Kept::of(row)
    };
    Ok(plan::ActiveModel {
        id: Set(row.id),
        state: Set(PlanState::Discarded),
        summary: Set(kept.stored()?),
        ..Default::default()
    }
    .update(txn)
    .await?)
}

/// Records what was done with a plan; by nobody where the program did it.
pub(super) async fn record<C: ConnectionTrait>(
    txn: &C,
    by: Option<AccountId>,
    plan: &plan::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Plan, plan.id.0);
    let change = Change::new(plan.community_id, now, by, object, action).on(plan.date);
    audit::record(txn, change).await
}
