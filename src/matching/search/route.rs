//! One helper's visits in order, with how early and how late each could start.

use super::model::{Choice, Model, Slot};
use crate::problem::{PlaceIx, Seconds};
use crate::rules::asked_time;

/// A visit on a route.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    pub visit: usize,
    pub place: PlaceIx,
    pub day: usize,
    pub week: usize,
    pub duration: Seconds,
    /// Bounds of its start; equal where it is rigid: fixed, kept as published, or shared with another helper.
    pub from: Seconds,
    pub to: Seconds,
    pub rigid: bool,
    /// The member of the crew on whom the deviation is counted.
    pub lead: bool,
    /// What is lost by taking it out: its priority, or more than any priority where it may not be taken out alone.
    pub stake: i64,
    /// Earliest start the visits before allow.
    pub early: Seconds,
    /// Latest start the visits after allow.
    pub late: Seconds,
    /// The start chosen: as wished where possible.
    pub start: Seconds,
    /// When all rigid visits up to here have ended: fixed ones may overlap.
    pub until: Seconds,
}

/// A helper's visits, and what they cost.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    pub stops: Vec<Stop>,
    pub walking: i64,
    pub deviation: i64,
    pub unfairness: i64,
    pub care: Seconds,
    pub by_day: Vec<Seconds>,
    pub by_week: Vec<Seconds>,
}

/// Where a visit could go: before the stop at `at`, once `over` stops from there are taken out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub at: usize,
    pub over: usize,
    /// Into [`Model::slots`].
    pub slot: usize,
    pub early: Seconds,
    pub late: Seconds,
    /// Walking it adds.
    pub detour: i64,
}

/// A stake above any priority, low enough to be added up.
pub(super) const NEVER: i64 = 1 << 40;
/// Gaps of the route as it is, nothing taken out.
pub(super) const AS_IT_IS: (usize, i64) = (0, NEVER);

impl Route {
    /// Takes over another's content, in this one's memory.
    pub(super) fn copy(&mut self, other: &Self) {
        self.stops.clone_from(&other.stops);
        self.by_day.clone_from(&other.by_day);
        self.by_week.clone_from(&other.by_week);
        (self.walking, self.deviation) = (other.walking, other.deviation);
        (self.unfairness, self.care) = (other.unfairness, other.care);
    }

    /// Works out every figure anew. O(stops).
    pub(super) fn refresh(&mut self, model: &Model, helper: usize) {
        self.forward(model);
        self.backward(model);
        self.choose(model);
        self.walking = self.walked(model, helper);
        self.unfairness = model.unfairness(helper, self.care);
    }

    fn forward(&mut self, model: &Model) {
        let mut before: Option<Stop> = None;
        for stop in &mut self.stops {
            stop.until = before.map_or(Seconds::MIN, |before| before.until);
            if stop.rigid {
                stop.early = stop.from;
                stop.until = stop.until.max(stop.from + stop.duration);
            } else {
                let ready = before.map_or(stop.from, |before| {
                    ready(model, &before, before.early, stop.place)
                });
                stop.early = model.grid_up(stop.from.max(ready));
            }
            before = Some(*stop);
        }
    }

    fn backward(&mut self, model: &Model) {
        let mut after: Option<Stop> = None;
        for stop in self.stops.iter_mut().rev() {
            stop.late = match after {
                Some(after) if !stop.rigid => model.grid_down(
                    stop.to
                        .min(after.late - model.walk(stop.place, after.place) - stop.duration),
                ),
                _ => stop.to,
            };
            after = Some(*stop);
        }
    }

    fn choose(&mut self, model: &Model) {
        self.deviation = 0;
        let mut before: Option<Stop> = None;
        for stop in &mut self.stops {
            let task = &model.tasks[stop.visit];
            stop.start = if stop.rigid {
                stop.from
            } else {
                let ready = before.map_or(stop.from, |before| {
                    ready(model, &before, before.start, stop.place)
                });
                model
                    .grid_up(stop.from.max(ready))
                    .max(task.wish)
                    .min(stop.late)
            };
            if stop.lead {
                self.deviation += asked_time::cost(task.asked, stop.start);
            }
            before = Some(*stop);
        }
    }

    fn walked(&self, model: &Model, helper: usize) -> i64 {
        let mut before: Option<(PlaceIx, usize)> = None;
        let mut total = 0;
        for stop in &self.stops {
            let here = Some((stop.place, stop.day));
            total += leg(model, helper, before, here);
            before = here;
        }
        total + leg(model, helper, before, None)
    }

    /// Puts a visit before the stop at `at`; figures are stale until [`Route::refresh`].
    pub(super) fn insert(&mut self, at: usize, stop: Stop) {
        self.care += stop.duration;
        self.by_day[stop.day] += stop.duration;
        self.by_week[stop.week] += stop.duration;
        self.stops.insert(at, stop);
    }

    /// Takes a visit out; figures are stale until [`Route::refresh`].
    pub(super) fn remove(&mut self, visit: usize) -> Option<Stop> {
        let at = self.stops.iter().position(|stop| stop.visit == visit)?;
        let stop = self.stops.remove(at);
        self.care -= stop.duration;
        self.by_day[stop.day] -= stop.duration;
        self.by_week[stop.week] -= stop.duration;
        Some(stop)
    }

