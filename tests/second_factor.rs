//! The second factor: set up, asked for, lost, and never gone round.

use axum::http::{StatusCode, header};
use chrono::{TimeDelta, Utc};
use entity::ids::AccountId;
use entity::words::MailKind;
use entity::{account, audit, outbox, recovery_code, second_factor, session};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use crate::both;
use crate::support::client::{Client, Reply};
use crate::support::control::goes_wrong;
use crate::support::fixture::PASSWORD;
use crate::support::{House, On};

/// Somebody's telephone.
struct Telephone(Totp);

impl Telephone {
    fn of(secret: &str) -> Self {
        let totp = Builder::new()
            .with_algorithm(Algorithm::SHA1)
            .with_digits(6)
            .with_secret(Secret::try_from_base32(secret).unwrap())
            .build()
            .unwrap();
        Self(totp)
    }

    fn shows(&self, house: &House) -> String {
        let now = u64::try_from(house.clock.now().timestamp()).unwrap();
        self.0.generate(now).to_string()
    }
}

/// The next half minute, with the next code.
fn half_a_minute(house: &House) {
    house.clock.set(house.clock.now() + TimeDelta::seconds(30));
}

async fn sign_in(client: &mut Client, login: &str) -> Reply {
    client
        .post(
            "/api/session",
            json!({"login": login, "password": PASSWORD}),
        )
        .await
}

async fn code(client: &mut Client, code: &str) -> Reply {
    client
        .post("/api/session/code", json!({"code": code}))
        .await
}

async fn begin(client: &mut Client) -> Telephone {
    let given = client
        .post("/api/me/second-factor", json!({"password": PASSWORD}))
        .await
        .ok();
    Telephone::of(given["secret"].as_str().unwrap())
}

/// Sets one up for whoever is signed in, and goes on to the next code.
async fn set_up(house: &House, client: &mut Client) -> (Telephone, Vec<String>) {
    let telephone = begin(client).await;
    let shown = telephone.shows(house);
    let given = client
        .post("/api/me/second-factor/prove", json!({"code": shown}))
        .await
        .ok();
    half_a_minute(house);
    let codes = serde_json::from_value(given["codes"].clone()).unwrap();
    (telephone, codes)
}

async fn signed_in(house: &House, login: &str) -> Client {
    let mut browser = house.stranger();
    sign_in(&mut browser, login).await.ok();
    browser
}

async fn is_nobody(client: &mut Client) {
    for path in ["/api/me", "/api/board", "/api/me/sessions", "/api/accounts"] {
        client
            .get(path)
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
}

async fn actions(house: &House) -> Vec<(String, Option<AccountId>)> {
    audit::Entity::find()
        .filter(audit::Column::What.eq(entity::words::Subject::Account))
        .all(house.app.store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.action, row.account_id))
        .collect()
}

async fn letters(house: &House, kind: MailKind) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    once_proven_signing_in_asks_for_a_code_and_takes_each_once,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let mut elsewhere = signed_in(house, "coordinator").await;
        let before = own.cookie().unwrap().to_owned();
        let (telephone, codes) = set_up(house, &mut own).await;
        assert_eq!(codes.len(), 10);
        assert_ne!(own.cookie(), Some(before.as_str()));
        own.get("/api/me").await.ok();
        is_nobody(&mut elsewhere).await;
        let mine = own.get("/api/me/second-factor").await.ok();
        assert_eq!(
            (&mine["recovery_codes_left"], &mine["offered"]),
            (&json!(10), &json!(true))
        );

        let mut browser = house.stranger();
        let reply = sign_in(&mut browser, "coordinator").await;
        assert!(reply.headers.contains_key(header::SET_COOKIE));
        reply.refused(StatusCode::UNAUTHORIZED, "code-wanted");
        is_nobody(&mut browser).await;
        let waiting = browser.cookie().unwrap().to_owned();
        let wrong = code(&mut browser, "000000").await;
        let told = wrong.refused(StatusCode::UNAUTHORIZED, "wrong-code");
        assert_eq!(told["fields"][0]["field"], "code");
        let shown = telephone.shows(house);
        let taken = code(&mut browser, &shown).await.ok();
        assert_eq!(taken["goto"], "/board");
        assert_ne!(browser.cookie(), Some(waiting.as_str()));
        browser.get("/api/board").await.ok();

        // The same code again is none, and nor is the half way session.
        let mut second = house.stranger();
        sign_in(&mut second, "coordinator").await;
        code(&mut second, &shown)
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-code");
        let mut thief = house.stranger().with_cookie(Some(&waiting));
        code(&mut thief, &shown)
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        half_a_minute(house);
        code(&mut second, &telephone.shows(house)).await.ok();
        assert_eq!(letters(house, MailKind::SecondFactorOn).await, 1);
        let own = Some(house.at.coordinator);
        assert_eq!(actions(house).await, [("second_factor_on".into(), own)]);
    }
);

