//! `access_log`: a look at a resident's file.

use sea_orm::entity::prelude::*;

use crate::ids::{AccessLogId, AccountId, CommunityId, ResidentId};

/// A look at a resident's file.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "access_log")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: AccessLogId,
    /// Whose it is.
    pub community_id: CommunityId,
    /// When.
    pub at: DateTimeUtc,
    /// Who looked.
    pub account_id: AccountId,
    /// Whose file.
    pub resident_id: ResidentId,
    /// From which page or action.
    pub purpose: String,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
