//! Reading workbooks into the roll: first every row is judged and nothing written, then the good rows are, or nothing is.

pub mod apply;
mod compare;
pub mod export;
pub mod files;
pub mod judge;
pub mod lines;
pub mod routes;
pub mod stage;
pub mod views;
pub mod watch;

use chrono::NaiveDate;
use entity::words::{Living, RowOutcome, Sex};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::residents::homes::Flat;
use crate::residents::workbook::columns::Column;
use crate::said::Said;

/// Rows that are judged, kept or written at a time: what is in memory of a workbook.
pub const AT_ONCE: usize = 500;

/// What a row says; an empty cell says nothing, and leaves what is known as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The file's number.
    pub number: Option<i64>,
    /// Full name.
    pub name: Option<String>,
    /// As the roll has it.
    pub sex: Option<Sex>,
    /// Day of birth.
    pub birth_date: Option<NaiveDate>,
    /// Where they live.
    pub door: Option<Flat>,
    /// Own telephone.
    pub phone: Option<String>,
    /// The household's.
    pub household_phone: Option<String>,
    /// With whom they live.
    pub living: Option<Living>,
    /// The assessment.
    pub assessed: Option<Assessed>,
    /// A level without the day of its assessment: it changes nothing, and holds only where the same level is known.
    #[serde(default)]
    pub level_alone: Option<i32>,
    /// How to get in.
    pub knock_note: Option<String>,
    /// What a helper has to mind.
    pub safety_note: Option<String>,
}

/// An assessment in a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessed {
    /// GB/T 42195-2022, 0 to 4.
    pub level: i32,
    /// When.
    pub on: NaiveDate,
    /// By whom.
    pub by: String,
    /// Until when it holds.
    pub until: Option<NaiveDate>,
}

/// What is said of a row: what is wrong in which cell, or what it changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Remark {
    /// A cell that does not hold.
    Fault {
        /// The column, where it is one.
        column: Option<Column>,
        /// The cell, such as C12.
        cell: String,
        /// What is wrong.
        said: Said,
    },
    /// What is known and what the row says instead.
    Change {
        /// Of which column.
        column: Column,
        /// As it is known.
        before: String,
        /// As the row says.
        after: String,
    },
    /// Why it may be somebody known.
    Alike {
        /// The sentence.
        said: Said,
    },
}

/// What a row would do, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The row's number in the sheet.
    pub row: i32,
    /// What it would do.
    pub outcome: RowOutcome,
    /// Whom it changes, or may be.
    pub matched: Option<entity::ids::ResidentId>,
    /// What the row says.
    pub entry: Entry,
    /// Why, and what.
    pub remarks: Vec<Remark>,
}

/// As JSON, for a column of the database.
///
/// # Errors
/// None that can happen: these are plain values.
pub fn stored<T: Serialize>(value: &T) -> Result<serde_json::Value> {
    serde_json::to_value(value).map_err(|error| Error::Internal(error.to_string()))
}

/// From a column of the database.
///
/// # Errors
/// Where something else wrote it.
pub fn kept<T: serde::de::DeserializeOwned>(value: serde_json::Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Internal(error.to_string()))
}
