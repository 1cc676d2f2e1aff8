//! The main job over HTTP, end to end, on both databases: a family books, the right helper comes, everybody knows.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::outbox;
use entity::words::MailKind;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::store::consistency;

use crate::both;
use crate::support::House;
use crate::support::plans::planned;

/// Tomorrow at ten in the morning, Shanghai.
fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

async fn letters(house: &House, kind: MailKind) -> usize {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .all(house.app.store.read())
        .await
        .unwrap()
        .len()
}

async fn agree(house: &House) {
    assert_eq!(
        consistency::disagreements(house.app.store.read())
            .await
            .unwrap(),
        Vec::<String>::new()
    );
}

async fn book(house: &House, body: Value) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            body,
        )
        .await
        .created()
}

both!(
    /// The one who plays chess is asked to another's at ten, who would take nine or eleven as well. The daughter wants
    /// ten exactly: at first nobody can come; the plan moves the other and fits hers.
    a_plan_makes_room_and_the_helper_comes,
    async |house: &House| {
        let mut stranger = house.enter(house.at.stranger).await;
        let window = json!({"from": ten() - TimeDelta::hours(1), "to": ten() + TimeDelta::hours(2)});
        stranger
            .post(
                &format!("/api/residents/{}/bookings", house.at.neighbour),
                json!({"service": "CHESS", "start": ten(), "window": window, "if_unserved": "refuse"}),
            )
            .await
            .created();

        let hers = book(house, json!({"service": "CHESS", "start": ten(), "if_unserved": "tray"})).await;
        assert_eq!(hers["state"], "requested");
        assert_eq!(hers["visit"]["state"], "unfilled");
        assert!(!hers["visit"]["unfilled_reason"].as_str().unwrap().is_empty());
        assert_eq!(letters(house, MailKind::BookingReceived).await, 3, "daughter, son and the stranger");

        let mut coordinator = house.enter(house.at.coordinator).await;
        let board = coordinator.get("/api/board?date=2026-11-25").await.ok();
        assert_eq!(board["counts"]["unfilled"], 1);
        assert_eq!(board["unfilled"][0]["resident"], "王桂芳");
        let plan = planned(&mut coordinator, json!({"date": "2026-11-25", "seconds": 0.3})).await;
        assert_eq!(plan["summary"]["served_before"], 1);
        assert_eq!(plan["summary"]["served_after"], 2);
        let kinds: Vec<_> = plan["changes"].as_array().unwrap().iter().map(|change| change["kind"].clone()).collect();
        assert!(kinds.contains(&json!("assign")) && kinds.contains(&json!("move")), "{plan}");
        let done = coordinator.post(&format!("/api/plans/{}/publish", plan["id"]), json!({})).await.ok();
        assert_eq!(done["state"], "published");
        assert!(done["changes"].as_array().unwrap().iter().all(|change| change["applied"] == true), "{done}");
        agree(house).await;

        helper_comes(house, hers["visit"]["visit_id"].as_i64().unwrap()).await;

        let mut daughter = house.enter(house.at.daughter).await;
        let home = daughter.get("/api/family/residents").await.ok();
        let mother = home.as_array().unwrap().iter().find(|row| row["id"] == house.at.mother.0).unwrap().clone();
        assert_eq!(mother["last_visit"]["state"], "completed");
        assert_eq!(mother["next_visit"], Value::Null);
        assert_eq!(letters(house, MailKind::VisitDone).await, 2, "daughter and son");
        agree(house).await;
    }
);

/// The helper says yes, arrives and finishes.
async fn helper_comes(house: &House, visit: i64) {
    let mut chen = house.enter(house.at.chen_account).await;
    let day = chen
        .get(&format!(
            "/api/helpers/{}/day?date=2026-11-25",
            house.at.chen
        ))
        .await
        .ok();
    assert_eq!(day["visits"].as_array().unwrap().len(), 2);
    let said = chen
        .post(
            &format!("/api/visits/{visit}/answer"),
            json!({"answer": "accept"}),
        )
        .await
        .ok();
    assert_eq!(said["state"], "accepted");
    house.clock.set(ten() - TimeDelta::minutes(3));
    let there = chen
        .post(&format!("/api/visits/{visit}/arrive"), json!({}))
        .await
        .ok();
    assert_eq!(there["state"], "checked_in");
    house.clock.set(ten() + TimeDelta::minutes(58));
    let done = chen
        .post(
            &format!("/api/visits/{visit}/finish"),
            json!({"note": "下了三盘"}),
        )
        .await
        .ok();
    assert_eq!(done["state"], "completed");
}

