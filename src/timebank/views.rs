//! Hours as people see them.

use chrono::{DateTime, Utc};
use entity::ids::{HelperId, ResidentId, TimeAccountId, TimeEntryId, VisitId};
use entity::words::{TimeEntryKind, TimeHolder};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A line of a statement.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimeLine {
    /// The entry.
    pub entry_id: TimeEntryId,
    /// When it was posted.
    pub at: DateTime<Utc>,
    /// What it does.
    pub kind: TimeEntryKind,
    /// Minutes that came; with a minus, that went.
    pub minutes: i64,
    /// Minutes in the account after it.
    pub balance_min: i64,
    /// Whose the other account is.
    pub other: String,
    /// The service of the visit that earned it or was paid with it.
    pub service: Option<String>,
    /// Why, of a reversal.
    pub reason: Option<String>,
    /// Whether it was taken back later.
    pub reversed: bool,
    /// The entry that it takes back.
    pub reverses: Option<TimeEntryId>,
}

/// A page of a statement, in the order of posting: opening and lines together are the closing.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimeStatement {
    /// The account; 0 where there is none yet.
    pub account_id: TimeAccountId,
    /// Whose it is.
    pub whose: String,
    /// What kind of account.
    pub holder: TimeHolder,
    /// Minutes before the first line.
    pub opening_min: i64,
    /// The lines, 20 at most.
    pub lines: Vec<TimeLine>,
    /// Minutes after the last line; on the newest page what the account holds now.
    pub closing_min: i64,
    /// What to ask for as `before` to see the page before this; none on the oldest.
    pub older: Option<TimeEntryId>,
}

/// A volunteer's hours.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperHours {
    /// The volunteer.
    pub helper_id: HelperId,
    /// Minutes credited this month.
    pub this_month_min: i64,
    /// Minutes an account may hold; what is earned beyond is donated.
    pub cap_min: i64,
    /// To whom hours may be given.
    pub close_family: Vec<CloseFamily>,
    /// The statement.
    pub statement: TimeStatement,
}

/// Somebody of the close family.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CloseFamily {
    /// The resident.
    pub resident_id: ResidentId,
    /// How they are addressed.
    pub name: String,
}

/// An account in the office's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimeAccountRow {
    /// The account.
    pub id: TimeAccountId,
    /// What kind.
    pub holder: TimeHolder,
    /// Whose.
    pub whose: String,
    /// Minutes in it.
    pub balance_min: i64,
}

/// The time bank, for the office.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct TimeBank {
    /// What belongs to all: earned (below zero), spent, the pool. With all accounts of persons they make zero.
    pub common: Vec<TimeAccountRow>,
    /// Accounts of persons, 100 at most.
    pub accounts: Vec<TimeAccountRow>,
    /// What to ask for as `after` to see the next page; none on the last.
    pub next: Option<TimeAccountId>,
}

/// Hours for somebody of the close family.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Giving {
    /// To whom.
    pub resident_id: ResidentId,
    /// Minutes, 1 to 90,000.
    pub minutes: i64,
}

/// Hours for the common pool.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Donating {
    /// Minutes, 1 to 90,000.
    pub minutes: i64,
}

/// A visit to pay with hours.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Redeeming {
    /// The visit; it was done.
    pub visit_id: VisitId,
}

/// An entry to take back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Reversing {
    /// Why, 1 to 200 characters.
    pub reason: String,
}
