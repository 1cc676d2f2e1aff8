//! `shopkeeper`: the provider at whose counter an account with the role stands.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ProviderId};

/// The provider at whose counter an account with the role stands.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "shopkeeper")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Whose counter.
    pub provider_id: ProviderId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
