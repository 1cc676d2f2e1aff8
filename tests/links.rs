//! The one-time link in a helper's mail: how long it works, and what somebody reads who opens it too late.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::{one_time_link, session};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::both;
use crate::mail::{files, mails, send_all, token};
use crate::support::House;
use crate::support::client::{Client, Reply};

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// Books furniture to be moved by two, and gives the visit and the secrets of the links in both offers.
async fn offers(house: &House) -> (Value, Vec<String>) {
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "LIFT", "start": ten(), "if_unserved": "refuse"}),
        )
        .await
        .created();
    send_all(house, &files(house)).await;
    let tokens: Vec<String> = mails(&house.mail)
        .iter()
        .filter_map(|mail| token(mail))
        .collect();
    assert_eq!(tokens.len(), 2, "one for each of the crew");
    (booked["visit"].clone(), tokens)
}

async fn open(client: &mut Client, token: &str) -> Reply {
    client
        .post(&format!("/api/links/{token}/open"), json!({}))
        .await
}

both!(
    a_link_about_a_visit_works_until_a_day_after_it_and_then_says_what_to_do,
    async |house: &House| {
        let (visit, tokens) = offers(house).await;
        let end: DateTime<Utc> = visit["end"].as_str().unwrap().parse().unwrap();
        let last = end + TimeDelta::hours(24);
        house.clock.set(last - TimeDelta::seconds(1));
        open(&mut house.stranger(), &tokens[0]).await.ok();
        house.clock.set(last);
        let sessions = session::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        let mut phone = house.stranger();
        for (mut phone, what, next) in [
            (phone.clone(), "已经过期", "发一个新链接"),
            (phone.clone().english(), "too old", "Ask for a new link"),
        ] {
            let reply = open(&mut phone, &tokens[1]).await;
            assert!(!reply.headers.contains_key("set-cookie"));
            let told = reply.refused(StatusCode::GONE, "link-expired");
            assert!(told["detail"].as_str().unwrap().contains(what), "{told}");
            assert!(told["action"].as_str().unwrap().contains(next), "{told}");
            // A link that never was one sounds the same: nobody learns which secrets exist.
            let never = open(&mut phone, "0000")
                .await
                .refused(StatusCode::GONE, "link-expired");
            assert_eq!(told, never);
        }
        phone
            .get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        let db = house.app.store.read();
        assert_eq!(session::Entity::find().count(db).await.unwrap(), sessions);
        let spent = one_time_link::Entity::find().all(db).await.unwrap();
        let unspent = spent.iter().filter(|link| link.used_at.is_none()).count();
        assert_eq!((spent.len(), unspent), (2, 1), "a refusal spends nothing");
    }
);

both!(
    a_link_too_old_is_renewed_by_mail_and_leads_to_the_same_visit,
    async |house: &House| {
        let (visit, tokens) = offers(house).await;
        let late = ten() + TimeDelta::days(3);
        house.clock.set(late);
        let mut phone = house.stranger();
        open(&mut phone, &tokens[0])
            .await
            .refused(StatusCode::GONE, "link-expired");
        phone
            .post(&format!("/api/links/{}/renew", tokens[0]), json!({}))
            .await
            .expect(StatusCode::ACCEPTED);
        let known = mails(&house.mail);
        assert_eq!(send_all(house, &files(house)).await.sent, 1);
        let fresh = mails(&house.mail)
            .iter()
            .filter(|mail| !known.contains(mail))
            .find_map(|mail| token(mail))
            .unwrap();
        // The old one stays too old; the new one works for half an hour.
        open(&mut phone, &tokens[0])
            .await
            .refused(StatusCode::GONE, "link-expired");
        house.clock.set(late + TimeDelta::minutes(29));
        let opened = open(&mut phone, &fresh).await.ok();
        let goto = opened["goto"].as_str().unwrap();
        assert!(
            goto.starts_with(&format!("/helper/today?visit={}", visit["visit_id"])),
            "{goto}"
        );
        phone.get("/api/me").await.ok();
    }
);
