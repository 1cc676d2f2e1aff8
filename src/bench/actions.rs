//! What a meeting agrees on, and what a later one finds: written by coordinators and those who keep accounts.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{BenchActionId, ProviderId, ServiceId};
use entity::words::Subject;
use entity::{bench_action, provider, service};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::figures::Figures;
use super::views::{BenchAction, NewBenchAction, NewBenchVerdict};
use super::words::{figure, measure_word};
use super::{Agreed, Aim, LONGEST_WHAT, MOST_ACTIONS, check_agreed, finding};
use crate::accounts::queries::names;
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::{BenchKeeper, Caller};
use crate::http::input::{Answer, Once};
use crate::quality::panel::check_over;
use crate::reports::month_of;
use crate::requests::at_most;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// What the page of a month has of actions.
#[derive(Clone, Debug, Default)]
pub struct OfMonth {
    /// What earlier meetings agreed on and nobody has judged yet, or this month's meeting has.
    pub earlier: Vec<bench_action::Model>,
    /// What this month's meeting agreed on.
    pub own: Vec<bench_action::Model>,
}

/// The actions on a month's page.
///
/// # Errors
/// The database's.
pub async fn of_month<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    month: NaiveDate,
) -> Result<OfMonth> {
    let looked_at = Condition::any()
        .add(bench_action::Column::Verdict.is_null())
        .add(bench_action::Column::JudgedMonth.eq(month));
    let rows = bench_action::Entity::find()
        .filter(bench_action::Column::CommunityId.eq(caller.community))
        .filter(
            Condition::any()
                .add(bench_action::Column::Month.eq(month))
                .add(looked_at),
        )
        .filter(bench_action::Column::Month.lte(month))
        .order_by_asc(bench_action::Column::Month)
        .order_by_asc(bench_action::Column::Id)
        .all(db)
        .await?;
    let (own, earlier) = rows.into_iter().partition(|row| row.month == month);
    Ok(OfMonth { earlier, own })
}

/// The actions as they are shown on the page of a month with these figures, which is over or not.
///
/// # Errors
/// The database's.
pub async fn views<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<bench_action::Model>,
    (now, over): (&Figures, bool),
) -> Result<Vec<BenchAction>> {
    let accounts = rows
        .iter()
        .flat_map(|row| std::iter::once(row.created_by).chain(row.judged_by));
    let people = names(db, accounts).await?;
    let called = Called::read(db, &rows).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let counted = aim_of(&row).and_then(|aim| now.of(aim));
            let seen = if row.verdict.is_some() {
                row.judged_figure
            } else {
                counted
            };
            let told = |value: Option<i64>| {
                value
                    .map(|value| figure(row.measure, value, caller.lang))
                    .filter(|text| !text.is_empty())
            };
            BenchAction {
                id: row.id,
                month: row.month,
                measure: row.measure,
                measure_word: measure_word(row.measure, &called.of(&row)).to(caller.lang),
                figure: told(row.figure),
                figure_now: told(seen),
                finding: finding(row.measure, row.figure, seen, over),
                verdict: row.verdict,
                created_by: people.get(&row.created_by).cloned().unwrap_or_default(),
                judged_by: row.judged_by.and_then(|by| people.get(&by).cloned()),
                created_at: row.created_at,
                what: row.what,
                who: row.who,
                due: row.due,
                note: row.judged_note,
            }
        })
        .collect())
}

/// What services and providers are called.
struct Called {
    services: HashMap<ServiceId, Said>,
    providers: HashMap<ProviderId, String>,
}

impl Called {
    async fn read<C: ConnectionTrait>(db: &C, rows: &[bench_action::Model]) -> Result<Self> {
        let services = rows.iter().filter_map(|row| row.service_id);
        let providers = rows.iter().filter_map(|row| row.provider_id);
        Ok(Self {
            services: service::Entity::find()
                .filter(service::Column::Id.is_in(services))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, Said::new(row.name_zh, row.name_en)))
                .collect(),
            providers: provider::Entity::find()
                .filter(provider::Column::Id.is_in(providers))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
        })
    }

    fn of(&self, row: &bench_action::Model) -> Said {
        let service = row.service_id.and_then(|id| self.services.get(&id));
        let provider = row.provider_id.and_then(|id| self.providers.get(&id));
        match (service, provider) {
            (Some(said), _) => said.clone(),
            (_, Some(name)) => Said::new(name, name),
            _ => Said::new("", ""),
        }
    }
}

fn aim_of(row: &bench_action::Model) -> Option<Aim> {
    Aim::of(row.measure, row.service_id, row.provider_id)
}

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
    let over = today >= month_of(month).1;
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, agreed, figures) = (caller.clone(), agreed.clone(), figures.clone());
        Box::pin(async move {
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
    crate::store::hold(bench_action::Entity::find_by_id(id), txn)
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
