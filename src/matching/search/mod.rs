//! The solver: ruin and recreate under simulated annealing.
//!
//! Each iteration takes a few strings of visits out of neighbouring routes, puts everything absent back where it costs least,
//! and keeps the outcome if it is better, or worse by no more than a temperature allows that falls from start to end. Costs
//! are weighted sums on the way; the best plan is kept by the lexicographic [`crate::Score`].
//!
//! | module | does |
//! |---|---|
//! | `model` | the problem flattened: who could serve what, and when |
//! | `stated` | the product's problem as such a model |
//! | `route` | one helper's visits, with earliest and latest starts, so that a gap is judged in constant time |
//! | `solution` | all routes, their cost, a journal to undo an iteration |
//! | `whole` | the same for routes that have to be judged from end to end |
//! | `ruin`, `insert`, `pair`, `recreate` | one iteration's two halves |
//! | `order` | visits that keep an order with others |
//! | `moves` | single moves between the iterations |
//! | `known` | what is remembered of gaps |
//! | `lanes` | routes packed for the eye that looks at them most often |
//! | `cooling`, `fall` | the temperature, and the rounds in which it falls |
//! | `stay` | what was published and could stay, stays |
//! | `family` | the plans of rounds, and their children |
//! | `pool`, `select` | the routes of good plans, and the best choice among them |

mod cooling;
mod fall;
mod family;
mod insert;
mod known;
mod lanes;
pub(crate) mod model;
mod moves;
mod order;
mod pair;
mod pool;
mod recreate;
mod route;
mod ruin;
mod select;
mod solution;
mod stated;
mod stay;
mod stop;
mod whole;

pub use stop::{Iterations, Progress, Stop};

use crate::checker::score_of;
use crate::problem::{Plan, Problem};
use cooling::{Cooling, Turn};
use family::Family;
use insert::Inserter;
use model::{Model, Time};
use moves::Moves;
use pool::Pool;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use recreate::Recreator;
use ruin::Ruiner;
use solution::Solution;

/// The best plan found until `stop` says so. The same problem, seed and number of iterations give the same plan.
///
/// What is held fixed stays as it is; what is published stays unless it breaks a hard rule or moving it serves more priority;
/// what is proposed is a place to begin.
///
/// # Panics
/// May, where [`Problem::validate`] refuses the problem.
pub fn solve(problem: &Problem, stop: &mut dyn Stop, seed: u64) -> Plan {
    let model = Model::new(problem);
    let mut search = Search::new(&model, Solution::of(&model, problem), seed);
    recreate::keep_held(&model, problem, &mut search.solution);
    search.construct(|visit| problem.visits[visit].held.is_some());
    let best = stay::stay(problem, search.run(stop).placements());
    Plan {
        score: score_of(problem, &best),
        assignments: best,
    }
}

/// The best routes found until `stop` says so: each helper's visits in order with the start of each. Begins with the
/// routes that are given, as far as they can stand.
pub(crate) fn solve_model(
    model: &Model,
    given: &[Vec<usize>],
    stop: &mut dyn Stop,
    seed: u64,
) -> Vec<Vec<(usize, Time)>> {
    let mut search = Search::new(model, Solution::new(model), seed);
    recreate::take_breaks(
        model,
        &mut search.solution,
        &mut search.inserter,
        &mut search.rng,
    );
    for (helper, visits) in given.iter().enumerate() {
        for visit in visits {
            recreate::append(model, &mut search.solution, helper, *visit);
        }
    }
    search.construct(|_| false);
    let best = search.run(stop);
    let route = |route: &route::Route| {
        let stops = route.stops.iter();
        stops
            .map(|stop| (stop.visit as usize, stop.start))
            .collect()
    };
    best.routes.iter().map(route).collect()
}

/// Whether the search looks at routes packed for its eye, which makes it half as fast again: see `lanes`.
#[cfg(test)]
pub(crate) fn is_packed(model: &Model) -> bool {
    Solution::new(model).lanes.is_some()
}

/// A search and everything it remembers.
struct Search<'m> {
    model: &'m Model,
    solution: Solution,
    inserter: Inserter,
    ruiner: Ruiner,
    recreator: Recreator,
    rng: SmallRng,
}

impl<'m> Search<'m> {
    fn new(model: &'m Model, solution: Solution, seed: u64) -> Self {
        Self {
            model,
            solution,
            inserter: Inserter::new(model),
            ruiner: Ruiner::new(),
            recreator: Recreator::new(model),
            rng: SmallRng::seed_from_u64(seed),
        }
    }

    /// The first plan: what is absent goes in where it fits.
    fn construct(&mut self, held: impl Fn(usize) -> bool) {
        let (inserter, rng) = (&mut self.inserter, &mut self.rng);
        recreate::construct(self.model, &mut self.solution, inserter, held, rng);
    }

    /// One step away from the present solution.
    fn step(&mut self) {
        let (model, rng) = (self.model, &mut self.rng);
        let solution = &mut self.solution;
        solution.begin();
        let before = solution.absent.len();
        let lost = self.ruiner.ruin(model, solution, rng);
        order::loosen(model, solution, before, rng);
        self.recreator
            .recreate(model, solution, &mut self.inserter, (before, lost), rng);
    }

