//! The clerk's telephone: a call from its opening to its end.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::words::CallOutcome;
use entity::{audit, call, callback, household, resident};
use sea_orm::{ActiveEnum, ColumnTrait, EntityTrait, Iterable, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

pub const MOTHERS_LINE: &str = "07103210001";

/// In two hours.
pub fn later() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(2)
}

pub async fn begin(client: &mut Client, body: Value) -> Value {
    client.post("/api/calls", body).await.created()
}

pub fn end_of(call: &Value) -> String {
    format!("/api/calls/{}/end", call["id"])
}

pub fn promise(due_at: DateTime<Utc>) -> Value {
    json!({"outcome": "callback", "callback": {"due_at": due_at, "note": "问助浴价格"}})
}

/// Promises the mother's household a callback, in a call of its own.
pub async fn promised(clerk: &mut Client) -> Value {
    let call = begin(clerk, json!({"number": MOTHERS_LINE})).await;
    clerk.post(&end_of(&call), promise(later())).await.ok();
    clerk.get("/api/callbacks").await.ok()[0].clone()
}

/// Rows in every table that a call writes to.
pub async fn rows(house: &House) -> (u64, u64, u64) {
    let db = house.app.store.read();
    (
        call::Entity::find().count(db).await.unwrap(),
        callback::Entity::find().count(db).await.unwrap(),
        audit::Entity::find().count(db).await.unwrap(),
    )
}

/// The calls on the mother's screen.
async fn mothers_calls(house: &House, clerk: &mut Client) -> Vec<Value> {
    let home = clerk
        .get(&format!("/api/households/{}", house.at.mothers_home))
        .await
        .ok();
    home["calls"].as_array().unwrap().clone()
}

both!(
    a_call_runs_from_its_opening_to_each_outcome,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let outcomes: Vec<String> = CallOutcome::iter()
            .map(|outcome| outcome.to_value())
            .collect();
        assert_eq!(outcomes.len(), 10);
        for (at, outcome) in (1..).zip(&outcomes) {
            let began = House::morning() + TimeDelta::minutes(at);
            house.clock.set(began);
            let call = begin(&mut clerk, json!({"number": "0710-321 0001"})).await;
            assert_eq!(
                call,
                json!({
                    "id": call["id"],
                    "number": MOTHERS_LINE,
                    "household_id": house.at.mothers_home,
                    "clerk": "客服小秘书",
                    "started_at": began,
                    "ended_at": null,
                    "outcome": null,
                    "note": null,
                    "booking_id": null,
                })
            );
            let over = began + TimeDelta::seconds(40);
            house.clock.set(over);
            let mut body = json!({"outcome": outcome, "note": "  老人说话清楚 "});
            if outcome == "callback" {
                body["callback"] = promise(later())["callback"].clone();
            }
            let ended = clerk.post(&end_of(&call), body.clone()).await.ok();
            let mut wanted = call.clone();
            wanted["outcome"] = json!(outcome);
            wanted["note"] = json!("老人说话清楚");
            wanted["ended_at"] = json!(over);
            assert_eq!(ended, wanted);
            assert_eq!(mothers_calls(house, &mut clerk).await[0], ended);
            // Once: what was written down stays as it is.
            body["note"] = json!("另一句");
            let told = clerk
                .post(&end_of(&call), body)
                .await
                .refused(StatusCode::CONFLICT, "not-now");
            assert!(
                told["detail"].as_str().unwrap().contains("已经记录过结果"),
                "{told}"
            );
            assert_eq!(mothers_calls(house, &mut clerk).await[0], ended);
        }
        let last = mothers_calls(house, &mut clerk).await;
        let shown: Vec<&Value> = last.iter().map(|call| &call["outcome"]).collect();
        let wanted: Vec<&String> = outcomes.iter().rev().take(5).collect();
        assert_eq!(shown, wanted, "the last five, the latest first");
        assert_eq!(rows(house).await, (10, 1, 10 + 10 + 1));
    }
);

