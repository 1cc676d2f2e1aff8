//! One helper's visits in order, with how early and how late each could start.

use super::model::{Choice, LONG_AGO, Model, Slot, Task, Time, deviation};

/// A visit on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stop {
    pub visit: u32,
    pub place: u32,
    pub duration: Time,
    /// Bounds of its start; equal where it is rigid: fixed, kept as published, or shared with another helper.
    pub from: Time,
    pub to: Time,
    /// Earliest start the visits before allow.
    pub early: Time,
    /// Latest start the visits after allow.
    pub late: Time,
    /// The start chosen: as wished where possible.
    pub start: Time,
    /// When all rigid visits up to here have ended: fixed ones may overlap.
    pub until: Time,
    /// What is lost by taking it out: its priority, or more than any priority where it may not be taken out alone.
    pub stake: i32,
    pub day: u16,
    pub week: u16,
    pub rigid: bool,
    /// The member of the crew on whom the deviation is counted.
    pub lead: bool,
    /// Not a visit but a break.
    pub rest: bool,
}

/// A helper's visits, and what they cost.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    pub stops: Vec<Stop>,
    pub walking: i64,
    pub deviation: i64,
    pub unfairness: i64,
    pub care: i64,
    pub by_day: Vec<i64>,
    pub by_week: Vec<i64>,
    pub carried: Vec<i64>,
}

/// Where a visit could go: before the stop at `at`, once `over` stops from there are taken out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gap {
    pub at: usize,
    pub over: usize,
    /// Into [`Model::slots`].
    pub slot: usize,
    pub early: Time,
    pub late: Time,
    /// Walking it adds.
    pub detour: i64,
}

/// A stake above any priority, low enough to be added up.
pub(super) const NEVER: i32 = 1 << 29;
/// The walking of a route that cannot be walked: where the way from one to the next is longer than over a third, a route
/// may be late for having lost a visit.
pub(super) const BROKEN: i64 = 1 << 40;
/// Gaps of the route as it is, nothing taken out.
pub(super) const AS_IT_IS: (usize, i64) = (0, NEVER as i64);

impl Route {
    /// Takes over another's content, in this one's memory.
    pub(super) fn copy(&mut self, other: &Self) {
        self.stops.clone_from(&other.stops);
        self.by_day.clone_from(&other.by_day);
        self.by_week.clone_from(&other.by_week);
        self.carried.clone_from(&other.carried);
        (self.walking, self.deviation) = (other.walking, other.deviation);
        (self.unfairness, self.care) = (other.unfairness, other.care);
    }

    /// Works out every figure anew. O(stops).
    pub(super) fn refresh(&mut self, model: &Model, helper: usize) {
        if model.people[helper].whole {
            self.refresh_whole(model, helper);
        } else {
            self.forward(model, helper);
            self.backward(model, helper);
            self.choose(model, helper);
        }
        self.unfairness = model.unfairness(helper, self.care);
    }

    fn forward(&mut self, model: &Model, helper: usize) {
        let ways = model.people[helper].ways;
        let mut before: Option<Stop> = None;
        let mut walking = 0;
        for stop in &mut self.stops {
            walking += leg(model, helper, before.as_ref().map(end), Some(end(stop)));
            stop.until = before.map_or(LONG_AGO, |before| before.until);
            if stop.rigid {
                stop.early = stop.from;
                stop.until = stop.until.max(stop.from + stop.duration);
            } else {
                let ready = before.map_or(stop.from, |before| {
                    ready(model, ways, &before, before.early, stop.place)
                });
                stop.early = model.grid_up(stop.from.max(ready));
                if stop.early > stop.to {
                    walking += BROKEN;
                }
            }
            before = Some(*stop);
        }
        self.walking = walking + leg(model, helper, before.as_ref().map(end), None);
    }

    fn backward(&mut self, model: &Model, helper: usize) {
        let ways = model.people[helper].ways;
        let mut after: Option<Stop> = None;
        for stop in self.stops.iter_mut().rev() {
            stop.late = match after {
                Some(after) if !stop.rigid => {
                    let way = model.walk(ways, stop.place, after.place);
                    model.grid_down(stop.to.min(after.late - way - stop.duration))
                }
                _ => stop.to,
            };
            after = Some(*stop);
        }
    }

