//! A search from its beginning to the draft: on a thread of its own, with a task beside it that shows how far it is and
//! listens whether somebody wants it to stop.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono_tz::Tz;
use entity::ids::{AccountId, PlanId};
use entity::words::PlanState;
use entity::{plan, plan_search};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::oneshot::Receiver;
use tokio::time::Interval;

use super::difference::{Difference, Kept, compare, insert};
use super::gauge::Gauge;
use super::progress::{self, Wish};
use super::{apart, held, record, scope_of, throw_away};
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
    let mut beside = Beside::of(app, job);
    let _place = match beside.wait_for_a_place().await? {
        Turn::Mine(place) => Some(place),
        // Stopped before it began: what stands is its answer, which costs next to nothing.
        Turn::Stopped => None,
        Turn::ThrownAway => return Ok(None),
    };
    let Some(row) = plan::Entity::find_by_id(job.plan)
        .one(app.store.read())
        .await?
    else {
        return Ok(None);
    };
    let scope = scope_of(&row, job.zone, app.clock.now());
    let stated = state(app, &scope, None).await?;
    let gauge = Arc::clone(&beside.gauge);
    let search = apart::run(move || judged(&gauge, &stated, job))?;
    let found = beside.until_it_ends(search).await?;
    Ok((!beside.thrown_away).then_some(found))
}

/// What came of waiting for a place.
enum Turn {
    /// A place, given back when it is dropped.
    Mine(OwnedSemaphorePermit),
    /// Somebody wants what there is now.
    Stopped,
    /// Nobody wants it any more.
    ThrownAway,
}

/// The task beside a search: it listens whether somebody wants it to stop, and shows how far it is.
struct Beside<'a> {
    app: &'a App,
    job: Job,
    gauge: Arc<Gauge>,
    listen: Interval,
    shown: Option<Instant>,
    stopped: bool,
    thrown_away: bool,
}

impl<'a> Beside<'a> {
    fn of(app: &'a App, job: Job) -> Self {
        let mut listen = tokio::time::interval(LISTEN_EVERY);
        listen.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        Self {
            app,
            job,
            gauge: Arc::default(),
            listen,
            shown: None,
            stopped: false,
            thrown_away: false,
        }
    }

    /// Waits until a place is free, in the order of asking; whoever looks sees that the search is alive and has spent nothing.
    async fn wait_for_a_place(&mut self) -> Result<Turn> {
        let place = Arc::clone(&self.app.searches).acquire_owned();
        tokio::pin!(place);
        loop {
            tokio::select! {
                place = &mut place => {
                    return place
                        .map(Turn::Mine)
                        .map_err(|closed| Error::Internal(closed.to_string()));
                }
                _ = self.listen.tick() => self.hear().await,
            }
            if self.thrown_away {
                return Ok(Turn::ThrownAway);
            }
            if self.stopped {
                return Ok(Turn::Stopped);
            }
        }
    }

    async fn until_it_ends(&mut self, mut search: Receiver<Result<Found>>) -> Result<Found> {
        loop {
            tokio::select! {
                found = &mut search => {
                    return found.map_err(|stopped| Error::Internal(stopped.to_string()))?;
                }
                _ = self.listen.tick() => self.hear().await,
            }
        }
    }

    async fn hear(&mut self) {
        if self.app.closing.is_asked() {
            self.stop();
        }
        // A database that cannot be asked just now is no reason to lose what was found.
        match progress::wish(&self.app.store, self.job.plan).await {
            Ok(Wish::GoOn) => {}
            Ok(Wish::Stop) => self.stop(),
            Ok(Wish::ThrowAway) => {
                self.thrown_away = true;
                self.stop();
            }
            Err(error) => {
                tracing::warn!(%error, plan = %self.job.plan, "a search cannot be asked after");
            }
        }
        if !self.thrown_away && self.shown.is_none_or(|at| at.elapsed() >= SHOW_EVERY) {
            self.show().await;
        }
    }

    fn stop(&mut self) {
        self.stopped = true;
        self.gauge.stop();
    }

    async fn show(&mut self) {
        self.shown = Some(Instant::now());
        let now = self.app.clock.now();
        let shown = progress::show(&self.app.store, self.job.plan, &self.gauge, now).await;
        if let Err(error) = shown {
            tracing::warn!(%error, plan = %self.job.plan, "how far a search is cannot be shown");
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
