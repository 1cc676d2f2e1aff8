//! Where visits and helpers are.

use std::collections::HashMap;

use entity::ids::{CommunityId, HouseholdId, ResidentId, ServiceId, VisitId};
use entity::words::{Lang, Place};
use entity::{building, compound, household, resident, service, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Select};

use super::Location;
use super::door::Door;
use crate::error::{Error, Result};

/// Where the station is: helpers who do not live in the compound start here.
///
/// # Errors
/// The database's, or where the community has no compound.
pub async fn station<C: ConnectionTrait>(db: &C, community: CommunityId) -> Result<Location> {
    let row = compound::Entity::find()
        .filter(compound::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("the community has no compound".into()))?;
    Ok(Location {
        x_m: row.station_x_m,
        y_m: row.station_y_m,
        floor: 1,
        has_lift: false,
    })
}

/// Where these households live.
///
/// # Errors
/// The database's.
pub async fn homes<C: ConnectionTrait>(
    db: &C,
    households: impl IntoIterator<Item = HouseholdId> + Send,
) -> Result<HashMap<HouseholdId, Location>> {
    let rows = household::Entity::find().filter(household::Column::Id.is_in(households));
    located(db, rows).await
}

/// Where every household of a community lives.
///
/// # Errors
/// The database's.
pub async fn homes_of<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<HashMap<HouseholdId, Location>> {
    let rows = household::Entity::find().filter(household::Column::CommunityId.eq(community));
    located(db, rows).await
}

async fn located<C: ConnectionTrait>(
    db: &C,
    households: Select<household::Entity>,
) -> Result<HashMap<HouseholdId, Location>> {
    let rows: Vec<(HouseholdId, i32, f64, f64, bool)> = households
        .inner_join(building::Entity)
        .select_only()
        .columns([household::Column::Id, household::Column::Floor])
        .columns([
            building::Column::XM,
            building::Column::YM,
            building::Column::HasLift,
        ])
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(home, floor, x_m, y_m, has_lift)| {
            let at = Location {
                x_m,
                y_m,
                floor,
                has_lift,
            };
            (home, at)
        })
        .collect())
}

/// Where these visits take place: at the station or in the resident's home.
///
/// # Errors
/// The database's.
pub async fn of_visits<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    visits: Vec<VisitId>,
) -> Result<HashMap<VisitId, Location>> {
    let rows: Vec<(VisitId, ResidentId, ServiceId)> = visit::Entity::find()
        .select_only()
        .columns([
            visit::Column::Id,
            visit::Column::ResidentId,
            visit::Column::ServiceId,
        ])
        .filter(visit::Column::Id.is_in(visits))
        .into_tuple()
        .all(db)
        .await?;
    let services: HashMap<ServiceId, Place> = service::Entity::find()
        .select_only()
        .columns([service::Column::Id, service::Column::Place])
        .filter(service::Column::Id.is_in(rows.iter().map(|row| row.2)))
        .into_tuple::<(ServiceId, Place)>()
        .all(db)
        .await?
        .into_iter()
        .collect();
    let residents = of_residents(db, rows.iter().map(|row| row.1).collect()).await?;
    let station = station(db, community).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(visit, resident, service)| {
            let place = match services.get(&service)? {
                Place::Station => station,
                Place::Home => *residents.get(&resident)?,
            };
            Some((visit, place))
        })
        .collect())
}

/// Where these residents live.
///
/// # Errors
/// The database's.
pub async fn of_residents<C: ConnectionTrait>(
    db: &C,
    residents: Vec<ResidentId>,
) -> Result<HashMap<ResidentId, Location>> {
    let rows: Vec<(ResidentId, HouseholdId)> = resident::Entity::find()
        .select_only()
        .columns([resident::Column::Id, resident::Column::HouseholdId])
        .filter(resident::Column::Id.is_in(residents))
        .into_tuple()
        .all(db)
        .await?;
    let homes = homes(db, rows.iter().map(|row| row.1)).await?;
    Ok(rows
        .into_iter()
        .filter_map(|(resident, household)| Some((resident, *homes.get(&household)?)))
        .collect())
}

/// The doors of these households, as people say them in this language, and the floor and lift behind each.
///
/// # Errors
/// The database's.
pub async fn doors<C: ConnectionTrait>(
    db: &C,
    households: impl IntoIterator<Item = HouseholdId> + Send,
    lang: Lang,
) -> Result<HashMap<HouseholdId, Door>> {
    let rows = household::Entity::find()
        .filter(household::Column::Id.is_in(households))
        .find_also_related(building::Entity)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(home, building)| Some((home.id, Door::new(home, &building?, lang))))
        .collect())
}
