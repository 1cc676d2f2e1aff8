//! What is to be matched, and what a plan is.
//!
//! Every time is in whole [`Seconds`] since the problem's epoch: local midnight of its first day. Day `d` covers
//! `[d * 86400, (d + 1) * 86400)`. Compounds of this system live in a zone without summer time, so a day has 86,400 seconds.

mod valid;

pub use valid::Invalid;

use serde::{Deserialize, Serialize};

/// Seconds since the problem's epoch, or a length in seconds.
pub type Seconds = i64;

/// The length of a day.
pub const DAY: Seconds = 86_400;

/// Half open: `from` belongs to it, `to` does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// First second.
    pub from: Seconds,
    /// One past the last second.
    pub to: Seconds,
}

impl Interval {
    /// Longer than any problem: for a credential that does not expire.
    pub const ALWAYS: Self = Self {
        from: -(1 << 40),
        to: 1 << 40,
    };

    /// The interval from `from` up to, not including, `to`.
    pub const fn new(from: Seconds, to: Seconds) -> Self {
        Self { from, to }
    }

    /// Whether all of `[from, to)` lies within.
    pub const fn covers(&self, from: Seconds, to: Seconds) -> bool {
        self.from <= from && to <= self.to
    }
}

/// Index into [`Problem::helpers`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HelperIx(pub usize);
/// Index into [`Problem::visits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VisitIx(pub usize);
/// Index into the rows and columns of [`Walking`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlaceIx(pub usize);
/// Index into [`Problem::skills`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SkillIx(pub usize);

/// What kind of helper somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelperKind {
    /// 志愿者
    Volunteer,
    /// 护理员
    Staff,
    /// 商户
    Merchant,
}

/// Why a helper's provider may not take a visit on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Barred {
    /// It was not admitted, or not yet.
    NotAdmitted,
    /// It is suspended.
    Suspended,
    /// It no longer works with the community.
    Ended,
    /// A paper that it must have is out of date.
    PaperExpired,
    /// It does not offer the service.
    NotOffered,
    /// The resident does not allow that merchants are told of them.
    NoSharing,
    /// The resident took back the consent to care.
    NoCare,
}

/// A helper's sex, and the wish for one in intimate care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

/// A skill's name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkillName {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// A skill somebody holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldSkill {
    /// Which skill.
    pub skill: SkillIx,
    /// Whether it may be exercised only under a valid credential.
    pub needs_credential: bool,
    /// When the credential on file is valid; `None`: there is none. Without expiry: [`Interval::ALWAYS`].
    pub valid: Option<Interval>,
}

/// Somebody who gives care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Helper {
    /// The caller's own identifier; the engine only carries it.
    pub key: i64,
    /// As sentences name her.
    pub name: String,
    /// Volunteer, staff or merchant.
    pub kind: HelperKind,
    /// Her sex.
    pub sex: Sex,
    /// Skills; the same skill twice means two credentials.
    pub skills: Vec<HeldSkill>,
    /// When she may be giving care, leave already taken out: sorted, disjoint. It bounds service, not the way to it.
    pub available: Vec<Interval>,
    /// Her leave, for the sentence that says why she is not available.
    pub leave: Vec<Interval>,
    /// Where each day begins: the way from there counts as walking.
    pub start: Option<PlaceIx>,
    /// Where each day ends: the way back counts as walking.
    pub end: Option<PlaceIx>,
    /// Most care a day, walking not counted. A visit counts on the day it starts.
    pub daily_limit: Seconds,
    /// Most care a week, walking not counted.
    pub weekly_limit: Seconds,
    /// Care already given or promised outside this problem, for each of its weeks; a missing entry is none.
    pub care_before: Vec<Seconds>,
    /// The household she lives in: no credit for one's own.
    pub household: Option<i64>,
    /// Care so far this month, for the fair share.
    pub recent_load: Seconds,
}

