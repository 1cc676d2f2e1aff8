//! `household`: a flat and those of the roll who live in it.

use sea_orm::entity::prelude::*;

use crate::ids::{BuildingId, CommunityId, HouseholdId};

/// A flat and those of the roll who live in it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "household")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: HouseholdId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Where it is.
    pub building_id: BuildingId,
    /// The entrance (单元), from 1.
    pub entrance: i32,
    /// The floor, from 1.
    pub floor: i32,
    /// The flat's number (室).
    pub flat: String,
    /// Building, entrance and flat joined by dashes, e.g. 3-2-501: what a clerk types.
    pub door_key: String,
    /// The household's telephone, digits only.
    pub phone: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Where it is.
    #[sea_orm(
        belongs_to = "super::building::Entity",
        from = "Column::BuildingId",
        to = "super::building::Column::Id"
    )]
    Building,
}

impl Related<super::building::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Building.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
