//! The home health care routing and scheduling problem in the JSON of the University of Udine (`iolab-uniud/hhcrsp`).
//!
//! Everybody is served; a window's opening is hard and its end soft. What else a file holds is ignored.

use super::Unreadable;
use crate::linked::{Instance, Link, Plan, Task};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// A file's problem, and the names needed to write a plan for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Hhcrsp {
    /// The problem itself.
    pub instance: Instance,
    /// The caregivers' names, as the file has them: texts or numbers.
    caregivers: Vec<Value>,
    /// The patient's and the service's name of each task.
    tasks: Vec<(Value, Value)>,
}

/// Read a file's text.
///
/// # Errors
/// If it is no JSON, or a field is missing or not what it should be.
pub fn read(text: &str) -> Result<Hhcrsp, Unreadable> {
    let file: Value = serde_json::from_str(text).map_err(|e| wrong("the file", &e.to_string()))?;
    let services = services(&file)?;
    let (caregivers, abilities) = caregivers(&file, &services)?;
    let travel = travel(&file)?;
    let mut reading = Hhcrsp {
        instance: Instance {
            tasks: Vec::new(),
            links: Vec::new(),
            caregivers: caregivers.len(),
            travel,
        },
        caregivers,
        tasks: Vec::new(),
    };
    let mut seen = HashMap::new();
    for (at, patient) in list(&file, "", "patients")?.iter().enumerate() {
        let path = format!("patients[{at}]");
        let id = id(patient, &path, "id")?;
        if seen.insert(key(&id), ()).is_some() {
            return Err(wrong(&format!("{path}.id"), "is used twice"));
        }
        add_patient(
            &mut reading,
            patient,
            &path,
            at + 1,
            &id,
            &services,
            &abilities,
        )?;
    }
    let places = seen.len() + 1;
    if reading.instance.travel.len() != places {
        let expected = format!("{places} rows expected, the office's and one for each patient");
        return Err(wrong("distances", &expected));
    }
    reading
        .instance
        .validate()
        .map_err(|what| wrong("the file", &what))?;
    Ok(reading)
}

/// A plan as the file's own format has it.
#[must_use]
pub fn write(problem: &Hhcrsp, plan: &Plan) -> Value {
    let routes = plan
        .routes
        .iter()
        .zip(&problem.caregivers)
        .map(|(route, caregiver)| {
            let locations = route.iter().map(|&at| {
                let ((patient, service), start) = (&problem.tasks[at], plan.starts[at]);
                json!({
                    "patient": patient,
                    "service": service,
                    "arrival_time": start,
                    "departure_time": start + problem.instance.tasks[at].duration,
                })
            });
            json!({ "caregiver_id": caregiver, "locations": locations.collect::<Vec<_>>() })
        });
    json!({ "routes": routes.collect::<Vec<_>>() })
}

/// A plan for a problem, as [`write`] writes it.
///
/// # Errors
/// If it is no JSON, or names a caregiver or a service that the problem does not have.
pub fn read_plan(problem: &Hhcrsp, text: &str) -> Result<Plan, Unreadable> {
    let file: Value = serde_json::from_str(text).map_err(|e| wrong("the file", &e.to_string()))?;
    let mut plan = Plan {
        routes: vec![Vec::new(); problem.instance.caregivers],
        starts: vec![f64::NAN; problem.instance.tasks.len()],
    };
    for (at, route) in list(&file, "", "routes")?.iter().enumerate() {
        let path = format!("routes[{at}]");
        let name = id(route, &path, "caregiver_id")?;
        let caregiver =
            (problem.caregivers.iter().position(|known| *known == name)).ok_or_else(|| {
                wrong(
                    &format!("{path}.caregiver_id"),
                    "there is no such caregiver",
                )
            })?;
        for (nth, stop) in list(route, &path, "locations")?.iter().enumerate() {
            let path = format!("{path}.locations[{nth}]");
            let named = (id(stop, &path, "patient")?, id(stop, &path, "service")?);
            let task = (0..problem.tasks.len())
                .find(|task| problem.tasks[*task] == named && plan.starts[*task].is_nan())
                .ok_or_else(|| wrong(&path, "nobody asked for this, or not so often"))?;
            plan.starts[task] = number(stop, &path, "arrival_time")?;
            plan.routes[caregiver].push(task);
        }
    }
    Ok(plan)
}

/// Each service's name with its usual duration, if it has one.
type Services = HashMap<String, Option<f64>>;

fn services(file: &Value) -> Result<Services, Unreadable> {
    let mut services = HashMap::new();
    for (at, service) in list(file, "", "services")?.iter().enumerate() {
        let path = format!("services[{at}]");
        let usual = match service.get("default_duration") {
            None | Some(Value::Null) => None,
            Some(_) => Some(number(service, &path, "default_duration")?),
        };
        services.insert(key(&id(service, &path, "id")?), usual);
    }
    Ok(services)
}

/// The caregivers' names, and for each service who can give it.
type Abilities = HashMap<String, Vec<usize>>;

fn caregivers(file: &Value, services: &Services) -> Result<(Vec<Value>, Abilities), Unreadable> {
    let (mut names, mut abilities) = (Vec::new(), Abilities::new());
    for (at, caregiver) in list(file, "", "caregivers")?.iter().enumerate() {
        let path = format!("caregivers[{at}]");
        names.push(id(caregiver, &path, "id")?);
        for (nth, ability) in list(caregiver, &path, "abilities")?.iter().enumerate() {
            let field = format!("{path}.abilities[{nth}]");
            let ability = known(ability, &field, services)?;
            let able = abilities.entry(ability).or_default();
            if able.last() != Some(&at) {
                able.push(at);
            }
        }
    }
    Ok((names, abilities))
}

