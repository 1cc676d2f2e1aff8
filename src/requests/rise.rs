//! What is overdue rises by itself: from the grid to the community to the street office.
//!
//! Every process looks; a step is judged again inside its write, with the row held, and its place in the timeline is
//! unique, so that it is taken once whichever process takes it. A limit that passed while no process ran is found at the
//! next start: times are counted from when the step was due, not from when somebody looked.

use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::help_request;
use entity::ids::HelpRequestId;
use entity::words::HelpTier;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::step::{Taken, held, take};
use super::{OWED, after_time, limits};
use crate::app::App;
use crate::error::Result;

/// How often it is looked whether something is overdue.
const SWEEP_EVERY: Duration = Duration::from_secs(5);
/// Requests in one round; the next round takes the rest.
const BATCH: u64 = 200;

/// Lets overdue requests rise, until the program stops.
pub async fn watch(app: App) {
    loop {
        match sweep(&app).await {
            Ok(risen) if risen > 0 => tracing::info!(risen, "overdue help requests rose"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "overdue help requests could not be looked for"),
        }
        tokio::time::sleep(SWEEP_EVERY).await;
    }
}

/// Lets what is overdue now rise; says how many steps were taken.
///
/// # Errors
/// The database's. One request that cannot rise does not keep the others from it: it is named in the log.
pub async fn sweep(app: &App) -> Result<usize> {
    let now = app.clock.now();
    let overdue: Vec<HelpRequestId> = help_request::Entity::find()
        .select_only()
        .column(help_request::Column::Id)
        .filter(help_request::Column::DueAt.lte(now))
        .filter(help_request::Column::State.is_in(OWED))
        .filter(help_request::Column::Tier.ne(HelpTier::Street))
        .order_by_asc(help_request::Column::DueAt)
        .limit(BATCH)
        .into_tuple()
        .all(app.store.read())
        .await?;
    let mut taken = 0;
    for id in overdue {
        let risen = app
            .store
            .write(move |txn| Box::pin(async move { rise(txn, id, now).await }))
            .await;
        match risen {
            Ok(steps) => taken += steps,
            Err(error) => {
                tracing::error!(%error, request = %id, "an overdue help request did not rise")
            }
        }
    }
    Ok(taken)
}

/// Takes every step whose time is up: both, where a request has been forgotten for long.
async fn rise(txn: &DatabaseTransaction, id: HelpRequestId, now: DateTime<Utc>) -> Result<usize> {
    let mut row = held(txn, id).await?;
    let limits = limits::of(txn, row.community_id, row.kind, row.level).await?;
    let mut steps = 0;
    while let Some((next, due)) = after_time((row.state, row.tier, row.due_at), limits, now) {
        let taken = Taken {
            by: None,
            on_behalf: false,
            note: None,
        };
        row = take(txn, &row, next, Some(due), taken, now).await?;
        steps += 1;
    }
    Ok(steps)
}
