//! Who is put on a visit, and plans.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where one helper's part of a visit stands.
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
pub enum AssignmentState {
    /// Asked.
    #[sea_orm(string_value = "offered")]
    Offered,
    /// Said yes.
    #[sea_orm(string_value = "accepted")]
    Accepted,
    /// Said no.
    #[sea_orm(string_value = "declined")]
    Declined,
    /// Taken off.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

/// What put a helper on a visit.
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
pub enum AssignmentSource {
    /// Matched when it was booked.
    #[sea_orm(string_value = "booking")]
    Booking,
    /// Matched again after somebody dropped out.
    #[sea_orm(string_value = "rematch")]
    Rematch,
    /// A coordinator chose.
    #[sea_orm(string_value = "coordinator")]
    Coordinator,
    /// A plan was published.
    #[sea_orm(string_value = "plan")]
    Plan,
    /// Demonstration data.
    #[sea_orm(string_value = "demo")]
    Demo,
}

/// Where a plan stands.
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
pub enum PlanState {
    /// Still being searched; a row of `plan_search` says how far it is.
    #[sea_orm(string_value = "searching")]
    Searching,
    /// Only the coordinators see it.
    #[sea_orm(string_value = "draft")]
    Draft,
    /// In force.
    #[sea_orm(string_value = "published")]
    Published,
    /// Thrown away.
    #[sea_orm(string_value = "discarded")]
    Discarded,
}

/// How a plan changes a visit.
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
pub enum PlanChangeKind {
    /// Fills it.
    #[sea_orm(string_value = "assign")]
    Assign,
    /// Changes its time.
    #[sea_orm(string_value = "move")]
    Move,
    /// Changes who comes.
    #[sea_orm(string_value = "reassign")]
    Reassign,
    /// Nobody comes any more: what matters more takes its place.
    #[sea_orm(string_value = "unassign")]
    Unassign,
}
