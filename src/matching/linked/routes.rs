//! All routes as rings of nodes in one flat array, changed arc by arc, undone from a journal.
//!
//! Nodes are the tasks and then one head for each caregiver, at place 0: a route is the ring from its head back to it.

use super::instance::{Instance, Link, Plan};

/// No node.
pub(super) const NONE: u32 = u32::MAX;

/// How a node is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Alone,
    Together,
    First,
    Second,
    Head,
}

/// All that an evaluation wants to know of a node, on one cache line.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Node {
    pub start: f64,
    /// From the start of the node before to its arrival here.
    pub lead: f64,
    pub open: f64,
    pub due: f64,
    pub duration: f64,
    pub pred: u32,
    pub succ: u32,
    pub partner: u32,
    pub route: u32,
    pub place: u32,
    pub kind: Kind,
    pub queued: bool,
    /// The evaluation that visited it last, and how often it did.
    pub seen: u16,
}

/// What was before, to be put back in reverse order.
#[derive(Debug, Clone, Copy)]
enum Before {
    Start(u32, f64),
    Route(u32, u32),
    Arc {
        from: u32,
        succ: u32,
        to: u32,
        pred: u32,
        lead: f64,
    },
}

/// The travel, the lateness and the greatest lateness.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sums {
    pub travel: f64,
    pub late: f64,
    pub worst: f64,
}

impl Sums {
    pub fn value(&self) -> f64 {
        (self.travel + self.late + self.worst) / 3.0
    }
}

/// A plan while it is searched.
#[derive(Debug, Clone)]
pub(super) struct Routes {
    pub tasks: usize,
    pub caregivers: usize,
    pub nodes: Vec<Node>,
    /// The least and greatest time from the first to the second, under either task's number.
    pub gaps: Vec<(f64, f64)>,
    places: usize,
    travel: Vec<f64>,
    can: Vec<bool>,
    pub sums: Sums,
    kept: Sums,
    journal: Vec<Before>,
    /// Units to be settled: when they are expected, and one of their nodes.
    pub queue: Vec<(f64, u32)>,
    /// Working space of the full evaluation: an order, and predecessors that are still to come.
    pub order: Vec<u32>,
    pub wanted: Vec<u8>,
    /// Tells evaluations apart, in steps of `schedule::VISITS`.
    pub turn: u16,
}

impl Routes {
    /// Empty routes.
    pub fn new(instance: &Instance) -> Self {
        let (tasks, caregivers) = (instance.tasks.len(), instance.caregivers);
        let places = instance.travel.len();
        let mut nodes: Vec<Node> = instance
            .tasks
            .iter()
            .map(|task| Node {
                start: f64::NEG_INFINITY,
                lead: 0.0,
                open: task.open.max(0.0),
                due: task.due,
                duration: task.duration,
                pred: NONE,
                succ: NONE,
                partner: NONE,
                route: NONE,
                place: task.place as u32,
                kind: Kind::Alone,
                queued: false,
                seen: 0,
            })
            .collect();
        nodes.extend((tasks..tasks + caregivers).map(|head| Node {
            start: 0.0,
            lead: 0.0,
            open: 0.0,
            due: f64::INFINITY,
            duration: 0.0,
            pred: head as u32,
            succ: head as u32,
            partner: NONE,
            route: (head - tasks) as u32,
            place: 0,
            kind: Kind::Head,
            queued: false,
            seen: 0,
        }));
        let mut gaps = vec![(0.0, 0.0); tasks];
        for link in &instance.links {
            let (first, second) = link.tasks();
            let kinds = match *link {
                Link::Together(..) => (Kind::Together, Kind::Together),
                Link::Apart { min, max, .. } => {
                    gaps[first] = (min, max);
                    gaps[second] = (min, max);
                    (Kind::First, Kind::Second)
                }
            };
            (nodes[first].kind, nodes[second].kind) = kinds;
            (nodes[first].partner, nodes[second].partner) = (second as u32, first as u32);
        }
        let mut can = vec![false; tasks * caregivers];
        for (at, task) in instance.tasks.iter().enumerate() {
            for &caregiver in &task.allowed {
                can[at * caregivers + caregiver] = true;
            }
        }
        let sums = Sums {
            travel: 0.0,
            late: 0.0,
            worst: 0.0,
        };
        Self {
            tasks,
            caregivers,
            gaps,
            places,
            travel: instance.travel.concat(),
            can,
            sums,
            kept: sums,
            journal: Vec::with_capacity(16 * nodes.len()),
            queue: Vec::with_capacity(nodes.len()),
            order: Vec::with_capacity(nodes.len()),
            wanted: vec![0; nodes.len()],
            turn: 0,
            nodes,
        }
    }

    pub fn node(&self, at: u32) -> &Node {
        &self.nodes[at as usize]
    }

    pub fn head(&self, route: u32) -> u32 {
        self.tasks as u32 + route
    }

    pub fn is_task(&self, at: u32) -> bool {
        (at as usize) < self.tasks
    }

    /// Whether a route's caregiver may give a task.
    pub fn can(&self, task: u32, route: u32) -> bool {
        self.can[task as usize * self.caregivers + route as usize]
    }

