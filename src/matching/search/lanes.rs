//! Routes as the search looks at them most often: packed one after the other, with nothing but what a gap needs.
//!
//! Judging a gap touches a helper's route, her limits, the visit and the table of walking. Kept in [`Route`]s that is a dozen
//! places in memory, and nine gaps in ten are refused. Here a route is one short run of memory; on a day of 900 visits the
//! search makes twice as many steps a second with it. It serves where nothing but walking and one limit is to be judged: one
//! day, no start that was asked for, nothing fixed, no route that has to be judged from end to end.

use super::known::{NOWHERE, Reach, Spot};
use super::model::{LONG_AGO, Model, Time};
use super::route::{BROKEN, NEVER, Route};

/// A stop, or the helper's start or end.
#[derive(Clone, Copy, Default)]
struct Link {
    /// When she can leave.
    free: Time,
    /// When service has to start at the latest.
    late: Time,
    /// Walking from here to the next link; 0 on an empty route.
    way: Time,
    place: u32,
    stake: i32,
    /// What it takes of the helper's limit.
    load: i32,
}

/// All routes.
#[derive(Clone)]
pub(super) struct Lanes {
    links: Vec<Link>,
    /// Links a route has room for.
    stride: usize,
    heads: Vec<Head>,
    /// Of each visit, what it takes of a limit.
    loads: Vec<i32>,
    /// Lanes as they were when the iteration under way first changed them, in the order of the journal.
    before: Vec<Link>,
    heads_before: Vec<Head>,
}

#[derive(Clone, Copy, Default)]
struct Head {
    stops: u32,
    /// What is left of the limit.
    left: i32,
    /// Visits that may still be added.
    more: i32,
}

/// How a visit's load is counted.
fn load(model: &Model, visit: usize) -> i32 {
    let task = &model.tasks[visit];
    let load = task
        .brings
        .first()
        .copied()
        .unwrap_or(i64::from(task.duration));
    load.clamp(0, i64::from(NEVER)) as i32
}

impl Lanes {
    /// Lanes for a problem that they can serve.
    pub(super) fn new(model: &Model) -> Option<Self> {
        let plain = model.days == 1
            && !model.has_ties()
            && model.weights.deviation == 0
            && model.weights.unfairness == 0
            && model.grid == 1
            && model
                .tasks
                .iter()
                .all(|task| task.crew == 1 && !task.fixed && !task.published);
        let one_limit = model.people.iter().all(|person| {
            !person.whole
                && person.ways == 0
                && (person.capacity.is_empty()
                    || person.capacity.len() == 1
                        && person.daily_limit.min(person.weekly_limit) >= super::model::NO_LIMIT)
        });
        (plain && one_limit).then(|| {
            let stride = 16;
            Self {
                links: vec![Link::default(); stride * model.people.len()],
                stride,
                heads: vec![Head::default(); model.people.len()],
                loads: (0..model.tasks.len())
                    .map(|visit| load(model, visit))
                    .collect(),
                before: Vec::new(),
                heads_before: Vec::new(),
            }
        })
    }

    /// Works out every figure of a route anew, and takes it over. O(stops).
    pub(super) fn refresh(&mut self, model: &Model, helper: usize, route: &mut Route) {
        let stops = route.stops.len();
        self.make_room(stops + 2);
        let person = &model.people[helper];
        let nowhere = model.nowhere();
        let limit = person.capacity.first().copied().unwrap_or_else(|| {
            let before = person.care_before.get(model.week).copied().unwrap_or(0);
            person.daily_limit.min(person.weekly_limit - before)
        });
        let lane = &mut self.links[helper * self.stride..][..stops + 2];
        lane[0] = Link {
            free: LONG_AGO,
            place: person.start.unwrap_or(nowhere),
            ..Link::default()
        };
        let (mut carried, mut walking) = (0, 0);
        for (at, stop) in route.stops.iter_mut().enumerate() {
            let before = &mut lane[at];
            let way = model.walk(0, before.place, stop.place);
            before.way = way;
            walking += i64::from(way);
            stop.early = stop.from.max(before.free + way);
            stop.start = stop.early;
            if stop.early > stop.to {
                walking += BROKEN;
            }
            let load = self.loads[stop.visit as usize];
            carried += i64::from(load);
            lane[at + 1] = Link {
                free: stop.early + stop.duration,
                late: stop.to,
                way: 0,
                place: stop.place,
                stake: stop.stake,
                load,
            };
        }
        lane[stops + 1] = Link {
            late: -LONG_AGO,
            place: person.end.unwrap_or(nowhere),
            ..Link::default()
        };
        if stops > 0 {
            let way = model.walk(0, lane[stops].place, lane[stops + 1].place);
            lane[stops].way = way;
            walking += i64::from(way);
        }
        let mut latest = -LONG_AGO;
        for (at, stop) in route.stops.iter_mut().enumerate().rev() {
            let link = &mut lane[at + 1];
            let by_next = if at + 1 == stops {
                stop.to
            } else {
                latest - link.way - stop.duration
            };
            link.late = stop.to.min(by_next);
            stop.late = link.late;
            latest = link.late;
        }
        route.walking = walking;
        self.heads[helper] = Head {
            stops: stops as u32,
            left: (limit - carried).clamp(i64::from(LONG_AGO), i64::from(NEVER)) as i32,
            more: (person.most_visits - stops.min(person.most_visits)).min(NEVER as usize) as i32,
        };
    }

