//! Problems drawn at random, from small and tangled to a whole day of a compound.

use super::{at, bathing, empty, volunteer};
use crate::problem::*;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

/// How large.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    pub days: usize,
    pub helpers: usize,
    pub visits: usize,
}

/// A problem with every rule in play.
pub fn problem(size: Size, seed: u64) -> Problem {
    let mut rng = SmallRng::seed_from_u64(seed);
    let mut problem = empty();
    problem.days = size.days;
    let turn = rng.random_range(0..=size.days);
    problem.week_of_day = (0..size.days).map(|day| usize::from(day >= turn)).collect();
    problem.skills = (0..3)
        .map(|at| SkillName {
            zh: format!("技能{at}"),
            en: format!("skill {at}"),
        })
        .collect();
    problem.walking = compound(60, &mut rng);
    problem.helpers = (0..size.helpers)
        .map(|at| helper(size.days, at, &mut rng))
        .collect();
    problem.visits = (0..size.visits)
        .map(|at| visit(size, at, &mut rng))
        .collect();
    problem.links = links(size, &mut rng);
    problem
}

/// A day of which the search makes lanes: nothing but walking counts, and every visit is of its own.
pub fn plain_day(size: Size, seed: u64) -> Problem {
    let mut problem = problem(size, seed);
    (problem.goal, problem.grid) = (Goal::Walking, 1);
    for visit in &mut problem.visits {
        (visit.crew, visit.held) = (1, None);
    }
    problem.links.clear();
    problem
}

/// A link for one visit in seven, some of them in chains; the gap may be one that no plan can keep.
fn links(size: Size, rng: &mut SmallRng) -> Vec<Link> {
    let mut links = Vec::new();
    for second in 1..size.visits {
        if rng.random_bool(1.0 / 7.0) {
            let least = 900 * rng.random_range(0..8);
            links.push(Link {
                first: VisitIx(rng.random_range(0..second)),
                second: VisitIx(second),
                least,
                most: least + 900 * rng.random_range(0..20),
            });
        }
    }
    links
}

/// Places at random heights of random buildings: going up takes longer than coming down.
fn compound(places: usize, rng: &mut SmallRng) -> Walking {
    let spots: Vec<(i64, i64, i64)> = (0..places)
        .map(|_| {
            (
                rng.random_range(0..30),
                rng.random_range(0..25),
                rng.random_range(0..6),
            )
        })
        .collect();
    Walking::from_fn(places, |from, to| {
        let ((x, y, down), (to_x, to_y, up)) = (spots[from], spots[to]);
        if from == to {
            0
        } else {
            u32::try_from(((x - to_x).abs() + (y - to_y).abs()) * 15 + 10 * down + 20 * up).unwrap()
        }
    })
}

fn helper(days: usize, key: usize, rng: &mut SmallRng) -> Helper {
    let mut helper = volunteer(key as i64, &format!("帮手{key}"));
    helper.kind = if rng.random_bool(0.3) {
        HelperKind::Staff
    } else {
        HelperKind::Volunteer
    };
    helper.sex = if rng.random_bool(0.6) {
        Sex::Female
    } else {
        Sex::Male
    };
    helper.skills = (0..3).filter_map(|skill| held_skill(skill, rng)).collect();
    helper.available.clear();
    for day in 0..days as i64 {
        let morning = at(rng.random_range(7..9), 30 * rng.random_range(0..2));
        let noon = at(rng.random_range(11..13), 0);
        let evening = at(rng.random_range(15..19), 15 * rng.random_range(0..4));
        if rng.random_bool(0.9) {
            helper
                .available
                .push(Interval::new(day * DAY + morning, day * DAY + noon));
            helper.available.push(Interval::new(
                day * DAY + noon + 1800 * rng.random_range(0..3),
                day * DAY + evening,
            ));
        }
    }
    helper.start = rng
        .random_bool(0.6)
        .then(|| PlaceIx(rng.random_range(0..60)));
    helper.end = helper.start.filter(|_| rng.random_bool(0.8));
    helper.daily_limit = 3600 * rng.random_range(2..8);
    helper.weekly_limit = helper.daily_limit * rng.random_range(1..5);
    helper.care_before = vec![1800 * rng.random_range(0..3)];
    helper.household = rng.random_bool(0.3).then(|| rng.random_range(100..110));
    helper.recent_load = 3600 * rng.random_range(0..40);
    helper
}

fn held_skill(skill: usize, rng: &mut SmallRng) -> Option<HeldSkill> {
    let from = rng.random_range(-5..2) * DAY;
    let valid = rng
        .random_bool(0.8)
        .then(|| Interval::new(from, from + rng.random_range(2..20) * DAY));
    rng.random_bool(0.7).then(|| HeldSkill {
        skill: SkillIx(skill),
        needs_credential: rng.random_bool(0.3),
        valid,
    })
}

fn visit(size: Size, key: usize, rng: &mut SmallRng) -> Visit {
    let mut visit = bathing(key as i64, &format!("工单{key}"), rng.random_range(0..60));
    let day = rng.random_range(0..size.days) as i64 * DAY;
    let first = day + at(rng.random_range(7..16), 5 * rng.random_range(0..12));
    let length = if rng.random_bool(0.1) {
        DAY
    } else {
        900 * rng.random_range(0..12)
    };
    visit.window = Interval::new(first, first + length);
    visit.asked = rng
        .random_bool(0.7)
        .then(|| first + 300 * rng.random_range(0..=length.min(7200) / 300));
    visit.skill = SkillIx(rng.random_range(0..3));
    visit.duration = 300 * rng.random_range(2..20);
    visit.priority = rng.random_range(1..10);
    visit.crew = if rng.random_bool(0.15) { 2 } else { 1 };
    let mut some = |most: usize| -> Vec<HelperIx> {
        (0..rng.random_range(0..=most))
            .map(|_| HelperIx(rng.random_range(0..size.helpers)))
            .collect()
    };
    (visit.avoid, visit.declined, visit.prefer) = (some(1), some(1), some(1));
    visit.barred = some(1)
        .into_iter()
        .map(|helper| (helper, Barred::Suspended))
        .collect();
    visit.continuity = some(3).into_iter().zip([1, 3, 9]).collect();
    visit.sex = rng.random_bool(0.1).then_some(Sex::Female);
    visit.credit = rng.random_bool(0.5);
    visit.household = rng.random_range(100..110);
    visit.ability_level = rng.random_bool(0.5).then(|| rng.random_range(0..5));
    visit.ability_allowed = if rng.random_bool(0.1) { (0, 2) } else { (0, 4) };
    visit
}

/// Takes a plan as held, each placement as firm as drawn; one in four is left open.
pub fn hold(problem: &mut Problem, plan: &[Option<Placed>], seed: u64) {
    let mut rng = SmallRng::seed_from_u64(seed);
    for (visit, placed) in problem.visits.iter_mut().zip(plan) {
        let hold = [
            Some(Hold::Fixed),
            Some(Hold::Published),
            Some(Hold::Proposed),
            None,
        ][rng.random_range(0..4)];
        let placed = placed.as_ref().zip(hold);
        visit.held = placed.map(|(placed, hold)| Held {
            helpers: placed.helpers.clone(),
            start: placed.start,
            hold,
        });
    }
}
