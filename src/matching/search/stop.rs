//! When to stop. The engine has no clock: a caller who wants a deadline brings one.

use crate::problem::Score;

/// How far the search has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Iterations done.
    pub iterations: u64,
    /// The best score so far.
    pub best: Score,
    /// How many visits the best so far leaves out.
    pub unserved: usize,
}

/// When to stop. Asked before the first and after every iteration, and now and then within one that is long: so it should be
/// cheap, and go by what it is shown or by a clock rather than count how often it is asked.
///
/// Any `FnMut(&Progress) -> bool` is one, for example a look at a clock or at a flag that a person may raise.
pub trait Stop {
    /// Whether to stop now.
    fn done(&mut self, progress: &Progress) -> bool;

    /// The part of the effort that is spent, 0 to 1, where it is known: the search cools by it. Where it is not known, the
    /// search cools and warms in rounds that grow longer.
    fn spent(&mut self, progress: &Progress) -> Option<f64> {
        let _ = progress;
        None
    }
}

impl<F: FnMut(&Progress) -> bool> Stop for F {
    fn done(&mut self, progress: &Progress) -> bool {
        self(progress)
    }
}

/// Stop after a number of iterations: the same plan every time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Iterations(pub u64);

impl Stop for Iterations {
    fn done(&mut self, progress: &Progress) -> bool {
        progress.iterations >= self.0
    }

    fn spent(&mut self, progress: &Progress) -> Option<f64> {
        Some(if self.0 == 0 {
            1.0
        } else {
            progress.iterations as f64 / self.0 as f64
        })
    }
}
