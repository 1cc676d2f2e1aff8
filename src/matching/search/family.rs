//! The plans that rounds have found, and their children: some routes of one plan and the rest of another, so that what two
//! rounds found apart comes together. Where a day is full to the brim, a plan is left only by changing many routes at once.

use super::Search;
use super::insert::Among;
use super::recreate;
use super::solution::Solution;
use rand::Rng;
use rand::rngs::SmallRng;

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
        let share = self.rng.random_range(0.2..0.8);
        let taken_over: Vec<usize> = (0..model.people.len())
            .filter(|_| self.rng.random_bool(share))
            .collect();
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