    fn run(mut self, stop: &mut dyn Stop) -> Solution {
        let model = self.model;
        let first = self.solution.clone();
        let mut best = Best {
            ever: first.clone(),
            round: first.clone(),
            family: Family::default(),
            routes: Pool::new(model, &mut self.rng),
        };
        let mut cooling = Cooling::new(model);
        let mut moves = Moves::new(model, &self.solution);
        let mut progress = Progress {
            iterations: 0,
            best: best.ever.score(),
            unserved: best.ever.absent.len(),
        };
        let movable = model
            .tasks
            .iter()
            .any(|task| !task.fixed && !task.choices.is_empty());
        while movable && !stop.done(&progress) {
            let spent = stop.spent(&progress);
            if progress.iterations.is_multiple_of(MEASURED_EVERY) {
                self.ruiner.measure(model, &self.solution);
            }
            let turn = cooling.turn(progress.iterations, spent);
            self.turn(turn, &first, &mut best);
            let temperature = cooling.temperature(progress.iterations, spent);
            if let Some(moves) = &mut moves
                && moves.are_due(progress.iterations)
            {
                let done = || stop.done(&progress);
                let (solution, rng) = (&mut self.solution, &mut self.rng);
                moves.make(model, solution, temperature, rng, done);
                best.improves(&self.solution);
            }
            let before = self.solution.cost(model);
            self.step();
            let worse = (self.solution.cost(model) - before) as f64;
            let kept = self.solution.is_sound()
                && (best.improves(&self.solution)
                    || worse <= -temperature * self.rng.random_range(f64::MIN_POSITIVE..1.0).ln());
            if kept {
                self.solution.keep();
            } else {
                self.solution.undo();
            }
            if kept && cooling.is_memorable(spent) {
                best.routes.remember(model, &self.solution, &best.round);
            }
            progress = Progress {
                iterations: progress.iterations + 1,
                best: best.ever.score(),
                unserved: best.ever.absent.len(),
            };
        }
        best.ever
    }

    /// Goes to where the next iteration begins.
    fn turn(&mut self, turn: Turn, first: &Solution, best: &mut Best) {
        match turn {
            Turn::On => return,
            Turn::Back => {
                self.solution.copy(&best.round);
                return;
            }
            Turn::Select => {
                self.solution.copy(&best.round);
                best.routes.improve(self.model, &mut self.solution);
                best.improves(&self.solution);
                return;
            }
            Turn::Afresh => {
                best.family.remember(&best.round);
                self.solution.copy(first);
            }
            Turn::Child => {
                best.family.remember(&best.round);
                match best.family.parents(&mut self.rng) {
                    Some((one, other)) => self.cross(one, other),
                    None => self.solution.copy(first),
                }
            }
        }
        best.round.copy(&self.solution);
    }
}

/// The best plans so far.
struct Best {
    ever: Solution,
    /// Of the round under way.
    round: Solution,
    /// Of the rounds before.
    family: Family,
    /// What good ones were made of.
    routes: Pool,
}

impl Best {
    /// Whether a plan is the best of its round; it is kept then.
    fn improves(&mut self, plan: &Solution) -> bool {
        if plan.score() >= self.round.score() {
            return false;
        }
        self.round.copy(plan);
        if plan.score() < self.ever.score() {
            self.ever.copy(plan);
        }
        true
    }
}

/// Iterations between two looks at how long routes are.
const MEASURED_EVERY: u64 = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random::{Size, plain_day, problem};

    #[test]
    fn the_running_score_is_the_score() {
        for seed in 0..20 {
            let problem = problem(
                Size {
                    days: 2,
                    helpers: 8,
                    visits: 40,
                },
                seed,
            );
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            recreate::keep_held(&model, &problem, &mut search.solution);
            search.construct(|_| false);
            search.ruiner.measure(&model, &search.solution);
            for turn in 0..50 {
                let before = (search.solution.score(), search.solution.placements());
                search.step();
                assert_eq!(
                    search.solution.score(),
                    score_of(&problem, &search.solution.placements()),
                    "seed {seed} turn {turn}"
                );
                if turn % 2 == 0 {
                    search.solution.undo();
                    assert_eq!(
                        (search.solution.score(), search.solution.placements()),
                        before
                    );
                }
            }
        }
    }

    #[test]
    fn moves_on_a_large_day_end_when_time_is_up() {
        let size = Size {
            days: 1,
            helpers: 20,
            visits: 120,
        };
        let problem = plain_day(size, 3);
        let mut asked = 0;
        // Time is up while the first moves are made: there would be thousands of them.
        let mut stop = |_: &Progress| {
            asked += 1;
            asked >= 3
        };
        let plan = solve(&problem, &mut stop, 0);
        assert_eq!(asked, 4, "once more after the step that follows");
        assert_eq!(crate::checker::check(&problem, &plan.assignments), []);
    }

    #[test]
    fn any_closure_stops_it() {
        let problem = problem(
            Size {
                days: 1,
                helpers: 4,
                visits: 10,
            },
            3,
        );
        let mut seen = 0;
        let mut stop = |progress: &Progress| {
            seen = progress.iterations;
            progress.iterations >= 10
        };
        solve(&problem, &mut stop, 0);
        assert_eq!(seen, 10);
    }
}
