//! The last look over a plan: what was published and could stay where it was, stays.
//!
//! The search moves what is published where that serves more, and the score counts each move; but in the fifth of a second
//! that a sick call gets it may leave a move behind that serves nothing any more. People were told: so each is looked at.

use crate::problem::{Held, Hold, Placed, Problem, VisitIx};
use crate::rules::crew_exclusions;
use crate::state::PlanState;

/// The same plan with every published visit back that no rule keeps away.
pub(super) fn stay(problem: &Problem, plan: Vec<Option<Placed>>) -> Vec<Option<Placed>> {
    let published: Vec<(VisitIx, &Held)> = problem
        .visit_ixs()
        .filter_map(|visit| Some((visit, problem.visit(visit).held.as_ref()?)))
        .filter(|(_, held)| held.hold == Hold::Published)
        .collect();
    if published.is_empty() {
        return plan;
    }
    let mut state = PlanState::of(problem, &plan);
    // One that goes back may make room for another.
    loop {
        let mut went_back = false;
        for (visit, held) in &published {
            went_back |= go_back(problem, &mut state, *visit, held);
        }
        if !went_back {
            return state.placements().to_vec();
        }
    }
}

/// Puts a visit back where it was published, if it is not there and can be. Tells whether it did.
fn go_back(problem: &Problem, state: &mut PlanState, visit: VisitIx, held: &Held) -> bool {
    let stays = |placed: &Placed| placed.helpers == held.helpers && placed.start == held.start;
    if state.placed(visit).is_some_and(stays) {
        return false;
    }
    let elsewhere = state.take(visit);
    let back = crew_exclusions(problem, state, visit, &held.helpers, held.start).is_empty();
    let placed = if back {
        Some(Placed {
            helpers: held.helpers.clone(),
            start: held.start,
        })
    } else {
        elsewhere
    };
    if let Some(placed) = placed {
        state.put(problem, visit, placed);
    }
    back
}
