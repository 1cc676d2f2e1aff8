//! A plan while it is being searched: routes, what they cost, and a way back.

mod replace;

use super::lanes::Lanes;
use super::model::{Model, Time, time};
use super::route::{BROKEN, Gap, Route, rigid, stop};
use super::stated::calendar;
use crate::problem::{HelperIx, Placed, Problem, Score, Seconds};

/// Nobody.
const NOBODY: u32 = u32::MAX;

/// Who serves a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crew {
    helpers: [u32; 2],
    /// Kept exactly as published.
    kept: bool,
}

impl Crew {
    const NONE: Self = Self {
        helpers: [NOBODY; 2],
        kept: false,
    };

    pub(super) const fn is_none(self) -> bool {
        self.helpers[0] == NOBODY
    }

    pub(super) fn helpers(&self) -> impl Iterator<Item = usize> + use<> {
        self.helpers
            .into_iter()
            .filter(|helper| *helper != NOBODY)
            .map(|helper| helper as usize)
    }

    pub(super) const fn first(self) -> usize {
        self.helpers[0] as usize
    }
}

/// Where on a route a visit goes: before the stop at `at`, in place of `over` stops from there, in a slot of the model.
#[derive(Debug, Clone, Copy)]
pub(super) struct Seat {
    pub at: usize,
    pub over: usize,
    pub slot: usize,
}

/// Routes and their cost, with a journal of what the iteration under way has changed.
#[derive(Clone)]
pub(super) struct Solution {
    pub routes: Vec<Route>,
    crews: Vec<Crew>,
    pub absent: Vec<u32>,
    /// Of each absent visit: where it stands in `absent`.
    seats: Vec<u32>,
    score: Score,
    /// Of each route: differs whenever its stops may differ.
    versions: Vec<u32>,
    version: u32,
    /// The routes once more, where they can be looked at that way.
    pub lanes: Option<Lanes>,
    journal: Journal,
}

#[derive(Clone, Default)]
struct Journal {
    routes: Vec<(usize, u32, Route)>,
    used: usize,
    touched: Vec<bool>,
    crews: Vec<(u32, Crew)>,
    /// Of each visit: whether it was absent when the iteration began. Told by `crews` for those that changed since.
    score: Score,
}

impl Solution {
    /// Every visit absent.
    pub(super) fn new(model: &Model) -> Self {
        let routes = model.people.iter().map(|person| Route {
            by_day: vec![0; model.days],
            by_week: person.care_before.clone(),
            carried: vec![0; person.capacity.len()],
            ..Route::default()
        });
        let visits = model.tasks.len();
        let mut solution = Self {
            routes: routes.collect(),
            crews: vec![Crew::NONE; visits],
            absent: (0..visits as u32).collect(),
            seats: (0..visits as u32).collect(),
            score: Score::default(),
            versions: vec![0; model.people.len()],
            version: 0,
            lanes: Lanes::new(model),
            journal: Journal {
                touched: vec![false; model.people.len()],
                ..Journal::default()
            },
        };
        for task in &model.tasks {
            solution.score.unserved_priority += task.priority;
            solution.score.published_moved += i64::from(task.published);
        }
        for helper in 0..solution.routes.len() {
            solution.refresh(model, helper);
            solution.count(helper, 1);
        }
        solution
    }

    /// Works out a route's figures anew.
    fn refresh(&mut self, model: &Model, helper: usize) {
        let route = &mut self.routes[helper];
        match &mut self.lanes {
            Some(lanes) => lanes.refresh(model, helper, route),
            None => route.refresh(model, helper),
        }
    }

    /// Every visit absent but those held fixed, which are placed as they are.
    pub(super) fn of(model: &Model, problem: &Problem) -> Self {
        let mut solution = Self::new(model);
        for helper in 0..solution.routes.len() {
            solution.count(helper, -1);
        }
        for (at, visit) in problem.visits.iter().enumerate() {
            if model.tasks[at].fixed
                && let Some(held) = &visit.held
            {
                solution.fix(model, problem, at, &held.helpers, held.start);
            }
        }
        for helper in 0..solution.routes.len() {
            solution.refresh(model, helper);
            solution.count(helper, 1);
        }
        solution
    }

