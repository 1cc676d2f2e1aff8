//! Who gives care, and whose wishes count.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which kind of party a provider is.
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
pub enum ProviderKind {
    /// The mutual-aid team.
    #[sea_orm(string_value = "mutual_aid")]
    MutualAid,
    /// The care company.
    #[sea_orm(string_value = "care_company")]
    CareCompany,
    /// A merchant.
    #[sea_orm(string_value = "merchant")]
    Merchant,
}

/// Whether a provider takes new bookings.
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
pub enum ProviderState {
    /// Takes bookings.
    #[sea_orm(string_value = "active")]
    Active,
    /// Takes none.
    #[sea_orm(string_value = "suspended")]
    Suspended,
}

/// Which kind a helper is.
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
pub enum HelperKind {
    /// Volunteer 志愿者.
    #[sea_orm(string_value = "volunteer")]
    Volunteer,
    /// Care staff 护理员.
    #[sea_orm(string_value = "staff")]
    Staff,
    /// Merchant's worker 商户.
    #[sea_orm(string_value = "merchant")]
    Merchant,
}

/// Prefer or avoid.
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
pub enum WishKind {
    /// Prefer.
    #[sea_orm(string_value = "prefer")]
    Prefer,
    /// Avoid.
    #[sea_orm(string_value = "avoid")]
    Avoid,
}

/// Whose wish it is.
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
pub enum WishBy {
    /// The resident's.
    #[sea_orm(string_value = "resident")]
    Resident,
    /// The helper's.
    #[sea_orm(string_value = "helper")]
    Helper,
}
