//! The problem as the search reads it: flat, filtered once, without strings.

use super::order::Tie;
use crate::problem::Seconds;
use crate::rules::{asked_time, fair_share};
use std::ops::Range;

/// Seconds since the problem's epoch, as the search keeps them: half the memory of [`Seconds`], which is felt.
pub(crate) type Time = i32;

/// Before any time of a problem; may be added to and taken from.
pub(crate) const LONG_AGO: Time = -(1 << 29);
/// A limit that is none.
pub(crate) const NO_LIMIT: i64 = 1 << 40;

/// What one unit of each soft rule costs in walking seconds while the search is under way. The best plan is kept by the
/// lexicographic score; these only steer, so they may be traded against each other on the way.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weights {
    pub priority: i64,
    pub moved: i64,
    pub deviation: i64,
    pub continuity: i64,
    pub unfairness: i64,
    /// An average way between two visits, in seconds.
    pub way: f64,
}

impl Weights {
    /// What leaving out a visit of average priority costs, in average ways: far more than any detour, and not so much that
    /// one visit could never be exchanged for another.
    const AVERAGE_VISIT: f64 = 120.0;

    /// For these visits with an average way between them; `care` where more than walking counts.
    pub(crate) fn of(tasks: &[Task], way: f64, care: bool) -> Self {
        let visits = tasks.iter().filter(|task| !task.rest);
        let (count, total) = visits.fold((0.0, 0.0), |(count, total), task| {
            (count + 1.0, total + task.priority as f64)
        });
        let care = i64::from(care);
        Self {
            priority: (Self::AVERAGE_VISIT * way * count / f64::max(total, 1.0)).max(1.0) as i64,
            way,
            moved: 1_500,
            deviation: 150 * care,
            continuity: 60 * care,
            unfairness: 30 * care,
        }
    }
}

/// A visit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Task {
    pub place: u32,
    pub duration: Time,
    /// Added to the duration by whoever comes from another place.
    pub setup: Time,
    /// What was asked, where it counts.
    pub asked: Option<Time>,
    /// The start to aim for, on the grid; [`LONG_AGO`] where none was asked for.
    pub wish: Time,
    pub priority: i64,
    pub crew: u8,
    pub fixed: bool,
    /// Time a helper needs for herself, wherever she is; counts on no limit.
    pub rest: bool,
    /// Told to people, so that another crew or start costs.
    pub published: bool,
    /// The worth of the most familiar face.
    pub familiar: i64,
    /// What is carried there, and what is carried away.
    pub brings: Vec<i64>,
    /// See `brings`.
    pub takes: Vec<i64>,
    /// Into [`Model::choices`].
    pub choices: Range<usize>,
}

/// A helper who could serve a visit.
#[derive(Debug, Clone)]
pub(crate) struct Choice {
    pub helper: usize,
    /// How familiar she is.
    pub worth: i64,
    /// Into [`Model::slots`].
    pub slots: Range<usize>,
}

/// Starts at which a helper could serve a visit, were she otherwise idle: both ends included, on the grid, on one day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot {
    pub from: Time,
    pub to: Time,
    pub day: u16,
    pub week: u16,
    /// Exactly the published start, to be kept exactly.
    pub keeps: bool,
}

/// A helper.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub start: Option<u32>,
    pub end: Option<u32>,
    /// Where her table begins in [`Model::ways`].
    pub ways: usize,
    /// When she leaves her start and has to be back at her end, where the way lies within her hours.
    pub hours: (Time, Time),
    pub daily_limit: i64,
    pub weekly_limit: i64,
    pub care_before: Vec<i64>,
    pub recent_load: i64,
    /// How much she can carry.
    pub capacity: Vec<i64>,
    pub most_visits: usize,
    pub most_walking: i64,
    /// Whether something about her has to be judged along the whole route: breaks, setups, things taken away.
    pub whole: bool,
}

/// The problem, flattened.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub weights: Weights,
    pub people: Vec<Person>,
    pub tasks: Vec<Task>,
    pub choices: Vec<Choice>,
    /// The helper of each choice once more: what is looked through most often lies close together.
    pub chosen: Vec<u32>,
    pub slots: Vec<Slot>,
    /// Of each visit, the middle of its window.
    pub middles: Vec<Time>,
    /// For each visit, those it keeps an order with; nothing at all where none does.
    pub ties: Vec<Vec<Tie>>,
    /// For each visit, the others nearest in way and time, nearest first.
    pub near: Vec<Vec<u32>>,
    /// Tables of walking, one after the other: from, to. Their last place is nowhere, no way from anything.
    pub ways: Vec<u32>,
    /// The same the other way round: to, from.
    pub back: Vec<u32>,
    /// Of each table, nowhere included.
    pub places: usize,
    pub grid: Time,
    pub days: usize,
    /// The week of the first day.
    pub week: usize,
}

impl Model {
    /// Nothing and nobody.
    pub(crate) fn empty() -> Self {
        Self {
            weights: Weights::of(&[], 1.0, false),
            people: Vec::new(),
            tasks: Vec::new(),
            choices: Vec::new(),
            chosen: Vec::new(),
            slots: Vec::new(),
            middles: Vec::new(),
            ties: Vec::new(),
            near: Vec::new(),
            ways: Vec::new(),
            back: Vec::new(),
            places: 0,
            grid: 1,
            days: 1,
            week: 0,
        }
    }

