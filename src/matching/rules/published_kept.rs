//! Soft, second: what people have been told stays as it is. A published assignment with another crew or start, or none, costs 1.

use super::{Part, Reason};
use crate::problem::{HelperIx, Hold, Problem, Seconds, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "published_kept";

/// Kept as it was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kept {
    /// When it starts, as before.
    pub start: Seconds,
}

/// 1 where the visit was published and is not placed like this, else 0. `None`: left out.
pub fn cost(problem: &Problem, visit: VisitIx, placed: Option<(&[HelperIx], Seconds)>) -> i64 {
    let published = problem
        .visit(visit)
        .held
        .as_ref()
        .filter(|held| held.hold == Hold::Published);
    let Some(held) = published else { return 0 };
    let same = placed
        .is_some_and(|(helpers, start)| start == held.start && same_crew(helpers, &held.helpers));
    i64::from(!same)
}

/// Whether two crews are the same people, in whatever order.
pub fn same_crew(one: &[HelperIx], other: &[HelperIx]) -> bool {
    one.len() == other.len() && one.iter().all(|helper| other.contains(helper))
}

/// The reason, where the visit is published and this keeps it.
pub fn part(
    problem: &Problem,
    visit: VisitIx,
    helpers: &[HelperIx],
    start: Seconds,
) -> Option<Part> {
    let held = problem
        .visit(visit)
        .held
        .as_ref()
        .filter(|held| held.hold == Hold::Published)?;
    let kept = held.start == start && same_crew(helpers, &held.helpers);
    kept.then_some(Part {
        code: CODE,
        value: 0,
        reason: Reason::PublishedKept(Kept { start }),
    })
}

impl Kept {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        lang.pick(
            "和已经通知的安排一样。".to_owned(),
            "Stays as everybody was told.".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Held;
    use crate::testing::{at, one_of_each};

    #[test]
    fn only_a_published_assignment_that_changes_costs() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(cost(&problem, visit, None), 0);
        problem.visits[0].held = Some(Held {
            helpers: vec![helper],
            start: at(10, 0),
            hold: Hold::Published,
        });
        assert_eq!(cost(&problem, visit, Some((&[helper], at(10, 0)))), 0);
        assert_eq!(cost(&problem, visit, Some((&[helper], at(10, 5)))), 1);
        assert_eq!(cost(&problem, visit, Some((&[HelperIx(1)], at(10, 0)))), 1);
        assert_eq!(cost(&problem, visit, None), 1);
        let kept = part(&problem, visit, &[helper], at(10, 0)).unwrap();
        assert_eq!(kept.sentence(&problem, Lang::Zh), "和已经通知的安排一样。");
        assert_eq!(part(&problem, visit, &[helper], at(11, 0)), None);
    }
}