/// How firmly a held assignment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// Pinned, accepted, running: never moved, and taken as it is, since a coordinator may have overridden a rule for it.
    Fixed,
    /// Told to people: kept unless it can no longer stand or moving it serves more priority.
    Published,
    /// A proposal: free to change.
    Proposed,
}

/// What a visit is assigned to when the problem is stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    /// Who: the whole crew.
    pub helpers: Vec<HelperIx>,
    /// When the service starts.
    pub start: Seconds,
    /// How firmly.
    pub hold: Hold,
}

/// One piece of care to be given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// The caller's own identifier; the engine only carries it.
    pub key: i64,
    /// As sentences name it, for example `王奶奶 10:00 助浴`.
    pub label: String,
    /// The skill it takes, of every member of the crew.
    pub skill: SkillIx,
    /// Length of the service; more than 0.
    pub duration: Seconds,
    /// Allowed **starts**, both ends included: `from <= start <= to`.
    pub window: Interval,
    /// The start that was asked for; `None`: any start in the window is as good.
    pub asked: Option<Seconds>,
    /// Where.
    pub place: PlaceIx,
    /// How much it matters that it is served.
    pub priority: u32,
    /// How many helpers, who start together: 1 or 2. Filled together or not at all.
    pub crew: u8,
    /// Permitted kinds of helper.
    pub kinds: Vec<HelperKind>,
    /// Only a helper of this sex (intimate care).
    pub sex: Option<Sex>,
    /// Helpers either side wishes to avoid.
    pub avoid: Vec<HelperIx>,
    /// Helpers the resident wishes for.
    pub prefer: Vec<HelperIx>,
    /// How many past visits each helper made to this resident.
    pub continuity: Vec<(HelperIx, u32)>,
    /// The household it goes to.
    pub household: i64,
    /// The resident's ability level, 0 intact to 4 fully dependent; `None`: not assessed.
    pub ability_level: Option<u8>,
    /// The levels the service allows, both ends included.
    pub ability_allowed: (u8, u8),
    /// Whether it earns credit in the time bank: then nobody of the own household may give it.
    pub credit: bool,
    /// Helpers who declined this visit.
    pub declined: Vec<HelperIx>,
    /// Helpers whose provider may not take it on, and why.
    #[serde(default)]
    pub barred: Vec<(HelperIx, Barred)>,
    /// Its present assignment.
    pub held: Option<Held>,
}

/// Walking times between places, stairs included. Not symmetric: going up takes longer than coming down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walking {
    places: usize,
    seconds: Vec<u32>,
}

impl Walking {
    /// From a function of (from, to), for `places` places.
    pub fn from_fn(places: usize, between: impl Fn(usize, usize) -> u32) -> Self {
        let seconds = (0..places * places)
            .map(|at| between(at / places, at % places))
            .collect();
        Self { places, seconds }
    }

    /// How many places it knows.
    pub const fn places(&self) -> usize {
        self.places
    }

    /// Seconds on foot from one place to another.
    pub fn between(&self, from: PlaceIx, to: PlaceIx) -> Seconds {
        Seconds::from(self.seconds[from.0 * self.places + to.0])
    }
}

/// Two visits in order, for example the meal and the medicine after it: where both are served, the second starts no sooner
/// than `least` and no later than `most` after the first does. Where one of them is not served the other still may be: a
/// person is better off with one than with neither, and the one left out is told like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What goes before.
    pub first: VisitIx,
    /// What comes after.
    pub second: VisitIx,
    /// Least seconds between the two starts; 0 or more.
    pub least: Seconds,
    /// Most seconds between the two starts; no less than `least`.
    pub most: Seconds,
}

/// What a plan is to be good at, once priority is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Everything in the order of the house: published kept, asked-for time, continuity, fair share, walking.
    #[default]
    Care,
    /// Published kept, then walking alone: for measuring against other solvers. As with their vehicles, the way from a
    /// helper's start and back to her end then lies within her availability.
    Walking,
}

