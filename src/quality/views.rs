//! What the room shows of visits, check calls and ratings.

use chrono::{DateTime, Utc};
use entity::ids::{CheckCallId, HelpRequestId, HelperId, RatingId, ResidentId, VisitId};
use entity::words::{CheckOutcome, CheckReason, RatingChannel, VisitState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::dispatch::views::LateWhat;
use crate::visits::happened::Became;

/// What is on top of the coordinator's first screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FirstScreen {
    /// Visits that are missed, the longest first: their end passed and nothing was said, or nobody was found.
    pub missed: Vec<WatchedVisit>,
    /// Visits that are late, the longest first.
    pub late: Vec<WatchedVisit>,
    /// Calls to be made now to those who live alone.
    pub check_calls: u64,
    /// Low ratings that nobody has seen to.
    pub low_ratings: u64,
    /// Complaints whose next step is overdue.
    pub overdue_complaints: u64,
    /// Complaints that nobody has answered.
    pub new_complaints: u64,
    /// Series whose visits are not being made four weeks ahead.
    pub series_behind: usize,
    /// Requests to erase that wait for a look.
    pub erasures: u64,
}

/// A late or missed visit, with whom to ring.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WatchedVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// To send with what became of it.
    pub version: i32,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where it stands.
    pub state: VisitState,
    /// What is late about it.
    pub what: LateWhat,
    /// Whether nobody was found to go.
    pub nobody_found: bool,
    /// By how much.
    pub minutes_late: i64,
    /// The resident.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// Own telephone, or else the household's.
    pub resident_phone: Option<String>,
    /// Whether they live alone.
    pub alone: bool,
    /// The service's name.
    pub service: String,
    /// Who was to come.
    pub helper: Option<String>,
    /// The same.
    pub helper_id: Option<HelperId>,
    /// Their telephone.
    pub helper_phone: Option<String>,
    /// What can be said of it.
    pub can_say: Vec<Became>,
}

/// A call to somebody who lives alone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CheckCallView {
    /// The call.
    pub id: CheckCallId,
    /// Whom to ring.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// Where they live.
    pub door: String,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
    /// Why.
    pub reason: CheckReason,
    /// The same in a sentence: alone, missed visit of …; alone, not seen for 7 days.
    pub why: String,
    /// The visit that was missed.
    pub visit_id: Option<VisitId>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// How often nobody answered.
    pub tries: i32,
    /// Whether they can be tried once more before others are told.
    pub may_try_again: bool,
    /// The family that can be rung.
    pub family: Vec<FamilyPhone>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// How it ended.
    pub outcome: Option<CheckOutcome>,
    /// The same in words.
    pub outcome_word: Option<String>,
    /// What was heard.
    pub note: Option<String>,
    /// When it ended.
    pub done_at: Option<DateTime<Utc>>,
    /// Who rang.
    pub done_by: Option<String>,
    /// The help request that came of it.
    pub help_request_id: Option<HelpRequestId>,
}

/// Somebody of the family, with a telephone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FamilyPhone {
    /// Name.
    pub name: String,
    /// What they are to the resident, in words.
    pub relation: String,
    /// Telephone.
    pub phone: String,
}

/// The clerk's calls of care.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CareCalls {
    /// To be made now, those about a missed visit first.
    pub due: Vec<CheckCallView>,
    /// To be tried again later.
    pub later: Vec<CheckCallView>,
    /// Ended within two days, the latest first.
    pub done: Vec<CheckCallView>,
    /// Follow-up calls: residents without family on the web, with their latest visit that is not rated.
    pub follow_ups: Vec<FollowUpCall>,
}

/// A call to hear how a visit was.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FollowUpCall {
    /// The visit.
    pub visit_id: VisitId,
    /// When it started.
    pub start: DateTime<Utc>,
    /// The service's name.
    pub service: String,
    /// Who came.
    pub helper: String,
    /// The resident.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// Where they live.
    pub door: String,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
}

/// A rating, for those whose it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RatingView {
    /// Which visit.
    pub visit_id: VisitId,
    /// 1 very bad to 5 very good.
    pub score: i32,
    /// In their words.
    pub words: Option<String>,
    /// When it was first given.
    pub given_at: DateTime<Utc>,
    /// Until when it can be changed.
    pub change_until: DateTime<Utc>,
    /// Whether it is so low that words would help.
    pub asks_for_words: bool,
}

/// What the page behind a rating link shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RatingPage {
    /// How the resident is addressed: 王奶奶.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// Who came.
    pub helper: String,
    /// When.
    pub start: DateTime<Utc>,
    /// The rating that was given.
    pub rating: Option<RatingView>,
    /// Whether one can be given or changed now.
    pub can_rate: bool,
    /// Why not, in a sentence.
    pub why_not: Option<String>,
    /// The office's telephone.
    pub office_phone: String,
}

/// A low rating, for the office.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LowRating {
    /// The rating.
    pub id: RatingId,
    /// Which visit.
    pub visit_id: VisitId,
    /// When it started.
    pub start: DateTime<Utc>,
    /// The service's name.
    pub service: String,
    /// Who came.
    pub helper: String,
    /// The resident.
    pub resident_id: ResidentId,
    /// Full name.
    pub resident: String,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
    /// 1 or 2.
    pub score: i32,
    /// In their words.
    pub words: Option<String>,
    /// How it came in.
    pub channel: RatingChannel,
    /// Who gave it for the resident.
    pub given_by: String,
    /// When.
    pub given_at: DateTime<Utc>,
    /// When the office saw to it.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who did.
    pub answered_by: Option<String>,
    /// What they did.
    pub answer: Option<String>,
}

/// How a helper's visits were found: an average, and nothing of whose they are.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperRating {
    /// Ratings of the last ninety days; none is told where they are fewer than three.
    pub count: Option<u64>,
    /// Their mean in tenths, 10 to 50.
    pub mean_tenths: Option<i64>,
}
