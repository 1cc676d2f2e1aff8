//! The product's problem as the search reads it.

use super::model::{LONG_AGO, Model, NO_LIMIT, Person, Slot, Task, Time, Weights, time};
use super::order::Tie;
use crate::problem::{DAY, Goal, HelperIx, Hold, Link, PlaceIx, Problem, Seconds, VisitIx};
use crate::rules::{continuity, room};
use std::ops::Range;

impl Model {
    /// The product's problem.
    pub(crate) fn new(problem: &Problem) -> Self {
        let places = problem.walking.places();
        let between = |from: usize, to: usize| {
            let way = problem.walking.between(PlaceIx(from), PlaceIx(to));
            u32::try_from(way).unwrap_or(u32::MAX)
        };
        let mut model = Self {
            people: people(problem),
            grid: time(problem.grid),
            days: problem.days,
            week: problem.week_of(0),
            ..Self::empty()
        };
        model.add_table(places, between);
        for visit in problem.visit_ixs() {
            let choices = model.choices_of(problem, visit);
            model.tasks.push(task(problem, visit, choices));
        }
        model.weights = Weights::of(&model.tasks, model.mean_way(), problem.goal == Goal::Care);
        for visit in &problem.visits {
            model.near_at(time((visit.window.from + visit.window.to) / 2));
        }
        model.find_near();
        model.tie(problem);
        model
    }

    fn tie(&mut self, problem: &Problem) {
        if problem.links.is_empty() {
            return;
        }
        self.ties = vec![Vec::new(); problem.visits.len()];
        for link in &problem.links {
            let Link {
                first,
                second,
                least,
                most,
            } = *link;
            self.tie_to(problem, second, first, (least, most));
            self.tie_to(problem, first, second, (-most, -least));
        }
    }

    /// Ties a visit to another after which it starts by so much.
    fn tie_to(
        &mut self,
        problem: &Problem,
        visit: VisitIx,
        other: VisitIx,
        (least, most): (Seconds, Seconds),
    ) {
        let window = problem.visit(other).window;
        self.ties[visit.0].push(Tie {
            other: u32::try_from(other.0).unwrap_or(u32::MAX),
            least: time(least),
            most: time(most),
            reach: (time(window.from + least), time(window.to + most)),
        });
    }

    fn choices_of(&mut self, problem: &Problem, visit: VisitIx) -> Range<usize> {
        let of = problem.visit(visit);
        let first = self.choices.len();
        for helper in problem.helper_ixs() {
            if !room::permitted(problem, visit, helper) {
                continue;
            }
            let begin = self.slots.len();
            for span in room::idle(problem, visit, helper, of.window) {
                self.add_kept(problem, visit, helper, span);
                self.slots.push(slot(problem, (span.from, span.to), false));
            }
            if begin < self.slots.len() {
                let worth = continuity::worth(of, helper);
                self.choose(helper.0, worth, begin);
            }
        }
        first..self.choices.len()
    }

    /// The published start as a slot of its own, where it lies in the span.
    fn add_kept(
        &mut self,
        problem: &Problem,
        visit: VisitIx,
        helper: HelperIx,
        span: room::Starts,
    ) {
        let held = problem.visit(visit).held.as_ref();
        let Some(held) =
            held.filter(|held| held.hold == Hold::Published && held.helpers.contains(&helper))
        else {
            return;
        };
        let inside = span.from <= held.start
            && held.start <= span.to
            && problem.grid_down(held.start) == held.start;
        if inside {
            self.slots
                .push(slot(problem, (held.start, held.start), true));
        }
    }
}

fn place(place: PlaceIx) -> u32 {
    u32::try_from(place.0).unwrap_or(u32::MAX)
}

fn people(problem: &Problem) -> Vec<Person> {
    let weeks = problem.weeks();
    let person = |helper: &crate::problem::Helper| Person {
        start: helper.start.map(place),
        end: helper.end.map(place),
        ways: 0,
        hours: (LONG_AGO, -LONG_AGO),
        daily_limit: helper.daily_limit,
        weekly_limit: helper.weekly_limit,
        care_before: (0..weeks)
            .map(|week| helper.care_before.get(week).copied().unwrap_or(0))
            .collect(),
        recent_load: helper.recent_load,
        capacity: Vec::new(),
        most_visits: usize::MAX,
        most_walking: NO_LIMIT,
        whole: false,
    };
    problem.helpers.iter().map(person).collect()
}

fn task(problem: &Problem, visit: VisitIx, choices: Range<usize>) -> Task {
    let of = problem.visit(visit);
    let hold = of.held.as_ref().map(|held| held.hold);
    let asked = of.asked.filter(|_| problem.goal == Goal::Care);
    Task {
        place: place(of.place),
        duration: time(of.duration),
        setup: 0,
        asked: asked.map(time),
        wish: asked.map_or(LONG_AGO, |asked| {
            time(problem.grid_down(asked + problem.grid / 2))
        }),
        priority: i64::from(of.priority),
        crew: of.crew,
        fixed: hold == Some(Hold::Fixed),
        rest: false,
        published: hold == Some(Hold::Published),
        familiar: continuity::best(of),
        brings: Vec::new(),
        takes: Vec::new(),
        choices,
    }
}

fn slot(problem: &Problem, (from, to): (Seconds, Seconds), keeps: bool) -> Slot {
    Slot {
        from: time(from),
        to: time(to),
        day: problem.day_of(from) as u16,
        week: problem.week_of(from) as u16,
        keeps,
    }
}

/// The day and the week of a start.
pub(crate) fn calendar(problem: &Problem, start: Seconds) -> (u16, u16) {
    debug_assert!(start < Seconds::from(Time::MAX) && DAY > 0);
    (problem.day_of(start) as u16, problem.week_of(start) as u16)
}
