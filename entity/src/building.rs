//! `building`: a building, with its position on the compound's plan.

use sea_orm::entity::prelude::*;

use crate::ids::{BuildingId, CommunityId, CompoundId, GridId};

/// A building, with its position on the compound's plan.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "building")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: BuildingId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Where it stands.
    pub compound_id: CompoundId,
    /// Who looks after it.
    pub grid_id: GridId,
    /// The number on its wall.
    pub number: String,
    /// Metres east of the compound's corner.
    pub x_m: f64,
    /// Metres north of the compound's corner.
    pub y_m: f64,
    /// How many floors, at least 1.
    pub floors: i32,
    /// Whether a lift reaches the floors.
    pub has_lift: bool,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Where it stands.
    #[sea_orm(
        belongs_to = "super::compound::Entity",
        from = "Column::CompoundId",
        to = "super::compound::Column::Id"
    )]
    Compound,
    /// Who looks after it.
    #[sea_orm(
        belongs_to = "super::grid::Entity",
        from = "Column::GridId",
        to = "super::grid::Column::Id"
    )]
    Grid,
}

impl Related<super::compound::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Compound.def()
    }
}

impl Related<super::grid::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Grid.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
