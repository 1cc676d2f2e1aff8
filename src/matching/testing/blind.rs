//! Every hard rule matters, and both judges see it: a plan is made for a problem from which one rule's data is taken away,
//! which is what a search without the rule would do, and judged by the problem as it is. If the rule's own check or the
//! independent checker were switched off, or no random problem ever met the rule, these tests would fail.

use super::random::{Size, problem};
use crate::problem::*;
use crate::rules::{self, crew_exclusions};
use crate::search::{Iterations, solve};
use crate::{PlanState, check};

const SIZE: Size = Size {
    days: 2,
    helpers: 8,
    visits: 40,
};

/// How many of the problems' plans the checker and the rules found to break a rule, once the search could not see it.
fn found(code: &str, blind: impl Fn(&mut Problem)) -> (usize, usize) {
    let (mut by_checker, mut by_rules) = (0, 0);
    for seed in 0..20 {
        let mut problem = problem(SIZE, seed);
        // Random problems let both kinds come to everything.
        let staffed = problem.visits.iter_mut().step_by(5);
        staffed.for_each(|visit| visit.kinds = vec![HelperKind::Staff]);
        let mut blinded = problem.clone();
        blind(&mut blinded);
        let plan = solve(&blinded, &mut Iterations(30), seed).assignments;
        assert_eq!(check(&blinded, &plan), vec![], "{code}");
        by_checker += usize::from(check(&problem, &plan).iter().any(|one| one.rule == code));
        let state = PlanState::of(&problem, &plan);
        let broken = problem.visit_ixs().any(|visit| {
            plan[visit.0].as_ref().is_some_and(|placed| {
                crew_exclusions(&problem, &state, visit, &placed.helpers, placed.start)
                    .iter()
                    .any(|reason| reason.code() == code)
            })
        });
        by_rules += usize::from(broken);
    }
    (by_checker, by_rules)
}

fn sees(code: &str, blind: impl Fn(&mut Problem)) {
    let (by_checker, by_rules) = found(code, blind);
    assert!(by_checker > 0, "the checker never found {code}");
    assert!(by_rules > 0, "the rules never found {code}");
    assert_eq!(by_checker, by_rules, "they disagree about {code}");
}

/// Takes a rule's data from every visit.
fn visits(change: impl Fn(&mut Visit)) -> impl Fn(&mut Problem) {
    move |problem| problem.visits.iter_mut().for_each(&change)
}

/// Takes a rule's data from every helper.
fn helpers(change: impl Fn(&mut Helper)) -> impl Fn(&mut Problem) {
    move |problem| problem.helpers.iter_mut().for_each(&change)
}

#[test]
fn nothing_is_found_where_nothing_is_hidden() {
    for code in [
        rules::skill::CODE,
        rules::overlap::CODE,
        rules::window::CODE,
    ] {
        assert_eq!(found(code, |_| {}), (0, 0));
    }
}

#[test]
fn kind() {
    let all = vec![
        HelperKind::Volunteer,
        HelperKind::Staff,
        HelperKind::Merchant,
    ];
    sees(
        rules::kind::CODE,
        visits(|visit| visit.kinds.clone_from(&all)),
    );
}

#[test]
fn skill() {
    sees(
        rules::skill::CODE,
        helpers(|helper| {
            for skill in 0..3 {
                helper.skills.push(HeldSkill {
                    skill: SkillIx(skill),
                    needs_credential: false,
                    valid: None,
                });
            }
        }),
    );
}

#[test]
fn credential() {
    let blind = helpers(|helper| {
        for held in &mut helper.skills {
            held.needs_credential = false;
        }
    });
    sees(rules::credential::CODE, blind);
}

#[test]
fn available() {
    let blind = helpers(|helper| helper.available = vec![Interval::new(0, 2 * DAY)]);
    sees(rules::available::CODE, blind);
}

#[test]
fn overlap() {
    sees(rules::overlap::CODE, |problem| {
        problem.walking = Walking::from_fn(problem.walking.places(), |_, _| 0);
    });
}

#[test]
fn daily_limit() {
    sees(
        rules::daily_limit::CODE,
        helpers(|helper| helper.daily_limit = DAY),
    );
}

#[test]
fn weekly_limit() {
    sees(
        rules::weekly_limit::CODE,
        helpers(|helper| helper.weekly_limit = 9 * DAY),
    );
}

#[test]
fn avoid() {
    sees(rules::avoid::CODE, visits(|visit| visit.avoid.clear()));
}

#[test]
fn sex() {
    sees(rules::sex::CODE, visits(|visit| visit.sex = None));
}

#[test]
fn ability() {
    sees(
        rules::ability::CODE,
        visits(|visit| visit.ability_level = None),
    );
}

#[test]
fn own_household() {
    sees(
        rules::own_household::CODE,
        visits(|visit| visit.credit = false),
    );
}

#[test]
fn declined() {
    sees(
        rules::declined::CODE,
        visits(|visit| visit.declined.clear()),
    );
}

#[test]
fn provider() {
    sees(rules::provider::CODE, visits(|visit| visit.barred.clear()));
}

#[test]
fn window() {
    let wider = |visit: &mut Visit| {
        let from = visit.window.from - visit.window.from % DAY;
        visit.window = Interval::new(from, from + DAY - Problem::GRID);
    };
    sees(rules::window::CODE, visits(wider));
}

#[test]
fn crew_distinct() {
    sees(rules::crew_distinct::CODE, visits(|visit| visit.crew = 1));
}

#[test]
fn order() {
    sees(rules::order::CODE, |problem| problem.links.clear());
}
