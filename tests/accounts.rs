//! Coming in: passwords, one-time links, and who keeps accounts.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entity::words::MailKind;
use entity::{account, outbox, session};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::accounts::{Token, queries};
use yinling::app::{App, Dice};
use yinling::config::Settings;

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::fixture::PASSWORD;

async fn sign_in(
    client: &mut Client,
    login: &str,
    password: &str,
) -> crate::support::client::Reply {
    client
        .post(
            "/api/session",
            json!({"login": login, "password": password}),
        )
        .await
}

pub async fn link(house: &House, account: entity::ids::AccountId, seed: u8) -> Token {
    let token = Token::new([seed; 32]);
    keep_link(house, account, token.clone()).await;
    token
}

/// A link whose secret is made of a number; gives the end of its address.
pub async fn link_numbered(
    house: &House,
    account: entity::ids::AccountId,
    number: usize,
) -> String {
    let mut bytes = [9; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    let token = Token::new(bytes);
    keep_link(house, account, token.clone()).await;
    token.text().to_owned()
}

async fn keep_link(house: &House, account: entity::ids::AccountId, made: Token) {
    let now = house.app.clock.now();
    house
        .app
        .store
        .write(move |txn| {
            let made = made.clone();
            Box::pin(async move {
                let row = account::Entity::find_by_id(account)
                    .one(txn)
                    .await?
                    .unwrap();
                queries::new_link(txn, now, &made, &row, None).await
            })
        })
        .await
        .unwrap();
}

async fn open(client: &mut Client, token: &Token) -> crate::support::client::Reply {
    client
        .post(&format!("/api/links/{}/open", token.text()), json!({}))
        .await
}

async fn sign_in_mails(house: &House) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(MailKind::SignIn))
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    the_right_password_signs_in_under_a_fresh_session,
    async |house: &House| {
        let mut desk = house.stranger();
        desk.get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        let reply = sign_in(&mut desk, " Coordinator ", PASSWORD).await;
        let first = reply.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .to_owned();
        assert!(
            first.contains("HttpOnly") && first.contains("SameSite=Lax"),
            "{first}"
        );
        let me = reply.ok();
        assert_eq!(me["home"], "/board");
        assert_eq!(me["roles"], json!(["coordinator"]));
        assert_eq!(me["today"], "2026-11-24");
        assert_eq!(me["helper_id"], Value::Null);
        let again = sign_in(&mut desk, "coordinator", PASSWORD).await;
        let second = again.headers[header::SET_COOKIE]
            .to_str()
            .unwrap()
            .to_owned();
        assert_ne!(first.split(';').next(), second.split(';').next());
        assert_eq!(
            session::Entity::find()
                .count(house.app.store.read())
                .await
                .unwrap(),
            1
        );
        desk.delete("/api/session")
            .await
            .expect(StatusCode::NO_CONTENT);
        desk.get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
);

both!(
    over_tls_the_cookie_belongs_to_the_host_alone,
    async |house: &House| {
        let settings = Settings {
            public_url: Some("https://yinling.test".into()),
            ..house.app.settings.clone()
        };
        let (store, clock) = (house.app.store.clone(), house.clock.clone());
        let app = App::new(store, clock, Dice::seeded(9), settings, false);
        let reply = sign_in(&mut Client::new(&app), "clerk", PASSWORD).await;
        let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.starts_with("__Host-yinling="), "{cookie}");
        for word in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(word), "{word} in {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
);

both!(
    a_wrong_password_and_an_unknown_login_sound_the_same,
    async |house: &House| {
        let mut door = house.stranger();
        let wrong = sign_in(&mut door, "clerk", "not the password")
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        let unknown = sign_in(&mut door, "nobody", "not the password")
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        assert_eq!(wrong, unknown);
        for _ in 0..5 {
            sign_in(&mut door, "clerk", "not the password")
                .await
                .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        }
        sign_in(&mut door, "clerk", PASSWORD)
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        sign_in(&mut door, "coordinator", PASSWORD).await.ok();
        house.clock.set(House::morning() + TimeDelta::minutes(5));
        sign_in(&mut door, "clerk", PASSWORD).await.ok();
    }
);

both!(a_link_signs_in_once_and_in_time, async |house: &House| {
    let token = link(house, house.at.sun_account, 1).await;
    let mut phone = house.stranger();
    let opened = open(&mut phone, &token).await.ok();
    assert_eq!(opened["goto"], "/helper/today");
    assert_eq!(opened["me"]["helper_id"], house.at.sun.0);
    open(&mut house.stranger(), &token)
        .await
        .refused(StatusCode::GONE, "link-used");
    // The same phone taps the same mail again.
    assert_eq!(open(&mut phone, &token).await.ok()["goto"], "/helper/today");
    let late = link(house, house.at.sun_account, 2).await;
    house.clock.set(House::morning() + TimeDelta::minutes(31));
    open(&mut house.stranger(), &late)
        .await
        .refused(StatusCode::GONE, "link-expired");
});

