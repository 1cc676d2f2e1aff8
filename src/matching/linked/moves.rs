//! The neighbourhoods. Each changes the routes a little, at random; what it leaves is settled, judged, and kept or undone.

use super::instance::Instance;
use super::routes::{Kind, Routes};
use rand::RngCore;
use rand::rngs::SmallRng;

/// So many tasks are held near to each task.
const NEAR: usize = 24;

/// A difference of due times counts so much against travel in telling which tasks are near.
const TIME_SHARE: f64 = 0.3;

/// What moves are drawn from.
#[derive(Debug)]
pub(super) struct Moves {
    rng: SmallRng,
    tasks: u32,
    /// For each task those near to it, nearest first.
    near: Vec<Vec<u32>>,
    /// For each task who may give it.
    allowed: Vec<Vec<u32>>,
    links: Vec<(u32, u32)>,
    /// Up to where a number below 100 means which neighbourhood.
    shares: [u32; KINDS.len()],
}

/// The neighbourhoods, in the order of `Moves::shares`.
pub(super) const KINDS: [&str; 7] = [
    "relocate", "near", "pair", "pairs", "swap", "tails", "string",
];

/// How often each neighbourhood is drawn, of 100; one of pairs only where there are pairs.
const SHARES: [u32; KINDS.len()] = [22, 22, 18, 5, 15, 10, 8];

impl Moves {
    pub fn new(instance: &Instance, rng: SmallRng) -> Self {
        let tasks = instance.tasks.len();
        let near = (0..tasks).map(|at| {
            let one = &instance.tasks[at];
            let mut others: Vec<(f64, u32)> = (0..tasks)
                .filter(|&to| to != at)
                .map(|to| {
                    let other = &instance.tasks[to];
                    let apart = (one.due - other.due).abs() * TIME_SHARE;
                    (instance.travel[one.place][other.place] + apart, to as u32)
                })
                .collect();
            others.sort_by(|a, b| a.0.total_cmp(&b.0));
            others.iter().take(NEAR).map(|&(_, to)| to).collect()
        });
        let mut shares = SHARES;
        if instance.links.is_empty() {
            (shares[2], shares[3]) = (0, 0);
        }
        let mut sum = 0;
        for share in &mut shares {
            sum += *share;
            *share = sum;
        }
        Self {
            rng,
            tasks: tasks as u32,
            near: near.collect(),
            allowed: instance
                .tasks
                .iter()
                .map(|task| task.allowed.iter().map(|&one| one as u32).collect())
                .collect(),
            links: instance
                .links
                .iter()
                .map(|link| (link.tasks().0 as u32, link.tasks().1 as u32))
                .collect(),
            shares,
        }
    }

