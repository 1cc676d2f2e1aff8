//! The chains: taken over from routes, changed, and handed back.

use super::super::model::{LONG_AGO, Model};
use super::super::route::{Stop, stop};
use super::super::solution::Solution;
use super::{Moves, NEVER, NOBODY, Node, Time};

impl Moves {
    pub(super) fn read_slots(&mut self, model: &Model) {
        for (visit, task) in model.tasks.iter().enumerate() {
            for choice in &model.choices[task.choices.clone()] {
                let at = visit * self.helpers + choice.helper;
                let slots = model.slots[choice.slots.clone()].iter();
                let mut slots = slots.map(|slot| (slot.from, slot.to));
                self.slots[at] = slots.next().unwrap_or(NEVER);
                self.may[at / 64] |= 1 << (at % 64);
                for slot in &model.slots[choice.slots.clone()] {
                    let node = &mut self.nodes[visit];
                    node.opens = node.opens.min(slot.from);
                    node.closes = node.closes.max(slot.to);
                }
                let more: Vec<_> = slots.collect();
                if !more.is_empty() {
                    self.further.resize(self.slots.len(), Vec::new());
                    self.further[at] = more;
                }
            }
        }
    }

    /// Makes chains of the routes that have changed.
    pub(super) fn take_over(&mut self, model: &Model, solution: &Solution) {
        let Some(lanes) = &solution.lanes else {
            return;
        };
        for helper in 0..self.helpers {
            if self.versions[helper] == solution.version(helper) {
                continue;
            }
            let mut before = self.start(helper);
            for stop in &solution.routes[helper].stops {
                let visit = stop.visit as usize;
                let node = &mut self.nodes[visit];
                (node.helper, node.from, node.to) = (helper as u32, stop.from, stop.to);
                self.chain(before, visit);
                before = visit;
            }
            self.chain(before, self.end(helper));
            (self.left[helper], self.room[helper]) = lanes.leaves(helper);
            self.versions[helper] = solution.version(helper);
            self.refresh(model, helper);
        }
        self.absent.clone_from(&solution.absent);
        for (seat, visit) in (0..).zip(&solution.absent) {
            self.seats[*visit as usize] = seat;
            self.nodes[*visit as usize].helper = NOBODY;
        }
    }

    /// Gives the plan the routes that moves have changed.
    pub(super) fn hand_back(&mut self, model: &Model, solution: &mut Solution) {
        let changed = |helper: &usize| self.changed[*helper];
        let helpers: Vec<usize> = (0..self.helpers).filter(changed).collect();
        solution.begin();
        for helper in &helpers {
            solution.clear_route(model, *helper);
        }
        for &helper in &helpers {
            let stops = self.stops(model, helper);
            solution.adopt(model, helper, &stops);
            self.versions[helper] = solution.version(helper);
            self.changed[helper] = false;
        }
        solution.begin();
    }

    fn stops(&self, model: &Model, helper: usize) -> Vec<(Stop, bool)> {
        let mut stops = Vec::new();
        let mut at = self.nodes[self.start(helper)].after as usize;
        while at < self.visits {
            let node = &self.nodes[at];
            let choices = &model.choices[model.tasks[at].choices.clone()];
            let of_hers = |slot: &usize| {
                let slot = &model.slots[*slot];
                (slot.from, slot.to) == (node.from, node.to)
            };
            if let Ok(choice) = choices.binary_search_by_key(&helper, |choice| choice.helper)
                && let Some(slot) = choices[choice].slots.clone().find(of_hers)
            {
                stops.push((stop(model, at, slot, true), false));
            }
            at = node.after as usize;
        }
        stops
    }

    /// Works out anew when a helper's visits could start.
    pub(super) fn refresh(&mut self, model: &Model, helper: usize) {
        let (start, end) = (self.start(helper), self.end(helper));
        let (mut at, mut free, mut place) = (start, LONG_AGO, self.nodes[start].place);
        loop {
            at = self.nodes[at].after as usize;
            if at == end {
                break;
            }
            let node = &mut self.nodes[at];
            node.early = node.from.max(free + model.walk(0, place, node.place));
            (free, place) = (node.early + node.duration, node.place);
        }
        let (mut late, mut place) = (-LONG_AGO, self.nodes[end].place);
        loop {
            at = self.nodes[at].before as usize;
            if at == start {
                break;
            }
            let node = &mut self.nodes[at];
            let way = model.walk(0, node.place, place);
            node.late = node.to.min(late - way - node.duration);
            (late, place) = (node.late, node.place);
        }
    }

    pub(super) fn start(&self, helper: usize) -> usize {
        self.visits + helper
    }

    pub(super) fn end(&self, helper: usize) -> usize {
        self.visits + self.helpers + helper
    }

    pub(super) fn chain(&mut self, before: usize, after: usize) {
        self.nodes[before].after = after as u32;
        self.nodes[after].before = before as u32;
    }

    pub(super) fn unlink(&mut self, visit: usize) {
        let Node {
            before,
            after,
            helper,
            load,
            ..
        } = self.nodes[visit];
        self.chain(before as usize, after as usize);
        let helper = helper as usize;
        self.left[helper] += load;
        self.room[helper] += 1;
        self.changed[helper] = true;
        self.nodes[visit].helper = NOBODY;
    }

    pub(super) fn link(&mut self, visit: usize, before: usize, slot: (Time, Time)) {
        let (after, helper) = (self.nodes[before].after, self.nodes[before].helper);
        self.chain(before, visit);
        self.chain(visit, after as usize);
        let node = &mut self.nodes[visit];
        (node.helper, node.from, node.to) = (helper, slot.0, slot.1);
        let helper = helper as usize;
        self.left[helper] -= node.load;
        self.room[helper] -= 1;
        self.changed[helper] = true;
    }

    pub(super) fn leave_out(&mut self, visit: usize) {
        self.unlink(visit);
        self.seats[visit] = self.absent.len() as u32;
        self.absent.push(visit as u32);
    }

    pub(super) fn serve(&mut self, visit: usize, before: usize, slot: (Time, Time)) {
        let seat = self.seats[visit] as usize;
        self.absent.swap_remove(seat);
        if let Some(moved) = self.absent.get(seat) {
            self.seats[*moved as usize] = seat as u32;
        }
        self.link(visit, before, slot);
    }

    /// Finds the slots of a helper's visits anew.
    pub(super) fn settle(&mut self, model: &Model, helper: usize) {
        let start = self.start(helper);
        let (mut at, mut free, mut place) = (
            self.nodes[start].after as usize,
            LONG_AGO,
            self.nodes[start].place,
        );
        while at < self.visits {
            let ready = free + model.walk(0, place, self.nodes[at].place);
            if let Some(slot) = self.slot(helper, at, ready) {
                (self.nodes[at].from, self.nodes[at].to) = slot;
            }
            let node = &self.nodes[at];
            (free, place) = (node.from.max(ready) + node.duration, node.place);
            at = node.after as usize;
        }
    }

    /// Gives visits to a helper, from one to the end of its route.
    pub(super) fn give(&mut self, mut at: usize, helper: usize) {
        while at < self.visits {
            self.nodes[at].helper = helper as u32;
            at = self.nodes[at].after as usize;
        }
    }
}
