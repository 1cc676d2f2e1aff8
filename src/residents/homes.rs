//! The households of the compound: finding the one behind a door, or making it.

use entity::ids::{CommunityId, HouseholdId};
use entity::{building, household};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fields::{self, Ruled};
use crate::error::{Problem, Result};
use crate::said::Said;

/// A door as somebody writes it down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DoorInput {
    /// The building's number, one that the compound has.
    pub building: String,
    /// The entrance (单元), 1 to 30.
    pub entrance: i32,
    /// The flat's number (室), such as 501.
    pub flat: String,
    /// The floor, 1 to 60; where it is left out the flat's number tells.
    #[serde(default)]
    pub floor: Option<i32>,
}

/// A door that follows the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flat {
    /// The building's number.
    pub building: String,
    /// The entrance.
    pub entrance: i32,
    /// The flat's number.
    pub flat: String,
    /// The floor.
    pub floor: i32,
}

impl Flat {
    /// The key by which the door is known.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}-{}-{}", self.building, self.entrance, self.flat)
    }
}

impl DoorInput {
    /// The door as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field `building`, `entrance`, `flat` or `floor`.
    pub fn check(&self) -> Result<Flat> {
        fn held<T>(field: &'static str, ruled: Ruled<T>) -> Result<T> {
            ruled.map_err(|said| Problem::field(field, said).into())
        }
        let flat = held("flat", fields::flat(&self.flat))?;
        Ok(Flat {
            building: held("building", fields::building(&self.building))?,
            entrance: held("entrance", fields::entrance(self.entrance.into()))?,
            floor: match self.floor {
                Some(floor) => held("floor", fields::floor(floor.into()))?,
                None => fields::floor_of(&flat),
            },
            flat,
        })
    }
}

/// What is said where the compound has no such building: it has a place on the plan, which nobody can guess.
#[must_use]
pub fn no_such_building(number: &str) -> Said {
    Said::new(
        format!("小区里没有 {number} 栋。"),
        format!("The compound has no building {number}."),
    )
}

/// The household behind a door; where the flat has none yet, it is made.
///
/// # Errors
/// `invalid` with the field `building` where there is no such building, or the database's.
pub async fn behind<C: ConnectionTrait>(
    txn: &C,
    community: CommunityId,
    door: &Flat,
) -> Result<HouseholdId> {
    if let Some(known) = household::Entity::find()
        .filter(household::Column::CommunityId.eq(community))
        .filter(household::Column::DoorKey.eq(door.key()))
        .one(txn)
        .await?
    {
        return Ok(known.id);
    }
    let building = building::Entity::find()
        .filter(building::Column::CommunityId.eq(community))
        .filter(building::Column::Number.eq(&door.building))
        .one(txn)
        .await?
        .ok_or_else(|| Problem::field("building", no_such_building(&door.building)))?;
    Ok(household::ActiveModel {
        community_id: Set(community),
        building_id: Set(building.id),
        entrance: Set(door.entrance),
        floor: Set(door.floor),
        flat: Set(door.flat.clone()),
        door_key: Set(door.key()),
        ..Default::default()
    }
    .insert(txn)
    .await?
    .id)
}
