//! `availability`: when a helper is free each week.

use sea_orm::entity::prelude::*;

use crate::ids::{AvailabilityId, CommunityId, HelperId};

/// When a helper is free each week.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "availability")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AvailabilityId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Whose.
    pub helper_id: HelperId,
    /// 1 Monday to 7 Sunday.
    pub weekday: i32,
    /// Minutes after local midnight.
    pub from_min: i32,
    /// Minutes after local midnight, later than from_min.
    pub to_min: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose.
    #[sea_orm(
        belongs_to = "super::helper::Entity",
        from = "Column::HelperId",
        to = "super::helper::Column::Id"
    )]
    Helper,
}

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Helper.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
