//! Visits that keep an order and a gap with others. While one is placed its start does not move, so that what the others may
//! do is known at once; an iteration that takes one out takes its partners out too, half the time, so that all may move.

use super::insert::{seat_cost, wishes_cost};
use super::model::{LONG_AGO, Model, Time, deviation};
use super::route::{AS_IT_IS, Gap};
use super::solution::Solution;
use rand::Rng;
use rand::rngs::SmallRng;

/// One end of a link, as the visit at it sees the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tie {
    pub other: u32,
    /// The visit starts from `least` to `most` after the other; both are less than 0 for the one that goes first.
    pub least: Time,
    pub most: Time,
    /// The starts that leave the other a start within its window.
    pub reach: (Time, Time),
}

/// Starts left to a visit, both ends included.
pub(super) struct Leeway {
    /// By those that are placed.
    must: (Time, Time),
    /// What would suit those that are absent.
    should: (Time, Time),
}

impl Leeway {
    pub(super) fn of(model: &Model, solution: &Solution, visit: usize) -> Self {
        let mut leeway = Self {
            must: (LONG_AGO, -LONG_AGO),
            should: (LONG_AGO, -LONG_AGO),
        };
        for tie in model.ties(visit) {
            match solution.start(tie.other as usize) {
                Some(start) => meet(&mut leeway.must, (start + tie.least, start + tie.most)),
                None => meet(&mut leeway.should, tie.reach),
            }
        }
        leeway
    }

    /// The start in a gap: as wished where possible.
    pub(super) fn start(&self, model: &Model, visit: usize, gap: (Time, Time)) -> Option<Time> {
        let (early, late) = left(model, gap, self.must)?;
        let (early, late) = left(model, (early, late), self.should).unwrap_or((early, late));
        Some(model.tasks[visit].wish.clamp(early, late))
    }

    /// Whether the visits that are placed leave this start.
    pub(super) fn leaves(&self, start: Time) -> bool {
        self.must.0 <= start && start <= self.must.1
    }
}

fn meet(span: &mut (Time, Time), other: (Time, Time)) {
    *span = (span.0.max(other.0), span.1.min(other.1));
}

/// What two spans have in common, on the grid.
fn left(model: &Model, gap: (Time, Time), span: (Time, Time)) -> Option<(Time, Time)> {
    // The bounds of nobody are kept off the grid's arithmetic.
    let from = if span.0 > gap.0 {
        model.grid_up(span.0)
    } else {
        gap.0
    };
    let to = if span.1 < gap.1 {
        model.grid_down(span.1)
    } else {
        gap.1
    };
    (from <= to).then_some((from, to))
}

/// Where a visit for one helper could go, and at what cost.
struct Place {
    cost: i64,
    index: usize,
    gap: Gap,
    start: Time,
}

/// Puts an absent visit for one helper where it costs least. False where it fits nowhere.
pub(super) fn insert(model: &Model, solution: &mut Solution, visit: usize) -> bool {
    oust(model, solution, visit, 0..=0).is_some()
}

/// The same in place of so many neighbours of no greater priority together, who are absent then.
pub(super) fn oust(
    model: &Model,
    solution: &mut Solution,
    visit: usize,
    over: std::ops::RangeInclusive<usize>,
) -> Option<[Option<u32>; 2]> {
    let leeway = Leeway::of(model, solution, visit);
    let mut best: Option<Place> = None;
    for over in over {
        for index in model.tasks[visit].choices.clone() {
            look(model, solution, visit, &leeway, index, over, &mut best);
        }
    }
    let best = best?;
    let helper = model.choices[best.index].helper;
    let kept = model.slots[best.gap.slot].keeps;
    let ousted = solution.clear(model, helper, best.gap.at, best.gap.over);
    solution.place_at(model, visit, &[(helper, best.gap)], best.start, kept);
    Some(ousted)
}

fn look(
    model: &Model,
    solution: &Solution,
    visit: usize,
    leeway: &Leeway,
    index: usize,
    over: usize,
    best: &mut Option<Place>,
) {
    let (task, choice) = (&model.tasks[visit], &model.choices[index]);
    let route = &solution.routes[choice.helper];
    let taken = if over == 0 {
        AS_IT_IS
    } else {
        (over, task.priority)
    };
    route.gaps(model, visit, choice, taken, |gap| {
        let Some(start) = leeway.start(model, visit, (gap.early, gap.late)) else {
            return;
        };
        let stops = &route.stops[gap.at..gap.at + gap.over];
        let stake: i64 = stops.iter().map(|stop| i64::from(stop.stake)).sum();
        let kept = model.slots[gap.slot].keeps;
        let cost = stake * model.weights.priority
            + seat_cost(model, solution, visit, index, gap)
            + wishes_cost(model, visit, deviation(task, start), choice.worth, kept);
        if best.as_ref().is_none_or(|best| cost < best.cost) {
            *best = Some(Place {
                cost,
                index,
                gap: *gap,
                start,
            });
        }
    });
}

/// Takes partners of what this iteration has taken out, all but the first `before` of the absent, out too, half the time.
pub(super) fn loosen(model: &Model, solution: &mut Solution, before: usize, rng: &mut SmallRng) {
    let last = solution.absent.len();
    for at in before..last {
        let visit = solution.absent[at] as usize;
        for tie in model.ties(visit) {
            if rng.random_bool(0.5) {
                solution.remove(model, tie.other as usize);
            }
        }
    }
}
