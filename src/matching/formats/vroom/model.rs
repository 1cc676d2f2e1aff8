//! A document as the search reads it.

use super::read::{Given, Step};
use super::{Act, Document, Job, Routes, Vehicle};
use crate::search::model::{LONG_AGO, Model, NO_LIMIT, Person, Slot, Task, Time, Weights};
use std::ops::Range;

/// More than all jobs together: a break is never left out for one.
const BREAK_PRIORITY: i64 = 1 << 24;

/// The model, and how to find one's way back.
pub(super) struct Stated {
    pub model: Model,
    /// The document's time of the model's zero.
    epoch: i64,
    acts: Vec<Act>,
    /// The first of each vehicle's breaks among the tasks.
    breaks: Vec<usize>,
}

impl Stated {
    pub(super) fn new(document: &Document) -> Self {
        let mut stated = Self {
            model: Model::empty(),
            epoch: epoch(document),
            acts: (0..document.jobs.len()).map(Act::Job).collect(),
            breaks: Vec::new(),
        };
        stated.add_tables(document);
        let along = document
            .jobs
            .iter()
            .any(|job| job.setup > 0 || job.pickup.iter().any(|load| *load > 0));
        let people = document
            .vehicles
            .iter()
            .map(|vehicle| stated.person(vehicle, along))
            .collect();
        stated.model.people = people;
        let idle = document.jobs.iter().filter(|job| job.priority == 0).count() as i64;
        let loads = document.vehicles[0].capacity.len();
        for job in &document.jobs {
            let choices = stated.choices(document, job);
            let place = job.place.unwrap_or(0) as u32;
            let windows = stated.windows(&job.time_windows);
            stated.model.near_at(middle(&windows));
            stated.model.tasks.push(Task {
                place,
                duration: length(job.service),
                setup: length(job.setup),
                // Whoever has no priority counts for less than any who have, and for something all the same.
                priority: if job.priority == 0 {
                    1
                } else {
                    i64::from(job.priority) * (idle + 1)
                },
                crew: 1,
                brings: padded(&job.delivery, loads),
                takes: padded(&job.pickup, loads),
                choices,
                ..Task::default()
            });
        }
        stated.add_breaks(document);
        let way = stated.model.mean_way();
        stated.model.weights = Weights::of(&stated.model.tasks, way, false);
        stated.model.find_near();
        stated
    }

    fn add_tables(&mut self, document: &Document) {
        let places = document.tables[0].len();
        for table in &document.tables {
            let between = |from: usize, to: usize| table[from][to];
            self.model.add_table(places, between);
        }
    }

    fn time(&self, at: i64) -> Time {
        crate::search::model::time(at.saturating_sub(self.epoch))
    }

    fn person(&self, vehicle: &Vehicle, along: bool) -> Person {
        let hours = vehicle.time_window.map_or((0, -LONG_AGO), |(from, to)| {
            (self.time(from), self.time(to))
        });
        Person {
            start: vehicle.start.map(|place| place as u32),
            end: vehicle.end.map(|place| place as u32),
            ways: vehicle.table * self.model.places * self.model.places,
            hours,
            daily_limit: NO_LIMIT,
            weekly_limit: NO_LIMIT,
            care_before: vec![0],
            recent_load: 0,
            capacity: vehicle.capacity.clone(),
            most_visits: vehicle.max_tasks.unwrap_or(usize::MAX),
            most_walking: vehicle.max_travel_time.map_or(NO_LIMIT, i64::from),
            whole: along || !vehicle.breaks.is_empty() || vehicle.max_travel_time.is_some(),
        }
    }

    fn windows(&self, of: &[(i64, i64)]) -> Vec<(Time, Time)> {
        if of.is_empty() {
            return vec![(0, -LONG_AGO)];
        }
        of.iter()
            .map(|(from, to)| (self.time(*from), self.time(*to)))
            .collect()
    }

    fn choices(&mut self, document: &Document, job: &Job) -> Range<usize> {
        let first = self.model.choices.len();
        let windows = self.windows(&job.time_windows);
        for (at, vehicle) in document.vehicles.iter().enumerate() {
            if !job.skills.is_subset(&vehicle.skills) {
                continue;
            }
            let (opens, closes) = self.reach(at, job);
            let begin = self.model.slots.len();
            for (from, to) in &windows {
                self.add_slot((*from).max(opens), (*to).min(closes));
            }
            if begin < self.model.slots.len() {
                self.model.choose(at, 0, begin);
            }
        }
        first..self.model.choices.len()
    }

