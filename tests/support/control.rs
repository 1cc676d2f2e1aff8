//! The control of a race test: without its guard the same race has to go wrong, or the test shows nothing.

use yinling::store::Guard;

use super::{House, On};

/// So many houses are tried before a race counts as one that never shows.
const HOUSES: usize = 30;

/// Runs a race with its guard taken away, in a new house each time, until it goes wrong. Who meets whom is the machine's to
/// say: one house of thirty has to show it.
pub async fn goes_wrong(on: On, what: &str, race: impl AsyncFn(&House) -> bool) {
    for _ in 0..HOUSES {
        let house = House::open_with(on, |store| store.with_guard(Guard::Off)).await;
        let wrong = race(&house).await;
        house.close().await;
        if wrong {
            return;
        }
    }
    panic!("in {HOUSES} houses without guard never once: {what}");
}
