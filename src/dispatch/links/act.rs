//! Linking two visits, and taking the link away again.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::VisitId;
use entity::{resident, visit, visit_link};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, ModelTrait, QueryFilter,
};

use super::queries::{self, OPEN, among};
use super::{Linking, check_gap, leads};
use crate::app::App;
use crate::clock::{local_date, midnight};
use crate::dispatch::detail::{detail, find, look};
use crate::dispatch::place::locked;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// Lets another visit of the household follow this one.
///
/// # Errors
/// `not-found`, `invalid`, `not-now`, or the database's.
pub async fn link(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Linking,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    check_gap(body.least_min, body.most_min)?;
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = by.clone();
        Box::pin(async move {
            let (first, second) = both(txn, &caller, id, body.then).await?;
            fits(txn, &caller, &first, &second).await?;
            visit_link::ActiveModel {
                first_id: Set(first.id),
                second_id: Set(second.id),
                community_id: Set(first.community_id),
                least_min: Set(body.least_min),
                most_min: Set(body.most_min),
                linked_by: Set(caller.account),
                created_at: Set(now),
            }
            .insert(txn)
            .await?;
            record(txn, &caller, [&first, &second], "linked", now).await?;
            detail(txn, look(&caller, now), &first).await
        })
    })
    .await
}

/// Takes the link between two visits away.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn unlink(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    other: VisitId,
) -> Result<()> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    app.store
        .write(move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                let links = queries::of_visit(txn, id).await?;
                let link = links
                    .into_iter()
                    .find(|link| queries::other_end(link, id) == other)
                    .ok_or_else(|| Error::from(Problem::not_found()))?;
                let (first, second) = both(txn, &caller, link.first_id, link.second_id).await?;
                link.delete(txn).await?;
                record(txn, &caller, [&first, &second], "unlinked", now).await
            })
        })
        .await
}

/// Two visits of the caller's community, held in the order of their numbers, so that two who link them wait for each other.
async fn both(
    txn: &DatabaseTransaction,
    caller: &Caller,
    first: VisitId,
    second: VisitId,
) -> Result<(visit::Model, visit::Model)> {
    let lower = locked(txn, first.min(second)).await;
    let higher = locked(txn, first.max(second)).await;
    let wrong = || {
        let said = Said::new(
            "没有这次服务，请从列表里选。",
            "There is no such visit; choose one of the list.",
        );
        Error::from(Problem::field("then", said))
    };
    let (lower, higher) = (lower.map_err(|_| wrong())?, higher.map_err(|_| wrong())?);
    if lower.community_id != caller.community || higher.community_id != caller.community {
        return Err(wrong());
    }
    Ok(if first <= second {
        (lower, higher)
    } else {
        (higher, lower)
    })
}

/// Whether one may follow the other.
async fn fits(
    txn: &DatabaseTransaction,
    caller: &Caller,
    first: &visit::Model,
    second: &visit::Model,
) -> Result<()> {
    let wrong = |zh: &str, en: &str| Err(Problem::field("then", Said::new(zh, en)).into());
    if first.id == second.id {
        return wrong("不能和自己连在一起。", "A visit cannot follow itself.");
    }
    if !OPEN.contains(&first.state) {
        return Err(Problem::not_now(Said::new(
            "这次服务已经开始或结束，不能再和别的连在一起。",
            "This visit is under way or over and can no longer be linked.",
        ))
        .into());
    }
    if !OPEN.contains(&second.state) {
        return wrong(
            "那次服务已经开始或结束，不能再连在一起。",
            "That visit is under way or over and can no longer be linked.",
        );
    }
    let date = local_date(caller.zone, first.starts_at);
    if date != local_date(caller.zone, second.starts_at) {
        return wrong(
            "只能把同一天的服务连在一起。",
            "Only visits of the same day can be linked.",
        );
    }
    let home = household(txn, first).await?;
    if home != household(txn, second).await? {
        return wrong(
            "只能把同一户的服务连在一起。",
            "Only visits of the same household can be linked.",
        );
    }
    let residents: Vec<_> = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(home))
        .all(txn)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let day: Vec<VisitId> = visit::Entity::find()
        .filter(visit::Column::ResidentId.is_in(residents))
        .filter(visit::Column::StartsAt.gte(midnight(caller.zone, date)))
        .filter(visit::Column::StartsAt.lt(midnight(caller.zone, date.succ_opt().unwrap_or(date))))
        .all(txn)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let links: Vec<_> = among(txn, &day)
        .await?
        .iter()
        .map(|link| (link.first_id, link.second_id))
        .collect();
    if links.contains(&(first.id, second.id)) {
        return wrong("这两次已经连在一起了。", "These two are linked already.");
    }
    if leads(&links, second.id, first.id) {
        return wrong(
            "那次服务已经排在这一次之前，不能又在之后。",
            "That visit already goes before this one and cannot come after it too.",
        );
    }
    Ok(())
}

async fn household<C: ConnectionTrait>(
    db: &C,
    visit: &visit::Model,
) -> Result<entity::ids::HouseholdId> {
    let row = resident::Entity::find_by_id(visit.resident_id)
        .one(db)
        .await?;
    row.map(|row| row.household_id)
        .ok_or_else(|| Error::Internal("a visit without a resident".into()))
}

async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    visits: [&visit::Model; 2],
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    for visit in visits {
        let change = Change::of_visit(visit, caller.zone, now, Some(caller.account), action);
        audit::record(txn, change).await?;
    }
    Ok(())
}
