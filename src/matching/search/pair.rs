//! Two helpers who start together: the cheapest pair of gaps with a start in common.

use super::insert::{seat_cost, wishes_cost};
use super::model::{Model, Time, deviation};
use super::order::Leeway;
use super::route::{AS_IT_IS, Gap};
use super::solution::Solution;

/// A gap of one helper: into [`Model::choices`], its cost, itself.
pub(super) type Found = (usize, i64, Gap);

struct Pair {
    cost: i64,
    seats: [(usize, Gap); 2],
    start: Time,
    kept: bool,
}

/// Puts an absent visit where two helpers together cost least. False where no two fit.
pub(super) fn insert(
    model: &Model,
    solution: &mut Solution,
    visit: usize,
    found: &mut Vec<Found>,
) -> bool {
    found.clear();
    for index in model.tasks[visit].choices.clone() {
        let choice = &model.choices[index];
        solution.routes[choice.helper].gaps(model, visit, choice, AS_IT_IS, |gap| {
            found.push((index, seat_cost(model, solution, visit, index, gap), *gap));
        });
    }
    found.sort_unstable_by_key(|(index, cost, gap)| (*cost, *index, gap.at));
    let leeway = Leeway::of(model, solution, visit);
    let Some(best) = cheapest(model, visit, &leeway, found) else {
        return false;
    };
    let seats = (best.seats).map(|(index, gap)| (model.choices[index].helper, gap));
    solution.place_at(model, visit, &seats, best.start, best.kept);
    true
}

/// The cheapest pair of gaps that are sorted by cost.
fn cheapest(model: &Model, visit: usize, leeway: &Leeway, found: &[Found]) -> Option<Pair> {
    let mut best: Option<Pair> = None;
    for (at, one) in found.iter().enumerate() {
        if best.as_ref().is_some_and(|best| best.cost <= 2 * one.1) {
            break;
        }
        for other in &found[at + 1..] {
            let least = one.1 + other.1;
            if best.as_ref().is_some_and(|best| best.cost <= least) {
                break;
            }
            if let Some(pair) = pair(model, visit, leeway, one, other)
                && best.as_ref().is_none_or(|best| pair.cost < best.cost)
            {
                best = Some(pair);
            }
        }
    }
    best
}

fn pair(model: &Model, visit: usize, leeway: &Leeway, one: &Found, other: &Found) -> Option<Pair> {
    let (early, late) = (one.2.early.max(other.2.early), one.2.late.min(other.2.late));
    let same = model.choices[one.0].helper == model.choices[other.0].helper;
    if same || early > late {
        return None;
    }
    let task = &model.tasks[visit];
    let start = leeway.start(model, visit, (early, late))?;
    let kept = model.slots[one.2.slot].keeps && model.slots[other.2.slot].keeps;
    let worth = model.choices[one.0].worth.max(model.choices[other.0].worth);
    let miss = deviation(task, start);
    let cost = one.1 + other.1 + wishes_cost(model, visit, miss, worth, kept);
    Some(Pair {
        cost,
        seats: [(one.0, one.2), (other.0, other.2)],
        start,
        kept,
    })
}
