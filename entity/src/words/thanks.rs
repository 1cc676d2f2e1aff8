//! Hours, vouchers and money.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whose time account it is.
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
pub enum TimeHolder {
    /// A volunteer's.
    #[sea_orm(string_value = "helper")]
    Helper,
    /// An older resident's, filled by gifts.
    #[sea_orm(string_value = "resident")]
    Resident,
    /// The community's common pool, filled by donations.
    #[sea_orm(string_value = "pool")]
    Pool,
    /// Where deposits come from: minus all minutes ever earned.
    #[sea_orm(string_value = "earned")]
    Earned,
    /// Where redeemed minutes go.
    #[sea_orm(string_value = "spent")]
    Spent,
}

/// What an entry in the time bank does.
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
pub enum TimeEntryKind {
    /// A completed visit earns.
    #[sea_orm(string_value = "deposit")]
    Deposit,
    /// A visit was paid for with hours.
    #[sea_orm(string_value = "redeem")]
    Redeem,
    /// To close family.
    #[sea_orm(string_value = "gift")]
    Gift,
    /// To the common pool.
    #[sea_orm(string_value = "donation")]
    Donation,
    /// An entry was a mistake; this takes it back.
    #[sea_orm(string_value = "reversal")]
    Reversal,
}

/// Who or what pays a part of a visit's price.
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
pub enum PaySource {
    /// The resident or the family.
    #[sea_orm(string_value = "self_paid")]
    SelfPaid,
    /// The month's subsidy.
    #[sea_orm(string_value = "subsidy")]
    Subsidy,
    /// A voucher.
    #[sea_orm(string_value = "voucher")]
    Voucher,
    /// Hours of the time bank.
    #[sea_orm(string_value = "credit")]
    Credit,
    /// Nobody: the office waived it.
    #[sea_orm(string_value = "waived")]
    Waived,
}
