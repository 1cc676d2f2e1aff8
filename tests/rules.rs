//! What bad input gets: a problem document with a stable type, a sentence in the person's language, the field marked, and
//! nothing half-written.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::{audit, booking, helper_slot, outbox, visit};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// Rows in every table a booking writes to.
async fn rows(house: &House) -> usize {
    let db = house.app.store.read();
    booking::Entity::find().all(db).await.unwrap().len()
        + visit::Entity::find().all(db).await.unwrap().len()
        + helper_slot::Entity::find().all(db).await.unwrap().len()
        + outbox::Entity::find().all(db).await.unwrap().len()
        + audit::Entity::find().all(db).await.unwrap().len()
}

fn asking(service: &str, start: DateTime<Utc>) -> Value {
    json!({"service": service, "start": start, "if_unserved": "tray"})
}

both!(
    a_booking_that_cannot_be_names_its_field,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut english = daughter.clone().english();
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let mut long = asking("MEAL", ten());
        long["note"] = json!("长".repeat(501));
        let mut odd_window = asking("MEAL", ten());
        odd_window["window"] =
            json!({"from": ten() + TimeDelta::hours(1), "to": ten() + TimeDelta::hours(2)});
        let mut unknown_helper = asking("MEAL", ten());
        unknown_helper["wish_helper_id"] = json!(9_999);
        let mut foreign_call = asking("MEAL", ten());
        foreign_call["call_id"] = json!(1);
        for (body, field, zh, en) in [
            (
                asking("MEAL", ten() + TimeDelta::minutes(2)),
                "start",
                "整 5 分钟",
                "full five minutes",
            ),
            (
                asking("MEAL", ten() - TimeDelta::days(3)),
                "start",
                "已经过去",
                "has passed",
            ),
            (
                asking("MEAL", House::morning() + TimeDelta::hours(1)),
                "start",
                "提前 2 小时",
                "2 hours ahead",
            ),
            (
                asking("MEAL", ten() + TimeDelta::days(40)),
                "start",
                "最远",
                "up to",
            ),
            (
                asking("MEAL", ten() + TimeDelta::days(6)),
                "start",
                "休整日",
                "Rest day",
            ),
            (
                asking("NONE", ten()),
                "service",
                "没有这项服务",
                "no such service",
            ),
            (long, "note", "最多 500", "at most 500"),
            (odd_window, "window", "时段", "span"),
            (
                unknown_helper,
                "wish_helper_id",
                "没有这位",
                "no such helper",
            ),
            (foreign_call, "call_id", "没有这通", "no such call"),
        ] {
            let told = daughter
                .post(&path, body.clone())
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{told}");
            assert!(told["detail"].as_str().unwrap().contains(zh), "{told}");
            let told = english
                .post(&path, body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert!(told["detail"].as_str().unwrap().contains(en), "{told}");
        }
        assert_eq!(rows(house).await, 0);
    }
);

