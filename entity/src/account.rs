//! `account`: somebody who can sign in, or be written to.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId};
use crate::words::Lang;

/// Somebody who can sign in, or be written to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AccountId,
    /// Where they belong.
    pub community_id: CommunityId,
    /// Their name.
    pub name: String,
    /// What they sign in with, unique in the whole program.
    pub login: Option<String>,
    /// Argon2id, in PHC form; none for those who use links alone.
    pub password_hash: Option<String>,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Digits only.
    pub phone: Option<String>,
    /// The language they are written to in.
    pub lang: Lang,
    /// Whether signing in is refused.
    pub disabled: bool,
    /// When it was made.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
