//! `helper`: somebody who comes: a volunteer, a member of staff, a merchant's worker.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, HelperId, HouseholdId, ProviderId};
use crate::words::{HelperKind, Sex};

/// Somebody who comes: a volunteer, a member of staff, a merchant's worker.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "helper")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: HelperId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// For whom they come.
    pub provider_id: ProviderId,
    /// How they are reached and sign in.
    pub account_id: AccountId,
    /// Which kind.
    pub kind: HelperKind,
    /// Full name.
    pub name: String,
    /// Pinyin initials, small letters.
    pub initials: String,
    /// For residents who wish for it in intimate care.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: Date,
    /// Digits only.
    pub phone: String,
    /// Where they start from when they live in the compound; the station otherwise.
    pub home_id: Option<HouseholdId>,
    /// Minutes of care a day at most.
    pub daily_limit_min: i32,
    /// Minutes of care a week at most.
    pub weekly_limit_min: i32,
    /// Whether they may be assigned.
    pub active: bool,
    /// Counts the changes of the file.
    pub version: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// For whom they come.
    #[sea_orm(
        belongs_to = "super::provider::Entity",
        from = "Column::ProviderId",
        to = "super::provider::Column::Id"
    )]
    Provider,
    /// How they are reached and sign in.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
    /// Where they start from when they live in the compound; the station otherwise.
    #[sea_orm(
        belongs_to = "super::household::Entity",
        from = "Column::HomeId",
        to = "super::household::Column::Id"
    )]
    Home,
}

impl Related<super::provider::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Provider.def()
    }
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl Related<super::household::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Home.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