    /// A number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.rng.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// A number from 0, exclusive, to 1.
    pub fn unit(&mut self) -> f64 {
        ((self.rng.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Change the routes. The neighbourhood drawn, and whether there is something to judge; if not, undo.
    pub fn propose(&mut self, routes: &mut Routes) -> (usize, bool) {
        let drawn = self.below(self.shares[self.shares.len() - 1]);
        let kind = self
            .shares
            .iter()
            .position(|&share| drawn < share)
            .unwrap_or(0);
        let changed = match kind {
            0 => self.relocate(routes),
            1 => self.relocate_near(routes),
            2 => self.pair(routes),
            3 => self.pairs(routes),
            4 => self.swap(routes),
            5 => self.tails(routes),
            _ => self.string(routes),
        };
        (kind, changed.is_some())
    }

    fn task(&mut self) -> u32 {
        self.below(self.tasks)
    }

    /// A caregiver other than the one whom `task`'s partner forbids.
    fn caregiver(&mut self, routes: &Routes, task: u32) -> Option<u32> {
        let len = self.allowed[task as usize].len() as u32;
        let drawn = self.below(len) as usize;
        let route = self.allowed[task as usize][drawn];
        (!routes.meets_partner(task, route)).then_some(route)
    }

    /// The last node of a route that starts before `when`, or one to either side of it.
    fn place(&mut self, routes: &Routes, route: u32, when: f64) -> u32 {
        let mut at = routes.head(route);
        loop {
            let next = routes.node(at).succ;
            if !routes.is_task(next) || routes.node(next).start >= when {
                break;
            }
            at = next;
        }
        match self.below(8) {
            0 | 1 if routes.is_task(at) => routes.node(at).pred,
            2 | 3 if routes.is_task(routes.node(at).succ) => routes.node(at).succ,
            4 if routes.is_task(at) && routes.is_task(routes.node(at).pred) => {
                routes.node(routes.node(at).pred).pred
            }
            5 => {
                let next = routes.node(at).succ;
                let after = routes.node(next).succ;
                if routes.is_task(next) && routes.is_task(after) {
                    after
                } else {
                    at
                }
            }
            _ => at,
        }
    }

    /// One task to another caregiver, at about the same time.
    fn relocate(&mut self, routes: &mut Routes) -> Option<()> {
        let task = self.task();
        let route = self.caregiver(routes, task)?;
        let before = routes.node(task).pred;
        let model = if self.below(3) == 0 {
            self.task()
        } else {
            task
        };
        let when = routes.node(model).start;
        routes.take(task);
        let after = self.place(routes, route, when);
        if after == before {
            return None;
        }
        routes.insert(after, task);
        Some(())
    }

    /// One task beside one that is near to it.
    fn relocate_near(&mut self, routes: &mut Routes) -> Option<()> {
        let task = self.task();
        let beside = self.near_to(task)?;
        let route = routes.node(beside).route;
        if !routes.fits(task, route) {
            return None;
        }
        let before = routes.node(task).pred;
        routes.take(task);
        let after = if self.below(2) == 0 {
            beside
        } else {
            routes.node(beside).pred
        };
        if after == before {
            return None;
        }
        routes.insert(after, task);
        Some(())
    }

    fn near_to(&mut self, task: u32) -> Option<u32> {
        let len = self.near[task as usize].len() as u32;
        let drawn = self.below(len.max(1)) as usize;
        self.near[task as usize].get(drawn).copied()
    }

    fn link(&mut self) -> Option<(u32, u32)> {
        let len = self.links.len() as u32;
        let drawn = self.below(len.max(1)) as usize;
        self.links.get(drawn).copied()
    }

    fn any_caregiver(&mut self, task: u32) -> u32 {
        let len = self.allowed[task as usize].len() as u32;
        let drawn = self.below(len) as usize;
        self.allowed[task as usize][drawn]
    }

    /// Both tasks of a link to new places: the one anywhere, the other so that both start at about the same time.
    fn pair(&mut self, routes: &mut Routes) -> Option<()> {
        let (mut lead, mut other) = self.link()?;
        if self.below(2) == 0 {
            (lead, other) = (other, lead);
        }
        let (here, there) = (self.any_caregiver(lead), self.any_caregiver(other));
        if here == there && routes.node(lead).kind == Kind::Together {
            return None;
        }
        let gap = routes.node(other).start - routes.node(lead).start;
        let when = match self.below(4) {
            0 => {
                let model = self.task();
                routes.node(model).start
            }
            1 => {
                let model = self.near_to(lead)?;
                routes.node(model).start
            }
            _ => routes.node(lead).start,
        };
        routes.take(lead);
        routes.take(other);
        let after = self.place(routes, here, when);
        routes.insert(after, lead);
        let node = routes.node(lead);
        let about = (routes.node(after).start + node.lead).max(node.open);
        let after = self.place(routes, there, about + gap);
        routes.insert(after, other);
        Some(())
    }

    /// The tasks of two links in each other's places.
    fn pairs(&mut self, routes: &mut Routes) -> Option<()> {
        let (one, other) = (self.link()?, self.link()?);
        if one.0 == other.0 {
            return None;
        }
        let fits = |a: u32, b: u32| {
            routes.can(a, routes.node(b).route) && routes.can(b, routes.node(a).route)
        };
        if fits(one.0, other.0) && fits(one.1, other.1) {
            Self::exchange(routes, one.0, other.0);
            Self::exchange(routes, one.1, other.1);
        } else if fits(one.0, other.1) && fits(one.1, other.0) {
            Self::exchange(routes, one.0, other.1);
            Self::exchange(routes, one.1, other.0);
        } else {
            return None;
        }
        let apart = [one.0, other.0]
            .iter()
            .all(|&task| !routes.meets_partner(task, routes.node(task).route));
        apart.then_some(())
    }

    fn exchange(routes: &mut Routes, one: u32, other: u32) {
        if routes.node(one).succ == other {
            routes.take(one);
            routes.insert(other, one);
        } else if routes.node(other).succ == one {
            routes.take(other);
            routes.insert(one, other);
        } else {
            let (before, ahead) = (routes.node(one).pred, routes.node(other).pred);
            routes.take(one);
            routes.take(other);
            routes.insert(before, other);
            routes.insert(ahead, one);
        }
    }

    /// Two tasks in each other's places.
    fn swap(&mut self, routes: &mut Routes) -> Option<()> {
        let one = self.task();
        let other = if self.below(2) == 0 {
            self.near_to(one)?
        } else {
            let route = self.caregiver(routes, one)?;
            let when = routes.node(one).start;
            Some(self.place(routes, route, when)).filter(|&at| routes.is_task(at) && at != one)?
        };
        let (here, there) = (routes.node(one).route, routes.node(other).route);
        if here != there && !(routes.can(one, there) && routes.can(other, here)) {
            return None;
        }
        Self::exchange(routes, one, other);
        (!routes.meets_partner(one, there) && !routes.meets_partner(other, here)).then_some(())
    }

    /// What comes behind a moment in two routes changes hands.
    fn tails(&mut self, routes: &mut Routes) -> Option<()> {
        let one = self.task();
        let here = routes.node(one).route;
        let there = {
            let drawn = self.below(routes.caregivers as u32);
            Some(drawn).filter(|&route| route != here)?
        };
        let one = if self.below(8) == 0 {
            routes.node(one).pred
        } else {
            one
        };
        let when = routes.node(one).start.max(0.0) + 1.0;
        let other = self.place(routes, there, when);
        let (tail, other_tail) = (routes.node(one).succ, routes.node(other).succ);
        if !routes.is_task(tail) && !routes.is_task(other_tail) {
            return None;
        }
        let all_can = |from: u32, route: u32| {
            let mut at = from;
            while routes.is_task(at) {
                if !routes.can(at, route) {
                    return false;
                }
                at = routes.node(at).succ;
            }
            true
        };
        if !all_can(tail, there) || !all_can(other_tail, here) {
            return None;
        }
        let (head, other_head) = (routes.head(here), routes.head(there));
        let (end, other_end) = (routes.node(head).pred, routes.node(other_head).pred);
        if routes.is_task(tail) {
            routes.join(other, tail);
            routes.join(end, other_head);
        } else {
            routes.join(other, other_head);
        }
        if routes.is_task(other_tail) {
            routes.join(one, other_tail);
            routes.join(other_end, head);
        } else {
            routes.join(one, head);
        }
        Self::hand_over(routes, tail, there);
        Self::hand_over(routes, other_tail, here);
        let apart = Self::apart_from_partners(routes, tail)
            && Self::apart_from_partners(routes, other_tail);
        apart.then_some(())
    }

    fn hand_over(routes: &mut Routes, from: u32, route: u32) {
        let mut at = from;
        while routes.is_task(at) {
            routes.assign(at, route);
            at = routes.node(at).succ;
        }
    }

    fn apart_from_partners(routes: &Routes, from: u32) -> bool {
        let mut at = from;
        while routes.is_task(at) {
            if routes.meets_partner(at, routes.node(at).route) {
                return false;
            }
            at = routes.node(at).succ;
        }
        true
    }

    /// Two to four tasks in a row to another place.
    fn string(&mut self, routes: &mut Routes) -> Option<()> {
        let first = self.task();
        let wanted = 2 + self.below(3);
        let mut last = first;
        for _ in 1..wanted {
            let next = routes.node(last).succ;
            if !routes.is_task(next) {
                break;
            }
            last = next;
        }
        let route = self.caregiver(routes, first)?;
        let here = routes.node(first).route;
        if route != here {
            let mut at = first;
            loop {
                if !routes.fits(at, route) {
                    return None;
                }
                if at == last {
                    break;
                }
                at = routes.node(at).succ;
            }
        }
        let (before, behind) = (routes.node(first).pred, routes.node(last).succ);
        let when = routes.node(first).start;
        routes.join(before, behind);
        let after = self.place(routes, route, when);
        if after == before {
            return None;
        }
        routes.put(after, first, last);
        let mut at = first;
        loop {
            routes.assign(at, route);
            if at == last {
                return Some(());
            }
            at = routes.node(at).succ;
        }
    }
}
