//! The roll as a workbook (.xlsx), the way offices keep it: which column is which, what a cell says, what a file may be,
//! reading row by row and writing row by row. Nothing here knows the database.

pub mod cells;
pub mod columns;
pub mod days;
pub mod guard;
pub mod read;
pub mod write;

use crate::error::{Kind, Problem};
use crate::said::Said;

/// Why a file cannot be read at all: what it is, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is.
    pub what: Said,
    /// What to do.
    pub action: Said,
}

impl Unreadable {
    /// What it is, and what to do, each in both languages.
    #[must_use]
    pub fn new(what: (&str, &str), action: (&str, &str)) -> Self {
        Self {
            what: Said::new(what.0, what.1),
            action: Said::new(action.0, action.1),
        }
    }
}

impl From<Unreadable> for Problem {
    fn from(file: Unreadable) -> Self {
        Self::new(Kind::Invalid, file.what, file.action)
    }
}
