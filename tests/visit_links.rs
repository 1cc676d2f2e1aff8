//! Visits that keep an order and a gap: the meal before the company that comes with the medicine.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::plans::{all_applied, planned, published, ten_in, waiting};

fn minutes(at: DateTime<Utc>, minutes: i64) -> DateTime<Utc> {
    at + TimeDelta::minutes(minutes)
}

/// Links two visits: the second at least `least` and at most `most` minutes after the first.
async fn linked(
    client: &mut Client,
    (first, second): (i64, i64),
    (least, most): (i64, i64),
) -> Value {
    let body = json!({"then": second, "least_min": least, "most_min": most});
    client
        .post(&format!("/api/visits/{first}/links"), body)
        .await
        .ok()
}

fn start(visit: &Value) -> DateTime<Utc> {
    visit["start"].as_str().unwrap().parse().unwrap()
}

both!(
    a_link_is_shown_at_both_ends_and_taken_away,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let meal = waiting(house, "MEAL", ten_in(1)).await;
        let chat = waiting(house, "MEAL", minutes(ten_in(1), 120)).await;
        let before = coordinator.get(&format!("/api/visits/{meal}")).await.ok();
        assert_eq!(before["linkable"][0]["visit_id"], json!(chat));
        let here = linked(&mut coordinator, (meal, chat), (30, 60)).await;
        assert_eq!(here["links"][0]["visit_id"], json!(chat));
        assert_eq!(here["links"][0]["goes_before"], false);
        assert_eq!(
            here["links"][0]["kept"],
            Value::Null,
            "nobody comes to either yet"
        );
        assert_eq!(here["linkable"], json!([]));
        let there = coordinator.get(&format!("/api/visits/{chat}")).await.ok();
        assert_eq!(there["links"][0]["visit_id"], json!(meal));
        assert_eq!(there["links"][0]["goes_before"], true);
        let last = there["history"].as_array().unwrap().last().unwrap().clone();
        assert_eq!(last["what"], "连在一起");
        let path = format!("/api/visits/{chat}/links/{meal}");
        assert_eq!(
            coordinator.delete(&path).await.status,
            StatusCode::NO_CONTENT
        );
        let here = coordinator.get(&format!("/api/visits/{meal}")).await.ok();
        assert_eq!(here["links"], json!([]));
        coordinator
            .delete(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(a_plan_keeps_the_order_and_the_gap, async |house: &House| {
    let mut coordinator = house.enter(house.at.coordinator).await;
    // Asked for at the same time; each on its own would be planned as asked.
    let meal = waiting_within(house, "MEAL", ten_in(1)).await;
    let chat = waiting_within(house, "MEAL", ten_in(1)).await;
    linked(&mut coordinator, (meal, chat), (45, 60)).await;
    let plan = planned(
        &mut coordinator,
        json!({"date": "2026-11-25", "seconds": 0.3}),
    )
    .await;
    let done = published(&mut coordinator, &plan).await;
    assert!(all_applied(&done, true), "{done}");
    let meal = coordinator.get(&format!("/api/visits/{meal}")).await.ok();
    let chat = coordinator.get(&format!("/api/visits/{chat}")).await.ok();
    let gap = (start(&chat) - start(&meal)).num_minutes();
    assert!((45..=60).contains(&gap), "{gap}");
    assert_eq!(meal["links"][0]["kept"], true);
});

/// The same as [`waiting`] with two hours to begin in.
async fn waiting_within(house: &House, service: &str, start: DateTime<Utc>) -> i64 {
    let visit = waiting(house, service, start).await;
    house
        .alter(entity::visit::ActiveModel {
            id: sea_orm::ActiveValue::Set(entity::ids::VisitId(visit)),
            window_to: sea_orm::ActiveValue::Set(minutes(start, 120)),
            ..Default::default()
        })
        .await;
    visit
}

both!(
    what_would_break_a_link_is_refused_by_hand_and_may_be_set_aside,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let meal = waiting_within(house, "MEAL", ten_in(1)).await;
        let chat = waiting_within(house, "MEAL", ten_in(1)).await;
        linked(&mut coordinator, (meal, chat), (30, 60)).await;
        let put = async |client: &mut Client,
                         visit: i64,
                         helper,
                         at: DateTime<Utc>,
                         reason: Option<&str>| {
            let path = format!("/api/visits/{visit}");
            let version = client.get(&path).await.ok()["version"].clone();
            let body = json!({"helper_ids": [helper], "start": at, "version": version, "override_reason": reason});
            client.post(&format!("{path}/assign"), body).await
        };
        put(&mut coordinator, meal, house.at.chen, ten_in(1), None)
            .await
            .ok();
        let told = put(&mut coordinator, chat, house.at.liu, ten_in(1), None)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
        assert_eq!(told["broken"][0]["code"], "order", "{told}");
        assert_eq!(told["broken"][0]["overridable"], true);
        let said = told["broken"][0]["sentence"].as_str().unwrap();
        assert!(
            said.contains("王桂芳") && said.contains("10:30") && said.contains("11:00"),
            "{said}"
        );
        // A drag that is not let go says the same.
        let tried = coordinator
            .post(
                &format!("/api/visits/{chat}/check"),
                json!({"helper_ids": [house.at.liu], "start": ten_in(1)}),
            )
            .await
            .ok();
        assert_eq!(tried["broken"][0]["code"], "order");
        // To another day, which the meal does not come along to.
        let told = put(
            &mut coordinator,
            chat,
            house.at.liu,
            minutes(ten_in(2), 45),
            None,
        )
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
        assert!(
            told["broken"]
                .as_array()
                .unwrap()
                .iter()
                .any(|rule| rule["code"] == "order"),
            "{told}"
        );
        let set_aside = put(
            &mut coordinator,
            chat,
            house.at.liu,
            ten_in(1),
            Some("家属要求一起"),
        )
        .await
        .ok();
        assert_eq!(set_aside["links"][0]["kept"], false);
        put(
            &mut coordinator,
            chat,
            house.at.liu,
            minutes(ten_in(1), 45),
            None,
        )
        .await
        .ok();
    }
);

both!(
    suggestions_and_matching_at_once_keep_it,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let bookings = format!("/api/residents/{}/bookings", house.at.mother);
        let asking = json!({"service": "MEAL", "start": ten_in(1), "if_unserved": "tray"});
        let meal = daughter.post(&bookings, asking).await.created();
        assert_eq!(meal["visit"]["state"], "offered");
        let meal = meal["visit"]["visit_id"].as_i64().unwrap();
        let chat = waiting_within(house, "MEAL", ten_in(1)).await;
        linked(&mut coordinator, (meal, chat), (60, 90)).await;
        let found = coordinator
            .get(&format!("/api/visits/{chat}/suggestions"))
            .await
            .ok();
        let ranked = found["ranked"].as_array().unwrap();
        assert!(!ranked.is_empty());
        for crew in ranked {
            let gap = (start(crew) - ten_in(1)).num_minutes();
            assert!((60..=90).contains(&gap), "{crew}");
        }
        let matched = yinling::dispatch::match_now(
            &house.app,
            entity::ids::VisitId(chat),
            entity::words::AssignmentSource::Rematch,
        )
        .await
        .unwrap();
        assert!(matched);
        let chat = coordinator.get(&format!("/api/visits/{chat}")).await.ok();
        assert_eq!(chat["links"][0]["kept"], true);
        // Times that the other does not leave are not offered for it; for something new they are.
        let mut offered = Vec::new();
        for moving in [String::new(), format!("&moving={}", chat["booking_id"])] {
            let path = format!(
                "/api/residents/{}/times?service=MEAL&from=2026-11-25&days=1{moving}",
                house.at.mother
            );
            let found = daughter.get(&path).await.ok();
            let times = found["days"][0]["times"].as_array().unwrap().clone();
            offered.push(times.iter().map(start).collect::<Vec<_>>());
        }
        let left = |start: &DateTime<Utc>| (60..=90).contains(&(*start - ten_in(1)).num_minutes());
        assert!(!offered[1].is_empty() && offered[1].iter().all(left));
        assert!(!offered[0].iter().all(left));
        let strange = format!(
            "/api/residents/{}/times?service=MEAL&from=2026-11-25&days=1&moving=9999",
            house.at.mother
        );
        let told = daughter.get(&strange).await;
        let told = told.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "moving");
        // The family cannot move one past the other unknowingly.
        let mut clerk = house.enter(house.at.clerk).await;
        let booking = chat["booking_id"].as_i64().unwrap();
        let told = clerk
            .post(
                &format!("/api/bookings/{booking}/change"),
                json!({"start": minutes(ten_in(1), 180)}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "start");
        assert!(
            told["detail"].as_str().unwrap().contains("为了配合"),
            "{told}"
        );
        // Where the meal is cancelled, nothing holds the other any more.
        let meal = coordinator.get(&format!("/api/visits/{meal}")).await.ok();
        let meal = meal["booking_id"].as_i64().unwrap();
        clerk
            .post(
                &format!("/api/bookings/{meal}/cancel"),
                json!({"reason": "不用送了"}),
            )
            .await
            .ok();
        clerk
            .post(
                &format!("/api/bookings/{booking}/change"),
                json!({"start": minutes(ten_in(1), 180)}),
            )
            .await
            .ok();
    }
);

