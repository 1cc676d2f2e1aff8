//! `wish`: that a resident and a helper want, or do not want, each other.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, HelperId, ResidentId, WishId};
use crate::words::{WishBy, WishKind};

/// That a resident and a helper want, or do not want, each other.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "wish")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: WishId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The resident.
    pub resident_id: ResidentId,
    /// The helper.
    pub helper_id: HelperId,
    /// Prefer or avoid.
    pub kind: WishKind,
    /// Which of the two wishes it.
    pub by: WishBy,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The resident.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
    /// The helper.
    #[sea_orm(
        belongs_to = "super::helper::Entity",
        from = "Column::HelperId",
        to = "super::helper::Column::Id"
    )]
    Helper,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Helper.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
