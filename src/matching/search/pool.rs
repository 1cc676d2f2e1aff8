//! The routes that good plans were made of, and plans made anew of them: what the search found at different times, each part
//! beside much that was worse, comes together. A day that is full to the brim is left only by changing many routes at once.

use super::model::Model;
use super::route::Stop;
use super::select::{Candidate, MOST_VISITS, select};
use super::solution::Solution;
use rand::RngCore;
use rand::rngs::SmallRng;
use std::collections::HashMap;

/// Routes kept of each helper; there may be twice as many before the worse half goes.
const MOST: usize = 200;
/// How much worse than the best a plan may be for its routes to be kept, in ways.
const NEAR: f64 = 4.0;
/// What a point of priority counts here, of what it costs in the search: still more than any detour, and prices that belong
/// to it are found in half the steps.
const PRIORITY: f64 = 0.33;

/// A route as it was when it cost least.
struct Known {
    /// What it added to its plan's cost, but for the priority of its visits.
    cost: i64,
    /// The cost of the best plan it was part of.
    company: i64,
    /// Its stops, and which of them are kept as published.
    stops: Vec<(Stop, bool)>,
    /// Differs where it holds other stops that hang on more than this route, or holds them at another time.
    held: u64,
}

#[derive(Default)]
struct OfHelper {
    routes: Vec<Known>,
    /// Where the route of a set of visits stands.
    at: HashMap<u64, usize>,
}

/// What is remembered, of a day small enough to be put together anew as a whole; of any other nothing.
pub(super) struct Pool {
    helpers: Vec<OfHelper>,
    /// Of each visit. A set of visits is known by theirs together (Zobrist 1970).
    marks: Vec<u64>,
}

impl Pool {
    pub(super) fn new(model: &Model, rng: &mut SmallRng) -> Self {
        let small = model.tasks.len() <= MOST_VISITS;
        let people = if small { model.people.len() } else { 0 };
        Self {
            helpers: (0..people).map(|_| OfHelper::default()).collect(),
            marks: model.tasks.iter().map(|_| rng.next_u64()).collect(),
        }
    }

    /// Remembers the routes that the iteration under way has changed, if the plan is not much worse than `best`.
    pub(super) fn remember(&mut self, model: &Model, plan: &Solution, best: &Solution) {
        let cost = plan.cost(model);
        if (cost - best.cost(model)) as f64 > NEAR * model.weights.way {
            return;
        }
        for helper in plan.changed() {
            if let Some(of) = self.helpers.get_mut(helper) {
                of.remember(model, plan, helper, cost, &self.marks);
            }
        }
    }

    /// Goes on from the best choice of one known route for each helper, where that is better than the plan. What hangs on
    /// more than one route stays as it is.
    pub(super) fn improve(&self, model: &Model, plan: &mut Solution) {
        if self.helpers.is_empty() {
            return;
        }
        let choice = Choice::new(self, model, plan);
        let Some(selected) = select(&choice.candidates, &choice.worth, choice.cost) else {
            return;
        };
        let before = plan.score();
        plan.begin();
        let known = |(helper, at): (usize, &usize)| {
            let index = choice.known[helper][*at]?;
            Some((helper, &self.helpers[helper].routes[index]))
        };
        let new: Vec<(usize, &Known)> = selected.iter().enumerate().filter_map(known).collect();
        for (helper, _) in &new {
            plan.clear_route(model, *helper);
        }
        for (helper, known) in &new {
            plan.adopt(model, *helper, &known.stops);
        }
        if !plan.is_sound() || plan.score() >= before {
            plan.undo();
        }
        plan.begin();
    }
}

impl OfHelper {
    fn remember(
        &mut self,
        model: &Model,
        plan: &Solution,
        helper: usize,
        company: i64,
        marks: &[u64],
    ) {
        let stops = &plan.routes[helper].stops;
        let held = held(model, stops, marks);
        let key = key(model, stops.iter(), marks) ^ held;
        let cost = plan.route_cost(model, helper);
        let Some(at) = self.at.get(&key) else {
            self.at.insert(key, self.routes.len());
            self.routes.push(Known {
                cost,
                company,
                stops: plan.seated(helper),
                held,
            });
            self.thin_out(model, marks);
            return;
        };
        let known = &mut self.routes[*at];
        known.company = known.company.min(company);
        if cost < known.cost {
            known.cost = cost;
            known.stops = plan.seated(helper);
        }
    }

    /// Where there are too many, those stay that were part of the best plans.
    fn thin_out(&mut self, model: &Model, marks: &[u64]) {
        if self.routes.len() < 2 * MOST {
            return;
        }
        self.routes.sort_by_key(|known| known.company);
        self.routes.truncate(MOST);
        let key = |known: &Known| {
            key(model, known.stops.iter().map(|(stop, _)| stop), marks) ^ known.held
        };
        self.at = self.routes.iter().map(key).zip(0..).collect();
    }
}

