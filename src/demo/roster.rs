//! Who is where at which time: helpers with what they can do and what they have taken on.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Datelike, NaiveDate};
use entity::ids::{HelperId, HouseholdId, ResidentId, SkillId};
use entity::words::{HelperKind, Sex, WishKind};
use rand::Rng;
use rand::rngs::StdRng;

use super::fit::{Bar, Task};
use super::hands::{DEMO_STAFF, DEMO_VOLUNTEER};
use super::rows::{Rows, index};
use super::time;
use crate::compound::{Location, walking_seconds};

/// From and to, in minutes after local midnight.
type Stretch = (i32, i32);

/// A helper as the rules see one.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    /// Who.
    pub id: HelperId,
    /// Which kind.
    pub kind: HelperKind,
    sex: Sex,
    home: Option<HouseholdId>,
    skills: BTreeSet<SkillId>,
    credentials: Vec<(SkillId, NaiveDate, NaiveDate)>,
    week: [Vec<Stretch>; 7],
    dates: BTreeMap<NaiveDate, Vec<Stretch>>,
    leaves: Vec<(NaiveDate, NaiveDate)>,
    daily: i32,
    weekly: i32,
    wishes: Vec<(ResidentId, WishKind)>,
}

/// A visit that a helper has taken on.
#[derive(Clone, Copy, Debug)]
struct Taken {
    from: i32,
    to: i32,
    door: Location,
}

/// All helpers, and what is taken.
#[derive(Debug)]
pub(super) struct Roster {
    hands: Vec<Hand>,
    taken: HashMap<(HelperId, NaiveDate), Vec<Taken>>,
    week: HashMap<(HelperId, NaiveDate), i32>,
    engaged: HashMap<(ResidentId, NaiveDate), Vec<Stretch>>,
    met: HashMap<(HelperId, ResidentId), u32>,
}

impl Hand {
    fn new(rows: &Rows, helper: &entity::helper::Model) -> Self {
        let id = helper.id;
        let mut week: [Vec<Stretch>; 7] = Default::default();
        for rule in rows
            .availabilities
            .iter()
            .filter(|rule| rule.helper_id == id)
        {
            week[index(i64::from(rule.weekday))].push((rule.from_min, rule.to_min));
        }
        let mut dates: BTreeMap<NaiveDate, Vec<Stretch>> = BTreeMap::new();
        for row in rows.exceptions.iter().filter(|row| row.helper_id == id) {
            let stretches = dates.entry(row.date).or_default();
            stretches.extend(row.from_min.zip(row.to_min));
        }
        let mine = |owner: HelperId| owner == id;
        Self {
            id,
            kind: helper.kind,
            sex: helper.sex,
            home: helper.home_id,
            skills: rows
                .helper_skills
                .iter()
                .filter(|row| mine(row.helper_id))
                .map(|row| row.skill_id)
                .collect(),
            credentials: rows
                .credentials
                .iter()
                .filter(|row| mine(row.helper_id))
                .map(|row| (row.skill_id, row.valid_from, row.valid_until))
                .collect(),
            week,
            dates,
            leaves: rows
                .leaves
                .iter()
                .filter(|row| mine(row.helper_id))
                .map(|row| (row.from_date, row.to_date))
                .collect(),
            daily: helper.daily_limit_min,
            weekly: helper.weekly_limit_min,
            wishes: rows
                .wishes
                .iter()
                .filter(|row| mine(row.helper_id))
                .map(|row| (row.resident_id, row.kind))
                .collect(),
        }
    }

    /// Whether she has the skill, whatever its credential.
    pub fn can(&self, skill: SkillId) -> bool {
        self.skills.contains(&skill)
    }

    /// A dated exception beats the weekday's rule.
    fn free(&self, day: NaiveDate, from: i32, to: i32) -> bool {
        let weekday = day.weekday().num_days_from_monday() as usize;
        let stretches = self.dates.get(&day).unwrap_or(&self.week[weekday]);
        stretches
            .iter()
            .any(|stretch| stretch.0 <= from && to <= stretch.1)
    }

    fn wishes(&self, resident: ResidentId, kind: WishKind) -> bool {
        self.wishes.contains(&(resident, kind))
    }

    /// What stands in the way whatever the time of the day.
    fn bar_on_day(&self, task: &Task) -> Option<Bar> {
        let within = |from: NaiveDate, to: NaiveDate| from <= task.day && task.day <= to;
        let licensed =
            |(skill, from, to): &(SkillId, _, _)| *skill == task.skill && within(*from, *to);
        if task.price(self.kind).is_none() {
            Some(Bar::Kind)
        } else if self.home == Some(task.household) {
            Some(Bar::OwnHousehold)
        } else if self.wishes(task.resident, WishKind::Avoid) {
            Some(Bar::Avoided)
        } else if task.intimate && self.sex != task.sex {
            Some(Bar::Sex)
        } else if task.needs_credential && !self.credentials.iter().any(licensed) {
            Some(Bar::Credential)
        } else if self.leaves.iter().any(|(from, to)| within(*from, *to)) {
            Some(Bar::Leave)
        } else {
            None
        }
    }
}

/// The Monday of the week.
fn monday(day: NaiveDate) -> NaiveDate {
    time::shift(day, -i64::from(day.weekday().num_days_from_monday()))
}

