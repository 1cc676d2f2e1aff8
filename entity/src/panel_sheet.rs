//! `panel_sheet`: what one member of the panel gave one provider for one month.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, PanelSheetId, ProviderId};

/// What one member of the panel gave one provider for one month.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_sheet")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: PanelSheetId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// First day of the month.
    pub month: Date,
    /// Which provider.
    pub provider_id: ProviderId,
    /// Which member.
    pub account_id: AccountId,
    /// Weighted, in hundredths of a percent, 0 to 10,000.
    pub score_bp: i32,
    /// What the member wrote.
    pub note: Option<String>,
    /// When it was last saved.
    pub saved_at: DateTimeUtc,
    /// Counts the changes.
    pub version: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
