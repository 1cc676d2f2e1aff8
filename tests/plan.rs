//! `yinling plan`: the matching engine from the command line. It needs no database.

use std::process::{Command, Output};

use serde_json::{Value, json};

fn plan(typed: &[&str]) -> Output {
    plan_as("vroom", typed)
}

fn plan_as(format: &str, typed: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yinling"))
        .env_clear()
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["plan", "--format", format, "--threads", "1"])
        .args(typed)
        .output()
        .unwrap()
}

#[test]
fn a_day_is_planned_and_says_who_is_left_out() {
    let day = "benches/community/day_60.vroom.json";
    let said = plan(&[day, "--seconds", "0.5", "--seed", "1"]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let plan: Value = serde_json::from_slice(&said.stdout).unwrap();
    let problem: Value = serde_json::from_str(&std::fs::read_to_string(day).unwrap()).unwrap();
    let left_out: Vec<_> = plan["unassigned"]
        .as_array()
        .unwrap()
        .iter()
        .map(|job| &job["id"])
        .collect();
    let priority: i64 = problem["jobs"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|job| left_out.contains(&&job["id"]))
        .map(|job| job["priority"].as_i64().unwrap())
        .sum();
    // No plan leaves out less than 14, and 16 is what others reach in half a minute.
    assert!((14..=16).contains(&priority), "{priority}");
    let steps = plan["routes"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|route| route["steps"].as_array().unwrap())
        .filter(|step| step["type"] == "job")
        .count();
    assert_eq!(
        steps + left_out.len(),
        problem["jobs"].as_array().unwrap().len()
    );
}

#[test]
fn what_cannot_be_planned_is_refused_with_the_name_of_the_field() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("problem.json");
    let shipment = json!({
        "vehicles": [{ "id": 1, "start_index": 0 }],
        "shipments": [{ "pickup": { "id": 1 }, "delivery": { "id": 2 } }],
        "matrices": { "car": { "durations": [[0]] } },
    });
    for (text, named) in [
        (shipment.to_string(), "shipments: "),
        (
            json!({ "vehicles": [{ "id": "one" }] }).to_string(),
            "vehicles[0].id: ",
        ),
        ("{".to_owned(), "the file: "),
    ] {
        std::fs::write(&file, text).unwrap();
        let said = plan(&[file.to_str().unwrap()]);
        assert_eq!(said.status.code(), Some(2));
        assert!(said.stdout.is_empty());
        let sentence = String::from_utf8(said.stderr).unwrap();
        assert!(sentence.starts_with(named), "{sentence}");
    }
    let said = plan(&["no/such/file.json"]);
    assert_eq!(said.status.code(), Some(2));
}

#[test]
fn linked_services_are_planned_to_the_proven_optimum() {
    let file = "benches/hhcrsp/InstanzCPLEX_HCSRP_10_1.json";
    let said = plan_as("hhcrsp", &[file, "--seconds", "3", "--seed", "1"]);
    assert_eq!(said.status.code(), Some(0), "{said:?}");
    let plan: Value = serde_json::from_slice(&said.stdout).unwrap();
    let cost = plan["cost"].as_f64().unwrap();
    assert!((cost - 218.199).abs() < 0.005, "{cost}");
    let folder = tempfile::tempdir().unwrap();
    let wrong = folder.path().join("wrong.json");
    let text = std::fs::read_to_string(file).unwrap();
    std::fs::write(&wrong, text.replace("\"sequential\"", "\"soon\"")).unwrap();
    let said = plan_as("hhcrsp", &[wrong.to_str().unwrap()]);
    assert_eq!(said.status.code(), Some(2));
    let sentence = String::from_utf8(said.stderr).unwrap();
    assert!(
        sentence.starts_with("patients[8].synchronization.type: "),
        "{sentence}"
    );
}
