//! Whether a resident is away on a date. The one place where a series asks: the roll's dated absences are connected here.

use chrono::NaiveDate;
use entity::resident;
use entity::words::ResidentState;

/// Whether nothing is made for this resident on this date.
#[must_use]
pub fn is_away(resident: &resident::Model, _date: NaiveDate) -> bool {
    resident.state != ResidentState::Active
}
