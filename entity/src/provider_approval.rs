//! `provider_approval`: one person's approval of a provider, in one round; two are needed.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ProviderId};

/// One person's approval of a provider, in one round; two are needed.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_approval")]
pub struct Model {
    /// Of which provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: ProviderId,
    /// In which round.
    #[sea_orm(primary_key, auto_increment = false)]
    pub round: i32,
    /// By whom.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// 1 for the first, 2 for the second.
    pub place: i32,
    /// When.
    pub at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
