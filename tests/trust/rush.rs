//! Requests that arrive by the clock, whether those before them were answered or not: as many people as come, come.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures::future::join_all;

use super::browser::{Browser, Told};
use super::slots::{Slot, claim};

/// Of so many requests one books; the others look at free times.
const BOOKS_ONE_OF: usize = 5;
/// Requests under way at which nobody new is let out of the door: beyond, this machine counts its own sockets.
const UNDER_WAY: usize = 600;

/// What people want.
#[derive(Clone)]
pub struct Wants {
    pub clerk: Browser,
    pub desk: String,
    pub looks: String,
    pub slots: Arc<Vec<Slot>>,
    pub next: Arc<AtomicUsize>,
}

/// An answer, with when it was asked for and how long it took.
pub struct Answered {
    pub at: Duration,
    pub took: Duration,
    pub told: Option<Told>,
}

impl Answered {
    /// Whether what was asked was done, or refused for a reason of its own.
    pub fn was_taken_on(&self) -> bool {
        self.told
            .as_ref()
            .is_some_and(|told| matches!(told.status.as_u16(), 200 | 201 | 409))
    }
}

/// How long all but one in a hundred took at most.
pub fn p99(times: impl Iterator<Item = Duration>) -> Duration {
    let mut times: Vec<_> = times.collect();
    times.sort();
    times
        .get(times.len() * 99 / 100)
        .copied()
        .unwrap_or_default()
}

impl Wants {
    async fn one(&self, browser: &mut Browser, began: Instant) -> Answered {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let (at, asked) = (began.elapsed(), Instant::now());
        let told = if number.is_multiple_of(BOOKS_ONE_OF) {
            let slot = &self.slots[number / BOOKS_ONE_OF % self.slots.len()];
            claim(browser, &self.desk, slot, None).await
        } else {
            browser.get(&self.looks).await
        };
        Answered {
            at,
            took: asked.elapsed(),
            told,
        }
    }

    /// So many, one after the other.
    pub async fn in_turn(&self, count: usize) -> Vec<Answered> {
        let (mut browser, began) = (self.clerk.clone(), Instant::now());
        let mut all = Vec::new();
        for _ in 0..count {
            all.push(self.one(&mut browser, began).await);
        }
        all
    }

    /// How many a second a few at a time get done.
    pub async fn capacity(&self, at_once: usize, lasting: Duration) -> f64 {
        let began = Instant::now();
        let each = (0..at_once).map(|_| {
            let (wants, mut browser) = (self.clone(), self.clerk.clone());
            tokio::spawn(async move {
                let mut done = 0_u32;
                while began.elapsed() < lasting {
                    let one = wants.one(&mut browser, began).await;
                    done += u32::from(one.was_taken_on());
                }
                done
            })
        });
        let done: u32 = join_all(each.collect::<Vec<_>>())
            .await
            .into_iter()
            .map(Result::unwrap)
            .sum();
        f64::from(done) / began.elapsed().as_secs_f64()
    }

    /// So many a second for so long.
    pub async fn by_the_clock(&self, a_second: f64, lasting: Duration) -> Vec<Answered> {
        let began = Instant::now();
        let pause = Duration::from_secs_f64(1.0 / a_second);
        let under_way = Arc::new(AtomicUsize::new(0));
        let (mut all, mut sent) = (Vec::new(), 0_u32);
        while began.elapsed() < lasting {
            tokio::time::sleep_until((began + pause * sent).into()).await;
            sent += 1;
            if under_way.load(Ordering::SeqCst) >= UNDER_WAY {
                continue;
            }
            under_way.fetch_add(1, Ordering::SeqCst);
            let (wants, mut browser) = (self.clone(), self.clerk.clone());
            let under_way = Arc::clone(&under_way);
            all.push(tokio::spawn(async move {
                let one = wants.one(&mut browser, began).await;
                under_way.fetch_sub(1, Ordering::SeqCst);
                one
            }));
        }
        join_all(all)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect()
    }
}
