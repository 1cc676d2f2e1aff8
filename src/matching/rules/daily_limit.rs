//! Hard: no more care a day than the helper's limit. A visit counts on the day it starts; walking does not count.

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::state::PlanState;
use crate::words::{Lang, day, length};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "daily_limit";

/// The day would hold too much care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DayFull {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// When the service would start.
    pub start: Seconds,
    /// Care she gives that day without it.
    pub given: Seconds,
    /// Her limit.
    pub limit: Seconds,
}

/// Broken when the day's care with this visit exceeds the limit.
pub fn check(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<DayFull> {
    let given = state.care_on(problem, helper, problem.day_of(start), visit);
    let limit = problem.helper(helper).daily_limit;
    (given + problem.visit(visit).duration > limit).then_some(DayFull {
        helper,
        start,
        given,
        limit,
    })
}

impl DayFull {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let (day, given, limit) = (
            day(problem, self.start, lang),
            length(self.given, lang),
            length(self.limit, lang),
        );
        lang.pick(
            format!("{day}已排{given}，每天上限是{limit}。"),
            format!("Already has {given} of care on {day}; the daily limit is {limit}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::DAY;
    use crate::testing::{at, two_visits};

    #[test]
    fn a_day_holds_no_more_than_its_limit() {
        let (mut problem, state, second, helper) = two_visits();
        problem.helpers[0].daily_limit = 2 * 3600;
        assert_eq!(check(&problem, &state, second, helper, at(14, 0)), None);
        problem.helpers[0].daily_limit = 90 * 60;
        let broken = check(&problem, &state, second, helper, at(14, 0)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "2日已排1小时，每天上限是1小时30分钟。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Already has 1 hour of care on the 2nd; the daily limit is 1 h 30 min."
        );
        problem.days = 2;
        problem.week_of_day = vec![0, 0];
        assert_eq!(
            check(&problem, &state, second, helper, DAY + at(14, 0)),
            None,
            "the next day is another day"
        );
    }
}
