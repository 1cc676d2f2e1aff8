//! `roll_pair`: two files that look like one person, and are two.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, ResidentId};

/// Two files that look like one person, and are two: the office said so.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_pair")]
pub struct Model {
    /// The file with the lower number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub one_id: ResidentId,
    /// The file with the higher number.
    #[sea_orm(primary_key, auto_increment = false)]
    pub other_id: ResidentId,
    /// Whose they are.
    pub community_id: CommunityId,
    /// Who said so.
    pub kept_by: AccountId,
    /// When.
    pub kept_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
