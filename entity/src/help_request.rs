//! `help_request`: a call for help beyond care (求助单), as it stands now.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, GridId, HelpRequestId, ResidentId};
use crate::words::{HelpChannel, HelpKind, HelpLevel, HelpState, HelpTier};

/// A call for help beyond care, as it stands now; how it came there is in `help_step`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_request")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: HelpRequestId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// In which grid.
    pub grid_id: GridId,
    /// For whom; nobody where it is about a place that all use.
    pub resident_id: Option<ResidentId>,
    /// Where, in words, where it is not the resident's home.
    pub place: Option<String>,
    /// About what.
    pub kind: HelpKind,
    /// How pressing.
    pub level: HelpLevel,
    /// How it came in.
    pub channel: HelpChannel,
    /// Who took it down, or asked.
    pub asked_by: AccountId,
    /// What is wrong, in their words.
    pub what: String,
    /// Whom to ring about it.
    pub phone: Option<String>,
    /// How far it is.
    pub state: HelpState,
    /// Who is answerable.
    pub tier: HelpTier,
    /// Until when the next step is due; none while nothing is owed.
    pub due_at: Option<DateTimeUtc>,
    /// Since when the step that is owed has been late, at whatever tier; none while it is in time.
    pub late_since: Option<DateTimeUtc>,
    /// When it was taken down.
    pub created_at: DateTimeUtc,
    /// When it was settled or withdrawn.
    pub closed_at: Option<DateTimeUtc>,
    /// Counts its steps, from 1.
    pub version: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// In which grid.
    #[sea_orm(
        belongs_to = "super::grid::Entity",
        from = "Column::GridId",
        to = "super::grid::Column::Id"
    )]
    Grid,
    /// For whom.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::grid::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Grid.def()
    }
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
