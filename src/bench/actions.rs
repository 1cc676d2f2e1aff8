//! What a meeting agrees on, and what a later one finds: written by coordinators and those who keep accounts.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::BenchActionId;
use entity::words::Subject;
use entity::{bench_action, provider, service};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait,
    PaginatorTrait, QueryFilter,
};

use super::agreed::{aim_of, views};
use super::figures::Figures;
use super::views::{BenchAction, NewBenchAction, NewBenchVerdict};
use super::{Agreed, Aim, LONGEST_WHAT, MOST_ACTIONS, check_agreed};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::{BenchKeeper, Caller};
use crate::http::input::{Answer, Once};
use crate::quality::panel::check_over;
use crate::reports::month_of;
use crate::requests::at_most;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// Writes down what a month's meeting agrees on, with the figure as it stands.
///
/// # Errors
/// `invalid` with the field, `not-now` where the meeting has agreed on enough or the month has not begun, or the
/// database's.
pub async fn agree(
    app: &App,
    BenchKeeper(caller): BenchKeeper,
    month: NaiveDate,
    body: NewBenchAction,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    let today = local_date(caller.zone, now);
    check_begun(month, today)?;
    let aim = Aim::of(body.measure, body.service_id, body.provider_id);
    let agreed = check_agreed((&body.what, &body.who), body.due, aim, today)?;
    check_known(app, &caller, agreed.aim).await?;
    let figures = Figures::read(app.store.read(), &caller, month, now).await?;
    let (over, guard) = (today >= month_of(month).1, app.store.guard());
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, agreed, figures) = (caller.clone(), agreed.clone(), figures.clone());
        Box::pin(async move {
            if guard.is_on() {
                store::one_at_a_time(txn, caller.community).await?;
            }
            let row = insert(txn, &caller, month, &agreed, (&figures, now)).await?;
            one(txn, &caller, row, (&figures, over)).await
        })
    })
    .await
}

async fn insert(
    txn: &DatabaseTransaction,
    caller: &Caller,
    month: NaiveDate,
    agreed: &Agreed,
    (figures, now): (&Figures, DateTime<Utc>),
) -> Result<bench_action::Model> {
    let known = bench_action::Entity::find()
        .filter(bench_action::Column::CommunityId.eq(caller.community))
        .filter(bench_action::Column::Month.eq(month))
        .count(txn)
        .await?;
    if known >= MOST_ACTIONS {
        return Err(Problem::not_now(Said::new(
            format!("一次会最多定 {MOST_ACTIONS} 件事，请先删掉一件。"),
            format!("One meeting agrees on {MOST_ACTIONS} things at most; take one away first."),
        ))
        .into());
    }
    let row = bench_action::ActiveModel {
        community_id: Set(caller.community),
        month: Set(month),
        what: Set(agreed.what.clone()),
        who: Set(agreed.who.clone()),
        due: Set(agreed.due),
        measure: Set(agreed.aim.measure()),
        service_id: Set(agreed.aim.service()),
        provider_id: Set(agreed.aim.provider()),
        figure: Set(figures.of(agreed.aim)),
        created_at: Set(now),
        created_by: Set(caller.account),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    note(txn, caller, &row, "agreed", now).await?;
    Ok(row)
}

async fn one(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: bench_action::Model,
    seen: (&Figures, bool),
) -> Result<BenchAction> {
    views(txn, caller, vec![row], seen)
        .await?
        .pop()
        .ok_or_else(|| crate::error::Error::Internal("an action without a view".into()))
}

async fn note(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: &bench_action::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::BenchAction, row.id.0);
    let change = Change::new(caller.community, now, Some(caller.account), object, action);
    audit::record(txn, change.on(row.month)).await
}

/// A month whose page can be written on has begun.
fn check_begun(month: NaiveDate, today: NaiveDate) -> Result<()> {
    if month <= month_of(today).0 {
        return Ok(());
    }
    Err(Problem::not_now(Said::new("这个月还没开始。", "This month has not begun.")).into())
}

/// The service or provider that an action is about is one of this community's.
async fn check_known(app: &App, caller: &Caller, aim: Aim) -> Result<()> {
    let db = app.store.read();
    let known = match aim {
        Aim::UnservedService(id) => {
            service::Entity::find_by_id(id)
                .filter(service::Column::CommunityId.eq(caller.community))
                .count(db)
                .await?
        }
        Aim::RatingProvider(id) => {
            provider::Entity::find_by_id(id)
                .filter(provider::Column::CommunityId.eq(caller.community))
                .count(db)
                .await?
        }
        _ => 1,
    };
    if known == 1 {
        return Ok(());
    }
    Err(Problem::field(
        "measure",
        Said::new(
            "没有这项服务或这家服务商。",
            "There is no such service or provider.",
        ),
    )
    .into())
}

/// The action of this number, held.
async fn held(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: BenchActionId,
) -> Result<bench_action::Model> {
    store::hold(bench_action::Entity::find_by_id(id), txn)
        .filter(bench_action::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Whether nobody has said yet what became of it.
fn check_unjudged(row: &bench_action::Model) -> Result<()> {
    if row.verdict.is_none() {
        return Ok(());
    }
    Err(Problem::not_now(Said::new(
        "这件事已经有结论了。",
        "It has been said already what became of this.",
    ))
    .into())
}

/// Writes down what a later month's meeting finds, with the figure as the program counts it.
///
/// # Errors
/// `not-found`, `invalid`, `not-now` where that month is not later, not over, or it was said before; or the database's.
pub async fn judge(
    app: &App,
    BenchKeeper(caller): BenchKeeper,
    (month, id): (NaiveDate, BenchActionId),
    body: NewBenchVerdict,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    let added = at_most("note", body.note.as_deref(), LONGEST_WHAT)?;
    check_over(month, local_date(caller.zone, now))?;
    let figures = Figures::read(app.store.read(), &caller, month, now).await?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, added, figures) = (caller.clone(), added.clone(), figures.clone());
        Box::pin(async move {
            let row = held(txn, &caller, id).await?;
            check_unjudged(&row)?;
            if month <= row.month {
                return Err(Problem::not_now(Said::new(
                    "要等以后的月份才看得出有没有见效。",
                    "Only a later month can tell whether it worked.",
                ))
                .into());
            }
            let row = bench_action::ActiveModel {
                id: Set(id),
                verdict: Set(Some(body.verdict)),
                judged_month: Set(Some(month)),
                judged_figure: Set(aim_of(&row).and_then(|aim| figures.of(aim))),
                judged_note: Set(added),
                judged_at: Set(Some(now)),
                judged_by: Set(Some(caller.account)),
                ..Default::default()
            }
            .update(txn)
            .await?;
            note(txn, &caller, &row, "judged", now).await?;
            one(txn, &caller, row, (&figures, true)).await
        })
    })
    .await
}

/// Takes away an action that was written down wrongly; not one that was judged.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn take_away(
    app: &App,
    BenchKeeper(caller): BenchKeeper,
    id: BenchActionId,
) -> Result<()> {
    let now = app.clock.now();
    app.store
        .write(move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                let row = held(txn, &caller, id).await?;
                check_unjudged(&row)?;
                bench_action::Entity::delete_by_id(id).exec(txn).await?;
                note(txn, &caller, &row, "taken_away", now).await
            })
        })
        .await
}
