//! Simulated annealing over the effort that is spent.

use super::construct::construct;
use super::instance::{Instance, Plan};
use super::moves::{KINDS, Moves};
use super::routes::Routes;
use super::stop::{EVERY, Progress, Stop};
use rand::SeedableRng;
use rand::rngs::SmallRng;

/// How the search went.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The best plan found.
    pub plan: Plan,
    /// Moves tried.
    pub iterations: u64,
    /// For each neighbourhood: its name, how often it was tried, how often taken.
    pub moves: Vec<(&'static str, u64, u64)>,
}

/// The best plan found until `stop` says that all effort is spent. None if the first plan could not be made, which only
/// greatest gaps too short for the way between two tasks bring about.
///
/// The same instance, seed and [`crate::Iterations`] give the same plan.
///
/// # Panics
/// May, where [`Instance::validate`] refuses the instance.
#[must_use]
pub fn solve(instance: &Instance, stop: &mut dyn Stop, seed: u64) -> Option<Outcome> {
    let mut routes = Routes::new(instance);
    if !construct(instance, &mut routes) {
        return None;
    }
    routes.recount();
    let mut search = Search {
        best: routes.sums.value(),
        plan: routes.clone(),
        current: routes.sums.value(),
        first: routes.clone(),
        routes,
        moves: Moves::new(instance, SmallRng::seed_from_u64(seed)),
        tallies: [(0, 0); KINDS.len()],
        cooling: Cooling::new(instance),
    };
    let iterations = search.run(stop);
    Some(Outcome {
        plan: search.plan.plan(),
        iterations,
        moves: KINDS
            .iter()
            .zip(search.tallies)
            .map(|(&name, (tried, taken))| (name, tried, taken))
            .collect(),
    })
}

struct Search {
    routes: Routes,
    first: Routes,
    current: f64,
    best: f64,
    plan: Routes,
    moves: Moves,
    tallies: [(u64, u64); KINDS.len()],
    cooling: Cooling,
}

/// A round begins with a temperature of so many times the mean way between two places.
const HOT: f64 = 1.0;

/// It ends with this part of that.
const COLD: f64 = 0.0004;

/// Rounds times tasks: small instances anneal often, large ones once.
const ROUNDS: usize = 520;

/// No instance anneals more often.
const MOST_ROUNDS: usize = 40;

/// All starting temperature and number of rounds depend on.
#[derive(Debug, Clone, Copy)]
struct Cooling {
    hot: f64,
    rounds: f64,
}

impl Cooling {
    fn new(instance: &Instance) -> Self {
        let ways: f64 = instance.travel.iter().flatten().sum();
        let count = instance.travel.len() * instance.travel.len().saturating_sub(1);
        let mean = ways / count.max(1) as f64;
        let rounds = ROUNDS / instance.tasks.len().max(1);
        Self {
            hot: if mean > 0.0 { HOT * mean } else { 1.0 },
            rounds: rounds.clamp(1, MOST_ROUNDS) as f64,
        }
    }

    /// The round that runs, and its temperature.
    fn at(&self, spent: f64) -> (u64, f64) {
        let at = spent * self.rounds;
        (at as u64, self.hot * COLD.powf(at.fract()))
    }
}

impl Search {
    fn run(&mut self, stop: &mut dyn Stop) -> u64 {
        let mut iterations = 0;
        let mut round = 0;
        loop {
            let best = self.best;
            let spent = stop.spent(&Progress { iterations, best });
            if spent >= 1.0 || self.routes.tasks == 0 {
                return iterations;
            }
            let (now, temperature) = self.cooling.at(spent);
            if now > round {
                round = now;
                self.routes.clone_from(&self.first);
                self.current = self.routes.sums.value();
            }
            for _ in 0..EVERY {
                self.step(temperature);
            }
            iterations += EVERY;
            if iterations.is_multiple_of(EVERY << 10) {
                self.routes.recount();
                self.current = self.routes.sums.value();
            }
        }
    }

    fn step(&mut self, temperature: f64) {
        let (kind, changed) = self.moves.propose(&mut self.routes);
        self.tallies[kind].0 += 1;
        if !changed {
            self.routes.undo();
            return;
        }
        let limit = self.current - temperature * self.moves.unit().ln();
        if !self.routes.settle(limit) {
            self.routes.undo();
            return;
        }
        self.tallies[kind].1 += 1;
        self.routes.keep();
        self.current = self.routes.sums.value();
        if self.current < self.best - 1e-9 {
            self.best = self.current;
            self.plan.clone_from(&self.routes);
        }
    }
}
