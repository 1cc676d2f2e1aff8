//! Who leaves the roll takes with them what repeats and what was promised: series end, nobody calls back somebody who died.
//! Where it was a mistake both come back, with what became due meanwhile.

use std::time::Duration;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::ids::{ResidentId, SeriesId};
use entity::words::{SeriesState, VisitState};
use entity::{audit, callback, series, visit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use yinling::series::generate;
use yinling::store::Guard;

use crate::both;
use crate::calls::{MOTHERS_LINE, begin, end_of, later, promise};
use crate::support::client::Client;
use crate::support::control::goes_wrong;
use crate::support::{House, On};

/// Lunch every Tuesday and Friday; its number.
async fn lunches(client: &mut Client, who: ResidentId) -> SeriesId {
    let body = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=TU,FR", "first_date": "2026-11-24",
        "start_min": 600, "on_holiday": "skip"});
    let made = client
        .post(&format!("/api/residents/{who}/series"), body)
        .await
        .created();
    SeriesId(made["id"].as_i64().unwrap())
}

/// Promises a callback about somebody, or to the mother's door alone.
async fn promised(clerk: &mut Client, about: Option<ResidentId>) {
    let call = begin(
        clerk,
        json!({"number": about.map_or(MOTHERS_LINE, |_| "13800138000")}),
    )
    .await;
    let mut body = promise(later());
    if let Some(about) = about {
        body["resident_id"] = json!(about);
    }
    clerk.post(&end_of(&call), body).await.ok();
}

async fn leave(clerk: &mut Client, who: ResidentId, how: &str) -> Value {
    clerk
        .post(
            &format!("/api/roll/{who}/leave"),
            json!({"how": how, "on": "2026-11-24"}),
        )
        .await
        .ok()
}

async fn come_back(clerk: &mut Client, who: ResidentId) -> Value {
    clerk
        .post(&format!("/api/roll/{who}/come-back"), json!({}))
        .await
        .ok()
}

/// The series that go on, by number.
async fn running(clerk: &mut Client) -> Vec<i64> {
    let all = clerk.get("/api/series").await.ok();
    all.as_array()
        .unwrap()
        .iter()
        .map(|one| one["id"].as_i64().unwrap())
        .collect()
}

/// Local days of somebody's visits that stand, ascending.
async fn days(house: &House, who: ResidentId) -> Vec<String> {
    visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(who))
        .filter(visit::Column::State.ne(VisitState::Cancelled))
        .order_by_asc(visit::Column::StartsAt)
        .all(house.app.store.read())
        .await
        .unwrap()
        .iter()
        .map(|row| {
            (row.starts_at + TimeDelta::hours(8))
                .format("%m-%d")
                .to_string()
        })
        .collect()
}

async fn row(house: &House, id: SeriesId) -> series::Model {
    series::Entity::find_by_id(id)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
}

/// Whom the desk has still to call back.
async fn to_call(clerk: &mut Client) -> Vec<Value> {
    clerk
        .get("/api/callbacks")
        .await
        .ok()
        .as_array()
        .unwrap()
        .clone()
}

const ALL: [&str; 7] = [
    "11-27", "12-04", "12-08", "12-11", "12-15", "12-18", "12-22",
];

