//! The roll as the office sees it.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AssessmentId, HouseholdId, ResidentId};
use entity::words::{Living, ResidentState, Sex};
use serde::Serialize;
use utoipa::ToSchema;

use crate::residents::absences::views::Absence;
use crate::residents::views::{Relative, ResidentShort, WishView};

/// A page of the roll.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RollPage {
    /// In the order of their initials.
    pub rows: Vec<RollRow>,
    /// Where the next page begins; null where this is the last.
    pub next: Option<String>,
    /// How many there are in each part of the roll, whatever is searched for.
    pub counts: RollCounts,
}

/// How many there are in each part of the roll.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct RollCounts {
    /// Who live here, those who are away included.
    pub here: u64,
    /// Who are away today.
    pub away: u64,
    /// Whose assessment is over, or will be within 60 days.
    pub expiring: u64,
    /// Who moved away or died.
    pub left: u64,
}

/// One of the roll.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RollRow {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// As the roll has it.
    pub sex: Sex,
    /// Full years.
    pub age: i32,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The grid's name.
    pub grid: String,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
    /// With whom they live, in words.
    pub living_word: String,
    /// GB/T 42195-2022, 0 to 4; null where never assessed.
    pub ability_level: Option<i32>,
    /// The last day on which that holds.
    pub ability_valid_until: Option<NaiveDate>,
    /// Whether it is over.
    pub ability_expired: bool,
    /// At home, away, or gone.
    pub state: ResidentState,
    /// The same in a sentence: in hospital until when, moved away when.
    pub state_sentence: String,
}

/// A file, as the office keeps it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RollFile {
    /// The resident.
    pub id: ResidentId,
    /// Counts the changes; sent back with the next.
    pub version: i32,
    /// Full name.
    pub name: String,
    /// How they are addressed.
    pub short_name: String,
    /// As the roll has it.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: NaiveDate,
    /// Full years.
    pub age: i32,
    /// With whom they live.
    pub living: Living,
    /// The same in words.
    pub living_word: String,
    /// Own telephone.
    pub phone: Option<String>,
    /// The household.
    pub household_id: HouseholdId,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The building's number.
    pub building: String,
    /// The entrance.
    pub entrance: i32,
    /// The floor.
    pub floor: i32,
    /// The flat's number.
    pub flat: String,
    /// The household's telephone.
    pub household_phone: Option<String>,
    /// The grid's name.
    pub grid: String,
    /// How to get in.
    pub knock_note: Option<String>,
    /// What a helper has to mind.
    pub safety_note: Option<String>,
    /// At home, away, or gone.
    pub state: ResidentState,
    /// The same in a sentence.
    pub state_sentence: String,
    /// The day on which they died or moved away.
    pub left_on: Option<NaiveDate>,
    /// GB/T 42195-2022, 0 to 4; null where never assessed.
    pub ability_level: Option<i32>,
    /// The last day on which that holds.
    pub ability_valid_until: Option<NaiveDate>,
    /// What an assessment that is over means for bookings, in a sentence; null where none is over.
    pub ability_notice: Option<String>,
    /// All assessments, the latest first.
    pub assessments: Vec<Assessment>,
    /// Times away, the latest first.
    pub absences: Vec<Absence>,
    /// Who else of the roll lives in the household.
    pub household: Vec<ResidentShort>,
    /// Who may act for them.
    pub family: Vec<Relative>,
    /// Whom they and helpers want or do not want.
    pub wishes: Vec<WishView>,
    /// How many visits are to come.
    pub upcoming: u64,
    /// How many wait for the return.
    pub paused: u64,
    /// What was done with the file and what is booked, the latest first, 50 at most.
    pub history: Vec<Done>,
}

/// An assessment of ability.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Assessment {
    /// The assessment.
    pub id: AssessmentId,
    /// GB/T 42195-2022: 0 intact to 4 fully dependent.
    pub level: i32,
    /// When it was made.
    pub assessed_on: NaiveDate,
    /// By whom.
    pub assessor: String,
    /// The last day on which it holds; null where it has no term.
    pub valid_until: Option<NaiveDate>,
    /// Whether it is over.
    pub expired: bool,
}

/// Something that was done.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Done {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom; null where the program did it.
    pub by: Option<String>,
    /// What, in words.
    pub what: String,
    /// In the person's words.
    pub note: Option<String>,
}
