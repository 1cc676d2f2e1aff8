//! A search for a plan whose process died or froze is said to be interrupted within ten seconds, once, and can be asked for again.

use std::time::Instant;

use entity::words::PlanState;
use entity::{audit, plan, plan_search};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use super::browser::Browser;
use super::place::{Place, Program};
use super::slots::{self, desk};
use super::takeover::{ALIVE, PATIENCE, TAKEN_OVER, until};
use crate::support::On;

/// A search of a minute at one process, and somebody who looks at it at the other.
async fn searching(place: &Place, at: &Program) -> Value {
    let mut coordinator = Browser::enter(&at.address, "coordinator").await;
    // Something to search: nobody can come twice at the same time.
    for _ in 0..2 {
        let mut wanted = slots::all(1, 30)[0].wanted();
        wanted["if_unserved"] = json!("tray");
        let told = coordinator.post(&desk(place), wanted, None).await;
        told.unwrap().ok();
    }
    let body = json!({"date": "2026-11-25", "seconds": 60});
    coordinator
        .post("/api/plans", body, None)
        .await
        .unwrap()
        .ok()
}

async fn a_search_whose_process(place: &Place, falls_silent: impl AsyncFnOnce(Program)) {
    let (dies, stays) = (place.start().await, place.start().await);
    let begun = searching(place, &dies).await;
    let path = format!("/api/plans/{}", begun["id"]);
    let mut looks = Browser::enter(&stays.address, "coordinator").await;
    let mut page = looks.listen().await.unwrap();
    // The control: as long as its process lives it is left alone.
    tokio::time::sleep(ALIVE).await;
    let plan = looks.get(&path).await.unwrap().ok();
    assert_eq!(plan["state"], "searching", "{plan}");

    let silent = Instant::now();
    falls_silent(dies).await;
    let mut plan = Value::Null;
    until("whoever asks is told", TAKEN_OVER, async || {
        plan = looks.get(&path).await.unwrap().ok();
        plan["state"] == "discarded"
    })
    .await;
    println!("told that it was interrupted after {:?}", silent.elapsed());
    assert!(plan["why"].as_str().unwrap().contains("中断"), "{plan}");
    let store = place.store().await;
    let over = async || {
        let rows = plan_search::Entity::find().count(store.read()).await;
        rows.unwrap() == 0
    };
    until("the search is tidied away", PATIENCE, over).await;
    assert!(silent.elapsed() < TAKEN_OVER, "{:?}", silent.elapsed());
    let news = format!("\"what\":\"plan\",\"object_id\":{}", begun["id"]);
    assert!(page.hears(&news, TAKEN_OVER).await.is_some());
    let told = audit::Entity::find()
        .filter(audit::Column::Action.eq("interrupted"))
        .count(store.read())
        .await
        .unwrap();
    assert_eq!(told, 1, "said once");

    // It can be planned again at once.
    let body = json!({"date": "2026-11-25", "seconds": 0.5});
    let again = looks.post("/api/plans", body, None).await.unwrap().ok();
    let path = format!("/api/plans/{}", again["id"]);
    until("another search ends", PATIENCE, async || {
        looks.get(&path).await.unwrap().ok()["state"] == "draft"
    })
    .await;
    assert!(stays.stop().await.success());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_search_of_a_dead_process_is_said_to_be_interrupted() {
    let place = Place::open(On::Postgres, 1).await;
    a_search_whose_process(&place, async |program| program.kill()).await;
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_of_a_process_that_froze_is_not_kept_when_it_thaws() {
    let place = Place::open(On::Postgres, 1).await;
    let mut frozen = None;
    a_search_whose_process(&place, async |program| {
        program.freeze();
        frozen = Some(program);
    })
    .await;
    let frozen = frozen.unwrap();
    frozen.thaw();
    assert!(frozen.stop().await.success());
    // What it had found came too late: the newer plan stands.
    let states: Vec<PlanState> = plan::Entity::find()
        .all(place.store().await.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.state)
        .collect();
    let drafts = states.iter().filter(|state| **state == PlanState::Draft);
    assert_eq!(drafts.count(), 1, "{states:?}");
    place.agrees().await;
    place.close().await;
}
