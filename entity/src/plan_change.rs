//! `plan_change`: one difference between a plan and what stands.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, PlanChangeId, PlanId, VisitId};
use crate::words::PlanChangeKind;

/// One difference between a plan and what stands.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_change")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: PlanChangeId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// Which plan.
    pub plan_id: PlanId,
    /// Which visit.
    pub visit_id: VisitId,
    /// Assign, move or reassign.
    pub kind: PlanChangeKind,
    /// Helper ids before.
    pub from_helpers: Json,
    /// Start before, when it was filled.
    pub from_start: Option<DateTimeUtc>,
    /// Helper ids after.
    pub to_helpers: Json,
    /// Start after.
    pub to_start: DateTimeUtc,
    /// Why: a list of {zh, en}.
    pub reasons: Json,
    /// The visit's version it was made for.
    pub visit_version: i32,
    /// Whether publishing it succeeded.
    pub applied: Option<bool>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Which plan.
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
    /// Which visit.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::VisitId",
        to = "super::visit::Column::Id"
    )]
    Visit,
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl Related<super::visit::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Visit.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
