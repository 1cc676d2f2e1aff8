//! Erasure: two people, everything gone, every count as true as before.

use axum::http::StatusCode;
use entity::ids::{AccountId, ResidentId};
use entity::words::{Lang, MailKind, ResidentState, Role};
use entity::{account, account_role, audit, outbox, resident};
use futures::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
    Statement,
};
use serde_json::json;
use yinling::app::App;

use crate::both;
use crate::support::control::goes_wrong;
use crate::support::plans::ten_in;
use crate::support::{House, On};

fn of(id: ResidentId) -> String {
    format!("/api/residents/{id}/erasure")
}

/// A second coordinator, for nobody erases alone.
async fn colleague(house: &House) -> AccountId {
    let known = account::Entity::find_by_id(house.at.coordinator)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    let account = house
        .add(account::ActiveModel {
            community_id: Set(known.community_id),
            name: Set("周调度".into()),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(house.clock.now()),
            ..Default::default()
        })
        .await;
    house
        .add(account_role::ActiveModel {
            account_id: Set(account.id),
            role: Set(Role::Coordinator),
        })
        .await;
    account.id
}

/// Asked by the daughter, looked at by the coordinator; gives the request's path.
async fn looked_at(house: &House) -> String {
    let mut daughter = house.enter(house.at.daughter).await;
    let asked = daughter
        .post(&of(house.at.mother), json!({}))
        .await
        .created();
    assert_eq!(asked["request"]["state"], "asked");
    let path = format!("/api/erasures/{}", asked["request"]["id"]);
    let mut coordinator = house.enter(house.at.coordinator).await;
    coordinator
        .post(&format!("{path}/check"), json!({}))
        .await
        .ok();
    path
}

