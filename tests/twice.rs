//! The same thing asked twice: by a retry, which gets the answer that was given; by two people at once, of whom one wins.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Asia::Shanghai;
use entity::{assignment, leave};
use futures::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::store::claim::LIVE;
use yinling::store::consistency;

use crate::both;
use crate::support::House;
use crate::support::client::{Client, Reply};
use crate::support::plans::planned;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

async fn book(house: &House, service: &str) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": service, "start": ten(), "if_unserved": "refuse"}),
        )
        .await
        .created()
}

/// Sends the same request twice under one key; the second answer must be the first, word for word.
async fn again_is_the_same(client: &mut Client, path: &str, body: Value) {
    let key = format!("key-of-{path}");
    let first = client.post_once(path, body.clone(), &key).await;
    assert!(first.status.is_success(), "{path}: {}", first.text);
    let second = client.post_once(path, body, &key).await;
    assert_eq!(first.status, second.status, "{path}: {}", second.text);
    assert_eq!(first.text, second.text, "{path}");
    assert_eq!(
        second.headers.get("idempotency-replayed").unwrap(),
        "true",
        "{path}"
    );
}

both!(
    a_retry_gets_the_answer_although_the_state_moved_on,
    async |house: &House| {
        let booked = book(house, "MEAL").await;
        let (booking, visit) = (&booked["booking_id"], &booked["visit"]["visit_id"]);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let version =
            coordinator.get(&format!("/api/visits/{visit}")).await.ok()["version"].clone();
        again_is_the_same(
            &mut coordinator,
            &format!("/api/visits/{visit}/assign"),
            json!({"helper_ids": [house.at.liu], "version": version}),
        )
        .await;
        let version =
            coordinator.get(&format!("/api/visits/{visit}")).await.ok()["version"].clone();
        again_is_the_same(
            &mut coordinator,
            &format!("/api/visits/{visit}/unassign"),
            json!({"reason": "换人", "version": version}),
        )
        .await;
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.1}),
        )
        .await;
        again_is_the_same(
            &mut coordinator,
            &format!("/api/plans/{}/publish", plan["id"]),
            json!({}),
        )
        .await;
        let mut daughter = house.enter(house.at.daughter).await;
        again_is_the_same(
            &mut daughter,
            &format!("/api/bookings/{booking}/change"),
            json!({"start": ten() + TimeDelta::hours(3)}),
        )
        .await;
        again_is_the_same(
            &mut daughter,
            &format!("/api/bookings/{booking}/cancel"),
            json!({"reason": "不用了"}),
        )
        .await;
    }
);

both!(
    a_retry_after_the_time_has_passed_gets_the_booking,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let body = json!({"service": "MEAL", "start": ten(), "if_unserved": "refuse"});
        let first = daughter.post_once(&path, body.clone(), "late").await;
        assert_eq!(first.status, StatusCode::CREATED);
        house.clock.set(ten() + TimeDelta::hours(2));
        let second = daughter.post_once(&path, body, "late").await;
        assert_eq!((second.status, &second.text), (first.status, &first.text));
    }
);

/// Lets eight of the same request run at once.
async fn eight(client: &Client, path: &str, body: Value) -> Vec<Reply> {
    let tries = (0..8).map(|_| {
        let (mut client, path, body) = (client.clone(), path.to_owned(), body.clone());
        tokio::spawn(async move { client.post(&path, body).await })
    });
    join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect()
}

fn one_wins(replies: Vec<Reply>) {
    let (won, lost): (Vec<_>, Vec<_>) = replies
        .into_iter()
        .partition(|reply| reply.status == StatusCode::OK);
    assert_eq!(
        won.len(),
        1,
        "{:?}",
        won.iter().map(|reply| &reply.text).collect::<Vec<_>>()
    );
    for reply in lost {
        reply.refused(StatusCode::CONFLICT, "not-now");
    }
}

both!(
    of_eight_who_publish_a_plan_one_does,
    async |house: &House| {
        let booked = book(house, "MEAL").await;
        let visit = &booked["visit"]["visit_id"];
        let mut coordinator = house.enter(house.at.coordinator).await;
        let version =
            coordinator.get(&format!("/api/visits/{visit}")).await.ok()["version"].clone();
        coordinator
            .post(
                &format!("/api/visits/{visit}/unassign"),
                json!({"reason": "重排", "version": version}),
            )
            .await
            .ok();
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.1}),
        )
        .await;
        assert_eq!(plan["changes"].as_array().unwrap().len(), 1);
        let path = format!("/api/plans/{}", plan["id"]);
        one_wins(eight(&coordinator, &format!("{path}/publish"), json!({})).await);
        assert_eq!(
            coordinator.get(&path).await.ok()["changes"][0]["applied"],
            true
        );
        assert_eq!(
            consistency::disagreements(house.app.store.read())
                .await
                .unwrap(),
            Vec::<String>::new()
        );
    }
);

both!(
    of_eight_who_answer_a_request_one_does,
    async |house: &House| {
        let booked = book(house, "MEAL").await;
        house.clock.set(ten() - TimeDelta::hours(2));
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = daughter
            .post(
                &format!("/api/bookings/{}/cancel", booked["booking_id"]),
                json!({"reason": "住院"}),
            )
            .await
            .ok();
        let request = &asked["booking"]["visit"]["request"]["id"];
        let clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/change-requests/{request}/answer");
        one_wins(eight(&clerk, &path, json!({"accept": false, "note": "来不及了"})).await);
    }
);

both!(
    nobody_is_given_a_visit_on_the_day_they_go_on_leave,
    async |house: &House| {
        let daughter = house.enter(house.at.daughter).await;
        let clerk = house.enter(house.at.clerk).await;
        let bookings = format!("/api/residents/{}/bookings", house.at.mother);
        let helpers = [house.at.chen, house.at.liu, house.at.zhou];
        let days = (0..6).map(|day| ten() + TimeDelta::days(day));
        let leaves = days.clone().flat_map(|day| {
            let date = day.date_naive();
            let body = json!({"from": date, "to": date, "reason": "回老家"});
            helpers.map(|helper| (format!("/api/helpers/{helper}/leave"), body.clone()))
        });
        let leaves = leaves.map(|(path, body)| (clerk.clone(), path, body));
        let visits = days.flat_map(|day| {
            [0, 2, 4].map(|hours| {
                let start = day + TimeDelta::hours(hours);
                json!({"service": "MEAL", "start": start, "if_unserved": "tray"})
            })
        });
        let visits = visits.map(|body| (daughter.clone(), bookings.clone(), body));
        let both = visits.zip(leaves).flat_map(|(visit, leave)| [visit, leave]);
        let tries = both.map(|(mut client, path, body)| {
            tokio::spawn(async move { client.post(&path, body).await })
        });
        for reply in join_all(tries).await {
            let reply = reply.unwrap();
            assert!(
                reply.status == StatusCode::CREATED || reply.status == StatusCode::CONFLICT,
                "{}",
                reply.text
            );
        }
        let leaves = leave::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(leaves.len(), 18);
        let live = assignment::Entity::find()
            .filter(assignment::Column::State.is_in(LIVE))
            .all(house.app.store.read())
            .await
            .unwrap();
        for given in live {
            let date = given.starts_at.with_timezone(&Shanghai).date_naive();
            let away = leaves.iter().any(|leave| {
                leave.helper_id == given.helper_id
                    && (leave.from_date..=leave.to_date).contains(&date)
            });
            assert!(!away, "{given:?}");
        }
        assert_eq!(
            consistency::disagreements(house.app.store.read())
                .await
                .unwrap(),
            Vec::<String>::new()
        );
    }
);
