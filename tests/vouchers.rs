//! Vouchers: given by the office, used once at a merchant's counter, however many try at once.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::ids::{AccountId, ProviderId};
use entity::provider;
use entity::words::{ProviderKind, ProviderState};
use futures::future::join_all;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::both;
use crate::support::control::goes_wrong;
use crate::support::{House, On, fixture::PASSWORD};

/// A merchant, and an account at its counter made by the administrator.
pub async fn shop(house: &House) -> (ProviderId, AccountId) {
    let community = {
        use sea_orm::EntityTrait;
        entity::helper::Entity::find_by_id(house.at.chen)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .community_id
    };
    let merchant = house
        .add(provider::ActiveModel {
            community_id: Set(community),
            kind: Set(ProviderKind::Merchant),
            name: Set("滨湖照相馆".into()),
            phone: Set("07103222222".into()),
            state: Set(ProviderState::Active),
            ..Default::default()
        })
        .await;
    let mut admin = house.enter(house.at.admin).await;
    let new = |provider: Value, roles: &[&str]| json!({"name": "小周", "login": "counter", "password": PASSWORD, "roles": roles, "provider_id": provider});
    for wrong in [
        new(Value::Null, &["shopkeeper"]),
        new(json!(1), &["shopkeeper"]),
        new(json!(merchant.id), &["clerk"]),
    ] {
        let told = admin
            .post("/api/accounts", wrong)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "provider_id");
    }
    let made = admin
        .post("/api/accounts", new(json!(merchant.id), &["shopkeeper"]))
        .await
        .created();
    (merchant.id, AccountId(made["id"].as_i64().unwrap()))
}

/// A voucher of 50 yuan for the mother, with its code.
pub async fn voucher(house: &House) -> Value {
    let mut clerk = house.enter(house.at.clerk).await;
    clerk
        .post(
            "/api/vouchers",
            json!({"resident_id": house.at.mother, "value_fen": 5000, "expires_on": "2026-12-24", "reason": "参加楼道清洁日"}),
        )
        .await
        .created()
}

both!(
    a_voucher_used_by_many_at_once_is_used_once,
    async |house: &House| {
        let (_, account) = shop(house).await;
        let given = voucher(house).await;
        let client = house.enter(account).await;
        let code = json!({"code": given["code"]});
        // As many as one account may try at once before it has to wait.
        let tries = (0..6).map(|_| {
            let (mut client, code) = (client.clone(), code.clone());
            tokio::spawn(async move { client.post("/api/shop/take", code).await })
        });
        let mut won = 0;
        for reply in join_all(tries).await {
            let reply = reply.unwrap();
            match reply.status {
                StatusCode::OK => won += 1,
                _ => {
                    let told = reply.refused(StatusCode::CONFLICT, "not-now");
                    assert!(told["detail"].as_str().unwrap().contains("用过"));
                }
            }
        }
        assert_eq!(won, 1);
        let mut client = client;
        let counter = client.get("/api/shop").await.ok();
        assert_eq!(counter["in_all"], json!({"count": 1, "fen": 5000}));
        let seen = client.post("/api/shop/look", code).await.ok();
        assert_eq!(seen["state"], "used");
    }
);

