//! An independent judge of plans. It shares no code with the search or the rules: every hard rule is derived anew from the
//! problem's data, so that a mistake has to be made twice to pass. A plan is published only with no violation.
//!
//! What is held [`Hold::Fixed`] and stands as held is taken as it is (a coordinator may have overridden a rule for it): no
//! violation names it, but others are judged against it.

use crate::problem::{
    DAY, Goal, Helper, HelperIx, Hold, PlaceIx, Placed, Problem, Score, Seconds, Visit, VisitIx,
};
use serde::Serialize;

/// A hard rule that a plan breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The rule's code, as in `Exclusion::code`, or `shape`, `fixed`, `grid`.
    pub rule: &'static str,
    /// Where.
    pub visit: VisitIx,
    /// By whom; `None` where it is nobody's.
    pub helper: Option<HelperIx>,
    /// For a log: what was found.
    pub detail: String,
}

/// Every violation of a plan; one entry a visit, in the problem's order. Empty: the plan may be published.
pub fn check(problem: &Problem, assignments: &[Option<Placed>]) -> Vec<Violation> {
    let mut found = Found(Vec::new());
    if assignments.len() != problem.visits.len() {
        let detail = format!(
            "{} entries for {} visits",
            assignments.len(),
            problem.visits.len()
        );
        found.add(
            "shape",
            VisitIx(assignments.len().min(problem.visits.len())),
            None,
            detail,
        );
        return found.0;
    }
    let mut days: Vec<Vec<Stop>> = vec![Vec::new(); problem.helpers.len()];
    for (at, (visit, placed)) in problem.visits.iter().zip(assignments).enumerate() {
        let here = VisitIx(at);
        check_fixed(visit, here, placed.as_ref(), &mut found);
        let Some(placed) = placed else { continue };
        let fixed = stands_fixed(visit, placed);
        if !fixed {
            check_visit(problem, here, visit, placed, &mut found);
        }
        for helper in &placed.helpers {
            if let Some(day) = days.get_mut(helper.0) {
                day.push(Stop {
                    visit: here,
                    from: placed.start,
                    to: placed.start + visit.duration,
                    fixed,
                });
            }
        }
    }
    check_links(problem, assignments, &mut found);
    for (at, stops) in days.iter_mut().enumerate() {
        stops.sort_by_key(|stop| (stop.from, stop.to));
        check_way(problem, HelperIx(at), stops, &mut found);
        check_loads(problem, HelperIx(at), stops, &mut found);
    }
    found.0
}

#[derive(Clone, Copy)]
struct Stop {
    visit: VisitIx,
    from: Seconds,
    to: Seconds,
    fixed: bool,
}

struct Found(Vec<Violation>);

impl Found {
    fn add(
        &mut self,
        rule: &'static str,
        visit: VisitIx,
        helper: Option<HelperIx>,
        detail: String,
    ) {
        self.0.push(Violation {
            rule,
            visit,
            helper,
            detail,
        });
    }
}

fn stands_fixed(visit: &Visit, placed: &Placed) -> bool {
    visit
        .held
        .as_ref()
        .is_some_and(|held| held.hold == Hold::Fixed && same(&held.helpers, held.start, placed))
}

fn same(helpers: &[HelperIx], start: Seconds, placed: &Placed) -> bool {
    let (mut one, mut other) = (helpers.to_vec(), placed.helpers.clone());
    one.sort();
    other.sort();
    start == placed.start && one == other
}

fn check_fixed(visit: &Visit, here: VisitIx, placed: Option<&Placed>, found: &mut Found) {
    let Some(held) = visit.held.as_ref().filter(|held| held.hold == Hold::Fixed) else {
        return;
    };
    if !placed.is_some_and(|placed| same(&held.helpers, held.start, placed)) {
        found.add(
            "fixed",
            here,
            held.helpers.first().copied(),
            format!("held {held:?}, placed {placed:?}"),
        );
    }
}

fn check_links(problem: &Problem, assignments: &[Option<Placed>], found: &mut Found) {
    for link in &problem.links {
        let ends = [link.first, link.second].map(|end| (end, assignments[end.0].as_ref()));
        let [(first, Some(one)), (second, Some(other))] = ends else {
            continue;
        };
        let [of_first, of_second] = [(first, one), (second, other)]
            .map(|(end, placed)| stands_fixed(&problem.visits[end.0], placed));
        let apart = other.start - one.start;
        if (apart < link.least || apart > link.most) && !(of_first && of_second) {
            let (blamed, by) = if of_second {
                (first, one)
            } else {
                (second, other)
            };
            let detail = format!(
                "{second:?} starts {apart} after {first:?}, {} to {} linked",
                link.least, link.most
            );
            found.add("order", blamed, by.helpers.first().copied(), detail);
        }
    }
}

