//! Help requests: what the grid whistles for.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a help request is about.
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
pub enum HelpKind {
    /// Water, pipes, drains.
    #[sea_orm(string_value = "water")]
    Water,
    /// Electricity.
    #[sea_orm(string_value = "power")]
    Power,
    /// Gas.
    #[sea_orm(string_value = "gas")]
    Gas,
    /// Network and telephone.
    #[sea_orm(string_value = "network")]
    Network,
    /// The house itself: doors, lamps, lifts, stairs.
    #[sea_orm(string_value = "property")]
    Property,
    /// Somebody is unwell.
    #[sea_orm(string_value = "medical")]
    Medical,
    /// Anything else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// How pressing a help request is: each level has its own time limits.
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
pub enum HelpLevel {
    /// It can wait for its turn.
    #[sea_orm(string_value = "ordinary")]
    Ordinary,
    /// It cannot wait.
    #[sea_orm(string_value = "urgent")]
    Urgent,
}

/// How far a help request is.
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
pub enum HelpState {
    /// 收集: taken down, nobody has answered.
    #[sea_orm(string_value = "collected")]
    Collected,
    /// 响应: somebody has taken it up.
    #[sea_orm(string_value = "responded")]
    Responded,
    /// 处置: dealt with, not yet told.
    #[sea_orm(string_value = "handled")]
    Handled,
    /// 反馈: told, the resident or the family has yet to say that it is so.
    #[sea_orm(string_value = "reported")]
    Reported,
    /// Confirmed by those who asked.
    #[sea_orm(string_value = "settled")]
    Settled,
    /// No longer wanted.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

/// Who is answerable for a help request now.
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
pub enum HelpTier {
    /// The grid.
    #[sea_orm(string_value = "grid")]
    Grid,
    /// The community.
    #[sea_orm(string_value = "community")]
    Community,
    /// The street office.
    #[sea_orm(string_value = "street")]
    Street,
}

/// What was done to a help request: one step of its timeline.
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
pub enum HelpAction {
    /// Taken down.
    #[sea_orm(string_value = "collected")]
    Collected,
    /// Taken up.
    #[sea_orm(string_value = "responded")]
    Responded,
    /// Dealt with.
    #[sea_orm(string_value = "handled")]
    Handled,
    /// Told to those who asked.
    #[sea_orm(string_value = "reported")]
    Reported,
    /// Handed up by a person.
    #[sea_orm(string_value = "raised")]
    Raised,
    /// Risen by itself, for its time was up.
    #[sea_orm(string_value = "risen")]
    Risen,
    /// Those who asked say that it is not settled.
    #[sea_orm(string_value = "reopened")]
    Reopened,
    /// Those who asked say that it is settled.
    #[sea_orm(string_value = "settled")]
    Settled,
    /// Those who asked no longer want it.
    #[sea_orm(string_value = "withdrawn")]
    Withdrawn,
}

/// How a help request came in.
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
pub enum HelpChannel {
    /// A page.
    #[sea_orm(string_value = "web")]
    Web,
    /// The clerk's telephone.
    #[sea_orm(string_value = "phone")]
    Phone,
    /// A grid officer.
    #[sea_orm(string_value = "grid_officer")]
    GridOfficer,
}
