//! Help requests as people see them.

use chrono::{DateTime, Utc};
use entity::ids::{GridId, HelpRequestId, ResidentId};
use entity::words::{HelpAction, HelpChannel, HelpKind, HelpLevel, HelpState, HelpTier};
use serde::Serialize;
use utoipa::ToSchema;

/// A help request in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelpCard {
    /// The request.
    pub id: HelpRequestId,
    /// About what.
    pub kind: HelpKind,
    /// The same in words.
    pub kind_word: String,
    /// How pressing.
    pub level: HelpLevel,
    /// The same in words.
    pub level_word: String,
    /// How far it is.
    pub state: HelpState,
    /// The same in words.
    pub state_word: String,
    /// Who is answerable: grid, community, street.
    pub tier: HelpTier,
    /// The same in words.
    pub tier_word: String,
    /// What is wrong, in the words of who asked.
    pub what: String,
    /// Where: the door, or the place in words.
    pub place: String,
    /// For whom.
    pub resident_id: Option<ResidentId>,
    /// Their name.
    pub resident: Option<String>,
    /// In which grid.
    pub grid_id: GridId,
    /// Its name.
    pub grid: String,
    /// Whom to ring about it: the number that was left, else the resident's or the household's.
    pub phone: Option<String>,
    /// How it came in.
    pub channel: HelpChannel,
    /// Who asked, or took it down.
    pub asked_by: String,
    /// When it was taken down.
    pub created_at: DateTime<Utc>,
    /// Until when the next step is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether the step that is owed is late, at this tier or already at the one below.
    pub overdue: bool,
    /// When it was settled or withdrawn.
    pub closed_at: Option<DateTime<Utc>>,
    /// Who is responsible now.
    pub responsible: ResponsibleView,
    /// Whether the page has to say first of all: call 120.
    pub call_120: bool,
    /// To be sent with the next step.
    pub version: i32,
}

/// Who is responsible for a help request now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResponsibleView {
    /// Who.
    pub name: String,
    /// Telephone.
    pub phone: Option<String>,
}

/// A help request with its timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelpDetail {
    /// The request.
    #[serde(flatten)]
    pub card: HelpCard,
    /// Its steps, the first first.
    pub steps: Vec<HelpStepView>,
    /// Whether the caller may respond, handle, report and raise.
    pub may_work: bool,
    /// Whether the caller may say that it is settled or not.
    pub may_reply: bool,
}

/// A step of a help request.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelpStepView {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: HelpAction,
    /// The same in words.
    pub words: String,
    /// Who was answerable after it.
    pub tier: HelpTier,
    /// By whom; nobody where the clock did it.
    pub by: Option<String>,
    /// Whether the office did it for somebody without a screen.
    pub on_behalf: bool,
    /// In the person's words.
    pub note: Option<String>,
}

/// Help requests by what is to be done: each stands in one list.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct HelpLists {
    /// Late, the latest first.
    pub overdue: Vec<HelpCard>,
    /// To be responded to.
    pub to_respond: Vec<HelpCard>,
    /// In hand: responded to or dealt with, still to be reported.
    pub in_hand: Vec<HelpCard>,
    /// Reported, waiting for confirmation.
    pub waiting: Vec<HelpCard>,
    /// Over in the last 14 days, the latest first, 50 at most.
    pub closed: Vec<HelpCard>,
    /// The grids that the caller may call for help in.
    pub grids: Vec<GridChoice>,
}

/// A grid to choose.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct GridChoice {
    /// The grid.
    pub id: GridId,
    /// Its name.
    pub name: String,
}
