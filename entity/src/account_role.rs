//! `account_role`: one role of one account.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;
use crate::words::Role;

/// One role of one account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "account_role")]
pub struct Model {
    /// Whose role.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Which role.
    #[sea_orm(primary_key, auto_increment = false)]
    pub role: Role,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// Whose role.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
}

impl Related<super::account::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Account.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
