//! `recovery_code`: gets its owner in once without the telephone.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// Gets its owner in once without the telephone.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Argon2id, in PHC form.
    #[sea_orm(primary_key, auto_increment = false)]
    pub hash: String,
    /// When it was used.
    pub used_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
