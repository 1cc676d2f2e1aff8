//! The solver: a function of the problem, a stop and a seed.

mod stop;

pub use stop::{Iterations, Progress, Stop};

use crate::checker::score_of;
use crate::problem::{Hold, Placed, Plan, Problem};
use crate::rules::{crew_exclusions, priority, room};
use crate::state::PlanState;

/// The best plan found until `stop` says so. The same problem, seed and number of iterations give the same plan.
///
/// # Panics
/// Where [`Problem::validate`] refuses the problem.
pub fn solve(problem: &Problem, stop: &mut dyn Stop, seed: u64) -> Plan {
    let _ = seed;
    let mut state = PlanState::fixed(problem);
    let mut order: Vec<_> = problem
        .visit_ixs()
        .filter(|visit| state.placed(*visit).is_none())
        .collect();
    order.sort_by_key(|visit| std::cmp::Reverse(priority::cost(problem, *visit)));
    for hold in [Hold::Published, Hold::Proposed] {
        for visit in &order {
            let Some(held) = problem
                .visit(*visit)
                .held
                .as_ref()
                .filter(|held| held.hold == hold)
            else {
                continue;
            };
            if crew_exclusions(problem, &state, *visit, &held.helpers, held.start).is_empty()
                && held.start % problem.grid == 0
            {
                state.put(
                    problem,
                    *visit,
                    Placed {
                        helpers: held.helpers.clone(),
                        start: held.start,
                    },
                );
            }
        }
    }
    for visit in order {
        if state.placed(visit).is_none() && problem.visit(visit).crew == 1 {
            let of = problem.visit(visit);
            let wish = problem.grid_down(of.asked.unwrap_or(of.window.from));
            let starts = problem.helper_ixs().filter_map(|helper| {
                Some((
                    room::nearest(&room::free(problem, &state, visit, helper, of.window), wish)?,
                    helper,
                ))
            });
            if let Some((start, helper)) = starts.min_by_key(|(start, _)| (start - wish).abs()) {
                state.put(
                    problem,
                    visit,
                    Placed {
                        helpers: vec![helper],
                        start,
                    },
                );
            }
        }
    }
    let assignments = state.placements().to_vec();
    let score = score_of(problem, &assignments);
    stop.done(&Progress {
        iterations: 0,
        best: score,
    });
    Plan { assignments, score }
}
