//! `call`: a telephone call that a clerk took.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, BookingId, CallId, CommunityId, HouseholdId, ResidentId};
use crate::words::CallOutcome;

/// A telephone call that a clerk took.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "call")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CallId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Who took it.
    pub clerk_id: AccountId,
    /// The caller's number, digits only.
    pub number: Option<String>,
    /// Who called, once known.
    pub household_id: Option<HouseholdId>,
    /// For whom, once known.
    pub resident_id: Option<ResidentId>,
    /// When it began.
    pub started_at: DateTimeUtc,
    /// When its outcome was recorded.
    pub ended_at: Option<DateTimeUtc>,
    /// How it ended.
    pub outcome: Option<CallOutcome>,
    /// What the clerk wrote down.
    pub note: Option<String>,
    /// The booking that came of it.
    pub booking_id: Option<BookingId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who took it.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::ClerkId",
        to = "super::account::Column::Id"
    )]
    Clerk,
    /// Who called, once known.
    #[sea_orm(
        belongs_to = "super::household::Entity",
        from = "Column::HouseholdId",
        to = "super::household::Column::Id"
    )]
    Household,
    /// For whom, once known.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Clerk.def()
    }
}

impl Related<super::household::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Household.def()
    }
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
