//! From the call and the booking to the visit.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a service is given.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// At the resident's home.
    #[sea_orm(string_value = "home")]
    Home,
    /// At the station.
    #[sea_orm(string_value = "station")]
    Station,
}

/// How a date differs from its weekday.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// Nothing is served.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// A weekend day that is worked.
    #[sea_orm(string_value = "working")]
    Working,
}

/// How a call ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum CallOutcome {
    /// A booking was made.
    #[sea_orm(string_value = "booked")]
    Booked,
    /// A booking was changed.
    #[sea_orm(string_value = "changed")]
    Changed,
    /// A booking was cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// A helper reported.
    #[sea_orm(string_value = "helper_reported")]
    HelperReported,
    /// A question was answered.
    #[sea_orm(string_value = "information")]
    Information,
    /// A callback was promised.
    #[sea_orm(string_value = "callback")]
    Callback,
    /// A complaint was taken.
    #[sea_orm(string_value = "complaint")]
    Complaint,
    /// Nobody was reached.
    #[sea_orm(string_value = "not_reached")]
    NotReached,
    /// Wrong number.
    #[sea_orm(string_value = "wrong_number")]
    WrongNumber,
    /// Something else.
    #[sea_orm(string_value = "other")]
    Other,
}

impl CallOutcome {
    /// Whether somebody of the household was heard.
    #[must_use]
    pub fn heard_somebody(self) -> bool {
        !matches!(
            self,
            Self::HelperReported | Self::NotReached | Self::WrongNumber
        )
    }
}

/// How a booking was asked for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// On a page.
    #[sea_orm(string_value = "web")]
    Web,
    /// On the telephone.
    #[sea_orm(string_value = "phone")]
    Phone,
}

/// Where a booking stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum BookingState {
    /// Asked for.
    #[sea_orm(string_value = "requested")]
    Requested,
    /// Has a helper.
    #[sea_orm(string_value = "open")]
    Open,
    /// Over.
    #[sea_orm(string_value = "closed")]
    Closed,
    /// Cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
}

/// Where a visit stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum VisitState {
    /// Nobody comes yet.
    #[sea_orm(string_value = "unfilled")]
    Unfilled,
    /// A helper was asked.
    #[sea_orm(string_value = "offered")]
    Offered,
    /// A helper said yes.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// The helper is there.
    #[sea_orm(string_value = "checked_in")]
    CheckedIn,
    /// Done.
    #[sea_orm(string_value = "completed")]
    Completed,
    /// Cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// The helper did not come.
    #[sea_orm(string_value = "helper_absent")]
    HelperAbsent,
    /// Nobody opened.
    #[sea_orm(string_value = "not_home")]
    NotHome,
    /// Somebody else did it.
    #[sea_orm(string_value = "substituted")]
    Substituted,
    /// The resident is away; it waits for their return.
    #[sea_orm(string_value = "paused")]
    Paused,
}

/// What went wrong at a visit.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// Nobody opens.
    #[sea_orm(string_value = "not_home")]
    NotHome,
    /// The resident is unwell.
    #[sea_orm(string_value = "unwell")]
    Unwell,
    /// It is not safe.
    #[sea_orm(string_value = "unsafe")]
    Unsafe,
    /// The helper cannot come.
    #[sea_orm(string_value = "cannot_come")]
    CannotCome,
    /// Something else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// What is asked for.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// To cancel.
    #[sea_orm(string_value = "cancel")]
    Cancel,
    /// Another time.
    #[sea_orm(string_value = "move")]
    Move,
}

/// Where a request stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    EnumIter,
    DeriveActiveEnum,
    Serialize,
    Deserialize,
    ToSchema,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::None)")]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// Not decided.
    #[sea_orm(string_value = "open")]
    Open,
    /// Granted.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// Not granted.
    #[sea_orm(string_value = "refused")]
    Refused,
}