    /// Every gap for a visit, `over` stops taken out of each, whose stakes together are less than `most`.
    pub(super) fn gaps(
        &self,
        model: &Model,
        visit: usize,
        choice: &Choice,
        (over, most): (usize, i64),
        mut see: impl FnMut(&Gap),
    ) {
        for index in choice.slots.clone() {
            let slot = &model.slots[index];
            if over == 0 && !self.has_care_for(model, visit, choice.helper, slot, &[]) {
                continue;
            }
            let first = self
                .stops
                .partition_point(|stop| stop.late < slot.from)
                .saturating_sub(over);
            for at in first..(self.stops.len() + 1).saturating_sub(over) {
                if at > 0 && self.stops[at - 1].early > slot.to {
                    break;
                }
                let taken = &self.stops[at..at + over];
                let stake: i64 = taken.iter().map(|stop| stop.stake).sum();
                if over > 0
                    && (stake >= most
                        || !self.has_care_for(model, visit, choice.helper, slot, taken))
                {
                    continue;
                }
                if let Some(gap) = self.gap(model, visit, choice.helper, (at, over), (index, slot))
                {
                    see(&gap);
                }
            }
        }
    }

    fn gap(
        &self,
        model: &Model,
        visit: usize,
        helper: usize,
        (at, over): (usize, usize),
        (index, slot): (usize, &Slot),
    ) -> Option<Gap> {
        let task = &model.tasks[visit];
        let before = at.checked_sub(1).map(|before| &self.stops[before]);
        let after = self.stops.get(at + over);
        let mut early = slot.from;
        if let Some(before) = before {
            early = model.grid_up(early.max(ready(model, before, before.early, task.place)));
        }
        let mut late = slot.to;
        if let Some(after) = after {
            late = model.grid_down(
                late.min(after.late - model.walk(task.place, after.place) - task.duration),
            );
        }
        if early > late {
            return None;
        }
        let end = |stop: &Stop| (stop.place, stop.day);
        let (from, here, to) = (
            before.map(end),
            Some((task.place, slot.day)),
            after.map(end),
        );
        let mut detour = leg(model, helper, from, here) + leg(model, helper, here, to);
        let mut last = from;
        for stop in &self.stops[at..at + over] {
            detour -= leg(model, helper, last, Some(end(stop)));
            last = Some(end(stop));
        }
        detour -= leg(model, helper, last, to);
        Some(Gap {
            at,
            over,
            slot: index,
            early,
            late,
            detour,
        })
    }

    /// Whether the day's and the week's limit leave room, once some stops are taken out.
    fn has_care_for(
        &self,
        model: &Model,
        visit: usize,
        helper: usize,
        slot: &Slot,
        taken: &[Stop],
    ) -> bool {
        let person = &model.problem.helpers[helper];
        let (mut day, mut week) = (self.by_day[slot.day], self.by_week[slot.week]);
        for stop in taken {
            day -= if stop.day == slot.day {
                stop.duration
            } else {
                0
            };
            week -= if stop.week == slot.week {
                stop.duration
            } else {
                0
            };
        }
        let more = model.tasks[visit].duration;
        day + more <= person.daily_limit && week + more <= person.weekly_limit
    }

    /// The start a visit would get in a gap, and the quarters of an hour by which it and the visit after would miss their wish.
    pub(super) fn miss(&self, model: &Model, visit: usize, gap: &Gap) -> i64 {
        let task = &model.tasks[visit];
        if model.weights.deviation == 0 {
            return 0;
        }
        let before = gap.at.checked_sub(1).map(|before| &self.stops[before]);
        let ready = before.map_or(gap.early, |before| {
            ready(model, before, before.start, task.place).max(gap.early)
        });
        let start = model.grid_up(ready).max(task.wish).min(gap.late);
        let pushed = self.stops.get(gap.at + gap.over).map_or(0, |after| {
            let arrives = start + task.duration + model.walk(task.place, after.place);
            let asked = model.tasks[after.visit].asked;
            (asked_time::cost(asked, arrives.max(after.start))
                - asked_time::cost(asked, after.start))
            .max(0)
        });
        asked_time::cost(task.asked, start) + pushed
    }
}

/// When the helper can be at a place after a stop that starts at `start`.
fn ready(model: &Model, before: &Stop, start: Seconds, place: PlaceIx) -> Seconds {
    (start + before.duration + model.walk(before.place, place)).max(before.until)
}

/// Walking between two stops of a route; a day begins and ends at the helper's own places.
fn leg(
    model: &Model,
    helper: usize,
    from: Option<(PlaceIx, usize)>,
    to: Option<(PlaceIx, usize)>,
) -> i64 {
    match (from, to) {
        (Some((from, day)), Some((to, next))) if day == next => model.walk(from, to),
        (from, to) => {
            let person = &model.problem.helpers[helper];
            let home = from.and_then(|(from, _)| Some(model.walk(from, person.end?)));
            let out = to.and_then(|(to, _)| Some(model.walk(person.start?, to)));
            home.unwrap_or(0) + out.unwrap_or(0)
        }
    }
}
