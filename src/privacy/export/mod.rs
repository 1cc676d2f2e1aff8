//! Everything about one person as one workbook, a sheet a subject: for their family to read, and for the office to hand out.
//!
//! `.xlsx` and not JSON, because a daughter opens it on a telephone. Every table with a `resident_id` is a sheet of it; a test
//! asks the database's schema, so that a new table cannot be forgotten.

mod heads;
pub mod sheets;
pub mod workbook;

use entity::ids::ResidentId;
use entity::words::Lang;
use sea_orm::{ConnectionTrait, Value};

use crate::error::Result;

/// A row as columns with their values.
pub type Line = Vec<(String, Value)>;

/// A sheet: all rows of one table that are about the person.
#[derive(Debug)]
pub struct Sheet {
    /// The table.
    pub table: &'static str,
    /// The sheet's name in Chinese and in English.
    pub name: (&'static str, &'static str),
    /// The rows.
    pub lines: Vec<Line>,
}

/// Everything about one person.
///
/// # Errors
/// The database's.
pub async fn everything<C: ConnectionTrait>(db: &C, id: ResidentId) -> Result<Vec<Sheet>> {
    sheets::read(db, id).await
}

/// The name of the file: it says nothing of the person.
#[must_use]
pub fn file_name(id: ResidentId, today: chrono::NaiveDate, lang: Lang) -> String {
    let word = crate::said::pick(lang, "zh", "en");
    format!("personal-data-{id}-{today}-{word}.xlsx")
}
