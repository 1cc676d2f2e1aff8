//! `plan`: proposed assignments for a day, published or not.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, PlanId};
use crate::words::PlanState;

/// Proposed assignments for a day, published or not.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: PlanId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The local date.
    pub date: Date,
    /// Draft, published or discarded.
    pub state: PlanState,
    /// Who asked for it.
    pub created_by: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// What the search started from.
    pub seed: i64,
    /// How long it searched.
    pub iterations: i64,
    /// Figures before and after, and who stays unserved and why.
    pub summary: Json,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Who asked for it.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::CreatedBy",
        to = "super::account::Column::Id"
    )]
    CreatedBy,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::CreatedBy.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
