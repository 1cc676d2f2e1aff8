//! Putting back what is absent, in an order drawn anew each time.

use super::insert::{Among, Inserter};
use super::model::{Model, time};
use super::order::Leeway;
use super::route::{AS_IT_IS, Gap};
use super::solution::{Seat, Solution};
use crate::problem::{HelperIx, Problem};
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore};

/// How often an iteration may put a visit in place of others.
const OUSTINGS: usize = 8;
/// How many of those that were absent before an iteration it tries again.
const TRIED_AGAIN: usize = 12;
/// In thousandths: how often it looks at all helpers for all of them, for one may have been overlooked.
const EVERYWHERE: u32 = 50;

/// Puts visits back, in memory of its own.
pub(super) struct Recreator {
    queue: Vec<u32>,
    /// Of each visit: whether it was absent before the iteration.
    waiting: Vec<bool>,
}

impl Recreator {
    pub(super) fn new(model: &Model) -> Self {
        Self {
            queue: Vec::new(),
            waiting: vec![false; model.tasks.len()],
        }
    }

    /// Puts visits back where they cost least: those this iteration took out, and some of the first `before` of the absent,
    /// who were so when it began, `lost` among them in any case. What fits nowhere may take the place of what matters less.
    pub(super) fn recreate(
        &mut self,
        model: &Model,
        solution: &mut Solution,
        inserter: &mut Inserter,
        (before, lost): (usize, Option<u32>),
        rng: &mut SmallRng,
    ) {
        self.fill(&solution.absent, before, lost, rng);
        order(model, &mut self.queue, rng);
        let everywhere = rng.random_range(0..1000) < EVERYWHERE;
        let mut oustings = 0;
        let mut next = 0;
        while let Some(visit) = self.queue.get(next).copied() {
            next += 1;
            let visit = visit as usize;
            let among = if self.waiting[visit] && !everywhere {
                Among::Changed
            } else {
                Among::All
            };
            if inserter.insert(model, solution, visit, among, rng) || oustings == OUSTINGS {
                continue;
            }
            if let Some(ousted) = inserter.oust(model, solution, visit, among) {
                oustings += 1;
                self.queue.extend(ousted.into_iter().flatten());
            }
        }
        for visit in &self.queue {
            self.waiting[*visit as usize] = false;
        }
    }

    fn fill(&mut self, absent: &[u32], before: usize, lost: Option<u32>, rng: &mut SmallRng) {
        let (old, new) = absent.split_at(before);
        self.queue.clear();
        if before <= TRIED_AGAIN {
            self.queue.extend(old);
        } else {
            let first = rng.random_range(0..before);
            self.queue
                .extend((0..TRIED_AGAIN).map(|at| old[(first + at) % before]));
            let queue = &self.queue;
            let lost = lost.filter(|lost| !queue.contains(lost));
            self.queue.extend(lost);
        }
        for visit in &self.queue {
            self.waiting[*visit as usize] = true;
        }
        self.queue.extend(new);
    }
}

fn order(model: &Model, queue: &mut [u32], rng: &mut SmallRng) {
    queue.shuffle(rng);
    let task = |visit: &u32| &model.tasks[*visit as usize];
    match rng.next_u32() % 10 {
        0..=2 => {}
        3..=5 => queue.sort_by_key(|visit| -task(visit).priority),
        6 => queue.sort_by_key(|visit| -task(visit).duration),
        7 => queue.sort_by_key(|visit| task(visit).choices.len()),
        8 => queue.sort_by_key(|visit| -(i64::from(task(visit).crew) * task(visit).priority)),
        _ => queue.sort_by_key(|visit| {
            task(visit).priority * 1000 / i64::from(task(visit).duration.max(1))
        }),
    }
    // Two helpers who meet are the hardest to place, so they mostly go first.
    if queue.iter().any(|visit| task(visit).crew == 2) && rng.random_bool(0.7) {
        queue.sort_by_key(|visit| task(visit).crew < 2);
    }
}

