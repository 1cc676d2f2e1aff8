//! What is known of the gaps of each helper for each visit, and for which version of her route.
//!
//! An iteration asks some ten visits for their cheapest gap among all who could serve them, up to a hundred helpers each, of
//! whom a few have changed. So what is compared each time, a version and a cost, lies close together, apart from the rest.

use super::model::{Model, Time};
use super::route::Gap;

/// As a cost: there is no gap.
pub(super) const NOWHERE: i32 = i32::MAX;

/// The cost of the cheapest gap, [`NOWHERE`] where there is none, and the version of the route for which it is known.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub version: u32,
    pub cost: i32,
}

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

/// What is known of every choice.
pub(super) struct Memory {
    pub known: Vec<Known>,
    pub spots: Vec<Spot>,
}

impl Memory {
    /// Nothing.
    pub(super) fn new(model: &Model) -> Self {
        let unknown = Known {
            version: u32::MAX,
            cost: NOWHERE,
        };
        Self {
            known: vec![unknown; model.choices.len()],
            spots: vec![Spot::default(); model.choices.len()],
        }
    }

    /// What a gap of a choice costs: as it is known for this version of the route, else as `find` finds it.
    #[inline]
    pub(super) fn cost(
        &mut self,
        choice: usize,
        version: u32,
        find: impl FnOnce() -> (i32, Spot),
    ) -> i32 {
        let known = &mut self.known[choice];
        if known.version != version {
            let (cost, spot) = find();
            *known = Known { version, cost };
            self.spots[choice] = spot;
        }
        known.cost
    }
}