    /// Whether a task may be in a route beside its partner, if that one is there.
    pub fn fits(&self, task: u32, route: u32) -> bool {
        self.can(task, route) && !self.meets_partner(task, route)
    }

    /// Whether the route has the other of two tasks that need two caregivers.
    pub fn meets_partner(&self, task: u32, route: u32) -> bool {
        let node = self.node(task);
        node.kind == Kind::Together && self.node(node.partner).route == route
    }

    pub fn way(&self, from: u32, to: u32) -> f64 {
        self.travel[from as usize * self.places + to as usize]
    }

    /// Expect the start of a task's unit to change, about at `when`.
    pub fn enqueue(&mut self, at: u32, when: f64) {
        let node = &self.nodes[at as usize];
        let unit = at.min(node.partner);
        let key = when.max(node.start);
        let node = &mut self.nodes[unit as usize];
        if !node.queued {
            node.queued = true;
            self.queue.push((key, unit));
        }
    }

    /// Let `to` follow `from`.
    pub fn join(&mut self, from: u32, to: u32) {
        let (one, other) = (self.nodes[from as usize], self.nodes[to as usize]);
        self.journal.push(Before::Arc {
            from,
            succ: one.succ,
            to,
            pred: other.pred,
            lead: other.lead,
        });
        let way = self.way(one.place, other.place);
        self.sums.travel += way;
        if one.succ != NONE {
            self.sums.travel -= self.way(one.place, self.node(one.succ).place);
        }
        let lead = one.duration + way;
        self.nodes[from as usize].succ = to;
        let node = &mut self.nodes[to as usize];
        (node.pred, node.lead) = (from, lead);
        if other.kind != Kind::Head {
            self.enqueue(to, one.start + lead);
        }
    }

    /// Close the gap around a task, which keeps its own arcs until it is put elsewhere.
    pub fn take(&mut self, task: u32) {
        let node = *self.node(task);
        self.join(node.pred, node.succ);
    }

    /// Put a task, or a string of them, that was taken out behind `after`.
    pub fn put(&mut self, after: u32, first: u32, last: u32) {
        let next = self.node(after).succ;
        self.join(after, first);
        self.join(last, next);
    }

    /// Say which route a task is in now.
    pub fn assign(&mut self, task: u32, route: u32) {
        let before = self.node(task).route;
        if before != route {
            self.journal.push(Before::Route(task, before));
            self.nodes[task as usize].route = route;
        }
    }

    /// Put one task behind `after`, in its route.
    pub fn insert(&mut self, after: u32, task: u32) {
        self.put(after, task, task);
        let route = self.node(after).route;
        self.assign(task, route);
    }

    /// Set a start and count its lateness. True if the greatest lateness may have fallen.
    pub fn set_start(&mut self, at: u32, start: f64) -> bool {
        let node = &mut self.nodes[at as usize];
        let (old, new) = (
            (node.start - node.due).max(0.0),
            (start - node.due).max(0.0),
        );
        self.journal.push(Before::Start(at, node.start));
        node.start = start;
        self.sums.late += new - old;
        if new >= self.sums.worst {
            self.sums.worst = new;
            false
        } else {
            old >= self.sums.worst
        }
    }

    /// Make what was done since the last `keep` the plan.
    pub fn keep(&mut self) {
        self.journal.clear();
        self.kept = self.sums;
    }

    /// Undo what was done since the last `keep`.
    pub fn undo(&mut self) {
        while let Some(before) = self.journal.pop() {
            match before {
                Before::Start(at, start) => self.nodes[at as usize].start = start,
                Before::Route(at, route) => self.nodes[at as usize].route = route,
                Before::Arc {
                    from,
                    succ,
                    to,
                    pred,
                    lead,
                } => {
                    self.nodes[from as usize].succ = succ;
                    let node = &mut self.nodes[to as usize];
                    (node.pred, node.lead) = (pred, lead);
                }
            }
        }
        while let Some((_, unit)) = self.queue.pop() {
            self.nodes[unit as usize].queued = false;
        }
        self.sums = self.kept;
    }

    /// Count everything anew, so that rounding does not add up.
    pub fn recount(&mut self) {
        let (mut travel, mut late, mut worst) = (0.0, 0.0, 0.0_f64);
        for node in self.nodes.iter().filter(|node| node.succ != NONE) {
            travel += self.way(node.place, self.node(node.succ).place);
            let one = (node.start - node.due).max(0.0);
            late += one;
            worst = worst.max(one);
        }
        self.sums = Sums {
            travel,
            late,
            worst,
        };
        self.kept = self.sums;
    }

    /// The plan as it stands.
    pub fn plan(&self) -> Plan {
        let routes = (0..self.caregivers as u32).map(|route| {
            let head = self.head(route);
            let next = |&at: &u32| Some(self.node(at).succ).filter(|&at| at != head);
            std::iter::successors(next(&head), next)
                .map(|at| at as usize)
                .collect()
        });
        Plan {
            routes: routes.collect(),
            starts: self.nodes[..self.tasks].iter().map(|n| n.start).collect(),
        }
    }
}
