//! `consent`: what a resident said to one purpose, once.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ConsentId, ResidentId};
use crate::words::{ConsentHow, Purpose};

/// What a resident said to one purpose, once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ConsentId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Who agreed, or did not.
    pub resident_id: ResidentId,
    /// To what.
    pub purpose: Purpose,
    /// Which version of its text.
    pub version: i32,
    /// Yes, or no.
    pub given: bool,
    /// How it was said.
    pub how: ConsentHow,
    /// The paper's number, or what the clerk heard.
    pub note: Option<String>,
    /// Who wrote it down, or said it.
    pub recorded_by: AccountId,
    /// When.
    pub given_at: DateTimeUtc,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// How it was taken back.
    pub withdrawn_how: Option<ConsentHow>,
    /// Who took it back, or wrote that down.
    pub withdrawn_by: Option<AccountId>,
    /// What was said with it.
    pub withdrawn_note: Option<String>,
    /// True in the answer that counts, none in those before: a unique key allows one.
    pub current: Option<bool>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
