//! Why a visit is unserved, with the smallest change that would serve it; why an assignment was chosen.

use crate::problem::{HelperIx, Interval, Placed, Problem, Seconds, SkillIx, VisitIx};
use crate::rules::room::{Starts, common, free, idle, nearest};
use crate::rules::{self, Part, continuity, skill};
use crate::state::PlanState;
use crate::words::{Lang, moment};
use serde::Serialize;

/// How far from its window another start is looked for.
pub const REACH: Seconds = 3 * 3600;

/// Why a visit is unserved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Which visit.
    pub visit: VisitIx,
    /// What stands in the way.
    pub obstacle: Obstacle,
    /// The smallest change that would serve it, everything else left as it is; `None`: no start within [`REACH`] would.
    pub change: Option<Change>,
}

/// What stands in the way, from the bluntest to the finest: the first that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "obstacle", rename_all = "snake_case")]
pub enum Obstacle {
    /// Nobody holds the skill.
    NobodyHolds {
        /// Which.
        skill: SkillIx,
    },
    /// Some hold it, but another rule that no time can mend stands against each of them.
    NobodyPermitted {
        /// How many hold the skill.
        holders: usize,
        /// The code of the rule that stands against most.
        rule: &'static str,
    },
    /// Some could do it, but none is available with a valid credential at those hours.
    NobodyAvailable {
        /// How many could do it at another time.
        able: usize,
    },
    /// Some are available, but all are elsewhere.
    AllBusy {
        /// How many are available.
        able: usize,
    },
    /// Some are available, but all have reached a daily or weekly limit, or are elsewhere.
    LimitsReached {
        /// How many are available.
        able: usize,
        /// How many of them have reached a limit.
        full: usize,
    },
    /// A crew of two, and no two are free at the same time.
    NotTogether {
        /// How many could come alone.
        able: usize,
    },
    /// Nothing: somebody is free within the window.
    Room,
}

/// Another start that would serve the visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The crew that knows the resident best.
    pub helpers: Vec<HelperIx>,
    /// When. It may lie outside the visit's window: then the family is to be asked.
    pub start: Seconds,
    /// How many helpers could come then.
    pub choice: usize,
}

/// Why a visit is not served while the assignments stand, and what would serve it.
pub fn why_unserved(problem: &Problem, assignments: &[Option<Placed>], visit: VisitIx) -> Why {
    let state = PlanState::of(problem, assignments);
    let obstacle = obstacle(problem, &state, visit);
    Why {
        visit,
        obstacle,
        change: change(problem, &state, visit),
    }
}

/// The reasons for an assignment of a plan; none where the visit is unserved.
pub fn reasons(problem: &Problem, assignments: &[Option<Placed>], visit: VisitIx) -> Vec<Part> {
    let state = PlanState::of(problem, assignments);
    let placed = assignments.get(visit.0).and_then(Option::as_ref);
    placed.map_or_else(Vec::new, |placed| {
        rules::parts(problem, &state, visit, &placed.helpers, placed.start)
    })
}

fn obstacle(problem: &Problem, state: &PlanState, visit: VisitIx) -> Obstacle {
    let of = problem.visit(visit);
    let crew = usize::from(of.crew);
    let holders: Vec<_> = problem
        .helper_ixs()
        .filter(|helper| skill::check(problem, visit, *helper).is_none())
        .collect();
    if holders.is_empty() {
        return Obstacle::NobodyHolds { skill: of.skill };
    }
    let permitted: Vec<_> = holders
        .iter()
        .copied()
        .filter(|helper| rules::room::permitted(problem, visit, *helper))
        .collect();
    if permitted.is_empty() {
        return Obstacle::NobodyPermitted {
            holders: holders.len(),
            rule: commonest(problem, visit, &holders),
        };
    }
    let idle: Vec<_> = permitted
        .iter()
        .filter_map(|helper| Some((*helper, *idle(problem, visit, *helper, of.window).first()?)))
        .collect();
    if idle.is_empty() {
        return Obstacle::NobodyAvailable {
            able: permitted.len(),
        };
    }
    let able = ranges(problem, state, visit, of.window);
    if able.is_empty() {
        let full = idle
            .iter()
            .filter(|(helper, span)| is_full(problem, state, visit, *helper, span.from))
            .count();
        let able = idle.len();
        return if full == 0 {
            Obstacle::AllBusy { able }
        } else {
            Obstacle::LimitsReached { able, full }
        };
    }
    if crew == 2 && nearest_crew(problem, visit, &able).is_none() {
        return Obstacle::NotTogether { able: able.len() };
    }
    Obstacle::Room
}

