//! Where the rules leave room: every start at which a helper could come, as ranges rather than one by one.

use super::{ability, avoid, kind, own_household, sex, skill};
use super::{available, credential, daily_limit, declined, order, provider, weekly_limit};
use crate::problem::{DAY, HelperIx, Interval, Problem, Seconds, VisitIx};
use crate::state::PlanState;

/// Starts from `from` to `to`, both included, all on one day. Both ends lie on the problem's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starts {
    /// First.
    pub from: Seconds,
    /// Last.
    pub to: Seconds,
}

/// Whether no rule that does not depend on the time stands between the two.
pub fn permitted(problem: &Problem, visit: VisitIx, helper: HelperIx) -> bool {
    kind::check(problem, visit, helper).is_none()
        && skill::check(problem, visit, helper).is_none()
        && sex::check(problem, visit, helper).is_none()
        && avoid::check(problem, visit, helper).is_none()
        && declined::check(problem, visit, helper).is_none()
        && provider::check(problem, visit, helper).is_none()
        && ability::check(problem, visit, helper).is_none()
        && own_household::check(problem, visit, helper).is_none()
}

/// Starts within `window` at which the helper is available and her credential valid, were she otherwise idle: sorted, disjoint,
/// cut at midnight.
pub fn idle(problem: &Problem, visit: VisitIx, helper: HelperIx, window: Interval) -> Vec<Starts> {
    let records = credential::held(problem, visit, helper).filter_map(credential::valid);
    hours(problem, visit, helper, window, records)
}

/// Starts within `window` at which the helper is available and one of the credentials valid.
fn hours(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
    window: Interval,
    credentials: impl IntoIterator<Item = Interval>,
) -> Vec<Starts> {
    let duration = problem.visit(visit).duration;
    let mut starts = Vec::new();
    let (first, last) = (window.from.max(0), window.to.min(problem.horizon() - 1));
    for valid in credentials {
        for span in available::spans(problem.helper(helper)) {
            let hours = available::for_service(problem, visit, helper, span);
            let from = first.max(hours.from).max(valid.from);
            let to = last.min(hours.to - duration).min(valid.to - duration);
            by_day(problem, from, to, &mut starts);
        }
    }
    starts.sort_by_key(|span| (span.from, span.to));
    starts.dedup_by(|next, span| {
        // Two credentials for one skill may cover the same hours.
        let joins = next.from <= span.to;
        if joins {
            span.to = span.to.max(next.to);
        }
        joins
    });
    starts
}

fn by_day(problem: &Problem, from: Seconds, to: Seconds, starts: &mut Vec<Starts>) {
    let mut midnight = from.div_euclid(DAY) * DAY;
    while midnight <= to {
        let (first, last) = (
            problem.grid_up(from.max(midnight)),
            problem.grid_down(to.min(midnight + DAY - 1)),
        );
        if first <= last {
            starts.push(Starts {
                from: first,
                to: last,
            });
        }
        midnight += DAY;
    }
}

/// Starts within `window` that break no rule while `state` stands, the visit's own place in it not counted.
pub fn free(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    window: Interval,
) -> Vec<Starts> {
    if !permitted(problem, visit, helper) {
        return Vec::new();
    }
    let window = order::narrowed(problem, state, visit, window);
    let spans = idle(problem, visit, helper, window);
    unbooked(problem, state, visit, helper, spans)
}

/// Starts at which nothing but her credential stands in the way: none where it does not.
pub fn free_but_for_credential(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
) -> Vec<Starts> {
    if !permitted(problem, visit, helper) {
        return Vec::new();
    }
    let window = order::narrowed(problem, state, visit, problem.visit(visit).window);
    let mut spans = hours(problem, visit, helper, window, [Interval::ALWAYS]);
    let barred = |starts: &Starts| credential::check(problem, visit, helper, starts.from).is_some();
    spans.retain(barred);
    unbooked(problem, state, visit, helper, spans)
}

/// What her limits and her other visits leave of some spans.
fn unbooked(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    spans: Vec<Starts>,
) -> Vec<Starts> {
    let mut free = Vec::new();
    for span in spans {
        let full = daily_limit::check(problem, state, visit, helper, span.from).is_some()
            || weekly_limit::check(problem, state, visit, helper, span.from).is_some();
        if !full {
            between(problem, state, visit, helper, span, &mut free);
        }
    }
    free
}

/// What the helper's other visits leave of a span.
fn between(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    span: Starts,
    free: &mut Vec<Starts>,
) {
    let of = problem.visit(visit);
    let mut from = span.from;
    for busy in state.busy(helper).iter().filter(|busy| busy.visit != visit) {
        let there = problem.visit(busy.visit).place;
        let last = busy.from - problem.walking.between(of.place, there) - of.duration;
        let to = problem.grid_down(last.min(span.to));
        if from <= to {
            free.push(Starts { from, to });
        }
        from = from.max(problem.grid_up(busy.to + problem.walking.between(there, of.place)));
        if from > span.to {
            return;
        }
    }
    if from <= span.to {
        free.push(Starts { from, to: span.to });
    }
}

/// The start in the ranges nearest to a wish, the earlier of two as near; `None` where there is none.
pub fn nearest(ranges: &[Starts], wish: Seconds) -> Option<Seconds> {
    let starts = ranges
        .iter()
        .map(|span| wish.clamp(span.from, span.to))
        .map(|start| (start - wish).abs());
    let distance = starts.min()?;
    let at = |start: Seconds| {
        ranges
            .iter()
            .any(|span| span.from <= start && start <= span.to)
    };
    if at(wish - distance) {
        Some(wish - distance)
    } else {
        Some(wish + distance)
    }
}

/// The starts two helpers have in common.
pub fn common(one: &[Starts], other: &[Starts]) -> Vec<Starts> {
    let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
    let shared = pairs.map(|(a, b)| Starts {
        from: a.from.max(b.from),
        to: a.to.min(b.to),
    });
    shared.filter(|span| span.from <= span.to).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::exclusions;
    use crate::testing::{at, two_visits};

    #[test]
    fn ranges_agree_with_the_rules_one_by_one() {
        let (mut problem, state, second, helper) = two_visits();
        problem.helpers[0].available = vec![
            Interval::new(at(8, 0), at(12, 0)),
            Interval::new(at(13, 0), at(16, 30)),
        ];
        let window = problem.visits[1].window;
        let ranges = free(&problem, &state, second, helper, window);
        assert!(!ranges.is_empty());
        let mut start = 0;
        while start < DAY {
            let inside = ranges
                .iter()
                .any(|span| span.from <= start && start <= span.to);
            assert_eq!(
                inside,
                exclusions(&problem, &state, second, helper, start).is_empty(),
                "at {start}"
            );
            start += problem.grid;
        }
    }

    #[test]
    fn nearest_prefers_the_earlier_of_two() {
        let ranges = [
            Starts { from: 0, to: 600 },
            Starts {
                from: 1200,
                to: 1500,
            },
        ];
        assert_eq!(nearest(&ranges, 900), Some(600));
        assert_eq!(nearest(&ranges, 1000), Some(1200));
        assert_eq!(nearest(&ranges, 300), Some(300));
        assert_eq!(nearest(&[], 300), None);
    }
}
