//! A booking that is refused inside its write leaves nothing behind: no letter waits in the outbox, and none is sent.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::ResidentId;
use entity::words::{MailKind, Subject};
use entity::{assignment, audit, booking, helper_slot, idempotency, outbox, visit};
use futures::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::mail::{files, mails, send_all};
use crate::support::House;
use crate::support::client::{Client, Reply};

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// A game of chess at ten: one helper alone plays.
async fn chess(client: &mut Client, resident: ResidentId, key: &str) -> Reply {
    let path = format!("/api/residents/{resident}/bookings");
    let body = json!({"service": "CHESS", "start": ten(), "if_unserved": "refuse"});
    client.post_once(&path, body, key).await
}

/// The letters that wait or were sent.
async fn letters(house: &House) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
}

/// Rows in every table that a booking writes to.
async fn rows(house: &House) -> [u64; 7] {
    let db = house.app.store.read();
    [
        booking::Entity::find().count(db).await.unwrap(),
        visit::Entity::find().count(db).await.unwrap(),
        assignment::Entity::find().count(db).await.unwrap(),
        helper_slot::Entity::find().count(db).await.unwrap(),
        outbox::Entity::find().count(db).await.unwrap(),
        // That somebody asked in vain is written down on its own, and stays.
        audit::Entity::find()
            .filter(audit::Column::What.ne(Subject::Unmet))
            .count(db)
            .await
            .unwrap(),
        idempotency::Entity::find().count(db).await.unwrap(),
    ]
}

fn taken(reply: Reply) -> Value {
    reply.refused(StatusCode::CONFLICT, "slot-taken")
}

both!(
    a_booking_refused_at_a_full_time_writes_to_nobody,
    async |house: &House| {
        let mut stranger = house.enter(house.at.stranger).await;
        chess(&mut stranger, house.at.neighbour, "first")
            .await
            .created();
        let before = (rows(house).await, letters(house).await);
        let mut daughter = house.enter(house.at.daughter).await;
        // The letter is queued before somebody is looked for, so this refusal has something to take back.
        for key in ["second", "second", "third"] {
            let told = taken(chess(&mut daughter, house.at.mother, key).await);
            assert!(!told["alternatives"].as_array().unwrap().is_empty());
            assert_eq!((rows(house).await, letters(house).await), before);
        }
        let route = files(house);
        send_all(house, &route).await;
        let sent = mails(&house.mail);
        assert!(!sent.is_empty());
        for address in ["daughter@family.example", "son@family.example"] {
            assert!(!sent.iter().any(|mail| mail.contains(address)), "{address}");
        }
    }
);

both!(
    a_crew_of_which_one_is_missing_writes_to_nobody,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for helper in [house.at.chen, house.at.liu] {
            clerk
                .post(
                    &format!("/api/helpers/{helper}/leave"),
                    json!({"from": "2026-11-25", "to": "2026-11-25", "reason": "有事"}),
                )
                .await
                .created();
        }
        let before = (rows(house).await, letters(house).await);
        let body = json!({"service": "LIFT", "start": ten(), "if_unserved": "refuse"});
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        taken(clerk.post(&path, body).await);
        assert_eq!((rows(house).await, letters(house).await), before);
    }
);

both!(
    of_sixteen_who_race_for_a_time_the_winners_letters_alone_are_written,
    async |house: &House| {
        // What one booking writes, measured where nobody else asks.
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/bookings", house.at.mother);
        let next_day = ten() + TimeDelta::days(1);
        daughter
            .post(
                &path,
                json!({"service": "CHESS", "start": next_day, "if_unserved": "refuse"}),
            )
            .await
            .created();
        let one = rows(house).await;
        let tries = (0..16).map(|_| {
            let (mut client, path) = (daughter.clone(), path.clone());
            let body = json!({"service": "CHESS", "start": ten(), "if_unserved": "refuse"});
            tokio::spawn(async move { client.post(&path, body).await })
        });
        let (won, lost): (Vec<Reply>, Vec<Reply>) = join_all(tries)
            .await
            .into_iter()
            .map(Result::unwrap)
            .partition(|reply| reply.status == StatusCode::CREATED);
        assert_eq!((won.len(), lost.len()), (1, 15));
        lost.into_iter().for_each(|reply| drop(taken(reply)));
        assert_eq!(rows(house).await, one.map(|rows| 2 * rows));
        let known: Vec<_> = visit::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|visit| Some(visit.id))
            .collect();
        for letter in letters(house).await {
            // A letter about a day belongs to no one visit.
            let of_a_day = letter.kind == MailKind::EveningBefore;
            assert!(of_a_day || known.contains(&letter.visit_id), "{letter:?}");
        }
        let route = files(house);
        assert_eq!(send_all(house, &route).await.sent, 10, "five a booking");
    }
);