both!(
    a_service_that_the_ability_level_forbids_is_refused,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        // The father-in-law was never assessed, the neighbour neither: bathing asks for level 1 to 4.
        let assessed = entity::resident::ActiveModel {
            id: sea_orm::ActiveValue::Set(house.at.neighbour),
            ability_level: sea_orm::ActiveValue::Set(Some(0)),
            ..Default::default()
        };
        house
            .app
            .store
            .write(move |txn| {
                let assessed = assessed.clone();
                Box::pin(async move {
                    sea_orm::ActiveModelTrait::update(assessed, txn).await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        let told = clerk
            .post(
                &format!("/api/residents/{}/bookings", house.at.neighbour),
                asking("BATH", ten()),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "service");
        assert_eq!(rows(house).await, 0);
    }
);

both!(
    a_helper_whose_credential_has_expired_is_not_offered_nor_assigned,
    async |house: &House| {
        // It holds until the 30th of November; the visit is on the 2nd of December.
        let late = ten() + TimeDelta::days(7);
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}", house.at.mother);
        let times = daughter
            .get(&format!("{path}/times?service=BATH&from=2026-11-30&days=3"))
            .await
            .ok();
        assert!(!times["days"][0]["times"].as_array().unwrap().is_empty());
        assert_eq!(times["days"][1]["closed"], "休整日，不提供服务");
        assert_eq!(times["days"][2]["times"], json!([]));
        let mut refused = asking("BATH", late);
        refused["if_unserved"] = json!("refuse");
        daughter
            .post(&format!("{path}/bookings"), refused)
            .await
            .refused(StatusCode::CONFLICT, "slot-taken");
        let booked = daughter
            .post(&format!("{path}/bookings"), asking("BATH", late))
            .await
            .created();
        assert_eq!(booked["visit"]["state"], "unfilled");
        let visit = booked["visit"]["visit_id"].as_i64().unwrap();
        let mut coordinator = house.enter(house.at.coordinator).await;
        let told = coordinator
            .post(
                &format!("/api/visits/{visit}/assign"),
                json!({"helper_ids": [house.at.sun], "version": 1}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
        assert_eq!(told["broken"][0]["code"], "credential");
        assert!(told["detail"].as_str().unwrap().contains("30"), "{told}");
    }
);

both!(
    what_is_not_yours_is_answered_as_if_it_did_not_exist,
    async |house: &House| {
        let mut stranger = house.enter(house.at.stranger).await;
        let mut son = house.enter(house.at.son).await;
        let mut chen = house.enter(house.at.chen_account).await;
        let foreign = stranger
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                asking("MEAL", ten()),
            )
            .await;
        let nobody = stranger
            .post("/api/residents/99999/bookings", asking("MEAL", ten()))
            .await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND);
        assert_eq!(foreign.text, nobody.text);
        son.post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            asking("MEAL", ten()),
        )
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
        son.get(&format!("/api/residents/{}/visits", house.at.mother))
            .await
            .ok();
        for path in [
            "/api/board",
            "/api/dispatch/lists",
            "/api/callbacks",
            "/api/accounts",
            "/api/plans/1",
        ] {
            chen.get(path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            house
                .stranger()
                .get(path)
                .await
                .refused(StatusCode::UNAUTHORIZED, "sign-in");
        }
        assert_eq!(rows(house).await, 0);
    }
);

both!(
    a_body_that_cannot_be_read_is_refused_in_words,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let send = |kind: &str, body: String| {
            Request::post(&path)
                .header(header::CONTENT_TYPE, kind)
                .body(Body::from(body))
                .unwrap()
        };
        let json_kind = "application/json";
        daughter
            .send(send(json_kind, "{\"service\": ".into()))
            .await
            .refused(StatusCode::BAD_REQUEST, "bad-json");
        daughter
            .send(send(json_kind, "{\"service\": 7}".into()))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        daughter
            .send(send("text/plain", asking("MEAL", ten()).to_string()))
            .await
            .refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-content-type");
        let huge = format!("{{\"note\": \"{}\"}}", "a".repeat(70_000));
        daughter
            .send(send(json_kind, huge))
            .await
            .refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
        let foreign = Request::post(&path)
            .header(header::CONTENT_TYPE, json_kind)
            .header(header::ORIGIN, "https://elsewhere.example")
            .body(Body::from(asking("MEAL", ten()).to_string()))
            .unwrap();
        daughter
            .send(foreign)
            .await
            .refused(StatusCode::FORBIDDEN, "cross-site");
        daughter
            .delete(&path)
            .await
            .refused(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed");
        daughter
            .get("/api/no-such-thing")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        assert_eq!(rows(house).await, 0);
    }
);

both!(
    a_visit_taken_off_goes_back_to_a_start_that_was_agreed,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut asked = asking("MEAL", ten());
        asked["window"] =
            json!({"from": ten() - TimeDelta::hours(1), "to": ten() + TimeDelta::hours(1)});
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                asked,
            )
            .await
            .created();
        let path = format!("/api/visits/{}", booked["visit"]["visit_id"]);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let half_past = ten() + TimeDelta::minutes(30);
        let seen = coordinator.get(&path).await.ok();
        let moved = coordinator
            .post(
                &format!("{path}/assign"),
                json!({"helper_ids": [house.at.liu], "start": half_past, "version": seen["version"]}),
            )
            .await
            .ok();
        assert_eq!(moved["start"], json!(half_past));

        let mut english = coordinator.clone().english();
        for (start, zh, en) in [
            (
                ten() + TimeDelta::minutes(2),
                "整 5 分钟",
                "full five minutes",
            ),
            (ten() + TimeDelta::hours(2), "约定的时段", "agreed"),
            (ten() - TimeDelta::hours(2), "约定的时段", "agreed"),
        ] {
            let body = json!({"reason": "撤销", "start": start, "version": moved["version"]});
            for (desk, word) in [(&mut coordinator, zh), (&mut english, en)] {
                let told = desk
                    .post(&format!("{path}/unassign"), body.clone())
                    .await
                    .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
                assert_eq!(told["fields"][0]["field"], "start");
                assert!(told["detail"].as_str().unwrap().contains(word), "{told}");
            }
        }
        assert_eq!(
            coordinator.get(&path).await.ok(),
            moved,
            "a refusal left something"
        );

        let back = coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "撤销", "start": ten(), "version": moved["version"]}),
            )
            .await
            .ok();
        assert_eq!(back["start"], json!(ten()));
        assert_eq!(back["end"], json!(ten() + TimeDelta::minutes(15)));
        assert_eq!(
            (&back["state"], &back["helpers"]),
            (&json!("unfilled"), &json!([]))
        );
        let slots = helper_slot::Entity::find();
        assert_eq!(slots.count(house.app.store.read()).await.unwrap(), 0);

        // Left out, the start stays.
        let moved = coordinator
            .post(
                &format!("{path}/assign"),
                json!({"helper_ids": [house.at.liu], "start": half_past, "version": back["version"]}),
            )
            .await
            .ok();
        let off = coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "换人", "version": moved["version"]}),
            )
            .await
            .ok();
        assert_eq!(off["start"], json!(half_past));
    }
);

