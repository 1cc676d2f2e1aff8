//! Accounts, residents and their families.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The language somebody reads.
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
pub enum Lang {
    /// Simplified Chinese.
    #[sea_orm(string_value = "zh")]
    Zh,
    /// English.
    #[sea_orm(string_value = "en")]
    En,
}

/// What an account may do.
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
pub enum Role {
    /// Plans days and repairs them.
    #[sea_orm(string_value = "coordinator")]
    Coordinator,
    /// Takes calls.
    #[sea_orm(string_value = "clerk")]
    Clerk,
    /// Comes to visits.
    #[sea_orm(string_value = "helper")]
    Helper,
    /// Books for relatives.
    #[sea_orm(string_value = "family")]
    Family,
    /// Looks after a grid.
    #[sea_orm(string_value = "grid_officer")]
    GridOfficer,
    /// Scores providers.
    #[sea_orm(string_value = "panel_member")]
    PanelMember,
    /// Stands at a merchant's counter and takes vouchers.
    #[sea_orm(string_value = "shopkeeper")]
    Shopkeeper,
    /// Keeps accounts.
    #[sea_orm(string_value = "admin")]
    Admin,
}

/// Female or male, as the roll has it.
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
pub enum Sex {
    /// Female.
    #[sea_orm(string_value = "female")]
    Female,
    /// Male.
    #[sea_orm(string_value = "male")]
    Male,
}

/// With whom a resident lives.
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
pub enum Living {
    /// Alone (独居).
    #[sea_orm(string_value = "alone")]
    Alone,
    /// With a spouse only (空巢).
    #[sea_orm(string_value = "couple")]
    Couple,
    /// With children or others.
    #[sea_orm(string_value = "with_family")]
    WithFamily,
}

/// Whether a resident can be booked for.
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
pub enum ResidentState {
    /// At home.
    #[sea_orm(string_value = "active")]
    Active,
    /// In hospital or away.
    #[sea_orm(string_value = "paused")]
    Paused,
    /// Moved out.
    #[sea_orm(string_value = "moved")]
    Moved,
    /// Died.
    #[sea_orm(string_value = "died")]
    Died,
}

/// What a family member is to the resident.
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
pub enum Kinship {
    /// Daughter.
    #[sea_orm(string_value = "daughter")]
    Daughter,
    /// Son.
    #[sea_orm(string_value = "son")]
    Son,
    /// Spouse.
    #[sea_orm(string_value = "spouse")]
    Spouse,
    /// Grandchild.
    #[sea_orm(string_value = "grandchild")]
    Grandchild,
    /// Brother or sister.
    #[sea_orm(string_value = "sibling")]
    Sibling,
    /// Neighbour.
    #[sea_orm(string_value = "neighbour")]
    Neighbour,
    /// Other.
    #[sea_orm(string_value = "other")]
    Other,
}
