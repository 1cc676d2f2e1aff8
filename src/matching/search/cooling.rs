//! The temperature: how much worse, in walking seconds, an iteration's outcome may be and still be kept.

use super::model::Model;

/// The temperature over the effort spent, or, where that is not known, over rounds that grow longer.
pub(super) struct Cooling {
    hot: f64,
    /// First iteration of this round, and its length.
    round: (u64, u64),
}

/// The temperature at the end: a few steps.
const COLD: f64 = 3.0;
/// The first round's length in iterations; each next one is twice as long.
const FIRST_ROUND: u64 = 4_000;

impl Cooling {
    pub(super) fn new(model: &Model) -> Self {
        // Most of a step of priority, so that plans of equal priority can be reached over worse ones.
        Self {
            hot: model.weights.priority as f64 * 0.7,
            round: (0, FIRST_ROUND),
        }
    }

    /// Whether a new round begins with this iteration.
    pub(super) fn warms_up(&mut self, iteration: u64, spent: Option<f64>) -> bool {
        let (first, length) = self.round;
        let over = spent.is_none() && iteration >= first + length;
        if over {
            self.round = (iteration, length * 2);
        }
        over
    }

    /// The temperature of an iteration.
    pub(super) fn temperature(&self, iteration: u64, spent: Option<f64>) -> f64 {
        let (first, length) = self.round;
        let passed = spent.unwrap_or_else(|| (iteration - first) as f64 / length as f64);
        self.hot * (COLD / self.hot).powf(passed.clamp(0.0, 1.0))
    }
}
