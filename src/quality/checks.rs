//! Calls to those who live alone: the clerk's list, and what came of each call.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{CheckCallId, HelpRequestId, ResidentId, VisitId};
use entity::words::{CheckOutcome, CheckReason, HelpKind, HelpLevel, Lang, Subject};
use entity::{account, check_call, family_member, resident, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::first::checks_open;
use super::scene::{Scene, residents};
use super::views::{CareCalls, CheckCallView, FamilyPhone};
use super::words::outcome_word;
use super::{MOST_TRIES, TRY_AGAIN_HOURS, follow_ups};
use crate::accounts::queries::names;
use crate::app::App;
use crate::compound::queries::doors;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk};
use crate::http::input::{Answer, Once};
use crate::requests::{ask, check_note, check_text};
use crate::residents::relation_word;
use crate::residents::seen::seen;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// Calls in an answer at most.
const MOST: u64 = 200;
/// Days that an ended call stays in the list.
const DONE_DAYS: i64 = 2;

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Heard {
    /// They answered and are well.
    Fine,
    /// They answered and need help: a help request is made.
    NeedsHelp,
    /// Nobody answered: try again later.
    TryAgain,
    /// Nobody answers: the grid officer goes, by a help request.
    Raise,
    /// Nobody answers: the family was reached and looks after it.
    FamilyTold,
}

/// A call, as it was made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Calling {
    /// What came of it.
    pub heard: Heard,
    /// What was heard, 500 characters at most; needed where they need help and where the family was told.
    #[serde(default)]
    pub note: Option<String>,
    /// What they need help with; `other` when left out.
    #[serde(default)]
    pub kind: Option<HelpKind>,
}

/// Writes down what came of a call.
///
/// # Errors
/// `not-found`, `invalid`, `not-now`, or the database's.
pub async fn called(
    app: &App,
    Desk(caller): Desk,
    id: CheckCallId,
    body: Calling,
    once: Once,
) -> Result<Answer> {
    let note = match body.heard {
        Heard::NeedsHelp | Heard::FamilyTold => Some(check_text(
            "note",
            body.note.as_deref().unwrap_or_default(),
        )?),
        Heard::Fine | Heard::TryAgain | Heard::Raise => check_note("note", body.note.as_deref())?,
    };
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, body, note) = (caller.clone(), body.clone(), note.clone());
        Box::pin(async move {
            let row = held(txn, &caller, id).await?;
            if row.done_at.is_some() {
                return Err(ended_before().into());
            }
            let row = end(txn, &caller, &row, (body.heard, body.kind), note, now).await?;
            views(txn, &caller, vec![row], now)
                .await?
                .pop()
                .ok_or_else(|| Error::Internal("a check call vanished".into()))
        })
    })
    .await
}

