//! `criteria_set`: one version of the criteria by which the panel scores.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId};

/// One version of the criteria by which the panel scores.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criteria_set")]
pub struct Model {
    /// Whose they are.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// From 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Who wrote it; nobody where it is the preset.
    pub made_by: Option<AccountId>,
    /// When.
    pub made_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
