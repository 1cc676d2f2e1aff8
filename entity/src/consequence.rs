//! `consequence`: what followed from a month's score.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ConsequenceId, ProviderId};
use crate::words::ConsequenceKind;

/// What followed from a month's score.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consequence")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ConsequenceId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// First day of the month.
    pub month: Date,
    /// For which provider.
    pub provider_id: ProviderId,
    /// What.
    pub kind: ConsequenceKind,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub decided_by: AccountId,
    /// When.
    pub decided_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
