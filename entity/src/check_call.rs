//! `check_call`: a call to somebody who lives alone, to hear whether they are well.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CheckCallId, CommunityId, HelpRequestId, ResidentId, VisitId};
use crate::words::{CheckOutcome, CheckReason};

/// A call to somebody who lives alone, to hear whether they are well.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_call")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CheckCallId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Whom to ring.
    pub resident_id: ResidentId,
    /// Why.
    pub reason: CheckReason,
    /// The visit that was missed.
    pub visit_id: Option<VisitId>,
    /// When the visit was to start, or when they were last seen; none where they never were.
    pub since: Option<DateTimeUtc>,
    /// The reason in one word, unique in its community: never twice for one reason.
    pub covers: String,
    /// When the program asked for it.
    pub created_at: DateTimeUtc,
    /// Not before: put off where nobody answered.
    pub due_at: DateTimeUtc,
    /// How often nobody answered.
    pub tries: i32,
    /// How it ended; none while it is open.
    pub outcome: Option<CheckOutcome>,
    /// What was heard.
    pub note: Option<String>,
    /// When it ended.
    pub done_at: Option<DateTimeUtc>,
    /// Who rang; nobody where it ended by itself.
    pub done_by: Option<AccountId>,
    /// The help request that came of it.
    pub help_request_id: Option<HelpRequestId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whom to ring.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
