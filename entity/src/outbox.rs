//! `outbox`: a mail to be sent: written with the change it tells of, sent later.

use sea_orm::entity::prelude::*;

use crate::ids::{
    AccountId, CommunityId, HelpContactId, HelpStepId, OutboxId, StationSignupId, VisitId,
};
use crate::words::MailKind;

/// A mail to be sent: written with the change it tells of, sent later.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "outbox")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: OutboxId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// One mail a key, ever; also its Message-ID.
    pub dedup_key: String,
    /// Which letter.
    pub kind: MailKind,
    /// To whom.
    pub account_id: AccountId,
    /// About which visit.
    pub visit_id: Option<VisitId>,
    /// About which step of a help request.
    pub help_step_id: Option<HelpStepId>,
    /// To this contact, who has no account, instead of to the account.
    pub help_contact_id: Option<HelpContactId>,
    /// About whose place in a session.
    pub signup_id: Option<StationSignupId>,
    /// Not before.
    pub due_at: DateTimeUtc,
    /// How often it was tried.
    pub attempts: i32,
    /// Until when one sender has it.
    pub lease_until: Option<DateTimeUtc>,
    /// When it went.
    pub sent_at: Option<DateTimeUtc>,
    /// When it was found to be no longer true, or could not be delivered.
    pub dropped_at: Option<DateTimeUtc>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was written.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// To whom.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
