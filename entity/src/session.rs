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
    /// From when it is void at the latest; the roles of the moment may end it before.
    pub expires_at: DateTimeUtc,
    /// When somebody signed in; empty where the release before wrote it.
    pub begun_at: Option<DateTimeUtc>,
    /// When it was last used, noted once in some minutes; empty as above.
    pub seen_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
