//! Helpers as the desk finds them, and their files as the office keeps them.

use chrono::NaiveDate;
use entity::ids::{CredentialId, HelperId, HouseholdId, ProviderId};
use entity::words::{HelperKind, Sex};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A helper that a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperHit {
    /// The helper.
    pub id: HelperId,
    /// Full name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
    /// For whom they come.
    pub provider: String,
    /// Telephone.
    pub phone: String,
    /// Whether they are on leave today.
    pub on_leave_today: bool,
    /// Visits today, done or to come.
    pub today_count: u64,
}

/// Free hours on a weekday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WeekHours {
    /// 1 Monday to 7 Sunday.
    pub weekday: i32,
    /// Minutes after local midnight.
    pub from_min: i32,
    /// Minutes after local midnight, later than `from_min`.
    pub to_min: i32,
}

/// What the office writes in a helper's file.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct HelperDetails {
    /// Full name, 40 characters at most.
    pub name: String,
    /// For residents who wish for it in intimate care.
    pub sex: Sex,
    /// Day of birth; 16 years ago or more.
    pub birth_date: NaiveDate,
    /// Telephone, 7 to 12 digits.
    pub phone: String,
    /// Where their mail goes; without it the office telephones.
    pub email: Option<String>,
    /// Where they start from when they live in the compound; the station otherwise.
    pub home_id: Option<HouseholdId>,
    /// Minutes of care a day at most, 30 to 960.
    pub daily_limit_min: i32,
    /// Minutes of care a week at most, a day's to seven days'.
    pub weekly_limit_min: i32,
    /// Codes of the skills they have.
    pub skills: Vec<String>,
    /// When they are free in an ordinary week.
    pub hours: Vec<WeekHours>,
}

/// A helper's file, mended.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct HelperChange {
    /// All of it.
    #[serde(flatten)]
    pub to: HelperDetails,
    /// Whether they may be asked at all; nobody who still has visits ahead can be taken out.
    pub active: bool,
    /// The version that was looked at.
    pub version: i32,
}

/// A paper that proves a skill.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewCredential {
    /// For which skill, its code.
    pub skill: String,
    /// What the paper is called, 60 characters at most.
    pub name: String,
    /// What is printed on it, 60 characters at most.
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
}

/// A skill that a helper can have.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SkillChoice {
    /// Stable word.
    pub code: String,
    /// Name.
    pub name: String,
    /// Whether a valid credential must be on file.
    pub needs_credential: bool,
}

/// A skill in a helper's file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperSkill {
    /// The skill.
    #[serde(flatten)]
    pub skill: SkillChoice,
    /// Whether it counts today: it needs no paper, or one is valid.
    pub counts: bool,
}

/// A paper in a helper's file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CredentialView {
    /// The paper.
    pub id: CredentialId,
    /// For which skill, its name.
    pub skill: String,
    /// What it is called.
    pub name: String,
    /// What is printed on it.
    pub number: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// Last day.
    pub valid_until: NaiveDate,
    /// Whether it is valid today.
    pub valid: bool,
}

/// A helper in the list of those who come for a provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperLine {
    /// The helper.
    pub id: HelperId,
    /// Full name.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Whether they may be asked.
    pub active: bool,
    /// Names of the skills that count today.
    pub skills: Vec<String>,
    /// Names of the skills that lack a valid paper.
    pub lacking: Vec<String>,
}

/// A helper's file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperFile {
    /// The helper.
    pub id: HelperId,
    /// For whom they come.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider: String,
    /// Kind.
    pub kind: HelperKind,
    /// Full name.
    pub name: String,
    /// For residents who wish for it in intimate care.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: NaiveDate,
    /// Telephone.
    pub phone: String,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Where they start from, if they live in the compound.
    pub home_id: Option<HouseholdId>,
    /// The same as a door.
    pub home: Option<String>,
    /// Minutes of care a day at most.
    pub daily_limit_min: i32,
    /// Minutes of care a week at most.
    pub weekly_limit_min: i32,
    /// Whether they may be asked.
    pub active: bool,
    /// Their skills.
    pub skills: Vec<HelperSkill>,
    /// Their papers, those that run out first at the top.
    pub credentials: Vec<CredentialView>,
    /// When they are free in an ordinary week.
    pub hours: Vec<WeekHours>,
    /// Visits still ahead of them.
    pub ahead: u64,
    /// To be sent with the next change.
    pub version: i32,
}