both!(
    of_twenty_who_send_one_code_at_once_one_gets_in,
    async |house: &House| {
        let mut own = signed_in(house, "admin").await;
        let (telephone, codes) = set_up(house, &mut own).await;
        for shown in [telephone.shows(house), codes[0].clone()] {
            assert_eq!(twenty_send(house, &shown).await, 1);
            house.clock.set(house.clock.now() + TimeDelta::hours(2));
        }
    }
);

/// Twenty who know the password send the same code at once: how many get in.
async fn twenty_send(house: &House, shown: &str) -> usize {
    let mut browsers = Vec::new();
    for number in 0..20 {
        let mut browser = house.stranger().at(&format!("192.0.2.{number}"));
        sign_in(&mut browser, "admin").await;
        browsers.push(browser);
    }
    let tries = browsers
        .into_iter()
        .map(|mut browser| async move { code(&mut browser, shown).await.status });
    let answers = futures::future::join_all(tries).await;
    let inside = answers.iter().filter(|status| **status == StatusCode::OK);
    inside.count()
}

/// The control: where a code is not used up, several get in with one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_codes_are_not_used_up_several_get_in() {
    goes_wrong(On::Sqlite, "two get in with one code", async |house| {
        let mut own = signed_in(house, "admin").await;
        let (telephone, codes) = set_up(house, &mut own).await;
        half_a_minute(house);
        twenty_send(house, &telephone.shows(house)).await > 1
            && twenty_send(house, &codes[0]).await > 1
    })
    .await;
}

both!(
    a_recovery_code_gets_its_owner_in_once,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let (telephone, codes) = set_up(house, &mut own).await;
        for (typed, status) in [
            (codes[3].to_uppercase().replace('-', " "), StatusCode::OK),
            (codes[3].clone(), StatusCode::UNAUTHORIZED),
            (codes[4].clone(), StatusCode::OK),
            ("22222-22222".into(), StatusCode::UNAUTHORIZED),
        ] {
            let mut browser = house.stranger();
            sign_in(&mut browser, "coordinator").await;
            assert_eq!(code(&mut browser, &typed).await.status, status, "{typed}");
        }
        let mine = own.get("/api/me/second-factor").await.ok();
        assert_eq!(mine["recovery_codes_left"], 8);
        assert_eq!(letters(house, MailKind::RecoveryCodeUsed).await, 1);
        let used = actions(house).await;
        let used = used
            .iter()
            .filter(|(action, _)| action == "recovery_code_used");
        assert_eq!(used.count(), 2);
        // New ones take the place of the old.
        let shown = telephone.shows(house);
        let fresh = own
            .post(
                "/api/me/second-factor/recovery-codes",
                json!({"code": shown}),
            )
            .await
            .ok();
        let mut browser = house.stranger();
        sign_in(&mut browser, "coordinator").await;
        code(&mut browser, &codes[5])
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-code");
        code(&mut browser, fresh["codes"][0].as_str().unwrap())
            .await
            .ok();
    }
);

