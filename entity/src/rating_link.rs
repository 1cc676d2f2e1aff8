//! `rating_link`: a link in a letter by which one visit is rated without signing in.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, VisitId};

/// A link in a letter by which one visit is rated without signing in.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "rating_link")]
pub struct Model {
    /// SHA-256 of the secret, in hex; the secret itself is only in the mail.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Whose letter it was in.
    pub account_id: AccountId,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// From when it is void.
    pub expires_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
