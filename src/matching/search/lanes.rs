//! Routes as the search looks at them most often: packed one after the other, with nothing but what a gap needs.
//!
//! Judging a gap touches a helper's route, her limits, the visit and the table of walking. Kept in [`Route`]s that is a dozen
//! places in memory, and nine gaps in ten are refused. Here a route is one short run of memory; on a day of 900 visits the
//! search makes twice as many steps a second with it. It serves where nothing but walking and one limit is to be judged: one
//! day, no start that was asked for, nothing fixed, no route that has to be judged from end to end.

use super::model::{LONG_AGO, Model, Time};
use super::route::{Gap, NEVER, Route};

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
}

#[derive(Clone, Copy)]
struct Head {
    version: u32,
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
            let mut lanes = Self {
                links: Vec::new(),
                stride: 16,
                heads: Vec::new(),
            };
            lanes.heads = model
                .people
                .iter()
                .map(|_| Head {
                    version: 0,
                    stops: 0,
                    left: 0,
                    more: 0,
                })
                .collect();
            lanes.links = vec![Link::default(); lanes.stride * model.people.len()];
            lanes
        })
    }

    /// Takes over a route as it is now.
    pub(super) fn update(&mut self, model: &Model, helper: usize, route: &Route) {
        self.make_room(route.stops.len() + 2);
        let person = &model.people[helper];
        let limit = person.capacity.first().copied().unwrap_or_else(|| {
            let before = person.care_before.get(model.week).copied().unwrap_or(0);
            person.daily_limit.min(person.weekly_limit - before)
        });
        let lane = &mut self.links[helper * self.stride..][..route.stops.len() + 2];
        let nowhere = model.nowhere();
        lane[0] = Link {
            free: LONG_AGO,
            place: person.start.unwrap_or(nowhere),
            ..Link::default()
        };
        let mut carried = 0;
        for (stop, link) in route.stops.iter().zip(&mut lane[1..]) {
            let load = load(model, stop.visit as usize);
            carried += i64::from(load);
            *link = Link {
                free: stop.early + stop.duration,
                late: stop.late,
                way: 0,
                place: stop.place,
                stake: stop.stake,
                load,
            };
        }
        lane[route.stops.len() + 1] = Link {
            late: -LONG_AGO,
            place: person.end.unwrap_or(nowhere),
            ..Link::default()
        };
        if !route.stops.is_empty() {
            for at in 0..=route.stops.len() {
                lane[at].way = model.walk(person.ways, lane[at].place, lane[at + 1].place);
            }
        }
        self.heads[helper] = Head {
            version: self.heads[helper].version,
            stops: route.stops.len() as u32,
            left: (limit - carried).clamp(i64::from(LONG_AGO), i64::from(NEVER)) as i32,
            more: (person.most_visits - route.stops.len().min(person.most_visits))
                .min(NEVER as usize) as i32,
        };
    }

    fn make_room(&mut self, links: usize) {
        if links <= self.stride {
            return;
        }
        let stride = links.next_power_of_two();
        let mut roomy = vec![Link::default(); stride * self.heads.len()];
        for helper in 0..self.heads.len() {
            roomy[helper * stride..][..self.stride]
                .copy_from_slice(&self.links[helper * self.stride..][..self.stride]);
        }
        (self.links, self.stride) = (roomy, stride);
    }

    /// The version of a route, told by whoever changes it.
    pub(super) fn set_version(&mut self, helper: usize, version: u32) {
        self.heads[helper].version = version;
    }

    /// Looks at the cheapest gap of each of these helpers for a visit as their routes are; tells `see` of each.
    #[inline]
    pub(super) fn cheapest<'k>(
        &self,
        model: &Model,
        visit: usize,
        known: impl Iterator<Item = &'k mut Known>,
        mut see: impl FnMut(&Known),
    ) {
        let wanted = Wanted::new(model, visit);
        for known in known {
            let head = &self.heads[known.helper as usize];
            if known.version != head.version {
                known.begin(head.version);
                if wanted.load <= head.left && head.more > 0 {
                    wanted.fit(self.lane(known.helper, head), known);
                }
            }
            see(known);
        }
    }

    /// The same for gaps in place of one or two visits whose stakes together are not more than the visit's
    /// priority: the same may change places, which is how plans that leave out others are found.
    #[inline]
    pub(super) fn cheapest_oustings<'k>(
        &self,
        model: &Model,
        visit: usize,
        known: impl Iterator<Item = &'k mut Known>,
        mut see: impl FnMut(&Known),
    ) {
        let wanted = Wanted::new(model, visit);
        for known in known {
            let head = &self.heads[known.helper as usize];
            if known.version != head.version {
                known.begin(head.version);
                wanted.oust(self.lane(known.helper, head), head.left, known);
            }
            see(known);
        }
    }

    #[inline]
    fn lane(&self, helper: u32, head: &Head) -> &[Link] {
        &self.links[helper as usize * self.stride..][..head.stops as usize + 2]
    }
}

/// The cheapest gap of one helper for one visit, as far as it is known; `cost` is [`NOWHERE`] where there is none.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// Of the route for which it is known.
    pub version: u32,
    pub cost: i32,
    pub helper: u32,
    /// The first slot, into [`Model::slots`], and its bounds.
    pub slot: u32,
    from: Time,
    to: Time,
    pub at: u16,
    pub over: u16,
    /// Slots after the first.
    more: u16,
    /// Which of the slots it is, counted from the first.
    pub of_slot: u16,
}

