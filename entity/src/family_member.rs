//! `family_member`: somebody who may act for a resident.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, FamilyMemberId, ResidentId};
use crate::words::Kinship;

/// Somebody who may act for a resident.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "family_member")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: FamilyMemberId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// The relative's account.
    pub account_id: AccountId,
    /// The resident they act for.
    pub resident_id: ResidentId,
    /// What they are to the resident.
    pub relation: Kinship,
    /// Whether they may book and cancel.
    pub can_book: bool,
    /// Whether they are written to.
    pub wants_mail: bool,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The relative's account.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
    /// The resident they act for.
    #[sea_orm(
        belongs_to = "super::resident::Entity",
        from = "Column::ResidentId",
        to = "super::resident::Column::Id"
    )]
    Resident,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl Related<super::resident::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Resident.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
