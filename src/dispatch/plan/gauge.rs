//! What is seen of a search from the side while it runs, and the hand that stops it.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::matching::{Placed, Problem, Progress, Stop, solve};

/// What is known of the best plan so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Best {
    pub(super) unfilled: i32,
    pub(super) unfilled_priority: i64,
    pub(super) walking_s: i64,
}

/// Shared by the thread that searches and the task that watches it.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    stopped: AtomicBool,
    iterations: AtomicI64,
    spent_ms: AtomicI64,
    best: Mutex<Option<Best>>,
}

impl Gauge {
    /// Asks the search to end; what it has found by then is its answer.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Relaxed);
    }

    /// Steps it has tried.
    pub(super) fn iterations(&self) -> i64 {
        self.iterations.load(Relaxed)
    }

    /// Milliseconds it has searched.
    pub(super) fn spent_ms(&self) -> i32 {
        i32::try_from(self.spent_ms.load(Relaxed)).unwrap_or(i32::MAX)
    }

    /// The best so far, once there is one.
    pub(super) fn best(&self) -> Option<Best> {
        *self.best.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Searches until the time is over or somebody stops it. It is nothing but arithmetic: it wants a thread of its own.
    pub(super) fn search(
        self: &Arc<Self>,
        problem: &Problem,
        seconds: f64,
        seed: u64,
    ) -> Vec<Option<Placed>> {
        let mut watched = Watched {
            gauge: Arc::clone(self),
            began: Instant::now(),
            length: Duration::from_secs_f64(seconds),
            elapsed: Duration::ZERO,
            shown: None,
        };
        solve(problem, &mut watched, seed).assignments
    }
}

/// Stops by the clock or by hand, and says how far it has come: the search cools by that.
struct Watched {
    gauge: Arc<Gauge>,
    began: Instant,
    length: Duration,
    elapsed: Duration,
    shown: Option<crate::matching::Score>,
}

impl Stop for Watched {
    fn done(&mut self, progress: &Progress) -> bool {
        self.elapsed = self.began.elapsed();
        let number = |number: u128| i64::try_from(number).unwrap_or(i64::MAX);
        let gauge = &self.gauge;
        gauge
            .iterations
            .store(number(u128::from(progress.iterations)), Relaxed);
        gauge
            .spent_ms
            .store(number(self.elapsed.as_millis()), Relaxed);
        if self.shown != Some(progress.best) {
            self.shown = Some(progress.best);
            *gauge.best.lock().unwrap_or_else(PoisonError::into_inner) = Some(Best {
                unfilled: i32::try_from(progress.unserved).unwrap_or(i32::MAX),
                unfilled_priority: progress.best.unserved_priority,
                walking_s: progress.best.walking,
            });
        }
        gauge.stopped.load(Relaxed) || self.elapsed >= self.length
    }

    fn spent(&mut self, _: &Progress) -> Option<f64> {
        Some((self.elapsed.as_secs_f64() / self.length.as_secs_f64()).min(1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(iterations: u64, unserved: usize) -> Progress {
        Progress {
            iterations,
            best: crate::matching::Score {
                unserved_priority: 5,
                walking: 125,
                ..Default::default()
            },
            unserved,
        }
    }

    #[test]
    fn what_the_search_reports_is_seen_and_the_hand_stops_it() {
        let gauge = Arc::new(Gauge::default());
        let mut watched = Watched {
            gauge: Arc::clone(&gauge),
            began: Instant::now(),
            length: Duration::from_secs(600),
            elapsed: Duration::ZERO,
            shown: None,
        };
        assert_eq!(gauge.best(), None);
        assert!(!watched.done(&progress(3, 2)));
        assert_eq!(gauge.iterations(), 3);
        let best = gauge.best().unwrap();
        assert_eq!(
            (best.unfilled, best.unfilled_priority, best.walking_s),
            (2, 5, 125)
        );
        gauge.stop();
        assert!(watched.done(&progress(4, 2)));
    }

    #[test]
    fn the_clock_stops_it_too() {
        let mut watched = Watched {
            gauge: Arc::default(),
            began: Instant::now(),
            length: Duration::ZERO,
            elapsed: Duration::ZERO,
            shown: None,
        };
        assert!(watched.done(&progress(0, 0)));
    }
}
