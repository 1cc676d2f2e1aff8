//! The line itself: who waits, and whose turn is next.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Measure, Place};

/// A line in front of the places.
#[derive(Clone, Debug)]
pub struct Line {
    measure: Measure,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    /// Who hold a place.
    computing: usize,
    waiting: VecDeque<Waiting>,
    /// Whether more is asked than can be done.
    crowded: bool,
    writing: usize,
    /// How long the last write took that gave its place up.
    wrote_in: Duration,
}

#[derive(Debug)]
struct Waiting {
    since: Instant,
    call: oneshot::Sender<Place>,
}

impl Line {
    /// A line in which nobody waits.
    #[must_use]
    pub fn new(measure: Measure) -> Self {
        Self {
            measure,
            state: Arc::new(Mutex::new(State {
                computing: 0,
                waiting: VecDeque::new(),
                crowded: false,
                writing: 0,
                wrote_in: Duration::ZERO,
            })),
        }
    }

    /// Waits for a place; nothing where more is asked than can be done.
    pub async fn place(&self) -> Option<Place> {
        let (called, wait) = {
            let mut state = self.state();
            if state.computing < self.places(&state) && state.waiting.is_empty() {
                state.computing += 1;
                return Some(Place::new(self.clone()));
            }
            let wait = self.wait(&state);
            state.send_away(wait);
            if state.waiting.len() >= self.measure.longest {
                return None;
            }
            let (call, called) = oneshot::channel();
            let since = Instant::now();
            state.waiting.push_back(Waiting { since, call });
            (called, wait)
        };
        // A place that is called out at the very moment in which nobody waits for it any more goes on to the next.
        if let Ok(called) = tokio::time::timeout(wait, called).await {
            return called.ok();
        }
        let mut state = self.state();
        state.crowded = true;
        state.send_away(self.measure.crowded);
        None
    }

    /// Whether more is asked than can be done.
    #[must_use]
    pub fn is_crowded(&self) -> bool {
        self.state().crowded
    }

    fn places(&self, state: &State) -> usize {
        if state.crowded {
            self.measure.places_crowded
        } else {
            self.measure.places
        }
    }

    fn wait(&self, state: &State) -> Duration {
        if state.crowded {
            self.measure.crowded
        } else {
            self.measure.patience
        }
    }

    /// A place is free: whoever is next is called.
    pub(super) fn freed(&self) {
        let Some(mut next) = self.next() else { return };
        let mut place = Place::new(self.clone());
        // Not under the lock: a place that nobody takes comes back here.
        while let Err(back) = next.call.send(place) {
            place = back;
            let Some(another) = self.next() else {
                place.counts_as_free();
                return;
            };
            next = another;
        }
    }

    fn next(&self) -> Option<Waiting> {
        let mut state = self.state();
        if state.computing > self.places(&state) {
            state.computing -= 1;
            return None;
        }
        let next = if state.crowded {
            state.waiting.pop_back()
        } else {
            state.waiting.pop_front()
        };
        if next.is_none() {
            state.computing -= 1;
            state.crowded = false;
        }
        next
    }

    /// Whether one more may wait for its write without holding a place; then it is counted. While more is asked than can be
    /// done, only as long as writes are quick: how many make them slow is another number on every machine.
    pub(super) fn may_write(&self) -> bool {
        let mut state = self.state();
        let quick = state.wrote_in <= self.measure.crowded || state.writing == 0;
        let may = state.writing < self.measure.writing && (quick || !state.crowded);
        state.writing += usize::from(may);
        may
    }

    /// One who was counted has written.
    pub(super) fn written(&self, took: Duration) {
        let mut state = self.state();
        state.writing -= 1;
        state.wrote_in = took;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Asks those to come again, where more is asked than can be done, who have waited so long, and forgets who has left.
    fn send_away(&mut self, wait: Duration) {
        while let Some(first) = self.waiting.front()
            && (first.call.is_closed() || (self.crowded && first.since.elapsed() >= wait))
        {
            self.waiting.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(places: usize, patience_ms: u64) -> Line {
        Line::new(Measure {
            places,
            places_crowded: 1,
            crowded: Duration::from_millis(patience_ms / 2),
            ..Measure::of(1, Duration::from_millis(patience_ms))
        })
    }

    /// Somebody who waits, and has begun to.
    async fn waits(line: &Line) -> tokio::task::JoinHandle<Option<Place>> {
        let before = line.state().waiting.len();
        let task = tokio::spawn({
            let line = line.clone();
            async move { line.place().await }
        });
        while line.state().waiting.len() == before {
            tokio::task::yield_now().await;
        }
        task
    }

    #[tokio::test]
    async fn first_come_first_served_while_nobody_waits_long() {
        let line = line(1, 60_000);
        let place = line.place().await.unwrap();
        let (first, second) = (waits(&line).await, waits(&line).await);
        drop(place);
        let place = first.await.unwrap().unwrap();
        assert!(!second.is_finished());
        drop(place);
        assert!(second.await.unwrap().is_some());
        assert_eq!(line.state().computing, 0);
    }

    #[tokio::test]
    async fn whoever_waits_too_long_is_sent_away_and_then_the_newest_goes_first() {
        let line = line(1, 40);
        let place = line.place().await.unwrap();
        assert!(line.place().await.is_none());
        assert!(line.is_crowded());
        let (old, new) = (waits(&line).await, waits(&line).await);
        drop(place);
        let place = new.await.unwrap().unwrap();
        assert!(old.await.unwrap().is_none());
        drop(place);
        assert!(!line.is_crowded(), "nobody waits: it is over");
        assert!(line.place().await.is_some());
    }

    #[tokio::test]
    async fn a_place_called_out_to_somebody_who_has_left_goes_on() {
        let line = line(1, 60_000);
        let place = line.place().await.unwrap();
        let (gone, stays) = (waits(&line).await, waits(&line).await);
        gone.abort();
        assert!(gone.await.is_err());
        drop(place);
        assert!(stays.await.unwrap().is_some());
        assert_eq!(line.state().computing, 0);
    }

    #[tokio::test]
    async fn only_so_many_give_their_place_up_to_write() {
        let line = line(1, 60_000);
        let limit = line.measure.writing;
        assert!((0..limit).all(|_| line.may_write()));
        assert!(!line.may_write());
        line.written(Duration::ZERO);
        assert!(line.may_write());
    }

    #[tokio::test]
    async fn in_a_crowd_one_more_writes_only_where_writes_are_quick() {
        let line = line(1, 40);
        let _place = line.place().await.unwrap();
        assert!(line.may_write() && line.may_write());
        line.written(Duration::from_millis(21));
        assert!(line.may_write(), "nobody is sent away yet");
        assert!(line.place().await.is_none());
        assert!(!line.may_write());
        line.written(Duration::from_millis(19));
        assert!(line.may_write());
    }

    #[tokio::test]
    async fn in_a_crowd_fewer_compute_at_once() {
        let line = line(2, 40);
        let (one, other) = (line.place().await.unwrap(), line.place().await.unwrap());
        assert!(line.place().await.is_none());
        let waiting = waits(&line).await;
        drop(one);
        tokio::task::yield_now().await;
        assert!(
            !waiting.is_finished(),
            "one computes, and that is enough now"
        );
        drop(other);
        assert!(waiting.await.unwrap().is_some());
        assert_eq!(line.state().computing, 0);
    }
}
