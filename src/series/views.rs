//! What is shown of series.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{BookingId, HelperId, ResidentId, SeriesId};
use entity::words::{OnHoliday, SeriesState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::http::dates::{date, date_or_none};
use crate::visits::views::VisitCard;

/// A repeat rule to make, or to look at before it is made.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSeries {
    /// The service's code.
    pub service: String,
    /// An RRULE of RFC 5545, daily, weekly or monthly, such as `FREQ=WEEKLY;BYDAY=TU,FR`.
    pub rule: String,
    /// The first local date; today or later.
    #[serde(deserialize_with = "date")]
    pub first_date: NaiveDate,
    /// The last local date; no end when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    pub last_date: Option<NaiveDate>,
    /// Minutes after local midnight, a multiple of 5.
    #[schema(minimum = 0, maximum = 1435)]
    pub start_min: i32,
    /// Minutes of service, a multiple of 5; the service's own when left out.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 480)]
    pub duration_min: Option<i32>,
    /// What happens on a day on which nothing is served.
    pub on_holiday: OnHoliday,
    /// Whom they would like.
    #[serde(default)]
    pub wish_helper_id: Option<HelperId>,
    /// What they add, 500 characters at most.
    #[serde(default)]
    pub note: Option<String>,
    /// For meals: what to cook, by weekday from "1", Monday, to "7"; 60 characters each at most.
    #[serde(default)]
    pub dishes: BTreeMap<String, String>,
}

/// What a date of a rule would become.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Foreseen {
    /// Somebody can come.
    Served,
    /// Nobody can come as things stand; somebody is looked for.
    Nobody,
    /// Nothing is served then: it falls away.
    Holiday,
    /// The resident is in hospital or away.
    Away,
    /// Too soon, or the service cannot be had by this resident.
    Limits,
}

/// One date of a rule before anything is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ForeseenDate {
    /// The date that the rule names.
    pub date: NaiveDate,
    /// What it would become.
    pub result: Foreseen,
    /// When, where it would be served.
    pub start: Option<DateTime<Utc>>,
    /// Whether it moved from a day on which nothing is served.
    pub moved: bool,
    /// Who would probably come.
    pub who: Vec<String>,
    /// The result in a sentence.
    pub sentence: String,
}

/// A rule before anything is written.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Preview {
    /// The rule in a few words.
    pub rule_word: String,
    /// Every date of the next four weeks.
    pub dates: Vec<ForeseenDate>,
}

/// What became of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Became {
    /// A booking.
    Booked,
    /// A booking that was cancelled.
    Cancelled,
    /// Left out.
    Skipped,
    /// Nothing is served then.
    Holiday,
    /// The resident is in hospital or away.
    Away,
    /// The service cannot be had.
    Limits,
    /// The series pauses.
    Paused,
}

/// One date of a series.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesDate {
    /// The date that the rule names, or that a person added.
    pub date: NaiveDate,
    /// What became of it.
    pub became: Became,
    /// The same in a few words.
    pub sentence: String,
    /// The booking.
    pub booking_id: Option<BookingId>,
    /// The visit.
    pub visit: Option<VisitCard>,
    /// Whether a person changed it.
    pub by_hand: bool,
    /// For meals: what is cooked.
    pub dish: Option<String>,
    /// Whether it can be left out, moved or added back.
    pub can_change: bool,
}

/// A series with its dates.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesView {
    /// Row number.
    pub id: SeriesId,
    /// For whom.
    pub resident_id: ResidentId,
    /// The resident's name.
    pub resident: String,
    /// The service's code.
    pub service_code: String,
    /// The service's name.
    pub service: String,
    /// The rule that holds now.
    pub rule: String,
    /// The same in a few words.
    pub rule_word: String,
    /// Minutes after local midnight.
    pub start_min: i32,
    /// Minutes of service.
    pub duration_min: i32,
    /// What happens on a day on which nothing is served.
    pub on_holiday: OnHoliday,
    /// Where it stands.
    pub state: SeriesState,
    /// The first local date.
    pub first_date: NaiveDate,
    /// The last local date.
    pub last_date: Option<NaiveDate>,
    /// The first local date of a pause.
    pub paused_from: Option<NaiveDate>,
    /// The first local date after it.
    pub resumes_on: Option<NaiveDate>,
    /// Whether it pauses today.
    pub paused: bool,
    /// Up to which date visits are made.
    pub generated_until: Option<NaiveDate>,
    /// Whether making visits lags behind.
    pub behind: bool,
    /// Visits ahead that nobody comes to yet.
    pub unfilled: usize,
    /// The next visit's start.
    pub next: Option<DateTime<Utc>>,
    /// What was added.
    pub note: Option<String>,
    /// For meals: what is cooked, by weekday from "1" to "7".
    pub dishes: BTreeMap<String, String>,
    /// Whether the caller may change it.
    pub may_book: bool,
    /// Its dates from two weeks back to four ahead.
    pub dates: Vec<SeriesDate>,
}

/// What came of a change.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeriesChanged {
    /// The series as it is now.
    pub series: SeriesView,
    /// Whether all of it was done; otherwise the office was asked about some dates.
    pub done: bool,
}

/// One date.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct OneDate {
    /// The date as the series has it.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
}

/// One date that is served, with what is special about it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Served {
    /// The date as the series has it, or a date to add.
    #[serde(deserialize_with = "date")]
    pub date: NaiveDate,
    /// When, on the 5-minute grid; at the series' time of that date when left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
    /// For meals: what to cook that day.
    #[serde(default)]
    pub dish: Option<String>,
}

/// How a series goes on from a date.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct From {
    /// From which local date on; after today.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// The new rule; as before when left out.
    #[serde(default)]
    pub rule: Option<String>,
    /// The new time; as before when left out.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 1435)]
    pub start_min: Option<i32>,
    /// The new length; as before when left out.
    #[serde(default)]
    #[schema(minimum = 5, maximum = 480)]
    pub duration_min: Option<i32>,
    /// Whether dates changed by hand follow too.
    #[serde(default)]
    pub also_by_hand: bool,
}

/// A pause.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Pause {
    /// The first local date without a visit; today or later.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// The first local date with one again; open when left out.
    #[serde(default, deserialize_with = "date_or_none")]
    pub resumes_on: Option<NaiveDate>,
}

/// An end.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct End {
    /// The last local date.
    #[serde(deserialize_with = "date")]
    pub last_date: NaiveDate,
}

/// Nothing more to say.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Resume {}
