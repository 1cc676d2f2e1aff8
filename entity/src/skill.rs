//! `skill`: something a helper can do that a service asks for.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, SkillId};

/// Something a helper can do that a service asks for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "skill")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: SkillId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Stable word, e.g. meal_service.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Whether a valid credential must be on file.
    pub needs_credential: bool,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
