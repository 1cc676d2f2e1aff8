//! A search from its beginning to the draft: on a thread of its own, with a task beside it that shows how far it is and
//! listens whether somebody wants it to stop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use entity::ids::{AccountId, PlanId};
use entity::words::PlanState;
use entity::{plan, plan_search};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::difference::{Difference, Kept, compare, insert};
use super::gauge::Gauge;
use super::progress::{self, Wish};
use super::{held, record, scope_of, throw_away};
use crate::app::App;
use crate::dispatch::load::{Stated, state};
use crate::error::{Error, Result};
use crate::matching::checker;
use crate::said::Said;

/// How often it is asked whether somebody wants to stop: a stop should be felt within half a second.
const LISTEN_EVERY: Duration = Duration::from_millis(200);
/// How often it is shown how far the search is.
const SHOW_EVERY: Duration = Duration::from_millis(450);

/// A search that is to be made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub(super) plan: PlanId,
    pub(super) zone: Tz,
    pub(super) seconds: f64,
    pub(super) seed: u64,
    pub(super) by: AccountId,
}

/// What a search found, judged and compared with what stands.
struct Found {
    iterations: i64,
    differences: Vec<Difference>,
    kept: Kept,
}

/// Searches, and keeps what is found as a draft.
pub(super) async fn run(app: App, job: Job) {
    let _work = app.closing.begin();
    let outcome = match found(&app, job).await {
        Ok(Some(found)) => keep(&app, job, found).await,
        Ok(None) => Ok(()),
        Err(error) => Err(error),
    };
    if let Err(error) = outcome {
        tracing::error!(%error, plan = %job.plan, "a search came to nothing");
        if let Err(error) = give_up(&app, job).await {
            // It is thrown away as soon as somebody notices that nothing is heard of it any more.
            tracing::error!(%error, plan = %job.plan, "a search that came to nothing could not be thrown away");
        }
    }
}

/// What is found until the time is over or somebody stops it; nothing where the plan was thrown away meanwhile.
async fn found(app: &App, job: Job) -> Result<Option<Found>> {
    let Some(row) = plan::Entity::find_by_id(job.plan)
        .one(app.store.read())
        .await?
    else {
        return Ok(None);
    };
    let scope = scope_of(&row, job.zone, app.clock.now());
    let stated = state(app.store.read(), &scope, None).await?;
    let gauge = Arc::new(Gauge::default());
    let mut search = tokio::task::spawn_blocking({
        let gauge = Arc::clone(&gauge);
        move || judged(&gauge, &stated, job)
    });
    let mut listen = tokio::time::interval(LISTEN_EVERY);
    listen.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut shown: Option<Instant> = None;
    let mut thrown_away = false;
    loop {
        tokio::select! {
            found = &mut search => {
                let found = found.map_err(|stopped| Error::Internal(stopped.to_string()))??;
                return Ok((!thrown_away).then_some(found));
            }
            _ = listen.tick() => {
                if app.closing.is_asked() {
                    gauge.stop();
                }
                // A database that cannot be asked just now is no reason to lose what was found.
                match progress::wish(&app.store, job.plan).await {
                    Ok(Wish::GoOn) => {}
                    Ok(Wish::Stop) => gauge.stop(),
                    Ok(Wish::ThrowAway) => {
                        thrown_away = true;
                        gauge.stop();
                    }
                    Err(error) => tracing::warn!(%error, plan = %job.plan, "a search cannot be asked after"),
                }
                if !thrown_away && shown.is_none_or(|at| at.elapsed() >= SHOW_EVERY) {
                    shown = Some(Instant::now());
                    if let Err(error) = progress::show(&app.store, job.plan, &gauge, app.clock.now()).await {
                        tracing::warn!(%error, plan = %job.plan, "how far a search is cannot be shown");
                    }
                }
            }
        }
    }
}

/// Searches, has the independent checker judge the plan, and compares it with what stands.
fn judged(gauge: &Arc<Gauge>, stated: &Stated, job: Job) -> Result<Found> {
    let placed = gauge.search(&stated.problem, job.seconds, job.seed);
    if let Some(first) = checker::check(&stated.problem, &placed).first() {
        return Err(Error::Internal(format!(
            "the checker refused a plan: {}: {}",
            first.rule, first.detail
        )));
    }
    let (differences, kept) = compare(stated, &placed);
    Ok(Found {
        iterations: gauge.iterations(),
        differences,
        kept,
    })
}

/// The plan becomes a draft in one write, unless it was thrown away meanwhile.
async fn keep(app: &App, job: Job, found: Found) -> Result<()> {
    let now = app.clock.now();
    let found = Arc::new(found);
    app.store
        .write(move |txn| {
            let found = Arc::clone(&found);
            Box::pin(async move {
                let row = held(txn, job.plan).await?;
                if row.state != PlanState::Searching {
                    return Ok(());
                }
                plan_search::Entity::delete_by_id(row.id).exec(txn).await?;
                insert(txn, &row, &found.differences).await?;
                let row = plan::ActiveModel {
                    id: Set(row.id),
                    state: Set(PlanState::Draft),
                    iterations: Set(found.iterations),
                    summary: Set(found.kept.stored()?),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                record(txn, Some(job.by), &row, "planned", now).await
            })
        })
        .await
}

/// The plan cannot be kept: it is thrown away and says so.
async fn give_up(app: &App, job: Job) -> Result<()> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let row = held(txn, job.plan).await?;
                if row.state != PlanState::Searching {
                    return Ok(());
                }
                let why = Said::new(
                    "这次没有排成。请再排一次；还是不行，请告诉管理员。",
                    "Nothing came of this plan. Please plan again, and tell the administrator if that fails too.",
                );
                let row = throw_away(txn, &row, Some(why)).await?;
                record(txn, None, &row, "failed", now).await
            })
        })
        .await
}