/// Puts in whatever fits: breaks first, then what is published or proposed, then by priority.
pub(super) fn construct(
    model: &Model,
    solution: &mut Solution,
    inserter: &mut Inserter,
    held: impl Fn(usize) -> bool,
    rng: &mut SmallRng,
) {
    let mut queue = solution.absent.clone();
    queue.sort_by_key(|visit| {
        let task = &model.tasks[*visit as usize];
        (
            !task.rest,
            !task.published,
            !held(*visit as usize),
            -task.priority,
            task.crew < 2,
            task.choices.len(),
        )
    });
    for visit in queue {
        if solution.crew(visit as usize).is_none() {
            inserter.insert(model, solution, visit as usize, Among::All, rng);
        }
    }
}

/// Puts in everybody's breaks.
pub(super) fn take_breaks(
    model: &Model,
    solution: &mut Solution,
    inserter: &mut Inserter,
    rng: &mut SmallRng,
) {
    let breaks = (0..model.tasks.len()).filter(|task| model.tasks[*task].rest);
    for task in breaks {
        inserter.insert(model, solution, task, Among::All, rng);
    }
}

/// Puts a visit behind a helper's others, before breaks at the end, where nothing stands against it.
pub(super) fn append(model: &Model, solution: &mut Solution, helper: usize, visit: usize) {
    let choices = &model.choices[model.tasks[visit].choices.clone()];
    let Some(choice) = choices.iter().find(|choice| choice.helper == helper) else {
        return;
    };
    if !solution.crew(visit).is_none() {
        return;
    }
    let stops = &solution.routes[helper].stops;
    let after = stops
        .iter()
        .rposition(|stop| !stop.rest)
        .map_or(0, |last| last + 1);
    let mut seat: Option<Seat> = None;
    solution.routes[helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
        if gap.at >= after && seat.is_none_or(|seat| seat.at > gap.at) {
            seat = Some(Seat {
                at: gap.at,
                over: 0,
                slot: gap.slot,
            });
        }
    });
    if let Some(seat) = seat {
        solution.place(model, visit, helper, seat);
    }
}

/// Places what is held where no rule stands against it any more: the published exactly, the proposed with the same crew.
pub(super) fn keep_held(model: &Model, problem: &Problem, solution: &mut Solution) {
    let mut queue = solution.absent.clone();
    queue.sort_by_key(|visit| {
        let task = &model.tasks[*visit as usize];
        (!task.published, -task.priority, task.crew < 2)
    });
    for visit in queue {
        keep(model, problem, solution, visit as usize);
    }
}

fn keep(model: &Model, problem: &Problem, solution: &mut Solution, visit: usize) {
    let (of, task) = (&problem.visits[visit], &model.tasks[visit]);
    let Some(held) = of
        .held
        .as_ref()
        .filter(|held| held.helpers.len() == usize::from(of.crew))
    else {
        return;
    };
    let start = time(held.start);
    let mut seats: Vec<(usize, Gap)> = Vec::with_capacity(2);
    for choice in &model.choices[task.choices.clone()] {
        if held.helpers.contains(&HelperIx(choice.helper)) {
            let mut seat = None;
            solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
                let kept = model.slots[gap.slot].keeps || !task.published;
                if kept && gap.early <= start && start <= gap.late {
                    seat = Some((choice.helper, *gap));
                }
            });
            seats.extend(seat);
        }
    }
    if !model.stands_alone(visit) {
        let start = model.grid_down(start);
        let early = seats.iter().all(|(_, gap)| gap.early <= start);
        let left = Leeway::of(model, solution, visit).leaves(start);
        if early && left && seats.len() == usize::from(of.crew) {
            solution.place_at(model, visit, &seats, start, task.published);
        }
        return;
    }
    if let [(helper, gap)] = seats.as_slice() {
        let seat = Seat {
            at: gap.at,
            over: 0,
            slot: gap.slot,
        };
        solution.place(model, visit, *helper, seat);
    }
}
