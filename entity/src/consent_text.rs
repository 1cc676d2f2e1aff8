//! `consent_text`: a later version of the text of a purpose; the first is the program's own.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId};
use crate::words::Purpose;

/// A later version of the text of a purpose; the first is the program's own.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "consent_text")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// Of which purpose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub purpose: Purpose,
    /// From 2.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    /// The text in Chinese.
    pub zh: String,
    /// The text in English.
    pub en: String,
    /// Who published it.
    pub published_by: AccountId,
    /// When.
    pub published_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
