//! `time_entry`: minutes that went from one account to another; a row names both sides, so none can be unbalanced, and it is never edited.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, TimeAccountId, TimeEntryId, VisitId};
use crate::words::TimeEntryKind;

/// Minutes that went from one account to another; a row names both sides, so none can be unbalanced, and it is never edited.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_entry")]
pub struct Model {
    /// Row number. Those of one account rise in the order in which they were posted.
    #[sea_orm(primary_key)]
    pub id: TimeEntryId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// What it does.
    pub kind: TimeEntryKind,
    /// When it was posted.
    pub at: DateTimeUtc,
    /// Which account gives.
    pub from_account_id: TimeAccountId,
    /// Which account gets.
    pub to_account_id: TimeAccountId,
    /// How many, more than none.
    pub minutes: i64,
    /// What the giving account held after it.
    pub from_after_min: i64,
    /// What the getting account held after it.
    pub to_after_min: i64,
    /// The visit that earned it or was paid with it.
    pub visit_id: Option<VisitId>,
    /// The entry that a reversal takes back; each at most once.
    pub reverses_id: Option<TimeEntryId>,
    /// What must not happen twice, such as the deposit of one helper for one visit.
    pub once: Option<String>,
    /// Why, in the office's words.
    pub reason: Option<String>,
    /// Who did it; nobody where it follows from a visit or from the cap.
    pub by: Option<AccountId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
