//! `availability_exception`: what holds on one date in place of the weekday's rule; several rows a date are several stretches.

use sea_orm::entity::prelude::*;

use crate::ids::{AvailabilityExceptionId, CommunityId, HelperId};

/// What holds on one date in place of the weekday's rule; several rows a date are several stretches.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "availability_exception")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AvailabilityExceptionId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Whose.
    pub helper_id: HelperId,
    /// The local date.
    pub date: Date,
    /// Minutes after local midnight; none means not free that day.
    pub from_min: Option<i32>,
    /// Minutes after local midnight.
    pub to_min: Option<i32>,
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