async fn held(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: CheckCallId,
) -> Result<check_call::Model> {
    let wanted = check_call::Entity::find_by_id(id)
        .filter(check_call::Column::CommunityId.eq(caller.community));
    store::hold(wanted, txn)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

fn ended_before() -> Problem {
    Problem::not_now(Said::new(
        "这个电话已经有结果了。",
        "This call has its outcome already.",
    ))
}

async fn end(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: &check_call::Model,
    (heard, kind): (Heard, Option<HelpKind>),
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<check_call::Model> {
    let mut change = check_call::ActiveModel {
        id: Set(row.id),
        note: Set(note.clone()),
        ..Default::default()
    };
    let (outcome, action) = match heard {
        Heard::TryAgain if row.tries + 1 >= MOST_TRIES => return Err(tried_enough().into()),
        Heard::TryAgain => {
            change.due_at = Set(now + TimeDelta::hours(TRY_AGAIN_HOURS));
            (None, "not_reached")
        }
        Heard::Fine => (Some(CheckOutcome::Fine), "fine"),
        Heard::NeedsHelp => (Some(CheckOutcome::NeedsHelp), "needs_help"),
        Heard::Raise => (Some(CheckOutcome::Raised), "raised"),
        Heard::FamilyTold => (Some(CheckOutcome::FamilyTold), "family_told"),
    };
    if matches!(heard, Heard::Fine | Heard::NeedsHelp) {
        seen(txn, row.resident_id, now).await?;
    } else {
        change.tries = Set(row.tries + 1);
    }
    if matches!(heard, Heard::NeedsHelp | Heard::Raise) {
        let id = help(txn, caller, row.resident_id, (heard, kind), note, now).await?;
        change.help_request_id = Set(Some(id));
    }
    if outcome.is_some() {
        change.outcome = Set(outcome);
        change.done_at = Set(Some(now));
        change.done_by = Set(Some(caller.account));
    }
    let row = change.update(txn).await?;
    let (by, object) = (Some(caller.account), (Subject::CheckCall, row.id.0));
    audit::record(txn, Change::new(caller.community, now, by, object, action)).await?;
    Ok(row)
}

/// The help request that a call becomes: the grid officer hears of it as of any other.
async fn help(
    txn: &DatabaseTransaction,
    caller: &Caller,
    resident: ResidentId,
    (heard, kind): (Heard, Option<HelpKind>),
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<HelpRequestId> {
    let what = match (heard, note) {
        (Heard::Raise, None) => "独居老人，打电话没人接，请上门看看。".to_owned(),
        (Heard::Raise, Some(note)) => format!("独居老人，打电话没人接，请上门看看。{note}"),
        (_, note) => note.unwrap_or_default(),
    };
    let of = (kind.unwrap_or(HelpKind::Other), HelpLevel::Urgent);
    ask::for_resident(txn, caller, resident, of, what, now).await
}

fn tried_enough() -> Problem {
    Problem::not_now(Said::new(
        format!("已经打了 {MOST_TRIES} 次没人接，请转网格员上门，或联系家属。"),
        format!(
            "Nobody answered {MOST_TRIES} times; hand it to the grid officer, or reach the family."
        ),
    ))
}

/// The clerk's calls of care.
///
/// # Errors
/// The database's.
pub async fn care_calls(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<CareCalls> {
    let open = checks_open(caller)
        .order_by_asc(check_call::Column::DueAt)
        .order_by_asc(check_call::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    let (mut due, later): (Vec<_>, Vec<_>) = open.into_iter().partition(|row| row.due_at <= now);
    // A missed visit first: there somebody was waited for.
    due.sort_by_key(|row| (row.reason == CheckReason::Unseen, row.due_at, row.id));
    let done = check_call::Entity::find()
        .filter(check_call::Column::CommunityId.eq(caller.community))
        .filter(check_call::Column::DoneAt.gt(now - TimeDelta::days(DONE_DAYS)))
        .order_by_desc(check_call::Column::DoneAt)
        .limit(MOST / 4)
        .all(db)
        .await?;
    Ok(CareCalls {
        due: views(db, caller, due, now).await?,
        later: views(db, caller, later, now).await?,
        done: views(db, caller, done, now).await?,
        follow_ups: follow_ups::due(db, caller, now).await?,
    })
}

async fn views<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<check_call::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<CheckCallView>> {
    let lang = caller.lang;
    let whose = residents(db, rows.iter().map(|row| row.resident_id)).await?;
    let doors = doors(db, whose.values().map(|row| row.household_id), lang).await?;
    let mut family = family(db, lang, whose.keys().copied()).await?;
    let names = names(db, rows.iter().filter_map(|row| row.done_by)).await?;
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(rows.iter().filter_map(|row| row.visit_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let scene = Scene::read(db, lang, visits.values()).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let resident: &resident::Model = whose.get(&row.resident_id)?;
            let door = doors.get(&resident.household_id);
            let service = row
                .visit_id
                .and_then(|id| visits.get(&id))
                .map(|visit| scene.service(visit));
            Some(CheckCallView {
                id: row.id,
                resident_id: row.resident_id,
                resident: resident.name.clone(),
                door: door.map_or_else(String::new, |door| door.door.clone()),
                phone: resident
                    .phone
                    .clone()
                    .or_else(|| door.and_then(|door| door.phone.clone())),
                reason: row.reason,
                why: why(&row, service.as_deref(), caller, now),
                visit_id: row.visit_id,
                due_at: row.due_at,
                tries: row.tries,
                may_try_again: row.tries + 1 < MOST_TRIES,
                family: family.remove(&row.resident_id).unwrap_or_default(),
                created_at: row.created_at,
                outcome: row.outcome,
                outcome_word: row.outcome.map(|it| outcome_word(it, lang).to_owned()),
                note: row.note,
                done_at: row.done_at,
                done_by: row.done_by.and_then(|id| names.get(&id).cloned()),
                help_request_id: row.help_request_id,
            })
        })
        .collect())
}

/// Why somebody is rung, in a sentence.
fn why(
    row: &check_call::Model,
    service: Option<&str>,
    caller: &Caller,
    now: DateTime<Utc>,
) -> String {
    let lang = caller.lang;
    let when = row
        .since
        .map(|at| at.with_timezone(&caller.zone))
        .map(|at| match lang {
            Lang::Zh => at.format("%-m月%-d日 %-H:%M").to_string(),
            Lang::En => at.format("%-d %b %-H:%M").to_string(),
        })
        .unwrap_or_default();
    let service = service.unwrap_or_default();
    let days = row.since.map(|at| (now - at).num_days());
    match (row.reason, days, lang) {
        (CheckReason::MissedVisit, _, Lang::Zh) => format!("独居，{when} 的“{service}”没有去成"),
        (CheckReason::MissedVisit, _, Lang::En) => {
            format!("Lives alone; missed visit of {when}, “{service}”")
        }
        (CheckReason::NobodyOpened, _, Lang::Zh) => {
            format!("独居，{when} 的“{service}”上门没人开")
        }
        (CheckReason::NobodyOpened, _, Lang::En) => {
            format!("Lives alone; nobody opened on {when}, “{service}”")
        }
        (CheckReason::Unseen, Some(days), Lang::Zh) => format!("独居，{days} 天没见到人"),
        (CheckReason::Unseen, Some(days), Lang::En) => {
            format!("Lives alone; not seen for {days} days")
        }
        (CheckReason::Unseen, None, Lang::Zh) => "独居，还没有见过面".to_owned(),
        (CheckReason::Unseen, None, Lang::En) => "Lives alone; never seen so far".to_owned(),
    }
}

async fn family<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    of: impl IntoIterator<Item = ResidentId>,
) -> Result<HashMap<ResidentId, Vec<FamilyPhone>>> {
    let mut all: HashMap<ResidentId, Vec<FamilyPhone>> = HashMap::new();
    for (row, account) in family_member::Entity::find()
        .filter(family_member::Column::ResidentId.is_in(of))
        .find_also_related(account::Entity)
        .order_by_asc(family_member::Column::Id)
        .all(db)
        .await?
    {
        if let Some(account) = account
            && let Some(phone) = account.phone
        {
            all.entry(row.resident_id).or_default().push(FamilyPhone {
                name: account.name,
                relation: relation_word(row.relation, lang).to_owned(),
                phone,
            });
        }
    }
    Ok(all)
}
