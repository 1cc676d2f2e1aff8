//! Where visits and helpers are.

use std::collections::HashMap;

use entity::ids::{CommunityId, HouseholdId, VisitId};
use entity::words::{Lang, Place};
use entity::{building, compound, household, resident, service, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
    Select,
};

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
    let rows: Vec<(VisitId, Place, i32, f64, f64, bool)> = visit::Entity::find()
        .inner_join(service::Entity)
        .inner_join(resident::Entity)
        .join(JoinType::InnerJoin, resident::Relation::Household.def())
        .join(JoinType::InnerJoin, household::Relation::Building.def())
        .select_only()
        .column(visit::Column::Id)
        .column(service::Column::Place)
        .column(household::Column::Floor)
        .columns([
            building::Column::XM,
            building::Column::YM,
            building::Column::HasLift,
        ])
        .filter(visit::Column::Id.is_in(visits))
        .into_tuple()
        .all(db)
        .await?;
    // Most are in people's homes: where the station is, is not asked for in vain.
    let at_station = rows.iter().any(|row| row.1 == Place::Station);
    let station = match at_station {
        true => Some(station(db, community).await?),
        false => None,
    };
    Ok(rows
        .into_iter()
        .filter_map(|(visit, place, floor, x_m, y_m, has_lift)| {
            let home = Location {
                x_m,
                y_m,
                floor,
                has_lift,
            };
            let at = match place {
                Place::Station => station?,
                Place::Home => home,
            };
            Some((visit, at))
        })
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
