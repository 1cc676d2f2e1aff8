//! `assignment`: one helper on one visit.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, AssignmentId, CommunityId, HelperId, VisitId};
use crate::words::{AssignmentSource, AssignmentState};

/// One helper on one visit.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AssignmentId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Who comes.
    pub helper_id: HelperId,
    /// Where it stands.
    pub state: AssignmentState,
    /// The visit's start, kept here for the helper's day.
    pub starts_at: DateTimeUtc,
    /// The visit's end, kept here for the helper's day.
    pub ends_at: DateTimeUtc,
    /// What put the helper there.
    pub source: AssignmentSource,
    /// Why this helper: a list of {zh, en}.
    pub reasons: Json,
    /// Why a coordinator set a rule aside.
    pub override_reason: Option<String>,
    /// Who did it, when a person did.
    pub assigned_by: Option<AccountId>,
    /// When the helper was asked.
    pub offered_at: DateTimeUtc,
    /// When the helper answered.
    pub answered_at: Option<DateTimeUtc>,
    /// Why not, in the helper's words.
    pub decline_reason: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which visit.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::VisitId",
        to = "super::visit::Column::Id"
    )]
    Visit,
    /// Who comes.
    #[sea_orm(
        belongs_to = "super::helper::Entity",
        from = "Column::HelperId",
        to = "super::helper::Column::Id"
    )]
    Helper,
}

impl Related<super::visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Visit.def()
    }
}

impl Related<super::helper::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Helper.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
