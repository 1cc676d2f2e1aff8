//! Putting absent visits back: the best gap for one helper, or in place of what matters less.

use super::lanes::{Known, NOWHERE};
use super::model::Model;
use super::pair::{self, Found};
use super::route::{AS_IT_IS, Gap};
use super::solution::{Seat, Solution};
use rand::Rng;
use rand::rngs::SmallRng;

/// The best gap of each (visit, helper), remembered with the version of the route it was found on.
pub(super) struct Inserter {
    /// Gaps as they are.
    fits: Vec<Fit>,
    /// Gaps in place of one or two neighbours of smaller priority together.
    oustings: Vec<Fit>,
    /// The same two where routes are looked at in lanes.
    in_lanes: Vec<Known>,
    ousting_lanes: Vec<Known>,
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

/// A gap's essence, small because there are many; [`NOWHERE`] as cost where there is none.
#[derive(Clone, Copy)]
struct Fit {
    version: u32,
    cost: i32,
    slot: u32,
    at: u16,
    over: u16,
}

impl Fit {
    const UNKNOWN: Self = Self {
        version: u32::MAX,
        cost: NOWHERE,
        slot: 0,
        at: 0,
        over: 0,
    };

    fn offer(&mut self, cost: i64, gap: &Gap) {
        if cost < i64::from(self.cost) {
            self.cost = i32::try_from(cost).unwrap_or(i32::MIN);
            (self.slot, self.at, self.over) = (gap.slot as u32, gap.at as u16, gap.over as u16);
        }
    }

