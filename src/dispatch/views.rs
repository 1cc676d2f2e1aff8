//! The office's views: the board, the lists, one visit, suggestions. Those of plans are in their own folder.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{HelperId, ResidentId, VisitId};
use entity::words::{AssignmentState, HelperKind, ProblemKind, VisitState};
use serde::Serialize;
use utoipa::ToSchema;

use super::links::views::{Linkable, LinkedVisit};
use super::plan::views::PlanHead;
use crate::calls::views::Callback;
use crate::http::problem::BrokenView;
use crate::providers::views::PaperWarning;
use crate::visits::views::{ChangeRequest, VisitCard, Window};

/// The coordinator's day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Board {
    /// The local date.
    pub date: NaiveDate,
    /// The present instant.
    pub now: DateTime<Utc>,
    /// A row each.
    pub helpers: Vec<BoardHelper>,
    /// Visits nobody comes to yet.
    pub unfilled: Vec<UnfilledCard>,
    /// What waits.
    pub counts: Counts,
    /// The plan of that day that is being searched or waits to be published, when there is one. Shown to coordinators
    /// only, whose alone plans are.
    pub plan: Option<PlanHead>,
}

/// What waits for the office.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct Counts {
    /// Visits of that day nobody comes to.
    pub unfilled: usize,
    /// Offers of that day without an answer.
    pub unanswered: usize,
    /// Late visits.
    pub late: usize,
    /// Open callbacks.
    pub callbacks: usize,
    /// Open requests to change.
    pub requests: usize,
}

/// A helper's row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BoardHelper {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
    /// For whom.
    pub provider: String,
    /// Names of the skills.
    pub skills: Vec<String>,
    /// When free to be sent.
    pub available: Vec<Window>,
    /// Whether on leave.
    pub on_leave: bool,
    /// Minutes of care that day.
    pub minutes: i64,
    /// Minutes of care a day at most.
    pub daily_limit_min: i32,
    /// Visits in order.
    pub bars: Vec<Bar>,
}

/// A visit in a helper's row.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Bar {
    /// The visit.
    pub visit_id: VisitId,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where the visit stands.
    pub state: VisitState,
    /// Where this helper's part stands.
    pub mine: AssignmentState,
    /// Whether plans leave it where it is.
    pub pinned: bool,
    /// Whether it keeps an order and a gap with another visit of the household.
    pub linked: bool,
    /// Whether it is late.
    pub late: bool,
    /// The resident's name.
    pub resident: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The service's name.
    pub service: String,
    /// 1 or 2.
    pub crew_size: i32,
    /// With whom.
    pub crew_with: Option<String>,
    /// Minutes to walk from the visit before; none for the first.
    pub walk_before_min: Option<i64>,
    /// Whether it can be dragged.
    pub movable: bool,
    /// The visit's version, to send with a change.
    pub version: i32,
}

/// A visit nobody comes to yet.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnfilledCard {
    /// The visit.
    pub visit_id: VisitId,
    /// The resident's name.
    pub resident: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The service's name.
    pub service: String,
    /// The start asked for.
    pub start: DateTime<Utc>,
    /// Starts that would do, where more than one.
    pub window: Option<Window>,
    /// Minutes.
    pub duration_min: i32,
    /// 1 to 9.
    pub priority: i32,
    /// 1 or 2.
    pub crew_size: i32,
    /// Permitted kinds.
    pub kinds: Vec<HelperKind>,
    /// Why nobody comes.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The visit's version, to send with a change.
    pub version: i32,
}

/// Everything that waits, as lists.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Lists {
    /// Visits nobody comes to.
    pub unfilled: Vec<UnfilledCard>,
    /// Offers without an answer.
    pub unanswered: Vec<Unanswered>,
    /// Late visits.
    pub late: Vec<LateVisit>,
    /// Callbacks due.
    pub callbacks: Vec<Callback>,
    /// Requests to change or cancel.
    pub requests: Vec<ChangeRequest>,
    /// What helpers reported.
    pub problems: Vec<Reported>,
    /// Series whose visits are not being made four weeks ahead.
    pub series_behind: usize,
    /// Providers' papers that are out of date or will be within thirty days.
    pub papers: Vec<PaperWarning>,
}

