//! What fits where, and what walking it takes: in constant time but for the rest of a day.

use super::super::model::Model;
use super::{Moves, Time};

impl Moves {
    /// Walking from one node to another. Who visits nobody stays where she is.
    #[inline]
    pub(super) fn way(&self, model: &Model, from: usize, to: usize) -> i64 {
        if from >= self.visits && to >= self.visits {
            return 0;
        }
        i64::from(model.walk(0, self.nodes[from].place, self.nodes[to].place))
    }

    /// The slot in which a helper who is there from `ready` on serves a visit first.
    #[inline]
    pub(super) fn slot(&self, helper: usize, visit: usize, ready: Time) -> Option<(Time, Time)> {
        let at = visit * self.helpers + helper;
        let first = self.slots[at];
        if ready <= first.1 {
            return Some(first);
        }
        let further = self.further.get(at)?;
        further.iter().copied().find(|slot| ready <= slot.1)
    }

    /// The slot in which a visit goes between two nodes of a helper, once what is between them now is gone.
    #[inline]
    pub(super) fn fits(
        &self,
        model: &Model,
        visit: usize,
        (before, after): (usize, usize),
        (helper, freed, fewer): (usize, i32, i32),
    ) -> Option<(Time, Time)> {
        let node = &self.nodes[visit];
        if node.load > self.left[helper] + freed || self.room[helper] + fewer <= 0 {
            return None;
        }
        let (one, other) = (&self.nodes[before], &self.nodes[after]);
        let ready = one.early + one.duration + model.walk(0, one.place, node.place);
        let slot = self.slot(helper, visit, ready)?;
        let on = model.walk(0, node.place, other.place);
        (slot.0.max(ready) + node.duration + on <= other.late).then_some(slot)
    }

    /// Whether a visit could go between two nodes of a helper, were there no ways to walk: mostly it could not.
    #[inline]
    pub(super) fn could_go(
        &self,
        visit: usize,
        (before, after): (usize, usize),
        helper: usize,
    ) -> bool {
        let (node, one, other) = (&self.nodes[visit], &self.nodes[before], &self.nodes[after]);
        one.early + one.duration <= node.closes
            && node.opens + node.duration <= other.late
            && self.may(helper, visit)
    }

    /// Whether a helper may serve a visit at some time.
    #[inline]
    pub(super) fn may(&self, helper: usize, visit: usize) -> bool {
        let at = visit * self.helpers + helper;
        self.may[at / 64] >> (at % 64) & 1 == 1
    }

    /// Whether one can be reached from the other in time.
    #[inline]
    pub(super) fn joins(&self, model: &Model, before: usize, after: usize) -> bool {
        let (one, other) = (&self.nodes[before], &self.nodes[after]);
        one.early + one.duration + model.walk(0, one.place, other.place) <= other.late
    }

    /// Whether one could come after the other, were there no way to walk and both the same helper's.
    #[inline]
    pub(super) fn could_follow(&self, before: usize, after: usize) -> bool {
        let (one, other) = (&self.nodes[before], &self.nodes[after]);
        one.early + one.duration <= other.closes || after >= self.visits
    }

    /// Whether a helper could go on from `last` with visits from `at` to the end of their route; their load, and their number.
    pub(super) fn follows(
        &self,
        model: &Model,
        last: usize,
        mut at: usize,
        helper: usize,
    ) -> Option<(i32, i32)> {
        let node = &self.nodes[last];
        let (mut free, mut place) = (node.early + node.duration, node.place);
        let (mut load, mut number) = (0, 0);
        while at < self.visits {
            let node = &self.nodes[at];
            let ready = free + model.walk(0, place, node.place);
            let slot = self.slot(helper, at, ready)?;
            (free, place) = (slot.0.max(ready) + node.duration, node.place);
            load += node.load;
            number += 1;
            at = node.after as usize;
        }
        Some((load, number))
    }

    /// What a helper is spared without a visit.
    #[inline]
    pub(super) fn spared(&self, model: &Model, visit: usize) -> i64 {
        let node = &self.nodes[visit];
        self.detour(model, visit, (node.before as usize, node.after as usize))
    }

    /// What walking it takes to visit somebody between two others.
    #[inline]
    pub(super) fn detour(
        &self,
        model: &Model,
        visit: usize,
        (before, after): (usize, usize),
    ) -> i64 {
        self.way(model, before, visit) + self.way(model, visit, after)
            - self.way(model, before, after)
    }
}
