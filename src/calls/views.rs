//! Calls and callbacks as the desk sees them.

use chrono::{DateTime, Utc};
use entity::ids::{BookingId, CallId, CallbackId, HouseholdId, ResidentId};
use entity::words::CallOutcome;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A telephone call.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CallView {
    /// The call.
    pub id: CallId,
    /// The caller's number, digits only.
    pub number: Option<String>,
    /// Who called, once known.
    pub household_id: Option<HouseholdId>,
    /// Who took it.
    pub clerk: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its outcome was recorded.
    pub ended_at: Option<DateTime<Utc>>,
    /// How it ended.
    pub outcome: Option<CallOutcome>,
    /// What the clerk wrote down.
    pub note: Option<String>,
    /// The booking that came of it.
    pub booking_id: Option<BookingId>,
}

/// A promise to call back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Callback {
    /// The callback.
    pub id: CallbackId,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// Whether that has passed and nobody has called.
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
    /// The number to call: the caller's, or else the household's, or else the resident's own.
    pub number: Option<String>,
    /// Who promised it.
    pub promised_by: String,
    /// When it was kept.
    pub done_at: Option<DateTime<Utc>>,
    /// What came of it.
    pub done_note: Option<String>,
}

/// The beginning of a call.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewCall {
    /// The caller's number, where it was shown: 3 to 20 digits; gaps, dashes and a leading + are dropped.
    #[serde(default)]
    pub number: Option<String>,
    /// Who calls, where that is known already.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
}

/// The end of a call: no call ends without an outcome.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct EndCall {
    /// How it ended.
    #[serde(default)]
    #[schema(required = true, value_type = CallOutcome)]
    pub outcome: Option<CallOutcome>,
    /// Anything to keep, 500 characters at most.
    #[serde(default)]
    pub note: Option<String>,
    /// Whom it was about.
    #[serde(default)]
    pub resident_id: Option<ResidentId>,
    /// The booking that came of it.
    #[serde(default)]
    pub booking_id: Option<BookingId>,
    /// Who called.
    #[serde(default)]
    pub household_id: Option<HouseholdId>,
    /// The promised callback; the outcome `callback` needs it.
    #[serde(default)]
    pub callback: Option<Promise>,
}

/// A callback, as it is promised.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Promise {
    /// By when: later than now, 90 days ahead at most.
    pub due_at: DateTime<Utc>,
    /// What about, 1 to 500 characters.
    pub note: String,
}

/// How a promise was kept.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Kept {
    /// What came of it, 1 to 500 characters.
    pub note: String,
}
