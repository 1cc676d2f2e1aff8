//! Repeat rules and what came of each of their dates.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a series stands.
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
pub enum SeriesState {
    /// It goes on, a pause included.
    #[sea_orm(string_value = "active")]
    Active,
    /// It is over.
    #[sea_orm(string_value = "ended")]
    Ended,
}

/// What happens to a date of a series on which nothing is served.
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
pub enum OnHoliday {
    /// It falls away.
    #[sea_orm(string_value = "skip")]
    Skip,
    /// It moves to the next open day.
    #[sea_orm(string_value = "move")]
    Move,
}

/// What came of one date of a series.
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
pub enum DateOutcome {
    /// It became a booking.
    #[sea_orm(string_value = "booked")]
    Booked,
    /// A person left it out.
    #[sea_orm(string_value = "skipped")]
    Skipped,
    /// Nothing is served then.
    #[sea_orm(string_value = "holiday")]
    Holiday,
    /// The resident is in hospital or away.
    #[sea_orm(string_value = "away")]
    Away,
    /// The service cannot be had, or not with this resident any more.
    #[sea_orm(string_value = "limits")]
    Limits,
}
