//! Calendar feeds: a helper's and a family's visits at a secret address, kept up to date, with nothing about health in them.

use std::collections::HashMap;

use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use entity::{account, calendar_feed, service};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::station::session;
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

/// How a session is to be from now on.
fn otherwise(session: &Value, starts_at: DateTime<Utc>) -> Value {
    json!({"kind": session["kind"], "title": session["title"], "room_id": session["room_id"], "starts_at": starts_at,
        "ends_at": starts_at + TimeDelta::hours(2), "seats": session["seats"], "version": session["version"]})
}

both!(
    a_place_at_the_station_stands_in_the_familys_calendar_and_follows,
    async |house: &House| {
        let hers = address(house, house.at.daughter).await;
        let next_door = address(house, house.at.stranger).await;
        let helpers = address(house, house.at.sun_account).await;
        let class = session(house, 1).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let place = json!({"session_id": class["id"], "if_full": "wait"});
        let signups = |who| format!("/api/residents/{who}/signups");
        let first = clerk
            .post(&signups(house.at.neighbour), place.clone())
            .await
            .created();
        assert!(
            events(house, &hers).await.is_empty(),
            "it is the neighbour's"
        );
        let uid = |signup: &Value| format!("session-{}-family@yinling", signup["id"]);
        let seated = events(house, &next_door)
            .await
            .remove(&uid(&first))
            .unwrap();
        assert_eq!(seated["STATUS"], "CONFIRMED");

        let mine = daughter
            .post(&signups(house.at.mother), place.clone())
            .await
            .created();
        let waits = events(house, &hers).await.remove(&uid(&mine)).unwrap();
        for (field, value) in [
            ("STATUS", "TENTATIVE"),
            ("DTSTART", "20261126T010000Z"),
            ("DTEND", "20261126T030000Z"),
            ("SUMMARY", "王桂芳 · 书法课"),
            ("LOCATION", "社区服务站 · 阅览室"),
            ("URL", "http://yinling.test/family"),
        ] {
            assert_eq!(waits[field], value, "{field}");
        }
        assert!(waits["DESCRIPTION"].contains("候补"), "{waits:?}");

        // The other gives the place back: one is off, the other moves up.
        house.clock.set(House::morning() + TimeDelta::hours(1));
        clerk
            .post(&format!("/api/signups/{}/cancel", first["id"]), json!({}))
            .await
            .ok();
        let off = events(house, &next_door)
            .await
            .remove(&uid(&first))
            .unwrap();
        assert_eq!(
            (off["STATUS"].as_str(), off["SUMMARY"].as_str()),
            ("CANCELLED", "【已取消】赵敏 · 书法课")
        );
        assert!(sequence(&off) > sequence(&seated));
        let up = events(house, &hers).await.remove(&uid(&mine)).unwrap();
        assert_eq!(up["STATUS"], "CONFIRMED");
        assert!(sequence(&up) > sequence(&waits));
        assert_eq!(up["DTSTAMP"], "20261124T020000Z", "when it moved up");

        // Asked for once more it is another place.
        let again = clerk
            .post(&signups(house.at.neighbour), place)
            .await
            .created();
        let both = events(house, &next_door).await;
        assert_eq!(both.len(), 2);
        assert_eq!(both[&uid(&again)]["STATUS"], "TENTATIVE");

        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = format!("/api/station/sessions/{}", class["id"]);
        let afternoon = "2026-11-26T06:00:00Z".parse().unwrap();
        coordinator
            .post(&path, otherwise(&class, afternoon))
            .await
            .ok();
        let moved = events(house, &hers).await.remove(&uid(&mine)).unwrap();
        assert_eq!(
            (moved["DTSTART"].as_str(), moved["DTEND"].as_str()),
            ("20261126T060000Z", "20261126T080000Z")
        );
        assert!(sequence(&moved) > sequence(&up));

        coordinator
            .post(&format!("{path}/cancel"), json!({"why": "老师住院了"}))
            .await
            .ok();
        let gone = events(house, &hers).await.remove(&uid(&mine)).unwrap();
        assert_eq!(
            (gone["STATUS"].as_str(), gone["SUMMARY"].as_str()),
            ("CANCELLED", "【已取消】王桂芳 · 书法课")
        );
        assert!(sequence(&gone) > sequence(&moved));
        assert!(!house.stranger().get(&hers).await.text.contains("住院"));
        assert!(
            events(house, &helpers).await.is_empty(),
            "a helper goes to visits"
        );
        house.clock.set("2026-11-26T08:01:00Z".parse().unwrap());
        assert!(events(house, &hers).await.is_empty(), "its time has passed");
    }
);

both!(
    a_health_check_is_something_at_the_station_and_no_more,
    async |house: &House| {
        let hers = address(house, house.at.daughter).await;
        let class = session(house, 2).await;
        let mut desk = house.enter(house.at.coordinator).await;
        let friday: DateTime<Utc> = "2026-11-27T01:00:00Z".parse().unwrap();
        let check = json!({"kind": "health_check", "title": "糖尿病筛查日", "room_id": class["room_id"],
            "starts_at": friday, "ends_at": friday + TimeDelta::hours(2), "seats": 5});
        let check = desk.post("/api/station/sessions", check).await.created();
        let mut daughter = house.enter(house.at.daughter).await;
        let mine = daughter
            .post(
                &format!("/api/residents/{}/signups", house.at.mother),
                json!({"session_id": check["id"]}),
            )
            .await
            .created();
        let event = events(house, &hers)
            .await
            .remove(&format!("session-{}-family@yinling", mine["id"]))
            .unwrap();
        for (field, value) in [
            ("STATUS", "CONFIRMED"),
            ("SUMMARY", "王桂芳 · 服务站活动"),
            ("LOCATION", "社区服务站"),
            ("DTSTART", "20261127T010000Z"),
        ] {
            assert_eq!(event[field], value, "{field}");
        }
        let text = house.stranger().get(&hers).await.text.replace("\r\n ", "");
        for hidden in ["糖尿", "筛查", "体检", "health"] {
            assert!(!text.contains(hidden), "{hidden} in {text}");
        }
        let row = account::ActiveModel {
            id: Set(house.at.daughter),
            lang: Set(entity::words::Lang::En),
            ..Default::default()
        };
        house.alter(row).await;
        let text = house.stranger().get(&hers).await.text.replace("\r\n ", "");
        assert!(text.contains("SUMMARY:王桂芳 · At the station"), "{text}");
        // Held, it stays what it was.
        house.clock.set(friday + TimeDelta::minutes(5));
        desk.post(
            &format!("/api/station/sessions/{}/held", check["id"]),
            json!({}),
        )
        .await
        .ok();
        assert_eq!(events(house, &hers).await.len(), 1);
    }
);