/// An offer without an answer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Unanswered {
    /// The visit.
    pub visit_id: VisitId,
    /// Start.
    pub start: DateTime<Utc>,
    /// The resident's name.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// Who was asked.
    pub helper: String,
    /// The same.
    pub helper_id: HelperId,
    /// Their telephone.
    pub helper_phone: String,
    /// When they were asked.
    pub offered_at: DateTime<Utc>,
}

/// A late visit.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LateVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// Start.
    pub start: DateTime<Utc>,
    /// The resident's name.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// Who should be there.
    pub helper: String,
    /// The same.
    pub helper_id: HelperId,
    /// Their telephone.
    pub helper_phone: String,
    /// By how much.
    pub minutes_late: i64,
    /// What is late.
    pub what: LateWhat,
}

/// What is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LateWhat {
    /// The helper has not arrived.
    NotArrived,
    /// The helper has not finished.
    NotFinished,
    /// The helper never answered.
    NotAnswered,
    /// Its end passed and nothing was said.
    Missed,
}

/// What a helper reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported {
    /// The visit.
    pub visit_id: VisitId,
    /// Start.
    pub start: DateTime<Utc>,
    /// The resident's name.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// Who was there, when somebody still is assigned.
    pub helper: String,
    /// What kind of thing.
    pub kind: ProblemKind,
    /// In the helper's words.
    pub note: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// One visit with everything the office needs.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct VisitDetail {
    /// What families see too.
    #[serde(flatten)]
    pub card: VisitCard,
    /// The resident.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// Minutes.
    pub duration_min: i32,
    /// 1 to 9.
    pub priority: i32,
    /// 1 or 2.
    pub crew_size: i32,
    /// Whether plans leave it where it is.
    pub pinned: bool,
    /// To send with a change.
    pub version: i32,
    /// Why a rule was set aside.
    pub override_reason: Option<String>,
    /// Why this crew.
    pub reasons: Vec<String>,
    /// What it keeps an order and a gap with.
    pub links: Vec<LinkedVisit>,
    /// What it could be linked with.
    pub linkable: Vec<Linkable>,
    /// What happened to it, oldest first.
    pub history: Vec<Happened>,
}

/// Something that happened.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Happened {
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub who: String,
    /// What.
    pub what: String,
}

/// Who could come, and who could not.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuggestionsView {
    /// The visit.
    pub visit: VisitDetail,
    /// Best first.
    pub ranked: Vec<Ranked>,
    /// With every rule that stands against it.
    pub excluded: Vec<ExcludedHelper>,
    /// The smallest change that would serve it, where nobody can come as asked.
    pub smallest_change: Option<String>,
}

/// A helper by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NamedHelper {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
}

/// A crew that could come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Ranked {
    /// The whole crew.
    pub helpers: Vec<NamedHelper>,
    /// When.
    pub start: DateTime<Utc>,
    /// In fen.
    pub price_fen: Option<i64>,
    /// Why.
    pub parts: Vec<PartView>,
}

/// One part of a score, in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PartView {
    /// The soft rule's word.
    pub code: String,
    /// Its sentence.
    pub sentence: String,
}

/// Somebody who could not come.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExcludedHelper {
    /// The helper.
    pub helper_id: HelperId,
    /// Name.
    pub helper: String,
    /// Kind.
    pub kind: HelperKind,
    /// Every rule that stands against it.
    pub reasons: Vec<BrokenView>,
}

/// Whether an assignment would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Checked {
    /// Whether nothing stands against it.
    pub ok: bool,
    /// What does.
    pub broken: Vec<BrokenView>,
}
