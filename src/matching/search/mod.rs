//! The solver: ruin and recreate under simulated annealing.
//!
//! Each iteration takes a few strings of visits out of neighbouring routes, puts everything absent back where it costs least,
//! and keeps the outcome if it is better, or worse by no more than a temperature allows that falls from start to end. Costs
//! are weighted sums on the way; the best plan is kept by the lexicographic [`crate::Score`].
//!
//! | module | does |
//! |---|---|
//! | `model` | the problem flattened: who could serve what, and when |
//! | `route` | one helper's visits, with earliest and latest starts, so that a gap is judged in constant time |
//! | `solution` | all routes, their cost, a journal to undo an iteration |
//! | `ruin`, `insert`, `recreate` | one iteration's two halves |
//! | `cooling` | the temperature |

mod cooling;
mod insert;
mod model;
mod recreate;
mod route;
mod ruin;
mod solution;
mod stop;

pub use stop::{Iterations, Progress, Stop};

use crate::checker::score_of;
use crate::problem::{Placed, Plan, Problem};
use cooling::Cooling;
use insert::Inserter;
use model::Model;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
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
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut inserter = Inserter::new(&model);
    let mut solution = Solution::new(&model);
    recreate::construct(&model, &mut solution, &mut inserter, &mut rng);
    let best = search(&model, solution, &mut inserter, stop, &mut rng);
    Plan {
        score: score_of(problem, &best),
        assignments: best,
    }
}

fn search(
    model: &Model,
    mut solution: Solution,
    inserter: &mut Inserter,
    stop: &mut dyn Stop,
    rng: &mut SmallRng,
) -> Vec<Option<Placed>> {
    let mut best = solution.clone();
    let mut cooling = Cooling::new(model);
    let mut progress = Progress {
        iterations: 0,
        best: best.score(),
    };
    let movable = model
        .tasks
        .iter()
        .any(|task| !task.fixed && !task.choices.is_empty());
    while movable && !stop.done(&progress) {
        let spent = stop.spent(&progress);
        if cooling.warms_up(progress.iterations, spent) {
            solution.copy(&best);
        }
        let temperature = cooling.temperature(progress.iterations, spent);
        let before = solution.cost(model);
        solution.begin();
        ruin::ruin(model, &mut solution, rng);
        recreate::recreate(model, &mut solution, inserter, rng);
        let worse = (solution.cost(model) - before) as f64;
        if solution.score() < best.score() {
            best.copy(&solution);
        } else if worse > -temperature * rng.random_range(f64::MIN_POSITIVE..1.0).ln() {
            solution.undo();
        }
        progress = Progress {
            iterations: progress.iterations + 1,
            best: best.score(),
        };
    }
    best.placements()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random::{Size, problem};

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
            let mut rng = SmallRng::seed_from_u64(seed);
            let mut inserter = Inserter::new(&model);
            let mut solution = Solution::new(&model);
            recreate::construct(&model, &mut solution, &mut inserter, &mut rng);
            for turn in 0..50 {
                let before = (solution.score(), solution.placements());
                solution.begin();
                ruin::ruin(&model, &mut solution, &mut rng);
                recreate::recreate(&model, &mut solution, &mut inserter, &mut rng);
                assert_eq!(
                    solution.score(),
                    score_of(&problem, &solution.placements()),
                    "seed {seed} turn {turn}"
                );
                if turn % 2 == 0 {
                    solution.undo();
                    assert_eq!((solution.score(), solution.placements()), before);
                }
            }
        }
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
