//! The plans that rounds have found, and their children: some routes of one plan and the rest of another, so that what two
//! rounds found apart comes together. Where a day is full to the brim, a plan is left only by changing many routes at once.

use super::Search;
use super::insert::Among;
use super::model::Model;
use super::recreate;
use super::solution::Solution;
use rand::rngs::SmallRng;
use rand::{Rng, RngCore};

/// What share of the helpers a child takes over from its other parent.
const SHARE: std::ops::Range<f64> = 0.1..0.5;

/// Plans that are remembered.
const MOST: usize = 6;

/// The best plans of rounds, no two of the same score, best first.
#[derive(Default)]
pub(super) struct Family {
    plans: Vec<Solution>,
}

impl Family {
    /// Remembers a plan, if it is among the best.
    pub(super) fn remember(&mut self, plan: &Solution) {
        if self.plans.iter().any(|known| known.score() == plan.score()) {
            return;
        }
        self.plans.push(plan.clone());
        self.plans.sort_by_key(Solution::score);
        self.plans.truncate(MOST);
    }

    /// Two of them.
    pub(super) fn parents(&self, rng: &mut SmallRng) -> Option<(&Solution, &Solution)> {
        if self.plans.len() < 2 {
            return None;
        }
        let one = rng.random_range(0..self.plans.len());
        let other = rng.random_range(0..self.plans.len() - 1);
        let other = if other >= one { other + 1 } else { other };
        Some((&self.plans[one], &self.plans[other]))
    }
}

impl Search<'_> {
    /// Goes on from a plan of some routes of one and the rest of another.
    pub(super) fn cross(&mut self, one: &Solution, other: &Solution) {
        let model = self.model;
        self.solution.copy(one);
        self.solution.begin();
        let taken_over = around_one(model, one, other, &mut self.rng);
        for &helper in &taken_over {
            let stops = self.solution.routes[helper].stops.iter();
            let visits: Vec<u32> = stops.map(|stop| stop.visit).collect();
            self.solution.remove_all(model, helper, &visits);
        }
        for &helper in &taken_over {
            for stop in &other.routes[helper].stops {
                // Two who meet, and those who keep an order, are put in below.
                if model.stands_alone(stop.visit as usize) {
                    recreate::append(model, &mut self.solution, helper, stop.visit as usize);
                }
            }
        }
        let mut absent = self.solution.absent.clone();
        absent.sort_by_key(|visit| -model.tasks[*visit as usize].priority);
        let (inserter, rng) = (&mut self.inserter, &mut self.rng);
        for visit in absent {
            inserter.insert(model, &mut self.solution, visit as usize, Among::All, rng);
        }
        self.solution.begin();
        if !self.solution.is_sound() {
            self.solution.copy(one);
        }
    }
}

/// Helpers whose routes belong together: one whom the two plans give different visits, then always the one who has most of the
/// visits that those before have in one plan and not in the other. What such helpers do in one plan fits into the other with
/// little left over (Nagata, Braysy and Dullaert, *Computers & Operations Research* 2010, exchange routes by the same measure).
fn around_one(model: &Model, one: &Solution, other: &Solution, rng: &mut SmallRng) -> Vec<usize> {
    let people = model.people.len();
    let visits = |plan: &Solution, helper: usize| -> Vec<usize> {
        let stops = plan.routes[helper].stops.iter();
        stops.map(|stop| stop.visit as usize).collect()
    };
    let differ = |helper: &usize| visits(one, *helper) != visits(other, *helper);
    let differing: Vec<usize> = (0..people).filter(differ).collect();
    if differing.is_empty() {
        return differing;
    }
    let most = (people as f64 * rng.random_range(SHARE)) as usize;
    let mut together = vec![differing[rng.random_range(0..differing.len())]];
    let mut shared = vec![0_usize; people];
    loop {
        let last = together[together.len() - 1];
        for (plan, opposite) in [(one, other), (other, one)] {
            for visit in visits(plan, last) {
                for helper in opposite.crew(visit).helpers() {
                    shared[helper] += 1;
                }
            }
        }
        for helper in &together {
            shared[*helper] = 0;
        }
        let next = (0..people)
            .filter(|helper| shared[*helper] > 0)
            .max_by_key(|helper| (shared[*helper], rng.next_u32()));
        match next {
            Some(next) if together.len() < most => together.push(next),
            _ => return together,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::random::{Size, plain_day};
    use rand::SeedableRng;

    /// A plan after so many steps.
    fn plan(model: &Model, problem: &crate::problem::Problem, seed: u64) -> Solution {
        let mut search = Search::new(model, Solution::of(model, problem), seed);
        search.construct(|_| false);
        for _ in 0..200 {
            search.step();
            if !search.solution.is_sound() {
                search.solution.undo();
            }
        }
        search.solution
    }

    #[test]
    fn what_is_taken_over_leaves_little_over() {
        let size = Size {
            days: 1,
            helpers: 20,
            visits: 100,
        };
        let (mut left_over, mut at_random) = (0, 0);
        for seed in 0..20 {
            let problem = plain_day(size, seed);
            let model = Model::new(&problem);
            let (one, other) = (plan(&model, &problem, 1), plan(&model, &problem, 2));
            let mut rng = SmallRng::seed_from_u64(seed);
            let together = around_one(&model, &one, &other, &mut rng);
            assert!(!together.is_empty() && together.len() <= 10, "{together:?}");
            let anybody: Vec<usize> = (0..together.len())
                .map(|at| at * 20 / together.len())
                .collect();
            // Visits that those helpers have in one plan and not in the other.
            let strange = |helpers: &[usize]| {
                let has =
                    |plan: &Solution, visit: usize| helpers.contains(&plan.crew(visit).first());
                (0..100)
                    .filter(|visit| has(&one, *visit) != has(&other, *visit))
                    .count()
            };
            left_over += strange(&together);
            at_random += strange(&anybody);
        }
        assert!(
            left_over * 10 < at_random * 9,
            "{left_over} and {at_random}"
        );
    }

    #[test]
    fn two_plans_alike_have_nothing_to_take_over() {
        let size = Size {
            days: 1,
            helpers: 5,
            visits: 20,
        };
        let problem = plain_day(size, 3);
        let model = Model::new(&problem);
        let one = plan(&model, &problem, 1);
        let mut rng = SmallRng::seed_from_u64(0);
        assert!(around_one(&model, &one, &one, &mut rng).is_empty());
    }
}
