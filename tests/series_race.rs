//! Two generators, one set of series. Without lock and unique keys the same race makes visits twice.

use chrono::TimeDelta;
use entity::visit;
use futures::future::join_all;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde_json::json;
use yinling::series::generate;

use crate::support::control::goes_wrong;
use crate::support::{House, On};

const SERIES: usize = 6;

/// Visits of one resident that begin at the same instant as another: twice the same date.
async fn doubles(house: &House) -> (usize, usize) {
    let mut starts: Vec<_> = visit::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|visit| (visit.resident_id, visit.starts_at))
        .collect();
    starts.sort();
    let all = starts.len();
    starts.dedup();
    (all, all - starts.len())
}

/// Makes series, lets two weeks pass, and lets two processes make the visits at once.
async fn race(house: &House) -> (usize, usize) {
    let mut clerk = house.enter(house.at.clerk).await;
    for n in 0..SERIES {
        let body = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=MO,WE,FR", "first_date": "2026-11-24",
            "start_min": 540 + 30 * n, "on_holiday": "skip"});
        let path = format!("/api/residents/{}/series", house.at.mother);
        clerk.post(&path, body).await.created();
    }
    house.clock.set(House::morning() + TimeDelta::days(14));
    let another = house.another().await;
    let runs = [&house.app, &another, &house.app, &another].map(|app| {
        let app = app.clone();
        tokio::spawn(async move { generate::pass(&app).await })
    });
    for run in join_all(runs).await {
        run.unwrap().unwrap();
    }
    doubles(house).await
}

async fn guarded(on: On) {
    let house = House::open(on).await;
    let (all, doubles) = race(&house).await;
    assert_eq!(doubles, 0);
    assert_eq!(all, SERIES * 18, "every date of six weeks, each once");
    house.close().await;
}

async fn unguarded(on: On) {
    goes_wrong(on, "a date is made twice", async |house| {
        let db = house.app.store.read();
        for key in [
            "series_date_series_id_date",
            "series_date_series_id_served_on",
        ] {
            db.execute_unprepared(&format!("DROP INDEX {key}"))
                .await
                .unwrap();
        }
        race(house).await.1 > 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_generators_make_each_date_once_on_sqlite() {
    guarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_generators_make_each_date_once_on_postgres() {
    guarded(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_lock_and_keys_dates_come_twice_on_sqlite() {
    unguarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_lock_and_keys_dates_come_twice_on_postgres() {
    unguarded(On::Postgres).await;
}