    fn choose(&mut self, model: &Model, helper: usize) {
        self.deviation = 0;
        if model.weights.deviation == 0 {
            for stop in &mut self.stops {
                stop.start = stop.early;
            }
            return;
        }
        let ways = model.people[helper].ways;
        let mut before: Option<Stop> = None;
        for stop in &mut self.stops {
            let task = &model.tasks[stop.visit as usize];
            stop.start = if stop.rigid {
                stop.from
            } else {
                let ready = before.map_or(stop.from, |before| {
                    ready(model, ways, &before, before.start, stop.place)
                });
                model
                    .grid_up(stop.from.max(ready))
                    .max(task.wish)
                    .min(stop.late)
            };
            if stop.lead {
                self.deviation += deviation(task, stop.start);
            }
            before = Some(*stop);
        }
    }

    /// Puts a visit before the stop at `at`; figures are stale until [`Route::refresh`].
    pub(super) fn insert(&mut self, model: &Model, at: usize, stop: Stop) {
        self.count(model, &stop, 1);
        self.stops.insert(at, stop);
    }

    /// Takes a visit out; figures are stale until [`Route::refresh`].
    pub(super) fn remove(&mut self, model: &Model, visit: usize) {
        if let Some(at) = self.position(visit) {
            let stop = self.stops.remove(at);
            self.count(model, &stop, -1);
        }
    }

    /// Where a visit stands on the route.
    pub(super) fn position(&self, visit: usize) -> Option<usize> {
        self.stops
            .iter()
            .position(|stop| stop.visit as usize == visit)
    }

    fn count(&mut self, model: &Model, stop: &Stop, sign: i64) {
        let task = &model.tasks[stop.visit as usize];
        if stop.rest {
            return;
        }
        let care = sign * i64::from(stop.duration);
        self.care += care;
        self.by_day[usize::from(stop.day)] += care;
        self.by_week[usize::from(stop.week)] += care;
        for (carried, brings) in self.carried.iter_mut().zip(&task.brings) {
            *carried += sign * brings;
        }
    }

    /// Every gap for a visit, `over` stops taken out of each, whose stakes together are not more than `most`.
    #[inline]
    pub(super) fn gaps(
        &self,
        model: &Model,
        visit: usize,
        choice: &Choice,
        (over, most): (usize, i64),
        mut see: impl FnMut(&Gap),
    ) {
        let person = &model.people[choice.helper];
        if self.stops.len() + 1 > person.most_visits.saturating_add(over) {
            return;
        }
        for index in choice.slots.clone() {
            let slot = &model.slots[index];
            if person.whole {
                self.gaps_whole(model, visit, choice.helper, (over, most), index, &mut see);
                continue;
            }
            if over == 0 && !self.has_room_for(model, visit, choice.helper, slot, &[]) {
                continue;
            }
            let first = self
                .stops
                .iter()
                .position(|stop| stop.late >= slot.from)
                .unwrap_or(self.stops.len())
                .saturating_sub(over);
            for at in first..(self.stops.len() + 1).saturating_sub(over) {
                if at > 0 && self.stops[at - 1].early > slot.to {
                    break;
                }
                if over > 0 {
                    let taken = &self.stops[at..at + over];
                    let stake: i64 = taken.iter().map(|stop| i64::from(stop.stake)).sum();
                    if stake > most || !self.has_room_for(model, visit, choice.helper, slot, taken)
                    {
                        continue;
                    }
                }
                if let Some(gap) = self.gap(model, visit, choice.helper, (at, over), (index, slot))
                {
                    see(&gap);
                }
            }
        }
    }

    #[inline]
    fn gap(
        &self,
        model: &Model,
        visit: usize,
        helper: usize,
        (at, over): (usize, usize),
        (index, slot): (usize, &Slot),
    ) -> Option<Gap> {
        let task = &model.tasks[visit];
        let ways = model.people[helper].ways;
        let before = if at == 0 {
            None
        } else {
            self.stops.get(at - 1)
        };
        let after = self.stops.get(at + over);
        let mut early = slot.from;
        if let Some(before) = before {
            early = model.grid_up(early.max(ready(model, ways, before, before.early, task.place)));
        }
        let mut late = slot.to;
        if let Some(after) = after {
            let way = model.walk(ways, task.place, after.place);
            late = model.grid_down(late.min(after.late - way - task.duration));
        }
        if early > late {
            return None;
        }
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
        if last.is_some() || to.is_some() {
            detour -= leg(model, helper, last, to);
        }
        Some(Gap {
            at,
            over,
            slot: index,
            early,
            late,
            detour,
        })
    }

