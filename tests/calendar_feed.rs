//! Calendar feeds: a helper's and a family's visits at a secret address, kept up to date, with nothing about health in them.

use std::collections::HashMap;

use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use entity::{account, calendar_feed, service};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// Where a calendar program reads an account's visits.
async fn address(house: &House, account: AccountId) -> String {
    let mut person = house.enter(account).await;
    let made = person
        .post("/api/calendar-feed", Value::Null)
        .await
        .created();
    let address = made["address"].as_str().unwrap();
    assert_eq!(
        made["webcal"].as_str().unwrap(),
        address.replace("http://", "webcal://")
    );
    address
        .strip_prefix("http://yinling.test")
        .unwrap()
        .to_owned()
}

/// The events of a feed by their `UID`, as a program that is signed in nowhere reads them.
async fn events(house: &House, path: &str) -> HashMap<String, HashMap<String, String>> {
    let reply = house.stranger().get(path).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
    assert_eq!(
        reply.headers[header::CONTENT_TYPE],
        "text/calendar; charset=utf-8"
    );
    let text = reply.text.replace("\r\n ", "");
    assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    text.split("BEGIN:VEVENT\r\n")
        .skip(1)
        .map(|event| {
            let lines = event.split("\r\n").filter_map(|line| line.split_once(':'));
            let fields: HashMap<_, _> = lines
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect();
            (fields["UID"].clone(), fields)
        })
        .collect()
}

fn sequence(event: &HashMap<String, String>) -> i64 {
    event["SEQUENCE"].parse().unwrap()
}

/// A bath for the mother tomorrow at ten, to which only Sun can come: a service whose category tells of her health.
async fn bath(house: &House) -> Value {
    let service = service::Entity::find()
        .filter(service::Column::Code.eq("BATH"))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    let telling = service::ActiveModel {
        id: Set(service.id),
        category: Set("助浴".into()),
        ..Default::default()
    };
    house.alter(telling).await;
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "BATH", "start": ten(), "note": "钥匙在邻居家", "if_unserved": "refuse"}),
        )
        .await
        .created();
    booked["visit"].clone()
}

both!(
    a_helpers_calendar_follows_what_becomes_of_a_visit,
    async |house: &House| {
        let path = address(house, house.at.sun_account).await;
        assert!(events(house, &path).await.is_empty());
        let visit = bath(house).await;
        let uid = format!("visit-{}-helper@yinling", visit["visit_id"]);
        let asked = events(house, &path).await.remove(&uid).unwrap();
        for (field, value) in [
            ("STATUS", "TENTATIVE"),
            ("DTSTART", "20261125T020000Z"),
            ("DTEND", "20261125T030000Z"),
            ("SUMMARY", "王奶奶 · 上门服务"),
            ("LOCATION", "3栋"),
            ("URL", "http://yinling.test/helper/today"),
        ] {
            assert_eq!(asked[field], value, "{field}");
        }
        let text = house.stranger().get(&path).await.text;
        for hidden in ["501", "助浴", "钥匙", "敲门", "桂芳"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }

        let id = visit["visit_id"].as_i64().unwrap();
        let mut sun = house.enter(house.at.sun_account).await;
        sun.post(
            &format!("/api/visits/{id}/answer"),
            json!({"answer": "accept"}),
        )
        .await
        .ok();
        let agreed = events(house, &path).await.remove(&uid).unwrap();
        assert_eq!(agreed["STATUS"], "CONFIRMED");
        assert!(sequence(&agreed) > sequence(&asked));

        let booking = format!("/api/bookings/{}", visit["booking_id"]);
        let mut clerk = house.enter(house.at.clerk).await;
        let later = json!({"start": ten() + TimeDelta::hours(2)});
        clerk.post(&format!("{booking}/change"), later).await.ok();
        let moved = events(house, &path).await.remove(&uid).unwrap();
        assert_eq!(moved["DTSTART"], "20261125T040000Z");
        assert!(sequence(&moved) > sequence(&agreed));

        let why = json!({"reason": "住院了"});
        clerk.post(&format!("{booking}/cancel"), why).await.ok();
        let off = events(house, &path).await.remove(&uid).unwrap();
        assert_eq!(
            (off["STATUS"].as_str(), off["SUMMARY"].as_str()),
            ("CANCELLED", "【已取消】王奶奶 · 上门服务")
        );
        assert!(sequence(&off) > sequence(&moved));
        assert!(!house.stranger().get(&path).await.text.contains("住院"));
        house.clock.set(ten() + TimeDelta::hours(4));
        assert!(events(house, &path).await.is_empty(), "its time has passed");
    }
);

