//! A plan while it is being searched: routes, what they cost, and a way back.

use super::model::Model;
use super::route::{Gap, NEVER, Route, Stop};
use crate::problem::{HelperIx, Placed, Score, Seconds};

/// Nobody.
const NOBODY: usize = usize::MAX;

/// Who serves a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crew {
    helpers: [usize; 2],
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
        self.helpers.into_iter().filter(|helper| *helper != NOBODY)
    }

    pub(super) const fn first(self) -> usize {
        self.helpers[0]
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
    pub absent: Vec<usize>,
    score: Score,
    /// Of each route: differs whenever its stops may differ.
    versions: Vec<u64>,
    version: u64,
    journal: Journal,
}

#[derive(Clone, Default)]
struct Journal {
    routes: Vec<(usize, u64, Route)>,
    used: usize,
    touched: Vec<bool>,
    crews: Vec<(usize, Crew)>,
    absent: Vec<usize>,
    score: Score,
}

impl Solution {
    /// Every visit absent but those held fixed, which are placed as they are.
    pub(super) fn new(model: &Model) -> Self {
        let problem = model.problem;
        let routes = problem.helpers.iter().map(|helper| Route {
            by_day: vec![0; problem.days],
            by_week: (0..problem.weeks())
                .map(|week| helper.care_before.get(week).copied().unwrap_or(0))
                .collect(),
            ..Route::default()
        });
        let mut solution = Self {
            routes: routes.collect(),
            crews: vec![Crew::NONE; problem.visits.len()],
            absent: Vec::new(),
            score: Score::default(),
            versions: vec![0; problem.helpers.len()],
            version: 0,
            journal: Journal {
                touched: vec![false; problem.helpers.len()],
                ..Journal::default()
            },
        };
        for (at, task) in model.tasks.iter().enumerate() {
            if !task.fixed {
                solution.absent.push(at);
                solution.score.unserved_priority += task.priority;
                solution.score.published_moved += i64::from(task.published);
            } else if let Some(held) = &problem.visits[at].held {
                solution.fix(model, at, &held.helpers, held.start);
            }
        }
        for helper in 0..solution.routes.len() {
            solution.routes[helper].refresh(model, helper);
            solution.count(helper, 1);
        }
        solution
    }

