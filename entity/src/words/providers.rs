//! How providers are admitted, and by which papers.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How far a provider's admission is.
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
pub enum Standing {
    /// Its application was taken down.
    #[sea_orm(string_value = "applied")]
    Applied,
    /// Its licences and record were checked; two people have to approve.
    #[sea_orm(string_value = "checked")]
    Checked,
    /// Two people approved: it takes work.
    #[sea_orm(string_value = "approved")]
    Approved,
    /// It takes no new work; what runs goes on.
    #[sea_orm(string_value = "suspended")]
    Suspended,
    /// It no longer works with the community.
    #[sea_orm(string_value = "ended")]
    Ended,
    /// Its application was refused.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// What a provider's paper is.
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
pub enum PaperKind {
    /// Business licence 营业执照, or the registration of a team.
    #[sea_orm(string_value = "business_licence")]
    BusinessLicence,
    /// Food licence 食品经营许可证.
    #[sea_orm(string_value = "food_licence")]
    FoodLicence,
    /// Licence of medical practice 医疗机构执业许可证.
    #[sea_orm(string_value = "medical_practice")]
    MedicalPractice,
    /// Liability insurance 责任保险.
    #[sea_orm(string_value = "insurance")]
    Insurance,
    /// Check of its record 信用与无犯罪记录核查.
    #[sea_orm(string_value = "record_check")]
    RecordCheck,
    /// Anything else.
    #[sea_orm(string_value = "other")]
    Other,
}

/// What a scan is, by its first bytes.
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
pub enum ScanKind {
    /// PDF.
    #[sea_orm(string_value = "pdf")]
    Pdf,
    /// JPEG.
    #[sea_orm(string_value = "jpeg")]
    Jpeg,
    /// PNG.
    #[sea_orm(string_value = "png")]
    Png,
}
