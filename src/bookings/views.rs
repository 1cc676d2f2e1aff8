//! Bookings and times as people see them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{BookingId, HelperId, ResidentId};
use entity::words::{BookingState, Channel, HelperKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::catalogue::views::Service;
use crate::visits::views::{VisitCard, Window};

/// A time that can be served.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Time {
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// How many helpers, or pairs for a crew of two, could come.
    pub helpers: usize,
    /// In fen, from the one who comes first in the ranking.
    pub price_fen: i64,
    /// The best three.
    pub who: Vec<WhoMayCome>,
}

/// Somebody who may come.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct WhoMayCome {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
    /// Whether they have been with this resident before.
    pub familiar: bool,
    /// In fen.
    pub price_fen: i64,
}

/// The times of some days.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Times {
    /// The service.
    pub service: Service,
    /// Day by day.
    pub days: Vec<DayTimes>,
    /// The earliest start that can be asked for.
    pub earliest: DateTime<Utc>,
    /// The last day that can be booked.
    pub horizon: NaiveDate,
    /// Milliseconds it took to find them.
    pub computed_ms: f64,
}

/// The times of one day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DayTimes {
    /// The local date.
    pub date: NaiveDate,
    /// Why nothing is served that day, when nothing is.
    pub closed: Option<String>,
    /// The times.
    pub times: Vec<Time>,
}

/// How many times some days have.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenDays {
    /// Day by day.
    pub days: Vec<OpenDay>,
    /// The earliest start that can be asked for.
    pub earliest: DateTime<Utc>,
    /// The last day that can be booked.
    pub horizon: NaiveDate,
}

/// How many times a day has.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpenDay {
    /// The local date.
    pub date: NaiveDate,
    /// Why nothing is served that day, when nothing is.
    pub closed: Option<String>,
    /// How many starts there are to choose from.
    pub times: usize,
    /// The first of them.
    pub first: Option<DateTime<Utc>>,
}

impl From<Times> for OpenDays {
    fn from(times: Times) -> Self {
        let day = |day: DayTimes| OpenDay {
            date: day.date,
            closed: day.closed,
            times: day.times.len(),
            first: day.times.first().map(|time| time.start),
        };
        Self {
            days: times.days.into_iter().map(day).collect(),
            earliest: times.earliest,
            horizon: times.horizon,
        }
    }
}

/// A booking with its visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BookingView {
    /// The booking.
    pub booking_id: BookingId,
    /// For whom.
    pub resident_id: ResidentId,
    /// Their name.
    pub resident: String,
    /// The service's code.
    pub service_code: String,
    /// The service's name.
    pub service: String,
    /// Where it stands.
    pub state: BookingState,
    /// How it was asked for.
    pub channel: Channel,
    /// Who asked.
    pub booked_by: String,
    /// Its visit.
    pub visit: VisitCard,
    /// What was added.
    pub note: Option<String>,
    /// How it was cancelled, when it was.
    pub cancelled: Option<Cancelled>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// How a booking was cancelled.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Cancelled {
    /// By whom.
    pub by: String,
    /// Why.
    pub why: String,
    /// Whether after the cut-off.
    pub late: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a booking needs to be made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewBooking {
    /// The service's code.
    pub service: String,
    /// The start asked for, on the 5-minute grid.
    pub start: DateTime<Utc>,
    /// Other starts that would do.
    #[serde(default)]
    pub window: Option<Window>,
    /// Anything to add, 500 characters at most.
    #[serde(default)]
    pub note: Option<String>,
    /// Whom they would like.
    #[serde(default)]
    pub wish_helper_id: Option<HelperId>,
    /// What to do when nobody can come then.
    pub if_unserved: IfUnserved,
    /// The call it was asked for in, when a clerk books.
    #[serde(default)]
    pub call_id: Option<entity::ids::CallId>,
}

/// What to do when nobody can come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IfUnserved {
    /// Do not book; say which times could be served.
    Refuse,
    /// Book; the coordinator finds somebody.
    Tray,
}
