//! Desks that book without pause until they are told to stop, or get no answer any more.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

use futures::future::join_all;
use tokio::task::JoinHandle;

use super::browser::{Browser, Told};
use super::slots::{Slot, claim};

/// One asking: what came back, and when.
#[derive(Clone, Debug)]
pub struct Asked {
    pub came: Instant,
    pub told: Option<Told>,
}

impl Asked {
    /// The number of the booking that was acknowledged.
    pub fn booking(&self) -> Option<i64> {
        let told = self
            .told
            .as_ref()
            .filter(|told| told.status.as_u16() == 201)?;
        told.json()["booking_id"].as_i64()
    }
}

/// Desks at work.
pub struct Load {
    desks: Vec<JoinHandle<Vec<Asked>>>,
    stop: Arc<AtomicBool>,
}

impl Load {
    /// So many desks begin to book these times, one after the other.
    pub fn begin(
        clerk: &Browser,
        address: &str,
        desk: &str,
        desks: usize,
        todo: &Arc<Vec<Slot>>,
    ) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicUsize::new(0));
        let desks = (0..desks).map(|_| {
            let (browser, desk) = (clerk.at(address), desk.to_owned());
            let (todo, next, stop) = (Arc::clone(todo), Arc::clone(&next), Arc::clone(&stop));
            tokio::spawn(one(browser, desk, todo, next, stop))
        });
        Self {
            desks: desks.collect(),
            stop,
        }
    }

    /// Whether everything was asked.
    pub fn is_done(&self) -> bool {
        self.desks.iter().all(JoinHandle::is_finished)
    }

    /// Lets everybody end what they are at, and gives all that was asked.
    pub async fn end(self) -> Vec<Asked> {
        self.stop.store(true, Ordering::SeqCst);
        join_all(self.desks)
            .await
            .into_iter()
            .flat_map(Result::unwrap)
            .collect()
    }
}

async fn one(
    mut browser: Browser,
    desk: String,
    todo: Arc<Vec<Slot>>,
    next: Arc<AtomicUsize>,
    stop: Arc<AtomicBool>,
) -> Vec<Asked> {
    let mut asked = Vec::new();
    while !stop.load(Ordering::SeqCst)
        && let Some(slot) = todo.get(next.fetch_add(1, Ordering::SeqCst))
    {
        let told = claim(&mut browser, &desk, slot, None).await;
        let gone = told.is_none();
        asked.push(Asked {
            came: Instant::now(),
            told,
        });
        if gone {
            break;
        }
    }
    asked
}
