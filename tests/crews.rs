//! A visit for two: booked, planned and published with two, or with nobody.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::plans::{agree, all_applied, planned, published, ten_in, waiting};

const TOMORROW: &str = "2026-11-25";

/// They are ill tomorrow.
async fn ill(clerk: &mut Client, helper: &Value) {
    clerk
        .post(
            &format!("/api/helpers/{helper}/leave"),
            json!({"from": TOMORROW, "to": TOMORROW, "reason": "感冒"}),
        )
        .await
        .created();
}

/// Those whom a plan puts on this visit.
fn planned_crew(plan: &Value, visit: i64) -> Vec<Value> {
    let changes = plan["changes"].as_array().unwrap();
    let change = changes
        .iter()
        .find(|change| change["visit_id"] == visit)
        .unwrap();
    let crew = change["to"]["helpers"].as_array().unwrap();
    crew.iter().map(|helper| helper["id"].clone()).collect()
}

/// Those who may come at the first time that is offered tomorrow; nobody where none is.
async fn who_may_come(house: &House) -> Vec<Value> {
    let mut daughter = house.enter(house.at.daughter).await;
    let path = format!(
        "/api/residents/{}/times?service=LIFT&from={TOMORROW}&to={TOMORROW}",
        house.at.mother
    );
    let times = daughter.get(&path).await.ok();
    let first = &times["days"][0]["times"][0]["who"];
    let crew = first.as_array().into_iter().flatten();
    crew.map(|who| who["id"].clone()).collect()
}

both!(
    a_plan_for_two_of_whom_one_fell_ill_puts_nobody_on,
    async |house: &House| {
        let visit = waiting(house, "LIFT", ten_in(1)).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 0.2})).await;
        let crew = planned_crew(&plan, visit);
        assert_eq!(crew.len(), 2, "{plan}");
        ill(&mut coordinator, &crew[0]).await;
        let done = published(&mut coordinator, &plan).await;
        assert!(all_applied(&done, false), "{done}");
        let seen = coordinator.get(&format!("/api/visits/{visit}")).await.ok();
        assert_eq!(
            (&seen["state"], &seen["helpers"]),
            (&json!("unfilled"), &json!([])),
            "the other is not sent alone"
        );
        agree(house).await;
        // The next plan finds two who can.
        let again = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 0.2})).await;
        let other = planned_crew(&again, visit);
        assert_eq!(other.len(), 2);
        assert!(!other.contains(&crew[0]));
        assert!(all_applied(
            &published(&mut coordinator, &again).await,
            true
        ));
        agree(house).await;
    }
);

both!(
    where_one_alone_is_free_a_visit_for_two_is_refused_or_waits_for_the_office,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let can = who_may_come(house).await;
        assert_eq!(can.len(), 3);
        ill(&mut clerk, &can[0]).await;
        assert_eq!(who_may_come(house).await.len(), 2, "two are enough");
        ill(&mut clerk, &can[1]).await;
        assert_eq!(
            who_may_come(house).await.len(),
            0,
            "one alone is not offered"
        );
        let mut daughter = house.enter(house.at.daughter).await;
        let mother = format!("/api/residents/{}", house.at.mother);
        let wants = |if_unserved| json!({"service": "LIFT", "start": ten_in(1), "if_unserved": if_unserved});
        daughter
            .post(&format!("{mother}/bookings"), wants("refuse"))
            .await
            .refused(StatusCode::CONFLICT, "slot-taken");
        let booked = daughter
            .post(&format!("{mother}/bookings"), wants("tray"))
            .await
            .created();
        assert_eq!(
            (&booked["visit"]["state"], &booked["visit"]["helpers"]),
            (&json!("unfilled"), &json!([]))
        );
        // A plan does no better, and says why.
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 0.2})).await;
        assert_eq!(plan["changes"], json!([]));
        assert_eq!(plan["unfilled"][0]["visit_id"], booked["visit"]["visit_id"]);
        agree(house).await;
    }
);
