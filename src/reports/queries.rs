//! What grid officers and the panel read, counted by the database.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, GridId, ProviderId, ResidentId};
use entity::words::{Lang, Purpose, VisitState};
use entity::{assignment, building, helper, household, provider, resident, visit};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::month_of;
use super::views::{GridResident, ProviderMonth};
use crate::clock::midnight;
use crate::compound::door::door;
use crate::consent::queries::Stopped;
use crate::error::Result;
use crate::providers::ADMITTED;
use crate::residents::{ON_THE_ROLL, age, living_word};
use crate::store::claim;
use crate::visits::{is_live, short_name, stands};

/// The residents of these grids, door by door.
///
/// # Errors
/// The database's.
pub async fn of_grids<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    grids: Vec<GridId>,
    today: NaiveDate,
    now: DateTime<Utc>,
    lang: Lang,
) -> Result<Vec<GridResident>> {
    let homes: HashMap<_, (household::Model, building::Model)> = household::Entity::find()
        .filter(household::Column::CommunityId.eq(community))
        .filter(building::Column::GridId.is_in(grids.iter().copied()))
        .find_also_related(building::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(home, building)| Some((home.id, (home, building?))))
        .collect();
    let mut rows = resident::Entity::find()
        .join(JoinType::InnerJoin, resident::Relation::Household.def())
        .join(JoinType::InnerJoin, household::Relation::Building.def())
        .filter(resident::Column::CommunityId.eq(community))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .filter(building::Column::GridId.is_in(grids.iter().copied()))
        .all(db)
        .await?;
    rows.sort_by_cached_key(|row| {
        homes.get(&row.household_id).map(|(home, building)| {
            (
                building.number.parse::<u32>().unwrap_or(u32::MAX),
                home.entrance,
                home.floor,
                home.flat.clone(),
                row.id,
            )
        })
    });
    let next = next_starts(db, community, grids, now).await?;
    let stopped = Stopped::read(db, community).await?;
    Ok(rows
        .into_iter()
        .filter(|row| stopped.allows(row.id, Purpose::Grid))
        .filter_map(|row| {
            let (home, building) = homes.get(&row.household_id)?;
            Some(GridResident {
                id: row.id,
                short_name: short_name(&row.name, row.sex, lang),
                name: row.name,
                door: door(home, building, lang),
                age: age(row.birth_date, today),
                living_word: living_word(row.living, lang).to_owned(),
                next_visit_start: next.get(&row.id).copied(),
                last_seen: row.last_seen_at,
            })
        })
        .collect())
}

/// When the next live visit of each resident of these grids starts.
async fn next_starts<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    grids: Vec<GridId>,
    now: DateTime<Utc>,
) -> Result<HashMap<ResidentId, DateTime<Utc>>> {
    Ok(visit::Entity::find()
        .join(JoinType::InnerJoin, visit::Relation::Resident.def())
        .join(JoinType::InnerJoin, resident::Relation::Household.def())
        .join(JoinType::InnerJoin, household::Relation::Building.def())
        .select_only()
        .column(visit::Column::ResidentId)
        .column_as(visit::Column::StartsAt.min(), "starts_at")
        .filter(visit::Column::CommunityId.eq(community))
        .filter(building::Column::GridId.is_in(grids))
        .filter(visit::Column::EndsAt.gt(now))
        .filter(is_live())
        .group_by(visit::Column::ResidentId)
        .into_tuple::<(ResidentId, DateTime<Utc>)>()
        .all(db)
        .await?
        .into_iter()
        .collect())
}

/// Every provider that was admitted to a community, with its month.
///
/// # Errors
/// The database's.
pub async fn providers<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    zone: Tz,
    today: NaiveDate,
) -> Result<Vec<ProviderMonth>> {
    let helpers: HashMap<ProviderId, i64> = helper::Entity::find()
        .select_only()
        .column(helper::Column::ProviderId)
        .column_as(helper::Column::Id.count(), "helpers")
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::Active.eq(true))
        .group_by(helper::Column::ProviderId)
        .into_tuple::<(ProviderId, i64)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let (first, after) = month_of(today);
    let month = Condition::all()
        .add(visit::Column::CommunityId.eq(community))
        .add(visit::Column::StartsAt.gte(midnight(zone, first)))
        .add(visit::Column::StartsAt.lt(midnight(zone, after)));
    let all = visits(db, month.clone().add(stands())).await?;
    let done = [VisitState::Completed, VisitState::Substituted];
    let completed = visits(db, month.add(visit::Column::State.is_in(done))).await?;
    let count = |counts: &HashMap<ProviderId, i64>, id| {
        counts
            .get(&id)
            .and_then(|count| u64::try_from(*count).ok())
            .unwrap_or(0)
    };
    Ok(provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .filter(provider::Column::Standing.is_in(ADMITTED))
        .order_by_asc(provider::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(|row| ProviderMonth {
            id: row.id,
            helpers: count(&helpers, row.id),
            visits_this_month: count(&all, row.id),
            completed_this_month: count(&completed, row.id),
            name: row.name,
            kind: row.kind,
            phone: row.phone,
        })
        .collect())
}

/// How many of these visits each provider's helpers hold; a crew of two from one provider counts once.
///
/// # Errors
/// The database's.
pub(crate) async fn visits<C: ConnectionTrait>(
    db: &C,
    which: Condition,
) -> Result<HashMap<ProviderId, i64>> {
    let rows = assignment::Entity::find()
        .join(JoinType::InnerJoin, assignment::Relation::Visit.def())
        .join(JoinType::InnerJoin, assignment::Relation::Helper.def())
        .select_only()
        .column(helper::Column::ProviderId)
        .column(assignment::Column::VisitId)
        .distinct()
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(which)
        .into_tuple::<(ProviderId, i64)>()
        .all(db)
        .await?;
    let mut counts = HashMap::new();
    for (provider, _) in rows {
        *counts.entry(provider).or_insert(0) += 1;
    }
    Ok(counts)
}
