//! `criterion`: one criterion of one version.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;

/// One criterion of one version.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "criterion")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// Of which version.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// Its place, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// What it is called, in Chinese.
    pub name_zh: String,
    /// What it is called, in English.
    pub name_en: String,
    /// How much it counts beside the others, 1 to 100.
    pub weight: i32,
    /// Points at most, 1 to 100.
    pub max_points: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
