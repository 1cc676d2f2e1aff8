//! Why a visit is unserved, with the smallest change that would serve it; why an assignment was chosen.

mod words;

use crate::problem::{HelperIx, Interval, Placed, Problem, Seconds, SkillIx, VisitIx};
use crate::rules::credential::{self, NotValid};
use crate::rules::room::{Starts, common, free, free_but_for_credential, idle, nearest};
use crate::rules::{self, Part, continuity, order, skill};
use crate::state::PlanState;
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
    /// Somebody who would be free, were her credential valid then.
    pub barred: Option<NotValid>,
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
    /// Some are available, but at no start that a visit it is linked to leaves.
    OutOfOrder {
        /// How many are available.
        able: usize,
        /// The linked visit that leaves least.
        other: VisitIx,
        /// The starts it leaves, both ends included.
        left: Interval,
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
        barred: barred(problem, &state, visit, &obstacle),
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
    if let Some(obstacle) = out_of_order(problem, state, visit, &idle) {
        return obstacle;
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

/// Where nobody of those who are available is so at a start that linked visits leave.
fn out_of_order(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    available: &[(HelperIx, Starts)],
) -> Option<Obstacle> {
    let window = problem.visit(visit).window;
    let (other, left) = order::tightest(problem, state, visit, window)?;
    let narrowed = order::narrowed(problem, state, visit, window);
    let could =
        |(helper, _): &(HelperIx, Starts)| !idle(problem, visit, *helper, narrowed).is_empty();
    (!available.iter().any(could)).then_some(Obstacle::OutOfOrder {
        able: available.len(),
        other,
        left,
    })
}

/// The first who would be free within the window, were her credential valid; nobody where there is room anyway.
fn barred(
    problem: &Problem,
    state: &PlanState,
    visit: VisitIx,
    obstacle: &Obstacle,
) -> Option<NotValid> {
    if matches!(obstacle, Obstacle::Room) {
        return None;
    }
    problem.helper_ixs().find_map(|helper| {
        let starts = free_but_for_credential(problem, state, visit, helper);
        credential::check(problem, visit, helper, starts.first()?.from)
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::{DAY, HelperKind, Link, Sex};
    use crate::testing::{at, one_of_each, two_visits};
    use crate::words::Lang;

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

    #[test]
    fn who_would_be_free_but_for_her_credential_is_named() {
        let (mut problem, _, second, _) = two_visits();
        problem.visits[1].window = Interval::new(at(10, 0), at(10, 30));
        let held = &mut problem.helpers[1].skills[0];
        held.needs_credential = true;
        held.valid = Some(Interval::new(-30 * DAY, 0));
        let (why, for_families, _) = explained(&problem, second);
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| why.sentence_for_office(&problem, lang));
        assert!(!for_families.contains("张建国"), "{for_families}");
        assert_eq!(why.obstacle, Obstacle::AllBusy { able: 1 });
        assert!(
            zh.starts_with("这个时段有空的只有1位，已有安排。张建国有空，但「助浴」的资质有效期到2026年11月1日为止。"),
            "{zh}"
        );
        assert!(
            en.contains("张建国 is free, but: The credential for “bathing” is valid only until"),
            "{en}"
        );
        // True: with the credential renewed she could come.
        problem.helpers[1].skills[0].valid = Some(Interval::ALWAYS);
        let state = PlanState::held(&problem);
        let free = free(
            &problem,
            &state,
            second,
            HelperIx(1),
            problem.visits[1].window,
        );
        assert!(!free.is_empty());
    }

    #[test]
    fn the_linked_visit_that_leaves_no_time_is_named() {
        let (mut problem, _, second, _) = two_visits();
        problem.links = vec![Link {
            first: VisitIx(0),
            second,
            least: 1_800,
            most: 3_600,
        }];
        for helper in &mut problem.helpers {
            helper.available = vec![
                Interval::new(at(7, 0), at(11, 0)),
                Interval::new(at(13, 0), at(18, 0)),
            ];
        }
        let (why, zh, en) = explained(&problem, second);
        assert_eq!(
            why.obstacle,
            Obstacle::OutOfOrder {
                able: 2,
                other: VisitIx(0),
                left: Interval::new(at(10, 30), at(11, 0))
            }
        );
        assert_eq!(why.change, None);
        assert_eq!(
            zh,
            "为了配合「王奶奶 10:00 助浴」，要在10:30到11:00之间开始。有空的2位那时都来不了。"
        );
        assert_eq!(
            en,
            "Because of “王奶奶 10:00 助浴” it is to start between 10:30 and 11:00. None of the 2 who are available can come then."
        );
    }
}
