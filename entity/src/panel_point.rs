//! `panel_point`: the points of one sheet for one criterion.

use sea_orm::entity::prelude::*;

use crate::ids::PanelSheetId;

/// The points of one sheet for one criterion.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "panel_point")]
pub struct Model {
    /// Of which sheet.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sheet_id: PanelSheetId,
    /// For which criterion.
    #[sea_orm(primary_key, auto_increment = false)]
    pub position: i32,
    /// How many.
    pub points: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
