//! The top of the coordinator's first screen: what is late or missed, with whom to ring, and how much else waits.

use chrono::{DateTime, Utc};
use entity::words::{ComplaintState, Living, VisitState};
use entity::{assignment, check_call, complaint, helper, rating, resident, visit};
use sea_orm::{
    ColumnTrait, DatabaseConnection, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};

use super::LOW_SCORE;
use super::complaints::OWED;
use super::scene::Scene;
use super::views::{FirstScreen, WatchedVisit};
use crate::dispatch::views::LateWhat;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::privacy::erasure;
use crate::residents::ON_THE_ROLL;
use crate::series::generate;
use crate::store::claim;
use crate::visits::happened::{Became, check};
use crate::visits::{Late, is_live, late, late_after};

/// Reads it.
///
/// # Errors
/// The database's.
pub async fn first_screen(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<FirstScreen> {
    let (mut missed, mut all_late) = (Vec::new(), Vec::new());
    for (watched, is_missed) in watched(db, caller, now).await? {
        if is_missed {
            missed.push(watched);
        } else {
            all_late.push(watched);
        }
    }
    let overdue = complaint::Entity::find()
        .filter(complaint::Column::CommunityId.eq(caller.community))
        .filter(complaint::Column::State.is_in(OWED))
        .filter(complaint::Column::DueAt.lte(now));
    let unanswered = complaint::Entity::find()
        .filter(complaint::Column::CommunityId.eq(caller.community))
        .filter(complaint::Column::State.eq(ComplaintState::Taken));
    Ok(FirstScreen {
        missed,
        late: all_late,
        check_calls: checks_due(caller, now).count(db).await?,
        low_ratings: low(caller).count(db).await?,
        overdue_complaints: overdue.count(db).await?,
        new_complaints: unanswered.count(db).await?,
        series_behind: generate::behind(db, Some(caller), now).await?.len(),
        erasures: erasure::views::waiting(db, caller).await?,
    })
}

/// Check calls that are open, of those who are at home.
pub(super) fn checks_open(caller: &Caller) -> Select<check_call::Entity> {
    check_call::Entity::find()
        .join(JoinType::InnerJoin, check_call::Relation::Resident.def())
        .filter(check_call::Column::CommunityId.eq(caller.community))
        .filter(check_call::Column::DoneAt.is_null())
        .filter(resident::Column::State.eq(entity::words::ResidentState::Active))
}

fn checks_due(caller: &Caller, now: DateTime<Utc>) -> Select<check_call::Entity> {
    checks_open(caller).filter(check_call::Column::DueAt.lte(now))
}

/// Low ratings that nobody has seen to.
pub(super) fn low(caller: &Caller) -> Select<rating::Entity> {
    rating::Entity::find()
        .filter(rating::Column::CommunityId.eq(caller.community))
        .filter(rating::Column::Score.lte(LOW_SCORE))
        .filter(rating::Column::AnsweredAt.is_null())
}

async fn watched(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<(WatchedVisit, bool)>> {
    let after = late_after(db, caller.community).await?;
    let mut live = visit::Entity::find()
        .join(JoinType::InnerJoin, visit::Relation::Resident.def())
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(visit::Column::StartsAt.lte(now))
        .filter(is_live())
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .all(db)
        .await?;
    // Not in the question: for the sake of the order SQLite would go through all visits that there ever were.
    live.sort_by_key(|visit| (visit.starts_at, visit.id));
    let visits: Vec<(visit::Model, Late)> = live
        .into_iter()
        .filter_map(|visit| {
            let late = late(&visit, after, now)?;
            Some((visit, late))
        })
        .collect();
    let scene = Scene::read(db, caller.lang, visits.iter().map(|(visit, _)| visit)).await?;
    let mut crews = crews(db, visits.iter().map(|(visit, _)| visit)).await?;
    Ok(visits
        .iter()
        .map(|(visit, late)| {
            let helper = crews.remove(&visit.id);
            (watch(&scene, visit, *late, helper, now), late.is_missed())
        })
        .collect())
}

async fn crews(
    db: &DatabaseConnection,
    visits: impl Iterator<Item = &visit::Model>,
) -> Result<std::collections::HashMap<entity::ids::VisitId, helper::Model>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.map(|visit| visit.id)))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_desc(assignment::Column::HelperId)
        .find_also_related(helper::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(row, helper)| Some((row.visit_id, helper?)))
        .collect())
}

fn watch(
    scene: &Scene,
    visit: &visit::Model,
    late: Late,
    helper: Option<helper::Model>,
    now: DateTime<Utc>,
) -> WatchedVisit {
    let (what, since) = match late {
        Late::NotAnswered => (LateWhat::NotAnswered, visit.starts_at),
        Late::NotArrived => (LateWhat::NotArrived, visit.starts_at),
        Late::NotFinished => (LateWhat::NotFinished, visit.ends_at),
        Late::Missed | Late::NobodyFound => (LateWhat::Missed, visit.starts_at),
    };
    let resident = scene.resident(visit);
    WatchedVisit {
        visit_id: visit.id,
        version: visit.version,
        start: visit.starts_at,
        end: visit.ends_at,
        state: visit.state,
        what,
        nobody_found: visit.state == VisitState::Unfilled,
        minutes_late: (now - since).num_minutes(),
        resident_id: visit.resident_id,
        resident: resident.map_or_else(String::new, |row| row.name.clone()),
        door: scene.door(visit),
        resident_phone: scene.phone(visit),
        alone: resident.is_some_and(|row| row.living == Living::Alone),
        service: scene.service(visit),
        helper: helper.as_ref().map(|row| row.name.clone()),
        helper_id: helper.as_ref().map(|row| row.id),
        helper_phone: helper.map(|row| row.phone),
        can_say: Became::ALL
            .into_iter()
            .filter(|what| check(Some(late), *what).is_ok())
            .collect(),
    }
}
