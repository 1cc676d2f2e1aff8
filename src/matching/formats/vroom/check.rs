//! An independent judge: goes every route again from the document alone, sharing nothing with the search.

use super::{Act, Document, Routes};
use serde::Serialize;

/// What a plan breaks, and how good it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Judged {
    /// A sentence for each thing that cannot be; none in a plan that can be carried out.
    pub errors: Vec<String>,
    /// Priority of the jobs left out.
    pub unserved_priority: i64,
    /// Jobs left out.
    pub unserved: usize,
    /// Seconds of travel.
    pub walking: i64,
}

/// Judges a plan.
pub fn check(document: &Document, routes: &Routes) -> Judged {
    let mut judged = Judged {
        errors: Vec::new(),
        unserved_priority: 0,
        unserved: 0,
        walking: 0,
    };
    let mut served = vec![0; document.jobs.len()];
    for (vehicle, acts) in routes.0.iter().enumerate() {
        for (act, _) in acts {
            if let Act::Job(job) = act {
                served[*job] += 1;
            }
        }
        if !acts.is_empty() {
            judged.route(document, vehicle, acts);
        }
    }
    for (job, times) in document.jobs.iter().zip(served) {
        match times {
            0 => {
                judged.unserved += 1;
                judged.unserved_priority += i64::from(job.priority);
            }
            1 => {}
            _ => judged
                .errors
                .push(format!("job {} is done {times} times", job.id)),
        }
    }
    judged
}

impl Judged {
    fn route(&mut self, document: &Document, at: usize, acts: &[(Act, i64)]) {
        let vehicle = &document.vehicles[at];
        let table = &document.tables[vehicle.table];
        let way = |from: Option<usize>, to: Option<usize>| match (from, to) {
            (Some(from), Some(to)) => i64::from(table[from][to]),
            _ => 0,
        };
        let (opens, closes) = vehicle.time_window.unwrap_or((0, i64::MAX));
        let (mut here, mut now, mut walked) = (vehicle.start, opens, 0);
        let mut rested = vec![false; vehicle.breaks.len()];
        for (act, start) in acts {
            match act {
                Act::Job(job) => {
                    let job = &document.jobs[*job];
                    let walk = way(here, job.place);
                    self.expect(*start >= now + walk, || {
                        format!("vehicle {} is late for job {}", vehicle.id, job.id)
                    });
                    let open = job.time_windows.is_empty()
                        || job
                            .time_windows
                            .iter()
                            .any(|(from, to)| from <= start && start <= to);
                    self.expect(open, || {
                        format!("job {} begins outside its windows", job.id)
                    });
                    self.expect(
                        job.skills
                            .iter()
                            .all(|skill| vehicle.skills.contains(skill)),
                        || format!("vehicle {} lacks a skill for job {}", vehicle.id, job.id),
                    );
                    let setup = if here == job.place { 0 } else { job.setup };
                    now = start + i64::from(setup) + i64::from(job.service);
                    (walked, here) = (walked + walk, job.place);
                }
                Act::Break(rest) => {
                    rested[*rest] = true;
                    let rest = &vehicle.breaks[*rest];
                    let open = rest.time_windows.is_empty()
                        || rest
                            .time_windows
                            .iter()
                            .any(|(from, to)| from <= start && start <= to);
                    self.expect(open && *start >= now, || {
                        format!("break {} of vehicle {} is not then", rest.id, vehicle.id)
                    });
                    now = start + i64::from(rest.service);
                }
            }
        }
        let home = way(here, vehicle.end);
        walked += home;
        self.walking += walked;
        self.expect(now + home <= closes, || {
            format!("vehicle {} comes home late", vehicle.id)
        });
        self.expect(rested.iter().all(|rested| *rested), || {
            format!("vehicle {} misses a break", vehicle.id)
        });
        let most = vehicle.max_travel_time.map_or(i64::MAX, i64::from);
        self.expect(walked <= most, || {
            format!("vehicle {} travels too long", vehicle.id)
        });
        let jobs = acts
            .iter()
            .filter(|(act, _)| matches!(act, Act::Job(_)))
            .count();
        self.expect(jobs <= vehicle.max_tasks.unwrap_or(usize::MAX), || {
            format!("vehicle {} has too many jobs", vehicle.id)
        });
        for at in 0..vehicle.capacity.len() {
            self.load(document, vehicle, acts, at);
        }
    }

    /// One of the things that are carried, along the route.
    fn load(
        &mut self,
        document: &Document,
        vehicle: &super::Vehicle,
        acts: &[(Act, i64)],
        at: usize,
    ) {
        let of = |load: &[i64]| load.get(at).copied().unwrap_or(0);
        let most = vehicle.capacity[at];
        let mut carried = 0;
        for (act, _) in acts {
            if let Act::Job(job) = act {
                carried += of(&document.jobs[*job].delivery);
            }
        }
        let mut fits = carried <= most;
        for (act, _) in acts {
            match act {
                Act::Job(job) => {
                    let job = &document.jobs[*job];
                    carried += of(&job.pickup) - of(&job.delivery);
                    fits &= carried <= most;
                }
                Act::Break(rest) => {
                    let max = vehicle.breaks[*rest].max_load.get(at).copied();
                    fits &= carried <= max.unwrap_or(i64::MAX);
                }
            }
        }
        self.expect(fits, || format!("vehicle {} carries too much", vehicle.id));
    }

    fn expect(&mut self, holds: bool, otherwise: impl FnOnce() -> String) {
        if !holds {
            self.errors.push(otherwise());
        }
    }
}
