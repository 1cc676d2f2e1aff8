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
    fits: Vec<Known>,
    /// Gaps in place of one or two neighbours of no greater priority together.
    oustings: Vec<Known>,
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
            fits: Known::all(model),
            oustings: Known::all(model),
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
        let mut best = Cheapest::default();
        let see = |known: &Known| best.see(known, || rng.random_range(0..1000) >= BLINK);
        match among {
            Among::All => {
                let all = self.fits[model.tasks[visit].choices.clone()].iter_mut();
                look(model, solution, visit, all, see);
            }
            Among::Changed => {
                self.look_at_changed(model, solution, visit);
                let mut see = see;
                for index in &self.looked_at {
                    let one = std::iter::once(&mut self.fits[*index as usize]);
                    look(model, solution, visit, one, &mut see);
                }
            }
        }
        best.known
            .map(|best| solution.place(model, visit, best.helper as usize, seat(&best)))
            .is_some()
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
        let mut best = Cheapest::default();
        let see = |known: &Known| best.see(known, || true);
        match among {
            Among::All => {
                let all = self.oustings[model.tasks[visit].choices.clone()].iter_mut();
                look_for_oustings(model, solution, visit, all, see);
            }
            Among::Changed => {
                self.look_at_changed(model, solution, visit);
                let mut see = see;
                for index in &self.looked_at {
                    let one = std::iter::once(&mut self.oustings[*index as usize]);
                    look_for_oustings(model, solution, visit, one, &mut see);
                }
            }
        }
        let best = best.known?;
        Some(solution.place(model, visit, best.helper as usize, seat(&best)))
    }
}

/// The cheapest of those seen.
#[derive(Default)]
struct Cheapest {
    known: Option<Known>,
}

impl Cheapest {
    #[inline]
    fn see(&mut self, known: &Known, takes: impl FnOnce() -> bool) {
        let least = self.known.map_or(NOWHERE, |best| best.cost);
        if known.cost < least && takes() {
            self.known = Some(*known);
        }
    }
}

fn seat(known: &Known) -> Seat {
    Seat {
        at: usize::from(known.at),
        over: usize::from(known.over),
        slot: known.slot as usize + usize::from(known.of_slot),
    }
}

/// Looks at the cheapest gap of each of these helpers for a visit.
#[inline]
fn look<'k>(
    model: &Model,
    solution: &Solution,
    visit: usize,
    known: impl Iterator<Item = &'k mut Known>,
    mut see: impl FnMut(&Known),
) {
    if let Some(lanes) = &solution.lanes {
        return lanes.cheapest(model, visit, known, see);
    }
    for known in known {
        if known.version != solution.version(known.helper as usize) {
            fit(model, solution, visit, known);
        }
        see(known);
    }
}

/// The same for gaps in place of others.
#[inline]
fn look_for_oustings<'k>(
    model: &Model,
    solution: &Solution,
    visit: usize,
    known: impl Iterator<Item = &'k mut Known>,
    mut see: impl FnMut(&Known),
) {
    if let Some(lanes) = &solution.lanes {
        return lanes.cheapest_oustings(model, visit, known, see);
    }
    for known in known {
        if known.version != solution.version(known.helper as usize) {
            ousting(model, solution, visit, known);
        }
        see(known);
    }
}

/// Finds the cheapest gap of a helper for a visit.
fn fit(model: &Model, solution: &Solution, visit: usize, known: &mut Known) {
    let index = choice_of(model, visit, known.helper);
    let choice = &model.choices[index];
    known.begin(solution.version(choice.helper));
    solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
        known.offer(gap_cost(model, solution, visit, index, gap), gap);
    });
}

/// Finds the gap of a helper for a visit that costs least once those it goes over are counted as left out.
fn ousting(model: &Model, solution: &Solution, visit: usize, known: &mut Known) {
    let index = choice_of(model, visit, known.helper);
    let choice = &model.choices[index];
    let route = &solution.routes[choice.helper];
    known.begin(solution.version(choice.helper));
    let priority = model.tasks[visit].priority;
    for over in 1..=2 {
        route.gaps(model, visit, choice, (over, priority), |gap| {
            let stake: i64 = route.stops[gap.at..gap.at + gap.over]
                .iter()
                .map(|stop| i64::from(stop.stake))
                .sum();
            let lost = stake * model.weights.priority;
            known.offer(lost + gap_cost(model, solution, visit, index, gap), gap);
        });
    }
}

fn choice_of(model: &Model, visit: usize, helper: u32) -> usize {
    let all = model.tasks[visit].choices.clone();
    let chosen = &model.chosen[all.clone()];
    all.start + chosen.binary_search(&helper).unwrap_or(0)
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
