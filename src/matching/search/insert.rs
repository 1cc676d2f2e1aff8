//! Putting absent visits back: the best gap for one helper, or in place of what matters less.

use super::known::{Memory, NOWHERE, Reach, Seats, Spot};
use super::model::Model;
use super::order;
use super::pair::{self, Found};
use super::route::{AS_IT_IS, Gap};
use super::solution::{Seat, Solution};
use rand::Rng;
use rand::rngs::SmallRng;

/// The best gap of each (visit, helper), remembered with the version of the route it was found on.
pub(super) struct Inserter {
    reaches: Vec<Reach>,
    seats: Seats,
    /// Gaps as they are.
    fits: Memory,
    /// Gaps in place of one or two neighbours of no greater priority together.
    oustings: Memory,
    found: Vec<Found>,
    /// The choices to look at, into [`Model::choices`].
    looked_at: Vec<u32>,
}

/// Which helpers to look at for a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// All who could serve it.
    All,
    /// Those whose routes this iteration has changed: for a visit that was absent before, and so fitted nowhere else.
    Changed,
}

/// Chance of overlooking a helper, in thousandths: keeps the search from always taking the same way.
const BLINK: u32 = 10;

impl Inserter {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            reaches: Reach::all(model),
            seats: Seats::new(model),
            fits: Memory::new(model),
            oustings: Memory::new(model),
            found: Vec::new(),
            looked_at: Vec::new(),
        }
    }

    /// Puts an absent visit where it costs least. False where it fits nowhere.
    pub(super) fn insert(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: usize,
        among: Among,
        rng: &mut SmallRng,
    ) -> bool {
        if model.tasks[visit].crew == 2 {
            return pair::insert(model, solution, visit, &mut self.found);
        }
        if !model.ties(visit).is_empty() {
            return order::insert(model, solution, visit);
        }
        if among == Among::Changed {
            self.look_at_changed(model, solution, visit);
        }
        let look = Look {
            model,
            solution,
            reaches: &self.reaches,
            visit,
        };
        let some = (among == Among::Changed).then_some(self.looked_at.as_slice());
        let best = look.fit(&mut self.fits, some, rng);
        if let Some(best) = best {
            let (helper, seat) = self.seat(&self.fits, best);
            solution.place(model, visit, helper, seat);
        }
        best.is_some()
    }

    fn look_at_changed(&mut self, model: &Model, solution: &Solution, visit: usize) {
        self.looked_at.clear();
        for helper in solution.changed() {
            let choice = self.seats.choice(model, visit, helper);
            self.looked_at.extend(choice.map(|choice| choice as u32));
        }
    }

    /// Puts a visit in place of one or two neighbours of no greater priority together. They are absent then.
    pub(super) fn oust(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: usize,
        among: Among,
    ) -> Option<[Option<u32>; 2]> {
        if model.tasks[visit].crew == 2 || model.tasks[visit].rest {
            return None;
        }
        if !model.ties(visit).is_empty() {
            return order::oust(model, solution, visit, 1..=2);
        }
        if among == Among::Changed {
            self.look_at_changed(model, solution, visit);
        }
        let look = Look {
            model,
            solution,
            reaches: &self.reaches,
            visit,
        };
        let some = (among == Among::Changed).then_some(self.looked_at.as_slice());
        let best = look.oust(&mut self.oustings, some);
        let (helper, seat) = self.seat(&self.oustings, best?);
        Some(solution.place(model, visit, helper, seat))
    }

    /// Whose gap a choice's cheapest is, and where.
    fn seat(&self, memory: &Memory, choice: usize) -> (usize, Seat) {
        let (reach, spot) = (&self.reaches[choice], &memory.spots[choice]);
        let seat = Seat {
            at: usize::from(spot.at),
            over: usize::from(spot.over),
            slot: reach.slot as usize + usize::from(spot.of_slot),
        };
        (reach.helper as usize, seat)
    }
}

/// A look at the gaps for a visit.
struct Look<'a> {
    model: &'a Model,
    solution: &'a Solution,
    reaches: &'a [Reach],
    visit: usize,
}

