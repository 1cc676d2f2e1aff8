//! How much is written, and how long it takes.

use std::time::Duration;

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;

/// Seconds that bound the buckets of how long something took.
pub const BOUNDS_S: [f64; 11] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0,
];

/// Figures of the writes of this process.
#[derive(Clone, Debug)]
pub struct Tally {
    /// Writes that were asked for.
    pub writes: Counter,
    /// Those of them that a rule refused or that failed.
    pub refused: Counter,
    /// How long they took, in seconds, waiting included.
    pub took: Histogram,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            writes: Counter::default(),
            refused: Counter::default(),
            took: Histogram::new(BOUNDS_S),
        }
    }
}

impl Tally {
    /// Counts a write that has ended.
    pub(super) fn ended(&self, well: bool, took: Duration) {
        self.writes.inc();
        if !well {
            self.refused.inc();
        }
        self.took.observe(took.as_secs_f64());
    }
}
