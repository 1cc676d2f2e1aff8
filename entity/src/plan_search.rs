//! `plan_search`: one row for each search under way, gone when it has ended.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, PlanId};

/// How far a search is. The process that searches writes it about twice a second; any process reads it.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan_search")]
pub struct Model {
    /// For which plan.
    #[sea_orm(primary_key, auto_increment = false)]
    pub plan_id: PlanId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The plan's first local date.
    pub date: Date,
    /// Milliseconds it may search.
    pub asked_ms: i32,
    /// Milliseconds it has searched.
    pub spent_ms: i32,
    /// Steps it has tried.
    pub iterations: i64,
    /// Visits without anybody in the best so far; nothing until there is one.
    pub unfilled: Option<i32>,
    /// The sum of their priorities.
    pub unfilled_priority: Option<i64>,
    /// Seconds of walking in the best so far.
    pub walking_s: Option<i64>,
    /// Somebody asked to stop here and keep the best.
    pub stop_asked: bool,
    /// When the process that searches was last heard of.
    pub heard_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For which plan.
    #[sea_orm(
        belongs_to = "super::plan::Entity",
        from = "Column::PlanId",
        to = "super::plan::Column::Id"
    )]
    Plan,
}

impl Related<super::plan::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Plan.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
