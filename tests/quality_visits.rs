//! Late and missed visits on the first screen, what became of them, and calls to those who live alone.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::ResidentId;
use entity::words::{LapseKind, ResidentState, Subject};
use entity::{audit, check_call, lapse, resident};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::quality::watch::{sweep, unseen};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

/// Tomorrow at ten.
pub fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// Minutes after tomorrow at ten.
pub fn at(house: &House, minutes: i64) {
    house.clock.set(ten() + TimeDelta::minutes(minutes));
}

/// A game of chess at the mother's tomorrow at ten, an hour long; nobody but 陈志强 can come, and he says yes.
pub async fn chess(house: &House) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let path = format!("/api/residents/{}/bookings", house.at.mother);
    let body = json!({"service": "CHESS", "start": ten(), "if_unserved": "refuse"});
    let booked = daughter.post(&path, body).await.created();
    let id = booked["visit"]["visit_id"].as_i64().unwrap();
    let mut chen = house.enter(house.at.chen_account).await;
    let path = format!("/api/visits/{id}/answer");
    chen.post(&path, json!({"answer": "accept"})).await.ok();
    id
}

/// 陈志强 arrives and finishes in time.
pub async fn done(house: &House, visit: i64) {
    let mut chen = house.enter(house.at.chen_account).await;
    at(house, 0);
    let path = |what: &str| format!("/api/visits/{visit}/{what}");
    chen.post(&path("arrive"), json!({})).await.ok();
    at(house, 58);
    chen.post(&path("finish"), json!({})).await.ok();
}

async fn first(client: &mut Client) -> Value {
    client.get("/api/quality/first-screen").await.ok()
}

fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|row| row["visit_id"].as_i64().unwrap())
        .collect()
}

async fn happened(client: &mut Client, visit: i64, what: &str) -> crate::support::client::Reply {
    let seen = client.get(&format!("/api/visits/{visit}")).await.ok();
    let body = json!({"what": what, "note": "打过电话", "version": seen["version"]});
    client
        .post(&format!("/api/visits/{visit}/happened"), body)
        .await
}

async fn calls(client: &mut Client) -> Value {
    client.get("/api/check-calls").await.ok()
}

async fn seen_at(house: &House, id: ResidentId) -> Option<DateTime<Utc>> {
    resident::Entity::find_by_id(id)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .last_seen_at
}

async fn last_seen(house: &House, id: ResidentId, when: Option<DateTime<Utc>>) {
    house
        .alter(resident::ActiveModel {
            id: Set(id),
            last_seen_at: Set(when),
            ..Default::default()
        })
        .await;
}

