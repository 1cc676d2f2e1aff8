//! `booking`: what was asked for.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, BookingId, CommunityId, ResidentId, ServiceId};
use crate::words::{BookingState, Channel};

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "booking")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: BookingId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For whom.
    pub resident_id: ResidentId,
    /// What.
    pub service_id: ServiceId,
    /// Who asked.
    pub booked_by: AccountId,
    /// How they asked.
    pub channel: Channel,
    /// Where it stands.
    pub state: BookingState,
    /// The start they asked for.
    pub asked_start: DateTimeUtc,
    /// What they added.
    pub note: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was cancelled.
    pub cancelled_at: Option<DateTimeUtc>,
    /// By whom.
    pub cancelled_by: Option<AccountId>,
    /// Why.
    pub cancel_why: Option<String>,
    /// Whether that was after the cut-off.
    pub cancelled_late: Option<bool>,
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
    /// Who asked.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::BookedBy",
        to = "super::account::Column::Id"
    )]
    BookedBy,
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

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::BookedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
