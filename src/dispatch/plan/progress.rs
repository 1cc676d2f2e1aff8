//! How far a search is, where every process can read it.
//!
//! A row of `plan_search` stands for a search under way. The process that searches writes it about twice a second and
//! reads in it whether somebody, anywhere, asked to stop; where the row is gone, the plan was thrown away.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::PlanId;
use entity::words::PlanState;
use entity::{plan, plan_search};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::gauge::Gauge;
use super::views::SearchView;
use crate::error::Result;
use crate::said::Said;
use crate::store::Store;

/// Seconds without a word after which whoever searched is held to be gone: a dozen words missed.
const SILENT_AFTER_S: i64 = 6;

/// How a plan stands: as its row says, or, while it is being searched, as the search does.
pub(super) enum Standing {
    /// As its row says.
    As(PlanState),
    /// A search is under way; how far it is, unless it ended this moment.
    Searching(Option<SearchView>),
    /// Whoever searched has fallen silent: nothing will come of it.
    Silent,
}

/// How a plan stands now.
///
/// # Errors
/// The database's.
pub(super) async fn standing<C: ConnectionTrait>(
    db: &C,
    row: &plan::Model,
    now: DateTime<Utc>,
) -> Result<Standing> {
    if row.state != PlanState::Searching {
        return Ok(Standing::As(row.state));
    }
    let search = plan_search::Entity::find_by_id(row.id).one(db).await?;
    Ok(match search {
        Some(search) if is_silent(&search, now) => Standing::Silent,
        search => Standing::Searching(search.as_ref().map(SearchView::from)),
    })
}

/// Whether whoever searches has not been heard of for too long.
pub(super) fn is_silent(search: &plan_search::Model, now: DateTime<Utc>) -> bool {
    search.heard_at < silent_before(now)
}

/// Who was last heard of before this instant has fallen silent.
pub(super) fn silent_before(now: DateTime<Utc>) -> DateTime<Utc> {
    now - TimeDelta::seconds(SILENT_AFTER_S)
}

/// Why nothing came of a search whose process has gone.
pub(super) fn interrupted() -> Said {
    Said::new(
        "计算中断了，没有结果。请再排一次。",
        "The search was interrupted and found nothing. Please plan again.",
    )
}

/// What the others want of a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// Go on.
    GoOn,
    /// Stop and keep the best.
    Stop,
    /// Stop and keep nothing.
    ThrowAway,
}

/// What the others want of this search.
///
/// # Errors
/// The database's.
pub(super) async fn wish(store: &Store, plan: PlanId) -> Result<Wish> {
    let row = plan_search::Entity::find_by_id(plan)
        .one(store.read())
        .await?;
    Ok(match row {
        None => Wish::ThrowAway,
        Some(row) if row.stop_asked => Wish::Stop,
        Some(_) => Wish::GoOn,
    })
}

/// Shows the others how far it is.
///
/// # Errors
/// The database's.
pub(super) async fn show(
    store: &Store,
    plan: PlanId,
    gauge: &Gauge,
    now: DateTime<Utc>,
) -> Result<()> {
    let best = gauge.best();
    let row = plan_search::ActiveModel {
        spent_ms: Set(gauge.spent_ms()),
        iterations: Set(gauge.iterations()),
        unfilled: Set(best.map(|best| best.unfilled)),
        unfilled_priority: Set(best.map(|best| best.unfilled_priority)),
        walking_s: Set(best.map(|best| best.walking_s)),
        heard_at: Set(now),
        ..Default::default()
    };
    store
        .write(move |txn| {
            let row = row.clone();
            Box::pin(async move {
                plan_search::Entity::update_many()
                    .set(row)
                    .filter(plan_search::Column::PlanId.eq(plan))
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
}
