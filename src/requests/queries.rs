//! Help requests, read for those who may see them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{GridId, ResidentId};
use entity::words::{HelpKind, HelpState, Lang};
use entity::{grid, help_request, help_step, resident};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::access::SeenHelp;
use super::contacts::Directory;
use super::views::{GridChoice, HelpCard, HelpDetail, HelpLists, HelpStepView, ResponsibleView};
use super::words::{kind_word, level_word, state_word, step_words, tier_word};
use super::{OPEN, overdue};
use crate::accounts::queries::names;
use crate::compound::door::Door;
use crate::compound::queries::doors;
use crate::error::{Error, Result};
use crate::http::caller::Caller;

/// Open requests in an answer at most.
const MOST: u64 = 500;
/// Requests that are over in an answer at most.
const MOST_CLOSED: u64 = 50;
/// Days that a request stays in the lists once it is over.
const CLOSED_DAYS: i64 = 14;

/// One request with its timeline, for a caller who may see it.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn detail<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: help_request::Model,
    now: DateTime<Utc>,
) -> Result<HelpDetail> {
    let seen = SeenHelp::load(db, caller.clone(), row.id).await?;
    let steps = steps(db, &row, caller.lang).await?;
    let card = cards(db, caller, vec![row], now)
        .await?
        .pop()
        .ok_or_else(|| Error::Internal("a help request vanished".into()))?;
    Ok(HelpDetail {
        card,
        steps,
        may_work: seen.may_work,
        may_reply: seen.may_reply,
    })
}

async fn steps<C: ConnectionTrait>(
    db: &C,
    row: &help_request::Model,
    lang: Lang,
) -> Result<Vec<HelpStepView>> {
    let rows = help_step::Entity::find()
        .filter(help_step::Column::HelpRequestId.eq(row.id))
        .order_by_asc(help_step::Column::Version)
        .all(db)
        .await?;
    let names = names(db, rows.iter().filter_map(|row| row.account_id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| HelpStepView {
            at: row.at,
            action: row.action,
            words: step_words(row.action, row.tier, lang),
            tier: row.tier,
            by: row.account_id.and_then(|id| names.get(&id).cloned()),
            on_behalf: row.on_behalf,
            note: row.note,
        })
        .collect())
}

/// The requests for one resident, the latest first, 50 at most.
///
/// # Errors
/// The database's.
pub async fn of_resident<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
    now: DateTime<Utc>,
) -> Result<Vec<HelpCard>> {
    let rows = help_request::Entity::find()
        .filter(help_request::Column::CommunityId.eq(caller.community))
        .filter(help_request::Column::ResidentId.eq(resident))
        .order_by_desc(help_request::Column::CreatedAt)
        .order_by_desc(help_request::Column::Id)
        .limit(MOST_CLOSED)
        .all(db)
        .await?;
    cards(db, caller, rows, now).await
}

/// The requests of these grids, or of the whole community, by what is to be done.
///
/// # Errors
/// The database's.
pub async fn lists<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    grids: Option<Vec<GridId>>,
    now: DateTime<Utc>,
) -> Result<HelpLists> {
    let mut here = Condition::all().add(help_request::Column::CommunityId.eq(caller.community));
    let mut choices = grid::Entity::find().filter(grid::Column::CommunityId.eq(caller.community));
    if let Some(grids) = grids {
        here = here.add(help_request::Column::GridId.is_in(grids.clone()));
        choices = choices.filter(grid::Column::Id.is_in(grids));
    }
    let open = help_request::Entity::find()
        .filter(here.clone())
        .filter(help_request::Column::State.is_in(OPEN))
        .order_by_asc(help_request::Column::DueAt)
        .order_by_asc(help_request::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    let closed = help_request::Entity::find()
        .filter(here)
        .filter(help_request::Column::ClosedAt.gt(now - TimeDelta::days(CLOSED_DAYS)))
        .order_by_desc(help_request::Column::ClosedAt)
        .order_by_desc(help_request::Column::Id)
        .limit(MOST_CLOSED)
        .all(db)
        .await?;
    let mut lists = HelpLists {
        closed: cards(db, caller, closed, now).await?,
        ..HelpLists::default()
    };
    for card in cards(db, caller, open, now).await? {
        match card.state {
            _ if card.overdue => lists.overdue.push(card),
            HelpState::Collected => lists.to_respond.push(card),
            HelpState::Responded | HelpState::Handled => lists.in_hand.push(card),
            HelpState::Reported | HelpState::Settled | HelpState::Withdrawn => {
                lists.waiting.push(card);
            }
        }
    }
    lists.grids = choices
        .order_by_asc(grid::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(|row| GridChoice {
            id: row.id,
            name: row.name,
        })
        .collect();
    Ok(lists)
}

async fn cards<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<help_request::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<HelpCard>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let lang = caller.lang;
    let directory = Directory::read(db, caller.community).await?;
    let names = names(db, rows.iter().map(|row| row.asked_by)).await?;
    let residents: HashMap<ResidentId, resident::Model> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(rows.iter().filter_map(|row| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let doors = doors(db, residents.values().map(|row| row.household_id), lang).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let resident = row.resident_id.and_then(|id| residents.get(&id));
            let door = resident.and_then(|resident| doors.get(&resident.household_id));
            let (responsible, late) = (directory.responsible(&row), overdue(&row, now));
            HelpCard {
                id: row.id,
                kind: row.kind,
                kind_word: kind_word(row.kind, lang).to_owned(),
                level: row.level,
                level_word: level_word(row.level, lang).to_owned(),
                state: row.state,
                state_word: state_word(row.state, lang).to_owned(),
                tier: row.tier,
                tier_word: tier_word(row.tier, lang).to_owned(),
                place: place(row.place, door, lang),
                resident_id: row.resident_id,
                resident: resident.map(|resident| resident.name.clone()),
                grid_id: row.grid_id,
                grid: directory.grid_name(row.grid_id),
                phone: row
                    .phone
                    .or_else(|| resident.and_then(|resident| resident.phone.clone()))
                    .or_else(|| door.and_then(|door| door.phone.clone())),
                channel: row.channel,
                asked_by: names.get(&row.asked_by).cloned().unwrap_or_default(),
                created_at: row.created_at,
                due_at: row.due_at,
                overdue: late,
                closed_at: row.closed_at,
                responsible: ResponsibleView {
                    name: responsible.name,
                    phone: responsible.phone,
                },
                call_120: row.kind == HelpKind::Medical && OPEN.contains(&row.state),
                version: row.version,
                what: row.what,
            }
        })
        .collect())
}

/// The door, with the place in words where there is one.
fn place(place: Option<String>, door: Option<&Door>, lang: Lang) -> String {
    let comma = crate::said::pick(lang, "，", ", ");
    let parts: Vec<String> = door
        .map(|door| door.door.clone())
        .into_iter()
        .chain(place)
        .collect();
    parts.join(comma)
}