both!(no_call_ends_without_an_outcome, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    let call = begin(&mut clerk, json!({})).await;
    assert_eq!(
        (&call["number"], &call["household_id"]),
        (&Value::Null, &Value::Null)
    );
    for body in [json!({}), json!({"outcome": null}), json!({"note": "问路"})] {
        let told = clerk
            .post(&end_of(&call), body.clone())
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "outcome");
        assert!(
            told["detail"]
                .as_str()
                .unwrap()
                .contains("每通电话都要记录结果"),
            "{told}"
        );
        let told = clerk
            .clone()
            .english()
            .post(&end_of(&call), body)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert!(
            told["detail"]
                .as_str()
                .unwrap()
                .contains("every call has an outcome"),
            "{told}"
        );
    }
    clerk
        .post(&end_of(&call), json!({"outcome": "hung_up"}))
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    let kept = call::Entity::find()
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((kept.ended_at, kept.outcome), (None, None));
    // It waits for its outcome, however late.
    house.clock.set(House::morning() + TimeDelta::days(2));
    clerk
        .post(&end_of(&call), json!({"outcome": "wrong_number"}))
        .await
        .ok();
});

both!(
    a_number_leads_to_a_household_where_it_leads_to_one_alone,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        // The same telephone stands in three files.
        let many = begin(&mut clerk, json!({"number": "13900000001"})).await;
        assert_eq!(many["household_id"], Value::Null);
        assert_eq!(many["number"], "13900000001");
        let unknown = begin(&mut clerk, json!({"number": "+86 138-0013-8000"})).await;
        assert_eq!(unknown["household_id"], Value::Null);
        assert_eq!(unknown["number"], "13800138000");
        // The last digits find a household in a search; who calls they do not say.
        let short = begin(&mut clerk, json!({"number": "10001"})).await;
        assert_eq!(short["household_id"], Value::Null);
        let local = begin(&mut clerk, json!({"number": "3210001"})).await;
        assert_eq!(local["household_id"], json!(house.at.mothers_home));
        // Whom the clerk has found already goes before what the number says.
        let second = resident::Entity::find_by_id(house.at.father_in_law)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .household_id;
        let known = begin(
            &mut clerk,
            json!({"number": MOTHERS_LINE, "household_id": second}),
        )
        .await;
        assert_eq!(known["household_id"], json!(second));
        for number in ["12", "找王奶奶", "1380013800x", &"1".repeat(21)] {
            let told = clerk
                .post("/api/calls", json!({"number": number}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], "number");
        }
        let told = clerk
            .post("/api/calls", json!({"household_id": 99_999}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "household_id");
        assert_eq!(rows(house).await.0, 5);
    }
);

both!(
    a_call_knows_whom_it_was_about_and_what_came_of_it,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let call = begin(&mut clerk, json!({})).await;
        let booked = clerk
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({
                    "service": "MEAL",
                    "start": House::morning() + TimeDelta::hours(25),
                    "if_unserved": "refuse",
                    "call_id": call["id"],
                }),
            )
            .await
            .created();
        let ended = clerk
            .post(&end_of(&call), json!({"outcome": "booked"}))
            .await
            .ok();
        assert_eq!(ended["booking_id"], booked["booking_id"]);
        assert_eq!(ended["household_id"], json!(house.at.mothers_home));
        // A neighbour who calls for her stays who called.
        let neighbour = household::Entity::find()
            .filter(household::Column::Id.ne(house.at.mothers_home))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .id;
        let call = begin(&mut clerk, json!({"household_id": neighbour})).await;
        clerk
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({
                    "service": "MEAL",
                    "start": House::morning() + TimeDelta::hours(49),
                    "if_unserved": "refuse",
                    "call_id": call["id"],
                }),
            )
            .await
            .created();
        let ended = clerk
            .post(&end_of(&call), json!({"outcome": "booked"}))
            .await
            .ok();
        assert_eq!(ended["household_id"], json!(neighbour));
        // Named at the end, a booking says about whom; so does a resident.
        for named in [
            json!({"outcome": "changed", "booking_id": booked["booking_id"]}),
            json!({"outcome": "information", "resident_id": house.at.mother}),
        ] {
            let call = begin(&mut clerk, json!({})).await;
            let ended = clerk.post(&end_of(&call), named.clone()).await.ok();
            assert_eq!(
                ended["household_id"],
                json!(house.at.mothers_home),
                "{named}"
            );
        }
        let call = begin(&mut clerk, json!({})).await;
        for field in ["booking_id", "resident_id", "household_id"] {
            let mut body = json!({"outcome": "information"});
            body[field] = json!(99_999);
            let told = clerk
                .post(&end_of(&call), body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
    }
);

