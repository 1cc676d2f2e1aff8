//! `visit`: one dated occurrence of a booking: what helpers go to.

use sea_orm::entity::prelude::*;

use crate::ids::{AbsenceId, BookingId, CommunityId, HelperId, ResidentId, ServiceId, VisitId};
use crate::words::{ProblemKind, VisitState};

/// One dated occurrence of a booking: what helpers go to.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: VisitId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// What asked for it.
    pub booking_id: BookingId,
    /// To whom.
    pub resident_id: ResidentId,
    /// What for.
    pub service_id: ServiceId,
    /// Where it stands.
    pub state: VisitState,
    /// When it is to start, on the 5-minute grid.
    pub starts_at: DateTimeUtc,
    /// When the service ends.
    pub ends_at: DateTimeUtc,
    /// Earliest start the resident agreed to.
    pub window_from: DateTimeUtc,
    /// Latest start the resident agreed to.
    pub window_to: DateTimeUtc,
    /// The start asked for.
    pub asked_start: DateTimeUtc,
    /// Minutes of service.
    pub duration_min: i32,
    /// 1 to 9; higher is served first.
    pub priority: i32,
    /// 1 or 2.
    pub crew_size: i32,
    /// In fen, once the kind of helper is known.
    pub price_fen: Option<i64>,
    /// Whom the booker would like.
    pub wish_helper_id: Option<HelperId>,
    /// Whether plans must leave it where it is.
    pub pinned: bool,
    /// Counts the changes, so that two people do not overwrite each other.
    pub version: i32,
    /// Why nobody comes yet.
    pub unfilled_zh: Option<String>,
    /// The same in English.
    pub unfilled_en: Option<String>,
    /// Since when nobody comes.
    pub unfilled_since: Option<DateTimeUtc>,
    /// Why a coordinator set a rule aside.
    pub override_reason: Option<String>,
    /// When the helper arrived.
    pub checked_in_at: Option<DateTimeUtc>,
    /// When the helper had done.
    pub completed_at: Option<DateTimeUtc>,
    /// What the helper wrote at the end.
    pub finish_note: Option<String>,
    /// What went wrong, when something did.
    pub problem_kind: Option<ProblemKind>,
    /// In the helper's words.
    pub problem_note: Option<String>,
    /// When it was reported.
    pub problem_at: Option<DateTimeUtc>,
    /// When it was asked for.
    pub created_at: DateTimeUtc,
    /// The time away that paused it.
    pub absence_id: Option<AbsenceId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What asked for it.
    #[sea_orm(
        belongs_to = "super::booking::Entity",
        from = "Column::BookingId",
        to = "super::booking::Column::Id"
    )]
    Booking,
    /// To whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
    /// What for.
    #[sea_orm(
        belongs_to = "super::service::Entity",
        from = "Column::ServiceId",
        to = "super::service::Column::Id"
    )]
    Service,
    /// Whom the booker would like.
    #[sea_orm(
        belongs_to = "super::helper::Entity",
        from = "Column::WishHelperId",
        to = "super::helper::Column::Id"
    )]
    WishHelper,
}

impl Related<super::booking::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Booking.def()
    }
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

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::WishHelper.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
