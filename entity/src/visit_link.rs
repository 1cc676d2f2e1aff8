//! `visit_link`: two visits that keep an order and a gap between their starts.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, VisitId};

/// Two visits that keep an order and a gap between their starts: the meal before the medicine.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "visit_link")]
pub struct Model {
    /// What goes before.
    #[sea_orm(primary_key, auto_increment = false)]
    pub first_id: VisitId,
    /// What comes after.
    #[sea_orm(primary_key, auto_increment = false)]
    pub second_id: VisitId,
    /// Whose they are.
    pub community_id: CommunityId,
    /// Least minutes between the two starts; 0 or more.
    pub least_min: i32,
    /// Most minutes between the two starts; no less than the least.
    pub most_min: i32,
    /// Who linked them.
    pub linked_by: AccountId,
    /// When.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// What goes before.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::FirstId",
        to = "super::visit::Column::Id"
    )]
    First,
    /// What comes after.
    #[sea_orm(
        belongs_to = "super::visit::Entity",
        from = "Column::SecondId",
        to = "super::visit::Column::Id"
    )]
    Second,
}

impl ActiveModelBehavior for ActiveModel {}
