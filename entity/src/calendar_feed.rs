//! `calendar_feed`: the secret address at which a calendar program reads an account's visits.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// The secret address at which a calendar program reads an account's visits; one an account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "calendar_feed")]
pub struct Model {
    /// Whose visits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The address's secret, hashed.
    #[sea_orm(unique)]
    pub token_hash: String,
    /// Since when.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
