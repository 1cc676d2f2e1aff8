//! Reading a problem, with a sentence for whatever cannot be planned.

use super::Document;
use crate::formats::{Unreadable, parse};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, HashSet};

/// Something to be done at a place.
#[derive(Debug, Clone, Deserialize)]
pub struct Job {
    /// The document's own number.
    pub id: u64,
    /// Carried over to the plan.
    pub description: Option<String>,
    /// Row and column of the tables.
    #[serde(rename = "location_index")]
    pub place: Option<usize>,
    /// Seconds before the service where the vehicle comes from another place.
    #[serde(default)]
    pub setup: u32,
    /// Seconds of service.
    #[serde(default)]
    pub service: u32,
    /// Brought there.
    #[serde(default)]
    pub delivery: Vec<i64>,
    /// Taken away.
    #[serde(default)]
    pub pickup: Vec<i64>,
    /// All of these are needed.
    #[serde(default)]
    pub skills: HashSet<u32>,
    /// 0 to 100.
    #[serde(default)]
    pub priority: u32,
    /// When it may begin; at any time where there are none.
    #[serde(default)]
    pub time_windows: Vec<(i64, i64)>,
    #[serde(default)]
    setup_per_type: Option<IgnoredAny>,
    #[serde(default)]
    service_per_type: Option<IgnoredAny>,
}

/// Who does jobs.
#[derive(Debug, Clone, Deserialize)]
pub struct Vehicle {
    /// The document's own number.
    pub id: u64,
    /// Carried over to the plan.
    pub description: Option<String>,
    #[serde(default = "car")]
    profile: String,
    /// Where it sets out.
    #[serde(rename = "start_index")]
    pub start: Option<usize>,
    /// Where it comes home.
    #[serde(rename = "end_index")]
    pub end: Option<usize>,
    #[serde(rename = "start")]
    start_coordinates: Option<IgnoredAny>,
    #[serde(rename = "end")]
    end_coordinates: Option<IgnoredAny>,
    /// What it can carry at a time.
    #[serde(default)]
    pub capacity: Vec<i64>,
    /// What it can do.
    #[serde(default)]
    pub skills: HashSet<u32>,
    /// From setting out to coming home.
    pub time_window: Option<(i64, i64)>,
    /// To be taken, each in one of its windows.
    #[serde(default)]
    pub breaks: Vec<Break>,
    #[serde(default = "one")]
    speed_factor: f64,
    /// Jobs at most.
    pub max_tasks: Option<usize>,
    /// Seconds of travel at most.
    pub max_travel_time: Option<u32>,
    max_distance: Option<IgnoredAny>,
    costs: Option<Costs>,
    /// A route to begin with.
    #[serde(default)]
    pub steps: Vec<Given>,
    /// Its table among [`Document::tables`].
    #[serde(skip)]
    pub table: usize,
}

/// Time a vehicle needs for itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Break {
    /// The document's own number.
    pub id: u64,
    /// Carried over to the plan.
    pub description: Option<String>,
    /// When it may begin; at any time where there are none.
    #[serde(default)]
    pub time_windows: Vec<(i64, i64)>,
    /// Seconds.
    #[serde(default)]
    pub service: u32,
    /// What may be carried meanwhile at most.
    #[serde(default)]
    pub max_load: Vec<i64>,
}

