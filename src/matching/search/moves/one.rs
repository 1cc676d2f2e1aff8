//! Moves of one visit.

use super::super::model::{LONG_AGO, Model};
use super::{Moves, NOBODY};
use rand::rngs::SmallRng;

impl Moves {
    /// A visit that is left out goes beside another, or in its place, or in the place of two.
    pub(super) fn bring_in(
        &mut self,
        model: &Model,
        visit: usize,
        other: usize,
        rng: &mut SmallRng,
    ) {
        let helper = self.nodes[other].helper;
        if helper == NOBODY || !self.may(helper as usize, visit) {
            return;
        }
        let helper = helper as usize;
        let (before, after) = (
            self.nodes[other].before as usize,
            self.nodes[other].after as usize,
        );
        for (before, after) in [(before, other), (other, after)] {
            let worse = self.detour(model, visit, (before, after)) - self.worth[visit];
            if !self.is_hopeless(worse)
                && let Some(slot) = self.fits(model, visit, (before, after), (helper, 0, 0))
                && self.takes(worse, rng)
            {
                self.serve(visit, before, slot);
                self.refresh(model, helper);
                return;
            }
        }
        let (mut lost, mut freed, mut spared) = (0, 0, self.way(model, before, other));
        let mut last = other;
        for fewer in 1..=2 {
            let next = self.nodes[last].after as usize;
            lost += self.worth[last];
            freed += self.nodes[last].load;
            spared += self.way(model, last, next);
            let there = self.way(model, before, visit) + self.way(model, visit, next);
            let worse = lost - self.worth[visit] + there - spared;
            if !self.is_hopeless(worse)
                && let Some(slot) = self.fits(model, visit, (before, next), (helper, freed, fewer))
                && self.takes(worse, rng)
            {
                self.leave_out(other);
                if last != other {
                    self.leave_out(last);
                }
                self.serve(visit, before, slot);
                self.refresh(model, helper);
                return;
            }
            if next >= self.visits {
                return;
            }
            last = next;
        }
    }

    /// A visit goes behind another, or to where a helper's day begins.
    pub(super) fn go_behind(
        &mut self,
        model: &Model,
        visit: usize,
        before: usize,
        rng: &mut SmallRng,
    ) {
        let after = self.nodes[before].after as usize;
        if before == visit || after == visit {
            return;
        }
        let (helper, was) = (
            self.nodes[before].helper as usize,
            self.nodes[visit].helper as usize,
        );
        if helper != was && !self.could_go(visit, (before, after), helper) {
            return;
        }
        let worse = self.detour(model, visit, (before, after)) - self.spared(model, visit);
        if self.is_hopeless(worse) {
            return;
        }
        if helper == was {
            return self.go_behind_own(model, visit, before, worse, rng);
        }
        let (left, right) = (
            self.nodes[visit].before as usize,
            self.nodes[visit].after as usize,
        );
        if let Some(slot) = self.fits(model, visit, (before, after), (helper, 0, 0))
            && self.joins(model, left, right)
            && self.takes(worse, rng)
        {
            self.unlink(visit);
            self.link(visit, before, slot);
            self.refresh(model, helper);
            self.refresh(model, was);
        }
    }

    /// A visit goes elsewhere on its own route, which has to be gone along for it.
    fn go_behind_own(
        &mut self,
        model: &Model,
        visit: usize,
        before: usize,
        worse: i64,
        rng: &mut SmallRng,
    ) {
        if !self.takes(worse, rng) {
            return;
        }
        let helper = self.nodes[visit].helper as usize;
        let (mut at, mut free) = (self.start(helper), LONG_AGO);
        let mut slot = None;
        loop {
            let next = self.next_once_moved(at, (visit, before));
            if next >= self.visits {
                break;
            }
            let node = &self.nodes[next];
            let ready = free + model.walk(0, self.nodes[at].place, node.place);
            let Some(of) = self.slot(helper, next, ready) else {
                return;
            };
            if next == visit {
                slot = Some(of);
            } else if of != (node.from, node.to) {
                return;
            }
            free = of.0.max(ready) + node.duration;
            at = next;
        }
        if let Some(slot) = slot {
            self.unlink(visit);
            self.link(visit, before, slot);
            self.refresh(model, helper);
        }
    }

    /// Who would come after a node, were a visit behind another of its own route.
    fn next_once_moved(&self, at: usize, (visit, before): (usize, usize)) -> usize {
        let after = |at: usize| self.nodes[at].after as usize;
        if at == before {
            return visit;
        }
        let next = after(if at == visit { before } else { at });
        if next == visit { after(visit) } else { next }
    }
}
