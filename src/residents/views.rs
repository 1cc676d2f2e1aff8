//! Residents and households as people see them.

use entity::ids::{AccountId, HelperId, HouseholdId, ResidentId};
use entity::words::{Living, Sex, WishBy, WishKind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::calls::views::{CallView, Callback};
use crate::visits::views::VisitCard;

/// A resident on the first page of their family.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FamilyResident {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// How they are addressed: 王奶奶.
    pub short_name: String,
    /// Where they live: 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// What they are to the caller, in words: mother; empty where there is no word for it.
    pub relation: String,
    /// Whether the caller may book and cancel for them.
    pub can_book: bool,
    /// Where they are and until when, in a sentence, while they are away: their visits are paused.
    pub away: Option<String>,
    /// The visit that comes next.
    pub next_visit: Option<VisitCard>,
    /// The visit that was last.
    pub last_visit: Option<VisitCard>,
    /// How many visits are to come.
    pub upcoming: u64,
    /// How many wishes to change something the office has not decided.
    pub open_requests: u64,
}

/// A resident's file, as far as the caller may read it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Resident {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// How they are addressed: 王奶奶.
    pub short_name: String,
    /// As the roll has it.
    pub sex: Sex,
    /// Full years.
    pub age: i32,
    /// With whom they live.
    pub living: Living,
    /// The same in words.
    pub living_word: String,
    /// GB/T 42195-2022: 0 intact to 4 fully dependent; none where it was never assessed.
    pub ability_level: Option<i32>,
    /// Where they live: 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The floor, from 1.
    pub floor: i32,
    /// Whether a lift reaches it.
    pub has_lift: bool,
    /// The grid's name.
    pub grid: String,
    /// Own telephone, or else the household's.
    pub phone: Option<String>,
    /// How to get in.
    pub knock_note: Option<String>,
    /// What a helper has to mind.
    pub safety_note: Option<String>,
    /// Where they are and until when, in a sentence, while they are away: their visits are paused.
    pub away: Option<String>,
    /// Who may act for them.
    pub family: Vec<Relative>,
    /// Whom they and helpers want or do not want; a family sees only what the resident wishes.
    pub wishes: Vec<WishView>,
}

/// Somebody who may act for a resident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Relative {
    /// Their account.
    pub account_id: AccountId,
    /// Name.
    pub name: String,
    /// What they are to the resident, in words.
    pub relation: String,
    /// Telephone; a family sees only its own.
    pub phone: Option<String>,
    /// Whether they may book and cancel.
    pub can_book: bool,
}

/// That a resident and a helper want, or do not want, each other.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WishView {
    /// The helper.
    pub helper_id: HelperId,
    /// Their name.
    pub helper: String,
    /// Prefer or avoid.
    pub kind: WishKind,
    /// Which of the two wishes it.
    pub by: WishBy,
}

/// A household that a search found.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HouseholdHit {
    /// The household.
    pub id: HouseholdId,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The household's telephone.
    pub phone: Option<String>,
    /// The grid's name.
    pub grid: String,
    /// Those of the roll who live there.
    pub residents: Vec<ResidentShort>,
    /// What found it.
    pub matched: Matched,
}

/// What found a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// A telephone number: the household's, a resident's or a family member's.
    Number,
    /// The first letters of a resident's name in pinyin.
    Initials,
    /// A resident's name.
    Name,
    /// The door.
    Door,
}

/// A resident in few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResidentShort {
    /// The resident.
    pub id: ResidentId,
    /// Full name.
    pub name: String,
    /// How they are addressed: 王奶奶.
    pub short_name: String,
    /// Full years.
    pub age: i32,
    /// As the roll has it.
    pub sex: Sex,
    /// With whom they live, in words.
    pub living_word: String,
    /// GB/T 42195-2022, 0 to 4.
    pub ability_level: Option<i32>,
}

/// A household on the clerk's screen.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Household {
    /// The household.
    pub id: HouseholdId,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The household's telephone.
    pub phone: Option<String>,
    /// The grid's name.
    pub grid: String,
    /// Those of the roll who live there.
    pub residents: Vec<ResidentWithVisits>,
    /// The callbacks they were promised and that nobody has made.
    pub callbacks: Vec<Callback>,
    /// Their last five calls, the latest first.
    pub calls: Vec<CallView>,
}

/// A resident's file with the visits around now.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ResidentWithVisits {
    /// The file.
    #[serde(flatten)]
    pub resident: Resident,
    /// The visit that comes next.
    pub next_visit: Option<VisitCard>,
    /// The visit that was last.
    pub last_visit: Option<VisitCard>,
}
