//! Taking visits out, so that they can be put back better: strings of neighbouring visits (Christiaens and Vanden Berghe, 2020).

use super::model::Model;
use super::solution::Solution;
use rand::Rng;
use rand::rngs::SmallRng;

/// Visits taken out in one iteration, on average.
const REMOVED: f64 = 10.0;
/// Longest string taken out of one route.
const LONGEST: usize = 10;

/// Takes strings out of the routes around a visit: around an absent one in a third of the iterations, and then only out of
/// routes whose helper could serve it.
pub(super) fn ruin(model: &Model, solution: &mut Solution, rng: &mut SmallRng) {
    let visits = model.tasks.len();
    let lost = !solution.absent.is_empty() && rng.random_range(0..3) == 0;
    let seed = if lost {
        solution.absent[rng.random_range(0..solution.absent.len())]
    } else {
        rng.random_range(0..visits)
    };
    let placed = visits - solution.absent.len();
    let routes = solution
        .routes
        .iter()
        .filter(|route| !route.stops.is_empty())
        .count()
        .max(1);
    let longest = LONGEST.min((placed / routes).max(1)) as f64;
    let most = (4.0 * REMOVED / (1.0 + longest) - 1.0).max(1.0);
    let strings = rng.random_range(1.0..=most + 1.0) as usize;
    let able: &[super::model::Choice] = if lost {
        &model.choices[model.tasks[seed].choices.clone()]
    } else {
        &[]
    };
    let mut cut: Vec<usize> = Vec::with_capacity(strings);
    for near in std::iter::once(seed).chain(model.near[seed].iter().map(|near| *near as usize)) {
        if cut.len() >= strings {
            break;
        }
        let crew = solution.crew(near);
        if crew.is_none() {
            continue;
        }
        let helper = crew.first();
        let useful = !lost
            || able
                .binary_search_by_key(&helper, |choice| choice.helper)
                .is_ok();
        if useful && !cut.contains(&helper) {
            cut.push(helper);
            let limit = longest.min(solution.routes[helper].stops.len() as f64);
            let length = rng.random_range(1.0..=limit + 1.0) as usize;
            take_string(model, solution, helper, near, length, rng);
        }
    }
}

/// Takes a string around a visit out of a route; in half the cases a few in its middle stay.
fn take_string(
    model: &Model,
    solution: &mut Solution,
    helper: usize,
    around: usize,
    length: usize,
    rng: &mut SmallRng,
) {
    let stops = &solution.routes[helper].stops;
    let Some(at) = stops.iter().position(|stop| stop.visit == around) else {
        return;
    };
    let length = length.clamp(1, stops.len());
    let mut spared = 0;
    if length > 1 && rng.random_bool(0.5) {
        while length + spared < stops.len() && rng.random_bool(0.99) && spared == 0 {
            spared += 1;
        }
        while spared > 0 && length + spared < stops.len() && rng.random_bool(0.5) {
            spared += 1;
        }
    }
    let whole = length + spared;
    let first = (at + 1).saturating_sub(whole);
    let last = at.min(stops.len() - whole);
    let begin = rng.random_range(first..=last);
    let skip = if spared > 0 {
        rng.random_range(1..length.max(2))
    } else {
        length
    };
    let taken: Vec<_> = (0..whole)
        .filter(|at| *at < skip || *at >= skip + spared)
        .map(|at| stops[begin + at].visit)
        .collect();
    for visit in taken {
        solution.remove(model, visit);
    }
}
