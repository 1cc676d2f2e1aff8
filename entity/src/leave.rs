//! `leave`: whole days on which a helper does not come.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, HelperId, LeaveId};

/// Whole days on which a helper does not come.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "leave")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: LeaveId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Whose.
    pub helper_id: HelperId,
    /// First day.
    pub from_date: Date,
    /// Last day.
    pub to_date: Date,
    /// Why, in the helper's words.
    pub reason: String,
    /// Who wrote it down.
    pub recorded_by: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
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
