//! Retention: once a night, by its rules, whichever process comes first; and seen beforehand.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::CommunityId;
use entity::words::{CallOutcome, ResidentState};
use entity::{access_log, call, resident, retention_night};
use futures::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};
use yinling::privacy::retention::night::turn;

use crate::both;
use crate::support::control::goes_wrong;
use crate::support::{House, On};

/// A call so many days ago.
async fn called(house: &House, days: i64) -> call::Model {
    let at: DateTime<Utc> = house.clock.now() - TimeDelta::days(days);
    house
        .add(call::ActiveModel {
            community_id: Set(CommunityId(1)),
            clerk_id: Set(house.at.clerk),
            number: Set(Some("13900000009".into())),
            resident_id: Set(Some(house.at.mother)),
            started_at: Set(at),
            ended_at: Set(Some(at)),
            outcome: Set(Some(CallOutcome::Information)),
            note: Set(Some("问送餐".into())),
            ..Default::default()
        })
        .await
}

fn due(all: &Value, key: &str) -> i64 {
    all["rules"]
        .as_array()
        .unwrap()
        .iter()
        .find(|rule| rule["key"] == key)
        .unwrap()["due"]
        .as_i64()
        .unwrap()
}

async fn nights(house: &House) -> Vec<retention_night::Model> {
    retention_night::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
}

both!(
    what_was_kept_long_enough_goes_and_the_rest_stays,
    async |house: &House| {
        let (old, young) = (called(house, 366).await, called(house, 364).await);
        for days in [1_100, 1_000] {
            house
                .add(access_log::ActiveModel {
                    community_id: Set(CommunityId(1)),
                    at: Set(house.clock.now() - TimeDelta::days(days)),
                    account_id: Set(house.at.clerk),
                    resident_id: Set(house.at.mother),
                    purpose: Set("file".into()),
                    ..Default::default()
                })
                .await;
        }
        let mut admin = house.enter(house.at.admin).await;
        let before = admin.get("/api/retention").await.ok();
        assert_eq!((due(&before, "calls"), due(&before, "looks")), (1, 1));
        assert_eq!(before["nights"], json!([]));
        // Looking beforehand changes nothing.
        let again = admin.get("/api/retention").await.ok();
        assert_eq!(before["rules"], again["rules"]);
        assert_eq!(turn(&house.app).await.unwrap(), 1);
        let row = |id| async move {
            call::Entity::find_by_id(id)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
        };
        let gone = row(old.id).await;
        assert_eq!((gone.number, gone.note), (None, None));
        assert_eq!(
            gone.outcome,
            Some(CallOutcome::Information),
            "it still counts"
        );
        assert_eq!(row(young.id).await.note.as_deref(), Some("问送餐"));
        let looks = access_log::Entity::find()
            .filter(access_log::Column::ResidentId.eq(house.at.mother))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(looks, 1);
        let after = admin.get("/api/retention").await.ok();
        assert_eq!((due(&after, "calls"), due(&after, "looks")), (0, 0));
        assert_eq!(after["nights"][0]["night"], "2026-11-24");
        assert_eq!(after["nights"][0]["gone"], 2);
    }
);

both!(
    more_than_one_write_takes_goes_in_several,
    async |house: &House| {
        house
            .app
            .store
            .write({
                let (clerk, mother) = (house.at.clerk, house.at.mother);
                let at = house.clock.now() - TimeDelta::days(2_000);
                move |txn| {
                    Box::pin(async move {
                        let rows = (0..1_203).map(|_| access_log::ActiveModel {
                            community_id: Set(CommunityId(1)),
                            at: Set(at),
                            account_id: Set(clerk),
                            resident_id: Set(mother),
                            purpose: Set("file".into()),
                            ..Default::default()
                        });
                        access_log::Entity::insert_many(rows)
                            .exec_without_returning(txn)
                            .await?;
                        Ok(())
                    })
                }
            })
            .await
            .unwrap();
        turn(&house.app).await.unwrap();
        let gone = nights(house).await.remove(0).gone.unwrap();
        assert_eq!(gone["looks"], 1_203);
    }
);

