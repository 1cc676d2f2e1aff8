//! How often somebody may try a password.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

/// Wrong tries for one login from one address before a pause.
const TRIES: u32 = 6;
/// Minutes after the first wrong try at which counting begins again.
const PAUSE_MIN: i64 = 5;
/// Entries kept before old ones are thrown away.
const KEPT: usize = 1_000;

/// Wrong tries, counted for each login and address in this process.
#[derive(Debug, Default)]
pub struct Tries(Mutex<HashMap<Who, Count>>);

/// Who tries: a login, from an address where it is known.
pub type Who = (String, Option<IpAddr>);

#[derive(Clone, Copy, Debug)]
struct Count {
    first: DateTime<Utc>,
    wrong: u32,
}

impl Count {
    fn is_old(self, now: DateTime<Utc>) -> bool {
        now - self.first >= TimeDelta::minutes(PAUSE_MIN)
    }
}

impl Tries {
    fn counts(&self) -> MutexGuard<'_, HashMap<Who, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a try, and says whether it may be made. One that succeeds is [forgotten](Tries::forget).
    #[must_use]
    pub fn begin(&self, who: &Who, now: DateTime<Utc>) -> bool {
        let mut counts = self.counts();
        if counts.len() >= KEPT {
            counts.retain(|_, count| !count.is_old(now));
        }
        let count = counts.entry(who.clone()).or_insert(Count {
            first: now,
            wrong: 0,
        });
        if count.is_old(now) {
            *count = Count {
                first: now,
                wrong: 0,
            };
        }
        count.wrong += 1;
        count.wrong <= TRIES
    }

    /// Forgets the wrong tries of somebody who got in.
    pub fn forget(&self, who: &Who) {
        self.counts().remove(who);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_six_wrong_tries_comes_a_pause() {
        let tries = Tries::default();
        let now = DateTime::from_timestamp(0, 0).unwrap();
        let (wang, li) = (("wang".to_owned(), None), ("li".to_owned(), None));
        for _ in 0..6 {
            assert!(tries.begin(&wang, now));
        }
        assert!(!tries.begin(&wang, now));
        assert!(tries.begin(&li, now));
        assert!(tries.begin(&wang, now + TimeDelta::minutes(5)));
    }

    #[test]
    fn whoever_gets_in_begins_anew() {
        let tries = Tries::default();
        let now = DateTime::from_timestamp(0, 0).unwrap();
        let wang = ("wang".to_owned(), None);
        for _ in 0..20 {
            assert!(tries.begin(&wang, now));
            tries.forget(&wang);
        }
    }
}
