//! Hard: the helper is available for the whole service. The way to it may lie before.

use super::walking::leg;
use crate::problem::{DAY, Goal, Helper, HelperIx, Interval, Problem, Seconds, VisitIx};
use crate::words::{Lang, day, span};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "available";

/// The helper is not available then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotAvailable {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// When the service would start.
    pub start: Seconds,
    /// When she is available on that day.
    pub hours: Vec<Interval>,
    /// Whether her leave lies over the service.
    pub on_leave: bool,
}

/// Her availability with touching intervals made one.
pub fn spans(helper: &Helper) -> impl Iterator<Item = Interval> + '_ {
    let mut rest = helper.available.iter().copied().peekable();
    std::iter::from_fn(move || {
        let mut span = rest.next()?;
        while let Some(next) = rest.next_if(|next| next.from <= span.to) {
            span.to = span.to.max(next.to);
        }
        Some(span)
    })
}

/// What of an availability is left for the service itself: all of it, but under [`Goal::Walking`] the way from her start and
/// back to her end lies within it too, as it does for the vehicles of other solvers.
pub fn for_service(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
    span: Interval,
) -> Interval {
    if problem.goal != Goal::Walking {
        return span;
    }
    let here = Some(problem.visit(visit).place);
    let (out, home) = (
        leg(problem, helper, None, here),
        leg(problem, helper, here, None),
    );
    Interval::new(span.from + out, span.to - home)
}

/// Broken when no availability of hers holds the whole service.
pub fn check(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<NotAvailable> {
    let end = start + problem.visit(visit).duration;
    let person = problem.helper(helper);
    if spans(person).any(|span| for_service(problem, visit, helper, span).covers(start, end)) {
        return None;
    }
    let midnight = start.div_euclid(DAY) * DAY;
    let clipped = spans(person)
        .map(|span| Interval::new(span.from.max(midnight), span.to.min(midnight + DAY)));
    let hours = clipped.filter(|span| span.from < span.to).collect();
    let on_leave = person
        .leave
        .iter()
        .any(|leave| leave.from < end && start < leave.to);
    Some(NotAvailable {
        helper,
        start,
        hours,
        on_leave,
    })
}

impl NotAvailable {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let day = day(problem, self.start, lang);
        if self.on_leave {
            return lang.pick(
                format!("{day}这个时间请了假。"),
                format!("On leave at this time on {day}."),
            );
        }
        if self.hours.is_empty() {
            return lang.pick(
                format!("{day}没有空闲时间。"),
                format!("Not available on {day}."),
            );
        }
        let hours: Vec<_> = self
            .hours
            .iter()
            .map(|hours| span(hours.from, hours.to))
            .collect();
        lang.pick(
            format!("{day}只在{}有空。", hours.join("、")),
            format!("Available on {day} only {}.", hours.join(" and ")),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, one_of_each};

    #[test]
    fn the_whole_service_lies_within_her_hours() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].available = vec![
            Interval::new(at(9, 0), at(11, 0)),
            Interval::new(at(14, 0), at(17, 0)),
        ];
        assert_eq!(check(&problem, visit, helper, at(10, 0)), None);
        let broken = check(&problem, visit, helper, at(10, 5)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "2日只在9:00–11:00、14:00–17:00有空。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Available on the 2nd only 9:00–11:00 and 14:00–17:00."
        );
    }

    #[test]
    fn hours_that_touch_are_one() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].available = vec![
            Interval::new(at(9, 0), at(10, 30)),
            Interval::new(at(10, 30), at(12, 0)),
        ];
        assert_eq!(check(&problem, visit, helper, at(10, 0)), None);
    }

    #[test]
    fn leave_is_said_as_leave() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].available.clear();
        let broken = check(&problem, visit, helper, at(10, 0)).unwrap();
        assert_eq!(broken.sentence(&problem, Lang::Zh), "2日没有空闲时间。");
        problem.helpers[0].leave = vec![Interval::new(0, DAY)];
        let broken = check(&problem, visit, helper, at(10, 0)).unwrap();
        assert_eq!(broken.sentence(&problem, Lang::Zh), "2日这个时间请了假。");
    }
}
