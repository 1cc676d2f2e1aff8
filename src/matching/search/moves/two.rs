//! Moves between two helpers.

use super::super::model::Model;
use super::Moves;
use rand::rngs::SmallRng;

impl Moves {
    /// Two visits of different helpers change places.
    pub(super) fn exchange(&mut self, model: &Model, one: usize, other: usize, rng: &mut SmallRng) {
        let (a, b) = (&self.nodes[one], &self.nodes[other]);
        let (hers, theirs) = (a.helper as usize, b.helper as usize);
        if hers == theirs {
            return;
        }
        let here = (a.before as usize, a.after as usize);
        let there = (b.before as usize, b.after as usize);
        if !self.could_go(one, there, theirs) || !self.could_go(other, here, hers) {
            return;
        }
        let before = self.way(model, here.0, one)
            + self.way(model, one, here.1)
            + self.way(model, there.0, other)
            + self.way(model, other, there.1);
        let after = self.way(model, here.0, other)
            + self.way(model, other, here.1)
            + self.way(model, there.0, one)
            + self.way(model, one, there.1);
        let worse = after - before;
        if self.is_hopeless(worse) {
            return;
        }
        if let Some(of_one) = self.fits(model, one, there, (theirs, b.load, 1))
            && let Some(of_other) = self.fits(model, other, here, (hers, a.load, 1))
            && self.takes(worse, rng)
        {
            self.unlink(one);
            self.unlink(other);
            self.link(one, there.0, of_one);
            self.link(other, here.0, of_other);
            self.refresh(model, hers);
            self.refresh(model, theirs);
        }
    }

    /// One helper goes on from `one` with the other's visits from `other` on, who goes on with hers.
    pub(super) fn exchange_ends(
        &mut self,
        model: &Model,
        one: usize,
        other: usize,
        rng: &mut SmallRng,
    ) {
        let (hers, theirs) = (
            self.nodes[one].helper as usize,
            self.nodes[other].helper as usize,
        );
        if hers == theirs {
            return;
        }
        let (my_end, your_end) = (self.end(hers), self.end(theirs));
        let next = self.nodes[one].after as usize;
        let left = self.nodes[other].before as usize;
        let my_last = self.nodes[my_end].before as usize;
        let your_last = self.nodes[your_end].before as usize;
        if !self.could_follow(one, other) || !self.could_follow(left, next) {
            return;
        }
        let mut was = self.way(model, one, next)
            + self.way(model, left, other)
            + self.way(model, your_last, your_end);
        let mut will = self.way(model, one, other) + self.way(model, your_last, my_end);
        if next == my_end {
            will += self.way(model, left, your_end);
        } else {
            was += self.way(model, my_last, my_end);
            will += self.way(model, left, next) + self.way(model, my_last, your_end);
        }
        let worse = will - was;
        if self.is_hopeless(worse) {
            return;
        }
        let Some(brought) = self.follows(model, one, other, hers) else {
            return;
        };
        let Some(taken) = self.follows(model, left, next, theirs) else {
            return;
        };
        let (load, number) = (brought.0 - taken.0, brought.1 - taken.1);
        if load > self.left[hers]
            || -load > self.left[theirs]
            || number > self.room[hers]
            || -number > self.room[theirs]
            || !self.takes(worse, rng)
        {
            return;
        }
        self.give(other, hers);
        self.give(next, theirs);
        self.chain(one, other);
        self.chain(your_last, my_end);
        if next == my_end {
            self.chain(left, your_end);
        } else {
            self.chain(left, next);
            self.chain(my_last, your_end);
        }
        self.left[hers] -= load;
        self.left[theirs] += load;
        self.room[hers] -= number;
        self.room[theirs] += number;
        (self.changed[hers], self.changed[theirs]) = (true, true);
        for helper in [hers, theirs] {
            self.settle(model, helper);
            self.refresh(model, helper);
        }
    }
}
