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
}

/// The temperature at the start of a round, and at its end.
fn range() -> (f64, f64, f64) {
    let get = |name: &str, or: f64| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(or);
    (get("T0", 10.0), get("T1", 0.02), get("ROUNDS", 1.0))
}

impl Search {
    fn run(&mut self, stop: &mut dyn Stop) -> u64 {
        let mut iterations = 0;
        let (hot, cold, rounds) = range();
        let mut round = 0;
        loop {
            let best = self.best;
            let spent = stop.spent(&Progress { iterations, best });
            if spent >= 1.0 || self.routes.tasks == 0 {
                return iterations;
            }
            let in_round = spent * rounds;
            if in_round.floor() as u64 > round {
                round = in_round.floor() as u64;
                self.routes = self.first.clone();
                self.current = self.routes.sums.value();
            }
            let temperature = hot * (cold / hot).powf(in_round.fract());
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
        if self.routes.sums.travel > 3.0 * limit
            || !self.routes.settle()
            || self.routes.sums.value() > limit {
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
