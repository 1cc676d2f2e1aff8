//! `retention_night`: a night in which what was kept long enough was let go.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;

/// A night in which what was kept long enough was let go.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "retention_night")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// The local date.
    #[sea_orm(primary_key, auto_increment = false)]
    pub night: Date,
    /// When a process took the work on.
    pub started_at: DateTimeUtc,
    /// When it was done.
    pub finished_at: Option<DateTimeUtc>,
    /// How much each rule let go, by the rule's word.
    pub gone: Option<Json>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
