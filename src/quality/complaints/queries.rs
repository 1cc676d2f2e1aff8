//! Complaints, read for those who may see them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{HelperId, ProviderId, ResidentId, VisitId};
use entity::words::ComplaintState;
use entity::{complaint, complaint_step, helper, provider, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::views::{ComplaintCard, ComplaintDetail, ComplaintLists, ComplaintStepView};
use super::{OPEN, overdue};
use crate::accounts::queries::names;
use crate::compound::queries::doors;
use crate::error::{Error, Result};
use crate::http::caller::Caller;
use crate::quality::scene::{Scene, residents};
use crate::quality::words::{action_word, complaint_word};

/// Complaints in an answer at most.
const MOST: u64 = 300;
/// Days that a complaint stays in the lists once it is over.
const CLOSED_DAYS: i64 = 30;

/// One complaint with its timeline.
///
/// # Errors
/// The database's.
pub async fn detail<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: complaint::Model,
    now: DateTime<Utc>,
) -> Result<ComplaintDetail> {
    let rows = complaint_step::Entity::find()
        .filter(complaint_step::Column::ComplaintId.eq(row.id))
        .order_by_asc(complaint_step::Column::Version)
        .all(db)
        .await?;
    let people = names(db, rows.iter().map(|step| step.account_id)).await?;
    let open = OPEN.contains(&row.state);
    let card = cards(db, caller, vec![row], now)
        .await?
        .pop()
        .ok_or_else(|| Error::Internal("a complaint vanished".into()))?;
    Ok(ComplaintDetail {
        card,
        steps: rows
            .into_iter()
            .map(|step| ComplaintStepView {
                at: step.at,
                action: step.action,
                words: action_word(step.action, caller.lang).to_owned(),
                by: people.get(&step.account_id).cloned().unwrap_or_default(),
                on_behalf: step.on_behalf,
                note: step.note,
            })
            .collect(),
        may_work: open && caller.at_desk(),
        may_reply: open,
    })
}

/// The complaints for one resident, the latest first.
///
/// # Errors
/// The database's.
pub async fn of_resident(
    db: &DatabaseConnection,
    caller: &Caller,
    id: ResidentId,
    now: DateTime<Utc>,
) -> Result<Vec<ComplaintCard>> {
    let rows = complaint::Entity::find()
        .filter(complaint::Column::CommunityId.eq(caller.community))
        .filter(complaint::Column::ResidentId.eq(id))
        .order_by_desc(complaint::Column::CreatedAt)
        .order_by_desc(complaint::Column::Id)
        .limit(MOST / 6)
        .all(db)
        .await?;
    cards(db, caller, rows, now).await
}

/// The complaints of the community, by what is to be done.
///
/// # Errors
/// The database's.
pub async fn lists(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<ComplaintLists> {
    let mine = complaint::Column::CommunityId.eq(caller.community);
    let open = complaint::Entity::find()
        .filter(mine.clone())
        .filter(complaint::Column::State.is_in(OPEN))
        .order_by_asc(complaint::Column::DueAt)
        .order_by_asc(complaint::Column::Id)
        .limit(MOST)
        .all(db)
        .await?;
    let closed = complaint::Entity::find()
        .filter(mine)
        .filter(complaint::Column::ClosedAt.gt(now - TimeDelta::days(CLOSED_DAYS)))
        .order_by_desc(complaint::Column::ClosedAt)
        .limit(MOST / 3)
        .all(db)
        .await?;
    let mut lists = ComplaintLists {
        closed: cards(db, caller, closed, now).await?,
        ..ComplaintLists::default()
    };
    for card in cards(db, caller, open, now).await? {
        match card.state {
            _ if card.overdue => lists.overdue.push(card),
            ComplaintState::Taken => lists.taken.push(card),
            ComplaintState::Answered => lists.answered.push(card),
            ComplaintState::Corrected | ComplaintState::Confirmed | ComplaintState::Withdrawn => {
                lists.corrected.push(card);
            }
        }
    }
    Ok(lists)
}

async fn cards<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<complaint::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<ComplaintCard>> {
    let lang = caller.lang;
    let whose = residents(db, rows.iter().filter_map(|row| row.resident_id)).await?;
    let doors = doors(db, whose.values().map(|row| row.household_id), lang).await?;
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(rows.iter().filter_map(|row| row.visit_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let scene = Scene::read(db, lang, visits.values()).await?;
    let helpers: HashMap<HelperId, String> = helper::Entity::find()
        .filter(helper::Column::Id.is_in(rows.iter().filter_map(|row| row.helper_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let providers: HashMap<ProviderId, String> = provider::Entity::find()
        .filter(provider::Column::Id.is_in(rows.iter().filter_map(|row| row.provider_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let people = names(db, rows.iter().map(|row| row.taken_by)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let resident = row.resident_id.and_then(|id| whose.get(&id));
            let visit = row.visit_id.and_then(|id| visits.get(&id));
            let own = resident.and_then(|row| row.phone.clone());
            let home = resident.and_then(|row| doors.get(&row.household_id));
            ComplaintCard {
                id: row.id,
                state: row.state,
                state_word: complaint_word(row.state, lang).to_owned(),
                overdue: overdue(&row, now),
                what: row.what,
                resident_id: row.resident_id,
                resident: resident.map(|row| row.name.clone()),
                phone: own.or_else(|| home.and_then(|door| door.phone.clone())),
                visit_id: row.visit_id,
                visit_start: visit.map(|visit| visit.starts_at),
                service: visit.map(|visit| scene.service(visit)),
                helper_id: row.helper_id,
                helper: row.helper_id.and_then(|id| helpers.get(&id).cloned()),
                provider_id: row.provider_id,
                provider: row.provider_id.and_then(|id| providers.get(&id).cloned()),
                channel: row.channel,
                taken_by: people.get(&row.taken_by).cloned().unwrap_or_default(),
                created_at: row.created_at,
                responsible: row.responsible,
                correction: row.correction,
                due_at: row.due_at,
                closed_at: row.closed_at,
                version: row.version,
            }
        })
        .collect())
}
