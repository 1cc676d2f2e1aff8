//! Ending a plan that is in the making: stop and keep the best, throw it away, or notice that whoever searched is gone.

use std::time::Duration;

use axum::http::StatusCode;
use entity::ids::PlanId;
use entity::plan_search;
use entity::words::PlanState;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::progress::{interrupted, is_silent, silent_before};
use super::views::view;
use super::{find, held, over, record, throw_away};
use crate::app::App;
use crate::error::Result;
use crate::http::caller::Coordinator;
use crate::http::input::{Answer, Once};

/// How often it is looked whether a search has fallen silent: pages are to hear of it within ten seconds.
const SWEEP_EVERY: Duration = Duration::from_secs(2);

/// Asks a search to stop and keep the best it has found. The process that searches hears of it within half a second; a
/// search that has ended by itself meanwhile has done what was asked for.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn stop(app: &App, coordinator: Coordinator, id: PlanId, once: Once) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let row = held(txn, id).await?;
            match row.state {
                PlanState::Draft => {}
                PlanState::Searching => {
                    plan_search::Entity::update_many()
                        .set(plan_search::ActiveModel {
                            stop_asked: Set(true),
                            ..Default::default()
                        })
                        .filter(plan_search::Column::PlanId.eq(id))
                        .exec(txn)
                        .await?;
                    record(txn, Some(caller.account), &row, "stop_asked", now).await?;
                }
                PlanState::Published | PlanState::Discarded => return Err(over().into()),
            }
            view(txn, caller.lang, &row, now).await
        })
    })
    .await
}

/// Throws away a draft, or a search with all it has found.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn discard(app: &App, coordinator: Coordinator, id: PlanId) -> Result<()> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let row = held(txn, id).await?;
                if !matches!(row.state, PlanState::Draft | PlanState::Searching) {
                    return Err(over().into());
                }
                let row = throw_away(txn, &row, None).await?;
                record(txn, Some(caller.account), &row, "discarded", now).await
            })
        })
        .await
}

/// Looks after searches whose process has gone, until the program stops.
pub async fn watch(app: App) {
    loop {
        if let Err(error) = sweep(&app).await {
            tracing::warn!(%error, "searches that fell silent could not be looked for");
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Throws away the plans whose search has fallen silent, so that pages hear of it and nobody waits for ever.
///
/// # Errors
/// The database's.
pub async fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let silent = plan_search::Entity::find()
        .filter(plan_search::Column::HeardAt.lt(silent_before(now)))
        .all(app.store.read())
        .await?;
    for search in silent {
        let id = search.plan_id;
        app.store
            .write(move |txn| {
                Box::pin(async move {
                    let row = held(txn, id).await?;
                    let search = plan_search::Entity::find_by_id(id).one(txn).await?;
                    // It may have been heard of again, or been thrown away by another process that noticed too.
                    if !search.is_some_and(|search| is_silent(&search, now)) {
                        return Ok(());
                    }
                    let row = throw_away(txn, &row, Some(interrupted())).await?;
                    record(txn, None, &row, "interrupted", now).await
                })
            })
            .await?;
        tracing::warn!(plan = %id, "a search fell silent and was thrown away");
    }
    Ok(())
}
