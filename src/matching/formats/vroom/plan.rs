//! Reading a plan, whoever made it, so that it can be judged.

use super::read::MOST;
use super::{Act, Document, Routes};
use crate::formats::{Unreadable, parse};
use serde::Deserialize;

#[derive(Deserialize)]
struct File {
    routes: Vec<Route>,
}

#[derive(Deserialize)]
struct Route {
    vehicle: u64,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
    #[serde(default)]
    arrival: i64,
    #[serde(default)]
    waiting_time: i64,
}

/// A plan as VROOM or [`super::write`] writes it. What a step begins with is its arrival and its waiting; what the file says
/// of sums, loads and jobs left out is not looked at.
///
/// # Errors
/// If it is no JSON, or names a vehicle, a job or a break that the problem does not have.
pub fn read_plan(document: &Document, text: &str) -> Result<Routes, Unreadable> {
    let file: File = parse(text)?;
    let mut routes = vec![Vec::new(); document.vehicles.len()];
    for (at, route) in file.routes.iter().enumerate() {
        let path = format!("routes[{at}]");
        let vehicle = document
            .vehicles
            .iter()
            .position(|vehicle| vehicle.id == route.vehicle)
            .filter(|vehicle| routes[*vehicle].is_empty());
        let Some(vehicle) = vehicle else {
            let field = format!("{path}.vehicle");
            return Err(Unreadable::new(
                field,
                "there is no such vehicle, or no second one",
            ));
        };
        for (nth, step) in route.steps.iter().enumerate() {
            let field = || format!("{path}.steps[{nth}]");
            let act = match step.kind.as_str() {
                "start" | "end" => continue,
                "job" => job(document, step.id),
                "break" => rest(document, vehicle, step.id),
                _ => None,
            };
            let act =
                act.ok_or_else(|| Unreadable::new(field(), "the problem has no such step"))?;
            if ![step.arrival, step.waiting_time]
                .iter()
                .all(|time| (0..=MOST).contains(time))
            {
                return Err(Unreadable::new(
                    field(),
                    format!("a time is not from 0 to {MOST}"),
                ));
            }
            routes[vehicle].push((act, step.arrival + step.waiting_time));
        }
    }
    Ok(Routes(routes))
}

fn job(document: &Document, id: Option<u64>) -> Option<Act> {
    let mut jobs = document.jobs.iter();
    jobs.position(|job| Some(job.id) == id).map(Act::Job)
}

fn rest(document: &Document, vehicle: usize, id: Option<u64>) -> Option<Act> {
    let mut breaks = document.vehicles[vehicle].breaks.iter();
    breaks.position(|rest| Some(rest.id) == id).map(Act::Break)
}