fn travel(file: &Value) -> Result<Vec<Vec<f64>>, Unreadable> {
    let rows = list(file, "", "distances")?;
    let mut travel = Vec::with_capacity(rows.len());
    for (at, row) in rows.iter().enumerate() {
        let ways: Option<Vec<f64>> = row
            .as_array()
            .filter(|row| row.len() == rows.len())
            .map(|row| row.iter().map(Value::as_f64).collect())
            .unwrap_or_default();
        let Some(ways) = ways.filter(|ways| ways.iter().all(|&way| way >= 0.0)) else {
            let expected = format!("{} numbers of 0 or more expected", rows.len());
            return Err(wrong(&format!("distances[{at}]"), &expected));
        };
        travel.push(ways);
    }
    Ok(travel)
}

fn add_patient(
    reading: &mut Hhcrsp,
    patient: &Value,
    path: &str,
    place: usize,
    id: &Value,
    services: &Services,
    abilities: &Abilities,
) -> Result<(), Unreadable> {
    let [open, due] = two_numbers(patient, path, "time_window")?;
    let needs = list(patient, path, "required_caregivers")?;
    let first = reading.instance.tasks.len();
    for (nth, need) in needs.iter().enumerate() {
        let path = format!("{path}.required_caregivers[{nth}]");
        let name = self::id(need, &path, "service")?;
        let service = known(&name, &format!("{path}.service"), services)?;
        let duration = match need.get("duration") {
            None | Some(Value::Null) => services.get(&service).copied().flatten(),
            Some(_) => Some(number(need, &path, "duration")?),
        };
        let Some(duration) = duration.filter(|&duration| duration >= 0.0) else {
            return Err(wrong(
                &format!("{path}.duration"),
                "a time of 0 or more expected, here or as the service's default",
            ));
        };
        let Some(allowed) = abilities.get(&service).cloned() else {
            return Err(wrong(
                &format!("{path}.service"),
                "no caregiver can give it",
            ));
        };
        reading.tasks.push((id.clone(), name));
        reading.instance.tasks.push(Task {
            place,
            duration,
            // A window printed as 401.99999999999994 was cut to whole minutes by its publishers.
            open: (open + 1e-6).trunc(),
            due,
            allowed,
        });
    }
    match needs.len() {
        1 => {}
        2 => {
            if reading.tasks[first].1 == reading.tasks[first + 1].1 {
                let field = format!("{path}.required_caregivers");
                return Err(wrong(&field, "two different services expected"));
            }
            reading.instance.links.push(link(patient, path, first)?);
        }
        _ => {
            let field = format!("{path}.required_caregivers");
            return Err(wrong(&field, "one service or two expected"));
        }
    }
    Ok(())
}

fn link(patient: &Value, path: &str, first: usize) -> Result<Link, Unreadable> {
    let path = format!("{path}.synchronization");
    let rule = patient.get("synchronization").unwrap_or(&Value::Null);
    match rule.get("type").and_then(Value::as_str) {
        Some("simultaneous") => Ok(Link::Together(first, first + 1)),
        Some("sequential") => {
            let [min, max] = two_numbers(rule, &path, "distance")?;
            if !(0.0 <= min && min <= max) {
                let field = format!("{path}.distance");
                return Err(wrong(&field, "the least time, then the greatest expected"));
            }
            Ok(Link::Apart {
                first,
                second: first + 1,
                min,
                max,
            })
        }
        _ => Err(wrong(
            &format!("{path}.type"),
            "\"simultaneous\" or \"sequential\" expected",
        )),
    }
}

fn wrong(field: &str, what: &str) -> Unreadable {
    Unreadable::new(field.trim_start_matches('.'), what)
}

fn list<'a>(of: &'a Value, path: &str, field: &str) -> Result<&'a [Value], Unreadable> {
    of.get(field)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .ok_or_else(|| wrong(&format!("{path}.{field}"), "a list expected"))
}

fn number(of: &Value, path: &str, field: &str) -> Result<f64, Unreadable> {
    of.get(field)
        .and_then(Value::as_f64)
        .ok_or_else(|| wrong(&format!("{path}.{field}"), "a number expected"))
}

fn two_numbers(of: &Value, path: &str, field: &str) -> Result<[f64; 2], Unreadable> {
    let numbers = of.get(field).and_then(Value::as_array).map(Vec::as_slice);
    if let Some([low, high]) = numbers
        && let (Some(low), Some(high)) = (low.as_f64(), high.as_f64())
    {
        return Ok([low, high]);
    }
    Err(wrong(&format!("{path}.{field}"), "two numbers expected"))
}

fn id(of: &Value, path: &str, field: &str) -> Result<Value, Unreadable> {
    of.as_object()
        .and_then(|of: &Map<String, Value>| of.get(field))
        .filter(|id| id.is_string() || id.is_number())
        .cloned()
        .ok_or_else(|| wrong(&format!("{path}.{field}"), "a text or a number expected"))
}

/// A name to compare by: texts and numbers do not mix.
fn key(id: &Value) -> String {
    id.to_string()
}

fn known(name: &Value, field: &str, services: &Services) -> Result<String, Unreadable> {
    Some(key(name))
        .filter(|name| services.contains_key(name))
        .ok_or_else(|| wrong(field, "a service of the file's list expected"))
}
