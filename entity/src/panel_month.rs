//! `panel_month`: a month that the panel scores.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId};

/// A month that the panel scores, from its first sheet on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_month")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// Its first day.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    /// By which criteria: they stay what they were.
    pub criteria_version: i32,
    /// When it was closed; nothing of it changes after.
    pub closed_at: Option<DateTimeUtc>,
    /// Who closed it.
    pub closed_by: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