both!(
    a_voucher_given_by_mistake_is_withdrawn_and_never_used,
    async |house: &House| {
        let (_, account) = shop(house).await;
        let (wrong, right) = (voucher(house).await, voucher(house).await);
        let path = format!("/api/vouchers/{}/withdraw", wrong["id"]);
        let why = json!({"reason": "发错了人"});
        for other in [house.at.daughter, house.at.panel, account] {
            let mut other = house.enter(other).await;
            other
                .post(&path, why.clone())
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut clerk = house.enter(house.at.clerk).await;
        let told = clerk
            .post(&path, json!({"reason": " "}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "reason");
        let now = clerk.post(&path, why.clone()).await.ok();
        assert_eq!(
            (&now["state"], &now["withdrawn_why"]),
            (&json!("withdrawn"), &json!("发错了人"))
        );
        clerk
            .post(&path, why)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // The counter is told so, and cannot take it, now or later.
        let mut counter = house.enter(account).await;
        let code = json!({"code": wrong["code"]});
        let seen = counter.post("/api/shop/look", code.clone()).await.ok();
        assert_eq!(seen["state"], "withdrawn");
        let told = counter
            .post("/api/shop/take", code)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert!(told["detail"].as_str().unwrap().contains("收回"), "{told}");
        // The family sees what became of it; the totals leave it out.
        let mut daughter = house.enter(house.at.daughter).await;
        let list = format!("/api/residents/{}/vouchers", house.at.mother);
        let states: Vec<Value> = daughter.get(&list).await.ok()["vouchers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["state"].clone())
            .collect();
        assert_eq!(states, [json!("open"), json!("withdrawn")]);
        let totals = clerk.get("/api/vouchers/totals").await.ok();
        let of = |count: i64| json!({"count": count, "fen": count * 5000});
        assert_eq!((&totals["issued"], &totals["open"]), (&of(1), &of(1)));
        assert_eq!((&totals["expired"], &totals["withdrawn"]), (&of(0), &of(1)));
        // Who wrote it down, and why.
        use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
        let row = entity::audit::Entity::find()
            .filter(entity::audit::Column::What.eq(entity::words::Subject::Voucher))
            .filter(entity::audit::Column::Action.eq("withdrawn"))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (row.account_id, row.note.as_deref()),
            (Some(house.at.clerk), Some("发错了人"))
        );
        // A used one stays used.
        counter
            .post("/api/shop/take", json!({"code": right["code"]}))
            .await
            .ok();
        clerk
            .post(
                &format!("/api/vouchers/{}/withdraw", right["id"]),
                json!({"reason": "迟了"}),
            )
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // The previous release knows its last day alone, and that is over.
        let id = entity::ids::VoucherId(wrong["id"].as_i64().unwrap());
        let row = entity::voucher::Entity::find_by_id(id)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert!(row.expires_on < "2026-11-24".parse().unwrap());
    }
);

/// Vouchers that are taken at a counter and withdrawn at once. Gives how many of them only one of the two got, how many both.
async fn take_and_withdraw(house: &House) -> (usize, usize) {
    let (_, account) = shop(house).await;
    let counter = house.enter(account).await;
    let clerk = house.enter(house.at.clerk).await;
    let (mut one, mut both) = (0, 0);
    for round in 0..10 {
        let given = voucher(house).await;
        let (mut counter, mut clerk) = (counter.clone(), clerk.clone());
        let code = json!({"code": given["code"]});
        let path = format!("/api/vouchers/{}/withdraw", given["id"]);
        let taking = async {
            // Now the one is a little earlier, now the other.
            tokio::time::sleep(std::time::Duration::from_millis(round % 3)).await;
            counter.post("/api/shop/take", code).await
        };
        let withdrawing = clerk.post(&path, json!({"reason": "发错了"}));
        let (taken, withdrawn) = futures::join!(taking, withdrawing);
        let won = [&taken, &withdrawn]
            .iter()
            .filter(|reply| reply.status == StatusCode::OK)
            .count();
        for lost in [taken, withdrawn] {
            if lost.status != StatusCode::OK {
                lost.refused(StatusCode::CONFLICT, "not-now");
            }
        }
        one += usize::from(won == 1);
        both += usize::from(won == 2);
    }
    (one, both)
}

async fn one_wins(on: On) {
    let house = House::open(on).await;
    assert_eq!(take_and_withdraw(&house).await, (10, 0));
    let found = yinling::money::check::disagreements(house.app.store.read())
        .await
        .unwrap();
    assert_eq!(found, Vec::<String>::new());
    house.close().await;
}

/// The control: where neither looks at what the other did, both get it, and the check says so.
async fn both_win(on: On) {
    goes_wrong(on, "one is taken and withdrawn", async |house| {
        let (_, both) = take_and_withdraw(house).await;
        let found = yinling::money::check::disagreements(house.app.store.read())
            .await
            .unwrap();
        let says_so = found
            .iter()
            .any(|line| line.contains("withdrawn, and used"));
        assert_eq!(says_so, both > 0, "{found:?}");
        both > 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_taking_and_withdrawing_at_once_one_wins_on_sqlite() {
    one_wins(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_taking_and_withdrawing_at_once_one_wins_on_postgres() {
    one_wins(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_guard_a_voucher_is_taken_and_withdrawn_on_sqlite() {
    both_win(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_guard_a_voucher_is_taken_and_withdrawn_on_postgres() {
    both_win(On::Postgres).await;
}

both!(
    totals_are_what_was_issued_used_expired_and_open,
    async |house: &House| {
        let (shop, account) = shop(house).await;
        let (first, _second) = (voucher(house).await, voucher(house).await);
        let mut counter = house.enter(account).await;
        let code: String = first["code"].as_str().unwrap().replace(' ', "-");
        counter
            .post("/api/shop/take", json!({"code": code}))
            .await
            .ok();
        let mut desk = house.enter(house.at.coordinator).await;
        let of = |count: i64| json!({"count": count, "fen": count * 5000});
        let totals = desk.get("/api/vouchers/totals").await.ok();
        assert_eq!(totals["issued"], of(2));
        assert_eq!(totals["used"], of(1));
        assert_eq!(totals["open"], of(1));
        assert_eq!(totals["expired"], of(0));
        assert_eq!(totals["shops"][0]["provider_id"], json!(shop));
        assert_eq!(totals["shops"][0]["used"], of(1));
        house.clock.set(House::morning() + TimeDelta::days(31));
        let mut desk = house.enter(house.at.coordinator).await;
        let totals = desk.get("/api/vouchers/totals").await.ok();
        assert_eq!(totals["expired"], of(1));
        assert_eq!(totals["open"], of(0));
    }
);

both!(
    an_expired_or_unknown_code_is_refused_and_tries_are_counted,
    async |house: &House| {
        let (_, account) = shop(house).await;
        let given = voucher(house).await;
        house.clock.set(House::morning() + TimeDelta::days(31));
        let mut counter = house.enter(account).await;
        counter
            .post("/api/shop/take", json!({"code": given["code"]}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        for _ in 0..6 {
            let told = counter
                .post("/api/shop/look", json!({"code": "1234 5678 9012"}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], "code");
        }
        counter
            .post("/api/shop/look", json!({"code": given["code"]}))
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        house
            .clock
            .set(House::morning() + TimeDelta::days(31) + TimeDelta::minutes(6));
        let seen = counter
            .post("/api/shop/look", json!({"code": given["code"]}))
            .await
            .ok();
        assert_eq!(seen["state"], "expired");
        assert!(
            seen.get("resident").is_none(),
            "nobody's name at the counter"
        );
    }
);

both!(
    a_suspended_merchant_has_no_counter,
    async |house: &House| {
        let (shop, account) = shop(house).await;
        let mut counter = house.enter(account).await;
        counter.get("/api/shop").await.ok();
        house
            .alter(provider::ActiveModel {
                id: Set(shop),
                state: Set(ProviderState::Suspended),
                ..Default::default()
            })
            .await;
        counter
            .get("/api/shop")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    bad_vouchers_are_refused_with_their_field,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let good = json!({"resident_id": house.at.mother, "value_fen": 5000, "expires_on": "2026-12-24", "reason": "帮忙"});
        for (field, value) in [
            ("value_fen", json!(0)),
            ("value_fen", json!(50_001)),
            ("expires_on", json!("2026-11-23")),
            ("reason", json!(" ")),
            ("resident_id", json!(99_999)),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let told = clerk
                .post("/api/vouchers", bad)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let none = clerk.get("/api/vouchers").await.ok();
        assert_eq!(none["vouchers"], json!([]));
    }
);