/// Tells the routes of different visits apart, of those that may be anybody's.
fn key<'s>(model: &Model, stops: impl Iterator<Item = &'s Stop>, marks: &[u64]) -> u64 {
    let free = stops.filter(|stop| model.is_free(stop.visit as usize));
    free.fold(0, |key, stop| key ^ marks[stop.visit as usize])
}

/// Tells routes apart by the rest.
fn held(model: &Model, stops: &[Stop], marks: &[u64]) -> u64 {
    let held = stops
        .iter()
        .filter(|stop| !model.is_free(stop.visit as usize));
    let mark = |stop: &Stop| marks[stop.visit as usize].wrapping_mul(2 * stop.start as u64 + 1);
    held.fold(0, |key, stop| key ^ mark(stop).rotate_left(1))
}

/// What there is to choose from: the routes the helpers have, and those known that hold the same.
struct Choice {
    /// Of each helper.
    candidates: Vec<Vec<Candidate>>,
    /// Which known route a candidate is; the one she has is none.
    known: Vec<Vec<Option<usize>>>,
    /// Of each visit that may be anybody's, what it costs to leave it out.
    worth: Vec<f64>,
    /// What the plan costs.
    cost: f64,
}

impl Choice {
    fn new(pool: &Pool, model: &Model, plan: &Solution) -> Self {
        let free = (0..model.tasks.len()).filter(|visit| model.is_free(*visit));
        let visits: Vec<usize> = free.collect();
        let mut seats = vec![0; model.tasks.len()];
        for (seat, visit) in (0..).zip(&visits) {
            seats[*visit] = seat;
        }
        let weight = model.weights.priority as f64 * PRIORITY;
        let worth = |visit: &usize| model.tasks[*visit].priority as f64 * weight;
        let absent = |visit: &&usize| plan.crew(**visit).is_none();
        let mut choice = Self {
            candidates: Vec::with_capacity(pool.helpers.len()),
            known: Vec::with_capacity(pool.helpers.len()),
            worth: visits.iter().map(worth).collect(),
            cost: visits.iter().filter(absent).map(worth).sum(),
        };
        for (helper, of) in pool.helpers.iter().enumerate() {
            let candidate = |cost: i64, stops: &mut dyn Iterator<Item = &Stop>| {
                let visits = stops.map(|stop| stop.visit as usize);
                let free = visits.filter(|visit| model.is_free(*visit));
                Candidate::new(cost as f64, free.map(|visit| seats[visit]).collect())
            };
            let had = &plan.routes[helper].stops;
            let cost = plan.route_cost(model, helper);
            let mut candidates = vec![candidate(cost, &mut had.iter())];
            let mut known = vec![None];
            let held = held(model, had, &pool.marks);
            let others = of.routes.iter().enumerate();
            for (at, route) in others.filter(|(_, route)| route.held == held) {
                let stops = &mut route.stops.iter().map(|(stop, _)| stop);
                candidates.push(candidate(route.cost, stops));
                known.push(Some(at));
            }
            choice.cost += cost as f64;
            choice.candidates.push(candidates);
            choice.known.push(known);
        }
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Search, recreate};
    use super::*;
    use crate::checker::{check, score_of};
    use crate::testing::random::{Size, problem};

    #[test]
    fn a_plan_is_put_together_anew_of_what_others_were_made_of() {
        let mut better = 0;
        for seed in 0..60 {
            let size = Size {
                days: 2,
                helpers: 6,
                visits: 30,
            };
            let problem = problem(size, seed);
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            recreate::keep_held(&model, &problem, &mut search.solution);
            search.construct(|_| false);
            search.ruiner.measure(&model, &search.solution);
            let first = search.solution.clone();
            let mut pool = Pool::new(&model, &mut search.rng);
            for _ in 0..300 {
                let before = search.solution.score();
                search.step();
                if search.solution.is_sound() && search.solution.score() <= before {
                    // Whatever it is, it is no worse than a plan without any routes.
                    pool.remember(&model, &search.solution, &Solution::new(&model));
                } else {
                    search.solution.undo();
                }
            }
            search.solution.copy(&first);
            let plan = &mut search.solution;
            pool.improve(&model, plan);
            assert_eq!(
                plan.score(),
                score_of(&problem, &plan.placements()),
                "seed {seed}"
            );
            assert_eq!(check(&problem, &plan.placements()), [], "seed {seed}");
            assert!(plan.score() <= first.score(), "seed {seed}");
            better += usize::from(plan.score() < first.score());
        }
        assert!(better >= 20, "{better} of 60");
    }
}