both!(
    a_visit_that_goes_to_another_is_cancelled_in_ones_calendar,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "MEAL", "start": ten(), "if_unserved": "refuse"}),
            )
            .await
            .created();
        let visit = &booked["visit"];
        let first = visit["helpers"][0]["id"].as_i64().unwrap();
        let accounts = [
            (house.at.chen, house.at.chen_account),
            (house.at.liu, house.at.liu_account),
        ];
        let of = |wanted: bool| accounts.iter().find(|(id, _)| (id.0 == first) == wanted);
        let ((_, mine), (other, theirs)) = (of(true).unwrap(), of(false).unwrap());
        let [mine, theirs] = [address(house, *mine).await, address(house, *theirs).await];
        let uid = format!("visit-{}-helper@yinling", visit["visit_id"]);
        let before = events(house, &mine).await.remove(&uid).unwrap();
        assert_eq!(before["SUMMARY"], "王奶奶 · 助餐");
        assert!(!events(house, &theirs).await.contains_key(&uid));

        let mut coordinator = house.enter(house.at.coordinator).await;
        let shown = format!("/api/visits/{}", visit["visit_id"]);
        let version = coordinator.get(&shown).await.ok()["version"].clone();
        coordinator
            .post(
                &format!("{shown}/assign"),
                json!({"helper_ids": [other], "start": ten() + TimeDelta::minutes(30), "version": version,
                    "override_reason": "老人改了时间"}),
            )
            .await
            .ok();
        let gone = events(house, &mine).await.remove(&uid).unwrap();
        assert_eq!(gone["STATUS"], "CANCELLED");
        assert_eq!(gone["DTSTART"], before["DTSTART"], "where she knew it");
        assert!(sequence(&gone) > sequence(&before));
        let come = events(house, &theirs).await.remove(&uid).unwrap();
        assert_eq!(
            (come["STATUS"].as_str(), come["DTSTART"].as_str()),
            ("TENTATIVE", "20261125T023000Z")
        );
    }
);

both!(
    a_familys_calendar_has_its_own_residents_and_who_comes,
    async |house: &House| {
        let hers = address(house, house.at.daughter).await;
        let strangers = address(house, house.at.stranger).await;
        let visit = bath(house).await;
        let uid = format!("visit-{}-family@yinling", visit["visit_id"]);
        let event = events(house, &hers).await.remove(&uid).unwrap();
        assert_eq!(event["SUMMARY"], "王桂芳 · 上门服务");
        let name = visit["helpers"][0]["name"].as_str().unwrap();
        assert!(event["DESCRIPTION"].contains(name), "{event:?}");
        assert!(!event.contains_key("LOCATION"));
        assert!(events(house, &strangers).await.is_empty());

        // In the language of who reads it.
        let row = account::ActiveModel {
            id: Set(house.at.daughter),
            lang: Set(entity::words::Lang::En),
            ..Default::default()
        };
        house.alter(row).await;
        let event = events(house, &hers).await.remove(&uid).unwrap();
        assert_eq!(event["SUMMARY"], "王桂芳 · Home visit");
    }
);

both!(
    the_address_is_a_secret_that_can_be_taken_back,
    async |house: &House| {
        let gone = async |path: &str| {
            let reply = house.stranger().get(path).await;
            reply
                .refused(StatusCode::NOT_FOUND, "not-found")
                .to_string()
        };
        let unknown = gone("/api/feeds/0123.ics").await;
        let mut daughter = house.enter(house.at.daughter).await;
        let feed = daughter.get("/api/calendar-feed").await.ok();
        assert_eq!(feed["since"], Value::Null);
        let first = address(house, house.at.daughter).await;
        let feed = daughter.get("/api/calendar-feed").await.ok();
        assert_eq!(
            feed.as_object().unwrap().len(),
            1,
            "the address is shown once"
        );
        let stored = calendar_feed::Entity::find_by_id(house.at.daughter)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert!(!first.contains(&stored.token_hash));
        bath(house).await;
        assert_eq!(events(house, &first).await.len(), 1);
        gone(first.strip_suffix(".ics").unwrap()).await;

        let second = address(house, house.at.daughter).await;
        assert_eq!(gone(&first).await, unknown, "as if it had never been");
        assert_eq!(events(house, &second).await.len(), 1);

        // A program that has it already is told so.
        let tag = house.stranger().get(&second).await.headers[header::ETAG].clone();
        let again = Request::get(&second).header(header::IF_NONE_MATCH, tag);
        let again = again.body(axum::body::Body::empty()).unwrap();
        let reply = house.stranger().send(again).await;
        assert_eq!(
            (reply.status, reply.text.as_str()),
            (StatusCode::NOT_MODIFIED, "")
        );

        let disabled = |disabled| account::ActiveModel {
            id: Set(house.at.daughter),
            disabled: Set(disabled),
            ..Default::default()
        };
        house.alter(disabled(true)).await;
        assert_eq!(gone(&second).await, unknown);
        house.alter(disabled(false)).await;
        assert_eq!(events(house, &second).await.len(), 1);

        let done = daughter.delete("/api/calendar-feed").await;
        done.expect(StatusCode::NO_CONTENT);
        assert_eq!(gone(&second).await, unknown);
        let done = daughter.delete("/api/calendar-feed").await;
        done.expect(StatusCode::NO_CONTENT);
        for nobody in [house.at.clerk, house.at.admin, house.at.officer] {
            let mut office = house.enter(nobody).await;
            for reply in [
                office.get("/api/calendar-feed").await,
                office.post("/api/calendar-feed", Value::Null).await,
                office.delete("/api/calendar-feed").await,
            ] {
                reply.refused(StatusCode::NOT_FOUND, "not-found");
            }
        }
    }
);