impl Look<'_> {
    /// The choice with the cheapest gap as routes are, among some or all, overlooking it now and then.
    #[inline]
    fn fit(&self, memory: &mut Memory, some: Option<&[u32]>, rng: &mut SmallRng) -> Option<usize> {
        let overlooks = rng.random_range(0..1000) < BLINK;
        if let Some(lanes) = &self.solution.lanes {
            let wanted = lanes.wanted(self.model, self.visit);
            return self.cheapest(memory, some, overlooks, |choice| {
                lanes.fit(&wanted, &self.reaches[choice])
            });
        }
        self.cheapest(memory, some, overlooks, |choice| {
            fit(self.model, self.solution, self.visit, choice)
        })
    }

    /// The same for gaps in place of others, overlooking nobody.
    #[inline]
    fn oust(&self, memory: &mut Memory, some: Option<&[u32]>) -> Option<usize> {
        if let Some(lanes) = &self.solution.lanes {
            let wanted = lanes.wanted(self.model, self.visit);
            return self.cheapest(memory, some, false, |choice| {
                lanes.oust(&wanted, &self.reaches[choice])
            });
        }
        self.cheapest(memory, some, false, |choice| {
            ousting(self.model, self.solution, self.visit, choice)
        })
    }

    #[inline]
    fn cheapest(
        &self,
        memory: &mut Memory,
        some: Option<&[u32]>,
        overlooks: bool,
        mut find: impl FnMut(usize) -> (i32, Spot),
    ) -> Option<usize> {
        let (model, versions) = (self.model, self.solution.versions());
        let Some(some) = some else {
            let all = model.tasks[self.visit].choices.clone();
            return memory.cheapest(model, all, versions, overlooks, find);
        };
        let mut best = (NOWHERE, None);
        for choice in some {
            let choice = *choice as usize;
            let version = versions[model.chosen[choice] as usize];
            let cost = memory.cost(choice, version, || find(choice));
            if cost < best.0 && !overlooks {
                best = (cost, Some(choice));
            }
        }
        best.1
    }
}

/// The cheaper of what is known and another gap.
fn cheaper(best: &mut (i32, Spot), cost: i64, gap: &Gap, first: usize) {
    let cost = cost.min(i64::from(NOWHERE) - 1) as i32;
    if cost < best.0 {
        *best = (cost, Spot::of(gap, first as u32));
    }
}

/// The cheapest gap of a choice's helper for its visit.
fn fit(model: &Model, solution: &Solution, visit: usize, index: usize) -> (i32, Spot) {
    let choice = &model.choices[index];
    let mut best = (NOWHERE, Spot::default());
    solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
        let cost = gap_cost(model, solution, visit, index, gap);
        cheaper(&mut best, cost, gap, choice.slots.start);
    });
    best
}

/// The gap that costs least once those it goes over are counted as left out.
fn ousting(model: &Model, solution: &Solution, visit: usize, index: usize) -> (i32, Spot) {
    let choice = &model.choices[index];
    let route = &solution.routes[choice.helper];
    let priority = model.tasks[visit].priority;
    let mut best = (NOWHERE, Spot::default());
    for over in 1..=2 {
        route.gaps(model, visit, choice, (over, priority), |gap| {
            let stake: i64 = route.stops[gap.at..gap.at + gap.over]
                .iter()
                .map(|stop| i64::from(stop.stake))
                .sum();
            let lost = stake * model.weights.priority;
            let cost = lost + gap_cost(model, solution, visit, index, gap);
            cheaper(&mut best, cost, gap, choice.slots.start);
        });
    }
    best
}

/// What a gap costs one helper who comes alone.
fn gap_cost(model: &Model, solution: &Solution, visit: usize, index: usize, gap: &Gap) -> i64 {
    if model.weights.deviation == 0 {
        return seat_cost(model, solution, visit, index, gap)
            + not_kept(model, visit, model.slots[gap.slot].keeps);
    }
    let choice = &model.choices[index];
    let miss = solution.routes[choice.helper].miss(model, visit, choice.helper, gap);
    let kept = model.slots[gap.slot].keeps;
    seat_cost(model, solution, visit, index, gap)
        + wishes_cost(model, visit, miss, choice.worth, kept)
}

/// What it costs that a visit misses its wish by so many quarters of an hour, that the most familiar of its crew is worth so
/// much, and that it is kept as published or not.
pub(super) fn wishes_cost(model: &Model, visit: usize, miss: i64, worth: i64, kept: bool) -> i64 {
    model.weights.deviation * miss
        + model.weights.continuity * (model.tasks[visit].familiar - worth)
        + not_kept(model, visit, kept)
}

fn not_kept(model: &Model, visit: usize, kept: bool) -> i64 {
    model.weights.moved * i64::from(model.tasks[visit].published && !kept)
}

/// Walking and load: what a gap costs a helper whoever else comes.
pub(super) fn seat_cost(
    model: &Model,
    solution: &Solution,
    visit: usize,
    index: usize,
    gap: &Gap,
) -> i64 {
    if model.weights.unfairness == 0 {
        return gap.detour;
    }
    let helper = model.choices[index].helper;
    let route = &solution.routes[helper];
    let care = route.care + i64::from(model.tasks[visit].duration);
    let more = model.unfairness(helper, care) - route.unfairness;
    gap.detour + model.weights.unfairness * more
}