    fn fix(
        &mut self,
        model: &Model,
        problem: &Problem,
        visit: usize,
        helpers: &[HelperIx],
        start: Seconds,
    ) {
        for (at, helper) in helpers.iter().enumerate() {
            let stop = rigid(model, visit, time(start), calendar(problem, start), at == 0);
            let stops = &self.routes[helper.0].stops;
            let place = stops.partition_point(|other| {
                (other.from, other.duration) <= (stop.from, stop.duration)
            });
            self.routes[helper.0].insert(model, place, stop);
        }
        let seat = |at: usize| helpers.get(at).map_or(NOBODY, |helper| helper.0 as u32);
        let task = &model.tasks[visit];
        self.crews[visit] = Crew {
            helpers: [seat(0), seat(1)],
            kept: false,
        };
        self.is_here(visit);
        self.score.unserved_priority -= task.priority;
        let worth = helpers
            .iter()
            .map(|helper| crate::rules::continuity::worth(&problem.visits[visit], *helper));
        if model.weights.continuity > 0 {
            self.score.continuity += task.familiar - worth.max().unwrap_or(0);
        }
    }

    fn is_here(&mut self, visit: usize) {
        let seat = self.seats[visit] as usize;
        self.absent.swap_remove(seat);
        if let Some(moved) = self.absent.get(seat) {
            self.seats[*moved as usize] = seat as u32;
        }
    }

    fn is_gone(&mut self, visit: usize) {
        self.seats[visit] = self.absent.len() as u32;
        self.absent.push(visit as u32);
    }

    /// Adds (`1`) or takes away (`-1`) a route's part of the score.
    fn count(&mut self, helper: usize, sign: i64) {
        let route = &self.routes[helper];
        self.score.walking += sign * route.walking;
        self.score.deviation += sign * route.deviation;
        self.score.unfairness += sign * route.unfairness;
    }

    fn edit(&mut self, model: &Model, helper: usize, change: impl FnOnce(&mut Route)) {
        if !self.journal.touched[helper] {
            self.journal.touched[helper] = true;
            if self.journal.used == self.journal.routes.len() {
                self.journal.routes.push((helper, 0, Route::default()));
            }
            let slot = &mut self.journal.routes[self.journal.used];
            (slot.0, slot.1) = (helper, self.versions[helper]);
            slot.2.copy(&self.routes[helper]);
            if let Some(lanes) = &mut self.lanes {
                lanes.keep(helper);
            }
            self.journal.used += 1;
        }
        self.count(helper, -1);
        self.version = self.version.wrapping_add(1);
        self.versions[helper] = self.version;
        change(&mut self.routes[helper]);
        self.refresh(model, helper);
        self.count(helper, 1);
    }

    /// Puts one helper's absent visit into a gap, taking out what the gap goes over. Tells what was taken out.
    pub(super) fn place(
        &mut self,
        model: &Model,
        visit: usize,
        helper: usize,
        gap: Seat,
    ) -> [Option<u32>; 2] {
        let ousted = self.clear(model, helper, gap.at, gap.over);
        let stop = stop(model, visit, gap.slot, true);
        self.edit(model, helper, |route| route.insert(model, gap.at, stop));
        self.set(
            model,
            visit,
            Crew {
                helpers: [helper as u32, NOBODY],
                kept: model.slots[gap.slot].keeps,
            },
        );
        ousted
    }

