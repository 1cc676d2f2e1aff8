//! The temperature: how much worse, in walking seconds, an iteration's outcome may be and still be kept.

use super::model::Model;

/// The temperature over the effort spent, or, where that is not known, over rounds that grow longer.
pub(super) struct Cooling {
    hot: f64,
    cold: f64,
    /// First iteration of this round, and its length.
    round: (u64, u64),
    /// Parts of the effort after which the search returns to the best plan.
    returns: &'static [f64],
}

const RETURNS: &[f64] = &[0.5, 0.6, 0.7, 0.8, 0.9];

/// The temperature at the start, in visits of average priority left out: plans of the same priority are reached over worse
/// ones.
const HOT: f64 = 0.3;
/// The temperature at the end, in ways: a few steps.
const COLD: f64 = 0.03;
/// The first round's length in iterations; each next one is twice as long.
const FIRST_ROUND: u64 = 4_000;

impl Cooling {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            hot: model.weights.priority as f64 * HOT,
            cold: (model.weights.way * COLD).max(0.5),
            round: (0, FIRST_ROUND),
            returns: RETURNS,
        }
    }

    /// Whether to go on from the best plan: when a new round begins, and, where the end is known, now and then in the
    /// later half, since what was best while it was hot may not be found again.
    pub(super) fn returns_to_best(&mut self, iteration: u64, spent: Option<f64>) -> bool {
        if let Some(spent) = spent {
            let due = self.returns.first().is_some_and(|due| spent >= *due);
            if due {
                self.returns = &self.returns[1..];
            }
            return due;
        }
        let (first, length) = self.round;
        let over = iteration >= first + length;
        if over {
            self.round = (iteration, length * 2);
        }
        over
    }

    /// The temperature of an iteration.
    pub(super) fn temperature(&self, iteration: u64, spent: Option<f64>) -> f64 {
        let (first, length) = self.round;
        let passed = spent.unwrap_or_else(|| (iteration - first) as f64 / length as f64);
        self.hot * (self.cold / self.hot).powf(passed.clamp(0.0, 1.0))
    }
}
