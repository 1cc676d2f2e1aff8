//! Figures for whoever watches over the program, in the text format of OpenMetrics: how much is asked and how long it takes,
//! how much is written, what waits. None of them names or numbers a person: a route is told by its pattern.

pub mod queries;
pub mod routes;

use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::store::tally::{BOUNDS_S, Tally};

/// Methods that are told by name; others are told as one, or whoever makes methods up would fill the memory.
const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PATCH", "PUT", "DELETE"];

/// What a request was.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    method: String,
    route: String,
    status: u16,
}

/// Which route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Of {
    route: String,
}

/// The figures of this process.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    requests: Family<Asked, Counter>,
    took: Family<Of, Histogram>,
    waiting: Waiting,
}

/// What is looked up whenever the figures are asked for.
#[derive(Debug, Default)]
struct Waiting {
    letters: Gauge,
    oldest: Gauge,
    failing: Gauge,
    searches: Gauge,
    series: Gauge,
    memory: Gauge<i64, AtomicI64>,
    clock: Gauge<f64, AtomicU64>,
}

/// What waits in the database, whichever process will do it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Look {
    /// Letters that are due and not sent.
    pub letters: i64,
    /// Seconds that the oldest of them has been due.
    pub oldest_s: i64,
    /// Those of them that were tried in vain.
    pub failing: i64,
    /// Searches for plans under way.
    pub searches: i64,
    /// Series whose visits are made too late.
    pub series: i64,
    /// Seconds that this process' clock is ahead of the database server's; behind it where negative. 0 on SQLite.
    pub clock_ahead_s: f64,
}

impl Figures {
    /// Figures at nothing; those of the writes are the store's.
    #[must_use]
    pub fn new(writes: &Tally) -> Self {
        let mut registry = Registry::with_prefix("yinling");
        let requests = Family::<Asked, Counter>::default();
        let took = Family::<Of, Histogram>::new_with_constructor(|| Histogram::new(BOUNDS_S));
        registry.register("requests", "Requests answered", requests.clone());
        let told = "How long answers took until their first byte";
        registry.register_with_unit("request_duration", told, Unit::Seconds, took.clone());
        registry.register("writes", "Writes asked for", writes.writes.clone());
        let told = "Writes refused by a rule or failed";
        registry.register("writes_refused", told, writes.refused.clone());
        let told = "How long writes took, waiting included";
        registry.register_with_unit("write_duration", told, Unit::Seconds, writes.took.clone());
        let waiting = Waiting::default();
        for (name, told, gauge) in [
            ("mail_waiting", "Letters due and not sent", &waiting.letters),
            (
                "mail_failing",
                "Letters due that were tried in vain",
                &waiting.failing,
            ),
            (
                "mail_oldest_due_seconds",
                "How long the oldest has been due",
                &waiting.oldest,
            ),
            (
                "plan_searches",
                "Searches for plans under way",
                &waiting.searches,
            ),
            (
                "series_late",
                "Series whose visits are made too late",
                &waiting.series,
            ),
            (
                "memory_bytes",
                "Memory that the process holds",
                &waiting.memory,
            ),
        ] {
            registry.register(name, told, gauge.clone());
        }
        let told = "How far this machine's clock is ahead of the database server's";
        registry.register("clock_ahead_seconds", told, waiting.clock.clone());
        Self {
            registry,
            requests,
            took,
            waiting,
        }
    }

    /// Counts an answer to a route, told by its pattern.
    pub fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let route = route.to_owned();
        let of = Of {
            route: route.clone(),
        };
        let known = METHODS.into_iter().find(|known| *known == method);
        let asked = Asked {
            method: known.unwrap_or("other").to_owned(),
            route,
            status,
        };
        self.requests.get_or_create(&asked).inc();
        self.took.get_or_create(&of).observe(took.as_secs_f64());
    }

    /// The figures as text, with what waits as it was just looked up.
    ///
    /// # Errors
    /// Where the text cannot be put together.
    pub fn text(&self, look: Look, memory_bytes: Option<i64>) -> Result<String, std::fmt::Error> {
        self.waiting.letters.set(look.letters);
        self.waiting.oldest.set(look.oldest_s);
        self.waiting.failing.set(look.failing);
        self.waiting.searches.set(look.searches);
        self.waiting.series.set(look.series);
        self.waiting.clock.set(look.clock_ahead_s);
        if let Some(bytes) = memory_bytes {
            self.waiting.memory.inner().store(bytes, Ordering::Relaxed);
        }
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The memory that the process holds, in bytes, where the machine tells it (`/proc`).
#[must_use]
pub fn memory_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: i64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_told() {
        let writes = Tally::default();
        let figures = Figures::new(&writes);
        writes.writes.inc();
        figures.answered("GET", "/api/residents/{id}", 200, Duration::from_millis(3));
        figures.answered("GET", "/api/residents/{id}", 200, Duration::from_millis(30));
        let look = Look {
            letters: 4,
            clock_ahead_s: -1.5,
            ..Look::default()
        };
        let text = figures.text(look, Some(1_000)).unwrap();
        for line in [
            "yinling_requests_total{method=\"GET\",route=\"/api/residents/{id}\",status=\"200\"} 2",
            "yinling_request_duration_seconds_bucket{le=\"0.005\",route=\"/api/residents/{id}\"} 1",
            "yinling_writes_total 1",
            "yinling_mail_waiting 4",
            "yinling_clock_ahead_seconds -1.5",
            "yinling_memory_bytes 1000",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
    }

    #[test]
    fn the_machine_tells_how_much_memory_is_held() {
        assert!(memory_bytes().is_some_and(|bytes| bytes > 1_000_000));
    }
}
