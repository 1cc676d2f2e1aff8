//! The station: sessions, who signed up, and who came.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What kind of thing a session is.
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
pub enum SessionKind {
    /// A class.
    #[sea_orm(string_value = "class")]
    Class,
    /// A health-check day.
    #[sea_orm(string_value = "health_check")]
    HealthCheck,
    /// A photography day.
    #[sea_orm(string_value = "photography")]
    Photography,
    /// A lecture.
    #[sea_orm(string_value = "lecture")]
    Lecture,
    /// Anything else that people do together.
    #[sea_orm(string_value = "activity")]
    Activity,
}

/// Where a session stands.
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
pub enum SessionState {
    /// It will be, or is being, held.
    #[sea_orm(string_value = "open")]
    Open,
    /// It will not be.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// It was held, and its list is closed.
    #[sea_orm(string_value = "held")]
    Held,
}

/// Where a signup stands.
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
pub enum SignupState {
    /// It has a seat.
    #[sea_orm(string_value = "seated")]
    Seated,
    /// It waits for one.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// It is over, before the session was.
    #[sea_orm(string_value = "ended")]
    Ended,
}

/// How a signup ended before its session.
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
pub enum SignupEnd {
    /// The family cancelled.
    #[sea_orm(string_value = "family")]
    Family,
    /// The desk cancelled.
    #[sea_orm(string_value = "desk")]
    Desk,
    /// The resident is in hospital or away.
    #[sea_orm(string_value = "away")]
    Away,
    /// The resident has left the roll.
    #[sea_orm(string_value = "left")]
    Left,
    /// The session was cancelled.
    #[sea_orm(string_value = "session_cancelled")]
    SessionCancelled,
}

/// Whether somebody came.
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
pub enum Attendance {
    /// They were there.
    #[sea_orm(string_value = "came")]
    Came,
    /// They had a seat and were not there.
    #[sea_orm(string_value = "no_show")]
    NoShow,
}

/// What somebody has to be told of their place in a session.
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
pub enum SessionNews {
    /// They have a seat.
    #[sea_orm(string_value = "booked")]
    Booked,
    /// They are on the waitlist.
    #[sea_orm(string_value = "waiting")]
    Waiting,
    /// They have moved up from the waitlist.
    #[sea_orm(string_value = "moved_up")]
    MovedUp,
    /// Time or room have changed.
    #[sea_orm(string_value = "changed")]
    Changed,
    /// The session was cancelled.
    #[sea_orm(string_value = "cancelled")]
    Cancelled,
    /// Their place was given back.
    #[sea_orm(string_value = "taken_off")]
    TakenOff,
}