fn check_visit(
    problem: &Problem,
    here: VisitIx,
    visit: &Visit,
    placed: &Placed,
    found: &mut Found,
) {
    let start = placed.start;
    let days = problem.days as Seconds;
    if start % problem.grid != 0 {
        found.add(
            "grid",
            here,
            None,
            format!("start {start}, grid {}", problem.grid),
        );
    }
    if start < visit.window.from || start > visit.window.to || start < 0 || start >= days * DAY {
        found.add(
            "window",
            here,
            None,
            format!("start {start}, window {:?}", visit.window),
        );
    }
    let mut people = placed.helpers.clone();
    people.sort();
    people.dedup();
    if people.len() != placed.helpers.len() || people.len() != visit.crew as usize {
        found.add(
            "crew_distinct",
            here,
            people.first().copied(),
            format!("{:?} for a crew of {}", placed.helpers, visit.crew),
        );
    }
    if let Some(level) = visit.ability_level {
        let (least, most) = visit.ability_allowed;
        if level < least || level > most {
            found.add(
                "ability",
                here,
                None,
                format!("level {level}, allowed {least} to {most}"),
            );
        }
    }
    for helper in people {
        match problem.helpers.get(helper.0) {
            Some(person) => check_person(problem, (here, visit), (helper, person), start, found),
            None => found.add("shape", here, Some(helper), "no such helper".to_owned()),
        }
    }
}

fn check_person(
    problem: &Problem,
    (here, visit): (VisitIx, &Visit),
    (helper, person): (HelperIx, &Helper),
    start: Seconds,
    found: &mut Found,
) {
    let mut refuse = |rule, detail: String| found.add(rule, here, Some(helper), detail);
    let end = start + visit.duration;
    if !visit.kinds.contains(&person.kind) {
        refuse(
            "kind",
            format!("{:?} not in {:?}", person.kind, visit.kinds),
        );
    }
    let mut records = person
        .skills
        .iter()
        .filter(|held| held.skill == visit.skill)
        .peekable();
    if records.peek().is_none() {
        refuse("skill", format!("no skill {}", visit.skill.0));
    } else if !records.any(|held| {
        !held.needs_credential
            || held
                .valid
                .is_some_and(|span| span.from <= start && end <= span.to)
    }) {
        refuse("credential", format!("none valid over {start}..{end}"));
    }
    if visit.sex.is_some_and(|sex| sex != person.sex) {
        refuse("sex", format!("{:?} wished", visit.sex));
    }
    if visit.avoid.contains(&helper) {
        refuse("avoid", String::new());
    }
    if visit.declined.contains(&helper) {
        refuse("declined", String::new());
    }
    for (_, why) in visit.barred.iter().filter(|(who, _)| *who == helper) {
        refuse("provider", format!("{why:?}"));
    }
    if visit.credit
        && person
            .household
            .is_some_and(|household| household == visit.household)
    {
        refuse("own_household", format!("household {}", visit.household));
    }
    // As the goal has it, the way from home and back is part of her hours.
    let way = |from: Option<PlaceIx>, to: Option<PlaceIx>| match (problem.goal, from, to) {
        (Goal::Walking, Some(from), Some(to)) => problem.walking.between(from, to),
        _ => 0,
    };
    let (start, end) = (
        start - way(person.start, Some(visit.place)),
        end + way(Some(visit.place), person.end),
    );
    let mut reached = start;
    for span in &person.available {
        if span.from <= reached && span.to > reached {
            reached = span.to;
        }
    }
    if reached < end {
        refuse(
            "available",
            format!("{start}..{end} is covered only to {reached}"),
        );
    }
}

fn check_way(problem: &Problem, helper: HelperIx, stops: &[Stop], found: &mut Found) {
    for (at, next) in stops.iter().enumerate().skip(1) {
        // The one that ends last may not be the one that starts last, where fixed ones overlap each other.
        for before in &stops[..at] {
            let adjacent = before.visit == stops[at - 1].visit;
            let from = problem.visits[before.visit.0].place;
            let walk = if adjacent {
                problem
                    .walking
                    .between(from, problem.visits[next.visit.0].place)
            } else {
                0
            };
            if before.to + walk > next.from && !(before.fixed && next.fixed) {
                let blamed = if next.fixed { before } else { next };
                let detail = format!(
                    "{:?} ends {}, walk {walk}, {:?} starts {}",
                    before.visit, before.to, next.visit, next.from
                );
                found.add("overlap", blamed.visit, Some(helper), detail);
            }
        }
    }
}

