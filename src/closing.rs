//! The end of the program: it is asked for once, and what is at work then is given time to finish.

use tokio::sync::watch;

/// Whether the end was asked for, and how much is still at work.
#[derive(Debug)]
pub struct Closing {
    asked: watch::Sender<bool>,
    at_work: watch::Sender<usize>,
}

impl Default for Closing {
    fn default() -> Self {
        Self {
            asked: watch::channel(false).0,
            at_work: watch::channel(0).0,
        }
    }
}

impl Closing {
    /// Asks everything to come to its end.
    pub fn ask(&self) {
        self.asked.send_replace(true);
    }

    /// Whether the end was asked for.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        *self.asked.borrow()
    }

    /// Waits until the end is asked for.
    pub fn asked(&self) -> impl Future<Output = ()> + Send + use<> {
        let mut asked = self.asked.subscribe();
        async move {
            // Where the sender is gone the program has ended already.
            let _ = asked.wait_for(|asked| *asked).await;
        }
    }

    /// Work that should be finished before the end, for as long as what this gives is kept.
    #[must_use]
    pub fn begin(&self) -> AtWork {
        self.at_work.send_modify(|count| *count += 1);
        AtWork(self.at_work.clone())
    }

    /// Waits until nothing is at work any more.
    pub async fn finished(&self) {
        // It fails only without a sender, and this is one.
        let _ = self.at_work.subscribe().wait_for(|count| *count == 0).await;
    }
}

/// Something at work; dropped when it is done.
#[derive(Debug)]
pub struct AtWork(watch::Sender<usize>);

impl Drop for AtWork {
    fn drop(&mut self) {
        self.0.send_modify(|count| *count = count.saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_waits_for_what_is_at_work() {
        let closing = Closing::default();
        closing.finished().await;
        let work = closing.begin();
        closing.ask();
        assert!(closing.is_asked());
        closing.asked().await;
        let mut finished = std::pin::pin!(closing.finished());
        assert!(futures::poll!(finished.as_mut()).is_pending());
        drop(work);
        finished.await;
    }
}
