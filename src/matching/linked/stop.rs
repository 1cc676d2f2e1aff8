//! When to stop, for a search whose cost is a number. The engine has no clock: a caller who wants a deadline brings one.

use crate::search::Iterations;

/// How far the search has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Moves tried.
    pub iterations: u64,
    /// The best cost so far.
    pub best: f64,
}

/// How much of the effort is spent: from 0 at the beginning to 1, where the search stops. The search cools by it.
///
/// Asked once before the first move and then every [`EVERY`] moves. Any `FnMut(&Progress) -> f64` is one.
pub trait Stop {
    /// The part of the effort that is spent.
    fn spent(&mut self, progress: &Progress) -> f64;
}

/// How many moves are tried between two questions to a [`Stop`].
pub const EVERY: u64 = 128;

impl<F: FnMut(&Progress) -> f64> Stop for F {
    fn spent(&mut self, progress: &Progress) -> f64 {
        self(progress)
    }
}

/// About this many moves: the same plan every time.
impl Stop for Iterations {
    fn spent(&mut self, progress: &Progress) -> f64 {
        if self.0 == 0 {
            1.0
        } else {
            progress.iterations as f64 / self.0 as f64
        }
    }
}