both!(
    a_booking_is_matched_at_once_and_can_be_moved_and_cancelled,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let times = daughter
            .get(&format!(
                "/api/residents/{}/times?service=MEAL&from=2026-11-25&days=2",
                house.at.mother
            ))
            .await
            .ok();
        let first = &times["days"][0]["times"][0];
        assert_eq!(first["helpers"], 3);
        assert_eq!(first["price_fen"], 1200);
        let booked = book(
            house,
            json!({"service": "MEAL", "start": ten(), "if_unserved": "refuse"}),
        )
        .await;
        assert_eq!(booked["visit"]["state"], "offered");
        assert_eq!(booked["visit"]["price_fen"], 1200);
        let id = booked["booking_id"].as_i64().unwrap();

        let moved = daughter
            .post(
                &format!("/api/bookings/{id}/change"),
                json!({"start": ten() + TimeDelta::hours(4)}),
            )
            .await
            .ok();
        assert_eq!(moved["done"], true);
        assert_eq!(
            moved["booking"]["visit"]["start"],
            json!(ten() + TimeDelta::hours(4))
        );
        agree(house).await;

        // Inside the cut-off the office is asked, and says yes.
        house.clock.set(ten());
        let asked = daughter
            .post(
                &format!("/api/bookings/{id}/cancel"),
                json!({"reason": "住院了"}),
            )
            .await
            .ok();
        assert_eq!(asked["done"], false);
        let request = asked["booking"]["visit"]["request"]["id"].as_i64().unwrap();
        let mut clerk = house.enter(house.at.clerk).await;
        let answered = clerk
            .post(
                &format!("/api/change-requests/{request}/answer"),
                json!({"accept": true, "note": "祝早日康复"}),
            )
            .await
            .ok();
        assert_eq!(answered["state"], "accepted");
        let gone = daughter.get(&format!("/api/bookings/{id}")).await.ok();
        assert_eq!(gone["state"], "cancelled");
        assert_eq!(gone["cancelled"]["late"], true);
        assert_eq!(gone["visit"]["helpers"], json!([]));
        clerk
            .post(
                &format!("/api/change-requests/{request}/answer"),
                json!({"accept": true, "note": ""}),
            )
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        agree(house).await;
    }
);

both!(
    a_decline_goes_to_the_next_and_then_to_the_tray,
    async |house: &House| {
        let booked = book(
            house,
            json!({"service": "BATH", "start": ten(), "if_unserved": "refuse"}),
        )
        .await;
        let visit = booked["visit"]["visit_id"].as_i64().unwrap();
        assert_eq!(booked["visit"]["helpers"][0]["name"], "孙丽");
        let mut sun = house.enter(house.at.sun_account).await;
        sun.post(
            &format!("/api/visits/{visit}/answer"),
            json!({"answer": "decline", "reason": "孩子发烧"}),
        )
        .await
        .ok();
        let mut coordinator = house.enter(house.at.coordinator).await;
        let seen = coordinator.get(&format!("/api/visits/{visit}")).await.ok();
        assert_eq!(seen["state"], "unfilled");
        let found = coordinator
            .get(&format!("/api/visits/{visit}/suggestions"))
            .await
            .ok();
        assert_eq!(found["ranked"], json!([]));
        let out = found["excluded"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["helper"] == "孙丽")
            .unwrap()
            .clone();
        assert_eq!(out["reasons"][0]["code"], "declined");
        agree(house).await;
    }
);

