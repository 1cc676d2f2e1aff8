//! `known_source`: from where an account has been signed in to.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// From where an account has been signed in to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "known_source")]
pub struct Model {
    /// The account.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// The network address, hashed with the account's number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source: String,
    /// When somebody last got in from there.
    pub last_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
