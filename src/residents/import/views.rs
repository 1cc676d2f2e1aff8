//! Imports as the office sees them.

use chrono::{DateTime, Utc};
use entity::ids::{ResidentId, RollImportId};
use entity::words::{ImportState, Lang, RowDecision, RowOutcome};
use entity::{roll_import, roll_import_row};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Serialize;
use utoipa::ToSchema;

use super::stage::Columns;
use super::{Entry, Remark, kept};
use crate::error::Result;
use crate::residents::workbook::columns::Column;
use crate::said::pick;

/// A workbook that was read.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RollImport {
    /// The import.
    pub id: RollImportId,
    /// What the file was called.
    pub file_name: String,
    /// Where it stands.
    pub state: ImportState,
    /// The sheet that was read.
    pub sheet: Option<String>,
    /// The columns that were recognised, as their headings.
    pub columns: Vec<String>,
    /// Headings that mean nothing to the roll: what stands below them is not read.
    pub unknown: Vec<String>,
    /// Rows read so far.
    pub rows: i32,
    /// How many rows have which outcome.
    pub counts: RowCounts,
    /// Why it cannot be read, and what to do.
    pub why: Option<String>,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
    /// When the good rows were written.
    pub written_at: Option<DateTime<Utc>>,
}

/// How many rows have which outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowCounts {
    /// Somebody new.
    pub new: u64,
    /// Somebody known, of whom it says something else.
    pub changed: u64,
    /// Somebody known, of whom it says nothing new.
    pub same: u64,
    /// Perhaps somebody known, and nobody has decided.
    pub duplicate: u64,
    /// Perhaps somebody known, and somebody has decided.
    pub decided: u64,
    /// Cannot be taken as it is.
    pub refused: u64,
}

impl RowCounts {
    /// How many rows would be written.
    #[must_use]
    pub fn good(self) -> u64 {
        self.new + self.changed + self.decided
    }
}

/// A page of rows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportRows {
    /// In the order of the sheet.
    pub rows: Vec<ImportRow>,
    /// The row after which the next page begins; null where this is the last.
    pub next: Option<i32>,
}

/// A row with what it would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ImportRow {
    /// Its number in the sheet.
    pub row: i32,
    /// What it would do.
    pub outcome: RowOutcome,
    /// The name in it.
    pub name: Option<String>,
    /// The door in it, as 3-2-501.
    pub door: Option<String>,
    /// Whom it changes, or may be.
    pub match_id: Option<ResidentId>,
    /// What a person decided.
    pub decision: Option<RowDecision>,
    /// What is wrong in which cell, or what changes.
    pub remarks: Vec<RowRemark>,
}

/// What is said of a row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RowRemark {
    /// The cell, such as C12; null where it is not about one.
    pub cell: Option<String>,
    /// The column's heading; null where it is not about one.
    pub column: Option<String>,
    /// As it is known; null where nothing is compared.
    pub before: Option<String>,
    /// As the row says; null where nothing is compared.
    pub after: Option<String>,
    /// The sentence; null where `before` and `after` say it.
    pub sentence: Option<String>,
}

impl RowRemark {
    fn new(remark: Remark, lang: Lang) -> Self {
        let heading = |column: Column| column.heading().to(lang);
        match remark {
            Remark::Fault { column, cell, said } => Self {
                cell: Some(cell),
                column: column.map(heading),
                before: None,
                after: None,
                sentence: Some(said.to(lang)),
            },
            Remark::Change {
                column,
                before,
                after,
            } => Self {
                cell: None,
                column: Some(heading(column)),
                before: Some(before),
                after: Some(after),
                sentence: None,
            },
            Remark::Alike { said } => Self {
                cell: None,
                column: None,
                before: None,
                after: None,
                sentence: Some(said.to(lang)),
            },
        }
    }
}

/// An import in one language.
///
/// # Errors
/// The database's.
pub async fn import_view<C: ConnectionTrait>(
    db: &C,
    row: roll_import::Model,
    lang: Lang,
) -> Result<RollImport> {
    let columns: Columns = row.columns.map(kept).transpose()?.unwrap_or_default();
    let why = row
        .why_zh
        .as_deref()
        .zip(row.why_en.as_deref())
        .map(|(zh, en)| pick(lang, zh, en).to_owned());
    Ok(RollImport {
        counts: counts(db, row.id).await?,
        id: row.id,
        file_name: row.file_name,
        state: row.state,
        sheet: row.sheet,
        columns: columns
            .known
            .into_iter()
            .map(|column| column.heading().to(lang))
            .collect(),
        unknown: columns.unknown,
        rows: row.rows_read,
        why,
        created_at: row.created_at,
        written_at: row.written_at,
    })
}

/// How many rows of an import have which outcome.
///
/// # Errors
/// The database's.
pub async fn counts<C: ConnectionTrait>(db: &C, id: RollImportId) -> Result<RowCounts> {
    let rows: Vec<(RowOutcome, Option<RowDecision>, i64)> = roll_import_row::Entity::find()
        .select_only()
        .column(roll_import_row::Column::Outcome)
        .column(roll_import_row::Column::Decision)
        .column_as(roll_import_row::Column::Row.count(), "rows")
        .filter(roll_import_row::Column::ImportId.eq(id))
        .group_by(roll_import_row::Column::Outcome)
        .group_by(roll_import_row::Column::Decision)
        .into_tuple()
        .all(db)
        .await?;
    let mut counts = RowCounts::default();
    for (outcome, decision, rows) in rows {
        let rows = u64::try_from(rows).unwrap_or(0);
        *match (outcome, decision) {
            (RowOutcome::New, _) => &mut counts.new,
            (RowOutcome::Changed, _) => &mut counts.changed,
            (RowOutcome::Same, _) => &mut counts.same,
            (RowOutcome::Duplicate, None) => &mut counts.duplicate,
            (RowOutcome::Duplicate, Some(_)) => &mut counts.decided,
            (RowOutcome::Refused, _) => &mut counts.refused,
        } += rows;
    }
    Ok(counts)
}

/// A page of rows after this one, of one outcome or of all.
///
/// # Errors
/// The database's.
pub async fn rows<C: ConnectionTrait>(
    db: &C,
    id: RollImportId,
    outcome: Option<RowOutcome>,
    after: i32,
    limit: u64,
    lang: Lang,
) -> Result<ImportRows> {
    let mut found = roll_import_row::Entity::find()
        .filter(roll_import_row::Column::ImportId.eq(id))
        .filter(roll_import_row::Column::Row.gt(after));
    if let Some(outcome) = outcome {
        found = found.filter(roll_import_row::Column::Outcome.eq(outcome));
    }
    let mut rows = found
        .order_by_asc(roll_import_row::Column::Row)
        .limit(limit + 1)
        .all(db)
        .await?;
    let more = rows.len() as u64 > limit;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| row.row);
    Ok(ImportRows {
        rows: rows
            .into_iter()
            .map(|row| row_view(row, lang))
            .collect::<Result<_>>()?,
        next,
    })
}

/// A row in one language.
///
/// # Errors
/// Where something else wrote it.
pub fn row_view(row: roll_import_row::Model, lang: Lang) -> Result<ImportRow> {
    let entry: Entry = kept(row.entry)?;
    let remarks: Vec<Remark> = kept(row.remarks)?;
    Ok(ImportRow {
        row: row.row,
        outcome: row.outcome,
        name: entry.name,
        door: entry.door.map(|door| door.key()),
        match_id: row.match_id,
        decision: row.decision,
        remarks: remarks
            .into_iter()
            .map(|remark| RowRemark::new(remark, lang))
            .collect(),
    })
}
