//! `session`: a signed-in browser, kept here so that a restart signs nobody out.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// A signed-in browser, kept here so that a restart signs nobody out.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "session")]
pub struct Model {
    /// The cookie's value, hashed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// What tower-sessions keeps in it.
    pub data: Json,
    /// Whose it is, so that all of somebody's can be ended.
    pub account_id: Option<AccountId>,
    /// From when it is void.
    pub expires_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
