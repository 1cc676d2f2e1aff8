//! `audit`: who changed what, when; also the feed that pages follow.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, AuditId, CommunityId, HelperId, ResidentId, VisitId};
use crate::words::Subject;

/// Who changed what, when; also the feed that pages follow.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AuditId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// When.
    pub at: DateTimeUtc,
    /// Who, when a person did.
    pub account_id: Option<AccountId>,
    /// What kind of thing changed.
    pub what: Subject,
    /// Which one.
    pub object_id: i64,
    /// What was done, a stable word.
    pub action: String,
    /// The visit it touched.
    pub visit_id: Option<VisitId>,
    /// The resident it touched.
    pub resident_id: Option<ResidentId>,
    /// The helper it touched.
    pub helper_id: Option<HelperId>,
    /// The local date it touched.
    pub date: Option<Date>,
    /// In the person's words, when there were any.
    pub note: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
