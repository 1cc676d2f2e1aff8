//! Where a visit in hand could go: into a gap, or where another is, or two.

use super::super::super::model::Model;
use super::super::{Moves, NOBODY};
use super::DEEPEST;
use super::labels::{FAR, Goes, Labels, Rooms};

/// A visit in hand, and whose routes it may not go to.
struct InHand<'p> {
    visit: usize,
    layer: usize,
    cost: i64,
    load: i32,
    path: &'p [u32],
}

impl Moves {
    /// Looks at everywhere a visit that is in hand in a layer could go.
    pub(super) fn look(&self, model: &Model, labels: &mut Labels, layer: usize, visit: usize) {
        let Some(cost) = labels.cost(layer, visit) else {
            return;
        };
        let mut path = [NOBODY; 2 * DEEPEST];
        let helper = |node: u32| self.nodes[node as usize].helper;
        let long = labels.path((layer, visit), helper, &mut path);
        let path = &path[..long];
        let load = self.nodes[visit].load;
        let hand = InHand {
            visit,
            layer,
            cost,
            load,
            path,
        };
        for helper in &model.chosen[model.tasks[visit].choices.clone()] {
            if !path.contains(helper) {
                self.look_at(model, labels, &hand, *helper as usize);
            }
        }
    }

    fn look_at(&self, model: &Model, labels: &mut Labels, hand: &InHand, helper: usize) {
        let (mut best, mut before) = ((FAR, 0), self.start(helper));
        while self.could_be_behind(hand.visit, before) {
            let after = self.nodes[before].after as usize;
            best = best.min(self.room_behind(model, hand.visit, before, helper));
            if after >= self.visits {
                break;
            }
            if hand.layer + 1 < DEEPEST {
                self.instead_of_one(model, labels, hand, (before, after));
                self.instead_of_two(model, labels, hand, (before, after));
            }
            before = after;
        }
        let (detour, behind) = best;
        if detour == FAR {
            return;
        }
        if hand.load <= self.left[helper] && self.room[helper] > 0 {
            let goes = Goes::new(hand.visit, behind);
            labels.ends(hand.layer, hand.cost + detour, goes);
        } else if hand.layer + 1 < DEEPEST {
            self.beside_another(model, labels, hand, best);
        }
    }

    /// Whether there is time for a visit behind a node, as far as that node can tell.
    #[inline]
    fn could_be_behind(&self, visit: usize, before: usize) -> bool {
        let one = &self.nodes[before];
        one.early + one.duration <= self.nodes[visit].closes
    }

    /// What it costs to visit somebody behind a node of a helper, and that node; [`FAR`] where there is no time for it.
    #[inline]
    fn room_behind(
        &self,
        model: &Model,
        visit: usize,
        before: usize,
        helper: usize,
    ) -> (i64, usize) {
        let gap = (before, self.nodes[before].after as usize);
        if self.has_time(model, visit, gap, helper) {
            (self.detour(model, visit, gap), before)
        } else {
            (FAR, 0)
        }
    }

    /// Whether there is time for a visit between two nodes of a helper, once what is between them is gone.
    #[inline]
    fn has_time(
        &self,
        model: &Model,
        visit: usize,
        (before, after): (usize, usize),
        helper: usize,
    ) -> bool {
        let (node, one, other) = (&self.nodes[visit], &self.nodes[before], &self.nodes[after]);
        if node.opens + node.duration > other.late {
            return false;
        }
        let ready = one.early + one.duration + model.walk(0, one.place, node.place);
        let Some(slot) = self.slot(helper, visit, ready) else {
            return false;
        };
        let on = model.walk(0, node.place, other.place);
        slot.0.max(ready) + node.duration + on <= other.late
    }

    /// The visit in hand takes the place of another.
    #[inline]
    fn instead_of_one(
        &self,
        model: &Model,
        labels: &mut Labels,
        hand: &InHand,
        (before, other): (usize, usize),
    ) {
        let node = &self.nodes[other];
        let (after, helper) = (node.after as usize, node.helper as usize);
        if hand.load > self.left[helper] + node.load
            || !self.has_time(model, hand.visit, (before, after), helper)
        {
            return;
        }
        let was = self.way(model, before, other) + self.way(model, other, after);
        let cost = hand.cost + self.past(model, hand.visit, (before, after)) - was;
        let by = Goes::new(hand.visit, before);
        labels.reach((hand.layer + 1, other), cost, by, None);
    }

