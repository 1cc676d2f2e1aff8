//! Hard: no overlap, the walk from the visit before and to the visit after included.

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::state::{Busy, PlanState};
use crate::words::{Lang, length, span};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "overlap";

/// The helper is elsewhere, or on the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlaps {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// The visit in the way.
    pub other: VisitIx,
    /// When that one starts.
    pub from: Seconds,
    /// When it ends.
    pub to: Seconds,
    /// The walk between the two, in the order they are made; 0 where the services themselves overlap.
    pub walk: Seconds,
}

/// Broken when a visit of hers overlaps, or lies too near to be walked to in time; the nearest such visit is named.
pub fn check(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<Overlaps> {
    let end = start + problem.visit(visit).duration;
    let others = state.busy(helper).iter().filter(|busy| busy.visit != visit);
    let clashes = others.filter_map(|busy| Some((busy, clash(problem, visit, start, end, busy)?)));
    let (busy, walk) = clashes.min_by_key(|(busy, walk)| (*walk, (busy.from - start).abs()))?;
    Some(Overlaps {
        helper,
        other: busy.visit,
        from: busy.from,
        to: busy.to,
        walk,
    })
}

/// The walk that leaves no room between the two, 0 where they overlap outright, `None` where there is room.
fn clash(
    problem: &Problem,
    visit: VisitIx,
    start: Seconds,
    end: Seconds,
    busy: &Busy,
) -> Option<Seconds> {
    let (here, there) = (problem.visit(visit).place, problem.visit(busy.visit).place);
    if busy.to <= start {
        let walk = problem.walking.between(there, here);
        (busy.to + walk > start).then_some(walk)
    } else if end <= busy.from {
        let walk = problem.walking.between(here, there);
        (end + walk > busy.from).then_some(walk)
    } else {
        Some(0)
    }
}

impl Overlaps {
    /// In words that name the other visit.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let (label, when) = (&problem.visit(self.other).label, span(self.from, self.to));
        if self.walk == 0 {
            return lang.pick(
                format!("{when}要去「{label}」。"),
                format!("Busy {when} with “{label}”."),
            );
        }
        let walk = length(self.walk, lang);
        lang.pick(
            format!("{when}要去「{label}」，路上要{walk}，来不及。"),
            format!("Busy {when} with “{label}”, and the walk between takes {walk}: too close."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, two_visits};

    #[test]
    fn a_visit_at_the_same_time_is_named() {
        let (problem, state, second, helper) = two_visits();
        let broken = check(&problem, &state, second, helper, at(10, 30)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "10:00–11:00要去「王奶奶 10:00 助浴」。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Busy 10:00–11:00 with “王奶奶 10:00 助浴”."
        );
    }

    #[test]
    fn the_walk_counts_in_its_own_direction() {
        let (problem, state, second, helper) = two_visits();
        // From the first to the second it is 4 minutes, back it is 8.
        assert_eq!(check(&problem, &state, second, helper, at(11, 4)), None);
        let broken = check(&problem, &state, second, helper, at(11, 3)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "10:00–11:00要去「王奶奶 10:00 助浴」，路上要4分钟，来不及。"
        );
        assert_eq!(check(&problem, &state, second, helper, at(8, 52)), None);
        assert_eq!(
            check(&problem, &state, second, helper, at(8, 53))
                .unwrap()
                .walk,
            480
        );
    }
}