/// Four processes find the same night due at once; gives how many of them did its work.
async fn race(house: &House) -> usize {
    let mut apps = vec![house.app.clone()];
    for _ in 0..3 {
        apps.push(house.another().await);
    }
    join_all(apps.iter().map(|app| async { turn(app).await.unwrap() }))
        .await
        .into_iter()
        .sum()
}

/// SQLite cannot let a primary key go: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_key_several_do_the_same_night_on_postgres() {
    goes_wrong(On::Postgres, "two do the same night", async |house| {
        let db = house.app.store.read();
        db.execute_unprepared("ALTER TABLE retention_night DROP CONSTRAINT retention_night_pkey")
            .await
            .unwrap();
        race(house).await > 1
    })
    .await;
}

both!(
    once_a_night_whichever_process_comes_first,
    async |house: &House| {
        assert_eq!(race(house).await, 1);
        assert_eq!(turn(&house.app).await.unwrap(), 0);
        // Two in the morning belongs to the night before; at three the next is due.
        house.clock.set("2026-11-24T18:30:00Z".parse().unwrap());
        assert_eq!(turn(&house.app).await.unwrap(), 0);
        house.clock.set("2026-11-24T19:01:00Z".parse().unwrap());
        assert_eq!(turn(&house.app).await.unwrap(), 1);
        assert_eq!(nights(house).await.len(), 2);
    }
);

both!(
    what_one_process_left_half_done_another_ends,
    async |house: &House| {
        called(house, 400).await;
        house
            .add(retention_night::ActiveModel {
                community_id: Set(CommunityId(1)),
                night: Set("2026-11-24".parse().unwrap()),
                started_at: Set(house.clock.now() - TimeDelta::minutes(29)),
                finished_at: Set(None),
                gone: Set(None),
            })
            .await;
        assert_eq!(
            turn(&house.app).await.unwrap(),
            0,
            "it may still be at work"
        );
        house.clock.set(house.clock.now() + TimeDelta::minutes(2));
        assert_eq!(turn(&house.app).await.unwrap(), 1);
        let night = nights(house).await.remove(0);
        assert!(night.finished_at.is_some());
        assert_eq!(night.gone.unwrap()["calls"], 1);
    }
);

both!(
    who_left_three_years_ago_is_erased_by_the_night,
    async |house: &House| {
        let left = |id, on: &str| resident::ActiveModel {
            id: Set(id),
            state: Set(ResidentState::Moved),
            left_on: Set(Some(on.parse().unwrap())),
            ..Default::default()
        };
        house.alter(left(house.at.mother, "2023-11-20")).await;
        house.alter(left(house.at.neighbour, "2023-12-20")).await;
        let mut admin = house.enter(house.at.admin).await;
        assert_eq!(due(&admin.get("/api/retention").await.ok(), "left"), 1);
        turn(&house.app).await.unwrap();
        let name = |id| async move {
            resident::Entity::find_by_id(id)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .name
        };
        assert_eq!(name(house.at.mother).await, "已删除");
        assert_ne!(name(house.at.neighbour).await, "已删除");
        let all = admin.get("/api/erasures").await.ok();
        assert_eq!(all["ended"][0]["ground"], "kept_long_enough");
        assert_eq!(all["ended"][0]["asked_by"], Value::Null);
    }
);

both!(
    who_is_owed_an_answer_waits_and_keeps_nobody_behind_them,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = json!({"resident_id": house.at.mother, "kind": "water", "level": "ordinary", "what": "水龙头滴水"});
        daughter.post("/api/help-requests", asked).await.created();
        for id in [house.at.mother, house.at.neighbour] {
            house
                .alter(resident::ActiveModel {
                    id: Set(id),
                    state: Set(ResidentState::Moved),
                    left_on: Set(Some("2023-11-20".parse().unwrap())),
                    ..Default::default()
                })
                .await;
        }
        turn(&house.app).await.unwrap();
        let erased = async |id| {
            resident::Entity::find_by_id(id)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .erased_at
                .is_some()
        };
        assert!(!erased(house.at.mother).await, "she is owed an answer");
        assert!(erased(house.at.neighbour).await);
        assert_eq!(nights(house).await.remove(0).gone.unwrap()["left"], 1);
    }
);