fn is_full(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> bool {
    rules::daily_limit::check(problem, state, visit, helper, start).is_some()
        || rules::weekly_limit::check(problem, state, visit, helper, start).is_some()
}

fn commonest(problem: &Problem, visit: VisitIx, holders: &[HelperIx]) -> &'static str {
    let broken = holders
        .iter()
        .flat_map(|helper| rules::standing(problem, visit, *helper));
    let codes: Vec<_> = broken.map(|broken| broken.code()).collect();
    let count = |code: &str| codes.iter().filter(|other| **other == code).count();
    codes
        .iter()
        .copied()
        .max_by_key(|code| (count(code), std::cmp::Reverse(*code)))
        .unwrap_or(rules::skill::CODE)
}

type Able = Vec<(HelperIx, Vec<Starts>)>;

fn ranges(problem: &Problem, state: &PlanState, visit: VisitIx, window: Interval) -> Able {
    let of_each = problem
        .helper_ixs()
        .map(|helper| (helper, free(problem, state, visit, helper, window)));
    of_each.filter(|(_, ranges)| !ranges.is_empty()).collect()
}

/// The start nearest to what was asked at which a whole crew is free.
fn nearest_crew(problem: &Problem, visit: VisitIx, able: &Able) -> Option<Seconds> {
    let of = problem.visit(visit);
    let wish = problem.grid_down(of.asked.unwrap_or(of.window.from));
    let alone = able.iter().filter_map(|(_, ranges)| nearest(ranges, wish));
    let together = able.iter().enumerate().flat_map(|(at, (_, one))| {
        let later = &able[at + 1..];
        later
            .iter()
            .filter_map(move |(_, other)| nearest(&common(one, other), wish))
    });
    let key = |start: &Seconds| ((start - wish).abs(), *start);
    if of.crew == 2 {
        together.min_by_key(key)
    } else {
        alone.min_by_key(key)
    }
}

fn change(problem: &Problem, state: &PlanState, visit: VisitIx) -> Option<Change> {
    let of = problem.visit(visit);
    let within = ranges(problem, state, visit, of.window);
    let (able, start) = match nearest_crew(problem, visit, &within) {
        Some(start) => (within, start),
        None => {
            let wider = Interval::new(of.window.from - REACH, of.window.to + REACH);
            let able = ranges(problem, state, visit, wider);
            let start = nearest_crew(problem, visit, &able)?;
            (able, start)
        }
    };
    let at = |ranges: &[Starts]| {
        ranges
            .iter()
            .any(|span| span.from <= start && start <= span.to)
    };
    let mut helpers: Vec<_> = able
        .iter()
        .filter(|(_, ranges)| at(ranges))
        .map(|(helper, _)| *helper)
        .collect();
    let choice = helpers.len();
    helpers.sort_by_key(|helper| -continuity::worth(of, *helper));
    helpers.truncate(usize::from(of.crew));
    Some(Change {
        helpers,
        start,
        choice,
    })
}

impl Why {
    /// What stands in the way and, where there is one, the way out.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let obstacle = self.obstacle_sentence(problem, lang);
        match self.change_sentence(problem, lang) {
            Some(change) => lang.pick(
                format!("{obstacle}{change}"),
                format!("{obstacle} {change}"),
            ),
            None => obstacle,
        }
    }

    fn obstacle_sentence(&self, problem: &Problem, lang: Lang) -> String {
        let (zh, en) = match &self.obstacle {
            Obstacle::NobodyHolds { skill } => {
                let name = &problem.skills[skill.0];
                (
                    format!("还没有人登记「{}」这项技能。", name.zh),
                    format!("Nobody has the skill “{}”.", name.en),
                )
            }
            Obstacle::NobodyPermitted { holders, rule } => {
                let (zh, en) = standing_words(rule);
                (
                    format!("{holders}位有这项技能，但{zh}。"),
                    format!("{holders} have the skill, but {en}."),
                )
            }
            Obstacle::NobodyAvailable { able } => (
                format!("能做的有{able}位，这个时段都没空。"),
                format!("{able} could do it, but none is available at these hours."),
            ),
            Obstacle::AllBusy { able: 1 } => (
                "这个时段有空的只有1位，已有安排。".to_owned(),
                "The only one who is available at these hours is taken.".to_owned(),
            ),
            Obstacle::AllBusy { able } => (
                format!("这个时段有空的{able}位都已有安排。"),
                format!("All {able} who are available at these hours are taken."),
            ),
            Obstacle::LimitsReached { able: 1, .. } => (
                "这个时段有空的只有1位，已到服务时长上限。".to_owned(),
                "The only one who is available at these hours has reached their limit.".to_owned(),
            ),
            Obstacle::LimitsReached { able, full } if able == full => (
                format!("这个时段有空的{able}位都已到服务时长上限。"),
                format!("All {able} who are available at these hours have reached their limit."),
            ),
            Obstacle::LimitsReached { able, full } => (
                format!("这个时段有空的{able}位里，{full}位已到服务时长上限，其余已有安排。"),
                format!(
                    "Of {able} available at these hours, {full} have reached their limit and the rest are taken."
                ),
            ),
            Obstacle::NotTogether { able } => (
                format!("要两个人一起去，能去的{able}位凑不到同一个时间。"),
                format!(
                    "It takes two together; of the {able} who could come, no two are free at the same time."
                ),
            ),
            Obstacle::Room => (
                "约定的时段里还排得下。".to_owned(),
                "There is room within the window.".to_owned(),
            ),
        };
        lang.pick(zh, en)
    }

    /// The way out, in words.
    pub fn change_sentence(&self, problem: &Problem, lang: Lang) -> Option<String> {
        let change = self.change.as_ref()?;
        let (start, choice) = (moment(problem, change.start, lang), change.choice);
        let outside = !matches!(self.obstacle, Obstacle::Room);
        Some(match (outside, choice) {
            (true, 1) => lang.pick(
                format!("改到{start}，有1位可以来。"),
                format!("At {start}, 1 helper could come."),
            ),
            (true, _) => lang.pick(
                format!("改到{start}，有{choice}位可以来。"),
                format!("At {start}, {choice} helpers could come."),
            ),
            (false, _) => lang.pick(
                format!("{start}有{choice}位可以来。"),
                format!("At {start}, {choice} could come."),
            ),
        })
    }
}

