//! `sign_in_try`: how often something was tried in vain, counted for all processes together.

use sea_orm::entity::prelude::*;

/// How often something was tried in vain, counted for all processes together.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_in_try")]
pub struct Model {
    /// What is counted, hashed: neither a login nor an address can be read in it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    /// When counting began.
    pub first_at: DateTimeUtc,
    /// Tries since.
    pub failed: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