    /// Adds a table of ways between so many places, the same for every table.
    pub(crate) fn add_table(&mut self, places: usize, between: impl Fn(usize, usize) -> u32) {
        self.places = places + 1;
        self.ways.extend(table(places, &between));
        self.back
            .extend(table(places, |to, from| between(from, to)));
    }

    /// The middle of the next visit's window, by which it is near to others.
    pub(crate) fn near_at(&mut self, middle: Time) {
        self.middles.push(middle);
    }

    /// Those a visit keeps an order with.
    #[inline]
    pub(crate) fn ties(&self, visit: usize) -> &[Tie] {
        self.ties.get(visit).map_or(&[], Vec::as_slice)
    }

    /// Whether any visit keeps an order with another.
    pub(crate) fn has_ties(&self) -> bool {
        !self.ties.is_empty()
    }

    /// Whether a visit is for one helper and of no concern to others: it may start whenever its route allows.
    pub(crate) fn stands_alone(&self, visit: usize) -> bool {
        self.tasks[visit].crew < 2 && self.ties(visit).is_empty()
    }

    /// Whether a visit stands alone and may be anybody's.
    pub(crate) fn is_free(&self, visit: usize) -> bool {
        self.stands_alone(visit) && !self.tasks[visit].fixed
    }

    /// Adds a choice whose slots begin at `begin`.
    pub(crate) fn choose(&mut self, helper: usize, worth: i64, begin: usize) {
        self.chosen.push(u32::try_from(helper).unwrap_or(u32::MAX));
        self.choices.push(Choice {
            helper,
            worth,
            slots: begin..self.slots.len(),
        });
    }

    /// Finds the nearest others of every visit: walking both ways, and a tenth of the distance between the middles of the
    /// windows. Visits without a place are near to nothing.
    pub(crate) fn find_near(&mut self) {
        let middles = &self.middles;
        const NEAREST: usize = 150;
        let visits = self.tasks.len();
        let distance = |one: usize, other: usize| {
            let (from, to) = (self.tasks[one].place, self.tasks[other].place);
            let way = self.walk(0, from, to) + self.walk(0, to, from);
            way + (middles[one] - middles[other]).abs() / 10
        };
        let nearest = |one: usize| {
            let mut others: Vec<_> = (0..visits)
                .filter(|other| *other != one && !self.tasks[*other].rest)
                .map(|other| (distance(one, other), other as u32))
                .collect();
            if others.len() > NEAREST {
                others.select_nth_unstable(NEAREST);
                others.truncate(NEAREST);
            }
            others.sort_unstable();
            others.into_iter().map(|(_, other)| other).collect()
        };
        let near = (0..visits)
            .map(|one| {
                if self.tasks[one].rest {
                    Vec::new()
                } else {
                    nearest(one)
                }
            })
            .collect();
        self.near = near;
    }

    /// The average way between two visits, of a sample of them.
    pub(crate) fn mean_way(&self) -> f64 {
        let places: Vec<_> = self
            .tasks
            .iter()
            .filter(|task| !task.rest)
            .map(|task| task.place)
            .collect();
        let step = places.len() / 100 + 1;
        let pairs = places
            .iter()
            .step_by(step)
            .flat_map(|from| places.iter().step_by(step).map(move |to| (from, to)));
        let (count, total) = pairs.fold((0.0, 0.0), |(count, total), (from, to)| {
            (count + 1.0, total + f64::from(self.walk(0, *from, *to)))
        });
        f64::max(total / f64::max(count, 1.0), 1.0)
    }

    /// The place that is no way from anything.
    pub(crate) fn nowhere(&self) -> u32 {
        self.places as u32 - 1
    }

    /// Seconds on foot, in the table that begins at `ways`.
    #[inline]
    pub(crate) fn walk(&self, ways: usize, from: u32, to: u32) -> Time {
        self.ways[ways + from as usize * self.places + to as usize] as Time
    }

    #[inline]
    pub(crate) fn grid_up(&self, at: Time) -> Time {
        if self.grid == 1 {
            at
        } else {
            -(-at).div_euclid(self.grid) * self.grid
        }
    }

    #[inline]
    pub(crate) fn grid_down(&self, at: Time) -> Time {
        if self.grid == 1 {
            at
        } else {
            at.div_euclid(self.grid) * self.grid
        }
    }

    /// A helper's unfairness under a load of this problem's care.
    pub(crate) fn unfairness(&self, helper: usize, care: i64) -> i64 {
        if self.weights.unfairness == 0 {
            return 0;
        }
        let person = &self.people[helper];
        fair_share::of_load(person.weekly_limit, person.recent_load + care)
    }
}

/// A table of ways between so many places, and nowhere.
pub(crate) fn table(places: usize, between: impl Fn(usize, usize) -> u32) -> Vec<u32> {
    let whole = places + 1;
    (0..whole * whole)
        .map(|at| (at / whole, at % whole))
        .map(|(row, column)| {
            if row == places || column == places {
                0
            } else {
                between(row, column)
            }
        })
        .collect()
}

/// Quarters of an hour between asked-for and actual start.
pub(crate) fn deviation(task: &Task, start: Time) -> i64 {
    asked_time::cost(task.asked.map(Seconds::from), Seconds::from(start))
}

/// A time that fits the search; what lies further away is cut off.
pub(crate) fn time(at: Seconds) -> Time {
    Time::try_from(at.clamp(Seconds::from(LONG_AGO), -Seconds::from(LONG_AGO))).unwrap_or(0)
}
