//! `second_factor`: the secret that somebody's telephone makes codes of.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// The secret that somebody's telephone makes codes of.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factor")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Sealed with the program's key, which is not in the database.
    pub secret: String,
    /// The time step, in half minutes since 1970, of the last code that was taken: none is taken twice.
    pub last_step: i64,
    /// When it was shown.
    pub made_at: DateTimeUtc,
    /// When a first code proved that the telephone has it; until then it counts for nothing.
    pub proven_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