both!(
    a_link_by_mail_does_not_go_round_it,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let (telephone, _) = set_up(house, &mut own).await;
        let token = crate::accounts::link(house, house.at.coordinator, 5).await;
        let mut phone = house.stranger();
        phone
            .post(&format!("/api/links/{}/open", token.text()), json!({}))
            .await
            .refused(StatusCode::UNAUTHORIZED, "code-wanted");
        is_nobody(&mut phone).await;
        let taken = code(&mut phone, &telephone.shows(house)).await.ok();
        assert_eq!(taken["goto"], "/board");
        phone.get("/api/me").await.ok();
    }
);

both!(
    whoever_waits_for_a_code_waits_ten_minutes_and_under_one_password,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let (telephone, _) = set_up(house, &mut own).await;
        let mut browser = house.stranger();
        sign_in(&mut browser, "coordinator").await;
        let began = house.clock.now();
        house.clock.set(began + TimeDelta::minutes(10));
        code(&mut browser, &telephone.shows(house))
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        // No first step at all.
        code(&mut house.stranger(), &telephone.shows(house))
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        // The password is changed, or the account locked, while somebody with the old one waits.
        sign_in(&mut browser, "coordinator").await;
        own.put(
            "/api/me/password",
            json!({"old": PASSWORD, "new": "四把雨伞放在门后面了"}),
        )
        .await
        .expect(StatusCode::NO_CONTENT);
        code(&mut browser, &telephone.shows(house))
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        let new = json!({"login": "coordinator", "password": "四把雨伞放在门后面了"});
        browser
            .post("/api/session", new)
            .await
            .refused(StatusCode::UNAUTHORIZED, "code-wanted");
        let mut admin = house.enter(house.at.admin).await;
        admin
            .post(
                &format!("/api/accounts/{}/disable", house.at.coordinator),
                json!({"disabled": true}),
            )
            .await
            .ok();
        code(&mut browser, &telephone.shows(house))
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
);

both!(codes_cannot_be_guessed, async |house: &House| {
    let mut own = signed_in(house, "coordinator").await;
    let (telephone, _) = set_up(house, &mut own).await;
    let mut thief = house.stranger().at("198.51.100.7");
    sign_in(&mut thief, "coordinator").await;
    for guess in 0..6 {
        code(&mut thief, &format!("00000{guess}"))
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-code");
    }
    let shown = telephone.shows(house);
    let reply = code(&mut thief, &shown).await;
    assert!(reply.headers.contains_key(header::RETRY_AFTER));
    reply.refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
    // Where she sits nobody is kept out.
    let mut owner = house.stranger().at("192.0.2.1");
    sign_in(&mut owner, "coordinator").await;
    code(&mut owner, &shown).await.ok();
});

