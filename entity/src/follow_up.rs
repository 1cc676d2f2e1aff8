//! `follow_up`: a follow-up call that brought no rating.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ResidentId, VisitId};
use crate::words::FollowUp;

/// A follow-up call that brought no rating.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "follow_up")]
pub struct Model {
    /// About which visit.
    #[sea_orm(primary_key, auto_increment = false)]
    pub visit_id: VisitId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Who was rung.
    pub resident_id: ResidentId,
    /// Why none.
    pub outcome: FollowUp,
    /// When.
    pub at: DateTimeUtc,
    /// Who rang.
    pub by: AccountId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
