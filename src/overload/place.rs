//! A place: the right to compute. The request that runs holds it, and gives it up when it begins to wait for the disk.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::Line;

tokio::task_local! {
    static HELD: Mutex<Option<Place>>;
}

/// A place, free for the next when it is dropped.
#[derive(Debug)]
pub struct Place(Option<Line>);

impl Place {
    pub(super) fn new(line: Line) -> Self {
        Self(Some(line))
    }

    /// It counts as free already.
    pub(super) fn counts_as_free(mut self) {
        self.0 = None;
    }

    /// Runs a request that holds this place.
    pub async fn hold<F: Future>(self, request: F) -> F::Output {
        HELD.scope(Mutex::new(Some(self)), request).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(line) = self.0.take() {
            line.freed();
        }
    }
}

/// A request that waits for its write; dropped when that has ended.
#[derive(Debug)]
pub struct Writing {
    line: Line,
    since: Instant,
}

impl Drop for Writing {
    fn drop(&mut self) {
        self.line.written(self.since.elapsed());
    }
}

/// The request that runs here begins to wait for its write: its place goes to the next, for good, since hardly anything is
/// left to compute afterwards. It keeps the place where too many wait for their writes already, and so slows those who come.
#[must_use]
pub fn writing() -> Option<Writing> {
    HELD.try_with(|held| {
        let mut held = held.lock().unwrap_or_else(PoisonError::into_inner);
        let line = held.as_ref()?.0.clone()?;
        if !line.may_write() {
            return None;
        }
        // Dropped here, so that whoever is next is called.
        *held = None;
        let since = Instant::now();
        Some(Writing { line, since })
    })
    .ok()
    .flatten()
}
