//! `callback`: a promise to call back, with its time.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CallId, CallbackId, CommunityId, HouseholdId, ResidentId};

/// A promise to call back, with its time.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "callback")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: CallbackId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The call in which it was promised.
    pub call_id: CallId,
    /// Whom to call.
    pub household_id: Option<HouseholdId>,
    /// About whom.
    pub resident_id: Option<ResidentId>,
    /// By when.
    pub due_at: DateTimeUtc,
    /// What about.
    pub note: String,
    /// Who promised it.
    pub promised_by: AccountId,
    /// When it was kept.
    pub done_at: Option<DateTimeUtc>,
    /// Who kept it.
    pub done_by: Option<AccountId>,
    /// What came of it.
    pub done_note: Option<String>,
    /// When the file of who died was closed, where it was that which closed this too.
    pub left_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The call in which it was promised.
    #[sea_orm(
        belongs_to = "super::call::Entity",
        from = "Column::CallId",
        to = "super::call::Column::Id"
    )]
    Call,
    /// Whom to call.
    #[sea_orm(
        belongs_to = "super::household::Entity",
        from = "Column::HouseholdId",
        to = "super::household::Column::Id"
    )]
    Household,
    /// About whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
    /// Who promised it.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::PromisedBy",
        to = "super::account::Column::Id"
    )]
    PromisedBy,
}

impl Related<super::call::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Call.def()
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

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::PromisedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