both!(a_crew_of_two_is_filled_together, async |house: &House| {
    let booked = book(
        house,
        json!({"service": "LIFT", "start": ten(), "if_unserved": "refuse"}),
    )
    .await;
    assert_eq!(booked["visit"]["helpers"].as_array().unwrap().len(), 2);
    let visit = booked["visit"]["visit_id"].as_i64().unwrap();
    let mut coordinator = house.enter(house.at.coordinator).await;
    coordinator
        .post(
            &format!("/api/visits/{visit}/assign"),
            json!({"helper_ids": [house.at.chen], "version": 2}),
        )
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
    let mut chen = house.enter(house.at.chen_account).await;
    chen.post(
        &format!("/api/visits/{visit}/answer"),
        json!({"answer": "accept"}),
    )
    .await;
    let seen = coordinator.get(&format!("/api/visits/{visit}")).await.ok();
    let names: Vec<_> = seen["helpers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    assert_eq!(names.len(), 2);
    agree(house).await;
});

both!(
    the_coordinator_assigns_pins_and_overrides_with_a_reason,
    async |house: &House| {
        let booked = book(
            house,
            json!({"service": "MEAL", "start": ten(), "if_unserved": "refuse"}),
        )
        .await;
        let visit = booked["visit"]["visit_id"].as_i64().unwrap();
        let path = format!("/api/visits/{visit}");
        let mut coordinator = house.enter(house.at.coordinator).await;
        let seen = coordinator.get(&path).await.ok();
        let version = seen["version"].as_i64().unwrap();
        let sun = json!({"helper_ids": [house.at.sun], "version": version});
        let broken = coordinator
            .post(&format!("{path}/assign"), sun.clone())
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
        let codes: Vec<_> = broken["broken"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["code"].clone())
            .collect();
        assert!(
            codes.contains(&json!("skill")) && codes.contains(&json!("kind")),
            "{broken}"
        );

        let mut overridden = sun.clone();
        overridden["override_reason"] = json!("志愿者都病了");
        let after = coordinator
            .post(&format!("{path}/assign"), overridden)
            .await
            .ok();
        assert_eq!(after["helpers"][0]["name"], "孙丽");
        assert_eq!(after["override_reason"], "志愿者都病了");
        let told = after["history"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["what"].as_str().unwrap().contains("志愿者都病了"));
        assert!(told, "the reason is in the visit's history");
        coordinator
            .post(&format!("{path}/assign"), sun)
            .await
            .refused(StatusCode::CONFLICT, "stale");

        let pinned = coordinator
            .post(&format!("{path}/pin"), json!({"pinned": true}))
            .await
            .ok();
        assert_eq!(pinned["pinned"], true);
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.2}),
        )
        .await;
        assert_eq!(plan["changes"], json!([]), "what is pinned stays");
        agree(house).await;
    }
);

both!(
    the_same_key_answers_the_same_and_another_body_is_refused,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let body = json!({"service": "MEAL", "start": ten(), "if_unserved": "refuse"});
        let first = daughter.post_once(&path, body.clone(), "k-1").await;
        let again = daughter.post_once(&path, body, "k-1").await;
        assert_eq!(first.status, StatusCode::CREATED);
        assert_eq!(again.headers.get("idempotency-replayed").unwrap(), "true");
        assert_eq!(first.text, again.text);
        let other = json!({"service": "MEAL", "start": ten() + TimeDelta::hours(1), "if_unserved": "refuse"});
        daughter
            .post_once(&path, other, "k-1")
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch");
        let visits = daughter
            .get(&format!("/api/residents/{}/visits", house.at.mother))
            .await
            .ok();
        assert_eq!(visits.as_array().unwrap().len(), 1);
    }
);

both!(the_last_booking_once_more, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    let path = format!("/api/residents/{}/again", house.at.mother);
    clerk
        .get(&path)
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
    book(
        house,
        json!({"service": "MEAL", "start": ten(), "note": "少盐", "if_unserved": "refuse"}),
    )
    .await;
    house.clock.set(ten() + TimeDelta::hours(1));
    let again = clerk.get(&path).await.ok();
    assert_eq!(again["service_code"], "MEAL");
    assert_eq!(again["start"], json!(ten() + TimeDelta::days(7)));
    assert_eq!(again["served"], true);
    assert_eq!(again["note"], "少盐");
});
