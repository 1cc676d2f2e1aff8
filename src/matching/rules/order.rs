//! Hard: linked visits keep their order and the gap between their starts: the meal before the medicine. It binds only where
//! both are placed.

use crate::problem::{HelperIx, Interval, Link, Problem, Seconds, VisitIx};
use crate::state::PlanState;
use crate::words::{Lang, moment};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "order";

/// The start is too near to a linked visit, too far from it, or on the wrong side of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutOfOrder {
    /// Whom it concerns: whoever would have come.
    pub helper: HelperIx,
    /// The visit it is linked to.
    pub other: VisitIx,
    /// Earliest start that one leaves.
    pub from: Seconds,
    /// Latest start that one leaves.
    pub to: Seconds,
}

impl Link {
    /// The visit at the other end and the starts it leaves to `visit`, both ends included, once it starts at `start`;
    /// `None` where the link is not the visit's.
    fn leaves(
        &self,
        visit: VisitIx,
        start: impl Fn(VisitIx) -> Option<Seconds>,
    ) -> Option<(VisitIx, Interval)> {
        if visit == self.second {
            let first = start(self.first)?;
            let left = Interval::new(first + self.least, first + self.most);
            Some((self.first, left))
        } else if visit == self.first {
            let second = start(self.second)?;
            let left = Interval::new(second - self.most, second - self.least);
            Some((self.second, left))
        } else {
            None
        }
    }
}

fn left<'p>(
    problem: &'p Problem,
    state: &'p PlanState,
    visit: VisitIx,
) -> impl Iterator<Item = (VisitIx, Interval)> + 'p {
    let start = |other| state.placed(other).map(|placed| placed.start);
    problem
        .links
        .iter()
        .filter_map(move |link| link.leaves(visit, start))
}

/// Broken when a placed visit it is linked to leaves no such start; the first such visit is named.
pub fn check(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<OutOfOrder> {
    left(problem, state, visit)
        .find(|(_, left)| start < left.from || left.to < start)
        .map(|(other, left)| OutOfOrder {
            helper,
            other,
            from: left.from,
            to: left.to,
        })
}

/// What the visits it is linked to leave of a window, both ends included; empty where it ends before it begins.
pub fn narrowed(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    window: Interval,
) -> Interval {
    left(problem, state, visit).fold(window, |window, (_, left)| {
        Interval::new(window.from.max(left.from), window.to.min(left.to))
    })
}

/// The placed visit it is linked to that leaves least of a window, and what it leaves.
pub fn tightest(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    window: Interval,
) -> Option<(VisitIx, Interval)> {
    left(problem, state, visit)
        .min_by_key(|(_, left)| window.to.min(left.to) - window.from.max(left.from))
}

impl OutOfOrder {
    /// In words that name the other visit.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        words(problem, self.other, Interval::new(self.from, self.to), lang)
    }
}

/// When a visit may start for the sake of another, in words.
pub fn words(problem: &Problem, other: VisitIx, left: Interval, lang: Lang) -> String {
    let label = &problem.visit(other).label;
    let [from, to] = [left.from, left.to].map(|at| moment(problem, at, lang));
    if from == to {
        return lang.pick(
            format!("为了配合「{label}」，只能在{from}开始。"),
            format!("Because of “{label}” it can only start at {from}."),
        );
    }
    lang.pick(
        format!("为了配合「{label}」，要在{from}到{to}之间开始。"),
        format!("Because of “{label}” it is to start between {from} and {to}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, two_visits};

    /// The first visit is held at 10:00; the second comes half an hour to two hours after it.
    fn linked() -> (Problem, PlanState, HelperIx) {
        let (mut problem, state, ..) = two_visits();
        problem.links = vec![Link {
            first: VisitIx(0),
            second: VisitIx(1),
            least: 1_800,
            most: 7_200,
        }];
        (problem, state, HelperIx(1))
    }

    #[test]
    fn the_second_waits_for_the_first() {
        let (problem, state, helper) = linked();
        let broken = |start| check(&problem, &state, VisitIx(1), helper, start);
        assert_eq!(broken(at(10, 30)), None);
        assert_eq!(broken(at(12, 0)), None);
        assert!(broken(at(12, 5)).is_some());
        assert_eq!(
            broken(at(10, 25)).unwrap().sentence(&problem, Lang::Zh),
            "为了配合「王奶奶 10:00 助浴」，要在10:30到12:00之间开始。"
        );
        assert_eq!(
            broken(at(9, 0)).unwrap().sentence(&problem, Lang::En),
            "Because of “王奶奶 10:00 助浴” it is to start between 10:30 and 12:00."
        );
    }

    #[test]
    fn the_first_keeps_before_the_second() {
        let (problem, mut state, helper) = linked();
        let placed = state.take(VisitIx(0)).unwrap();
        let start = at(15, 0);
        state.put(&problem, VisitIx(1), crate::Placed { start, ..placed });
        let broken = |start| check(&problem, &state, VisitIx(0), helper, start);
        assert_eq!(broken(at(14, 30)), None);
        assert_eq!(broken(at(13, 0)), None);
        assert!(broken(at(12, 55)).is_some() && broken(at(14, 35)).is_some());
    }

    #[test]
    fn alone_it_is_free() {
        let (problem, mut state, helper) = linked();
        state.take(VisitIx(0));
        let window = problem.visits[1].window;
        assert_eq!(check(&problem, &state, VisitIx(1), helper, at(7, 0)), None);
        assert_eq!(narrowed(&problem, &state, VisitIx(1), window), window);
    }
}
