//! The panel's months, sheets, criteria, interests and consequences as they are shown and sent.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AccountId, ConsequenceId, PanelInterestId, ProviderId};
use entity::words::{ConsequenceKind, InterestKind, ProviderKind};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A criterion.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CriterionView {
    /// Its place, from 1.
    pub position: i32,
    /// What it is called, in the asked-for language.
    pub name: String,
    /// In Chinese.
    pub name_zh: String,
    /// In English.
    pub name_en: String,
    /// How much it counts beside the others.
    pub weight: i32,
    /// Points at most.
    pub max_points: i32,
}

/// The criteria that hold now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CriteriaView {
    /// Which version; 0 where the preset holds and nobody has scored by it.
    pub version: i32,
    /// When it was written.
    pub made_at: Option<DateTime<Utc>>,
    /// Who wrote it.
    pub made_by: Option<String>,
    /// The criteria in their order.
    pub criteria: Vec<CriterionView>,
}

/// A criterion, as it is written.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewCriterion {
    /// In Chinese, 1 to 40 characters.
    pub name_zh: String,
    /// In English, 1 to 80 characters.
    pub name_en: String,
    /// How much it counts beside the others, 1 to 100.
    pub weight: i32,
    /// Points at most, 1 to 100.
    pub max_points: i32,
}

/// All criteria, written anew: months that were begun keep theirs.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewCriteria {
    /// 1 to 20, in their order.
    pub criteria: Vec<NewCriterion>,
    /// The version that was looked at, so that two who write do not overwrite each other.
    pub version: i32,
}

/// A month of the panel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PanelMonth {
    /// Its first day.
    pub month: NaiveDate,
    /// Whether it is over.
    pub over: bool,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who closed it.
    pub closed_by: Option<String>,
    /// Whether the caller can score in it now.
    pub may_score: bool,
    /// Whether the caller can close it now.
    pub may_close: bool,
    /// Whether the caller can write down what follows.
    pub may_decide: bool,
    /// By which criteria.
    pub criteria: Vec<CriterionView>,
    /// How many members the panel has.
    pub members: u64,
    /// Every provider.
    pub providers: Vec<ProviderScore>,
}

/// A provider in a month of the panel.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderScore {
    /// The provider.
    pub provider_id: ProviderId,
    /// Name.
    pub name: String,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// Why the caller may not score it, in a sentence; none where they may, or are no member.
    pub interest: Option<String>,
    /// The caller's own sheet.
    pub mine: Option<SheetView>,
    /// How many members have scored it.
    pub sheets: i32,
    /// The mean of their scores, in hundredths of a percent; members see it once the month is closed.
    pub score_bp: Option<i32>,
    /// Figures of the month.
    pub figures: Figures,
    /// What followed from this month.
    pub consequences: Vec<ConsequenceView>,
    /// What followed from the month before.
    pub last_consequences: Vec<ConsequenceView>,
    /// The score of the month before.
    pub last_score_bp: Option<i32>,
}

/// Figures of a provider's month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// Visits that were done.
    pub served: i32,
    /// Visits that began late, or that nobody had begun some minutes after their start.
    pub late: i32,
    /// Visits that did not happen, though somebody was to come.
    pub missed: i32,
    /// Ratings of the month's visits.
    pub rated: i32,
    /// Their mean in tenths, 10 to 50.
    pub rating_tenths: Option<i32>,
    /// Complaints of the month that were not withdrawn.
    pub complaints: i32,
}

/// A sheet, for the member whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SheetView {
    /// Points in the order of the criteria.
    pub points: Vec<i32>,
    /// Weighted, in hundredths of a percent.
    pub score_bp: i32,
    /// What the member wrote.
    pub note: Option<String>,
    /// When it was last saved.
    pub saved_at: DateTime<Utc>,
    /// To send with a change.
    pub version: i32,
}

/// A sheet, as it is sent.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewSheet {
    /// Which provider.
    pub provider_id: ProviderId,
    /// Points in the order of the criteria, one each.
    pub points: Vec<i32>,
    /// What the member has to say, 500 characters at most.
    #[serde(default)]
    pub note: Option<String>,
    /// The version of the own sheet that was looked at; 0 or left out where there is none.
    #[serde(default)]
    pub version: i32,
}

/// What followed from a month's score.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConsequenceView {
    /// The row.
    pub id: ConsequenceId,
    /// What.
    pub kind: ConsequenceKind,
    /// The same in words.
    pub kind_word: String,
    /// Why.
    pub reason: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub decided_at: DateTime<Utc>,
}

/// What follows, as it is written down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewConsequence {
    /// For which provider.
    pub provider_id: ProviderId,
    /// What.
    pub kind: ConsequenceKind,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// Who has an interest in whom, and who could.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Interests {
    /// What was declared and what follows from accounts.
    pub interests: Vec<InterestView>,
    /// The members of the panel; to a member, only themselves.
    pub members: Vec<MemberChoice>,
    /// The providers.
    pub providers: Vec<ProviderChoice>,
}

/// An interest.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InterestView {
    /// The row; none where it follows from an account.
    pub id: Option<PanelInterestId>,
    /// Which member.
    pub account_id: AccountId,
    /// Their name.
    pub member: String,
    /// Which provider.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider: String,
    /// What ties them.
    pub kind: InterestKind,
    /// The same in words.
    pub kind_word: String,
    /// In words of whoever declared it.
    pub why: String,
    /// Who declared it.
    pub declared_by: Option<String>,
    /// When.
    pub declared_at: Option<DateTime<Utc>>,
}

/// A member of the panel to choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberChoice {
    /// The account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
}

/// A provider to choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderChoice {
    /// The provider.
    pub provider_id: ProviderId,
    /// Name.
    pub name: String,
}

/// An interest, as it is declared.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewInterest {
    /// Which member; left out by a member, who declares for themselves alone.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// Which provider.
    pub provider_id: ProviderId,
    /// What ties them.
    pub kind: InterestKind,
    /// In words, 1 to 200 characters.
    pub why: String,
}
