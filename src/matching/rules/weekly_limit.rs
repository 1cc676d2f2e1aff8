//! Hard: no more care a week than the helper's limit, what she gives outside this problem included.

use crate::problem::{HelperIx, Problem, Seconds, VisitIx};
use crate::state::PlanState;
use crate::words::{Lang, length};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "weekly_limit";

/// The week would hold too much care.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WeekFull {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// Care she gives that week without it.
    pub given: Seconds,
    /// Her limit.
    pub limit: Seconds,
}

/// Broken when the week's care with this visit exceeds the limit.
pub fn check(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<WeekFull> {
    let given = state.care_in_week(problem, helper, problem.week_of(start), visit);
    let limit = problem.helper(helper).weekly_limit;
    (given + problem.visit(visit).duration > limit).then_some(WeekFull {
        helper,
        given,
        limit,
    })
}

impl WeekFull {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let (given, limit) = (length(self.given, lang), length(self.limit, lang));
        lang.pick(
            format!("这一周已排{given}，每周上限是{limit}。"),
            format!("Already has {given} of care this week; the weekly limit is {limit}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, two_visits};

    #[test]
    fn care_given_outside_the_problem_counts() {
        let (mut problem, state, second, helper) = two_visits();
        problem.helpers[0].weekly_limit = 10 * 3600;
        problem.helpers[0].care_before = vec![8 * 3600];
        assert_eq!(check(&problem, &state, second, helper, at(14, 0)), None);
        problem.helpers[0].care_before = vec![8 * 3600 + 60];
        let broken = check(&problem, &state, second, helper, at(14, 0)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "这一周已排9小时1分钟，每周上限是10小时。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Already has 9 h 1 min of care this week; the weekly limit is 10 hours."
        );
    }

    #[test]
    fn weeks_are_counted_apart() {
        let (mut problem, state, second, helper) = two_visits();
        problem.days = 2;
        problem.week_of_day = vec![0, 1];
        problem.helpers[0].weekly_limit = 3600;
        assert!(check(&problem, &state, second, helper, at(14, 0)).is_some());
        assert_eq!(
            check(
                &problem,
                &state,
                second,
                helper,
                crate::problem::DAY + at(14, 0)
            ),
            None
        );
    }
}