impl Roster {
    /// Everybody, with nothing taken on.
    pub fn of(rows: &Rows) -> Self {
        Self {
            hands: rows
                .helpers
                .iter()
                .map(|helper| Hand::new(rows, helper))
                .collect(),
            taken: HashMap::new(),
            week: HashMap::new(),
            engaged: HashMap::new(),
            met: HashMap::new(),
        }
    }

    /// One helper.
    pub fn hand(&self, id: HelperId) -> &Hand {
        &self.hands[index(id.0)]
    }

    /// All who have the skill.
    pub fn holders<'a>(&'a self, task: &'a Task) -> impl Iterator<Item = &'a Hand> {
        self.hands.iter().filter(|hand| hand.can(task.skill))
    }

    /// How often the helper has been with the resident.
    pub fn met(&self, helper: HelperId, resident: ResidentId) -> u32 {
        self.met.get(&(helper, resident)).copied().unwrap_or(0)
    }

    /// Whether one of the two wishes for the other.
    pub fn preferred(&self, helper: HelperId, resident: ResidentId) -> bool {
        self.hand(helper).wishes(resident, WishKind::Prefer)
    }

    /// Whether the resident has something else then.
    pub fn is_engaged(&self, resident: ResidentId, day: NaiveDate, from: i32, to: i32) -> bool {
        let list = self.engaged.get(&(resident, day)).into_iter().flatten();
        list.into_iter()
            .any(|stretch| stretch.0 < to && from < stretch.1)
    }

    /// Notes that the resident has something then.
    pub fn engage(&mut self, resident: ResidentId, day: NaiveDate, stretch: Stretch) {
        self.engaged
            .entry((resident, day))
            .or_default()
            .push(stretch);
    }

    /// Why this helper cannot come at this minute; none when nothing stands in the way.
    pub fn bar(&self, hand: &Hand, task: &Task, start: i32) -> Option<Bar> {
        let end = start + task.minutes;
        let taken = self
            .taken
            .get(&(hand.id, task.day))
            .map_or(&[][..], Vec::as_slice);
        let day: i32 = taken.iter().map(|one| one.to - one.from).sum();
        let week = self
            .week
            .get(&(hand.id, monday(task.day)))
            .copied()
            .unwrap_or(0);
        if let Some(bar) = hand.bar_on_day(task) {
            Some(bar)
        } else if !hand.free(task.day, start, end) {
            Some(Bar::Unavailable)
        } else if taken.iter().any(|one| too_near(one, task, start)) {
            Some(Bar::Busy)
        } else if day + task.minutes > hand.daily {
            Some(Bar::DailyLimit)
        } else if week + task.minutes > hand.weekly {
            Some(Bar::WeeklyLimit)
        } else {
            None
        }
    }

    /// The best crew that can come at this minute, all of one kind: known faces and wishes first, then a fair share.
    pub fn crew(&self, rng: &mut StdRng, task: &Task, start: i32) -> Option<Vec<HelperId>> {
        let able = self
            .holders(task)
            .filter(|hand| self.bar(hand, task, start).is_none());
        let mut ranked: Vec<(i64, &Hand)> = able
            .map(|hand| (self.score(hand, task) + rng.random_range(0..6), hand))
            .collect();
        ranked.sort_by_key(|(score, hand)| (-score, hand.id));
        for kind in ranked.iter().map(|(_, hand)| hand.kind) {
            let same = ranked.iter().filter(|(_, hand)| hand.kind == kind);
            let crew: Vec<_> = same.take(task.crew_size).map(|(_, hand)| hand.id).collect();
            if crew.len() == task.crew_size {
                return Some(crew);
            }
        }
        None
    }

    fn score(&self, hand: &Hand, task: &Task) -> i64 {
        let taken = self.taken.get(&(hand.id, task.day)).into_iter().flatten();
        let load: i32 = taken.map(|one| one.to - one.from).sum();
        let known = i64::from(self.met(hand.id, task.resident).min(3)) * 4;
        let wished = if self.preferred(hand.id, task.resident) {
            10
        } else {
            0
        };
        // The care worker of the one-tap entry is to have a full day, the volunteer two or three things.
        let shown = match hand.id {
            DEMO_STAFF => 4,
            DEMO_VOLUNTEER => -30,
            _ => 0,
        };
        let free = if hand.kind == HelperKind::Staff { 0 } else { 5 };
        known + wished + shown + free - i64::from(load) * 10 / i64::from(hand.daily)
    }

    /// Takes the helper's time.
    pub fn claim(&mut self, helper: HelperId, task: &Task, start: i32) {
        let taken = Taken {
            from: start,
            to: start + task.minutes,
            door: task.door,
        };
        self.taken
            .entry((helper, task.day))
            .or_default()
            .push(taken);
        *self.week.entry((helper, monday(task.day))).or_default() += task.minutes;
        *self.met.entry((helper, task.resident)).or_default() += 1;
    }
}

/// Whether there is no time to walk between the two.
fn too_near(one: &Taken, task: &Task, start: i32) -> bool {
    let end = start + task.minutes;
    let there = i64::from(start - one.to) * 60 < walking_seconds(one.door, task.door);
    let back = i64::from(one.from - end) * 60 < walking_seconds(task.door, one.door);
    there && back
}