both!(
    why_nobody_comes_names_the_visit_it_is_linked_to,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let meal = waiting(house, "MEAL", ten_in(1)).await;
        let chat = waiting(house, "MEAL", ten_in(1)).await;
        linked(&mut coordinator, (meal, chat), (30, 60)).await;
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.1}),
        )
        .await;
        published(&mut coordinator, &plan).await;
        let [meal, chat] = [meal, chat].map(|id| format!("/api/visits/{id}"));
        let meal = coordinator.get(&meal).await.ok();
        let chat = coordinator.get(&chat).await.ok();
        // Both can only start at ten, so one of them waits.
        let states = [&meal["state"], &chat["state"]];
        assert!(
            states.contains(&&json!("offered")) && states.contains(&&json!("unfilled")),
            "{states:?}"
        );
        let left = if meal["state"] == "unfilled" {
            meal
        } else {
            chat
        };
        let still = plan["unfilled"].as_array().unwrap();
        let still = still
            .iter()
            .find(|one| one["visit_id"] == left["visit_id"])
            .unwrap_or_else(|| panic!("{plan:#} {left:#}"));
        let why = still["why"].as_str().unwrap();
        assert!(why.contains("王桂芳"), "{why}");
    }
);

both!(a_link_that_cannot_be_is_refused, async |house: &House| {
    let mut coordinator = house.enter(house.at.coordinator).await;
    let meal = waiting(house, "MEAL", ten_in(1)).await;
    let chat = waiting(house, "MEAL", minutes(ten_in(1), 120)).await;
    let tomorrow = waiting(house, "MEAL", ten_in(2)).await;
    let mut clerk = house.enter(house.at.clerk).await;
    let neighbours = clerk
        .post(
            &format!("/api/residents/{}/bookings", house.at.neighbour),
            json!({"service": "MEAL", "start": ten_in(1), "if_unserved": "tray"}),
        )
        .await
        .created();
    let neighbours = neighbours["visit"]["visit_id"].as_i64().unwrap();
    let path = format!("/api/visits/{meal}/links");
    for (then, least, most, field) in [
        (chat, -5, 30, "least_min"),
        (chat, 30, 725, "most_min"),
        (chat, 60, 30, "most_min"),
        (meal, 0, 30, "then"),
        (tomorrow, 0, 30, "then"),
        (neighbours, 0, 30, "then"),
        (9_999, 0, 30, "then"),
    ] {
        let told = coordinator
            .post(
                &path,
                json!({"then": then, "least_min": least, "most_min": most}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], field, "{told}");
    }
    linked(&mut coordinator, (meal, chat), (0, 60)).await;
    for (first, then) in [(meal, chat), (chat, meal)] {
        coordinator
            .post(
                &format!("/api/visits/{first}/links"),
                json!({"then": then, "least_min": 0, "most_min": 30}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
    // Links are the coordinators' alone.
    for account in [
        house.at.clerk,
        house.at.daughter,
        house.at.chen_account,
        house.at.admin,
    ] {
        let mut client = house.enter(account).await;
        client
            .post(&path, json!({"then": chat, "least_min": 0, "most_min": 30}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        client
            .delete(&format!("{path}/{chat}"))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
});