    /// Between which starts a vehicle could do a job, coming from its start and going to its end.
    fn reach(&self, vehicle: usize, job: &Job) -> (Time, Time) {
        let person = &self.model.people[vehicle];
        let place = job.place.unwrap_or(0) as u32;
        let out = person
            .start
            .map_or(0, |start| self.model.walk(person.ways, start, place));
        let home = person
            .end
            .map_or(0, |end| self.model.walk(person.ways, place, end));
        let (opens, closes) = person.hours;
        (opens + out, closes - home - length(job.service))
    }

    fn add_slot(&mut self, from: Time, to: Time) {
        if from <= to {
            self.model.slots.push(Slot {
                from,
                to,
                day: 0,
                week: 0,
                keeps: false,
            });
        }
    }

    fn add_breaks(&mut self, document: &Document) {
        for (at, vehicle) in document.vehicles.iter().enumerate() {
            self.breaks.push(self.model.tasks.len());
            for (number, rest) in vehicle.breaks.iter().enumerate() {
                let first = self.model.choices.len();
                let begin = self.model.slots.len();
                let (opens, closes) = self.model.people[at].hours;
                for (from, to) in self.windows(&rest.time_windows) {
                    self.add_slot(from.max(opens), to.min(closes - length(rest.service)));
                }
                if begin < self.model.slots.len() {
                    self.model.choose(at, 0, begin);
                }
                let most = if rest.max_load.is_empty() {
                    vec![NO_LIMIT; vehicle.capacity.len()]
                } else {
                    rest.max_load.clone()
                };
                self.model.near_at(0);
                self.model.tasks.push(Task {
                    duration: length(rest.service),
                    priority: BREAK_PRIORITY,
                    crew: 1,
                    rest: true,
                    takes: most,
                    choices: first..self.model.choices.len(),
                    ..Task::default()
                });
                self.acts.push(Act::Break(number));
            }
        }
    }

    /// The tasks of a route given in advance.
    pub(super) fn tasks_of(&self, document: &Document, vehicle: usize) -> Vec<usize> {
        let of = &document.vehicles[vehicle];
        let task = |step: &Given| match step.kind {
            Step::Job => document.jobs.iter().position(|job| Some(job.id) == step.id),
            Step::Break => of
                .breaks
                .iter()
                .position(|rest| Some(rest.id) == step.id)
                .map(|number| self.breaks[vehicle] + number),
            _ => None,
        };
        of.steps.iter().filter_map(task).collect()
    }

    /// What the search found, in the document's own terms. A vehicle that could not take all its breaks stays at home.
    pub(super) fn routes(&self, document: &Document, found: &[Vec<(usize, Time)>]) -> Routes {
        let route = |(vehicle, stops): (&Vehicle, &Vec<(usize, Time)>)| {
            let acts: Vec<_> = stops
                .iter()
                .map(|(task, start)| (self.acts[*task], i64::from(*start) + self.epoch))
                .collect();
            let is_break = |(act, _): &&(Act, i64)| matches!(act, Act::Break(_));
            let breaks = acts.iter().filter(is_break).count();
            if breaks == acts.len() || breaks < vehicle.breaks.len() {
                Vec::new()
            } else {
                acts
            }
        };
        Routes(document.vehicles.iter().zip(found).map(route).collect())
    }
}

/// Times are told from the earliest window on, so that those of a calendar fit as well.
fn epoch(document: &Document) -> i64 {
    let of_jobs = document.jobs.iter().flat_map(|job| &job.time_windows);
    let of_vehicles = document
        .vehicles
        .iter()
        .filter_map(|vehicle| vehicle.time_window.as_ref());
    of_jobs
        .chain(of_vehicles)
        .map(|window| window.0)
        .min()
        .unwrap_or(0)
}

fn length(seconds: u32) -> Time {
    crate::search::model::time(i64::from(seconds))
}

fn middle(windows: &[(Time, Time)]) -> Time {
    let (first, last) = (windows[0].0, windows[windows.len() - 1].1);
    ((i64::from(first) + i64::from(last)) / 2) as Time
}

fn padded(load: &[i64], loads: usize) -> Vec<i64> {
    if load.is_empty() {
        vec![0; loads]
    } else {
        load.to_vec()
    }
}