    const fn seat(&self) -> Seat {
        Seat {
            at: self.at as usize,
            over: self.over as usize,
            slot: self.slot as usize,
        }
    }
}

/// Chance of overlooking a helper, in thousandths: keeps the search from always taking the same way.
const BLINK: u32 = 10;

impl Inserter {
    pub(super) fn new(model: &Model) -> Self {
        let none = vec![Fit::UNKNOWN; model.choices.len()];
        Self {
            fits: none.clone(),
            oustings: none,
            in_lanes: Known::all(model),
            ousting_lanes: Known::all(model),
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
        if solution.lanes.is_some() {
            return self.insert_in_lane(model, solution, visit, among, rng);
        }
        let (mut best, mut chosen) = (Fit::UNKNOWN, 0);
        let all = model.tasks[visit].choices.clone();
        let mut look = |index: usize, helper: usize, known: &mut Fit| {
            if known.version != solution.version(helper) {
                *known = fit(model, solution, visit, index);
            }
            if known.cost < best.cost && rng.random_range(0..1000) >= BLINK {
                (best, chosen) = (*known, helper);
            }
        };
        if among == Among::All {
            let known = self.fits[all.clone()].iter_mut();
            for ((index, helper), known) in all.clone().zip(&model.chosen[all]).zip(known) {
                look(index, *helper as usize, known);
            }
        } else {
            self.look_at_changed(model, solution, visit);
            for index in &self.looked_at {
                let index = *index as usize;
                look(index, model.chosen[index] as usize, &mut self.fits[index]);
            }
        }
        if best.cost < NOWHERE {
            solution.place(model, visit, chosen, best.seat());
        }
        best.cost < NOWHERE
    }

    fn insert_in_lane(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: usize,
        among: Among,
        rng: &mut SmallRng,
    ) -> bool {
        if among == Among::Changed {
            self.look_at_changed(model, solution, visit);
        }
        let Some(lanes) = &solution.lanes else {
            return false;
        };
        let mut best: Option<Known> = None;
        let mut least = NOWHERE;
        let see = |known: &Known| {
            if known.cost < least && rng.random_range(0..1000) >= BLINK {
                least = known.cost;
                best = Some(*known);
            }
        };
        let all = model.tasks[visit].choices.clone();
        if among == Among::All {
            lanes.cheapest(model, visit, self.in_lanes[all].iter_mut(), see);
        } else {
            let mut see = see;
            for index in &self.looked_at {
                let known = &mut self.in_lanes[*index as usize];
                lanes.cheapest(model, visit, std::iter::once(known), &mut see);
            }
        }
        if let Some(best) = best {
            let seat = seat(&best);
            solution.place(model, visit, best.helper as usize, seat);
        }
        best.is_some()
    }

    fn oust_in_lane(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: usize,
        among: Among,
    ) -> Option<[Option<u32>; 2]> {
        if among == Among::Changed {
            self.look_at_changed(model, solution, visit);
        }
        let lanes = solution.lanes.as_ref()?;
        let mut best: Option<Known> = None;
        let mut least = NOWHERE;
        let mut see = |known: &Known| {
            if known.cost < least {
                least = known.cost;
                best = Some(*known);
            }
        };
        let all = model.tasks[visit].choices.clone();
        if among == Among::All {
            lanes.cheapest_oustings(model, visit, self.ousting_lanes[all].iter_mut(), see);
        } else {
            for index in &self.looked_at {
                let known = &mut self.ousting_lanes[*index as usize];
                lanes.cheapest_oustings(model, visit, std::iter::once(known), &mut see);
            }
        }
        let best = best?;
        Some(solution.place(model, visit, best.helper as usize, seat(&best)))
    }

    fn look_at_changed(&mut self, model: &Model, solution: &Solution, visit: usize) {
        let all = model.tasks[visit].choices.clone();
        let chosen = &model.chosen[all.clone()];
        let changed = solution
            .changed()
            .filter_map(|helper| chosen.binary_search(&(helper as u32)).ok());
        self.looked_at.clear();
        self.looked_at
            .extend(changed.map(|at| (all.start + at) as u32));
    }

    /// Puts a visit in place of one or two neighbours of smaller priority together. They are absent then.
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
        if solution.lanes.is_some() {
            return self.oust_in_lane(model, solution, visit, among);
        }
        let (mut best, mut chosen) = (Fit::UNKNOWN, 0);
        if among == Among::All {
            self.looked_at.clear();
            self.looked_at
                .extend(model.tasks[visit].choices.clone().map(|at| at as u32));
        } else {
            self.look_at_changed(model, solution, visit);
        }
        for index in &self.looked_at {
            let index = *index as usize;
            let helper = model.chosen[index] as usize;
            if self.oustings[index].version != solution.version(helper) {
                self.oustings[index] = ousting(model, solution, visit, index);
            }
            if self.oustings[index].cost < best.cost {
                (best, chosen) = (self.oustings[index], helper);
            }
        }
        (best.cost < NOWHERE).then(|| solution.place(model, visit, chosen, best.seat()))
    }
}

fn seat(known: &Known) -> Seat {
    Seat {
        at: usize::from(known.at),
        over: usize::from(known.over),
        slot: known.slot as usize + usize::from(known.of_slot),
    }
}

/// The cheapest gap of a helper for a visit.
fn fit(model: &Model, solution: &Solution, visit: usize, index: usize) -> Fit {
    let choice = &model.choices[index];
    let mut best = Fit {
        version: solution.version(choice.helper),
        ..Fit::UNKNOWN
    };
    solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
        best.offer(gap_cost(model, solution, visit, index, gap), gap);
    });
    best
}

/// The gap of a helper for a visit that costs least once those it goes over are counted as left out.
fn ousting(model: &Model, solution: &Solution, visit: usize, index: usize) -> Fit {
    let choice = &model.choices[index];
    let route = &solution.routes[choice.helper];
    let mut best = Fit {
        version: solution.version(choice.helper),
        ..Fit::UNKNOWN
    };
    let priority = model.tasks[visit].priority;
    for over in 1..=2 {
        route.gaps(model, visit, choice, (over, priority), |gap| {
            let stake: i64 = route.stops[gap.at..gap.at + gap.over]
                .iter()
                .map(|stop| i64::from(stop.stake))
                .sum();
            let cost =
                stake * model.weights.priority + gap_cost(model, solution, visit, index, gap);
            best.offer(cost.min(i64::from(NOWHERE) - 1), gap);
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
    let (task, choice) = (&model.tasks[visit], &model.choices[index]);
    let kept = model.slots[gap.slot].keeps;
    seat_cost(model, solution, visit, index, gap)
        + model.weights.deviation
            * solution.routes[choice.helper].miss(model, visit, choice.helper, gap)
        + model.weights.continuity * (task.familiar - choice.worth)
        + not_kept(model, visit, kept)
}

/// What it costs not to keep what was published.
pub(super) fn not_kept(model: &Model, visit: usize, kept: bool) -> i64 {
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
