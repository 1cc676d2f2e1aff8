//! Taking visits out, so that they can be put back better: strings of neighbouring visits (Christiaens and Vanden Berghe, 2020).

use super::model::Model;
use super::solution::Solution;
use rand::Rng;
use rand::rngs::SmallRng;

/// Visits taken out in one iteration, on average.
const REMOVED: f64 = 7.0;
/// Longest string taken out of one route.
const LONGEST: f64 = 10.0;

/// How often an iteration is about an absent visit.
const LOST: f64 = 1.0 / 3.0;
/// How often that looks at those who could serve it when it would be wanted, rather than at those who are near.
const BY_TIME: f64 = 0.5;

/// Takes visits out, in memory of its own.
pub(super) struct Ruiner {
    cut: Vec<usize>,
    taken: Vec<u32>,
    /// The longest string: no longer than routes are on average, fixed visits among them.
    longest: f64,
}

impl Ruiner {
    pub(super) fn new() -> Self {
        Self {
            cut: Vec::new(),
            taken: Vec::new(),
            longest: 1.0,
        }
    }

    /// Looks how long routes are: now and then is often enough.
    pub(super) fn measure(&mut self, model: &Model, solution: &Solution) {
        let placed = model.tasks.len() - solution.absent.len();
        let routes = solution
            .routes
            .iter()
            .filter(|route| !route.stops.is_empty())
            .count();
        let mean = placed as f64 / routes.max(1) as f64;
        self.longest = mean.floor().clamp(1.0, LONGEST);
    }

    /// Takes strings out of the routes around a visit: around an absent one in a third of the iterations, and then only out
    /// of routes whose helper could serve it. Tells which absent visit it was.
    pub(super) fn ruin(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        rng: &mut SmallRng,
    ) -> Option<u32> {
        let lost = !solution.absent.is_empty() && rng.random_bool(LOST);
        let seed = if lost {
            solution.absent[rng.random_range(0..solution.absent.len())]
        } else {
            rng.random_range(0..model.tasks.len() as u32)
        };
        let most = (4.0 * REMOVED / (1.0 + self.longest) - 1.0).max(1.0);
        let strings = rng.random_range(1.0..=most + 1.0) as usize;
        let able = &model.chosen[model.tasks[seed as usize].choices.clone()];
        self.cut.clear();
        if lost && rng.random_bool(BY_TIME) {
            self.cut_by_time(model, solution, seed, strings, rng);
            return Some(seed);
        }
        for near in std::iter::once(&seed).chain(&model.near[seed as usize]) {
            if self.cut.len() >= strings {
                break;
            }
            let crew = solution.crew(*near as usize);
            if crew.is_none() {
                continue;
            }
            let helper = crew.first();
            if !self.cut.contains(&helper)
                && (!lost || able.binary_search(&(helper as u32)).is_ok())
            {
                self.take_string(model, solution, (helper, *near), rng);
            }
        }
        lost.then_some(seed)
    }

    /// Takes strings out of the routes of some who could serve a visit, where they are when it would be wanted.
    fn cut_by_time(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: u32,
        strings: usize,
        rng: &mut SmallRng,
    ) {
        let choices = &model.choices[model.tasks[visit as usize].choices.clone()];
        if choices.is_empty() {
            return;
        }
        for _ in 0..3 * strings {
            let choice = &choices[rng.random_range(0..choices.len())];
            let slot = &model.slots[rng.random_range(choice.slots.clone())];
            let at = rng.random_range(slot.from..=slot.to);
            let middle = |stop: &super::route::Stop| stop.start + stop.duration / 2;
            let then = solution.routes[choice.helper]
                .stops
                .iter()
                .min_by_key(|stop| (middle(stop) - at).abs());
            if let Some(then) = then
                && !self.cut.contains(&choice.helper)
            {
                let around = (choice.helper, then.visit);
                self.take_string(model, solution, around, rng);
            }
            if self.cut.len() >= strings {
                break;
            }
        }
    }

    /// Takes a string around a visit out of a route; in half the cases a few in its middle stay.
    fn take_string(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        (helper, around): (usize, u32),
        rng: &mut SmallRng,
    ) {
        self.cut.push(helper);
        let stops = &solution.routes[helper].stops;
        let Some(at) = stops.iter().position(|stop| stop.visit == around) else {
            return;
        };
        let limit = self.longest.min(stops.len() as f64);
        let length = (rng.random_range(1.0..=limit + 1.0) as usize).clamp(1, stops.len());
        let mut spared = 0;
        if length > 1 && length < stops.len() && rng.random_bool(0.5) {
            spared = 1;
            while length + spared < stops.len() && rng.random_bool(0.5) {
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
        self.taken.clear();
        let taken = (0..whole)
            .filter(|at| *at < skip || *at >= skip + spared)
            .map(|at| stops[begin + at].visit);
        self.taken.extend(taken);
        solution.remove_all(model, helper, &self.taken);
    }
}
