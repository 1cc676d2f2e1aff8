//! Small problems for the tests.

pub mod random;

mod blind;
mod linked;
mod properties;

use crate::problem::*;

/// A time on the first day.
pub fn at(hour: Seconds, minute: Seconds) -> Seconds {
    hour * 3600 + minute * 60
}

/// Monday 2 November 2026, one skill, three places, nobody and nothing to do.
pub fn empty() -> Problem {
    Problem {
        first_day: (2026, 11, 2),
        days: 1,
        week_of_day: vec![0],
        grid: Problem::GRID,
        skills: vec![SkillName {
            zh: "助浴".to_owned(),
            en: "bathing".to_owned(),
        }],
        helpers: Vec::new(),
        visits: Vec::new(),
        walking: Walking::from_fn(3, |from, to| match (from, to) {
            (from, to) if from == to => 0,
            (0, 1) => 240,
            (1, 0) => 480,
            _ => 60,
        }),
        links: Vec::new(),
        goal: Goal::Care,
    }
}

/// A volunteer who can bathe, all day, four hours a day, twenty a week.
pub fn volunteer(key: i64, name: &str) -> Helper {
    Helper {
        key,
        name: name.to_owned(),
        kind: HelperKind::Volunteer,
        sex: Sex::Female,
        skills: vec![HeldSkill {
            skill: SkillIx(0),
            needs_credential: false,
            valid: None,
        }],
        available: vec![Interval::new(at(7, 0), at(19, 0))],
        leave: Vec::new(),
        start: None,
        end: None,
        daily_limit: 4 * 3600,
        weekly_limit: 20 * 3600,
        care_before: Vec::new(),
        household: None,
        recent_load: 0,
    }
}

/// An hour's bathing at a place, any time from 7:00 to 18:00.
pub fn bathing(key: i64, label: &str, place: usize) -> Visit {
    Visit {
        key,
        label: label.to_owned(),
        skill: SkillIx(0),
        duration: 3600,
        window: Interval::new(at(7, 0), at(18, 0)),
        asked: Some(at(10, 0)),
        place: PlaceIx(place),
        priority: 1,
        crew: 1,
        kinds: vec![HelperKind::Volunteer, HelperKind::Staff],
        sex: None,
        avoid: Vec::new(),
        prefer: Vec::new(),
        continuity: Vec::new(),
        household: 100 + key,
        ability_level: None,
        ability_allowed: (0, 4),
        credit: false,
        declined: Vec::new(),
        barred: Vec::new(),
        held: None,
    }
}

/// Two helpers, one open visit that both could make.
pub fn one_of_each() -> (Problem, VisitIx, HelperIx) {
    let mut problem = empty();
    problem.helpers = vec![volunteer(1, "李秀兰"), volunteer(2, "张建国")];
    problem.visits = vec![bathing(1, "王奶奶 10:00 助浴", 0)];
    (problem, VisitIx(0), HelperIx(0))
}

/// The same, the first visit promised to the first helper at 10:00, and a second open one.
pub fn two_visits() -> (Problem, crate::PlanState, VisitIx, HelperIx) {
    let (mut problem, _, helper) = one_of_each();
    problem.visits[0].held = Some(Held {
        helpers: vec![helper],
        start: at(10, 0),
        hold: Hold::Published,
    });
    problem.visits.push(bathing(2, "赵爷爷 助浴", 1));
    let state = crate::PlanState::held(&problem);
    (problem, state, VisitIx(1), helper)
}
