//! How often somebody may try: a password, a code, a link by mail. The counts are rows, so that several processes share them.
//!
//! Three counts stand between a guesser and a login, and none of them shuts out its owner:
//!
//! - the **pair** of login and address: six in five minutes, wherever one sits;
//! - the **login** from all addresses together: thirty in an hour, so that many addresses do not help;
//! - the **address** for all logins together: sixty in a quarter of an hour, so that one password is not tried on everybody.
//!
//! An address from which the account was signed in to within thirty days is *known*: there the pair alone counts. So
//! somebody who tries her login from elsewhere all day long keeps the owner out of nothing where she always sits; from a new
//! place she may ask for a link by mail. All of it counts what was typed, whether such a login exists or not.

mod queries;

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use sha2::{Digest, Sha256};

pub(super) use queries::knows;
pub use queries::{begin, forget, got_in, is_known, took_back};

use crate::error::{Error, Kind, Problem};
use crate::http::input::hex;
use crate::said::Said;

/// Days for which an address counts as known.
const KNOWN_DAYS: i64 = 30;

/// So many tries in so many minutes from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    tries: i32,
    minutes: i64,
}

const PAIR: Limit = Limit {
    tries: 6,
    minutes: 5,
};
const LOGIN: Limit = Limit {
    tries: 30,
    minutes: 60,
};
const ADDRESS: Limit = Limit {
    tries: 60,
    minutes: 15,
};
const LINKS_TO: Limit = Limit {
    tries: 5,
    minutes: 60,
};
const LINKS_FROM: Limit = Limit {
    tries: 20,
    minutes: 60,
};

/// One thing that is counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    id: String,
    limit: Limit,
}

impl Count {
    fn new(kind: &str, parts: &[&str], limit: Limit) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind);
        for part in parts {
            // The length first, so that no two lists of parts read the same.
            hash.update(part.len().to_be_bytes());
            hash.update(part);
        }
        Self {
            id: hex(&hash.finalize()),
            limit,
        }
    }

    /// Seconds until then, at least one.
    fn wait(&self, first: DateTime<Utc>, now: DateTime<Utc>) -> u32 {
        let until = first + TimeDelta::minutes(self.limit.minutes);
        u32::try_from((until - now).num_seconds().max(1)).unwrap_or(1)
    }
}

/// What a try is counted against: something secret, tried on `whose` account or login from an address.
#[must_use]
pub fn of_secret(what: &str, whose: &str, from: Option<IpAddr>, known: bool) -> Vec<Count> {
    let address = spelled(from);
    let mut counts = vec![Count::new(what, &[whose, &address], PAIR)];
    if !known {
        counts.push(Count::new(what, &[whose], LOGIN));
        // Where the server does not know the address, everybody would share one.
        if from.is_some() {
            counts.push(Count::new("address", &[&address], ADDRESS));
        }
    }
    counts
}

/// What asking for a link is counted against: the address it would go to, and the one that asks.
#[must_use]
pub fn of_link(to: &str, from: Option<IpAddr>) -> Vec<Count> {
    let mut counts = vec![Count::new("link-to", &[&to.to_lowercase()], LINKS_TO)];
    if from.is_some() {
        counts.push(Count::new("link-from", &[&spelled(from)], LINKS_FROM));
    }
    counts
}

/// An address as it is counted. Whoever has one address of IPv6 has all of its /64.
fn spelled(from: Option<IpAddr>) -> String {
    match from.map(|address| address.to_canonical()) {
        None => "-".to_owned(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// An address as it is kept with an account.
fn source(account: AccountId, from: Option<IpAddr>) -> String {
    Count::new("source", &[&account.to_string(), &spelled(from)], PAIR).id
}

/// The refusal, the same whether a login exists or not.
fn too_many(wait: u32) -> Error {
    let minutes = wait.div_ceil(60);
    let mut problem = Problem::new(
        Kind::TooMany,
        Said::new("试的次数太多了。", "Too many tries."),
        Said::new(
            format!("请等 {minutes} 分钟再试，或用邮箱收一个登录链接。"),
            format!("Please wait {minutes} min, or ask for a link by mail."),
        ),
    );
    problem.retry_after = Some(wait);
    problem.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(counts: &[Count]) -> Vec<&str> {
        counts.iter().map(|count| count.id.as_str()).collect()
    }

    #[test]
    fn a_known_address_counts_for_itself_alone() {
        let home = Some("192.0.2.1".parse().unwrap());
        let known = of_secret("password", "wang", home, true);
        let unknown = of_secret("password", "wang", home, false);
        assert_eq!((known.len(), unknown.len()), (1, 3));
        assert_eq!(known[0], unknown[0]);
        let elsewhere = of_secret(
            "password",
            "wang",
            Some("192.0.2.2".parse().unwrap()),
            false,
        );
        assert_ne!(known[0], elsewhere[0]);
        assert_eq!(unknown[1], elsewhere[1], "the login counts from everywhere");
        let other = of_secret("password", "li", home, false);
        assert_eq!(unknown[2], other[2], "the address counts for every login");
    }

    #[test]
    fn nothing_can_be_read_in_what_is_kept() {
        let counts = of_secret(
            "password",
            "wang",
            Some("192.0.2.1".parse().unwrap()),
            false,
        );
        for id in ids(&counts) {
            assert_eq!(id.len(), 64);
            assert!(!id.contains("wang") && !id.contains("192"));
        }
    }

    #[test]
    fn one_neighbourhood_of_ipv6_is_one_address() {
        let spell = |text: &str| spelled(Some(text.parse().unwrap()));
        assert_eq!(spell("2001:db8:1:2::3"), spell("2001:db8:1:2:ffff::9"));
        assert_ne!(spell("2001:db8:1:2::3"), spell("2001:db8:1:3::3"));
        assert_eq!(spell("::ffff:192.0.2.1"), spell("192.0.2.1"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        let count = |parts: &[&str]| Count::new("x", parts, PAIR).id;
        assert_ne!(count(&["ab", "c"]), count(&["a", "bc"]));
    }

    #[test]
    fn the_wait_is_told_in_whole_seconds_and_never_none() {
        let count = &of_secret("password", "wang", None, true)[0];
        let first = DateTime::from_timestamp(0, 0).unwrap();
        assert_eq!(count.wait(first, first), 300);
        assert_eq!(
            count.wait(first, first + TimeDelta::milliseconds(299_900)),
            1
        );
    }
}
