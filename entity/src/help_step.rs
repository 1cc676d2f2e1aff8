//! `help_step`: one step of a help request; its timeline, which only grows.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, HelpRequestId, HelpStepId};
use crate::words::{HelpAction, HelpTier};

/// One step of a help request. The pair of request and version is unique: no step is taken twice.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_step")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: HelpStepId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Of which request.
    pub help_request_id: HelpRequestId,
    /// Its place in the timeline, from 1.
    pub version: i32,
    /// When.
    pub at: DateTimeUtc,
    /// By whom; nobody where the clock did it.
    pub account_id: Option<AccountId>,
    /// Whether the office did it for somebody without a screen.
    pub on_behalf: bool,
    /// What was done.
    pub action: HelpAction,
    /// Who was answerable after it.
    pub tier: HelpTier,
    /// In the person's words.
    pub note: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which request.
    #[sea_orm(
        belongs_to = "super::help_request::Entity",
        from = "Column::HelpRequestId",
        to = "super::help_request::Column::Id"
    )]
    HelpRequest,
}

impl Related<super::help_request::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::HelpRequest.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
