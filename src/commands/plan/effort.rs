//! How long to search.

use std::time::{Duration, Instant};

use yinling::matching::{Progress, Stop, linked};

/// Stops by the clock or by a count of steps, whichever ends first, and says how far it has come. The clock is looked at now
/// and then: a look costs as much as a step on a small problem.
pub struct Effort {
    began: Instant,
    length: Option<Duration>,
    most: Option<u64>,
    /// Steps so far.
    pub iterations: u64,
    passed: f64,
}

impl Effort {
    const LOOKS_EVERY: u64 = 16;
    const USUAL: f64 = 2.0;

    /// Two seconds where nothing is given.
    pub fn new(seconds: Option<f64>, most: Option<u64>) -> Self {
        let seconds = seconds.or_else(|| most.is_none().then_some(Self::USUAL));
        Self {
            began: Instant::now(),
            length: seconds.map(Duration::from_secs_f64),
            most,
            iterations: 0,
            passed: 0.0,
        }
    }

    /// Since the search began, in milliseconds.
    pub fn milliseconds(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn look(&mut self, iterations: u64) {
        // Who asks again after the same step asks within a long one.
        let within = iterations == self.iterations;
        self.iterations = iterations;
        if let Some(length) = self.length
            && (within || iterations.is_multiple_of(Self::LOOKS_EVERY))
        {
            let whole = length.as_secs_f64().max(f64::MIN_POSITIVE);
            self.passed = self.passed.max(self.began.elapsed().as_secs_f64() / whole);
        }
        if let Some(most) = self.most {
            let counted = if iterations >= most {
                1.0
            } else {
                iterations as f64 / most as f64
            };
            self.passed = self.passed.max(counted);
        }
    }
}

impl Stop for Effort {
    fn done(&mut self, progress: &Progress) -> bool {
        self.look(progress.iterations);
        self.passed >= 1.0
    }

    fn spent(&mut self, _: &Progress) -> Option<f64> {
        Some(self.passed.min(1.0))
    }
}

impl linked::Stop for Effort {
    fn spent(&mut self, progress: &linked::Progress) -> f64 {
        self.look(progress.iterations);
        self.passed
    }
}
