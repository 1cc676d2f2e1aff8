//! `panel_interest`: what ties a member of the panel to a provider, as it was declared.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, PanelInterestId, ProviderId};
use crate::words::InterestKind;

/// What ties a member of the panel to a provider, as it was declared: they may not score it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_interest")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: PanelInterestId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which member.
    pub account_id: AccountId,
    /// Which provider.
    pub provider_id: ProviderId,
    /// What ties them.
    pub kind: InterestKind,
    /// In words.
    pub why: String,
    /// Who declared it.
    pub declared_by: AccountId,
    /// When.
    pub declared_at: DateTimeUtc,
    /// When it ended.
    pub ended_at: Option<DateTimeUtc>,
    /// Who said that it ended.
    pub ended_by: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
