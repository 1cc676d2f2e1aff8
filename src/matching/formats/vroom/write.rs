//! Writing a plan.

use super::{Act, Document, Job, Routes, Vehicle};
use serde_json::{Value, json};

/// The plan as VROOM writes one. `solving_ms` is told as the time the search took.
pub fn write(document: &Document, routes: &Routes, solving_ms: u64) -> Value {
    let written: Vec<Route> = document
        .vehicles
        .iter()
        .zip(&routes.0)
        .filter(|(_, acts)| !acts.is_empty())
        .map(|(vehicle, acts)| Route::of(document, vehicle, acts))
        .collect();
    let unassigned: Vec<Value> = routes
        .unassigned(document)
        .into_iter()
        .map(|at| named(&document.jobs[at], "job"))
        .collect();
    let sum = |of: fn(&Route) -> i64| written.iter().map(of).sum::<i64>();
    json!({
        "code": 0,
        "summary": {
            "cost": sum(|route| route.duration),
            "routes": written.len(),
            "unassigned": unassigned.len(),
            "setup": sum(|route| route.setup),
            "service": sum(|route| route.service),
            "duration": sum(|route| route.duration),
            "waiting_time": sum(|route| route.waiting),
            "priority": sum(|route| route.priority),
            "delivery": total(&written, |route| &route.delivery),
            "pickup": total(&written, |route| &route.pickup),
            "violations": [],
            "computing_times": { "loading": 0, "solving": solving_ms, "routing": 0 },
        },
        "unassigned": unassigned,
        "routes": written.iter().map(Route::json).collect::<Vec<_>>(),
    })
}

fn total<'r>(routes: &'r [Route<'r>], of: fn(&'r Route<'r>) -> &'r [i64]) -> Vec<i64> {
    let loads = routes.first().map_or(0, |route| of(route).len());
    (0..loads)
        .map(|at| routes.iter().map(|route| of(route)[at]).sum())
        .collect()
}

fn named(job: &Job, kind: &str) -> Value {
    let mut value = json!({ "id": job.id, "type": kind, "location_index": job.place });
    if let Some(description) = &job.description {
        value["description"] = json!(description);
    }
    value
}

/// One vehicle's day, added up on the way.
struct Route<'d> {
    vehicle: &'d Vehicle,
    table: &'d [Vec<u32>],
    steps: Vec<Value>,
    load: Vec<i64>,
    place: Option<usize>,
    now: i64,
    duration: i64,
    setup: i64,
    service: i64,
    waiting: i64,
    priority: i64,
    delivery: Vec<i64>,
    pickup: Vec<i64>,
}

impl<'d> Route<'d> {
    fn of(document: &'d Document, vehicle: &'d Vehicle, acts: &[(Act, i64)]) -> Self {
        let loads = vec![0; vehicle.capacity.len()];
        let mut route = Self {
            vehicle,
            table: &document.tables[vehicle.table],
            steps: Vec::new(),
            load: loads.clone(),
            place: vehicle.start,
            now: 0,
            duration: 0,
            setup: 0,
            service: 0,
            waiting: 0,
            priority: 0,
            delivery: loads.clone(),
            pickup: loads,
        };
        for (act, _) in acts {
            if let Act::Job(job) = act {
                add(&mut route.load, &document.jobs[*job].delivery, 1);
            }
        }
        route.set_out(document, acts);
        for (act, start) in acts {
            match act {
                Act::Job(job) => route.job(&document.jobs[*job], *start),
                Act::Break(rest) => route.rest(*rest, *start),
            }
        }
        route.come_home();
        route
    }

    /// Sets out so late that nobody waits at the first stop.
    fn set_out(&mut self, document: &Document, acts: &[(Act, i64)]) {
        self.now = match acts[0] {
            (Act::Job(job), start) => start - self.way(document.jobs[job].place),
            (Act::Break(_), start) => start,
        };
        if self.vehicle.start.is_some() {
            self.step("start", json!({ "location_index": self.vehicle.start }), 0);
        }
    }

    fn way(&self, to: Option<usize>) -> i64 {
        match (self.place, to) {
            (Some(from), Some(to)) => i64::from(self.table[from][to]),
            _ => 0,
        }
    }

    fn step(&mut self, kind: &str, more: Value, waiting: i64) {
        let mut step = json!({
            "type": kind,
            "arrival": self.now,
            "duration": self.duration,
            "setup": 0,
            "service": 0,
            "waiting_time": waiting,
            "violations": [],
        });
        if !self.load.is_empty() {
            step["load"] = json!(self.load);
        }
        if let (Value::Object(step), Value::Object(more)) = (&mut step, more) {
            step.extend(more);
        }
        self.steps.push(step);
    }

    fn job(&mut self, job: &Job, start: i64) {
        let way = self.way(job.place);
        let setup = if self.place == job.place {
            0
        } else {
            i64::from(job.setup)
        };
        self.now += way;
        self.duration += way;
        let waiting = start - self.now;
        add(&mut self.load, &job.delivery, -1);
        add(&mut self.load, &job.pickup, 1);
        add(&mut self.delivery, &job.delivery, 1);
        add(&mut self.pickup, &job.pickup, 1);
        let mut more = named(job, "job");
        more["job"] = json!(job.id);
        more["setup"] = json!(setup);
        more["service"] = json!(job.service);
        self.step("job", more, waiting);
        self.place = job.place;
        self.now = start + setup + i64::from(job.service);
        self.waiting += waiting;
        self.setup += setup;
        self.service += i64::from(job.service);
        self.priority += i64::from(job.priority);
    }

    fn rest(&mut self, at: usize, start: i64) {
        let rest = &self.vehicle.breaks[at];
        let waiting = start - self.now;
        let mut more = json!({ "id": rest.id, "service": rest.service });
        if let Some(description) = &rest.description {
            more["description"] = json!(description);
        }
        self.step("break", more, waiting);
        self.now = start + i64::from(rest.service);
        self.waiting += waiting;
        self.service += i64::from(rest.service);
    }

    fn come_home(&mut self) {
        let Some(end) = self.vehicle.end else {
            return;
        };
        let way = self.way(Some(end));
        self.now += way;
        self.duration += way;
        self.step("end", json!({ "location_index": end }), 0);
    }

    fn json(&self) -> Value {
        let mut value = json!({
            "vehicle": self.vehicle.id,
            "cost": self.duration,
            "setup": self.setup,
            "service": self.service,
            "duration": self.duration,
            "waiting_time": self.waiting,
            "priority": self.priority,
            "delivery": self.delivery,
            "pickup": self.pickup,
            "violations": [],
            "steps": self.steps,
        });
        if let Some(description) = &self.vehicle.description {
            value["description"] = json!(description);
        }
        value
    }
}

fn add(sum: &mut [i64], more: &[i64], sign: i64) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += sign * more;
    }
}
