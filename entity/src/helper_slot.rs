//! `helper_slot`: five minutes of a helper's time, claimed by one assignment: the key refuses a second.

use sea_orm::entity::prelude::*;

use crate::ids::{AssignmentId, HelperId};

/// Five minutes of a helper's time, claimed by one assignment: the key refuses a second.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "helper_slot")]
pub struct Model {
    /// Whose time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub helper_id: HelperId,
    /// Unix seconds divided by 300.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i64,
    /// Who has it.
    pub assignment_id: AssignmentId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose time.
    #[sea_orm(
        belongs_to = "super::helper::Entity",
        from = "Column::HelperId",
        to = "super::helper::Column::Id"
    )]
    Helper,
    /// Who has it.
    #[sea_orm(
        belongs_to = "super::assignment::Entity",
        from = "Column::AssignmentId",
        to = "super::assignment::Column::Id"
    )]
    Assignment,
}

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Helper.def()
    }
}

impl Related<super::assignment::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Assignment.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
