//! `roll_import`: a workbook that is read into the roll.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, CommunityId, RollImportId};
use crate::words::ImportState;

/// A workbook that is read into the roll.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "roll_import")]
pub struct Model {
    /// Row number.
    #[sea_orm(primary_key)]
    pub id: RollImportId,
    /// Whose roll.
    pub community_id: CommunityId,
    /// What the file was called.
    pub file_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// The columns that were recognised, and the headings that were not.
    pub columns: Option<Json>,
    /// Rows read so far; once written, rows written.
    pub rows_read: i32,
    /// Why it cannot be read.
    pub why_zh: Option<String>,
    /// The same in English.
    pub why_en: Option<String>,
    /// Who began; nobody from the command line.
    pub started_by: Option<AccountId>,
    /// When.
    pub created_at: DateTimeUtc,
    /// When the process that reads or writes it was last heard of.
    pub heard_at: DateTimeUtc,
    /// When the good rows were written.
    pub written_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
