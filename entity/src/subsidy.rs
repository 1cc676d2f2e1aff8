//! `subsidy`: what a resident may spend of the subsidy in one month; what is left at its end lapses.

use sea_orm::entity::prelude::*;

use crate::ids::{CommunityId, ResidentId};

/// What a resident may spend of the subsidy in one month; what is left at its end lapses.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "subsidy")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub resident_id: ResidentId,
    /// First day of the local month.
    #[sea_orm(primary_key, auto_increment = false)]
    pub month: Date,
    /// In which community.
    pub community_id: CommunityId,
    /// In fen.
    pub allowance_fen: i64,
    /// What visits of the month took of it, in fen. The database refuses more than the allowance.
    pub used_fen: i64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
