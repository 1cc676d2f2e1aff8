//! `provider`: a party that offers services: the mutual-aid team, the care company, a merchant.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, ProviderId};
use crate::words::{ProviderKind, ProviderState};

/// A party that offers services: the mutual-aid team, the care company, a merchant.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ProviderId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// What people call it.
    pub name: String,
    /// Digits only.
    pub phone: String,
    /// Whether new bookings may go to it.
    pub state: ProviderState,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
