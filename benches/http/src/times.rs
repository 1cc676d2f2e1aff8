//! What so many clients got in so long, and how long each waited.

use std::time::Duration;

/// Answers of one run.
#[derive(Default)]
pub struct Times {
    took: Vec<Duration>,
    over: Duration,
}

impl Times {
    /// Answers that came within `over`.
    pub fn new(mut took: Vec<Duration>, over: Duration) -> Self {
        took.sort_unstable();
        Self { took, over }
    }

    /// Answers a second.
    pub fn rate(&self) -> f64 {
        count(self.took.len()) / self.over.as_secs_f64()
    }

    /// The wait that a share of them did not exceed, in milliseconds.
    pub fn at(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a place in a list"
        )]
        let place = (count(self.took.len()) * share) as usize;
        self.took
            .get(place.min(self.took.len().saturating_sub(1)))
            .map_or(f64::NAN, |took| took.as_secs_f64() * 1000.0)
    }

    /// A line of the table.
    pub fn line(&self, name: &str, clients: usize, remark: &str) -> String {
        format!(
            "{name:<34}{clients:>8}{:>11.0}{:>9.1}{:>9.1}{:>9.1}  {remark}",
            self.rate(),
            self.at(0.5),
            self.at(0.99),
            self.at(0.999)
        )
        .trim_end()
        .to_owned()
    }
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
pub fn count(of: usize) -> f64 {
    of as f64
}

/// The head of the table.
pub const HEAD: &str =
    "                                   clients   a second   p50 ms   p99 ms p99.9 ms";