    fn fix(&mut self, model: &Model, visit: usize, helpers: &[HelperIx], start: Seconds) {
        for (at, helper) in helpers.iter().enumerate() {
            let stop = stop(model, visit, (start, start), true, at == 0);
            let stops = &self.routes[helper.0].stops;
            let place = stops
                .partition_point(|other| (other.from, other.duration) <= (start, stop.duration));
            self.routes[helper.0].insert(place, stop);
        }
        let seat = |at: usize| helpers.get(at).map_or(NOBODY, |helper| helper.0);
        self.crews[visit] = Crew {
            helpers: [seat(0), seat(1)],
            kept: false,
        };
        self.score.continuity += strangeness(model, visit, helpers.iter().map(|helper| helper.0));
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
            self.journal.used += 1;
        }
        self.count(helper, -1);
        self.version += 1;
        self.versions[helper] = self.version;
        let route = &mut self.routes[helper];
        change(route);
        route.refresh(model, helper);
        self.count(helper, 1);
    }

    /// Puts one helper's absent visit into a gap, taking out what the gap goes over. Tells what was taken out.
    pub(super) fn place(
        &mut self,
        model: &Model,
        visit: usize,
        helper: usize,
        gap: Seat,
    ) -> Vec<usize> {
        let over = &self.routes[helper].stops[gap.at..gap.at + gap.over];
        let ousted: Vec<_> = over.iter().map(|stop| stop.visit).collect();
        for other in &ousted {
            self.remove(model, *other);
        }
        let slot = model.slots[gap.slot];
        let stop = stop(model, visit, (slot.from, slot.to), slot.keeps, true);
        self.edit(model, helper, |route| route.insert(gap.at, stop));
        self.set(
            model,
            visit,
            Crew {
                helpers: [helper, NOBODY],
                kept: slot.keeps,
            },
        );
        ousted
    }

    /// Puts an absent visit into the gaps of two helpers, both starting at `start`.
    pub(super) fn place_two(
        &mut self,
        model: &Model,
        visit: usize,
        seats: [(usize, &Gap); 2],
        start: Seconds,
        kept: bool,
    ) {
        for (at, (helper, gap)) in seats.into_iter().enumerate() {
            let stop = stop(model, visit, (start, start), true, at == 0);
            self.edit(model, helper, |route| route.insert(gap.at, stop));
        }
        self.set(
            model,
            visit,
            Crew {
                helpers: [seats[0].0, seats[1].0],
                kept,
            },
        );
    }

    fn set(&mut self, model: &Model, visit: usize, crew: Crew) {
        self.journal.crews.push((visit, self.crews[visit]));
        self.crews[visit] = crew;
        self.absent.retain(|other| *other != visit);
        self.score.unserved_priority -= model.tasks[visit].priority;
        self.score.published_moved -= i64::from(crew.kept);
        self.score.continuity += strangeness(model, visit, crew.helpers());
    }

    /// Takes a visit out of every route it is on. What is fixed or absent stays as it is.
    pub(super) fn remove(&mut self, model: &Model, visit: usize) {
        let crew = self.crews[visit];
        if crew.is_none() || model.tasks[visit].fixed {
            return;
        }
        for helper in crew.helpers() {
            self.edit(model, helper, |route| {
                route.remove(visit);
            });
        }
        self.journal.crews.push((visit, crew));
        self.crews[visit] = Crew::NONE;
        self.absent.push(visit);
        self.score.unserved_priority += model.tasks[visit].priority;
        self.score.published_moved += i64::from(crew.kept);
        self.score.continuity -= strangeness(model, visit, crew.helpers());
    }

    pub(super) fn version(&self, helper: usize) -> u64 {
        self.versions[helper]
    }

    /// Takes over another's plan, in this one's memory. Versions go on, since what is known of routes hangs on them.
    pub(super) fn copy(&mut self, other: &Self) {
        for (helper, route) in other.routes.iter().enumerate() {
            if self.versions[helper] != other.versions[helper] {
                self.routes[helper].copy(route);
                self.versions[helper] = other.versions[helper];
            }
        }
        self.crews.clone_from(&other.crews);
        self.absent.clone_from(&other.absent);
        self.score = other.score;
        self.version = self.version.max(other.version);
    }

    pub(super) fn crew(&self, visit: usize) -> Crew {
        self.crews[visit]
    }

    pub(super) const fn score(&self) -> Score {
        self.score
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
        self.journal.crews.clear();
        self.journal.absent.clone_from(&self.absent);
        self.journal.score = self.score;
    }

    /// Helpers whose routes have changed since [`Solution::begin`].
    pub(super) fn changed(&self) -> impl Iterator<Item = usize> + '_ {
        self.journal.routes[..self.journal.used]
            .iter()
            .map(|(helper, ..)| *helper)
    }

    /// Whether a visit was absent at [`Solution::begin`].
    pub(super) fn was_absent(&self, visit: usize) -> bool {
        self.journal.absent.contains(&visit)
    }

    /// Undoes everything since [`Solution::begin`].
    pub(super) fn undo(&mut self) {
        for at in 0..self.journal.used {
            let (helper, version, route) = &mut self.journal.routes[at];
            self.versions[*helper] = *version;
            std::mem::swap(&mut self.routes[*helper], route);
        }
        while let Some((visit, crew)) = self.journal.crews.pop() {
            self.crews[visit] = crew;
        }
        self.absent.clone_from(&self.journal.absent);
        self.score = self.journal.score;
    }

    /// The placements, in the problem's order.
    pub(super) fn placements(&self) -> Vec<Option<Placed>> {
        let mut placed: Vec<Option<Placed>> = vec![None; self.crews.len()];
        for (helper, route) in self.routes.iter().enumerate() {
            for stop in &route.stops {
                let entry = placed[stop.visit].get_or_insert_with(|| Placed {
                    helpers: Vec::new(),
                    start: stop.start,
                });
                // The one who leads is named first.
                let seat = if stop.lead { 0 } else { entry.helpers.len() };
                entry.helpers.insert(seat, HelperIx(helper));
            }
        }
        placed
    }
}

fn strangeness(model: &Model, visit: usize, crew: impl Iterator<Item = usize>) -> i64 {
    if model.weights.continuity == 0 {
        return 0;
    }
    let of = &model.problem.visits[visit];
    let worth = crew
        .map(|helper| crate::rules::continuity::worth(of, HelperIx(helper)))
        .max();
    model.tasks[visit].familiar - worth.unwrap_or(0)
}

fn stop(
    model: &Model,
    visit: usize,
    (from, to): (Seconds, Seconds),
    rigid: bool,
    lead: bool,
) -> Stop {
    let task = &model.tasks[visit];
    Stop {
        visit,
        place: task.place,
        day: model.problem.day_of(from),
        week: model.problem.week_of(from),
        duration: task.duration,
        from,
        to,
        rigid,
        lead,
        stake: if task.fixed || task.crew == 2 {
            NEVER
        } else {
            task.priority
        },
        early: from,
        late: to,
        start: from,
        until: Seconds::MIN,
    }
}
