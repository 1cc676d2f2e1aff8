//! Providers as the office sees them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{ProviderId, ProviderPaperId, VisitId};
use entity::words::{PaperKind, ProviderKind, ScanKind, Standing};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Step;
use crate::station::views::SessionCard;

/// A provider on the list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderLine {
    /// The provider.
    pub id: ProviderId,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// The same in words.
    pub kind_word: String,
    /// What people call it.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// How far its admission is.
    pub standing: Standing,
    /// The same in words.
    pub standing_word: String,
    /// How many of two approvals it has, while it waits for them.
    pub approvals: usize,
    /// Whether it may take new work.
    pub takes_work: bool,
    /// Why not.
    pub why_not: Option<String>,
    /// How many active helpers come for it.
    pub helpers: u64,
    /// How many of their visits are running or to come.
    pub running: usize,
    /// Papers that are out of date or soon will be.
    pub warnings: Vec<PaperWarning>,
}

/// A paper that is out of date or soon will be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaperWarning {
    /// Whose.
    pub provider_id: ProviderId,
    /// Its name.
    pub provider: String,
    /// What it is, in words.
    pub paper: String,
    /// Its last day.
    pub valid_until: NaiveDate,
    /// Days until then; less than 0 where it is over.
    pub days_left: i64,
}

/// Everything about a provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderFile {
    /// The provider.
    pub id: ProviderId,
    /// Which kind of party.
    pub kind: ProviderKind,
    /// The same in words.
    pub kind_word: String,
    /// What people call it.
    pub name: String,
    /// Telephone.
    pub phone: String,
    /// Whom to speak with.
    pub contact: Option<String>,
    /// What it wants to offer, in its own words.
    pub wants: Option<String>,
    /// How far its admission is.
    pub standing: Standing,
    /// The same in words.
    pub standing_word: String,
    /// Why it was refused, suspended or ended.
    pub standing_note: Option<String>,
    /// Since when.
    pub standing_since: Option<DateTime<Utc>>,
    /// Counts the changes.
    pub version: i32,
    /// Whether it may take new work.
    pub takes_work: bool,
    /// Why not.
    pub why_not: Option<String>,
    /// The steps that its standing allows now.
    pub steps: Vec<PossibleStep>,
    /// Who checked its papers and record.
    pub checked_by: Option<String>,
    /// Who approved, in their order.
    pub approvals: Vec<Approval>,
    /// The papers it must have.
    pub needed: Vec<NeededPaper>,
    /// Its papers, the newest first.
    pub papers: Vec<Paper>,
    /// Whether it offers everything that its kind may serve.
    pub offers_all: bool,
    /// What its kind may serve, and what of it this provider offers.
    pub services: Vec<OfferedService>,
    /// How many active helpers come for it.
    pub helpers: u64,
    /// How many of their visits are running or to come.
    pub running_count: usize,
    /// The first of them, in order of time.
    pub running: Vec<RunningVisit>,
    /// How many sessions of the station that it holds are running or to come.
    pub session_count: usize,
    /// The first of them, in order of time.
    pub sessions: Vec<SessionCard>,
    /// What was done, the latest first.
    pub history: Vec<ProviderEvent>,
}

/// A step that may be taken, or why this caller cannot.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PossibleStep {
    /// Which.
    pub step: Step,
    /// Why not yet, or not by this caller.
    pub why_not: Option<String>,
}

/// An approval.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProviderApproval)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A paper that a provider must have.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NeededPaper {
    /// Which kind.
    pub kind: PaperKind,
    /// The same in words.
    pub kind_word: String,
    /// Whether one is there, checked and in date.
    pub good: bool,
}

/// How a paper stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PaperState {
    /// Nobody checked it yet.
    Unchecked,
    /// Checked and in date.
    Good,
    /// Its last day is near.
    Expiring,
    /// Its last day is over.
    Expired,
}

/// A paper.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ProviderPaper)]
pub struct Paper {
    /// The paper.
    pub id: ProviderPaperId,
    /// What it is.
    pub kind: PaperKind,
    /// The same in words.
    pub kind_word: String,
    /// Its number.
    pub number: String,
    /// Who issued it.
    pub issued_by: String,
    /// Its last day; none where it does not expire.
    pub valid_until: Option<NaiveDate>,
    /// Days until then.
    pub days_left: Option<i64>,
    /// How it stands.
    pub state: PaperState,
    /// Whether no new work is taken without it.
    pub required: bool,
    /// What was noted.
    pub note: Option<String>,
    /// When it was recorded.
    pub added_at: DateTime<Utc>,
    /// Who checked it.
    pub checked_by: Option<String>,
    /// When it was checked.
    pub checked_at: Option<DateTime<Utc>>,
    /// What its scan is, where there is one.
    pub scan: Option<ScanKind>,
}

/// A service that a provider's kind may serve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OfferedService {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The category's word.
    pub category: String,
    /// Whether this provider offers it.
    pub offered: bool,
    /// What the catalogue asks for it, in fen.
    pub catalogue_price_fen: i64,
    /// What it costs elsewhere, in fen.
    pub market_price_fen: i64,
    /// What it costs from this provider today, in fen.
    pub price_fen: i64,
    /// The provider's own prices, the one that begins last first.
    pub own: Vec<OwnPrice>,
}

/// A service that an applicant may choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ServiceChoice {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The category's word.
    pub category: String,
}

/// A provider's own price.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OwnPrice {
    /// From which day of service on.
    pub valid_from: NaiveDate,
    /// In fen; 0 is free.
    pub price_fen: i64,
    /// Whether it has begun, so that it cannot be taken back.
    pub begun: bool,
}

/// A visit of a provider's helper that is running or to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunningVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// When.
    pub start: DateTime<Utc>,
    /// What.
    pub service: String,
    /// For whom.
    pub resident: String,
    /// Who comes.
    pub helper: String,
    /// Where it stands, in words.
    pub state_word: String,
    /// Whether it has not begun, so that it can be handed over.
    pub open: bool,
}

/// Something that was done to a provider.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ProviderEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Option<String>,
    /// What, in words.
    pub what: String,
    /// In the person's words.
    pub note: Option<String>,
}
