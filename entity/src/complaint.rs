//! `complaint`: a complaint, as it stands now.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ComplaintId, HelperId, ProviderId, ResidentId, VisitId};
use crate::words::{Channel, ComplaintState};

/// A complaint, as it stands now; how it came there is in `complaint_step`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: ComplaintId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For whom; nobody where the office took it down from somebody else.
    pub resident_id: Option<ResidentId>,
    /// About which visit.
    pub visit_id: Option<VisitId>,
    /// About which helper.
    pub helper_id: Option<HelperId>,
    /// About which provider.
    pub provider_id: Option<ProviderId>,
    /// How it came in.
    pub channel: Channel,
    /// Who took it down, or complained.
    pub taken_by: AccountId,
    /// What is wrong, in their words.
    pub what: String,
    /// How far it is.
    pub state: ComplaintState,
    /// Who corrects it.
    pub responsible: Option<String>,
    /// What is to be corrected.
    pub correction: Option<String>,
    /// Until when the next step is due; none while nothing is owed.
    pub due_at: Option<DateTimeUtc>,
    /// When it was taken down.
    pub created_at: DateTimeUtc,
    /// When it was confirmed or withdrawn.
    pub closed_at: Option<DateTimeUtc>,
    /// Counts its steps, from 1.
    pub version: i32,
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
    /// About which provider.
    #[sea_orm(
        belongs_to = "super::provider::Entity",
        from = "Column::ProviderId",
        to = "super::provider::Column::Id"
    )]
    Provider,
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl Related<super::provider::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
