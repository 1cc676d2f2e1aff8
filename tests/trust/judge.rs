//! Whether what several people saw of one time could have happened one thing after the other: linearizability, judged by
//! search with remembered dead ends (Wing and Gong, *Journal of Parallel and Distributed Computing* 17, 1993; Lowe,
//! *Concurrency and Computation* 29, 2017).

use std::collections::HashSet;

/// What was done to a time, and what was said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Claimed it.
    Claimed,
    /// Was told that it is taken.
    Refused,
    /// Gave back what the claim of this number had taken.
    Released(usize),
    /// Saw it offered, or not.
    Seen { free: bool },
    /// Wanted to claim it, and never heard.
    MayHaveClaimed,
    /// Wanted to give back what this claim had taken, and never heard.
    MayHaveReleased(usize),
}

/// An act with its span of time, in any unit that grows.
#[derive(Clone, Copy, Debug)]
pub struct Event {
    /// Its number, by which a release names its claim.
    pub id: usize,
    pub act: Act,
    pub from: u64,
    /// When the answer came; of what never was answered, the end of time.
    pub to: u64,
}

impl Event {
    /// Whether the order must find a place for it.
    fn is_certain(&self) -> bool {
        !matches!(self.act, Act::MayHaveClaimed | Act::MayHaveReleased(_))
    }

    /// Who holds the time after it, where it may happen while `holder` does.
    fn after(&self, holder: Option<usize>) -> Option<Option<usize>> {
        match self.act {
            Act::Claimed | Act::MayHaveClaimed => holder.is_none().then_some(Some(self.id)),
            Act::Refused | Act::Seen { free: false } => holder.is_some().then_some(holder),
            Act::Seen { free: true } => holder.is_none().then_some(None),
            Act::Released(claim) | Act::MayHaveReleased(claim) => {
                (holder == Some(claim)).then_some(None)
            }
        }
    }
}

/// Whether an order exists in which every certain act has its place within its span, and each of the others has one or
/// never happened.
pub fn is_linearizable(events: &[Event]) -> bool {
    assert!(events.len() <= 128, "{} events of one time", events.len());
    search(events, 0, None, &mut HashSet::new())
}

fn search(
    events: &[Event],
    done: u128,
    holder: Option<usize>,
    dead: &mut HashSet<(u128, Option<usize>)>,
) -> bool {
    let left = || (0..events.len()).filter(|at| done & (1 << at) == 0);
    if left().all(|at| !events[at].is_certain()) {
        return true;
    }
    if !dead.insert((done, holder)) {
        return false;
    }
    // Whatever comes next must have begun before every certain one that is left has ended.
    let first_end = left()
        .filter(|at| events[*at].is_certain())
        .map(|at| events[at].to)
        .min()
        .unwrap_or(u64::MAX);
    left().filter(|at| events[*at].from <= first_end).any(|at| {
        events[at]
            .after(holder)
            .is_some_and(|next| search(events, done | (1 << at), next, dead))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: usize, act: Act, from: u64, to: u64) -> Event {
        Event { id, act, from, to }
    }

    #[test]
    fn what_follows_is_found() {
        use Act::{Claimed, Refused, Released, Seen};
        assert!(is_linearizable(&[
            event(0, Claimed, 0, 10),
            event(1, Refused, 1, 4),
            event(2, Released(0), 11, 12),
            event(3, Seen { free: true }, 11, 20),
            event(4, Claimed, 13, 14),
        ]));
        let two = [event(0, Claimed, 0, 10), event(1, Claimed, 1, 4)];
        assert!(!is_linearizable(&two), "two hold it at once");
        let stale = [event(0, Claimed, 0, 1), event(1, Seen { free: true }, 2, 3)];
        assert!(!is_linearizable(&stale), "seen free after it was taken");
        let early = [event(0, Refused, 0, 1), event(1, Claimed, 2, 3)];
        assert!(!is_linearizable(&early), "refused while nobody held it");
    }

    #[test]
    fn what_was_never_answered_may_have_happened_or_not() {
        use Act::{Claimed, MayHaveClaimed, MayHaveReleased, Refused};
        let open = event(0, MayHaveClaimed, 0, u64::MAX);
        assert!(is_linearizable(&[open, event(1, Refused, 5, 6)]));
        assert!(is_linearizable(&[open, event(1, Claimed, 5, 6)]));
        let back = [
            event(0, Claimed, 0, 1),
            event(1, MayHaveReleased(0), 2, u64::MAX),
            event(2, Claimed, 5, 6),
        ];
        assert!(is_linearizable(&back));
        // But not before it was asked for.
        let before = [
            event(0, Refused, 0, 1),
            event(1, MayHaveClaimed, 2, u64::MAX),
        ];
        assert!(!is_linearizable(&before));
    }
}