fn standing_words(rule: &str) -> (&'static str, &'static str) {
    match rule {
        rules::kind::CODE => (
            "不是这项服务允许的人员类别",
            "they are not of a kind this service permits",
        ),
        rules::avoid::CODE => (
            "双方有一方希望不要安排在一起",
            "one side has asked not to be matched",
        ),
        rules::sex::CODE => (
            "老人希望由另一性别的人来照护",
            "the resident wishes for the other sex",
        ),
        rules::ability::CODE => (
            "老人的能力等级不在这项服务的范围内",
            "the resident's ability level is outside the service's range",
        ),
        rules::own_household::CODE => (
            "照顾自己家人不能记入时间银行",
            "care of one's own household earns no credit",
        ),
        _ => ("都说过这次去不了", "they have declined this visit"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{HelperKind, Sex};
    use crate::testing::{at, one_of_each, two_visits};

    fn explained(problem: &Problem, visit: VisitIx) -> (Why, String, String) {
        let state = PlanState::held(problem);
        let why = why_unserved(problem, state.placements(), visit);
        let (zh, en) = (
            why.sentence(problem, Lang::Zh),
            why.sentence(problem, Lang::En),
        );
        (why, zh, en)
    }

    #[test]
    fn the_bluntest_obstacle_is_named() {
        let (mut problem, visit, _) = one_of_each();
        problem.visits[0].sex = Some(Sex::Male);
        assert_eq!(
            explained(&problem, visit).1,
            "2位有这项技能，但老人希望由另一性别的人来照护。"
        );
        problem.visits[0].kinds = vec![HelperKind::Merchant];
        problem.visits[0].sex = None;
        assert_eq!(
            explained(&problem, visit).2,
            "2 have the skill, but they are not of a kind this service permits."
        );
        problem
            .helpers
            .iter_mut()
            .for_each(|helper| helper.skills.clear());
        assert_eq!(
            explained(&problem, visit).1,
            "还没有人登记「助浴」这项技能。"
        );
    }

    #[test]
    fn another_start_is_offered_where_there_is_one() {
        let (mut problem, _, second, _) = two_visits();
        problem.helpers[1].available = vec![Interval::new(at(12, 0), at(14, 0))];
        problem.visits[1].window = Interval::new(at(10, 0), at(10, 30));
        let (why, zh, en) = explained(&problem, second);
        assert_eq!(
            why.change,
            Some(Change {
                helpers: vec![HelperIx(0)],
                start: at(11, 5),
                choice: 1
            })
        );
        assert_eq!(
            zh,
            "这个时段有空的只有1位，已有安排。改到11:05，有1位可以来。"
        );
        assert_eq!(
            en,
            "The only one who is available at these hours is taken. At 11:05, 1 helper could come."
        );
    }

    #[test]
    fn a_full_day_is_said() {
        let (mut problem, _, second, _) = two_visits();
        problem.helpers[0].daily_limit = 3600;
        problem.helpers[1].available.clear();
        let (why, zh, _) = explained(&problem, second);
        assert_eq!(why.change, None);
        assert_eq!(zh, "这个时段有空的只有1位，已到服务时长上限。");
    }

    #[test]
    fn two_who_cannot_meet() {
        let (mut problem, visit, _) = one_of_each();
        problem.visits[0].crew = 2;
        problem.helpers[0].available = vec![Interval::new(at(7, 0), at(9, 0))];
        problem.helpers[1].available = vec![Interval::new(at(10, 0), at(12, 0))];
        assert_eq!(
            explained(&problem, visit).0.obstacle,
            Obstacle::NotTogether { able: 2 }
        );
        problem
            .helpers
            .iter_mut()
            .for_each(|helper| helper.available.clear());
        assert_eq!(
            explained(&problem, visit).0.obstacle,
            Obstacle::NobodyAvailable { able: 2 }
        );
    }
}
