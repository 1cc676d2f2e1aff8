//! Whether a resident is away on a date, from their state and the roll's dated absences.

use chrono::NaiveDate;
use entity::words::ResidentState;
use entity::{absence, resident};

use crate::residents::absences;

/// Whether nothing is made for this resident on this date, of whom these are the times away.
#[must_use]
pub fn is_away(resident: &resident::Model, times: &[absence::Model], date: NaiveDate) -> bool {
    matches!(resident.state, ResidentState::Moved | ResidentState::Died)
        || times.iter().any(|time| absences::is_away(time, date))
}
