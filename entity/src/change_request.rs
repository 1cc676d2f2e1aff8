//! `change_request`: a wish to change or cancel after the cut-off, for the office to decide.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, BookingId, ChangeRequestId, CommunityId, VisitId};
use crate::words::{ChangeKind, RequestState};

/// A wish to change or cancel after the cut-off, for the office to decide.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "change_request")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ChangeRequestId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which booking.
    pub booking_id: BookingId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Cancel or move.
    pub kind: ChangeKind,
    /// The start asked for instead.
    pub wanted_start: Option<DateTimeUtc>,
    /// In the asker's words.
    pub note: String,
    /// Who asks.
    pub asked_by: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
    /// Where it stands.
    pub state: RequestState,
    /// Who decided.
    pub answered_by: Option<AccountId>,
    /// When.
    pub answered_at: Option<DateTimeUtc>,
    /// What they said.
    pub answer: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which booking.
    #[sea_orm(
        belongs_to = "super::booking::Entity",
        from = "Column::BookingId",
        to = "super::booking::Column::Id"
    )]
    Booking,
    /// Which visit.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::VisitId",
        to = "super::visit::Column::Id"
    )]
    Visit,
    /// Who asks.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AskedBy",
        to = "super::account::Column::Id"
    )]
    AskedBy,
}

impl Related<super::booking::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Booking.def()
    }
}

impl Related<super::visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Visit.def()
    }
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::AskedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
