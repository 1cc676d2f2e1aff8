//! Every kind of session can be made, found and signed up for over HTTP, and each is called by its name.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::both;
use crate::station::session;
use crate::support::House;

const KINDS: [(&str, &str, &str); 5] = [
    ("class", "课程", "class"),
    ("health_check", "体检日", "health-check day"),
    ("photography", "摄影日", "photography day"),
    ("lecture", "讲座", "lecture"),
    ("activity", "活动", "activity"),
];

both!(
    a_session_of_every_kind_is_made_and_booked,
    async |house: &House| {
        let first = session(house, 2).await;
        let mut desk = house.enter(house.at.coordinator).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let signups = format!("/api/residents/{}/signups", house.at.mother);
        // Wednesday the 2nd, in the hours of the room, one after the other.
        let begin = House::morning() + TimeDelta::days(8) - TimeDelta::hours(1);
        for (at, (kind, zh, en)) in (0..).zip(KINDS) {
            let starts_at = begin + TimeDelta::minutes(40 * at);
            let body = json!({"kind": kind, "title": format!("{zh}一场"), "room_id": first["room_id"],
                "starts_at": starts_at, "ends_at": starts_at + TimeDelta::minutes(40), "seats": 3, "price_fen": 100 * at});
            let made = desk.post("/api/station/sessions", body).await.created();
            assert_eq!(
                (&made["kind"], &made["kind_word"]),
                (&json!(kind), &json!(zh))
            );
            let path = format!("/api/station/sessions/{}", made["id"]);
            let english = desk.clone().english().get(&path).await.ok();
            assert_eq!(english["kind_word"], en);
            let got = daughter
                .post(&signups, json!({"session_id": made["id"]}))
                .await
                .created();
            assert_eq!(got["state"], "seated");
            let lists = desk.get(&path).await.ok();
            assert_eq!(lists["names"][0]["resident"], "王桂芳");
            let sheet = desk.get(&format!("{path}/sheet")).await.ok();
            assert_eq!(sheet["card"]["title"], format!("{zh}一场"));
            assert_eq!(sheet["rows"].as_array().unwrap().len(), 1);
        }
        let kinds = |cards: &Value| -> Vec<String> {
            let cards = cards.as_array().unwrap().iter();
            cards
                .map(|card| card["kind"].as_str().unwrap().to_owned())
                .collect()
        };
        let day = desk
            .get("/api/station/sessions?from=2026-12-02&to=2026-12-02")
            .await
            .ok();
        assert_eq!(kinds(&day), KINDS.map(|(kind, ..)| kind));
        let hers = daughter
            .get(&format!("/api/residents/{}/sessions", house.at.mother))
            .await
            .ok();
        let mut booked = hers.clone();
        booked
            .as_array_mut()
            .unwrap()
            .retain(|one| !one["mine"].is_null());
        assert_eq!(kinds(&booked), KINDS.map(|(kind, ..)| kind));
        let unknown = json!({"kind": "dance", "title": "跳舞", "room_id": first["room_id"], "starts_at": begin,
            "ends_at": begin + TimeDelta::hours(1), "seats": 3});
        desk.post("/api/station/sessions", unknown)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);