both!(
    nobody_erases_alone_and_what_is_gone_is_gone,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "MEAL", "start": ten_in(1), "if_unserved": "tray", "note": "少放盐"}),
            )
            .await
            .created();
        let before = daughter.get(&of(house.at.mother)).await.ok();
        assert_eq!(before["visits_ahead"], 1);
        assert!(!before["goes"].as_array().unwrap().is_empty());
        let path = looked_at(house).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let told = coordinator
            .post(&format!("{path}/confirm"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert!(told["detail"].as_str().unwrap().contains("两个人"));
        let mut admin = house.enter(house.at.admin).await;
        let all = admin.get("/api/erasures").await.ok();
        assert_eq!(all["open"][0]["may_confirm"], true);
        let done = admin.post(&format!("{path}/confirm"), json!({})).await.ok();
        assert_eq!(done["open"], json!([]));
        assert_eq!(done["ended"][0]["state"], "done");
        assert_eq!(done["ended"][0]["name"], "已删除");
        admin
            .post(&format!("{path}/confirm"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // The file is as if it had never been, for everybody.
        for account in [house.at.coordinator, house.at.clerk] {
            let mut desk = house.enter(account).await;
            for page in ["/api/residents", "/api/roll"] {
                desk.get(&format!("{page}/{}", house.at.mother))
                    .await
                    .refused(StatusCode::NOT_FOUND, "not-found");
            }
            let found = desk.search("households", "wgf").await.text;
            assert!(!found.contains("王桂芳"), "{found}");
        }
        // The daughter acts for her father-in-law too and keeps her account; the son was there for his mother alone.
        assert_eq!(
            daughter
                .get("/api/family/residents")
                .await
                .ok()
                .as_array()
                .unwrap()
                .len(),
            1
        );
        let son = account::Entity::find_by_id(house.at.son)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (son.name.as_str(), son.email, son.login, son.disabled),
            ("已删除", None, None, true)
        );
        // The helper was told that she need not come; the family hears nothing of it.
        let letters = outbox::Entity::find()
            .filter(outbox::Column::SentAt.is_null())
            .filter(outbox::Column::DroppedAt.is_null())
            .all(house.app.store.read())
            .await
            .unwrap();
        let hers: Vec<_> = letters
            .iter()
            .filter(|row| row.account_id == house.at.daughter)
            // The evening's letter is one about all who are hers, and reckoned when it goes.
            .filter(|row| row.kind != MailKind::EveningBefore)
            .collect();
        assert!(hers.is_empty(), "{hers:?}");
    }
);

both!(
    a_family_takes_its_wish_back_and_a_refusal_says_why,
    async |house: &House| {
        let path = of(house.at.mother);
        let mut son = house.enter(house.at.son).await;
        son.post(&path, json!({}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut daughter = house.enter(house.at.daughter).await;
        daughter.post(&path, json!({})).await.created();
        daughter
            .post(&path, json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let back = daughter
            .post(&format!("{path}/take-back"), json!({}))
            .await
            .ok();
        assert_eq!(
            (&back["waiting"], &back["request"]["state"]),
            (&json!(false), &json!("taken_back"))
        );
        daughter
            .post(&format!("{path}/take-back"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let mut admin = house.enter(house.at.admin).await;
        let told = admin
            .post(&path, json!({"ground": "kept_long_enough"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "ground");
        let asked = daughter.post(&path, json!({})).await.created();
        let request = format!("/api/erasures/{}", asked["request"]["id"]);
        admin
            .post(&format!("{request}/confirm"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let told = admin
            .post(&format!("{request}/refuse"), json!({"why": "  "}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "why");
        admin
            .post(
                &format!("{request}/refuse"),
                json!({"why": "老人本人说要继续送餐"}),
            )
            .await
            .ok();
        let seen = daughter.get(&path).await.ok();
        assert_eq!(seen["request"]["refused_why"], "老人本人说要继续送餐");
        let mut coordinator = house.enter(house.at.coordinator).await;
        coordinator
            .get(&format!("/api/roll/{}", house.at.mother))
            .await
            .ok();
    }
);

both!(
    what_is_owed_an_answer_stands_in_the_way,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = daughter
            .post(
                "/api/help-requests",
                json!({"resident_id": house.at.mother, "kind": "water", "level": "ordinary", "what": "水龙头滴水"}),
            )
            .await
            .created();
        let path = looked_at(house).await;
        let seen = daughter.get(&of(house.at.mother)).await.ok();
        assert!(seen["in_the_way"][0].as_str().unwrap().contains("求助单"));
        let mut admin = house.enter(house.at.admin).await;
        let told = admin
            .post(&format!("{path}/confirm"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert!(told["detail"].as_str().unwrap().contains("求助单"));
        daughter
            .post(
                &format!("/api/help-requests/{}/reply", asked["id"]),
                json!({"reply": "withdrawn", "version": asked["version"]}),
            )
            .await
            .ok();
        admin.post(&format!("{path}/confirm"), json!({})).await.ok();
    }
);

/// Eight confirm at once; gives how many were told that it is done.
async fn race(house: &House) -> usize {
    // She has left already: leaving holds the file, and would be a guard of its own.
    house
        .alter(resident::ActiveModel {
            id: Set(house.at.mother),
            state: Set(ResidentState::Moved),
            ..Default::default()
        })
        .await;
    let path = looked_at(house).await;
    let second = colleague(house).await;
    let mut clients = Vec::new();
    for at in 0..8 {
        let who = if at % 2 == 0 { second } else { house.at.admin };
        clients.push(house.enter(who).await);
    }
    join_all(clients.into_iter().map(|mut client| {
        let path = format!("{path}/confirm");
        async move { client.post(&path, json!({})).await.status }
    }))
    .await
    .into_iter()
    .filter(|status| *status == StatusCode::OK)
    .count()
}

both!(
    of_eight_who_confirm_at_once_one_erases,
    async |house: &House| {
        assert_eq!(race(house).await, 1);
        let erased = audit::Entity::find()
            .filter(audit::Column::Action.eq("erased"))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(erased, 1);
    }
);

/// SQLite has one writer, which is a guard of its own: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_lock_several_confirm_on_postgres() {
    goes_wrong(On::Postgres, "two confirm", async |house| {
        race(house).await > 1
    })
    .await;
}

/// Changes rows as no route does.
pub(super) async fn changed(app: &App, sql: String) -> u64 {
    app.store
        .write(move |txn| {
            let sql = sql.clone();
            Box::pin(async move { Ok(txn.execute_unprepared(&sql).await?.rows_affected()) })
        })
        .await
        .unwrap()
}

/// What a query finds.
pub(super) async fn ask(app: &App, sql: &str) -> Vec<sea_orm::QueryResult> {
    let db = app.store.read();
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql))
        .await
        .unwrap()
}

both!(a_balance_goes_to_the_common_pool, async |house: &House| {
    let path = looked_at(house).await;
    let before = ask(
        &house.app,
        "SELECT CAST(SUM(minutes) AS BIGINT) AS s FROM time_entry",
    )
    .await;
    let _: Option<i64> = before[0].try_get("", "s").unwrap();
    let mut admin = house.enter(house.at.admin).await;
    changed(&house.app, format!("INSERT INTO time_account (community_id, holder, resident_id, balance_min) VALUES (1, 'resident', {}, 90)", house.at.mother)).await;
    admin.post(&format!("{path}/confirm"), json!({})).await.ok();
    let sums = ask(
        &house.app,
        "SELECT holder, balance_min AS m FROM time_account ORDER BY holder",
    )
    .await;
    let of = |holder: &str| {
        sums.iter()
            .find(|row| row.try_get::<String>("", "holder").unwrap() == holder)
            .map(|row| row.try_get::<i64>("", "m").unwrap())
    };
    assert_eq!((of("resident"), of("pool")), (Some(0), Some(90)));
});

both!(
    the_time_bank_lets_a_reason_go_and_nothing_else,
    async |house: &House| {
        changed(&house.app, "INSERT INTO time_account (community_id, holder, balance_min) VALUES (1, 'earned', -60), (1, 'pool', 60)".into()).await;
        changed(
            &house.app,
            "INSERT INTO time_entry (community_id, kind, at, from_account_id, to_account_id, minutes, from_after_min, to_after_min, reason) \
             SELECT 1, 'donation', '2026-11-01 08:00:00+00:00', a.id, b.id, 60, -60, 60, 'HERWORD' FROM time_account a, time_account b \
             WHERE a.holder = 'earned' AND b.holder = 'pool'"
                .into(),
        )
        .await;
        assert_eq!(
            changed(&house.app, "UPDATE time_entry SET reason = NULL".into()).await,
            1
        );
        for edit in [
            "minutes = 61",
            "reason = 'another'",
            "kind = 'gift'",
            "to_after_min = 61",
        ] {
            let sql = format!("UPDATE time_entry SET {edit}");
            let refused = house
                .app
                .store
                .write(move |txn| {
                    let sql = sql.clone();
                    Box::pin(async move { Ok(txn.execute_unprepared(&sql).await?.rows_affected()) })
                })
                .await;
            assert!(refused.is_err(), "{edit}");
        }
    }
);
