//! The roll: times away, and workbooks read into it.

use sea_orm::sea_query::StringLen;
use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a resident is while away.
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
pub enum AbsenceKind {
    /// In hospital.
    #[sea_orm(string_value = "hospital")]
    Hospital,
    /// With relatives, travelling, or elsewhere.
    #[sea_orm(string_value = "elsewhere")]
    Elsewhere,
}

/// How somebody left the roll.
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
pub enum Departure {
    /// They moved away for good.
    #[sea_orm(string_value = "moved")]
    Moved,
    /// They died.
    #[sea_orm(string_value = "died")]
    Died,
}

/// Where the reading of a workbook stands.
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
pub enum ImportState {
    /// It is being read.
    #[sea_orm(string_value = "reading")]
    Reading,
    /// Every row has its outcome; nothing is written yet.
    #[sea_orm(string_value = "checked")]
    Checked,
    /// The good rows are being written.
    #[sea_orm(string_value = "writing")]
    Writing,
    /// The good rows were written.
    #[sea_orm(string_value = "written")]
    Written,
    /// It cannot be read, or somebody stopped it.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// What a row of a workbook would do to the roll.
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
pub enum RowOutcome {
    /// Somebody new.
    #[sea_orm(string_value = "new")]
    New,
    /// Somebody known, of whom it says something else.
    #[sea_orm(string_value = "changed")]
    Changed,
    /// Somebody known, of whom it says nothing new.
    #[sea_orm(string_value = "same")]
    Same,
    /// Perhaps somebody known: a person decides.
    #[sea_orm(string_value = "duplicate")]
    Duplicate,
    /// It cannot be taken as it is.
    #[sea_orm(string_value = "refused")]
    Refused,
}

/// What a person decided on a row that may be somebody known.
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
pub enum RowDecision {
    /// It is the one who is known: what the row says is taken over.
    #[sea_orm(string_value = "same")]
    Same,
    /// It is somebody else, and new.
    #[sea_orm(string_value = "new")]
    New,
}