    /// Takes so many stops out of a route. Tells which they were.
    pub(super) fn clear(
        &mut self,
        model: &Model,
        helper: usize,
        at: usize,
        over: usize,
    ) -> [Option<u32>; 2] {
        let mut ousted = [None; 2];
        let stops = &self.routes[helper].stops[at..at + over];
        for (to, stop) in ousted.iter_mut().zip(stops) {
            *to = Some(stop.visit);
        }
        for other in ousted.iter().flatten() {
            self.remove(model, *other as usize);
        }
        ousted
    }

    /// Puts an absent visit into the gaps of its crew, all starting at `start`, which does not move from then on.
    pub(super) fn place_at(
        &mut self,
        model: &Model,
        visit: usize,
        seats: &[(usize, Gap)],
        start: Time,
        kept: bool,
    ) {
        let mut helpers = [NOBODY; 2];
        for (at, (helper, gap)) in seats.iter().enumerate() {
            let slot = &model.slots[gap.slot];
            let stop = rigid(model, visit, start, (slot.day, slot.week), at == 0);
            self.edit(model, *helper, |route| route.insert(model, gap.at, stop));
            helpers[at] = *helper as u32;
        }
        self.set(model, visit, Crew { helpers, kept });
    }

    /// When a visit starts; `None` where it is absent.
    pub(super) fn start(&self, visit: usize) -> Option<Time> {
        let crew = self.crews[visit];
        let stops = &self.routes.get(crew.first())?.stops;
        let stop = stops.iter().find(|stop| stop.visit as usize == visit)?;
        Some(stop.start)
    }

    fn set(&mut self, model: &Model, visit: usize, crew: Crew) {
        self.journal.crews.push((visit as u32, self.crews[visit]));
        self.crews[visit] = crew;
        self.is_here(visit);
        self.score.unserved_priority -= model.tasks[visit].priority;
        self.score.published_moved -= i64::from(crew.kept);
        self.score.continuity += strangeness(model, visit, crew);
    }

    /// Takes a visit out of every route it is on. What is fixed or absent stays as it is.
    pub(super) fn remove(&mut self, model: &Model, visit: usize) {
        let crew = self.crews[visit];
        if crew.is_none() || model.tasks[visit].fixed {
            return;
        }
        for helper in crew.helpers() {
            self.edit(model, helper, |route| route.remove(model, visit));
        }
        self.unset(model, visit, crew);
    }

    fn unset(&mut self, model: &Model, visit: usize, crew: Crew) {
        self.journal.crews.push((visit as u32, crew));
        self.crews[visit] = Crew::NONE;
        self.is_gone(visit);
        self.score.unserved_priority += model.tasks[visit].priority;
        self.score.published_moved += i64::from(crew.kept);
        self.score.continuity -= strangeness(model, visit, crew);
    }

    /// Takes several visits out of one helper's route, and their crews with them.
    pub(super) fn remove_all(&mut self, model: &Model, helper: usize, visits: &[u32]) {
        let alone = |visit: &u32| {
            let task = &model.tasks[*visit as usize];
            task.crew < 2 && !task.fixed
        };
        self.edit(model, helper, |route| {
            for visit in visits.iter().filter(|visit| alone(visit)) {
                route.remove(model, *visit as usize);
            }
        });
        for visit in visits {
            if alone(visit) {
                self.unset(model, *visit as usize, self.crews[*visit as usize]);
            } else {
                self.remove(model, *visit as usize);
            }
        }
    }

    pub(super) fn version(&self, helper: usize) -> u32 {
        self.versions[helper]
    }

    /// Of each route.
    #[inline]
    pub(super) fn versions(&self) -> &[u32] {
        &self.versions
    }

    /// Ends an iteration that is kept: a route that came out of it as it went in has the version it had, so that what is
    /// known of it is known still. Half of those that change do.
    pub(super) fn keep(&mut self) {
        for (helper, version, before) in &self.journal.routes[..self.journal.used] {
            if self.routes[*helper].stops == before.stops {
                self.versions[*helper] = *version;
            }
        }
    }

