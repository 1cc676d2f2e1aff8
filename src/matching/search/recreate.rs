//! Putting back what is absent, in an order drawn anew each time.

use super::insert::{Among, Inserter};
use super::model::Model;
use super::route::{AS_IT_IS, Gap};
use super::solution::{Seat, Solution};
use crate::problem::HelperIx;
use rand::rngs::SmallRng;
use rand::seq::SliceRandom;
use rand::{Rng, RngCore};

/// How often an iteration may put a visit in place of others.
const OUSTINGS: usize = 8;

/// Puts absent visits back where they cost least; what fits nowhere may take the place of what matters less.
pub(super) fn recreate(
    model: &Model,
    solution: &mut Solution,
    inserter: &mut Inserter,
    rng: &mut SmallRng,
) {
    let mut queue = solution.absent.clone();
    order(model, &mut queue, rng);
    // Now and then everywhere, for a helper may have been overlooked.
    let everywhere = rng.random_range(0..20) == 0;
    let mut oustings = 0;
    let mut next = 0;
    while let Some(visit) = queue.get(next).copied() {
        next += 1;
        let among = if !everywhere && solution.was_absent(visit) {
            Among::Changed
        } else {
            Among::All
        };
        if inserter.insert(model, solution, visit, among, rng) || oustings == OUSTINGS {
            continue;
        }
        if let Some(ousted) = inserter.oust(model, solution, visit, among) {
            oustings += 1;
            queue.extend(ousted);
        }
    }
}

fn order(model: &Model, queue: &mut [usize], rng: &mut SmallRng) {
    queue.shuffle(rng);
    let tasks = &model.tasks;
    match rng.next_u32() % 10 {
        0..=2 => {}
        3..=5 => queue.sort_by_key(|visit| -tasks[*visit].priority),
        6 => queue.sort_by_key(|visit| -tasks[*visit].duration),
        7 => queue.sort_by_key(|visit| tasks[*visit].choices.len()),
        8 => queue.sort_by_key(|visit| -(i64::from(tasks[*visit].crew) * tasks[*visit].priority)),
        _ => {
            queue.sort_by_key(|visit| tasks[*visit].priority * 1000 / tasks[*visit].duration.max(1))
        }
    }
    // Two helpers who meet are the hardest to place, so they mostly go first.
    if rng.random_bool(0.7) {
        queue.sort_by_key(|visit| tasks[*visit].crew < 2);
    }
}

/// The first plan: what is published and proposed stays where it can, the rest goes in by priority.
pub(super) fn construct(
    model: &Model,
    solution: &mut Solution,
    inserter: &mut Inserter,
    rng: &mut SmallRng,
) {
    let mut queue = solution.absent.clone();
    let held = |visit: &usize| model.problem.visits[*visit].held.is_some();
    queue.sort_by_key(|visit| {
        let task = &model.tasks[*visit];
        (
            !task.published,
            !held(visit),
            -task.priority,
            task.crew < 2,
            task.choices.len(),
        )
    });
    for visit in &queue {
        keep(model, solution, *visit);
    }
    for visit in queue {
        if solution.crew(visit).is_none() {
            inserter.insert(model, solution, visit, Among::All, rng);
        }
    }
}

/// Places a visit as it is held, where no rule stands against it any more: a published one exactly, a proposed one with the
/// same crew.
fn keep(model: &Model, solution: &mut Solution, visit: usize) {
    let (of, task) = (&model.problem.visits[visit], &model.tasks[visit]);
    let Some(held) = of
        .held
        .as_ref()
        .filter(|held| held.helpers.len() == usize::from(of.crew))
    else {
        return;
    };
    let mut seats: Vec<(usize, Gap)> = Vec::with_capacity(2);
    for choice in &model.choices[task.choices.clone()] {
        if held.helpers.contains(&HelperIx(choice.helper)) {
            let mut seat = None;
            solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
                let kept = model.slots[gap.slot].keeps || !task.published;
                if kept && gap.early <= held.start && held.start <= gap.late {
                    seat = Some((choice.helper, *gap));
                }
            });
            seats.extend(seat);
        }
    }
    match (seats.as_slice(), of.crew) {
        ([(helper, gap)], 1) => {
            solution.place(
                model,
                visit,
                *helper,
                Seat {
                    at: gap.at,
                    over: 0,
                    slot: gap.slot,
                },
            );
        }
        ([one, other], 2) => {
            let start = model.grid_down(held.start);
            let seats = [(one.0, &one.1), (other.0, &other.1)];
            if one.1.early.max(other.1.early) <= start {
                solution.place_two(model, visit, seats, start, task.published);
            }
        }
        _ => {}
    }
}
