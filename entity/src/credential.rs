//! `credential`: a paper that shows a helper may do something, until it expires.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, CredentialId, HelperId, SkillId};

/// A paper that shows a helper may do something, until it expires.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credential")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CredentialId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Whose.
    pub helper_id: HelperId,
    /// For which skill.
    pub skill_id: SkillId,
    /// What the paper is called.
    pub name: String,
    /// What is printed on it.
    pub number: String,
    /// First day.
    pub valid_from: Date,
    /// Last day.
    pub valid_until: Date,
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
    /// For which skill.
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