    /// It takes the place of two, where that of one is not enough; one of them goes aside to where there is room for it.
    #[inline]
    fn instead_of_two(
        &self,
        model: &Model,
        labels: &mut Labels,
        hand: &InHand,
        (before, one): (usize, usize),
    ) {
        let other = self.nodes[one].after as usize;
        if other >= self.visits {
            return;
        }
        let (after, helper) = (
            self.nodes[other].after as usize,
            self.nodes[one].helper as usize,
        );
        let left = self.left[helper];
        let (loads, visit) = ((self.nodes[one].load, self.nodes[other].load), hand.visit);
        let fits = |load: i32, gap: (usize, usize)| {
            hand.load <= left + load && self.has_time(model, visit, gap, helper)
        };
        if !fits(loads.0 + loads.1, (before, after))
            || fits(loads.0, (before, other))
            || fits(loads.1, (one, after))
        {
            return;
        }
        let was = self.way(model, before, one)
            + self.way(model, one, other)
            + self.way(model, other, after);
        let cost = hand.cost + self.past(model, visit, (before, after)) - was;
        for (out, aside) in [(one, other), (other, one)] {
            self.aside(model, labels, hand, (cost, before), (out, aside));
        }
    }

    /// Two leave a helper for the visit in hand: one is in hand then, the other goes aside.
    fn aside(
        &self,
        model: &Model,
        labels: &mut Labels,
        hand: &InHand,
        (cost, behind): (i64, usize),
        (out, aside): (usize, usize),
    ) {
        if !labels.is_cheaper(out, cost) {
            return;
        }
        let hers = self.nodes[aside].helper;
        let free = |(_, beside): &(i64, u32)| {
            *beside != NOBODY && {
                let other = self.nodes[*beside as usize].helper;
                other != hers && !hand.path.contains(&other)
            }
        };
        let rooms = labels.rooms(aside, || self.rooms(model, aside));
        if let Some((more, beside)) = rooms.into_iter().find(free) {
            let by = Goes::new(hand.visit, behind);
            let aside = Goes::new(aside, beside as usize);
            labels.reach((hand.layer + 1, out), cost + more, by, Some(aside));
        }
    }

    /// There is time for the visit in hand, but its helper gives no more care: another of hers leaves, wherever it is.
    fn beside_another(
        &self,
        model: &Model,
        labels: &mut Labels,
        hand: &InHand,
        (detour, behind): (i64, usize),
    ) {
        let helper = self.nodes[behind].helper as usize;
        let mut other = self.nodes[self.start(helper)].after as usize;
        while other < self.visits {
            let node = &self.nodes[other];
            let (before, after) = (node.before as usize, node.after as usize);
            if other != behind
                && before != behind
                && hand.load <= self.left[helper] + node.load
                && self.joins(model, before, after)
            {
                let cost = hand.cost + detour - self.spared(model, other);
                let by = Goes::new(hand.visit, behind);
                labels.reach((hand.layer + 1, other), cost, by, None);
            }
            other = after;
        }
    }

    /// Walking from one node to another past a visit.
    #[inline]
    fn past(&self, model: &Model, visit: usize, (before, after): (usize, usize)) -> i64 {
        self.way(model, before, visit) + self.way(model, visit, after)
    }

    /// The routes of others that have room for a visit.
    fn rooms(&self, model: &Model, visit: usize) -> Rooms {
        let mut rooms: Rooms = [(FAR, NOBODY); _];
        let node = &self.nodes[visit];
        for helper in &model.chosen[model.tasks[visit].choices.clone()] {
            let of = *helper as usize;
            if *helper == node.helper || node.load > self.left[of] || self.room[of] <= 0 {
                continue;
            }
            let (mut best, mut before) = ((FAR, 0), self.start(of));
            while before < self.end(of) && self.could_be_behind(visit, before) {
                best = best.min(self.room_behind(model, visit, before, of));
                before = self.nodes[before].after as usize;
            }
            let worst = rooms.len() - 1;
            if best.0 < rooms[worst].0 {
                rooms[worst] = (best.0, best.1 as u32);
                rooms.sort_unstable();
            }
        }
        rooms
    }
}
