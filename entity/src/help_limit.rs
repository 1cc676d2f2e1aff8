//! `help_limit`: how long each step of a help request may take, where an administrator has set it.

use sea_orm::entity::prelude::*;

use crate::ids::CommunityId;
use crate::words::{HelpKind, HelpLevel};

/// How long each step may take, for one kind and level.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "help_limit")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub community_id: CommunityId,
    /// For which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: HelpKind,
    /// For which level.
    #[sea_orm(primary_key, auto_increment = false)]
    pub level: HelpLevel,
    /// Minutes to respond.
    pub respond_min: i32,
    /// Minutes to handle it after that.
    pub handle_min: i32,
    /// Minutes to report back after that.
    pub report_min: i32,
}

/// It points to nothing that is followed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
