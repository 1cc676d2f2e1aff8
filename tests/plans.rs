//! Planning: the search runs behind the answer, is seen from everywhere, and can be stopped or thrown away.

use std::time::{Duration, Instant};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::words::PlanState;
use entity::{plan, plan_search};
use futures::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use tokio::sync::OwnedSemaphorePermit;
use yinling::app::App;

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::plans::{agree, ended, planned, ten_in, waiting};

const TOMORROW: &str = "2026-11-25";
/// A stop is asked for at once and has to be felt within half a second; the rest is patience with a loaded machine.
const SOON: Duration = Duration::from_secs(4);

/// A search of a minute over tomorrow, with something to search.
async fn long_search(house: &House, coordinator: &mut Client) -> Value {
    waiting(house, "MEAL", ten_in(1)).await;
    coordinator
        .post("/api/plans", json!({"date": TOMORROW, "seconds": 60}))
        .await
        .created()
}

async fn rows_of_searches(app: &App) -> u64 {
    plan_search::Entity::find()
        .count(app.store.read())
        .await
        .unwrap()
}

both!(
    a_plan_is_there_at_once_and_its_figures_move_until_it_is_a_draft,
    async |house: &House| {
        let visit = waiting(house, "MEAL", ten_in(1)).await;
        waiting(house, "CHESS", ten_in(1) + TimeDelta::hours(2)).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let asked = Instant::now();
        let begun = coordinator
            .post("/api/plans", json!({"date": TOMORROW, "seconds": 2}))
            .await
            .created();
        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "it waited for the search"
        );
        assert_eq!(
            (&begun["state"], &begun["days"], &begun["changes"]),
            (&json!("searching"), &json!(1), &json!([]))
        );
        assert_eq!(begun["search"]["asked_seconds"], 2.0);
        let path = format!("/api/plans/{}", begun["id"]);
        let mut seen: Vec<Value> = Vec::new();
        let plan = loop {
            let plan = coordinator.get(&path).await.ok();
            if plan["state"] != "searching" {
                break plan;
            }
            let board = coordinator
                .get(&format!("/api/board?date={TOMORROW}"))
                .await
                .ok();
            assert!(board["plan"]["state"] != "discarded", "{board}");
            seen.extend(
                plan.get("search")
                    .filter(|search| !search.is_null())
                    .cloned(),
            );
            tokio::time::sleep(Duration::from_millis(50)).await;
        };
        let tried = |search: &Value| search["iterations"].as_i64().unwrap();
        assert!(tried(&seen[seen.len() - 1]) > tried(&seen[0]), "{seen:?}");
        for pair in seen.windows(2) {
            assert!(tried(&pair[0]) <= tried(&pair[1]));
            assert!(pair[0]["spent_seconds"].as_f64() <= pair[1]["spent_seconds"].as_f64());
            if let (Some(before), Some(after)) = (
                pair[0]["unfilled_priority"].as_i64(),
                pair[1]["unfilled_priority"].as_i64(),
            ) {
                assert!(after <= before, "the best so far grew worse: {pair:?}");
            }
        }
        let last = &seen[seen.len() - 1];
        assert_eq!(last["unfilled"], plan["summary"]["unserved_after"]);
        assert_eq!(last["walking_min"], plan["summary"]["walking_after_min"]);
        assert_eq!(
            (&plan["state"], &plan["search"]),
            (&json!("draft"), &Value::Null)
        );
        assert!(
            plan["changes"]
                .as_array()
                .unwrap()
                .iter()
                .any(|change| change["visit_id"] == visit)
        );
        let board = coordinator
            .get(&format!("/api/board?date={TOMORROW}"))
            .await
            .ok();
        assert_eq!(
            (&board["plan"]["id"], &board["plan"]["state"]),
            (&plan["id"], &json!("draft"))
        );
        assert_eq!(
            rows_of_searches(&house.app).await,
            0,
            "nothing is left of the search"
        );
    }
);

