//! The earliest starts under given orders: the least fixpoint of what routes and links demand. As lateness only grows with
//! time, the earliest starts are the best ones.
//!
//! `settle` recomputes what a change of routes touches, in the order of time, and stops where nothing changes. Both tasks
//! of a link are solved together, in closed form, so the only circles left are those where a route leads from the first of two
//! tasks to the second; when a task is visited too often for that, everything is computed anew, from below, which also tells
//! whether there is a solution at all.

use super::routes::{Kind, NONE, Routes};

/// Visits of one unit are counted up to here, in the low bits of `Node::seen`.
pub(super) const VISITS: u16 = 8;

/// A unit that is visited more often than this is in a circle, most likely, and everything is computed anew.
const PATIENCE: u16 = 3;

impl Routes {
    /// Bring all starts up to date. False if the orders allow none, or none that cost up to `limit`; then
    /// [`Routes::undo`] is due.
    pub fn settle(&mut self, limit: f64) -> bool {
        if self.sums.travel > 3.0 * limit {
            return false;
        }
        self.turn = self.turn.wrapping_add(VISITS);
        let mut fallen = false;
        while let Some(unit) = self.next_unit() {
            if !self.visit(unit) {
                return self.settle_all(limit);
            }
            fallen |= self.settle_unit(unit);
        }
        if self.sums.travel + self.sums.late > 3.0 * limit {
            return false;
        }
        if fallen {
            self.find_worst();
        }
        self.sums.value() <= limit
    }

    /// Count a visit. False if there were too many.
    fn visit(&mut self, unit: u32) -> bool {
        let turn = self.turn;
        let node = &mut self.nodes[unit as usize];
        if node.seen & !(VISITS - 1) != turn {
            node.seen = turn;
        }
        node.seen += 1;
        node.seen - turn <= PATIENCE
    }

    /// The unit that is expected first.
    fn next_unit(&mut self) -> Option<u32> {
        let mut first = self.queue.len().checked_sub(1)?;
        for at in 0..first {
            if self.queue[at].0 < self.queue[first].0 {
                first = at;
            }
        }
        let (_, unit) = self.queue.swap_remove(first);
        self.nodes[unit as usize].queued = false;
        Some(unit)
    }

    /// The earliest start of a task as far as its route goes.
    fn ready(&self, at: u32) -> f64 {
        let node = self.node(at);
        (self.node(node.pred).start + node.lead).max(node.open)
    }

    fn settle_unit(&mut self, unit: u32) -> bool {
        let node = self.node(unit);
        let partner = node.partner;
        match node.kind {
            Kind::Head => false,
            Kind::Alone => {
                let start = self.ready(unit);
                self.change(unit, start)
            }
            Kind::Together => {
                let start = self.ready(unit).max(self.ready(partner));
                self.change(unit, start) | self.change(partner, start)
            }
            Kind::First => self.settle_apart(unit, partner),
            Kind::Second => self.settle_apart(partner, unit),
        }
    }

    fn settle_apart(&mut self, first: u32, second: u32) -> bool {
        let (min, max) = self.gaps[first as usize];
        let node = self.node(second);
        // Where one follows the other, it may not hold it up: a gap as long as the service would bear itself up.
        let waits = if node.pred == first && node.lead <= max {
            node.open
        } else {
            self.ready(second)
        };
        let one = self.ready(first).max(waits - max);
        let other = if node.pred == first {
            node.open.max(one + node.lead.max(min))
        } else {
            waits.max(one + min)
        };
        self.change(first, one) | self.change(second, other)
    }

    fn change(&mut self, at: u32, start: f64) -> bool {
        let node = self.node(at);
        if node.start == start {
            return false;
        }
        let next = node.succ;
        let fallen = self.set_start(at, start);
        if self.is_task(next) {
            let when = start + self.node(next).lead;
            self.enqueue(next, when);
        }
        fallen
    }

    fn find_worst(&mut self) {
        self.sums.worst = self.nodes[..self.tasks]
            .iter()
            .fold(0.0, |worst: f64, node| worst.max(node.start - node.due));
    }

    /// All starts from below. False if there are none, or none that cost up to `limit`.
    fn settle_all(&mut self, limit: f64) -> bool {
        while let Some((_, unit)) = self.queue.pop() {
            self.nodes[unit as usize].queued = false;
        }
        if !self.sort() {
            return false;
        }
        for at in 0..self.order.len() {
            let at = self.order[at];
            self.set_start(at, f64::NEG_INFINITY);
        }
        // One sweep settles all but the greatest gaps, each further one at least one of these.
        let sweeps = self.tasks / 2 + 2;
        for _ in 0..sweeps {
            let mut changed = false;
            for at in 0..self.order.len() {
                let at = self.order[at];
                let node = self.node(at);
                let (partner, kind, before) = (node.partner, node.kind, node.start);
                let ready = self.ready(at);
                let start = match kind {
                    Kind::Together => ready.max(self.ready(partner)),
                    Kind::First => ready.max(self.node(partner).start - self.gaps[at as usize].1),
                    Kind::Second => ready.max(self.node(partner).start + self.gaps[at as usize].0),
                    Kind::Alone | Kind::Head => ready,
                };
                if start > before {
                    changed = true;
                    self.set_start(at, start);
                    if kind == Kind::Together {
                        self.set_start(partner, start);
                    }
                }
            }
            if !changed {
                self.find_worst();
                return self.sums.value() <= limit;
            }
            // From below, what is late by now stays late.
            if self.sums.travel + self.sums.late > 3.0 * limit {
                return false;
            }
        }
        false
    }

    /// An order in which each task comes after those it waits for, but for the greatest gaps. False if there is none.
    fn sort(&mut self) -> bool {
        self.order.clear();
        let mut count = 0;
        for at in 0..self.tasks as u32 {
            let node = self.node(at);
            if node.route == NONE {
                continue;
            }
            let behind_head = !self.is_task(node.pred);
            let waits = u8::from(!behind_head);
            let linked = matches!(node.kind, Kind::Together | Kind::Second);
            self.wanted[at as usize] = waits + u8::from(linked);
            count += 1;
        }
        // A task of two together is free for its partner as soon as its route is; both are ready when both are free.
        let mut done = 0;
        for route in 0..self.caregivers as u32 {
            let first = self.node(self.head(route)).succ;
            if self.is_task(first) {
                self.release(first, 0);
            }
        }
        while done < self.order.len() {
            let at = self.order[done];
            done += 1;
            let node = *self.node(at);
            if self.is_task(node.succ) {
                self.release(node.succ, 1);
            }
            if node.kind == Kind::First {
                self.release(node.partner, 1);
            }
        }
        self.order.len() == count
    }

    /// One of the tasks before `at` has its place in the order.
    fn release(&mut self, at: u32, by: u8) {
        let node = self.node(at);
        let (kind, partner) = (node.kind, node.partner);
        self.wanted[at as usize] -= by;
        if kind != Kind::Together {
            if self.wanted[at as usize] == 0 {
                self.order.push(at);
            }
        } else if self.wanted[at as usize] == 1 {
            if self.wanted[partner as usize] == 1 {
                self.wanted[at as usize] = 0;
                self.wanted[partner as usize] = 0;
                self.order.push(at);
                self.order.push(partner);
            }
        }
    }
}