both!(
    a_death_ends_series_and_promises_and_a_mistake_brings_both_back,
    async |house: &House| {
        let at = &house.at;
        let mut clerk = house.enter(at.clerk).await;
        let hers = lunches(&mut clerk, at.mother).await;
        let his = lunches(&mut clerk, at.neighbour).await;
        for about in [Some(at.mother), None, Some(at.neighbour)] {
            promised(&mut clerk, about).await;
        }
        assert_eq!(to_call(&mut clerk).await.len(), 3);
        let left = leave(&mut clerk, at.mother, "died").await;
        assert_eq!(left["cancelled"], 7);
        assert_eq!(running(&mut clerk).await, [his.0]);
        assert_eq!(row(house, hers).await.state, SeriesState::Ended);
        assert_eq!(days(house, at.mother).await, Vec::<String>::new());
        assert_eq!(
            days(house, at.neighbour).await,
            ALL,
            "the neighbour's go on"
        );
        // The one about her and the one to her door, where nobody is left, are closed with the reason.
        let open = to_call(&mut clerk).await;
        assert_eq!(open.len(), 1);
        assert_eq!(open[0]["resident_id"], json!(at.neighbour));
        let lists = clerk.get("/api/dispatch/lists").await.ok();
        assert_eq!(lists["callbacks"].as_array().unwrap().len(), 1);
        let all = clerk.get("/api/callbacks?state=all").await.ok();
        let closed: Vec<&Value> = all
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| !one["done_at"].is_null())
            .collect();
        assert_eq!(closed.len(), 2);
        for one in closed {
            assert_eq!(one["done_note"], "老人去世");
            clerk
                .post(
                    &format!("/api/callbacks/{}/done", one["id"]),
                    json!({"note": "打了"}),
                )
                .await
                .refused(StatusCode::CONFLICT, "not-now");
        }
        let told = audit::Entity::find()
            .filter(audit::Column::Action.is_in(["series_ended", "closed"]))
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(told.len(), 3, "each stands in the record");
        // No run makes anything of it, also none that looked before.
        house.clock.set(House::morning() + TimeDelta::days(10));
        assert_eq!(generate::of_series(&house.app, hers).await.unwrap(), 0);
        assert_eq!(
            generate::pass(&house.app).await.unwrap(),
            3,
            "the neighbour's"
        );
        assert_eq!(row(house, hers).await.state, SeriesState::Ended);
        assert_eq!(days(house, at.mother).await, Vec::<String>::new());
        let lists = clerk.get("/api/dispatch/lists").await.ok();
        assert_eq!(lists["series_behind"], 0, "what has ended does not lag");
        // It was somebody else of that name.
        let back = come_back(&mut clerk, at.mother).await;
        assert_eq!(back["restored"], 6);
        assert_eq!(running(&mut clerk).await, [hers.0, his.0]);
        assert_eq!(
            days(house, at.mother).await,
            [
                "12-04", "12-08", "12-11", "12-15", "12-18", "12-22", "12-25", "12-29", "01-01"
            ],
            "what is ahead, and what became due meanwhile"
        );
        assert_eq!(
            generate::pass(&house.app).await.unwrap(),
            0,
            "all of it at once"
        );
        let open = to_call(&mut clerk).await;
        assert_eq!(open.len(), 3, "{open:?}");
        assert!(open.iter().all(|one| one["done_note"].is_null()));
        let kept = callback::Entity::find()
            .filter(callback::Column::DoneBy.is_not_null())
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, []);
    }
);

both!(
    of_who_moved_series_end_and_promises_stay,
    async |house: &House| {
        let at = &house.at;
        let mut clerk = house.enter(at.clerk).await;
        let hers = lunches(&mut clerk, at.mother).await;
        // One that a person ended before stays so.
        let before = lunches(&mut clerk, at.mother).await;
        clerk
            .post(
                &format!("/api/series/{before}/end"),
                json!({"last_date": "2026-11-23"}),
            )
            .await
            .ok();
        promised(&mut clerk, Some(at.mother)).await;
        house.clock.set(House::morning() + TimeDelta::minutes(1));
        leave(&mut clerk, at.mother, "moved").await;
        assert_eq!(running(&mut clerk).await, Vec::<i64>::new());
        assert_eq!(to_call(&mut clerk).await.len(), 1, "she can be rung");
        house.clock.set(House::morning() + TimeDelta::days(10));
        assert_eq!(generate::pass(&house.app).await.unwrap(), 0);
        assert_eq!(days(house, at.mother).await, Vec::<String>::new());
        come_back(&mut clerk, at.mother).await;
        assert_eq!(running(&mut clerk).await, [hers.0]);
        assert_eq!(days(house, at.mother).await.len(), 9);
        assert_eq!(row(house, before).await.state, SeriesState::Ended);
        // What runs again can be changed as before, and somebody was looked for at once.
        let shown = clerk.get(&format!("/api/series/{hers}")).await.ok();
        assert_eq!(shown["state"], "active");
        let last = shown["dates"].as_array().unwrap().last().unwrap();
        assert_eq!(last["visit"]["state"], "offered", "{last}");
        clerk
            .post(
                &format!("/api/series/{hers}/skip"),
                json!({"date": "2026-12-29"}),
            )
            .await
            .ok();
        assert_eq!(days(house, at.mother).await.len(), 8);
        // A second departure ends it again.
        leave(&mut clerk, at.mother, "moved").await;
        assert_eq!(running(&mut clerk).await, Vec::<i64>::new());
        assert_eq!(days(house, at.mother).await, Vec::<String>::new());
    }
);