both!(
    a_secret_that_no_code_has_proven_counts_for_nothing,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        own.post("/api/me/second-factor", json!({"password": "not it"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let first = begin(&mut own).await;
        let again = begin(&mut own).await;
        for wrong in ["000000".to_owned(), first.shows(house)] {
            own.post("/api/me/second-factor/prove", json!({"code": wrong}))
                .await
                .refused(StatusCode::UNAUTHORIZED, "wrong-code");
        }
        signed_in(house, "coordinator").await;
        let shown = again.shows(house);
        own.post("/api/me/second-factor/prove", json!({"code": shown}))
            .await
            .ok();
        own.post("/api/me/second-factor/prove", json!({"code": shown}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        own.post("/api/me/second-factor", json!({"password": PASSWORD}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // The code that proved it does not sign in as well.
        let mut browser = house.stranger();
        sign_in(&mut browser, "coordinator").await;
        code(&mut browser, &shown)
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-code");
    }
);

both!(
    a_copy_of_the_database_makes_no_codes,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let given = own
            .post("/api/me/second-factor", json!({"password": PASSWORD}))
            .await
            .ok();
        let secret = given["secret"].as_str().unwrap();
        let telephone = Telephone::of(secret);
        let shown = telephone.shows(house);
        let codes = own
            .post("/api/me/second-factor/prove", json!({"code": shown}))
            .await
            .ok();
        let db = house.app.store.read();
        let row = second_factor::Entity::find()
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let bytes = Secret::try_from_base32(secret).unwrap();
        let hex: String = bytes
            .as_bytes()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert!(!row.secret.contains(secret) && !row.secret.contains(&hex));
        for kept in recovery_code::Entity::find().all(db).await.unwrap() {
            assert!(kept.hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        }
        let all = format!("{:?}", session::Entity::find().all(db).await.unwrap());
        let audit = format!("{:?}", audit::Entity::find().all(db).await.unwrap());
        for code in codes["codes"].as_array().unwrap() {
            let code = code.as_str().unwrap();
            assert!(!all.contains(code) && !audit.contains(code));
        }
    }
);

both!(
    a_community_that_requires_it_leads_to_it_before_anything_else,
    async |house: &House| {
        let mut admin = signed_in(house, "admin").await;
        let wish = json!({"required": true});
        let told = admin
            .put("/api/second-factor", wish.clone())
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "required");
        let (of_admin, _) = set_up(house, &mut admin).await;
        let mut there = signed_in(house, "coordinator").await;
        admin.put("/api/second-factor", wish).await.ok();
        assert_eq!(admin.get("/api/second-factor").await.ok()["required"], true);
        let mut clerk = house.enter(house.at.clerk).await;
        clerk
            .get("/api/second-factor")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        // Whoever is at work goes on until the next sign-in.
        there.get("/api/board").await.ok();
        // A clerk is not concerned.
        let me = sign_in(&mut house.stranger(), "clerk").await.ok();
        assert_eq!(me["must_enrol"], false);

        let mut browser = house.stranger();
        let me = sign_in(&mut browser, "coordinator").await.ok();
        assert_eq!(
            (&me["must_enrol"], &me["home"]),
            (&json!(true), &json!("/me"))
        );
        for path in [
            "/api/board",
            "/api/events",
            "/api/me/sessions",
            "/api/roll",
            "/api/accounts",
        ] {
            browser
                .get(path)
                .await
                .refused(StatusCode::FORBIDDEN, "enrol-first");
        }
        browser
            .post_once("/api/plans", json!({"date": "2026-11-25"}), "k1")
            .await
            .refused(StatusCode::FORBIDDEN, "enrol-first");
        browser
            .put(
                "/api/me/password",
                json!({"old": PASSWORD, "new": "四把雨伞放在门后面了"}),
            )
            .await
            .refused(StatusCode::FORBIDDEN, "enrol-first");
        assert_eq!(browser.get("/api/me").await.ok()["must_enrol"], true);
        browser.patch("/api/me", json!({"lang": "en"})).await.ok();
        browser.get("/api/me/account").await.ok();
        assert_eq!(
            browser.get("/api/me/second-factor").await.ok()["required"],
            true
        );
        set_up(house, &mut browser).await;
        let me = browser.get("/api/me").await.ok();
        assert_eq!(
            (&me["must_enrol"], &me["home"]),
            (&json!(false), &json!("/board"))
        );
        browser.get("/api/board").await.ok();
        // It cannot be taken off while the community asks for it.
        let off = json!({"password": PASSWORD, "code": of_admin.shows(house)});
        admin
            .post("/api/me/second-factor/remove", off.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        admin
            .put("/api/second-factor", json!({"required": false}))
            .await
            .ok();
        admin
            .post("/api/me/second-factor/remove", off)
            .await
            .expect(StatusCode::NO_CONTENT);
        sign_in(&mut house.stranger(), "admin").await.ok();
        let said: Vec<String> = actions(house)
            .await
            .into_iter()
            .map(|(word, _)| word)
            .collect();
        assert_eq!(
            said,
            [
                "second_factor_on",
                "second_factor_required",
                "second_factor_on",
                "second_factor_optional",
                "second_factor_off"
            ]
        );
    }
);

both!(
    who_keeps_accounts_resets_it_for_somebody_without_a_telephone,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        set_up(house, &mut own).await;
        let path = format!("/api/accounts/{}/second-factor", house.at.coordinator);
        for who in [house.at.clerk, house.at.daughter] {
            let mut other = house.enter(who).await;
            other
                .delete(&path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut admin = house.enter(house.at.admin).await;
        let listed = |rows: Value| {
            rows.as_array()
                .unwrap()
                .iter()
                .find(|row| row["login"] == "coordinator")
                .unwrap()["second_factor"]
                .clone()
        };
        assert_eq!(listed(admin.get("/api/accounts").await.ok()), true);
        admin
            .delete(&format!("/api/accounts/{}/second-factor", house.at.admin))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        admin.delete(&path).await.expect(StatusCode::NO_CONTENT);
        assert_eq!(listed(admin.get("/api/accounts").await.ok()), false);
        is_nobody(&mut own).await;
        sign_in(&mut own, "coordinator").await.ok();
        assert_eq!(letters(house, MailKind::SecondFactorOff).await, 1);
        let by = Some(house.at.admin);
        assert!(
            actions(house)
                .await
                .contains(&("second_factor_reset".into(), by))
        );
        let db = house.app.store.read();
        assert_eq!(recovery_code::Entity::find().count(db).await.unwrap(), 0);
    }
);

both!(
    it_is_for_coordinators_and_administrators_with_a_password,
    async |house: &House| {
        for who in [house.at.clerk, house.at.daughter, house.at.sun_account] {
            let mut person = house.enter(who).await;
            let mine = person.get("/api/me/second-factor").await.ok();
            assert_eq!(mine["offered"], false);
            person
                .post("/api/me/second-factor", json!({"password": PASSWORD}))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        house
            .alter(account::ActiveModel {
                id: Set(house.at.coordinator),
                password_hash: Set(None),
                ..Default::default()
            })
            .await;
        let mut without = house.enter(house.at.coordinator).await;
        without
            .post("/api/me/second-factor", json!({"password": ""}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    a_row_that_was_moved_to_another_account_opens_nothing,
    async |house: &House| {
        let mut own = signed_in(house, "coordinator").await;
        let (telephone, _) = set_up(house, &mut own).await;
        let db = house.app.store.read();
        let row = second_factor::Entity::find()
            .one(db)
            .await
            .unwrap()
            .unwrap();
        house
            .add(second_factor::ActiveModel {
                account_id: Set(house.at.admin),
                secret: Set(row.secret),
                last_step: Set(0),
                made_at: Set(Utc::now()),
                proven_at: Set(Some(Utc::now())),
            })
            .await;
        let mut thief = house.stranger();
        sign_in(&mut thief, "admin").await;
        let reply = code(&mut thief, &telephone.shows(house)).await;
        assert_eq!(reply.status, StatusCode::INTERNAL_SERVER_ERROR);
        is_nobody(&mut thief).await;
    }
);

both!(
    the_command_line_resets_it_where_no_administrator_can,
    async |house: &House| {
        let mut own = signed_in(house, "admin").await;
        set_up(house, &mut own).await;
        let said = crate::command_line::keep(house, &["reset-second-factor", "admin"], "").await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        is_nobody(&mut own).await;
        sign_in(&mut own, "admin").await.ok();
        assert!(
            actions(house)
                .await
                .contains(&("second_factor_reset".into(), None))
        );
        assert_eq!(letters(house, MailKind::SecondFactorOff).await, 1);
    }
);
