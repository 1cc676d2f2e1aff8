//! `roll_import_row`: one row of a workbook with what it would do. Gone when the good rows are written, or a day later.

use sea_orm::entity::prelude::*;

use crate::ids::{ResidentId, RollImportId};
use crate::words::{RowDecision, RowOutcome};

/// One row of a workbook with what it would do.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_import_row")]
pub struct Model {
    /// The workbook.
    #[sea_orm(primary_key, auto_increment = false)]
    pub import_id: RollImportId,
    /// The row's number in the sheet, from 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row: i32,
    /// What it would do.
    pub outcome: RowOutcome,
    /// Whom it changes, or may be.
    pub match_id: Option<ResidentId>,
    /// What a person decided, where it may be somebody known.
    pub decision: Option<RowDecision>,
    /// What the row says.
    pub entry: Json,
    /// What changes, or what is wrong and in which cell.
    pub remarks: Json,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