/// A day or a week to be matched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The date of day 0: year, month, day. For sentences only.
    pub first_day: (i32, u32, u32),
    /// How many days.
    pub days: usize,
    /// The week each day belongs to, counted from 0; one entry a day.
    pub week_of_day: Vec<usize>,
    /// Every start the engine chooses is a multiple of this; 300 in the product.
    pub grid: Seconds,
    /// Names of the skills.
    pub skills: Vec<SkillName>,
    /// Who can give care.
    pub helpers: Vec<Helper>,
    /// What care is to be given.
    pub visits: Vec<Visit>,
    /// Which visits keep an order and a gap.
    #[serde(default)]
    pub links: Vec<Link>,
    /// How long the ways are.
    pub walking: Walking,
    /// What counts.
    pub goal: Goal,
}

impl Problem {
    /// The usual grid of starts: five minutes.
    pub const GRID: Seconds = 300;

    /// A helper. Panics when the index is not of this problem.
    pub fn helper(&self, helper: HelperIx) -> &Helper {
        &self.helpers[helper.0]
    }

    /// A visit. Panics when the index is not of this problem.
    pub fn visit(&self, visit: VisitIx) -> &Visit {
        &self.visits[visit.0]
    }

    /// Indices of all helpers.
    pub fn helper_ixs(&self) -> impl Iterator<Item = HelperIx> + use<> {
        (0..self.helpers.len()).map(HelperIx)
    }

    /// Indices of all visits.
    pub fn visit_ixs(&self) -> impl Iterator<Item = VisitIx> + use<> {
        (0..self.visits.len()).map(VisitIx)
    }

    /// The day a time falls on; times before the first day or after the last belong to the nearest.
    pub fn day_of(&self, at: Seconds) -> usize {
        usize::try_from(at.div_euclid(DAY))
            .unwrap_or(0)
            .min(self.days.saturating_sub(1))
    }

    /// The week a time falls in.
    pub fn week_of(&self, at: Seconds) -> usize {
        self.week_of_day.get(self.day_of(at)).copied().unwrap_or(0)
    }

    /// How many weeks the days touch.
    pub fn weeks(&self) -> usize {
        self.week_of_day.iter().max().map_or(1, |last| last + 1)
    }

    /// The end of the last day.
    pub fn horizon(&self) -> Seconds {
        Seconds::try_from(self.days).unwrap_or(0) * DAY
    }

    /// The first start on the grid at or after a time.
    pub fn grid_up(&self, at: Seconds) -> Seconds {
        -(-at).div_euclid(self.grid) * self.grid
    }

    /// The last start on the grid at or before a time.
    pub fn grid_down(&self, at: Seconds) -> Seconds {
        at.div_euclid(self.grid) * self.grid
    }
}

/// A visit's place in a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placed {
    /// The whole crew.
    pub helpers: Vec<HelperIx>,
    /// When the service starts.
    pub start: Seconds,
}

/// Proposed assignments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// One entry a visit, in the problem's order; `None`: unserved.
    pub assignments: Vec<Option<Placed>>,
    /// How good it is.
    pub score: Score,
}

/// How good a plan is: compared field by field in this order, less is better.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Score {
    /// Sum of the priorities of the visits left out.
    pub unserved_priority: i64,
    /// Published assignments that are no longer as they were told.
    pub published_moved: i64,
    /// Whole quarters of an hour between asked-for and planned starts, summed over visits.
    pub deviation: i64,
    /// Familiarity forgone: see `rules::continuity`.
    pub continuity: i64,
    /// Unevenness of load: see `rules::fair_share`.
    pub unfairness: i64,
    /// Walking seconds of all helpers.
    pub walking: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn a_problem_survives_its_json() {
        let (problem, ..) = one_of_each();
        let json = serde_json::to_string(&problem).unwrap();
        assert_eq!(serde_json::from_str::<Problem>(&json).unwrap(), problem);
    }
}
