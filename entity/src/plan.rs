//! `plan`: proposed assignments for a day or a week, published or not.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, PlanId};
use crate::words::PlanState;

/// Proposed assignments for a day or a week, published or not.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "plan")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: PlanId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The first local date.
    pub date: Date,
    /// How many days from there, 1 or 7.
    pub days: i32,
    /// Being searched, draft, published or discarded.
    pub state: PlanState,
    /// Who asked for it.
    pub created_by: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
    /// When it was published.
    pub published_at: Option<DateTimeUtc>,
    /// What the search started from.
    pub seed: i64,
    /// How long it searched; 0 until it has ended.
    pub iterations: i64,
    /// Figures before and after, who stays unserved and why, and why the program discarded it where it did.
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
