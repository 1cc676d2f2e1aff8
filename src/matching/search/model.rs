//! The problem as the search reads it: flat, filtered once, without strings.

use crate::problem::{Goal, HelperIx, Hold, PlaceIx, Problem, Seconds, VisitIx};
use crate::rules::{continuity, fair_share, room};
use std::ops::Range;

/// What one unit of each soft rule costs in walking seconds while the search is under way. The best plan is kept by the
/// lexicographic score; these only steer, so they may be traded against each other on the way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    pub priority: i64,
    pub moved: i64,
    pub deviation: i64,
    pub continuity: i64,
    pub unfairness: i64,
}

impl Weights {
    /// What leaving out a visit of average priority costs: far more than any way within a compound, and not so much that
    /// one visit could never be exchanged for another.
    const AVERAGE_VISIT: i64 = 12_000;

    fn of(problem: &Problem) -> Self {
        let total: i64 = problem
            .visits
            .iter()
            .map(|visit| i64::from(visit.priority))
            .sum();
        let visits = i64::try_from(problem.visits.len()).unwrap_or(1);
        let priority = (Self::AVERAGE_VISIT * visits / total.max(1)).max(1);
        let care = i64::from(problem.goal == Goal::Care);
        Self {
            priority,
            moved: 1_500,
            deviation: 150 * care,
            continuity: 60 * care,
            unfairness: 30 * care,
        }
    }
}

/// A visit.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub place: PlaceIx,
    pub duration: Seconds,
    /// What was asked, where it counts.
    pub asked: Option<Seconds>,
    /// The start to aim for, on the grid; far in the past where none was asked for.
    pub wish: Seconds,
    pub priority: i64,
    pub crew: u8,
    pub fixed: bool,
    /// Told to people, so that another crew or start costs.
    pub published: bool,
    /// The worth of the most familiar face.
    pub familiar: i64,
    /// Into [`Model::choices`].
    pub choices: Range<usize>,
}

/// A helper who could serve a visit.
#[derive(Debug, Clone)]
pub(super) struct Choice {
    pub helper: usize,
    /// How familiar she is.
    pub worth: i64,
    /// Into [`Model::slots`].
    pub slots: Range<usize>,
}

/// Starts at which a helper could serve a visit, were she otherwise idle: both ends included, on the grid, on one day.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot {
    pub from: Seconds,
    pub to: Seconds,
    pub day: usize,
    pub week: usize,
    /// Exactly the published start, to be kept exactly.
    pub keeps: bool,
}

/// The problem, flattened.
pub(super) struct Model<'p> {
    pub problem: &'p Problem,
    pub weights: Weights,
    pub tasks: Vec<Task>,
    pub choices: Vec<Choice>,
    pub slots: Vec<Slot>,
    /// For each visit, the others nearest in way and time, nearest first.
    pub near: Vec<Vec<u32>>,
}

impl<'p> Model<'p> {
    pub(super) fn new(problem: &'p Problem) -> Self {
        let mut model = Self {
            problem,
            weights: Weights::of(problem),
            tasks: Vec::with_capacity(problem.visits.len()),
            choices: Vec::new(),
            slots: Vec::new(),
            near: Vec::new(),
        };
        for visit in problem.visit_ixs() {
            let choices = model.choices_of(visit);
            let of = problem.visit(visit);
            let hold = of.held.as_ref().map(|held| held.hold);
            let asked = of.asked.filter(|_| problem.goal == Goal::Care);
            model.tasks.push(Task {
                place: of.place,
                duration: of.duration,
                asked,
                wish: asked.map_or(Seconds::MIN, |asked| {
                    problem.grid_down(asked + problem.grid / 2)
                }),
                priority: i64::from(of.priority),
                crew: of.crew,
                fixed: hold == Some(Hold::Fixed),
                published: hold == Some(Hold::Published),
                familiar: continuity::best(of),
                choices,
            });
        }
        model.near = neighbours(problem);
        model
    }

    fn choices_of(&mut self, visit: VisitIx) -> Range<usize> {
        let of = self.problem.visit(visit);
        let first = self.choices.len();
        for helper in self.problem.helper_ixs() {
            if !room::permitted(self.problem, visit, helper) {
                continue;
            }
            let begin = self.slots.len();
            for span in room::idle(self.problem, visit, helper, of.window) {
                self.add_kept(visit, helper, span);
                let (day, week) = (
                    self.problem.day_of(span.from),
                    self.problem.week_of(span.from),
                );
                self.slots.push(Slot {
                    from: span.from,
                    to: span.to,
                    day,
                    week,
                    keeps: false,
                });
            }
            if begin < self.slots.len() {
                let worth = continuity::worth(of, helper);
                self.choices.push(Choice {
                    helper: helper.0,
                    worth,
                    slots: begin..self.slots.len(),
                });
            }
        }
        first..self.choices.len()
    }

    /// The published start as a slot of its own, where it lies in the span.
    fn add_kept(&mut self, visit: VisitIx, helper: HelperIx, span: room::Starts) {
        let held = self.problem.visit(visit).held.as_ref();
        let Some(held) =
            held.filter(|held| held.hold == Hold::Published && held.helpers.contains(&helper))
        else {
            return;
        };
        let inside = span.from <= held.start
            && held.start <= span.to
            && self.problem.grid_down(held.start) == held.start;
        if inside {
            let (day, week) = (
                self.problem.day_of(span.from),
                self.problem.week_of(span.from),
            );
            self.slots.push(Slot {
                from: held.start,
                to: held.start,
                day,
                week,
                keeps: true,
            });
        }
    }

    pub(super) fn walk(&self, from: PlaceIx, to: PlaceIx) -> Seconds {
        self.problem.walking.between(from, to)
    }

    pub(super) fn grid_up(&self, at: Seconds) -> Seconds {
        if self.problem.grid == 1 {
            at
        } else {
            self.problem.grid_up(at)
        }
    }

    pub(super) fn grid_down(&self, at: Seconds) -> Seconds {
        if self.problem.grid == 1 {
            at
        } else {
            self.problem.grid_down(at)
        }
    }

    /// A helper's unfairness under a load of this problem's care.
    pub(super) fn unfairness(&self, helper: usize, care: Seconds) -> i64 {
        if self.weights.unfairness == 0 {
            return 0;
        }
        let person = &self.problem.helpers[helper];
        fair_share::cost(person, person.recent_load + care)
    }
}

/// The nearest others of every visit: walking both ways, and a tenth of the distance between the middles of the windows.
fn neighbours(problem: &Problem) -> Vec<Vec<u32>> {
    const NEAREST: usize = 150;
    let middle = |at: usize| (problem.visits[at].window.from + problem.visits[at].window.to) / 2;
    let place = |at: usize| problem.visits[at].place;
    let distance = |one: usize, other: usize| {
        let way = problem.walking.between(place(one), place(other))
            + problem.walking.between(place(other), place(one));
        way + (middle(one) - middle(other)).abs() / 10
    };
    let visits = problem.visits.len();
    (0..visits)
        .map(|one| {
            let mut others: Vec<_> = (0..visits)
                .filter(|other| *other != one)
                .map(|other| (distance(one, other), other as u32))
                .collect();
            if others.len() > NEAREST {
                others.select_nth_unstable(NEAREST);
                others.truncate(NEAREST);
            }
            others.sort_unstable();
            others.into_iter().map(|(_, other)| other).collect()
        })
        .collect()
}
