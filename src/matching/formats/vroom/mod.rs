//! VROOM's JSON: jobs, vehicles and a table of durations; the plan as routes of steps. The format is described in the
//! documentation of VROOM 1.15.
//!
//! A job's time window bounds the start of what is done there: setup, where the vehicle comes from another place, then
//! service. A break is taken where the vehicle is. Travel counts from the vehicle's start and to its end, where it has them.

mod check;
mod model;
mod plan;
mod read;
#[cfg(test)]
pub(in crate::formats) mod tests;
mod write;

pub use check::{Judged, check};
pub use plan::read_plan;
pub use read::{Break, Given, Job, Vehicle, read};
pub use write::write;

use crate::search::{self, Stop};

/// A problem that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// What is to be done.
    pub jobs: Vec<Job>,
    /// Who can do it.
    pub vehicles: Vec<Vehicle>,
    /// Seconds from place to place: one table for each profile and speed.
    pub tables: Vec<Vec<Vec<u32>>>,
}

/// What a vehicle does, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A job, by its place in the document.
    Job(usize),
    /// One of the vehicle's breaks.
    Break(usize),
}

/// A plan: what each vehicle does, with the time each begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routes(pub Vec<Vec<(Act, i64)>>);

impl Routes {
    /// The jobs nobody does.
    pub fn unassigned(&self, document: &Document) -> Vec<usize> {
        let mut done = vec![false; document.jobs.len()];
        for (act, _) in self.0.iter().flatten() {
            if let Act::Job(job) = act {
                done[*job] = true;
            }
        }
        (0..done.len()).filter(|job| !done[*job]).collect()
    }
}

/// The best plan found until `stop` says so.
pub fn solve(document: &Document, stop: &mut dyn Stop, seed: u64) -> Routes {
    let stated = model::Stated::new(document);
    let given: Vec<Vec<usize>> = (0..document.vehicles.len())
        .map(|vehicle| stated.tasks_of(document, vehicle))
        .collect();
    let found = search::solve_model(&stated.model, &given, stop, seed);
    stated.routes(document, &found)
}
