//! Hard: the start lies in the visit's window, both ends included.

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::words::{Lang, moment};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "window";

/// The start is outside the visit's window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outside {
    /// Whom it concerns: whoever would have come.
    pub helper: HelperIx,
    /// When the service would start.
    pub start: Seconds,
    /// Earliest start.
    pub from: Seconds,
    /// Latest start.
    pub to: Seconds,
}

/// Broken when the start is before the window's first or after its last.
pub fn check(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<Outside> {
    let window = problem.visit(visit).window;
    let outside = start < window.from || window.to < start;
    outside.then_some(Outside {
        helper,
        start,
        from: window.from,
        to: window.to,
    })
}

impl Outside {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let [start, from, to] =
            [self.start, self.from, self.to].map(|at| moment(problem, at, lang));
        lang.pick(
            format!("约定在{from}到{to}之间开始，{start}不在其中。"),
            format!("It is to start between {from} and {to}; {start} is outside."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, one_of_each};

    #[test]
    fn both_ends_are_inside() {
        let (mut problem, visit, helper) = one_of_each();
        problem.visits[0].window = crate::problem::Interval::new(at(9, 30), at(10, 30));
        assert_eq!(check(&problem, visit, helper, at(9, 30)), None);
        assert_eq!(check(&problem, visit, helper, at(10, 30)), None);
        let broken = check(&problem, visit, helper, at(10, 35)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "约定在9:30到10:30之间开始，10:35不在其中。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "It is to start between 9:30 and 10:30; 10:35 is outside."
        );
    }
}