    /// Keeps a lane as the journal's next, so that it can be brought back.
    pub(super) fn keep(&mut self, helper: usize) {
        let lane = &self.links[helper * self.stride..][..self.stride];
        self.before.extend_from_slice(lane);
        self.heads_before.push(self.heads[helper]);
    }

    /// Forgets what was kept.
    pub(super) fn begin(&mut self) {
        self.before.clear();
        self.heads_before.clear();
    }

    /// Brings back the lane that was kept as the journal's `at`-th.
    pub(super) fn restore(&mut self, helper: usize, at: usize) {
        let kept = &self.before[at * self.stride..][..self.stride];
        self.links[helper * self.stride..][..self.stride].copy_from_slice(kept);
        self.heads[helper] = self.heads_before[at];
    }

    fn make_room(&mut self, links: usize) {
        if links <= self.stride {
            return;
        }
        let stride = links.next_power_of_two();
        let widen = |narrow: &[Link], old: usize| {
            let mut wide = vec![Link::default(); narrow.len() / old * stride];
            for (wide, narrow) in wide.chunks_mut(stride).zip(narrow.chunks(old)) {
                wide[..old].copy_from_slice(narrow);
            }
            wide
        };
        self.links = widen(&self.links, self.stride);
        self.before = widen(&self.before, self.stride);
        self.stride = stride;
    }

    /// Takes over another's lane.
    pub(super) fn copy(&mut self, helper: usize, other: &Self) {
        self.make_room(other.stride);
        let lane = &other.links[helper * other.stride..][..other.stride];
        self.links[helper * self.stride..][..other.stride].copy_from_slice(lane);
        self.heads[helper] = other.heads[helper];
    }

    /// What a visit takes of a limit.
    pub(super) fn load(&self, visit: usize) -> i32 {
        self.loads[visit]
    }

    /// What a helper has left of her limit, and how many more visits she may make.
    pub(super) fn leaves(&self, helper: usize) -> (i32, i32) {
        (self.heads[helper].left, self.heads[helper].more)
    }

    /// A visit that looks for a place.
    pub(super) fn wanted<'m>(&self, model: &'m Model, visit: usize) -> Wanted<'m> {
        Wanted::new(model, visit, self.loads[visit])
    }

    /// The cheapest gap of a helper's route for a visit as the route is.
    #[inline]
    pub(super) fn fit(&self, wanted: &Wanted, reach: &Reach) -> (i32, Spot) {
        let head = &self.heads[reach.helper as usize];
        if wanted.load > head.left || head.more <= 0 {
            return (NOWHERE, Spot::default());
        }
        wanted.fit(self.lane(reach.helper, head), reach)
    }

    /// The same for gaps in place of one or two visits whose stakes together are not more than the visit's
    /// priority: the same may change places, which is how plans that leave out others are found.
    #[inline]
    pub(super) fn oust(&self, wanted: &Wanted, reach: &Reach) -> (i32, Spot) {
        let head = &self.heads[reach.helper as usize];
        wanted.oust(self.lane(reach.helper, head), head.left, reach)
    }

    #[inline]
    fn lane(&self, helper: u32, head: &Head) -> &[Link] {
        &self.links[helper as usize * self.stride..][..head.stops as usize + 2]
    }
}

/// A visit that looks for a place.
pub(super) struct Wanted<'m> {
    model: &'m Model,
    /// Walking to it and from it, by place, in the table of all who walk alike.
    to: &'m [u32],
    from: &'m [u32],
    duration: Time,
    load: i32,
    priority: i32,
    weight: i32,
}

impl<'m> Wanted<'m> {
    fn new(model: &'m Model, visit: usize, load: i32) -> Self {
        let task = &model.tasks[visit];
        let row = task.place as usize * model.places;
        Self {
            model,
            to: &model.back[row..][..model.places],
            from: &model.ways[row..][..model.places],
            duration: task.duration,
            load,
            priority: task.priority.min(i64::from(NEVER)) as i32,
            weight: model.weights.priority.min(i64::from(NEVER)) as i32,
        }
    }

    /// Calls with each slot of a choice: which it is, first start, last start.
    #[inline]
    fn slots(&self, reach: &Reach, mut see: impl FnMut(u16, Time, Time)) {
        see(0, reach.from, reach.to);
        for more in 1..=reach.more {
            let slot = &self.model.slots[reach.slot as usize + usize::from(more)];
            see(more, slot.from, slot.to);
        }
    }

    #[inline]
    fn fit(&self, lane: &[Link], reach: &Reach) -> (i32, Spot) {
        let mut best = (NOWHERE, Spot::default());
        self.slots(reach, |of_slot, from, to| {
            for (at, pair) in lane.windows(2).enumerate() {
                let (before, after) = (&pair[0], &pair[1]);
                if after.late < from {
                    continue;
                }
                if before.free > to {
                    break;
                }
                let detour = self.detour(before, after, before.way, (from, to));
                if detour < best.0 {
                    let at = at as u16;
                    best = (
                        detour,
                        Spot {
                            at,
                            over: 0,
                            of_slot,
                        },
                    );
                }
            }
        });
        best
    }

