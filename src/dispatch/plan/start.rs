//! Asking for a plan: its row is there at once, and the search begins behind it.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::words::PlanState;
use entity::{plan, plan_search};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::difference::Kept;
use super::search::{self, Job};
use super::views::{PlanView, view};
use super::{DAYS, LONGEST_DAYS, Planning, SECONDS, after, record, throw_away};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store;

/// Begins to plan a day or a week. The plan stands from now on, being searched; older ones over the same days, drafts and
/// searches, fall away.
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
    let asked = Asked::checked(app, &caller, body)?;
    // On a task of its own: whoever hangs up between the write and the search would leave a row that nobody searches for.
    let app = app.clone();
    tokio::spawn(async move { begin(&app, caller, asked, once).await })
        .await
        .unwrap_or_else(|stopped| Err(Error::Internal(stopped.to_string())))
}

/// What was asked for, where it can be done.
#[derive(Clone, Copy)]
struct Asked {
    first: chrono::NaiveDate,
    days: i32,
    seconds: f64,
    seed: u64,
    now: DateTime<Utc>,
}

impl Asked {
    fn checked(app: &App, caller: &Caller, body: Planning) -> Result<Self> {
        let seconds = body.seconds.unwrap_or(2.0);
        if !SECONDS.contains(&seconds) {
            return Err(Problem::field(
                "seconds",
                Said::new(
                    "计算时间应在 0.1 到 60 秒之间。",
                    "The search takes 0.1 to 60 seconds.",
                ),
            )
            .into());
        }
        let days = body.days.unwrap_or(1);
        if !DAYS.contains(&days) {
            return Err(Problem::field(
                "days",
                Said::new(
                    "一次排一天，或者排七天。",
                    "Either one day is planned or seven.",
                ),
            )
            .into());
        }
        if body.date < crate::dispatch::board::today(app, caller) {
            return Err(Problem::field(
                "date",
                Said::new(
                    "过去的日子不能再排班。",
                    "A day that has passed cannot be planned.",
                ),
            )
            .into());
        }
        Ok(Self {
            first: body.date,
            days,
            seconds,
            seed: u64::from_le_bytes(app.dice.bytes()[..8].try_into().unwrap_or_default()),
            now: app.clock.now(),
        })
    }
}

async fn begin(app: &App, caller: Caller, asked: Asked, once: Once) -> Result<Answer> {
    let (account, zone) = (caller.account, caller.zone);
    let (answer, begun) = app
        .write_first(account, once, StatusCode::CREATED, move |txn| {
            let caller = caller.clone();
            Box::pin(async move { insert(txn, &caller, asked).await })
        })
        .await?;
    if let Some(begun) = begun {
        let job = Job {
            plan: begun.head.id,
            zone,
            seconds: asked.seconds,
            seed: asked.seed,
            by: account,
        };
        tokio::spawn(search::run(app.clone(), job));
    }
    Ok(answer)
}

async fn insert(txn: &DatabaseTransaction, caller: &Caller, asked: Asked) -> Result<PlanView> {
    make_room(txn, caller, asked).await?;
    let row = plan::ActiveModel {
        community_id: Set(caller.community),
        date: Set(asked.first),
        days: Set(asked.days),
        state: Set(PlanState::Searching),
        created_by: Set(caller.account),
        created_at: Set(asked.now),
        seed: Set(i64::from_le_bytes(asked.seed.to_le_bytes())),
        iterations: Set(0),
        summary: Set(Kept::default().stored()?),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let search = plan_search::ActiveModel {
        plan_id: Set(row.id),
        community_id: Set(row.community_id),
        date: Set(row.date),
        asked_ms: Set((asked.seconds * 1000.0) as i32),
        spent_ms: Set(0),
        iterations: Set(0),
        unfilled: Set(None),
        unfilled_priority: Set(None),
        walking_s: Set(None),
        stop_asked: Set(false),
        heard_at: Set(asked.now),
    };
    plan_search::Entity::insert(search)
        .exec_without_returning(txn)
        .await?;
    record(txn, Some(caller.account), &row, "search_begun", asked.now).await?;
    view(txn, caller.lang, &row, asked.now).await
}

/// A day has one plan in the making at most: the newest.
async fn make_room(txn: &DatabaseTransaction, caller: &Caller, asked: Asked) -> Result<()> {
    store::one_at_a_time(txn, caller.community).await?;
    let last = asked.first + TimeDelta::days(i64::from(asked.days) - 1);
    let older = plan::Entity::find()
        .filter(plan::Column::CommunityId.eq(caller.community))
        .filter(plan::Column::Date.gt(asked.first - TimeDelta::days(LONGEST_DAYS)))
        .filter(plan::Column::Date.lte(last))
        .filter(plan::Column::State.is_in([PlanState::Draft, PlanState::Searching]));
    for row in store::hold(older, txn).all(txn).await? {
        if after(&row) <= asked.first {
            continue;
        }
        let why = Said::new(
            "后来又排了一次，这一份就不用了。",
            "It was planned again later, so this one was set aside.",
        );
        let row = throw_away(txn, &row, Some(why)).await?;
        record(txn, Some(caller.account), &row, "replaced", asked.now).await?;
    }
    Ok(())
}