fn check_loads(problem: &Problem, helper: HelperIx, stops: &[Stop], found: &mut Found) {
    let person = &problem.helpers[helper.0];
    let last = problem.days as Seconds - 1;
    let day = |stop: &Stop| stop.from.div_euclid(DAY).clamp(0, last) as usize;
    let week = |stop: &Stop| problem.week_of_day[day(stop)];
    for (at, stop) in stops.iter().enumerate() {
        // Judged once for each day and week, at its last visit that is not fixed.
        let later = || stops[at + 1..].iter().filter(|later| !later.fixed);
        if stop.fixed {
            continue;
        }
        let length = |other: &Stop| other.to - other.from;
        let of_day: Seconds = stops
            .iter()
            .filter(|other| day(other) == day(stop))
            .map(length)
            .sum();
        if !later().any(|other| day(other) == day(stop)) && of_day > person.daily_limit {
            found.add(
                "daily_limit",
                stop.visit,
                Some(helper),
                format!("{of_day} of {}", person.daily_limit),
            );
        }
        let before = person.care_before.get(week(stop)).copied().unwrap_or(0);
        let of_week: Seconds = stops
            .iter()
            .filter(|other| week(other) == week(stop))
            .map(length)
            .sum();
        if !later().any(|other| week(other) == week(stop)) && before + of_week > person.weekly_limit
        {
            found.add(
                "weekly_limit",
                stop.visit,
                Some(helper),
                format!("{before} + {of_week} of {}", person.weekly_limit),
            );
        }
    }
}

/// How good a plan is, derived anew; one entry a visit, in the problem's order.
pub fn score_of(problem: &Problem, assignments: &[Option<Placed>]) -> Score {
    let mut score = Score::default();
    let mut days: Vec<Vec<Stop>> = vec![Vec::new(); problem.helpers.len()];
    for (at, (visit, placed)) in problem.visits.iter().zip(assignments).enumerate() {
        let told = visit
            .held
            .as_ref()
            .filter(|held| held.hold == Hold::Published);
        let kept = |held: &crate::problem::Held| {
            placed
                .as_ref()
                .is_some_and(|placed| same(&held.helpers, held.start, placed))
        };
        score.published_moved += i64::from(told.is_some_and(|held| !kept(held)));
        let Some(placed) = placed else {
            score.unserved_priority += i64::from(visit.priority);
            continue;
        };
        if problem.goal == Goal::Care {
            score.deviation += visit
                .asked
                .map_or(0, |asked| (placed.start - asked).abs() / 900);
            score.continuity += strangeness(visit, &placed.helpers);
        }
        for helper in &placed.helpers {
            days[helper.0].push(Stop {
                visit: VisitIx(at),
                from: placed.start,
                to: placed.start + visit.duration,
                fixed: false,
            });
        }
    }
    for (person, stops) in problem.helpers.iter().zip(&mut days) {
        stops.sort_by_key(|stop| (stop.from, stop.to));
        score.walking += walked(problem, person, stops);
        if problem.goal == Goal::Care {
            let care: Seconds = stops.iter().map(|stop| stop.to - stop.from).sum();
            let minutes = (person.recent_load + care).max(0) / 60;
            score.unfairness +=
                minutes * minutes / (person.weekly_limit.clamp(3600, 7 * DAY) / 60) / 60;
        }
    }
    score
}

/// How much more familiar a face the visit could have hoped for.
fn strangeness(visit: &Visit, crew: &[HelperIx]) -> i64 {
    let by_visits = |past: u32| match past {
        0 => 0,
        1 => 1,
        2..=4 => 2,
        _ => 3,
    };
    let hoped = if visit.prefer.is_empty() {
        visit
            .continuity
            .iter()
            .map(|(_, past)| by_visits(*past))
            .max()
            .unwrap_or(0)
    } else {
        4
    };
    let past = visit
        .continuity
        .iter()
        .filter(|(helper, _)| crew.contains(helper))
        .map(|(_, past)| by_visits(*past))
        .max();
    let wished = visit.prefer.iter().any(|helper| crew.contains(helper));
    hoped - if wished { 4 } else { past.unwrap_or(0) }
}

/// Seconds on foot over all days, each from the helper's start to her end where she has them.
fn walked(problem: &Problem, person: &Helper, stops: &[Stop]) -> Seconds {
    let place = |stop: &Stop| problem.visits[stop.visit.0].place;
    let walk = |from: Option<PlaceIx>, to: Option<PlaceIx>| {
        from.zip(to)
            .map_or(0, |(from, to)| problem.walking.between(from, to))
    };
    let mut total = 0;
    for (at, stop) in stops.iter().enumerate() {
        let same_day = |other: &&Stop| other.from.div_euclid(DAY) == stop.from.div_euclid(DAY);
        let before = at
            .checked_sub(1)
            .map(|before| &stops[before])
            .filter(same_day);
        let after = stops.get(at + 1).filter(same_day);
        total += walk(
            before.map_or(person.start, |before| Some(place(before))),
            Some(place(stop)),
        );
        total += if after.is_none() {
            walk(Some(place(stop)), person.end)
        } else {
            0
        };
    }
    total
}