both!(the_telephone_is_the_desks_alone, async |house: &House| {
    let at = &house.at;
    let mut clerk = house.enter(at.clerk).await;
    let task = promised(&mut clerk).await;
    let call = begin(&mut clerk, json!({"number": MOTHERS_LINE})).await;
    let before = rows(house).await;
    let done = format!("/api/callbacks/{}/done", task["id"]);
    let end = json!({"outcome": "information"});
    let kept = json!({"note": "打通了"});
    for account in [
        at.daughter,
        at.stranger,
        at.chen_account,
        at.officer,
        at.panel,
        at.admin,
    ] {
        let mut client = house.enter(account).await;
        for (there, nowhere, body) in [
            (end_of(&call), "/api/calls/99999/end", &end),
            (done.clone(), "/api/callbacks/99999/done", &kept),
        ] {
            let hidden = client.post(&there, body.clone()).await;
            assert_eq!(hidden.text, client.post(nowhere, body.clone()).await.text);
            hidden.refused(StatusCode::NOT_FOUND, "not-found");
        }
        client
            .post("/api/calls", json!({"number": MOTHERS_LINE}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        for path in ["/api/callbacks", "/api/callbacks?state=all"] {
            client
                .get(path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
    let mut nobody = house.stranger();
    for (path, body) in [
        ("/api/calls", json!({})),
        (&end_of(&call), end),
        (&done, kept),
    ] {
        nobody
            .post(path, body)
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
    assert_eq!(rows(house).await, before);
});

both!(
    a_retry_under_the_same_key_calls_ends_and_promises_once,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let mut twice = async |path: &str, body: Value| {
            let key = format!("key-of-{path}");
            let first = clerk.post_once(path, body.clone(), &key).await;
            assert!(first.status.is_success(), "{path}: {}", first.text);
            // The line was down for an hour: what held then need not hold now.
            house.clock.set(house.app.clock.now() + TimeDelta::hours(3));
            let again = clerk.post_once(path, body, &key).await;
            assert_eq!((again.status, &again.text), (first.status, &first.text));
            assert_eq!(again.headers["idempotency-replayed"], "true");
            let told = clerk
                .post_once(
                    path,
                    json!({"number": "99999", "outcome": "booked", "note": "x"}),
                    &key,
                )
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-mismatch");
            assert!(!told["action"].as_str().unwrap().is_empty());
            first.json()
        };
        let call = twice("/api/calls", json!({"number": MOTHERS_LINE})).await;
        let due = House::morning() + TimeDelta::hours(4);
        let ended = twice(&end_of(&call), promise(due)).await;
        assert_eq!(ended["outcome"], "callback");
        assert_eq!(rows(house).await, (1, 1, 3));
        let task = house
            .enter(house.at.clerk)
            .await
            .get("/api/callbacks")
            .await
            .ok();
        twice(
            &format!("/api/callbacks/{}/done", task[0]["id"]),
            json!({"note": "打通了"}),
        )
        .await;
        assert_eq!(rows(house).await, (1, 1, 4));
    }
);

both!(
    a_character_that_no_text_holds_is_refused_in_words,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let call = begin(&mut clerk, json!({})).await;
        for body in [
            json!({"outcome": "information", "note": "老人\0说"}),
            json!({"outcome": "callback", "callback": {"due_at": later(), "note": "\0"}}),
        ] {
            clerk
                .post(&end_of(&call), body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        // Six signs that only look like it are a note like any other.
        let ended = clerk
            .post(
                &end_of(&call),
                json!({"outcome": "information", "note": "\\u0000"}),
            )
            .await
            .ok();
        assert_eq!(ended["note"], "\\u0000");
    }
);
