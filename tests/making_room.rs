//! A plan may give a visit up for one that matters more: it says so, does so when it is published, and only where it has to.

use axum::http::StatusCode;
use entity::ids::{AccountId, ResidentId, VisitId};
use entity::visit;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::plans::{agree, all_applied, planned, published, ten_in};

const TOMORROW: &str = "2026-11-25";

/// Chess at ten tomorrow, which one helper alone plays: the first who books has him.
async fn chess(house: &House, account: AccountId, resident: ResidentId) -> Value {
    let mut client = house.enter(account).await;
    client
        .post(
            &format!("/api/residents/{resident}/bookings"),
            json!({"service": "CHESS", "start": ten_in(1), "if_unserved": "tray"}),
        )
        .await
        .created()
}

/// Somebody has chess at ten, and a plan is made in which the mother's, which matters more, has it instead.
async fn making_room(house: &House) -> (i64, i64, Value) {
    let has = chess(house, house.at.stranger, house.at.neighbour).await;
    let wants = chess(house, house.at.daughter, house.at.mother).await;
    assert_eq!(
        (&has["visit"]["state"], &wants["visit"]["state"]),
        (&json!("offered"), &json!("unfilled"))
    );
    let (has, wants) = (
        has["visit"]["visit_id"].as_i64().unwrap(),
        wants["visit"]["visit_id"].as_i64().unwrap(),
    );
    house
        .alter(visit::ActiveModel {
            id: Set(VisitId(wants)),
            priority: Set(9),
            ..Default::default()
        })
        .await;
    let mut coordinator = house.enter(house.at.coordinator).await;
    let plan = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 0.2})).await;
    let mut kinds: Vec<(i64, &str)> = plan["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["visit_id"].as_i64().unwrap(),
                change["kind"].as_str().unwrap(),
            )
        })
        .collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [(has, "unassign"), (wants, "assign")]);
    assert_eq!(plan["unfilled"][0]["visit_id"], has);
    (has, wants, plan)
}

both!(
    what_makes_room_waits_again_and_says_why,
    async |house: &House| {
        let (has, wants, plan) = making_room(house).await;
        let gives = plan["changes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|change| change["visit_id"] == has)
            .unwrap();
        assert_eq!(gives["from"]["helpers"][0]["name"], "陈志强");
        assert_eq!(
            (
                &gives["to"]["helpers"],
                gives["reasons"].as_array().unwrap().len()
            ),
            (&json!([]), 1)
        );
        let mut coordinator = house.enter(house.at.coordinator).await;
        let done = published(&mut coordinator, &plan).await;
        assert!(all_applied(&done, true), "{done}");
        let gone = coordinator.get(&format!("/api/visits/{has}")).await.ok();
        assert_eq!(
            (&gone["state"], &gone["helpers"]),
            (&json!("unfilled"), &json!([]))
        );
        let board = coordinator
            .get(&format!("/api/board?date={TOMORROW}"))
            .await
            .ok();
        assert_eq!(board["unfilled"][0]["visit_id"], has);
        assert_eq!(board["unfilled"][0]["reason"], gives["reasons"][0]);
        let taken = coordinator.get(&format!("/api/visits/{wants}")).await.ok();
        assert_eq!(
            (&taken["state"], &taken["helpers"][0]["name"]),
            (&json!("offered"), &json!("陈志强"))
        );
        agree(house).await;
    }
);

both!(
    nothing_is_given_up_for_a_visit_that_is_no_more,
    async |house: &House| {
        let (has, wants, plan) = making_room(house).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let booking = daughter
            .get(&format!("/api/residents/{}/visits", house.at.mother))
            .await
            .ok()
            .as_array()
            .unwrap()
            .iter()
            .find(|visit| visit["visit_id"] == wants)
            .unwrap()["booking_id"]
            .clone();
        let cancelled = daughter
            .post(
                &format!("/api/bookings/{booking}/cancel"),
                json!({"reason": "不用了"}),
            )
            .await;
        assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.text);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let done = published(&mut coordinator, &plan).await;
        assert!(all_applied(&done, false), "{done}");
        assert_eq!(done["unfilled"], json!([]), "it has somebody after all");
        let stays = coordinator.get(&format!("/api/visits/{has}")).await.ok();
        assert_eq!(
            (&stays["state"], &stays["helpers"][0]["name"]),
            (&json!("offered"), &json!("陈志强"))
        );
        agree(house).await;
    }
);