    /// Takes over another's plan, in this one's memory. Versions go on, since what is known of routes hangs on them.
    pub(super) fn copy(&mut self, other: &Self) {
        for (helper, route) in other.routes.iter().enumerate() {
            if self.versions[helper] != other.versions[helper] {
                self.routes[helper].copy(route);
                self.versions[helper] = other.versions[helper];
                if let (Some(lanes), Some(theirs)) = (&mut self.lanes, &other.lanes) {
                    lanes.copy(helper, theirs);
                }
            }
        }
        self.crews.clone_from(&other.crews);
        self.absent.clone_from(&other.absent);
        self.seats.clone_from(&other.seats);
        self.score = other.score;
        self.version = self.version.max(other.version);
    }

    pub(super) fn crew(&self, visit: usize) -> Crew {
        self.crews[visit]
    }

    pub(super) const fn score(&self) -> Score {
        self.score
    }

    /// Whether every route can be walked.
    pub(super) const fn is_sound(&self) -> bool {
        self.score.walking < BROKEN
    }

    /// The score as one number of walking seconds.
    pub(super) const fn cost(&self, model: &Model) -> i64 {
        let (score, weights) = (&self.score, &model.weights);
        score.unserved_priority * weights.priority
            + score.published_moved * weights.moved
            + score.deviation * weights.deviation
            + score.continuity * weights.continuity
            + score.unfairness * weights.unfairness
            + score.walking
    }

    /// Begins an iteration: from here on there is a way back.
    pub(super) fn begin(&mut self) {
        for (helper, ..) in &self.journal.routes[..self.journal.used] {
            self.journal.touched[*helper] = false;
        }
        self.journal.used = 0;
        if let Some(lanes) = &mut self.lanes {
            lanes.begin();
        }
        self.journal.crews.clear();
        self.journal.score = self.score;
    }

    /// Helpers whose routes have changed since [`Solution::begin`].
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> + '_ {
        self.journal.routes[..self.journal.used]
            .iter()
            .map(|(helper, ..)| *helper)
    }

    /// Undoes everything since [`Solution::begin`].
    pub(super) fn undo(&mut self) {
        for at in 0..self.journal.used {
            let (helper, version, route) = &mut self.journal.routes[at];
            self.versions[*helper] = *version;
            std::mem::swap(&mut self.routes[*helper], route);
            if let Some(lanes) = &mut self.lanes {
                lanes.restore(*helper, at);
            }
        }
        while let Some((visit, crew)) = self.journal.crews.pop() {
            let visit = visit as usize;
            match (self.crews[visit].is_none(), crew.is_none()) {
                (true, false) => self.is_here(visit),
                (false, true) => self.is_gone(visit),
                _ => {}
            }
            self.crews[visit] = crew;
        }
        self.score = self.journal.score;
    }

    /// The placements, in the problem's order.
    pub(super) fn placements(&self) -> Vec<Option<Placed>> {
        let mut placed: Vec<Option<Placed>> = vec![None; self.crews.len()];
        for (helper, route) in self.routes.iter().enumerate() {
            for stop in &route.stops {
                let entry = placed[stop.visit as usize].get_or_insert_with(|| Placed {
                    helpers: Vec::new(),
                    start: Seconds::from(stop.start),
                });
                // The one who leads is named first.
                let seat = if stop.lead { 0 } else { entry.helpers.len() };
                entry.helpers.insert(seat, HelperIx(helper));
            }
        }
        placed
    }
}

fn strangeness(model: &Model, visit: usize, crew: Crew) -> i64 {
    if model.weights.continuity == 0 {
        return 0;
    }
    let task = &model.tasks[visit];
    let choices = &model.choices[task.choices.clone()];
    let worth = |helper: usize| {
        choices
            .binary_search_by_key(&helper, |choice| choice.helper)
            .map_or(0, |at| choices[at].worth)
    };
    task.familiar - crew.helpers().map(worth).max().unwrap_or(0)
}
