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

fn rounds() -> Vec<Round> {
    let text = std::env::var("PLAN").unwrap_or("1:20:0".into());
    text.split(',').map(|part| {
        let v: Vec<f64> = part.split(':').map(|v| v.parse().unwrap()).collect();
        Round { share: v[0], hot: v[1], afresh: v[2] == 0.0 }
    }).collect()
}

/// One annealing: its part of the effort, the temperature it begins with, and whether from the first plan or from the best.
#[derive(Debug, Clone, Copy)]
struct Round {
    share: f64,
    hot: f64,
    afresh: bool,
}

/// The temperature a round ends with.
const COLD: f64 = 0.02;

impl Search {
    fn run(&mut self, stop: &mut dyn Stop) -> u64 {
        let mut iterations = 0;
        let rounds = rounds();
        let (mut round, mut since) = (0, 0.0);
        loop {
            let best = self.best;
            let spent = stop.spent(&Progress { iterations, best });
            if spent >= 1.0 || self.routes.tasks == 0 {
                return iterations;
            }
            if spent >= since + rounds[round].share && round + 1 < rounds.len() {
                since += rounds[round].share;
                round += 1;
                let from = if rounds[round].afresh { &self.first } else { &self.plan };
                self.routes.clone_from(from);
                self.current = self.routes.sums.value();
            }
            let Round { share, hot, .. } = rounds[round];
            let temperature = hot * (COLD / hot).powf(((spent - since) / share).min(1.0));
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
