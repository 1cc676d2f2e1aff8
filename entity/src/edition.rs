//! `edition`: how often what decides who can come has changed in a community; counted by triggers.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;

/// How often what decides who can come has changed in a community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "edition")]
pub struct Model {
    /// Where.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// Changes to what seldom changes: helpers and what they hold, hours, providers, prices, the catalogue, homes.
    pub team: i64,
    /// Changes to everything else; counted on SQLite alone.
    pub times: i64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