both!(
    of_two_who_open_a_link_at_once_one_gets_in,
    async |house: &House| {
        let token = link(house, house.at.daughter, 3).await;
        let tries = (0..8).map(|_| {
            let (mut browser, token) = (house.stranger(), token.clone());
            async move { open(&mut browser, &token).await.status }
        });
        let answers = futures::future::join_all(tries).await;
        let inside = answers
            .iter()
            .filter(|status| **status == StatusCode::OK)
            .count();
        let late = answers
            .iter()
            .filter(|status| **status == StatusCode::GONE)
            .count();
        assert_eq!((inside, late), (1, 7), "{answers:?}");
    }
);

both!(
    asking_for_a_link_tells_nobody_who_is_known,
    async |house: &House| {
        let mut door = house.stranger();
        for address in ["Daughter@Family.Example", "nobody@family.example"] {
            let reply = door.post("/api/links", json!({"address": address})).await;
            assert_eq!(
                (reply.status, reply.text.as_str()),
                (StatusCode::ACCEPTED, "")
            );
        }
        assert_eq!(sign_in_mails(house).await, 1);
        // Twice within a minute is one mail.
        door.post("/api/links", json!({"address": "daughter@family.example"}))
            .await
            .expect(StatusCode::ACCEPTED);
        assert_eq!(sign_in_mails(house).await, 1);
        let problem = door
            .post("/api/links", json!({"address": "daughter"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(problem["fields"][0]["field"], "address");
        house.clock.set(House::morning() + TimeDelta::minutes(2));
        let spent = link(house, house.at.daughter, 4).await;
        for token in [spent.text(), "0000"] {
            door.post(&format!("/api/links/{token}/renew"), json!({}))
                .await
                .expect(StatusCode::ACCEPTED);
        }
        assert_eq!(sign_in_mails(house).await, 2);
    }
);

both!(
    the_keeper_of_accounts_makes_and_locks_them,
    async |house: &House| {
        let mut admin = house.enter(house.at.admin).await;
        let new = json!({
            "name": "新来的小秘书", "login": "xin", "password": "几个词连起来就很好啦", "roles": ["clerk"],
        });
        let made = admin
            .post_once("/api/accounts", new.clone(), "k1")
            .await
            .created();
        assert_eq!(made["roles"], json!(["clerk"]));
        assert!(made.get("password_hash").is_none());
        let again = admin
            .post_once("/api/accounts", new.clone(), "k1")
            .await
            .created();
        assert_eq!(made["id"], again["id"]);
        let taken = admin
            .post("/api/accounts", new)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(taken["fields"][0]["field"], "login");
        let mut clerk = house.stranger();
        sign_in(&mut clerk, "xin", "几个词连起来就很好啦")
            .await
            .ok();
        let path = format!("/api/accounts/{}/disable", made["id"]);
        let locked = admin.post(&path, json!({"disabled": true})).await.ok();
        assert_eq!(locked["disabled"], true);
        clerk
            .get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        sign_in(&mut clerk, "xin", "几个词连起来就很好啦")
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        let own = format!("/api/accounts/{}/disable", house.at.admin);
        admin
            .post(&own, json!({"disabled": true}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let mut other = house.enter(house.at.clerk).await;
        other
            .get("/api/accounts")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let rows = admin.get("/api/accounts").await.ok();
        assert!(
            rows.as_array()
                .unwrap()
                .iter()
                .any(|row| row["login"] == "xin" && row["disabled"] == true)
        );
    }
);

both!(
    the_entrance_knows_nobody_outside_the_demonstration,
    async |house: &House| {
        let mut door = house.stranger();
        let entrance = door.get("/api/entrance").await.ok();
        assert_eq!(entrance["community"], "滨湖社区");
        assert_eq!(entrance["compound"], "东方小区");
        assert_eq!(entrance["demo_people"], json!([]));
        door.post("/api/session/demo", json!({"kind": "admin"}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut daughter = house.enter(house.at.daughter).await;
        let me = daughter.patch("/api/me", json!({"lang": "en"})).await.ok();
        assert_eq!(
            (me["lang"].as_str(), me["home"].as_str()),
            (Some("en"), Some("/family"))
        );
    }
);
