//! Consent.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// For what personal data is used; each is agreed to by itself.
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
pub enum Purpose {
    /// Care at home and at the station: booking, who comes, when.
    #[sea_orm(string_value = "care")]
    Care,
    /// Ability and what has to be minded, for matching and for safety.
    #[sea_orm(string_value = "health")]
    Health,
    /// Passing name, door and telephone on to merchants that come.
    #[sea_orm(string_value = "merchants")]
    Merchants,
    /// The grid officer's rounds and health-check days.
    #[sea_orm(string_value = "grid")]
    Grid,
    /// Letters to the family about visits.
    #[sea_orm(string_value = "messages")]
    Messages,
}

/// How somebody said yes or no, and how they took it back.
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
pub enum ConsentHow {
    /// The resident, in person.
    #[sea_orm(string_value = "in_person")]
    InPerson,
    /// A family member, on their page.
    #[sea_orm(string_value = "family")]
    Family,
    /// A signed paper, with its number.
    #[sea_orm(string_value = "paper")]
    Paper,
    /// By telephone, noted by the clerk.
    #[sea_orm(string_value = "telephone")]
    Telephone,
}

/// Why everything personal is erased.
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
pub enum ErasureGround {
    /// The resident wishes it.
    #[sea_orm(string_value = "own_wish")]
    OwnWish,
    /// The family wishes it.
    #[sea_orm(string_value = "family_wish")]
    FamilyWish,
    /// The time for which it may be kept is over.
    #[sea_orm(string_value = "kept_long_enough")]
    KeptLongEnough,
}

/// How far an erasure is.
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
pub enum ErasureState {
    /// Asked for; nobody of the office has looked at it.
    #[sea_orm(string_value = "asked")]
    Asked,
    /// One of the office has looked at it, a second is to confirm.
    #[sea_orm(string_value = "checked")]
    Checked,
    /// Carried out: what is gone does not come back.
    #[sea_orm(string_value = "done")]
    Done,
    /// Refused, with the reason.
    #[sea_orm(string_value = "refused")]
    Refused,
    /// Taken back by who asked.
    #[sea_orm(string_value = "taken_back")]
    TakenBack,
}