both!(
    what_cannot_be_planned_is_refused_with_the_field,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        for (field, body) in [
            ("seconds", json!({"date": TOMORROW, "seconds": 61})),
            ("seconds", json!({"date": TOMORROW, "seconds": 0})),
            ("days", json!({"date": TOMORROW, "days": 2})),
            ("date", json!({"date": "2026-11-23", "days": 7})),
        ] {
            let told = coordinator
                .post("/api/plans", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
    }
);

both!(
    stopped_from_another_process_it_keeps_the_best,
    async |house: &House| {
        let mut here = house.enter(house.at.coordinator).await;
        let begun = long_search(house, &mut here).await;
        let path = format!("/api/plans/{}", begun["id"]);
        here.post(&format!("{path}/publish"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let other = house.another().await;
        let mut there = here.clone().moved_to(&other);
        let asked = Instant::now();
        let told = there.post(&format!("{path}/stop"), json!({})).await.ok();
        assert!(
            told["state"] == "draft" || told["search"]["stopping"] == true,
            "{told}"
        );
        let plan = ended(&mut there, &begun["id"]).await;
        assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
        assert_eq!(plan["state"], "draft");
        assert_eq!(plan["summary"]["assigned"], 1);
        // It has ended: asking once more changes nothing.
        there.post(&format!("{path}/stop"), json!({})).await.ok();
        let done = there.post(&format!("{path}/publish"), json!({})).await.ok();
        assert_eq!(done["changes"][0]["applied"], true);
        there
            .post(&format!("{path}/stop"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        agree(house).await;
    }
);

both!(
    a_page_at_another_process_sees_it_move_and_only_a_coordinators_does,
    async |house: &House| {
        waiting(house, "MEAL", ten_in(1)).await;
        let other = house.another().await;
        let listen = |account| {
            let other = other.clone();
            async move { Client::signed_in(&other, account).await }
        };
        let mut office = listen(house.at.coordinator).await;
        let mut clerk = listen(house.at.clerk).await;
        let mut helper = listen(house.at.chen_account).await;
        let office = tokio::spawn(async move { office.get("/api/events").await.text });
        let clerk = tokio::spawn(async move { clerk.get("/api/events").await.text });
        let helper = tokio::spawn(async move { helper.get("/api/events").await.text });
        tokio::time::sleep(Duration::from_millis(300)).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 2})).await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        other.closing.ask();
        let (office, helper) = (office.await.unwrap(), helper.await.unwrap());
        let clerk = clerk.await.unwrap();
        let told: Vec<Value> = office
            .split("\n\n")
            .filter_map(|event| event.strip_prefix("event: progress\ndata: "))
            .map(|data| serde_json::from_str(data).unwrap())
            .collect();
        assert!(told.len() > 1, "{office}");
        assert!(
            told.iter().all(|one| one["plan_id"] == plan["id"]),
            "{office}"
        );
        let spent = |one: &Value| one["search"]["spent_seconds"].as_f64().unwrap();
        assert!(spent(&told[told.len() - 1]) > spent(&told[0]), "{office}");
        assert!(office.contains(r#""what":"plan""#), "{office}");
        assert!(!clerk.contains("progress"), "{clerk}");
        assert!(
            !helper.contains("progress") && !helper.contains(r#""what":"plan""#),
            "{helper}"
        );
    }
);

both!(
    thrown_away_while_it_searches_nothing_comes_of_it,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let begun = long_search(house, &mut coordinator).await;
        let path = format!("/api/plans/{}", begun["id"]);
        coordinator
            .delete(&path)
            .await
            .expect(StatusCode::NO_CONTENT);
        let plan = coordinator.get(&path).await.ok();
        assert_eq!(
            (&plan["state"], &plan["why"]),
            (&json!("discarded"), &Value::Null)
        );
        tokio::time::timeout(SOON, house.app.closing.finished())
            .await
            .expect("the search goes on for nobody");
        assert_eq!(coordinator.get(&path).await.ok(), plan);
        coordinator
            .post(&format!("{path}/stop"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        coordinator
            .delete(&path)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

/// Every place for a search, taken: whoever plans now waits.
async fn all_places(house: &House) -> OwnedSemaphorePermit {
    let places = &house.app.searches;
    let all = u32::try_from(places.available_permits()).unwrap();
    places.clone().acquire_many_owned(all).await.unwrap()
}

both!(
    where_no_core_is_free_a_plan_waits_its_turn_and_is_not_given_up,
    async |house: &House| {
        let others = all_places(house).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        waiting(house, "MEAL", ten_in(1)).await;
        let begun = coordinator
            .post("/api/plans", json!({"date": TOMORROW, "seconds": 0.2}))
            .await
            .created();
        let path = format!("/api/plans/{}", begun["id"]);
        for _ in 0..3 {
            // More than the seconds after which a silent search is given up.
            house.clock.set(house.clock.now() + TimeDelta::seconds(20));
            tokio::time::sleep(Duration::from_millis(1_000)).await;
            let seen = coordinator.get(&path).await.ok();
            assert_eq!(seen["state"], "searching", "{seen}");
            assert_eq!(seen["search"]["iterations"], 0, "nobody has begun");
        }
        drop(others);
        let plan = ended(&mut coordinator, &begun["id"]).await;
        assert_eq!(
            (&plan["state"], &plan["summary"]["assigned"]),
            (&json!("draft"), &json!(1))
        );
        let free = house.app.searches.available_permits();
        let all = std::thread::available_parallelism().unwrap().get();
        assert_eq!(free, all, "its place is given back");
    }
);

both!(
    who_waits_for_a_place_is_stopped_and_thrown_away_like_any_other,
    async |house: &House| {
        let others = all_places(house).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let begun = long_search(house, &mut coordinator).await;
        let path = format!("/api/plans/{}", begun["id"]);
        coordinator
            .post(&format!("{path}/stop"), json!({}))
            .await
            .ok();
        let plan = ended(&mut coordinator, &begun["id"]).await;
        assert_eq!(plan["state"], "draft", "what there is at once");
        let again = coordinator
            .post("/api/plans", json!({"date": TOMORROW, "seconds": 60}))
            .await
            .created();
        coordinator
            .delete(&format!("/api/plans/{}", again["id"]))
            .await
            .expect(StatusCode::NO_CONTENT);
        tokio::time::timeout(SOON, house.app.closing.finished())
            .await
            .expect("nobody waits for a place any more");
        drop(others);
    }
);

both!(
    a_newer_plan_over_one_of_its_days_takes_its_place,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let week = coordinator
            .post(
                "/api/plans",
                json!({"date": TOMORROW, "days": 7, "seconds": 60}),
            )
            .await
            .created();
        let apart = planned(
            &mut coordinator,
            json!({"date": "2026-12-02", "seconds": 0.1}),
        )
        .await;
        let last_day = planned(
            &mut coordinator,
            json!({"date": "2026-12-01", "seconds": 0.1}),
        )
        .await;
        let week = coordinator
            .get(&format!("/api/plans/{}", week["id"]))
            .await
            .ok();
        assert_eq!(week["state"], "discarded");
        assert!(
            week["why"].as_str().unwrap().contains("又排了一次"),
            "{week}"
        );
        for draft in [&apart, &last_day] {
            let path = format!("/api/plans/{}", draft["id"]);
            assert_eq!(coordinator.get(&path).await.ok()["state"], "draft");
        }
        // A search begun from the day before reaches over both drafts.
        planned(
            &mut coordinator,
            json!({"date": "2026-11-28", "days": 7, "seconds": 0.1}),
        )
        .await;
        for draft in [&apart, &last_day] {
            let path = format!("/api/plans/{}", draft["id"]);
            assert_eq!(coordinator.get(&path).await.ok()["state"], "discarded");
        }
    }
);

both!(
    of_eight_who_plan_at_once_one_plan_is_left,
    async |house: &House| {
        waiting(house, "MEAL", ten_in(1)).await;
        let coordinator = house.enter(house.at.coordinator).await;
        let asked = (0..8).map(|_| {
            let mut client = coordinator.clone();
            tokio::spawn(async move {
                client
                    .post("/api/plans", json!({"date": TOMORROW, "seconds": 0.5}))
                    .await
                    .created()
            })
        });
        let begun: Vec<Value> = join_all(asked)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        let mut coordinator = coordinator.clone();
        let mut drafts = 0;
        for plan in &begun {
            drafts += usize::from(ended(&mut coordinator, &plan["id"]).await["state"] == "draft");
        }
        assert_eq!(drafts, 1);
    }
);

both!(a_retry_does_not_search_twice, async |house: &House| {
    waiting(house, "MEAL", ten_in(1)).await;
    let mut coordinator = house.enter(house.at.coordinator).await;
    let body = json!({"date": TOMORROW, "seconds": 0.5});
    let first = coordinator
        .post_once("/api/plans", body.clone(), "plan")
        .await;
    let again = coordinator.post_once("/api/plans", body, "plan").await;
    assert_eq!((first.status, &first.text), (again.status, &again.text));
    let plan = ended(&mut coordinator, &first.json()["id"]).await;
    assert_eq!(plan["state"], "draft");
    let plans = plan::Entity::find()
        .filter(plan::Column::State.ne(PlanState::Discarded))
        .count(house.app.store.read())
        .await
        .unwrap();
    assert_eq!(plans, 1);
});

both!(
    a_search_whose_process_died_is_not_shown_for_ever,
    async |house: &House| {
        let coordinator = house.at.coordinator;
        let community = entity::community::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .id;
        let now = House::morning();
        // As a process leaves it that is killed in the middle of a search.
        let row = house
            .add(plan::ActiveModel {
                community_id: Set(community),
                date: Set(TOMORROW.parse().unwrap()),
                days: Set(7),
                state: Set(PlanState::Searching),
                created_by: Set(coordinator),
                created_at: Set(now),
                seed: Set(1),
                iterations: Set(0),
                summary: Set(json!({"figures": {"served_before": 0, "served_after": 0, "unserved_after": 0,
                    "walking_before_min": 0, "walking_after_min": 0, "moved": 0, "assigned": 0}, "unfilled": []})),
                ..Default::default()
            })
            .await;
        house
            .add(plan_search::ActiveModel {
                plan_id: Set(row.id),
                community_id: Set(community),
                date: Set(row.date),
                asked_ms: Set(60_000),
                spent_ms: Set(3_000),
                iterations: Set(9),
                unfilled: Set(Some(1)),
                unfilled_priority: Set(Some(3)),
                walking_s: Set(Some(600)),
                stop_asked: Set(false),
                heard_at: Set(now),
            })
            .await;
        let mut coordinator = house.enter(coordinator).await;
        let path = format!("/api/plans/{}", row.id);
        let board = "/api/board?date=2026-11-28";
        house.clock.set(now + TimeDelta::seconds(5));
        yinling::dispatch::plan::sweep(&house.app).await.unwrap();
        assert_eq!(
            coordinator.get(&path).await.ok()["search"]["walking_min"],
            10
        );
        assert_eq!(
            coordinator.get(board).await.ok()["plan"]["state"],
            "searching"
        );

        house.clock.set(now + TimeDelta::seconds(7));
        let silent = coordinator.get(&path).await.ok();
        assert_eq!(
            (&silent["state"], &silent["search"]),
            (&json!("discarded"), &Value::Null)
        );
        assert!(silent["why"].as_str().unwrap().contains("中断"), "{silent}");
        assert_eq!(coordinator.get(board).await.ok()["plan"], Value::Null);
        coordinator
            .post(&format!("{path}/publish"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // Any process tidies up; what was shown stays true.
        yinling::dispatch::plan::sweep(&house.app).await.unwrap();
        assert_eq!(rows_of_searches(&house.app).await, 0);
        assert_eq!(coordinator.get(&path).await.ok(), silent);
        assert_eq!(
            coordinator.english().get(&path).await.ok()["why"],
            "The search was interrupted and found nothing. Please plan again."
        );
    }
);

both!(
    a_program_that_ends_keeps_the_best_of_its_searches,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let begun = long_search(house, &mut coordinator).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        house.app.closing.ask();
        tokio::time::timeout(SOON, house.app.closing.finished())
            .await
            .expect("the search did not end with the program");
        let plan = coordinator
            .get(&format!("/api/plans/{}", begun["id"]))
            .await
            .ok();
        assert_eq!(
            (&plan["state"], &plan["summary"]["assigned"]),
            (&json!("draft"), &json!(1))
        );
    }
);

both!(
    a_plan_is_on_the_coordinators_board_and_not_on_the_clerks,
    async |house: &House| {
        waiting(house, "MEAL", ten_in(1)).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(&mut coordinator, json!({"date": TOMORROW, "seconds": 0.2})).await;
        let board = format!("/api/board?date={TOMORROW}");
        assert_eq!(coordinator.get(&board).await.ok()["plan"]["id"], plan["id"]);
        let mut clerk = house.enter(house.at.clerk).await;
        assert_eq!(clerk.get(&board).await.ok()["plan"], Value::Null);
        clerk
            .get(&format!("/api/plans/{}", plan["id"]))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);
