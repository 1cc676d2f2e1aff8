//! `one_time_link`: a link that signs its receiver in, once.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, OneTimeLinkId, VisitId};

/// A link that signs its receiver in, once.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "one_time_link")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: OneTimeLinkId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// SHA-256 of the secret, in hex; the secret itself is only in the mail.
    pub token_hash: String,
    /// Who it signs in.
    pub account_id: AccountId,
    /// The visit that its page shows first.
    pub visit_id: Option<VisitId>,
    /// When it was made.
    pub created_at: DateTimeUtc,
    /// From when it is void.
    pub expires_at: DateTimeUtc,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who it signs in.
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