/// As a cost: there is no gap.
pub(super) const NOWHERE: i32 = i32::MAX;

impl Known {
    /// Of every choice: nothing is known.
    pub(super) fn all(model: &Model) -> Vec<Self> {
        let known = |choice: &super::model::Choice| {
            let first = &model.slots[choice.slots.start];
            Self {
                version: u32::MAX,
                cost: NOWHERE,
                helper: choice.helper as u32,
                slot: choice.slots.start as u32,
                from: first.from,
                to: first.to,
                at: 0,
                over: 0,
                more: (choice.slots.len() - 1) as u16,
                of_slot: 0,
            }
        };
        model.choices.iter().map(known).collect()
    }

    /// Begins anew for a version of the route: there is no gap yet.
    pub(super) fn begin(&mut self, version: u32) {
        (self.version, self.cost) = (version, NOWHERE);
    }

    /// Takes over a gap that costs less.
    pub(super) fn offer(&mut self, cost: i64, gap: &Gap) {
        let cost = cost.min(i64::from(NOWHERE) - 1) as i32;
        if cost < self.cost {
            (self.cost, self.at, self.over) = (cost, gap.at as u16, gap.over as u16);
            self.of_slot = (gap.slot - self.slot as usize) as u16;
        }
    }
}

/// A visit that looks for a place.
struct Wanted<'m> {
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
    fn new(model: &'m Model, visit: usize) -> Self {
        let task = &model.tasks[visit];
        let row = task.place as usize * model.places;
        Self {
            model,
            to: &model.back[row..][..model.places],
            from: &model.ways[row..][..model.places],
            duration: task.duration,
            load: load(model, visit),
            priority: task.priority.min(i64::from(NEVER)) as i32,
            weight: model.weights.priority.min(i64::from(NEVER)) as i32,
        }
    }

    /// Calls with each slot of a choice: which it is, first start, last start.
    #[inline]
    fn slots(&self, known: &Known, mut see: impl FnMut(u16, Time, Time)) {
        see(0, known.from, known.to);
        for more in 1..=known.more {
            let slot = &self.model.slots[known.slot as usize + usize::from(more)];
            see(more, slot.from, slot.to);
        }
    }

    #[inline]
    fn fit(&self, lane: &[Link], known: &mut Known) {
        let mut best = *known;
        self.slots(known, |of_slot, from, to| {
            for (at, pair) in lane.windows(2).enumerate() {
                let (before, after) = (&pair[0], &pair[1]);
                if after.late < from {
                    continue;
                }
                if before.free > to {
                    break;
                }
                let detour = self.detour(before, after, before.way, (from, to));
                if detour < best.cost {
                    (best.cost, best.at, best.of_slot) = (detour, at as u16, of_slot);
                }
            }
        });
        best.over = 0;
        *known = best;
    }

    #[inline]
    fn oust(&self, lane: &[Link], left: i32, known: &mut Known) {
        let mut best = *known;
        let last = lane.len() - 1;
        self.slots(known, |of_slot, from, to| {
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
                    if cost < best.cost {
                        (best.cost, best.at, best.over, best.of_slot) =
                            (cost, at as u16, over as u16, of_slot);
                    }
                }
            }
        });
        *known = best;
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
    use crate::problem::{Goal, Problem};
    use crate::search::Search;
    use crate::search::route::AS_IT_IS;
    use crate::search::solution::Solution;
    use crate::testing::random::{Size, problem};

    /// A random day on which lanes serve.
    fn day(seed: u64) -> Problem {
        let size = Size {
            days: 1,
            helpers: 10,
            visits: 60,
        };
        let mut problem = problem(size, seed);
        (problem.goal, problem.grid) = (Goal::Walking, 1);
        for visit in &mut problem.visits {
            (visit.crew, visit.held) = (1, None);
        }
        problem
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
            }
        }
        assert!(found > 100, "{found}");
    }

    fn compare(model: &Model, solution: &Solution) -> usize {
        let lanes = solution.lanes.as_ref().unwrap();
        let mut found = 0;
        for visit in &solution.absent {
            let visit = *visit as usize;
            for index in model.tasks[visit].choices.clone() {
                let choice = &model.choices[index];
                let route = &solution.routes[choice.helper];
                let mut known = Known::all(model)[index];
                lanes.cheapest(model, visit, std::iter::once(&mut known), |_| {});
                let mut cheapest = i64::from(NOWHERE);
                route.gaps(model, visit, choice, AS_IT_IS, |gap| {
                    cheapest = cheapest.min(gap.detour);
                });
                assert_eq!(i64::from(known.cost), cheapest);
                let mut known = Known::all(model)[index];
                lanes.cheapest_oustings(model, visit, std::iter::once(&mut known), |_| {});
                let mut cheapest = i64::from(NOWHERE);
                for over in 1..=2 {
                    let most = model.tasks[visit].priority;
                    route.gaps(model, visit, choice, (over, most), |gap| {
                        let out = &route.stops[gap.at..gap.at + over];
                        let stake: i64 = out.iter().map(|stop| i64::from(stop.stake)).sum();
                        cheapest = cheapest.min(stake * model.weights.priority + gap.detour);
                    });
                }
                assert_eq!(i64::from(known.cost), cheapest);
                found += usize::from(known.cost < NOWHERE);
            }
        }
        found
    }
}
