//! Linked visits: both served where they can be, in their order.

use super::random::{Size, problem};
use super::{at, bathing, empty, volunteer};
use crate::problem::*;
use crate::search::{Iterations, solve};
use crate::{assess, check, open_starts, suggest};

/// A meal and a medicine for each of so many residents, the medicine half an hour to an hour after the meal began; two
/// helpers, who have hardly time for all.
fn meals(residents: usize) -> Problem {
    let mut problem = empty();
    problem.helpers = vec![volunteer(1, "李秀兰"), volunteer(2, "张建国")];
    for helper in &mut problem.helpers {
        helper.available = vec![Interval::new(at(9, 0), at(13, 0))];
    }
    for at in 0..residents {
        let place = at % 3;
        for (turn, minutes) in [(0, 20), (1, 10)] {
            let key = (2 * at + turn) as i64;
            let mut visit = bathing(key, &format!("{key}"), place);
            visit.duration = minutes * 60;
            problem.visits.push(visit);
        }
        problem.links.push(Link {
            first: VisitIx(2 * at),
            second: VisitIx(2 * at + 1),
            least: 1_800,
            most: 3_600,
        });
    }
    problem
}

#[test]
fn the_meal_comes_before_the_medicine_for_everybody() {
    let problem = meals(10);
    let plan = solve(&problem, &mut Iterations(3_000), 1);
    assert_eq!(check(&problem, &plan.assignments), vec![]);
    assert_eq!(plan.score.unserved_priority, 0);
    for link in &problem.links {
        let start = |end: VisitIx| plan.assignments[end.0].as_ref().unwrap().start;
        let apart = start(link.second) - start(link.first);
        assert!((1_800..=3_600).contains(&apart), "{apart}");
    }
}

#[test]
fn two_who_come_together_keep_the_order_too() {
    let mut problem = meals(5);
    for visit in problem.visits.iter_mut().skip(1).step_by(2) {
        visit.crew = 2;
    }
    let plan = solve(&problem, &mut Iterations(3_000), 1);
    assert_eq!(check(&problem, &plan.assignments), vec![]);
    assert_eq!(plan.score.unserved_priority, 0);
}

#[test]
fn what_is_offered_for_one_keeps_the_order_with_the_other() {
    let mut problem = meals(1);
    problem.visits[0].held = Some(Held {
        helpers: vec![HelperIx(0)],
        start: at(10, 0),
        hold: Hold::Published,
    });
    let medicine = VisitIx(1);
    let starts: Vec<_> = open_starts(&problem, medicine, 300)
        .into_iter()
        .map(|open| open.start)
        .collect();
    assert_eq!(
        (starts.first(), starts.last()),
        (Some(&at(10, 30)), Some(&at(11, 0)))
    );
    for suggestion in suggest(&problem, medicine, 5).ranked {
        assert!(assess(&problem, medicine, &suggestion.helpers, suggestion.start).is_empty());
    }
    let broken = assess(&problem, medicine, &[HelperIx(1)], at(9, 30));
    assert_eq!(broken[0].code(), "order");
    assert!(broken[0].overridable());
}

#[test]
fn what_is_pinned_rules_its_partner() {
    let mut problem = meals(4);
    problem.visits[1].held = Some(Held {
        helpers: vec![HelperIx(1)],
        start: at(12, 0),
        hold: Hold::Fixed,
    });
    let plan = solve(&problem, &mut Iterations(2_000), 3);
    assert_eq!(check(&problem, &plan.assignments), vec![]);
    let meal = plan.assignments[0].as_ref().unwrap();
    assert!((at(11, 0)..=at(11, 30)).contains(&meal.start));
}

#[test]
fn links_cost_little_where_there_is_time() {
    // Of random visits, as many are served with links between those of one morning as without.
    for seed in 0..5 {
        let size = Size {
            days: 1,
            helpers: 20,
            visits: 60,
        };
        let mut free = problem(size, seed);
        free.links.clear();
        let mut linked = free.clone();
        for first in (0..size.visits - 1).step_by(6) {
            let window = linked.visits[first].window;
            linked.visits[first + 1].window = Interval::new(window.from + 1_800, window.to + 7_200);
            free.visits[first + 1].window = linked.visits[first + 1].window;
            linked.links.push(Link {
                first: VisitIx(first),
                second: VisitIx(first + 1),
                least: 1_800,
                most: 7_200,
            });
        }
        let unserved = |problem: &Problem| {
            let plan = solve(problem, &mut Iterations(2_000), seed);
            assert_eq!(check(problem, &plan.assignments), vec![]);
            plan.score.unserved_priority
        };
        let (with, without) = (unserved(&linked), unserved(&free));
        assert!(with <= without + 4, "{with} with links, {without} without");
    }
}
