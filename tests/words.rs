//! What comes out of the house's own word tables is in the reader's language: doors and categories.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

const ZH: &str = "3栋2单元501";
const EN: &str = "Building 3, 2-501";

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// Every text under a member called `door`, wherever it stands.
fn doors(answer: &Value) -> Vec<&str> {
    match answer {
        Value::Array(parts) => parts.iter().flat_map(doors).collect(),
        Value::Object(parts) => parts
            .iter()
            .flat_map(|(name, part)| match part.as_str() {
                Some(door) if name == "door" => vec![door],
                _ => doors(part),
            })
            .collect(),
        _ => Vec::new(),
    }
}

async fn says(client: &mut Client, path: &str, door: &str) {
    let answer = client.get(path).await.ok();
    let said = doors(&answer);
    assert!(said.contains(&door), "{path} says {said:?}");
    let foreign = if door.is_ascii() { "栋" } else { "Building" };
    assert!(
        said.iter().all(|one| !one.contains(foreign)),
        "{path} says {said:?}"
    );
}

both!(
    a_door_is_said_in_the_readers_language,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "BATH", "start": ten(), "if_unserved": "refuse"}),
            )
            .await
            .created();
        let unserved = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "BATH", "start": ten() + TimeDelta::minutes(30), "if_unserved": "tray"}),
            )
            .await;
        assert_eq!(unserved.status, StatusCode::CREATED, "{}", unserved.text);
        let mut clerk = house.enter(house.at.clerk).await;
        let call = clerk
            .post("/api/calls", json!({"household_id": house.at.mothers_home}))
            .await
            .created();
        clerk
            .post(
                &format!("/api/calls/{}/end", call["id"]),
                json!({"outcome": "callback", "household_id": house.at.mothers_home, "callback": {"due_at": ten(), "note": "问价钱"}}),
            )
            .await
            .ok();

        let coordinator = house.enter(house.at.coordinator).await;
        let officer = house.enter(house.at.officer).await;
        let visit = &booked["visit"]["visit_id"];
        let resident = house.at.mother;
        let home = house.at.mothers_home;
        for (who, path) in [
            (&daughter, "/api/family/residents".to_owned()),
            (&daughter, format!("/api/residents/{resident}")),
            (&clerk, format!("/api/households/{home}")),
            (&clerk, "/api/callbacks".into()),
            (&coordinator, "/api/board?date=2026-11-25".into()),
            (&coordinator, "/api/dispatch/lists".into()),
            (&coordinator, format!("/api/visits/{visit}")),
            (&officer, "/api/grid/residents".into()),
        ] {
            says(&mut who.clone(), &path, ZH).await;
            says(&mut who.clone().english(), &path, EN).await;
        }
        for typed in ["3-2-501", "Building 3, 2-501"] {
            let found = clerk.clone().search("households", typed).await.ok();
            assert!(doors(&found).contains(&ZH), "{found}");
            let found = clerk.clone().english().search("households", typed).await;
            assert!(doors(&found.ok()).contains(&EN), "{typed}");
        }
        // Whoever comes sees the building alone while the day is far.
        let sun = house.enter(house.at.sun_account).await;
        let day = format!("/api/helpers/{}/day?date=2026-11-25", house.at.sun);
        house.clock.set(ten() - TimeDelta::hours(25));
        says(&mut sun.clone(), &day, "3栋").await;
        says(&mut sun.clone().english(), &day, "Building 3").await;
        house.clock.set(ten() - TimeDelta::hours(24));
        says(&mut sun.clone(), &day, ZH).await;
        says(&mut sun.clone().english(), &day, EN).await;
    }
);

both!(
    a_category_is_said_in_the_readers_language,
    async |house: &House| {
        let daughter = house.enter(house.at.daughter).await;
        for path in [
            "/api/catalogue".to_owned(),
            format!("/api/residents/{}/catalogue", house.at.mother),
        ] {
            for (mut reader, words) in [
                (daughter.clone(), ["助餐"]),
                (daughter.clone().english(), ["Meals"]),
            ] {
                let catalogue = reader.get(&path).await.ok();
                let categories = catalogue.as_array().unwrap().iter();
                let said: std::collections::BTreeSet<_> = categories
                    .map(|one| one["category"].as_str().unwrap())
                    .collect();
                assert_eq!(said, words.into(), "{path}");
            }
        }
    }
);
