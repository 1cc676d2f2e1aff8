//! Calls and callbacks as the office sees them.

use chrono::{DateTime, Utc};
use entity::ids::{CallbackId, HouseholdId, ResidentId};
use serde::Serialize;
use utoipa::ToSchema;

/// A promise to call back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Callback {
    /// The promise.
    pub id: CallbackId,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Whether that is past and it was not kept.
    pub overdue: bool,
    /// What about.
    pub note: String,
    /// About whom.
    pub resident_id: Option<ResidentId>,
    /// Their name.
    pub resident: Option<String>,
    /// Whom to call.
    pub household_id: Option<HouseholdId>,
    /// Where they live.
    pub door: Option<String>,
    /// The number that called.
    pub number: Option<String>,
    /// Who promised it.
    pub promised_by: String,
    /// When it was kept.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub done_note: Option<String>,
}
