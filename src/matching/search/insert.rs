//! Putting absent visits back: the best gap for one helper, for two together, or in place of what matters less.

use super::model::Model;
use super::route::{AS_IT_IS, Gap};
use super::solution::{Seat, Solution};
use crate::problem::Seconds;
use crate::rules::asked_time;
use rand::Rng;
use rand::rngs::SmallRng;

/// The best gap of each (visit, helper), remembered with the version of the route it was found on.
pub(super) struct Inserter {
    /// Gaps as they are.
    fits: Vec<Fit>,
    /// Gaps in place of one or two neighbours of smaller priority together.
    oustings: Vec<Fit>,
    lists: Vec<(usize, i64, Gap)>,
    /// The choices to look at, into [`Model::choices`].
    looked_at: Vec<usize>,
}

/// Which helpers to look at for a visit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Among {
    /// All who could serve it.
    All,
    /// Those whose routes this iteration has changed: for a visit that was absent before, and so fitted nowhere else.
    Changed,
}

/// A gap's essence, small because there are many; `NOWHERE` as cost where there is none.
#[derive(Clone, Copy)]
struct Fit {
    version: u64,
    cost: i64,
    slot: u32,
    at: u16,
    over: u16,
}

const NOWHERE: i64 = i64::MAX;

impl Fit {
    const UNKNOWN: Self = Self {
        version: u64::MAX,
        cost: NOWHERE,
        slot: 0,
        at: 0,
        over: 0,
    };

    fn offer(&mut self, cost: i64, gap: &Gap) {
        if cost < self.cost {
            (self.cost, self.slot, self.at, self.over) =
                (cost, gap.slot as u32, gap.at as u16, gap.over as u16);
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
            lists: Vec::new(),
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
            return self.insert_two(model, solution, visit);
        }
        let (mut best, mut chosen) = (Fit::UNKNOWN, 0);
        self.look_among(model, solution, visit, among);
        for index in self.looked_at.iter().copied() {
            let helper = model.choices[index].helper;
            if self.fits[index].version != solution.version(helper) {
                self.fits[index] = fit(model, solution, visit, index);
            }
            let found = self.fits[index];
            if found.cost < best.cost && rng.random_range(0..1000) >= BLINK {
                (best, chosen) = (found, helper);
            }
        }
        if best.cost < NOWHERE {
            solution.place(model, visit, chosen, best.seat());
        }
        best.cost < NOWHERE
    }

    fn look_among(&mut self, model: &Model, solution: &Solution, visit: usize, among: Among) {
        let all = model.tasks[visit].choices.clone();
        self.looked_at.clear();
        if among == Among::All {
            self.looked_at.extend(all);
            return;
        }
        let choices = &model.choices[all.clone()];
        let changed = solution.changed().filter_map(|helper| {
            choices
                .binary_search_by_key(&helper, |choice| choice.helper)
                .ok()
        });
        self.looked_at.extend(changed.map(|at| all.start + at));
    }

    /// Puts a visit in place of one or two neighbours of smaller priority together. They are absent then.
    pub(super) fn oust(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        visit: usize,
        among: Among,
    ) -> Option<Vec<usize>> {
        if model.tasks[visit].crew == 2 {
            return None;
        }
        let (mut best, mut chosen) = (Fit::UNKNOWN, 0);
        self.look_among(model, solution, visit, among);
        for index in self.looked_at.iter().copied() {
            let helper = model.choices[index].helper;
            if self.oustings[index].version != solution.version(helper) {
                self.oustings[index] = ousting(model, solution, visit, index);
            }
            if self.oustings[index].cost < best.cost {
                (best, chosen) = (self.oustings[index], helper);
            }
        }
        (best.cost < NOWHERE).then(|| solution.place(model, visit, chosen, best.seat()))
    }

    /// Two helpers who start together: the cheapest pair of gaps with a start in common.
    fn insert_two(&mut self, model: &Model, solution: &mut Solution, visit: usize) -> bool {
        let lists = &mut self.lists;
        lists.clear();
        for index in model.tasks[visit].choices.clone() {
            let choice = &model.choices[index];
            solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
                lists.push((index, seat_cost(model, solution, visit, index, gap), *gap));
            });
        }
        lists.sort_unstable_by_key(|(index, cost, gap)| (*cost, *index, gap.at));
        let mut best: Option<Pair> = None;
        for (at, one) in lists.iter().enumerate() {
            if best.as_ref().is_some_and(|best| best.cost <= 2 * one.1) {
                break;
            }
            for other in &lists[at + 1..] {
                if best
                    .as_ref()
                    .is_some_and(|best| best.cost <= one.1 + other.1)
                {
                    break;
                }
                if let Some(pair) = pair(model, visit, one, other)
                    && best.as_ref().is_none_or(|best| pair.cost < best.cost)
                {
                    best = Some(pair);
                }
            }
        }
        let Some(pair) = best else { return false };
        let seat = |at: usize| (model.choices[pair.seats[at].0].helper, &pair.seats[at].1);
        solution.place_two(model, visit, [seat(0), seat(1)], pair.start, pair.kept);
        true
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
    for over in 1..=2 {
        route.gaps(
            model,
            visit,
            choice,
            (over, model.tasks[visit].priority),
            |gap| {
                let stake: i64 = route.stops[gap.at..gap.at + gap.over]
                    .iter()
                    .map(|stop| stop.stake)
                    .sum();
                best.offer(
                    stake * model.weights.priority + gap_cost(model, solution, visit, index, gap),
                    gap,
                );
            },
        );
    }
    best
}

struct Pair {
    cost: i64,
    seats: [(usize, Gap); 2],
    start: Seconds,
    kept: bool,
}

fn pair(
    model: &Model,
    visit: usize,
    one: &(usize, i64, Gap),
    other: &(usize, i64, Gap),
) -> Option<Pair> {
    let (early, late) = (one.2.early.max(other.2.early), one.2.late.min(other.2.late));
    if one.0 == other.0 || early > late {
        return None;
    }
    let task = &model.tasks[visit];
    let start = task.wish.clamp(early, late);
    let kept = model.slots[one.2.slot].keeps && model.slots[other.2.slot].keeps;
    let worth = model.choices[one.0].worth.max(model.choices[other.0].worth);
    let cost = one.1
        + other.1
        + model.weights.deviation * asked_time::cost(task.asked, start)
        + model.weights.continuity * (task.familiar - worth)
        + model.weights.moved * i64::from(task.published && !kept);
    Some(Pair {
        cost,
        seats: [(one.0, one.2), (other.0, other.2)],
        start,
        kept,
    })
}

/// What a gap costs one helper who comes alone.
fn gap_cost(model: &Model, solution: &Solution, visit: usize, index: usize, gap: &Gap) -> i64 {
    let (task, choice) = (&model.tasks[visit], &model.choices[index]);
    let kept = model.slots[gap.slot].keeps;
    seat_cost(model, solution, visit, index, gap)
        + model.weights.deviation * solution.routes[choice.helper].miss(model, visit, gap)
        + model.weights.continuity * (task.familiar - choice.worth)
        + model.weights.moved * i64::from(task.published && !kept)
}

/// Walking and load: what a gap costs a helper whoever else comes.
fn seat_cost(model: &Model, solution: &Solution, visit: usize, index: usize, gap: &Gap) -> i64 {
    let helper = model.choices[index].helper;
    if model.weights.unfairness == 0 {
        return gap.detour;
    }
    let route = &solution.routes[helper];
    let more =
        model.unfairness(helper, route.care + model.tasks[visit].duration) - route.unfairness;
    gap.detour + model.weights.unfairness * more
}
