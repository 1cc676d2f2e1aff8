//! A mail belongs to one sender at a time. The lease is short and made longer while the sender is at it, so that the mail of a
//! process that died is sent by another within ten seconds, and a slow mail server makes nobody send twice.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use entity::outbox;
use sea_orm::sea_query::Condition;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::sender::LONGEST_PAUSE_S;
use crate::app::App;
use crate::error::Result;
use crate::store::Guard;

/// Seconds a sender has a mail to itself after it was last heard of.
const LEASE_S: i64 = 6;
/// How often a sender at work makes its lease longer: three may fail before it ends.
const LONGER_EVERY: Duration = Duration::from_millis(1_500);

/// Mails that wait for a sender at this instant; without the guard also those that somebody has.
pub(super) fn waiting(guard: Guard, now: DateTime<Utc>) -> Condition {
    let due = Condition::all()
        .add(outbox::Column::SentAt.is_null())
        .add(outbox::Column::DroppedAt.is_null())
        .add(outbox::Column::DueAt.lte(now));
    if !guard.is_on() {
        return due;
    }
    due.add(free(now))
}

/// Nobody has it.
fn free(now: DateTime<Utc>) -> Condition {
    Condition::any()
        .add(outbox::Column::LeaseUntil.is_null())
        .add(outbox::Column::LeaseUntil.lte(now))
        .add(of_a_clock_set_back(now))
}

/// Nobody has a mail to itself for longer than the longest pause: such a lease was written before the clock was set back, and
/// would hold the mail for as long as that was.
fn of_a_clock_set_back(now: DateTime<Utc>) -> Condition {
    let longest = now + TimeDelta::seconds(LONGEST_PAUSE_S);
    let set_back = Condition::all().add(outbox::Column::LeaseUntil.gt(longest));
    #[cfg(feature = "fault-injection")]
    if crate::store::faults::believes_leases() {
        return set_back.add(outbox::Column::Id.is_null());
    }
    set_back
}

/// Takes a mail for this sender alone; false where another was faster.
///
/// # Errors
/// The database's.
pub(super) async fn take(app: &App, letter: &outbox::Model) -> Result<bool> {
    if !app.store.guard().is_on() {
        return Ok(true);
    }
    let (now, id, attempts) = (app.clock.now(), letter.id, letter.attempts);
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let taken = outbox::Entity::update_many()
                    .set(outbox::ActiveModel {
                        lease_until: Set(Some(end(now))),
                        attempts: Set(attempts + 1),
                        ..Default::default()
                    })
                    .filter(outbox::Column::Id.eq(id))
                    .filter(outbox::Column::Attempts.eq(attempts))
                    .filter(outbox::Column::SentAt.is_null())
                    .filter(outbox::Column::DroppedAt.is_null())
                    .filter(free(now))
                    .exec(txn)
                    .await?;
                Ok(taken.rows_affected == 1)
            })
        })
        .await
}

/// Does something with a mail that was taken, and keeps it taken meanwhile.
pub(super) async fn keeping<T>(
    app: &App,
    letter: &outbox::Model,
    work: impl Future<Output = T>,
) -> T {
    let mut longer = interval_at(Instant::now() + LONGER_EVERY, LONGER_EVERY);
    longer.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return done,
            _ = longer.tick() => {
                if let Err(error) = make_longer(app, letter).await {
                    tracing::warn!(%error, "the lease of a mail could not be made longer");
                }
            }
        }
    }
}

async fn make_longer(app: &App, letter: &outbox::Model) -> Result<()> {
    let (now, id, taken) = (app.clock.now(), letter.id, letter.attempts + 1);
    app.store
        .write(move |txn| {
            Box::pin(async move {
                outbox::Entity::update_many()
                    .set(outbox::ActiveModel {
                        lease_until: Set(Some(end(now))),
                        ..Default::default()
                    })
                    .filter(outbox::Column::Id.eq(id))
                    // Another that took it meanwhile counted one more.
                    .filter(outbox::Column::Attempts.eq(taken))
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
}

fn end(now: DateTime<Utc>) -> DateTime<Utc> {
    now + TimeDelta::seconds(LEASE_S)
}
