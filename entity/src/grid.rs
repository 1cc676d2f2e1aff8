//! `grid`: a part of the compound that one grid officer looks after.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, CompoundId, GridId};

/// A part of the compound that one grid officer looks after.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grid")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: GridId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Where it lies.
    pub compound_id: CompoundId,
    /// What people call it.
    pub name: String,
    /// The grid officer's account.
    pub officer_id: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Where it lies.
    #[sea_orm(
        belongs_to = "super::compound::Entity",
        from = "Column::CompoundId",
        to = "super::compound::Column::Id"
    )]
    Compound,
}

impl Related<super::compound::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Compound.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