both!(
    a_visit_taken_off_goes_back_outside_its_window_only_to_where_it_last_stood,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                asking("MEAL", ten()),
            )
            .await
            .created();
        let path = format!("/api/visits/{}", booked["visit"]["visit_id"]);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let outside = ten() + TimeDelta::hours(3);
        let seen = coordinator.get(&path).await.ok();
        let mut wanted =
            json!({"helper_ids": [house.at.liu], "start": outside, "version": seen["version"]});
        let told = coordinator
            .post(&format!("{path}/assign"), wanted.clone())
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "rule-broken");
        assert_eq!(told["broken"][0]["code"], "window");
        wanted["override_reason"] = json!("家里来电改到下午");
        let overridden = coordinator
            .post(&format!("{path}/assign"), wanted)
            .await
            .ok();
        let tray = coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "换人", "version": overridden["version"]}),
            )
            .await
            .ok();
        assert_eq!(
            (&tray["start"], &tray["state"]),
            (&json!(outside), &json!("unfilled"))
        );

        let moved = coordinator
            .post(
                &format!("{path}/assign"),
                json!({"helper_ids": [house.at.liu], "start": ten(), "version": tray["version"]}),
            )
            .await
            .ok();
        let told = coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "撤销", "start": outside + TimeDelta::minutes(5), "version": moved["version"]}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "start");

        // Undone, it waits again where it waited before.
        let back = coordinator
            .post(
                &format!("{path}/unassign"),
                json!({"reason": "撤销", "start": outside, "version": moved["version"]}),
            )
            .await
            .ok();
        for field in ["start", "end", "state", "helpers", "override_reason"] {
            assert_eq!(back[field], tray[field], "{field}");
        }
        let kept = entity::assignment::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap();
        assert!(
            kept.iter()
                .any(|row| row.override_reason.as_deref() == Some("家里来电改到下午")),
            "the reason of the former exception is lost"
        );

        // And undoing what took the exception off puts the exception back, with its reason.
        let again = coordinator
            .post(
                &format!("{path}/assign"),
                json!({
                    "helper_ids": [house.at.liu], "start": outside, "version": back["version"],
                    "override_reason": overridden["override_reason"],
                }),
            )
            .await
            .ok();
        for field in ["start", "end", "state", "override_reason"] {
            assert_eq!(again[field], overridden[field], "{field}");
        }
    }
);
