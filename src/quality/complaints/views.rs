//! Complaints as those who may see them do.

use chrono::{DateTime, Utc};
use entity::ids::{ComplaintId, HelperId, ProviderId, ResidentId, VisitId};
use entity::words::{Channel, ComplaintAction, ComplaintState};
use serde::Serialize;
use utoipa::ToSchema;

/// A complaint in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComplaintCard {
    /// The complaint.
    pub id: ComplaintId,
    /// How far it is.
    pub state: ComplaintState,
    /// The same in words.
    pub state_word: String,
    /// What is wrong, in their words.
    pub what: String,
    /// For whom.
    pub resident_id: Option<ResidentId>,
    /// Their name.
    pub resident: Option<String>,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
    /// About which visit.
    pub visit_id: Option<VisitId>,
    /// When that started.
    pub visit_start: Option<DateTime<Utc>>,
    /// What for.
    pub service: Option<String>,
    /// About which helper.
    pub helper_id: Option<HelperId>,
    /// Their name.
    pub helper: Option<String>,
    /// About which provider.
    pub provider_id: Option<ProviderId>,
    /// Its name.
    pub provider: Option<String>,
    /// How it came in.
    pub channel: Channel,
    /// Who took it down, or complained.
    pub taken_by: String,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Who corrects it.
    pub responsible: Option<String>,
    /// What is to be corrected.
    pub correction: Option<String>,
    /// Until when the next step is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Whether that has passed.
    pub overdue: bool,
    /// When it was confirmed or withdrawn.
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts its steps, to send with the next.
    pub version: i32,
}

/// A step in its timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComplaintStepView {
    /// When.
    pub at: DateTime<Utc>,
    /// What was done.
    pub action: ComplaintAction,
    /// The same in words.
    pub words: String,
    /// Who did it.
    pub by: String,
    /// Whether the office did it for somebody without a screen.
    pub on_behalf: bool,
    /// In their words.
    pub note: Option<String>,
}

/// One complaint with its timeline.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ComplaintDetail {
    /// As it stands.
    #[serde(flatten)]
    pub card: ComplaintCard,
    /// How it came there, oldest first.
    pub steps: Vec<ComplaintStepView>,
    /// Whether the caller may answer and correct.
    pub may_work: bool,
    /// Whether the caller may confirm, reopen and withdraw.
    pub may_reply: bool,
}

/// The complaints of a community, by what is to be done.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct ComplaintLists {
    /// The next step is overdue.
    pub overdue: Vec<ComplaintCard>,
    /// To be answered.
    pub taken: Vec<ComplaintCard>,
    /// Answered, to be corrected.
    pub answered: Vec<ComplaintCard>,
    /// Corrected, to be confirmed.
    pub corrected: Vec<ComplaintCard>,
    /// Over, the latest first; those of the last thirty days.
    pub closed: Vec<ComplaintCard>,
}