    /// Whether the day's and the week's limit and what can be carried leave room, once some stops are taken out.
    fn has_room_for(
        &self,
        model: &Model,
        visit: usize,
        helper: usize,
        slot: &Slot,
        taken: &[Stop],
    ) -> bool {
        let person = &model.people[helper];
        let task = &model.tasks[visit];
        let (mut day, mut week) = (
            self.by_day[usize::from(slot.day)],
            self.by_week[usize::from(slot.week)],
        );
        for stop in taken {
            day -= i64::from(stop.duration) * i64::from(stop.day == slot.day);
            week -= i64::from(stop.duration) * i64::from(stop.week == slot.week);
        }
        let more = i64::from(task.duration);
        day + more <= person.daily_limit
            && week + more <= person.weekly_limit
            && self.can_carry(model, &person.capacity, task, taken)
    }

    fn can_carry(&self, model: &Model, capacity: &[i64], task: &Task, taken: &[Stop]) -> bool {
        capacity.iter().enumerate().all(|(at, capacity)| {
            let left: i64 = taken
                .iter()
                .map(|stop| model.tasks[stop.visit as usize].brings[at])
                .sum();
            self.carried[at] - left + task.brings[at] <= *capacity
        })
    }

    /// The start a visit would get in a gap, and the quarters of an hour by which it and the visit after would miss their wish.
    pub(super) fn miss(&self, model: &Model, visit: usize, helper: usize, gap: &Gap) -> i64 {
        let task = &model.tasks[visit];
        if model.weights.deviation == 0 {
            return 0;
        }
        let ways = model.people[helper].ways;
        let before = gap.at.checked_sub(1).map(|before| &self.stops[before]);
        let ready = before.map_or(gap.early, |before| {
            ready(model, ways, before, before.start, task.place).max(gap.early)
        });
        let start = model.grid_up(ready).max(task.wish).min(gap.late);
        let pushed = self.stops.get(gap.at + gap.over).map_or(0, |after| {
            let arrives = start + task.duration + model.walk(ways, task.place, after.place);
            let asked = &model.tasks[after.visit as usize];
            (deviation(asked, arrives.max(after.start)) - deviation(asked, after.start)).max(0)
        });
        deviation(task, start) + pushed
    }
}

fn end(stop: &Stop) -> (u32, u16) {
    (stop.place, stop.day)
}

/// When the helper can be at a place after a stop that starts at `start`.
#[inline]
fn ready(model: &Model, ways: usize, before: &Stop, start: Time, place: u32) -> Time {
    (start + before.duration + model.walk(ways, before.place, place)).max(before.until)
}

/// Walking between two stops of a route; a day begins and ends at the helper's own places.
#[inline]
fn leg(model: &Model, helper: usize, from: Option<(u32, u16)>, to: Option<(u32, u16)>) -> i64 {
    let person = &model.people[helper];
    match (from, to) {
        (Some((from, day)), Some((to, next))) if day == next => {
            i64::from(model.walk(person.ways, from, to))
        }
        (from, to) => {
            let home = from.and_then(|(from, _)| Some(model.walk(person.ways, from, person.end?)));
            let out = to.and_then(|(to, _)| Some(model.walk(person.ways, person.start?, to)));
            i64::from(home.unwrap_or(0)) + i64::from(out.unwrap_or(0))
        }
    }
}

/// What is lost by taking a visit out alone.
fn stake(task: &Task) -> i32 {
    if task.fixed || task.rest || task.crew == 2 {
        NEVER
    } else {
        i32::try_from(task.priority).unwrap_or(NEVER).min(NEVER)
    }
}

/// A visit as a stop of a route, in one of its slots.
pub(super) fn stop(model: &Model, visit: usize, slot: usize, lead: bool) -> Stop {
    let (task, slot) = (&model.tasks[visit], &model.slots[slot]);
    Stop {
        visit: visit as u32,
        place: task.place,
        duration: task.duration,
        from: slot.from,
        to: slot.to,
        early: slot.from,
        late: slot.to,
        start: slot.from,
        until: LONG_AGO,
        stake: stake(task),
        day: slot.day,
        week: slot.week,
        rigid: slot.keeps,
        lead,
        rest: task.rest,
    }
}

/// A visit as a stop whose start cannot change.
pub(super) fn rigid(
    model: &Model,
    visit: usize,
    start: Time,
    (day, week): (u16, u16),
    lead: bool,
) -> Stop {
    let task = &model.tasks[visit];
    Stop {
        visit: visit as u32,
        place: task.place,
        duration: task.duration,
        from: start,
        to: start,
        early: start,
        late: start,
        start,
        until: LONG_AGO,
        stake: stake(task),
        day,
        week,
        rigid: true,
        lead,
        rest: task.rest,
    }
}
