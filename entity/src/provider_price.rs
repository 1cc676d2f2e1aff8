//! `provider_price`: a provider's own price for a service, from a day on.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ProviderId, ServiceId};

/// A provider's own price for a service, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_price")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: ProviderId,
    /// For which service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceId,
    /// From which day of service on.
    #[sea_orm(primary_key, auto_increment = false)]
    pub valid_from: Date,
    /// In fen; 0 is free.
    pub price_fen: i64,
    /// Who set it.
    pub set_by: Option<AccountId>,
    /// When it was set.
    pub set_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
