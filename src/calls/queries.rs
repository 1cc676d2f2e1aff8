//! Calls and callbacks, read for the desk.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::{CallId, CallbackId, HouseholdId};
use entity::words::Lang;
use entity::{call, callback, resident};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::views::{CallView, Callback};
use crate::accounts::queries::names;
use crate::compound::queries::doors;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::paging;

/// Callbacks of a household in an answer at most.
const MOST: u64 = 200;
/// Calls of a household that are shown.
const LAST_CALLS: u64 = 5;

/// The view of one call.
///
/// # Errors
/// The database's.
pub async fn call_view<C: ConnectionTrait>(db: &C, row: call::Model) -> Result<CallView> {
    call_views(db, vec![row])
        .await?
        .pop()
        .ok_or_else(|| Error::Internal("a call vanished".into()))
}

/// The last calls of a household, the latest first.
///
/// # Errors
/// The database's.
pub async fn last_calls<C: ConnectionTrait>(
    db: &C,
    household: HouseholdId,
) -> Result<Vec<CallView>> {
    let rows = call::Entity::find()
        .filter(call::Column::HouseholdId.eq(household))
        .order_by_desc(call::Column::StartedAt)
        .order_by_desc(call::Column::Id)
        .limit(LAST_CALLS)
        .all(db)
        .await?;
    call_views(db, rows).await
}

async fn call_views<C: ConnectionTrait>(db: &C, rows: Vec<call::Model>) -> Result<Vec<CallView>> {
    let clerks = names(db, rows.iter().map(|row| row.clerk_id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| CallView {
            id: row.id,
            number: row.number,
            household_id: row.household_id,
            clerk: clerks.get(&row.clerk_id).cloned().unwrap_or_default(),
            started_at: row.started_at,
            ended_at: row.ended_at,
            outcome: row.outcome,
            note: row.note,
            booking_id: row.booking_id,
        })
        .collect())
}

/// A page of the callbacks of the caller's community: with `open_only` those that nobody has made yet, the earliest due
/// first; otherwise all, the latest due first. With it the key after which the next page begins, if there is one.
///
/// # Errors
/// `not-found` where `after` is none of theirs, or the database's.
pub async fn callbacks<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    (open_only, after): (bool, Option<CallbackId>),
    now: DateTime<Utc>,
) -> Result<(Vec<Callback>, Option<i64>)> {
    let mut asked = if open_only {
        open()
    } else {
        callback::Entity::find()
            .order_by_desc(callback::Column::DueAt)
            .order_by_desc(callback::Column::Id)
    };
    let here = callback::Column::CommunityId.eq(caller.community);
    if let Some(after) = after {
        let last = callback::Entity::find_by_id(after)
            .filter(here.clone())
            .one(db)
            .await?
            .ok_or_else(Problem::not_found)?;
        let columns = [callback::Column::DueAt, callback::Column::Id];
        let key = [last.due_at.into(), last.id.0.into()];
        asked = asked.filter(if open_only {
            paging::beyond(columns, key)
        } else {
            paging::before(columns, key)
        });
    }
    let mut rows = asked.filter(here).limit(paging::READ).all(db).await?;
    let next = paging::cut(&mut rows, |row| row.id.0);
    Ok((dressed(db, rows, caller.lang, now).await?, next))
}

/// The callbacks that a household was promised and that nobody has made yet.
///
/// # Errors
/// The database's.
pub async fn of_household<C: ConnectionTrait>(
    db: &C,
    household: HouseholdId,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Vec<Callback>> {
    let theirs = open().filter(callback::Column::HouseholdId.eq(household));
    dressed(db, theirs.limit(MOST).all(db).await?, lang, now).await
}

/// The view of one callback.
///
/// # Errors
/// The database's.
pub async fn callback_view<C: ConnectionTrait>(
    db: &C,
    row: callback::Model,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Callback> {
    dressed(db, vec![row], lang, now)
        .await?
        .pop()
        .ok_or_else(|| Error::Internal("a callback vanished".into()))
}

fn open() -> Select<callback::Entity> {
    callback::Entity::find()
        .filter(callback::Column::DoneAt.is_null())
        .order_by_asc(callback::Column::DueAt)
        .order_by_asc(callback::Column::Id)
}

/// Callbacks with the names, doors and numbers that somebody needs to make them.
async fn dressed<C: ConnectionTrait>(
    db: &C,
    rows: Vec<callback::Model>,
    lang: Lang,
    now: DateTime<Utc>,
) -> Result<Vec<Callback>> {
    let clerks = names(db, rows.iter().map(|row| row.promised_by)).await?;
    let doors = doors(db, rows.iter().filter_map(|row| row.household_id), lang).await?;
    let residents: HashMap<_, resident::Model> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(rows.iter().filter_map(|row| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let numbers: HashMap<CallId, Option<String>> = call::Entity::find()
        .filter(call::Column::Id.is_in(rows.iter().map(|row| row.call_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.number))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let resident = row.resident_id.and_then(|id| residents.get(&id));
            let door = row.household_id.and_then(|id| doors.get(&id));
            Callback {
                id: row.id,
                due_at: row.due_at,
                overdue: row.done_at.is_none() && row.due_at < now,
                note: row.note,
                resident_id: row.resident_id,
                resident: resident.map(|resident| resident.name.clone()),
                household_id: row.household_id,
                door: door.map(|door| door.door.clone()),
                number: numbers
                    .get(&row.call_id)
                    .cloned()
                    .flatten()
                    .or_else(|| door.and_then(|door| door.phone.clone()))
                    .or_else(|| resident.and_then(|resident| resident.phone.clone())),
                promised_by: clerks.get(&row.promised_by).cloned().unwrap_or_default(),
                done_at: row.done_at,
                done_note: row.done_note,
            }
        })
        .collect())
}
