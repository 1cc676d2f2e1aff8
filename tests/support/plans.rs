//! Plans are searched behind the answer: a test that wants the draft waits for it.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use yinling::store::consistency;

use super::House;
use super::client::Client;

/// Longer than any search a test leaves to itself.
const PATIENCE: Duration = Duration::from_secs(30);

/// Plans, and waits for the draft.
pub async fn planned(client: &mut Client, body: Value) -> Value {
    let begun = client.post("/api/plans", body).await.created();
    assert_eq!(begun["state"], "searching");
    let plan = ended(client, &begun["id"]).await;
    assert_eq!(plan["state"], "draft", "{plan}");
    plan
}

/// The plan, once nobody searches for it any more.
pub async fn ended(client: &mut Client, id: &Value) -> Value {
    let began = Instant::now();
    loop {
        let plan = client.get(&format!("/api/plans/{id}")).await.ok();
        if plan["state"] != "searching" {
            return plan;
        }
        assert!(began.elapsed() < PATIENCE, "it searches for ever: {plan}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Publishes a draft.
pub async fn published(client: &mut Client, plan: &Value) -> Value {
    let path = format!("/api/plans/{}/publish", plan["id"]);
    let done = client.post(&path, json!({})).await.ok();
    assert_eq!(done["state"], "published");
    done
}

/// Whether every change of a published plan was made (`true`), or none was (`false`).
pub fn all_applied(done: &Value, applied: bool) -> bool {
    let mut changes = done["changes"].as_array().unwrap().iter();
    changes.all(|change| change["applied"] == applied)
}

/// Ten in the morning, so many days from today.
pub fn ten_in(days: i64) -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(1 + 24 * days)
}

/// Books for the mother and takes whoever was found off again: a visit that waits for a plan.
pub async fn waiting(house: &House, service: &str, start: DateTime<Utc>) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": service, "start": start, "if_unserved": "tray"}),
        )
        .await
        .created();
    let visit = booked["visit"]["visit_id"].as_i64().unwrap();
    if booked["visit"]["state"] == "offered" {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = format!("/api/visits/{visit}");
        let version = coordinator.get(&path).await.ok()["version"].clone();
        coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "重排", "version": version}),
            )
            .await
            .ok();
    }
    visit
}

/// Claims and assignments agree.
pub async fn agree(house: &House) {
    let disagreements = consistency::disagreements(house.app.store.read())
        .await
        .unwrap();
    assert_eq!(disagreements, Vec::<String>::new());
}
