//! `unmet`: an asking for which no time was found.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, ResidentId, ServiceId, UnmetId};
use crate::words::{Band, Channel, UnmetReason};

/// An asking for which no time was found: one a resident, service and first day.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "unmet")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: UnmetId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For whom.
    pub resident_id: ResidentId,
    /// What.
    pub service_id: ServiceId,
    /// The first local day that was asked for.
    pub day: Date,
    /// The last local day that was asked for.
    pub last_day: Date,
    /// The part of the day, where a time was asked for.
    pub band: Option<Band>,
    /// Why there was no time.
    pub reason: UnmetReason,
    /// How they asked.
    pub channel: Channel,
    /// When they asked, the first time.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
    /// What.
    #[sea_orm(
        belongs_to = "super::service::Entity",
        from = "Column::ServiceId",
        to = "super::service::Column::Id"
    )]
    Service,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl Related<super::service::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Service.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