    #[inline]
    fn oust(&self, lane: &[Link], left: i32, reach: &Reach) -> (i32, Spot) {
        let mut best = (NOWHERE, Spot::default());
        let last = lane.len() - 1;
        self.slots(reach, |of_slot, from, to| {
            for at in 0..last - 1 {
                let before = &lane[at];
                if before.free > to {
                    break;
                }
                let (mut stake, mut left, mut instead) = (0, left, before.way);
                for over in 1..=2.min(last - 1 - at) {
                    let out = &lane[at + over];
                    stake += out.stake;
                    if stake > self.priority {
                        break;
                    }
                    left += out.load;
                    instead += out.way;
                    let after = &lane[at + over + 1];
                    if self.load > left || after.late < from {
                        continue;
                    }
                    let detour = self.detour(before, after, instead, (from, to));
                    if detour == NOWHERE {
                        continue;
                    }
                    let cost = stake.saturating_mul(self.weight).saturating_add(detour);
                    if cost < best.0 {
                        let (at, over) = (at as u16, over as u16);
                        best = (cost, Spot { at, over, of_slot });
                    }
                }
            }
        });
        best
    }

    /// Walking it adds to go there between two links; [`NOWHERE`] where there is no time for it.
    #[inline]
    fn detour(&self, before: &Link, after: &Link, instead: Time, (from, to): (Time, Time)) -> i32 {
        let there = self.to[before.place as usize] as Time;
        let on = self.from[after.place as usize] as Time;
        let early = from.max(before.free + there);
        let late = to.min(after.late - on - self.duration);
        if early <= late {
            there + on - instead
        } else {
            NOWHERE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Problem;
    use crate::search::Search;
    use crate::search::route::AS_IT_IS;
    use crate::search::solution::Solution;
    use crate::testing::random::{Size, plain_day};

    fn day(seed: u64) -> Problem {
        let size = Size {
            days: 1,
            helpers: 10,
            visits: 60,
        };
        plain_day(size, seed)
    }

    #[test]
    fn lanes_know_the_same_gaps_as_routes() {
        let mut found = 0;
        for seed in 0..10 {
            let problem = day(seed);
            let model = Model::new(&problem);
            let mut search = Search::new(&model, Solution::of(&model, &problem), seed);
            search.construct(|_| false);
            for _ in 0..20 {
                search.step();
                found += compare(&model, &search.solution);
                agree(&model, &search.solution);
                search.solution.undo();
                agree(&model, &search.solution);
            }
        }
        assert!(found > 100, "{found}");
    }

    /// What lanes worked out is what routes work out by themselves.
    fn agree(model: &Model, solution: &Solution) {
        for (helper, route) in solution.routes.iter().enumerate() {
            let mut anew = route.clone();
            anew.refresh(model, helper);
            assert_eq!(anew.walking, route.walking);
            let times = |route: &Route| -> Vec<_> {
                let stops = route.stops.iter();
                stops
                    .map(|stop| (stop.early, stop.start, stop.late))
                    .collect()
            };
            assert_eq!(times(&anew), times(route));
            let lanes = solution.lanes.as_ref().unwrap();
            let lane = lanes.lane(helper as u32, &lanes.heads[helper]);
            let late: Vec<_> = lane[1..=route.stops.len()]
                .iter()
                .map(|link| link.late)
                .collect();
            assert_eq!(
                late,
                times(route).iter().map(|times| times.2).collect::<Vec<_>>()
            );
        }
    }

    fn compare(model: &Model, solution: &Solution) -> usize {
        let lanes = solution.lanes.as_ref().unwrap();
        let mut found = 0;
        for visit in &solution.absent {
            let visit = *visit as usize;
            for index in model.tasks[visit].choices.clone() {
                let choice = &model.choices[index];
                let route = &solution.routes[choice.helper];
                let wanted = lanes.wanted(model, visit);
                let reach = &Reach::all(model)[index];
                let (cost, _) = lanes.fit(&wanted, reach);
                let mut cheapest = i64::from(NOWHERE);
                route.gaps(model, visit, choice, AS_IT_IS, |gap| {
                    cheapest = cheapest.min(gap.detour);
                });
                assert_eq!(i64::from(cost), cheapest);
                let (cost, _) = lanes.oust(&wanted, reach);
                let mut cheapest = i64::from(NOWHERE);
                for over in 1..=2 {
                    let most = model.tasks[visit].priority;
                    route.gaps(model, visit, choice, (over, most), |gap| {
                        let out = &route.stops[gap.at..gap.at + over];
                        let stake: i64 = out.iter().map(|stop| i64::from(stop.stake)).sum();
                        cheapest = cheapest.min(stake * model.weights.priority + gap.detour);
                    });
                }
                assert_eq!(i64::from(cost), cheapest);
                found += usize::from(cost < NOWHERE);
            }
        }
        found
    }
}
