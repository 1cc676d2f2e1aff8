//! The night's work: once a night in each community, whichever process finds it due first.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::CommunityId;
use entity::{community, retention_night};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde_json::json;

use super::queries::{Tonight, due_residents, take};
use super::{Act, BATCH, RULES, Rule, is_abandoned, night_at};
use crate::app::App;
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::privacy::erasure::kept_long_enough;
use crate::store::Store;
use crate::visits::pausing::Hand;

/// How often it is looked whether a night is due.
const EVERY: Duration = Duration::from_secs(60);

/// How much each rule let go, by its word.
pub type Gone = BTreeMap<&'static str, u64>;

/// Looks until the program stops.
pub async fn run(app: App) {
    loop {
        if let Err(error) = turn(&app).await {
            tracing::error!(%error, "what was kept long enough could not be let go");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// One look: does tonight's work where nobody has. Says in how many communities.
///
/// # Errors
/// The database's.
pub async fn turn(app: &App) -> Result<usize> {
    let mut done = 0;
    for place in community::Entity::find().all(app.store.read()).await? {
        let now = app.clock.now();
        let night = night_at(zone_of(&place), now);
        if begin(&app.store, place.id, night, now).await? {
            let tonight = Tonight {
                community: place.id,
                zone: zone_of(&place),
                now,
            };
            let gone = let_go(&app.store, tonight).await?;
            finish(&app.store, place.id, night, gone, app.clock.now()).await?;
            done += 1;
        }
    }
    Ok(done)
}

/// Takes a night's work on. Says whether it is this process's to do.
async fn begin(
    store: &Store,
    community: CommunityId,
    night: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool> {
    let known = retention_night::Entity::find_by_id((community, night))
        .one(store.read())
        .await?;
    // Looked at every minute: only what may be ours is worth a write.
    if known.is_some_and(|row| !is_abandoned(&row, now)) {
        return Ok(false);
    }
    store
        .write(move |txn| Box::pin(async move { claim(txn, community, night, now).await }))
        .await
}

async fn claim(
    txn: &DatabaseTransaction,
    community: CommunityId,
    night: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = retention_night::ActiveModel {
        community_id: Set(community),
        night: Set(night),
        started_at: Set(now),
        finished_at: Set(None),
        gone: Set(None),
    };
    let ours = retention_night::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    if ours == 1 {
        return Ok(true);
    }
    let Some(row) = retention_night::Entity::find_by_id((community, night))
        .one(txn)
        .await?
    else {
        return Ok(false);
    };
    if !is_abandoned(&row, now) {
        return Ok(false);
    }
    let taken = retention_night::Entity::update_many()
        .set(retention_night::ActiveModel {
            started_at: Set(now),
            ..Default::default()
        })
        .filter(retention_night::Column::CommunityId.eq(community))
        .filter(retention_night::Column::Night.eq(night))
        .filter(retention_night::Column::StartedAt.eq(row.started_at))
        .filter(retention_night::Column::FinishedAt.is_null())
        .exec(txn)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// Lets go what was kept long enough, a small write at a time. Doing it twice does nothing more.
///
/// # Errors
/// The database's.
pub async fn let_go(store: &Store, tonight: Tonight) -> Result<Gone> {
    let mut gone = Gone::new();
    for rule in RULES {
        if rule.act == Act::Erase {
            gone.insert(rule.key, erase(store, rule, tonight).await?);
            continue;
        }
        let mut sum = 0;
        loop {
            let taken = store
                .write(move |txn| Box::pin(async move { take(txn, rule, tonight).await }))
                .await?;
            sum += taken;
            if taken < BATCH {
                break;
            }
        }
        gone.insert(rule.key, sum);
    }
    Ok(gone)
}

/// Erases the residents whose time is over, each in a write of its own, for one takes long enough. Who cannot be erased yet,
/// because somebody owes them an answer, waits for another night and keeps nobody behind them.
async fn erase(store: &Store, rule: &'static Rule, tonight: Tonight) -> Result<u64> {
    let hand = Hand {
        by: None,
        now: tonight.now,
        zone: tonight.zone,
    };
    let mut count = 0;
    for id in due_residents(store.read(), rule, tonight).await? {
        let done = store
            .write(move |txn| Box::pin(async move { kept_long_enough(txn, hand, id).await }))
            .await?;
        count += u64::from(done);
    }
    Ok(count)
}

async fn finish(
    store: &Store,
    community: CommunityId,
    night: NaiveDate,
    gone: Gone,
    now: DateTime<Utc>,
) -> Result<()> {
    let gone = json!(gone);
    store
        .write(move |txn| {
            let gone = gone.clone();
            Box::pin(async move {
                retention_night::ActiveModel {
                    community_id: Set(community),
                    night: Set(night),
                    finished_at: Set(Some(now)),
                    gone: Set(Some(gone)),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                Ok(())
            })
        })
        .await
}
