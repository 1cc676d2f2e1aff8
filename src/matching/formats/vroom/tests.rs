//! Random documents with everything in them, and files that cannot be read.

use super::model::Stated;
use super::{Act, Document, check, read, read_plan, solve, write};
use crate::search::{Iterations, is_packed};
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};

fn windows(rng: &mut SmallRng, length: i64) -> Value {
    let first = rng.random_range(0..20_000);
    let second = first + length + rng.random_range(1..10_000);
    match rng.random_range(0..3) {
        0 => json!([[first, first + length]]),
        1 => json!([[first, first + length], [second, second + length]]),
        _ => json!([]),
    }
}

fn job(rng: &mut SmallRng, id: usize, places: usize) -> Value {
    json!({
        "id": id,
        "location_index": rng.random_range(0..places),
        "service": rng.random_range(0..1_800),
        "setup": if rng.random_bool(0.3) { rng.random_range(0..600) } else { 0 },
        "delivery": [rng.random_range(0..3), rng.random_range(0..2)],
        "pickup": [rng.random_range(0..2), 0],
        "skills": if rng.random_bool(0.3) { vec![rng.random_range(0..2)] } else { Vec::new() },
        "priority": rng.random_range(0..10),
        "time_windows": windows(rng, 3_000),
    })
}

fn vehicle(rng: &mut SmallRng, id: usize, places: usize) -> Value {
    let mut vehicle = json!({
        "id": id,
        "profile": if rng.random_bool(0.5) { "foot" } else { "bike" },
        "speed_factor": if rng.random_bool(0.2) { 1.5 } else { 1.0 },
        "capacity": [8, 4],
        "skills": [rng.random_range(0..2)],
    });
    let ends = rng.random_range(0..3);
    if ends != 1 {
        vehicle["start_index"] = rng.random_range(0..places).into();
    }
    if ends != 2 {
        vehicle["end_index"] = rng.random_range(0..places).into();
    }
    if rng.random_bool(0.7) {
        let opens = rng.random_range(0..5_000);
        vehicle["time_window"] = json!([opens, opens + rng.random_range(10_000..25_000)]);
    }
    if rng.random_bool(0.4) {
        vehicle["breaks"] = json!([
            { "id": 1, "service": 1_200, "time_windows": windows(rng, 6_000) },
            { "id": 2, "service": 300, "max_load": [6, 4] },
        ]);
    }
    if rng.random_bool(0.2) {
        vehicle["max_tasks"] = rng.random_range(0..5).into();
    }
    if rng.random_bool(0.2) {
        vehicle["max_travel_time"] = rng.random_range(0..2_000).into();
    }
    vehicle
}

fn table(rng: &mut SmallRng, places: usize) -> Value {
    let row = |from: usize, rng: &mut SmallRng| -> Vec<u32> {
        (0..places)
            .map(|to| {
                if from == to {
                    0
                } else {
                    rng.random_range(60..600)
                }
            })
            .collect()
    };
    json!({ "durations": (0..places).map(|from| row(from, rng)).collect::<Vec<_>>() })
}

pub(in crate::formats) fn document(seed: u64) -> Value {
    let rng = &mut SmallRng::seed_from_u64(seed);
    let places = rng.random_range(2..12);
    json!({
        "jobs": (0..rng.random_range(0..30)).map(|id| job(rng, id, places)).collect::<Vec<_>>(),
        "vehicles": (0..rng.random_range(1..6)).map(|id| vehicle(rng, id, places)).collect::<Vec<_>>(),
        "matrices": { "foot": table(rng, places), "bike": table(rng, places) },
    })
}

fn parsed(value: &Value) -> Document {
    read(&value.to_string()).unwrap()
}

#[test]
fn plans_of_random_documents_break_nothing() {
    let (mut served, mut rested) = (0, 0);
    for seed in 0..3_000 {
        let document = parsed(&document(seed));
        let routes = solve(&document, &mut Iterations(60), seed);
        let judged = check(&document, &routes);
        assert_eq!(judged.errors, Vec::<String>::new(), "seed {seed}");
        let acts = routes.0.iter().flatten();
        served += document.jobs.len() - judged.unserved;
        rested += acts.filter(|(act, _)| matches!(act, Act::Break(_))).count();
        let written = write(&document, &routes, 0);
        let read = read_plan(&document, &written.to_string()).unwrap();
        assert_eq!(read, routes, "seed {seed}");
        let duration = written["summary"]["duration"].as_i64().unwrap();
        assert_eq!(duration, judged.walking, "seed {seed}");
        let waits = written["routes"].as_array().unwrap().iter();
        let steps = waits.flat_map(|route| route["steps"].as_array().unwrap());
        for step in steps {
            assert!(
                step["waiting_time"].as_i64().unwrap() >= 0,
                "seed {seed}: {step}"
            );
        }
    }
    assert!(served > 15_000 && rested > 3_000, "{served} {rested}");
}

