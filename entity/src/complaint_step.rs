//! `complaint_step`: one step in the life of a complaint.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ComplaintId, ComplaintStepId};
use crate::words::ComplaintAction;

/// One step in the life of a complaint.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint_step")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ComplaintStepId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Of which complaint.
    pub complaint_id: ComplaintId,
    /// Its place in the timeline, from 1.
    pub version: i32,
    /// When.
    pub at: DateTimeUtc,
    /// Who took it.
    pub account_id: AccountId,
    /// Whether the office took it for somebody without a screen.
    pub on_behalf: bool,
    /// What was done.
    pub action: ComplaintAction,
    /// In their words.
    pub note: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Of which complaint.
    #[sea_orm(
        belongs_to = "super::complaint::Entity",
        from = "Column::ComplaintId",
        to = "super::complaint::Column::Id"
    )]
    Complaint,
}

impl Related<super::complaint::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Complaint.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
