//! `provider_service`: a service that a provider offers, where it does not offer all of its kind.

use sea_orm::entity::prelude::*;

use crate::ids::{ProviderId, ServiceId};

/// A service that a provider offers, where it does not offer all of its kind.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider_service")]
pub struct Model {
    /// Which provider.
    #[sea_orm(primary_key, auto_increment = false)]
    pub provider_id: ProviderId,
    /// Which service.
    #[sea_orm(primary_key, auto_increment = false)]
    pub service_id: ServiceId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
