//! Soft, last: little walking. Each day runs from the helper's start, where she has one, over her visits to her end.

use super::{Part, Reason};
use crate::problem::{HelperIx, PlaceIx, Problem, Seconds, VisitIx};
use crate::state::{Busy, PlanState};
use crate::words::{Lang, length};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "walking";

/// How far she walks to the visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Way {
    /// Who.
    pub helper: HelperIx,
    /// Seconds on foot to the visit; `None`: nobody knows where she comes from.
    pub seconds: Option<Seconds>,
    /// The visit she comes from; `None`: from home or her station.
    pub from: Option<VisitIx>,
}

/// Seconds between two stops of a helper's day; `None` stands for her start (as `from`) or her end (as `to`).
pub fn leg(
    problem: &Problem,
    helper: HelperIx,
    from: Option<PlaceIx>,
    to: Option<PlaceIx>,
) -> Seconds {
    let person = problem.helper(helper);
    match (from.or(person.start), to.or(person.end)) {
        _ if from.is_none() && to.is_none() => 0,
        (Some(from), Some(to)) => problem.walking.between(from, to),
        _ => 0,
    }
}

/// The reason; its value is the walking the visit adds to her day.
pub fn part(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Part {
    let here = problem.visit(visit).place;
    let day = problem.day_of(start);
    let place = |busy: &Busy| problem.visit(busy.visit).place;
    let same_day = || {
        state
            .busy(helper)
            .iter()
            .filter(|busy| busy.visit != visit && problem.day_of(busy.from) == day)
    };
    let before = same_day().rfind(|busy| busy.from < start);
    let after = same_day().find(|busy| busy.from >= start);
    let (from, to) = (before.map(place), after.map(place));
    let to_here = leg(problem, helper, from, Some(here));
    let value = to_here + leg(problem, helper, Some(here), to) - leg(problem, helper, from, to);
    let known = from.is_some() || problem.helper(helper).start.is_some();
    let way = Way {
        helper,
        seconds: known.then_some(to_here),
        from: before.map(|busy| busy.visit),
    };
    Part {
        code: CODE,
        value,
        reason: Reason::Walking(way),
    }
}

impl Way {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let Some(seconds) = self.seconds else {
            return lang.pick(
                "这是当天的第一件事。".to_owned(),
                "The first visit of the day.".to_owned(),
            );
        };
        let walk = length(seconds, lang);
        match self.from {
            None => lang.pick(format!("步行{walk}就到。"), format!("{walk} on foot.")),
            Some(from) => {
                let label = &problem.visit(from).label;
                lang.pick(
                    format!("从「{label}」步行{walk}就到。"),
                    format!("{walk} on foot from “{label}”."),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, two_visits};

    #[test]
    fn the_way_is_from_the_visit_before() {
        let (mut problem, state, second, helper) = two_visits();
        let after = part(&problem, &state, second, helper, at(14, 0));
        assert_eq!(after.value, 240);
        assert_eq!(
            after.sentence(&problem, Lang::Zh),
            "从「王奶奶 10:00 助浴」步行4分钟就到。"
        );
        assert_eq!(
            after.sentence(&problem, Lang::En),
            "4 minutes on foot from “王奶奶 10:00 助浴”."
        );
        let before = part(&problem, &state, second, helper, at(8, 0));
        assert_eq!(before.value, 480);
        assert_eq!(before.sentence(&problem, Lang::Zh), "这是当天的第一件事。");
        problem.helpers[0].start = Some(PlaceIx(2));
        assert_eq!(
            part(&problem, &state, second, helper, at(8, 0)).sentence(&problem, Lang::Zh),
            "步行1分钟就到。"
        );
    }
}
