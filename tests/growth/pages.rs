//! Pages follow each other by key: nobody is left out or comes twice, whatever order they stand in and whoever is added
//! meanwhile.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::ids::CommunityId;
use entity::words::Lang;
use entity::{account, account_role, callback, helper, series, series_part};
use sea_orm::ActiveValue::{NotSet, Set};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

/// Rows in a page.
const PAGE: usize = 100;

/// The numbers of all rows of a list in their order, from page to page as the answers say; each page but the last is full.
async fn followed(client: &mut Client, list: &str, query: &str) -> Vec<i64> {
    let (mut seen, mut next) = (Vec::new(), Some(query.to_owned()));
    while let Some(query) = next {
        assert_eq!(seen.len() % PAGE, 0, "a page in the middle is not full");
        let page = client.get(&format!("{list}{query}")).await;
        next = page
            .headers
            .get("link")
            .map(|link| following(link.to_str().unwrap()));
        let rows = page.ok();
        let ids = rows
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].as_i64());
        seen.extend(ids.map(Option::unwrap));
    }
    let known: BTreeSet<i64> = seen.iter().copied().collect();
    assert_eq!(known.len(), seen.len(), "somebody is there twice");
    seen
}

/// Where a list goes on, which its header tells beside the list's own address.
fn following(link: &str) -> String {
    let (query, rel) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
    assert_eq!(rel, "; rel=\"next\"");
    query.to_owned()
}

/// Accounts of whom half share a name: only the number tells them apart.
async fn accounts(house: &House, count: i64) {
    for n in 0..count {
        let row = account::ActiveModel {
            community_id: Set(CommunityId(1)),
            name: Set(format!("同名{}", if n % 2 == 0 { 0 } else { n })),
            login: Set(Some(format!("zhang_{n}"))),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(house.clock.now()),
            ..Default::default()
        };
        house.add(row).await;
    }
}

both!(
    every_account_is_on_one_page_and_is_found_by_a_part_of_its_name,
    async |house: &House| {
        accounts(house, 230).await;
        let mut admin = house.enter(house.at.admin).await;
        let seen = followed(&mut admin, "/api/accounts", "").await;
        let rows = account::Entity::find().all(house.app.store.read()).await;
        assert_eq!(seen.len(), rows.unwrap().len());

        let found = async |words: &str| -> Vec<String> {
            let asked = json!({ "q": words });
            let mut admin = admin.clone();
            let rows = admin.post("/api/accounts/search", asked).await.ok();
            let login = |row: &Value| row["login"].as_str().unwrap_or_default().to_owned();
            rows.as_array().unwrap().iter().map(login).collect()
        };
        assert_eq!(found("同名229").await, ["zhang_229"]);
        assert_eq!(found(" ZHANG_228 ").await, ["zhang_228"]);
        assert_eq!(found("zhang_1").await.len(), 100, "a page at most");
        assert!(found("zhang%1").await.is_empty(), "a sign is a sign");
        let roles = account_role::Entity::find().all(house.app.store.read());
        assert!(!roles.await.unwrap().is_empty());
    }
);

both!(
    callbacks_come_page_by_page_from_either_end,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let call = clerk.post("/api/calls", json!({})).await.created();
        let due = House::morning() + TimeDelta::hours(3);
        let promise = json!({"outcome": "callback", "callback": {"due_at": due, "note": "回电话"}});
        let path = format!("/api/calls/{}/end", call["id"]);
        clerk.post(&path, promise).await.ok();
        let first = callback::Entity::find().one(house.app.store.read()).await;
        let first = first.unwrap().unwrap();
        for n in 0..229 {
            let mut row = first.clone().into_active_model();
            row.id = NotSet;
            row.due_at = Set(due + TimeDelta::minutes(n % 7));
            row.done_at = Set((n % 10 == 0).then_some(due));
            house.add(row.reset_all()).await;
        }
        let mut all = followed(&mut clerk, "/api/callbacks", "?state=all").await;
        assert_eq!(all.len(), 230);
        all.reverse();
        let open = followed(&mut clerk, "/api/callbacks", "").await;
        assert_eq!(open.len(), 230 - 23);
        all.retain(|id| open.contains(id));
        assert_eq!(all, open, "the one order is the other reversed");
        clerk
            .get("/api/callbacks?after=99999")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    helpers_and_series_come_page_by_page,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let db = house.app.store.read();
        let before = helper::Entity::find().all(db).await.unwrap();
        for n in 0..130 {
            let mut row = before[0].clone().into_active_model();
            row.id = NotSet;
            row.initials = Set(format!("w{}", n % 3));
            house.add(row.reset_all()).await;
        }
        let helpers = followed(&mut clerk, "/api/helpers", "").await;
        let active = before.iter().filter(|row| row.active).count();
        assert_eq!(helpers.len(), 130 + active);

        let rule = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=FR", "first_date": "2026-11-27",
            "start_min": 600, "on_holiday": "skip"});
        let path = format!("/api/residents/{}/series", house.at.mother);
        clerk.post(&path, rule).await.created();
        let first = series::Entity::find().one(db).await.unwrap().unwrap();
        let part = series_part::Entity::find().one(db).await.unwrap().unwrap();
        for _ in 0..120 {
            let mut row = first.clone().into_active_model();
            row.id = NotSet;
            let row = house.add(row.reset_all()).await;
            let mut part = part.clone().into_active_model();
            part.id = NotSet;
            part.series_id = Set(row.id);
            house.add(part.reset_all()).await;
        }
        let all = followed(&mut clerk, "/api/series", "").await;
        assert_eq!(all.len(), 121);
    }
);