both!(
    a_late_visit_is_on_the_first_screen_and_gone_when_the_helper_arrives,
    async |house: &House| {
        let visit = chess(house).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        at(house, 9);
        sweep(&house.app).await.unwrap();
        assert_eq!(first(&mut coordinator).await["late"], json!([]), "not yet");
        at(house, 10);
        assert_eq!(sweep(&house.app).await.unwrap(), 1);
        let screen = first(&mut coordinator).await;
        assert_eq!(ids(&screen["late"]), [visit]);
        let row = &screen["late"][0];
        assert_eq!(
            (&row["what"], &row["minutes_late"], &row["resident"]),
            (&json!("not_arrived"), &json!(10), &json!("王桂芳"))
        );
        assert_eq!(
            (&row["helper"], &row["helper_phone"], &row["resident_phone"]),
            (
                &json!("陈志强"),
                &json!("13800000001"),
                &json!("13900000001")
            )
        );
        assert_eq!(row["alone"], true);
        assert_eq!(
            row["can_say"],
            json!(["arrived", "helper_absent", "not_home"])
        );
        assert_eq!(
            coordinator.get("/api/board?date=2026-11-25").await.ok()["counts"]["late"],
            1
        );
        // Noticed once, told once: open pages hear of it by the audit.
        sweep(&house.app).await.unwrap();
        let told = audit::Entity::find()
            .filter(audit::Column::What.eq(Subject::Visit))
            .filter(audit::Column::Action.eq("late"))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(told, 1);
        at(house, 14);
        let mut chen = house.enter(house.at.chen_account).await;
        chen.post(&format!("/api/visits/{visit}/arrive"), json!({}))
            .await
            .ok();
        let screen = first(&mut coordinator).await;
        assert_eq!(
            (&screen["late"], &screen["missed"]),
            (&json!([]), &json!([]))
        );
        let kept = lapse::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (kept.kind, kept.helper_id),
            (LapseKind::Late, Some(house.at.chen)),
            "what happened stays on record"
        );
        happened(&mut coordinator, visit, "helper_absent")
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

both!(when_a_visit_is_late_is_a_setting, async |house: &House| {
    let visit = chess(house).await;
    let mut admin = house.enter(house.at.admin).await;
    let set = |late: i32| json!({"late_after_min": late, "unseen_days": 5, "complaint_days": 2});
    let told = admin
        .post("/api/quality/settings", set(0))
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    assert_eq!(told["fields"][0]["field"], "late_after_min");
    let kept = admin.post("/api/quality/settings", set(25)).await.ok();
    assert_eq!(kept, set(25));
    assert_eq!(admin.get("/api/quality/settings").await.ok(), set(25));
    let mut coordinator = house.enter(house.at.coordinator).await;
    coordinator
        .post("/api/quality/settings", set(10))
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
    at(house, 24);
    assert_eq!(first(&mut coordinator).await["late"], json!([]));
    at(house, 25);
    assert_eq!(ids(&first(&mut coordinator).await["late"]), [visit]);
    let lists = coordinator.get("/api/dispatch/lists").await.ok();
    assert_eq!(ids(&lists["late"]), [visit], "the same everywhere");
});

both!(
    a_missed_visit_is_settled_by_what_the_desk_says,
    async |house: &House| {
        let visit = chess(house).await;
        let mut clerk = house.enter(house.at.clerk).await;
        at(house, 61);
        sweep(&house.app).await.unwrap();
        let screen = first(&mut clerk).await;
        assert_eq!(
            (ids(&screen["missed"]), &screen["late"]),
            (vec![visit], &json!([]))
        );
        assert_eq!(
            screen["missed"][0]["can_say"],
            json!(["arrived", "done", "helper_absent", "not_home"])
        );
        // A day later helpers can no longer record it; the desk can.
        at(house, 24 * 60);
        assert_eq!(ids(&first(&mut clerk).await["missed"]), [visit]);
        happened(&mut clerk, visit, "nobody_came")
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let stale = json!({"what": "done", "version": 0});
        clerk
            .post(&format!("/api/visits/{visit}/happened"), stale)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let told = happened(&mut clerk, visit, "done").await.ok();
        assert_eq!(told["state"], "completed");
        let when = |value: &Value| -> DateTime<Utc> { value.as_str().unwrap().parse().unwrap() };
        assert_eq!(
            when(&told["checked_in_at"]),
            ten(),
            "it carries its own times"
        );
        assert_eq!(when(&told["completed_at"]), ten() + TimeDelta::minutes(60));
        assert_eq!(first(&mut clerk).await["missed"], json!([]));
        let hours = clerk
            .get(&format!("/api/helpers/{}/hours", house.at.chen))
            .await
            .ok();
        assert_eq!(
            hours["statement"]["closing_min"], 60,
            "the helper earned it: {hours}"
        );
    }
);

both!(
    the_helper_did_not_come_and_nobody_was_found,
    async |house: &House| {
        let visit = chess(house).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/bookings", house.at.father_in_law);
        let body = json!({"service": "CHESS", "start": ten(), "if_unserved": "tray"});
        let tray = daughter.post(&path, body).await.created();
        let unfilled = tray["visit"]["visit_id"].as_i64().unwrap();
        assert_eq!(tray["visit"]["state"], "unfilled");
        at(house, 120);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let screen = first(&mut coordinator).await;
        assert_eq!(ids(&screen["missed"]).len(), 2);
        let told = happened(&mut coordinator, visit, "helper_absent")
            .await
            .ok();
        assert_eq!(told["state"], "helper_absent");
        let told = happened(&mut coordinator, unfilled, "nobody_came")
            .await
            .ok();
        assert_eq!(told["state"], "cancelled");
        assert_eq!(first(&mut coordinator).await["missed"], json!([]));
        assert!(
            yinling::store::consistency::disagreements(house.app.store.read())
                .await
                .unwrap()
                .is_empty()
        );
        daughter
            .post(
                &format!("/api/visits/{visit}/happened"),
                json!({"what": "done", "version": 1}),
            )
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    a_missed_visit_asks_once_for_a_call_to_whoever_lives_alone,
    async |house: &House| {
        let visit = chess(house).await;
        let mut clerk = house.enter(house.at.clerk).await;
        at(house, 61);
        let (one, other) = (house.app.clone(), house.another().await);
        let (one, other) = tokio::join!(sweep(&one), sweep(&other));
        one.unwrap();
        other.unwrap();
        sweep(&house.app).await.unwrap();
        let list = calls(&mut clerk).await;
        let due = list["due"].as_array().unwrap();
        assert_eq!(due.len(), 1, "two processes, one call: {list}");
        assert_eq!(due[0]["resident"], "王桂芳");
        assert_eq!(due[0]["visit_id"], visit);
        let why = due[0]["why"].as_str().unwrap();
        assert!(
            why.contains("独居") && why.contains("11月25日 10:00"),
            "{why}"
        );
        assert_eq!(first(&mut clerk).await["check_calls"], 1);
        let id = &due[0]["id"];
        let path = format!("/api/check-calls/{id}/called");
        let told = clerk
            .post(&path, json!({"heard": "fine", "note": "她自己下楼了"}))
            .await
            .ok();
        assert_eq!(told["outcome"], "fine");
        assert_eq!(
            seen_at(house, house.at.mother).await,
            Some(ten() + TimeDelta::minutes(61)),
            "a call that is answered counts as seen"
        );
        clerk
            .post(&path, json!({"heard": "fine"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        sweep(&house.app).await.unwrap();
        let list = calls(&mut clerk).await;
        assert_eq!(list["due"], json!([]), "never twice for one reason");
        assert_eq!(list["done"].as_array().unwrap().len(), 1);
    }
);

both!(
    a_call_ends_by_itself_when_the_visit_was_done_after_all,
    async |house: &House| {
        let visit = chess(house).await;
        let mut clerk = house.enter(house.at.clerk).await;
        at(house, 61);
        sweep(&house.app).await.unwrap();
        assert_eq!(calls(&mut clerk).await["due"].as_array().unwrap().len(), 1);
        happened(&mut clerk, visit, "done").await.ok();
        sweep(&house.app).await.unwrap();
        let list = calls(&mut clerk).await;
        assert_eq!(list["due"], json!([]));
        assert_eq!(list["done"][0]["outcome"], "seen");
        assert_eq!(list["done"][0]["done_by"], json!(null));
    }
);

both!(
    nobody_opened_and_nobody_answers_so_the_grid_officer_goes,
    async |house: &House| {
        let visit = chess(house).await;
        let mut chen = house.enter(house.at.chen_account).await;
        at(house, 5);
        chen.post(
            &format!("/api/visits/{visit}/problem"),
            json!({"kind": "not_home"}),
        )
        .await
        .ok();
        sweep(&house.app).await.unwrap();
        let mut clerk = house.enter(house.at.clerk).await;
        let list = calls(&mut clerk).await;
        assert_eq!(list["due"][0]["reason"], "nobody_opened");
        assert_eq!(
            list["due"][0]["family"].as_array().unwrap().len(),
            0,
            "no telephone of theirs"
        );
        let path = format!("/api/check-calls/{}/called", list["due"][0]["id"]);
        let again = clerk.post(&path, json!({"heard": "try_again"})).await.ok();
        assert_eq!(
            (&again["tries"], &again["outcome"]),
            (&json!(1), &json!(null))
        );
        let list = calls(&mut clerk).await;
        assert_eq!(
            (&list["due"], list["later"].as_array().unwrap().len()),
            (&json!([]), 1)
        );
        at(house, 126);
        assert_eq!(calls(&mut clerk).await["due"].as_array().unwrap().len(), 1);
        let again = clerk.post(&path, json!({"heard": "try_again"})).await.ok();
        assert_eq!(again["may_try_again"], false);
        clerk
            .post(&path, json!({"heard": "try_again"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        clerk
            .post(&path, json!({"heard": "family_told", "note": " "}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let told = clerk.post(&path, json!({"heard": "raise"})).await.ok();
        assert_eq!(told["outcome"], "raised");
        let request = told["help_request_id"].as_i64().unwrap();
        assert_eq!(seen_at(house, house.at.mother).await, None);
        let mut officer = house.enter(house.at.officer).await;
        let theirs = officer.get("/api/grid/help-requests").await.ok();
        let row = &theirs["to_respond"][0];
        assert_eq!(row["id"], request);
        assert_eq!(
            (&row["level"], &row["resident"]),
            (&json!("urgent"), &json!("王桂芳"))
        );
        sweep(&house.app).await.unwrap();
        assert_eq!(calls(&mut clerk).await["due"], json!([]));
    }
);

both!(
    whoever_needs_help_gets_it_from_the_call,
    async |house: &House| {
        chess(house).await;
        at(house, 61);
        sweep(&house.app).await.unwrap();
        let mut clerk = house.enter(house.at.clerk).await;
        let list = calls(&mut clerk).await;
        let path = format!("/api/check-calls/{}/called", list["due"][0]["id"]);
        let told = clerk
            .post(&path, json!({"heard": "needs_help"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "note");
        let body = json!({"heard": "needs_help", "kind": "medical", "note": "头晕，起不来"});
        let told = clerk.post(&path, body).await.ok();
        let request = clerk
            .get(&format!("/api/help-requests/{}", told["help_request_id"]))
            .await
            .ok();
        assert_eq!(
            (&request["kind"], &request["what"], &request["call_120"]),
            (&json!("medical"), &json!("头晕，起不来"), &json!(true))
        );
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&path, json!({"heard": "fine"}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    whoever_lives_alone_and_was_not_seen_for_days_is_rung_once,
    async |house: &House| {
        let now = House::morning();
        let days = |days: i64| Some(now - TimeDelta::days(days));
        last_seen(house, house.at.mother, days(7)).await;
        last_seen(house, house.at.neighbour, days(6)).await;
        last_seen(house, house.at.father_in_law, days(60)).await;
        let mut clerk = house.enter(house.at.clerk).await;
        assert_eq!(unseen(&house.app).await.unwrap(), 1);
        assert_eq!(unseen(&house.app).await.unwrap(), 0);
        let list = calls(&mut clerk).await;
        assert_eq!(
            list["due"].as_array().unwrap().len(),
            1,
            "he does not live alone, she was seen"
        );
        assert_eq!(list["due"][0]["resident"], "王桂芳");
        assert_eq!(list["due"][0]["why"], "独居，7 天没见到人");
        let english = house
            .enter(house.at.clerk)
            .await
            .english()
            .get("/api/check-calls")
            .await
            .ok();
        assert_eq!(english["due"][0]["why"], "Lives alone; not seen for 7 days");
        // Her daughter is told, and then nobody rings her for a week; after that it is a reason anew.
        let path = format!("/api/check-calls/{}/called", list["due"][0]["id"]);
        let body = json!({"heard": "family_told", "note": "女儿说她去亲戚家了"});
        clerk.post(&path, body).await.ok();
        for (after, rung) in [(1, 1), (6, 0), (8, 1)] {
            house.clock.set(now + TimeDelta::days(after));
            assert_eq!(
                unseen(&house.app).await.unwrap(),
                rung,
                "after {after} days"
            );
        }
        let mut admin = house.enter(house.at.admin).await;
        let off = json!({"late_after_min": 10, "unseen_days": 0, "complaint_days": 3});
        admin.post("/api/quality/settings", off).await.ok();
        house.clock.set(now + TimeDelta::days(30));
        assert_eq!(unseen(&house.app).await.unwrap(), 0, "not wanted");
    }
);

both!(
    whoever_rings_us_is_heard_and_whoever_is_away_is_not_rung,
    async |house: &House| {
        let now = House::morning();
        last_seen(house, house.at.mother, Some(now - TimeDelta::days(9))).await;
        last_seen(house, house.at.neighbour, Some(now - TimeDelta::days(9))).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let call = async |clerk: &mut Client, number: &str, outcome: &str| {
            let body = json!({"number": number, "household_id": house.at.mothers_home});
            let begun = clerk.post("/api/calls", body).await.created();
            let body = json!({"outcome": outcome, "resident_id": house.at.mother});
            clerk
                .post(&format!("/api/calls/{}/end", begun["id"]), body)
                .await
                .ok();
        };
        call(&mut clerk, "13700000009", "information").await;
        assert_eq!(
            seen_at(house, house.at.mother).await,
            Some(now - TimeDelta::days(9)),
            "a relative's number is not hers"
        );
        call(&mut clerk, "07103210001", "not_reached").await;
        assert_eq!(
            seen_at(house, house.at.mother).await,
            Some(now - TimeDelta::days(9))
        );
        call(&mut clerk, "07103210001", "information").await;
        assert_eq!(seen_at(house, house.at.mother).await, Some(now));
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.neighbour),
                state: Set(ResidentState::Paused),
                ..Default::default()
            })
            .await;
        assert_eq!(unseen(&house.app).await.unwrap(), 0);
        assert_eq!(
            check_call::Entity::find()
                .count(house.app.store.read())
                .await
                .unwrap(),
            0
        );
    }
);
