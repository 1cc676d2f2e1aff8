//! `helper_skill`: one skill of one helper.

use sea_orm::entity::prelude::*;

use crate::ids::{HelperId, SkillId};

/// One skill of one helper.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "helper_skill")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub helper_id: HelperId,
    /// Which.
    #[sea_orm(primary_key, auto_increment = false)]
    pub skill_id: SkillId,
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
    /// Which.
    #[sea_orm(
        belongs_to = "super::skill::Entity",
        from = "Column::SkillId",
        to = "super::skill::Column::Id"
    )]
    Skill,
}

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Helper.def()
    }
}

impl Related<super::skill::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Skill.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