both!(
    a_callback_to_a_door_behind_which_somebody_is_left_stays,
    async |house: &House| {
        let at = &house.at;
        let mut spouse: entity::resident::ActiveModel =
            entity::resident::Entity::find_by_id(at.mother)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .into();
        spouse.id = sea_orm::ActiveValue::NotSet;
        spouse.name = sea_orm::ActiveValue::Set("王大山".into());
        house.add(spouse).await;
        let mut clerk = house.enter(at.clerk).await;
        promised(&mut clerk, None).await;
        promised(&mut clerk, Some(at.mother)).await;
        leave(&mut clerk, at.mother, "died").await;
        let open = to_call(&mut clerk).await;
        assert_eq!(open.len(), 1);
        assert_eq!(open[0]["resident_id"], Value::Null);
    }
);

/// Series of one resident in the race: more than one look finds in one go.
const SERIES: i64 = 4;

/// The mother leaves while her visits are made, and comes back, week after week, until something stands that should not or
/// the rounds are over; gives the visits that stand and the series that run after she has left.
async fn race(house: &House, rounds: i64) -> (usize, usize) {
    let who = house.at.mother;
    let mut clerk = house.enter(house.at.clerk).await;
    let mut hers = Vec::new();
    for n in 0..SERIES {
        let body = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=WE", "first_date": "2026-11-24",
            "start_min": 540 + 30 * n, "on_holiday": "skip"});
        let made = clerk
            .post(&format!("/api/residents/{who}/series"), body)
            .await
            .created();
        hers.push(SeriesId(made["id"].as_i64().unwrap()));
    }
    let another = house.another().await;
    for round in 1..=rounds {
        // Another Wednesday has come within the four weeks.
        house
            .clock
            .set(House::morning() + TimeDelta::days(7 * round));
        // Nobody stays signed in for weeks.
        let mut clerk = house.enter(house.at.clerk).await;
        let mut other = clerk.clone();
        let body = json!({"how": "died", "on": House::morning().date_naive()});
        let leaves = tokio::spawn(async move {
            other
                .post(&format!("/api/roll/{who}/leave"), body)
                .await
                .ok()
        });
        let looks = hers
            .iter()
            .flat_map(|id| [&house.app, &another].map(|app| (app.clone(), *id)));
        let mut runs = Vec::new();
        for (at, (app, id)) in (0..).zip(looks) {
            runs.push(tokio::spawn(async move {
                // Some look before the file is closed, some while it is, some after.
                tokio::time::sleep(Duration::from_millis(3 * at)).await;
                generate::of_series(&app, id).await
            }));
        }
        leaves.await.unwrap();
        for run in runs {
            let done = run.await.unwrap();
            // Without the lock the keys refuse some: that is not what is looked for here.
            assert!(
                done.is_ok() || house.app.store.guard() == Guard::Off,
                "{done:?}"
            );
        }
        let rows = visit::Entity::find()
            .filter(visit::Column::ResidentId.eq(who))
            .filter(visit::Column::State.ne(VisitState::Cancelled))
            .filter(visit::Column::StartsAt.gt(house.clock.now()));
        let stand = rows.all(house.app.store.read()).await.unwrap().len();
        let running = running(&mut clerk).await.len();
        if stand + running > 0 {
            return (stand, running);
        }
        come_back(&mut clerk, who).await;
    }
    (0, 0)
}

async fn guarded(on: On) {
    let house = House::open(on).await;
    assert_eq!(race(&house, 6).await, (0, 0));
    house.close().await;
}

/// The control: without the lock a look from before writes visits for somebody who died.
async fn unguarded(on: On) {
    goes_wrong(on, "visits are made for who is gone", async |house| {
        let (stand, running) = race(house, 30).await;
        stand + running > 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_who_left_gets_visits_made_meanwhile_on_sqlite() {
    guarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_who_left_gets_visits_made_meanwhile_on_postgres() {
    guarded(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_lock_they_do_on_sqlite() {
    unguarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_lock_they_do_on_postgres() {
    unguarded(On::Postgres).await;
}