#[test]
fn a_route_given_in_advance_is_where_it_begins() {
    let mut value = document(3);
    value["jobs"] = json!([
        { "id": 7, "location_index": 0, "service": 60, "priority": 1, "delivery": [], "pickup": [] },
        { "id": 8, "location_index": 1, "service": 60, "priority": 1 },
    ]);
    value["vehicles"] = json!([
        { "id": 1, "profile": "foot", "start_index": 0 },
        { "id": 2, "profile": "foot", "start_index": 0, "steps": [
            { "type": "start" }, { "type": "job", "id": 8 }, { "type": "job", "id": 7 }, { "type": "end" }
        ] },
    ]);
    let document = parsed(&value);
    let routes = solve(&document, &mut Iterations(0), 1);
    let acts: Vec<_> = routes.0[1].iter().map(|(act, _)| *act).collect();
    assert_eq!(acts, [Act::Job(1), Act::Job(0)]);
}

#[test]
fn what_cannot_be_planned_is_named() {
    let whole = json!({
        "jobs": [{ "id": 1, "location_index": 0, "time_windows": [[0, 10]], "delivery": [1] }],
        "vehicles": [{ "id": 1, "profile": "foot", "start_index": 0, "capacity": [2] }],
        "matrices": { "foot": { "durations": [[0]] } },
    });
    assert!(read(&whole.to_string()).is_ok());
    let refused = |path: &str, value: Value, field: &str| {
        let mut wrong = whole.clone();
        *wrong.pointer_mut(path).unwrap() = value;
        let error = read(&wrong.to_string()).unwrap_err();
        assert_eq!(error.field, field, "{error}");
    };
    refused("/jobs/0/id", json!("one"), "jobs[0].id");
    refused("/jobs/0/location_index", json!(1), "jobs[0].location_index");
    refused(
        "/jobs/0/time_windows",
        json!([[10, 5]]),
        "jobs[0].time_windows[0]",
    );
    refused(
        "/jobs/0/time_windows/0",
        json!([1]),
        "jobs[0].time_windows[0]",
    );
    refused("/jobs/0/delivery", json!([1, 2]), "jobs[0].delivery");
    refused("/vehicles/0/profile", json!("car"), "matrices.car");
    refused("/vehicles/0/capacity", json!([-1]), "vehicles[0].capacity");
    refused("/vehicles", json!([]), "vehicles");
    refused(
        "/matrices/foot/durations/0",
        json!([0, 1]),
        "matrices.foot.durations[0]",
    );
    let with = |path: &str, name: &str, value: Value, field: &str| {
        let mut wrong = whole.clone();
        wrong.pointer_mut(path).unwrap()[name] = value;
        let error = read(&wrong.to_string()).unwrap_err();
        assert_eq!(error.field, field, "{error}");
    };
    with("", "shipments", json!([{}]), "shipments");
    with("/jobs/0", "priority", json!(101), "jobs[0].priority");
    with("/jobs/0", "service", json!(-1), "jobs[0].service");
    with(
        "/vehicles/0",
        "costs",
        json!({ "fixed": 5 }),
        "vehicles[0].costs",
    );
    with(
        "/vehicles/0",
        "max_distance",
        json!(5),
        "vehicles[0].max_distance",
    );
    with(
        "/vehicles/0",
        "speed_factor",
        json!(0),
        "vehicles[0].speed_factor",
    );
    with(
        "/vehicles/0",
        "steps",
        json!([{ "type": "job", "id": 9 }]),
        "vehicles[0].steps[0].id",
    );
    assert_eq!(read("[").unwrap_err().field, "the file");
}

#[test]
fn a_plain_day_is_searched_packed() {
    let day = "../../benches/community/day_60.vroom.json";
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(day);
    let document = read(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(is_packed(&Stated::new(&document).model));
    // Breaks have to be judged along the whole route.
    let with_breaks = (0..50).map(|seed| parsed(&self::document(seed)));
    assert!(
        with_breaks
            .into_iter()
            .any(|one| !is_packed(&Stated::new(&one).model))
    );
}