/// A step of a route given in advance.
#[derive(Debug, Clone, Deserialize)]
pub struct Given {
    #[serde(rename = "type")]
    pub(super) kind: Step,
    pub(super) id: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Step {
    Start,
    Job,
    Pickup,
    Delivery,
    Break,
    End,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Costs {
    #[serde(default)]
    fixed: i64,
    #[serde(default = "hour")]
    per_hour: i64,
    #[serde(default)]
    per_km: i64,
    #[serde(default)]
    per_task_hour: i64,
}

#[derive(Deserialize)]
struct Matrix {
    durations: Option<Vec<Vec<u32>>>,
    costs: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct File {
    #[serde(default)]
    jobs: Vec<Job>,
    #[serde(default)]
    shipments: Vec<IgnoredAny>,
    vehicles: Vec<Vehicle>,
    #[serde(default)]
    matrices: BTreeMap<String, Matrix>,
}

fn car() -> String {
    "car".to_owned()
}

fn one() -> f64 {
    1.0
}

fn hour() -> i64 {
    3_600
}

/// Seconds and loads beyond this, a good thousand years, are refused: so that no sum of them leaves the numbers.
pub(super) const MOST: i64 = 1 << 35;

/// Seconds of the longest way: eight years.
const LONGEST_WAY: u32 = 1 << 28;

/// Reads a problem.
///
/// # Errors
/// The first field that is wrong, or that asks for what cannot be planned.
pub fn read(text: &str) -> Result<Document, Unreadable> {
    let mut file: File = parse(text)?;
    if !file.shipments.is_empty() {
        return wrong(
            "shipments",
            "what is picked up at one place and brought to another cannot be planned; state jobs with delivery or pickup",
        );
    }
    if file.vehicles.is_empty() {
        return wrong("vehicles", "at least one is needed");
    }
    let tables = tables(&mut file)?;
    let loads = file
        .vehicles
        .iter()
        .map(|vehicle| vehicle.capacity.len())
        .max();
    let document = Document {
        jobs: file.jobs,
        vehicles: file.vehicles,
        tables,
    };
    check_jobs(&document, loads.unwrap_or(0))?;
    check_vehicles(&document, loads.unwrap_or(0))?;
    Ok(document)
}

fn wrong<T>(field: impl Into<String>, what: impl Into<String>) -> Result<T, Unreadable> {
    Err(Unreadable::new(field, what))
}

/// One table for each profile and speed that a vehicle uses.
fn tables(file: &mut File) -> Result<Vec<Vec<Vec<u32>>>, Unreadable> {
    let mut known: Vec<(String, u64)> = Vec::new();
    let mut tables = Vec::new();
    for (at, vehicle) in file.vehicles.iter_mut().enumerate() {
        if !(vehicle.speed_factor > 0.0 && vehicle.speed_factor <= 5.0) {
            return wrong(
                format!("vehicles[{at}].speed_factor"),
                "must be more than 0 and at most 5",
            );
        }
        let key = (vehicle.profile.clone(), vehicle.speed_factor.to_bits());
        if let Some(table) = known.iter().position(|other| *other == key) {
            vehicle.table = table;
            continue;
        }
        let field = format!("matrices.{}", vehicle.profile);
        let Some(matrix) = file.matrices.get(&vehicle.profile) else {
            return wrong(
                field,
                format!(
                    "vehicles[{at}] uses this profile; ways are read from its durations, not computed from coordinates"
                ),
            );
        };
        if matrix.costs.is_some() {
            return wrong(format!("{field}.costs"), "only durations can be planned by");
        }
        let Some(durations) = &matrix.durations else {
            return wrong(format!("{field}.durations"), "is needed");
        };
        if let Some(row) = durations
            .iter()
            .position(|row| row.len() != durations.len())
        {
            return wrong(
                format!("{field}.durations[{row}]"),
                format!("{} numbers expected, as many as rows", durations.len()),
            );
        }
        let factor = vehicle.speed_factor;
        let scaled = |way: &u32| (f64::from(*way) / factor).round() as u32;
        if let Some(row) = durations
            .iter()
            .position(|row| row.iter().any(|way| scaled(way) > LONGEST_WAY))
        {
            return wrong(
                format!("{field}.durations[{row}]"),
                format!("a way of more than {LONGEST_WAY} seconds cannot be planned"),
            );
        }
        tables.push(
            durations
                .iter()
                .map(|row| row.iter().map(scaled).collect())
                .collect(),
        );
        vehicle.table = known.len();
        known.push(key);
    }
    let places = tables.first().map_or(0, Vec::len);
    if tables
        .iter()
        .any(|table: &Vec<Vec<u32>>| table.len() != places)
    {
        return wrong("matrices", "all must have the same number of places");
    }
    Ok(tables)
}

fn check_jobs(document: &Document, loads: usize) -> Result<(), Unreadable> {
    let mut ids = HashSet::new();
    for (at, job) in document.jobs.iter().enumerate() {
        let field = |name: &str| format!("jobs[{at}].{name}");
        if !ids.insert(job.id) {
            return wrong(field("id"), format!("{} is used twice", job.id));
        }
        let Some(place) = job.place else {
            return wrong(
                field("location_index"),
                "is needed; places are rows of the matrices",
            );
        };
        check_place(document, &field("location_index"), place)?;
        check_windows(&field("time_windows"), &job.time_windows)?;
        check_loads(&field("delivery"), &job.delivery, loads)?;
        check_loads(&field("pickup"), &job.pickup, loads)?;
        if job.priority > 100 {
            return wrong(field("priority"), "must be from 0 to 100");
        }
        if job.setup_per_type.is_some() || job.service_per_type.is_some() {
            return wrong(
                field("service_per_type"),
                "times that differ by type of vehicle cannot be planned",
            );
        }
    }
    Ok(())
}

fn check_vehicles(document: &Document, loads: usize) -> Result<(), Unreadable> {
    let mut ids = HashSet::new();
    let mut costs = None;
    let mut given = HashSet::new();
    for (at, vehicle) in document.vehicles.iter().enumerate() {
        let field = |name: &str| format!("vehicles[{at}].{name}");
        if !ids.insert(vehicle.id) {
            return wrong(field("id"), format!("{} is used twice", vehicle.id));
        }
        for (name, place, coordinates) in [
            ("start_index", vehicle.start, &vehicle.start_coordinates),
            ("end_index", vehicle.end, &vehicle.end_coordinates),
        ] {
            match (place, coordinates) {
                (Some(place), _) => check_place(document, &field(name), place)?,
                (None, Some(_)) => {
                    return wrong(field(name), "is needed; places are rows of the matrices");
                }
                (None, None) => {}
            }
        }
        if vehicle.start.is_none() && vehicle.end.is_none() {
            return wrong(field("start_index"), "a vehicle needs a start or an end");
        }
        if vehicle.capacity.len() != loads {
            return wrong(
                field("capacity"),
                format!("{loads} numbers expected, as many as other vehicles have"),
            );
        }
        check_loads(&field("capacity"), &vehicle.capacity, loads)?;
        check_windows(&field("time_window"), vehicle.time_window.as_slice())?;
        if vehicle.max_distance.is_some() {
            return wrong(field("max_distance"), "distances cannot be planned by");
        }
        check_costs(&field("costs"), vehicle.costs.as_ref(), &mut costs)?;
        check_breaks(&field("breaks"), vehicle, loads)?;
        check_steps(document, &field("steps"), vehicle, &mut given)?;
    }
    Ok(())
}

fn check_breaks(field: &str, vehicle: &Vehicle, loads: usize) -> Result<(), Unreadable> {
    let mut ids = HashSet::new();
    for (at, rest) in vehicle.breaks.iter().enumerate() {
        if !ids.insert(rest.id) {
            return wrong(
                format!("{field}[{at}].id"),
                format!("{} is used twice", rest.id),
            );
        }
        check_windows(&format!("{field}[{at}].time_windows"), &rest.time_windows)?;
        check_loads(&format!("{field}[{at}].max_load"), &rest.max_load, loads)?;
    }
    Ok(())
}

fn check_steps(
    document: &Document,
    field: &str,
    vehicle: &Vehicle,
    given: &mut HashSet<u64>,
) -> Result<(), Unreadable> {
    for (at, step) in vehicle.steps.iter().enumerate() {
        let id = format!("{field}[{at}].id");
        match step.kind {
            Step::Start | Step::End => {}
            Step::Pickup | Step::Delivery => {
                return wrong(
                    format!("{field}[{at}].type"),
                    "shipments cannot be planned; start, job, break or end expected",
                );
            }
            Step::Job => match step.id {
                Some(job) if !document.jobs.iter().any(|other| other.id == job) => {
                    return wrong(id, format!("there is no job {job}"));
                }
                Some(job) if !given.insert(job) => {
                    return wrong(id, format!("job {job} is given twice"));
                }
                Some(_) => {}
                None => return wrong(id, "is needed"),
            },
            Step::Break => match step.id {
                Some(rest) if vehicle.breaks.iter().any(|other| other.id == rest) => {}
                _ => return wrong(id, "one of the vehicle's breaks is needed"),
            },
        }
    }
    Ok(())
}

fn check_place(document: &Document, field: &str, place: usize) -> Result<(), Unreadable> {
    let places = document.tables.first().map_or(0, Vec::len);
    if place < places {
        Ok(())
    } else {
        wrong(field, format!("{place} is not among the {places} places"))
    }
}

fn check_windows(field: &str, windows: &[(i64, i64)]) -> Result<(), Unreadable> {
    for (at, (from, to)) in windows.iter().enumerate() {
        if *from < 0 || from > to {
            return wrong(format!("{field}[{at}]"), "begins before 0 or after its end");
        }
        if *to > MOST {
            return wrong(format!("{field}[{at}]"), format!("ends after {MOST}"));
        }
    }
    if windows.windows(2).any(|pair| pair[1].0 <= pair[0].1) {
        return wrong(field, "windows must be in order and apart");
    }
    Ok(())
}

fn check_loads(field: &str, of: &[i64], loads: usize) -> Result<(), Unreadable> {
    if !of.is_empty() && of.len() != loads {
        return wrong(
            field,
            format!("{loads} numbers expected, as many as in the vehicles' capacity"),
        );
    }
    if of.iter().any(|load| !(0..=MOST).contains(load)) {
        return wrong(field, format!("must be from 0 to {MOST}"));
    }
    Ok(())
}

fn check_costs<'c>(
    field: &str,
    costs: Option<&'c Costs>,
    first: &mut Option<Option<&'c Costs>>,
) -> Result<(), Unreadable> {
    if costs.is_some_and(|costs| costs.fixed != 0 || costs.per_km != 0 || costs.per_task_hour != 0)
    {
        return wrong(field, "only a cost per hour of travel can be planned by");
    }
    let hour = |costs: Option<&Costs>| costs.map_or(hour(), |costs| costs.per_hour);
    let common = *first.get_or_insert(costs);
    if hour(common) != hour(costs) {
        return wrong(field, "all vehicles must cost the same per hour");
    }
    Ok(())
}
