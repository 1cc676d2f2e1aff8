//! What is known of the gaps of each helper for each visit, and for which version of her route.
//!
//! An iteration asks some ten visits for their cheapest gap among all who could serve them, up to a hundred helpers each, of
//! whom a few have changed. So what is compared each time, a version and a cost, lies close together, apart from the rest.

use super::model::{Model, Time};
use super::route::Gap;
use std::ops::Range;

/// As a cost: there is no gap.
pub(super) const NOWHERE: i32 = i32::MAX;

/// Where the cheapest gap is: before the stop at `at`, in place of `over` stops, in which of the choice's slots.
#[derive(Clone, Copy, Default)]
pub(super) struct Spot {
    pub at: u16,
    pub over: u16,
    pub of_slot: u16,
}

impl Spot {
    /// Of a gap of a choice whose slots begin at `first`.
    pub(super) fn of(gap: &Gap, first: u32) -> Self {
        Self {
            at: gap.at as u16,
            over: gap.over as u16,
            of_slot: (gap.slot - first as usize) as u16,
        }
    }
}

/// A choice, without what is not looked at: its helper and its slots.
#[derive(Clone, Copy)]
pub(super) struct Reach {
    pub helper: u32,
    /// The first slot, into [`Model::slots`], and its bounds.
    pub slot: u32,
    pub from: Time,
    pub to: Time,
    /// Slots after the first.
    pub more: u16,
}

impl Reach {
    /// Of every choice.
    pub(super) fn all(model: &Model) -> Vec<Self> {
        let reach = |choice: &super::model::Choice| {
            let first = &model.slots[choice.slots.start];
            Self {
                helper: choice.helper as u32,
                slot: choice.slots.start as u32,
                from: first.from,
                to: first.to,
                more: (choice.slots.len() - 1) as u16,
            }
        };
        model.choices.iter().map(reach).collect()
    }
}

/// What is known of every choice: the cost of its cheapest gap, [`NOWHERE`] where there is none, where that is, and the version
/// of the route for which it is known. Each in memory of its own, since most looks need one of them and are done in a row.
pub(super) struct Memory {
    versions: Vec<u32>,
    costs: Vec<i32>,
    pub spots: Vec<Spot>,
    /// The choices whose routes have changed since.
    stale: Vec<u32>,
}

impl Memory {
    /// Nothing.
    pub(super) fn new(model: &Model) -> Self {
        let choices = model.choices.len();
        let of_one = |task: &super::model::Task| task.choices.len();
        Self {
            versions: vec![u32::MAX; choices],
            costs: vec![NOWHERE; choices],
            spots: vec![Spot::default(); choices],
            stale: vec![0; model.tasks.iter().map(of_one).max().unwrap_or(0)],
        }
    }

    /// The cheapest of some choices in a row, and what it costs: as it is known for these versions of routes, else as `find`
    /// finds it. The second, where the cheapest is overlooked.
    #[inline]
    pub(super) fn cheapest(
        &mut self,
        model: &Model,
        choices: Range<usize>,
        versions: &[u32],
        overlooks: bool,
        mut find: impl FnMut(usize) -> (i32, Spot),
    ) -> Option<usize> {
        let helpers = &model.chosen[choices.clone()];
        let mut stale = 0;
        for (at, (helper, known)) in (0..).zip(helpers.iter().zip(&self.versions[choices.clone()]))
        {
            self.stale[stale] = at;
            stale += usize::from(versions[*helper as usize] != *known);
        }
        for at in &self.stale[..stale] {
            let choice = choices.start + *at as usize;
            let (cost, spot) = find(choice);
            self.versions[choice] = versions[model.chosen[choice] as usize];
            self.costs[choice] = cost;
            if cost < NOWHERE {
                self.spots[choice] = spot;
            }
        }
        let costs = &self.costs[choices.clone()];
        let first = cheapest(costs)?;
        if !overlooks {
            return Some(choices.start + first);
        }
        let (before, after) = (cheapest(&costs[..first]), cheapest(&costs[first + 1..]));
        let after = after.map(|after| first + 1 + after);
        let second = before.into_iter().chain(after).min_by_key(|at| costs[*at]);
        second.map(|second| choices.start + second)
    }

    /// What a gap of a choice costs: as it is known for this version of the route, else as `find` finds it.
    #[inline]
    pub(super) fn cost(
        &mut self,
        choice: usize,
        version: u32,
        find: impl FnOnce() -> (i32, Spot),
    ) -> i32 {
        if self.versions[choice] != version {
            let (cost, spot) = find();
            self.versions[choice] = version;
            self.costs[choice] = cost;
            self.spots[choice] = spot;
        }
        self.costs[choice]
    }
}

/// The first of the cheapest that are somewhere.
#[inline]
fn cheapest(costs: &[i32]) -> Option<usize> {
    let least = costs
        .iter()
        .copied()
        .min()
        .filter(|least| *least < NOWHERE)?;
    costs.iter().position(|cost| *cost == least)
}

/// The choice of each (visit, helper), looked up rather than searched for.
pub(super) struct Seats {
    helpers: usize,
    /// Of each visit and helper, one more than the choice's place among the visit's; 0 where there is none.
    seats: Vec<u16>,
}

impl Seats {
    pub(super) fn new(model: &Model) -> Self {
        let helpers = model.people.len();
        let mut seats = vec![0; helpers * model.tasks.len()];
        for (visit, task) in model.tasks.iter().enumerate() {
            for (seat, helper) in (1..).zip(&model.chosen[task.choices.clone()]) {
                seats[visit * helpers + *helper as usize] = seat;
            }
        }
        Self { helpers, seats }
    }

    /// The choice of a visit that is this helper's, into [`Model::choices`].
    #[inline]
    pub(super) fn choice(&self, model: &Model, visit: usize, helper: usize) -> Option<usize> {
        let seat = usize::from(self.seats[visit * self.helpers + helper]);
        Some(model.tasks[visit].choices.start + seat.checked_sub(1)?)
    }
}
