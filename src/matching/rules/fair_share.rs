//! Soft, fifth: nobody carries much more of her share than others.
//!
//! A helper's share of unfairness is her load (this month so far and in the plan) squared over her weekly limit, in hours: the
//! sum over all helpers is least when every load is the same part of what its helper is willing to give.

use super::{Part, Reason};
use crate::problem::{Helper, HelperIx, Problem, Seconds, VisitIx};
use crate::state::PlanState;
use crate::words::{Lang, day, length};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "fair_share";

/// How much of her limit is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Room {
    /// Who.
    pub helper: HelperIx,
    /// When the service starts.
    pub start: Seconds,
    /// Care that still fits in that day once she has taken this visit.
    pub left: Seconds,
}

/// A helper's share of unfairness under a load, in hours.
pub fn cost(helper: &Helper, load: Seconds) -> i64 {
    of_load(helper.weekly_limit, load)
}

/// The same for whoever gives this much a week at most.
pub fn of_load(weekly_limit: Seconds, load: Seconds) -> i64 {
    const WEEK: Seconds = 7 * crate::problem::DAY;
    let minutes = load.max(0) / 60;
    minutes * minutes / (weekly_limit.clamp(3_600, WEEK) / 60) / 60
}

/// The reason.
pub fn part(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Part {
    let (person, duration) = (problem.helper(helper), problem.visit(visit).duration);
    let load = person.recent_load + state.care_in_all(helper, visit);
    let today = state.care_on(problem, helper, problem.day_of(start), visit);
    let week = state.care_in_week(problem, helper, problem.week_of(start), visit);
    let left = (person.daily_limit - today).min(person.weekly_limit - week) - duration;
    let value = cost(person, load + duration) - cost(person, load);
    Part {
        code: CODE,
        value,
        reason: Reason::FairShare(Room {
            helper,
            start,
            left: left.max(0),
        }),
    }
}

impl Room {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let (day, left) = (day(problem, self.start, lang), length(self.left, lang));
        if self.left < 300 {
            return lang.pick(
                format!("排上这次，{day}就满了。"),
                format!("With this visit, {day} is full."),
            );
        }
        lang.pick(
            format!("排上这次，{day}还能再排{left}。"),
            format!("With this visit, still has room for {left} on {day}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, two_visits};

    #[test]
    fn an_hour_costs_more_on_top_of_more() {
        let (mut problem, ..) = two_visits();
        problem.helpers[0].weekly_limit = 10 * 3600;
        let helper = &problem.helpers[0];
        let hour = |load: i64| cost(helper, (load + 1) * 3600) - cost(helper, load * 3600);
        assert!(hour(40) > hour(10) && hour(10) > hour(0));
        problem.helpers[1].weekly_limit = 40 * 3600;
        assert!(
            cost(&problem.helpers[1], 40 * 3600) < cost(&problem.helpers[0], 40 * 3600),
            "who gives more time carries more"
        );
    }

    #[test]
    fn the_room_left_is_said() {
        let (mut problem, state, second, helper) = two_visits();
        problem.helpers[0].daily_limit = 5 * 3600;
        let part = part(&problem, &state, second, helper, at(14, 0));
        assert_eq!(
            part.sentence(&problem, Lang::Zh),
            "排上这次，2日还能再排3小时。"
        );
        assert_eq!(
            part.sentence(&problem, Lang::En),
            "With this visit, still has room for 3 hours on the 2nd."
        );
    }
}
