//! The program's command line, started as somebody types it.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::ids::CommunityId;
use entity::words::Subject;
use entity::{account, assignment, audit, call, helper_slot, payment_line, time_account};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use yinling::timebank::books::Holder;

use crate::both;
use crate::money::bath;
use crate::support::House;
use crate::support::fixture::PASSWORD;
use crate::timebank::deposit;

/// What the program said, and whether it did as it was told.
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// Runs `yinling account create` on the house's database, with this on standard input.
async fn create(house: &House, typed: &[&str], secret: &str) -> Said {
    keep(house, &[&["create"], typed].concat(), secret).await
}

/// Runs `yinling account` on the house's database, with this on standard input.
pub async fn keep(house: &House, typed: &[&str], secret: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yinling"));
    command
        .env_clear()
        .env("YINLING_DATABASE_URL", &house.app.settings.database_url)
        .current_dir(house.mail.parent().unwrap())
        .arg("account")
        .args(typed)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let secret = format!("{secret}\n");
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        // A program that refuses before it reads has closed its end.
        let _ = child.stdin.take().unwrap().write_all(secret.as_bytes());
        let ended = child.wait_with_output().unwrap();
        Said {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::from_utf8(ended.stderr).unwrap(),
        }
    })
    .await
    .unwrap()
}

async fn find(house: &House, login: &str) -> Option<account::Model> {
    account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(house.app.store.read())
        .await
        .unwrap()
}

const XIN: [&str; 6] = ["--login", "xin", "--name", "新来的", "--role", "clerk"];

both!(
    a_password_holds_on_the_command_line_as_it_does_on_the_page,
    async |house: &House| {
        let mut admin = house.enter(house.at.admin).await.english();
        for secret in [
            String::new(),
            "12345678".into(),
            "九个字还是太短了呀".into(),
            "长".repeat(201),
        ] {
            let said = create(house, &XIN, &secret).await;
            assert_eq!((said.code, said.out.as_str()), (Some(1), ""), "{secret}");
            let told = admin
                .post(
                    "/api/accounts",
                    json!({"name": "新来的", "login": "xin", "password": secret, "roles": ["clerk"]}),
                )
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(said.err.trim(), told["detail"], "word for word the same");
            assert!(said.err.contains("10 to 200"), "{}", said.err);
        }
        assert_eq!(find(house, "xin").await, None);
        let said = create(house, &XIN, "十个字的密码刚刚好了").await;
        assert_eq!(
            (said.code, said.out.trim()),
            (Some(0), "Done."),
            "{}",
            said.err
        );
        let me = house
            .stranger()
            .post(
                "/api/session",
                json!({"login": "xin", "password": "十个字的密码刚刚好了"}),
            )
            .await
            .ok();
        assert_eq!(me["roles"], json!(["clerk"]));
        assert_eq!(me["name"], "新来的");
    }
);

both!(
    the_command_line_makes_what_the_page_would_and_refuses_what_it_would,
    async |house: &House| {
        for (typed, why) in [
            (
                ["--login", "Xin", "--name", "新", "--role", "clerk"],
                "small letters",
            ),
            (
                ["--login", "demo-x", "--name", "新", "--role", "clerk"],
                "demo-",
            ),
            (["--login", "xin", "--name", " ", "--role", "clerk"], "name"),
            (
                ["--login", "xin", "--name", "新", "--role", "family"],
                "come with the roll",
            ),
            (
                ["--login", "xin", "--name", "新", "--role", "king"],
                "no role king",
            ),
            (
                ["--login", "clerk", "--name", "新", "--role", "clerk"],
                "taken",
            ),
        ] {
            let said = create(house, &typed, "a few words make one").await;
            assert_eq!(said.code, Some(1), "{typed:?}");
            assert!(said.err.contains(why), "{typed:?}: {}", said.err);
        }
        let mail = ["--email", "xin"].as_slice();
        let said = create(house, &[&XIN, mail].concat(), "a few words make one").await;
        assert!(said.err.contains("mail address"), "{}", said.err);
        let mail = ["--role", "admin", "--email", "xin@office.example"].as_slice();
        let said = create(house, &[&XIN, mail].concat(), "a few words make one").await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        let made = find(house, "xin").await.unwrap();
        assert_eq!(made.email.as_deref(), Some("xin@office.example"));
        assert_ne!(made.password_hash.as_deref(), Some("a few words make one"));
        let kept = audit::Entity::find()
            .filter(audit::Column::Action.eq("created"))
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept.len(), 1, "it stands in the audit like any other");
        assert_eq!(
            (kept[0].account_id, kept[0].what, kept[0].object_id),
            (None, Subject::Account, made.id.0)
        );
    }
);

both!(
    somebody_locked_out_gets_a_new_password_on_the_command_line,
    async |house: &House| {
        let mut there = house.stranger();
        let old = json!({"login": "clerk", "password": PASSWORD});
        there.post("/api/session", old.clone()).await.ok();
        for (typed, secret, why) in [
            (
                ["password", "nobody"],
                "四把雨伞放在门后面了",
                "Nobody signs in",
            ),
            (["password", "clerk"], "short", "10 to 200"),
            (["password", "clerk"], "password123", "tried first"),
            (["reset-second-factor", "clerk"], "", "no second factor"),
        ] {
            let said = keep(house, &typed, secret).await;
            assert_eq!(said.code, Some(1), "{typed:?}");
            assert!(said.err.contains(why), "{typed:?}: {}", said.err);
        }
        there.get("/api/me").await.ok();
        let said = keep(house, &["password", "clerk"], "四把雨伞 放在门后面").await;
        assert_eq!(
            (said.code, said.out.trim()),
            (Some(0), "Done."),
            "{}",
            said.err
        );
        there
            .get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        there
            .post("/api/session", old)
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        let new = json!({"login": "clerk", "password": "四把雨伞 放在门后面"});
        there.post("/api/session", new).await.ok();
    }
);

/// Runs the program on the house's database.
async fn ran(house: &House, typed: &[&str]) -> Said {
    let mut command = program(house);
    command.args(typed).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || {
        let ended = command.output().unwrap();
        Said {
            code: ended.status.code(),
            out: String::from_utf8(ended.stdout).unwrap(),
            err: String::from_utf8(ended.stderr).unwrap(),
        }
    })
    .await
    .unwrap()
}

fn program(house: &House) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yinling"));
    command
        .env_clear()
        .env("YINLING_DATABASE_URL", &house.app.settings.database_url)
        .env("YINLING_LISTEN", "127.0.0.1:0")
        .env("YINLING_MAIL", format!("file:{}", house.mail.display()))
        .current_dir(house.mail.parent().unwrap());
    command
}

/// What `serve` says until it is ready, on standard error; then it is ended.
async fn said_at_start(house: &House) -> String {
    let mut command = program(house);
    command
        .arg("serve")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let ready = out
            .lines()
            .map(Result::unwrap)
            .any(|line| line.contains("Yinling is ready"));
        child.kill().unwrap();
        let ended = child.wait_with_output().unwrap();
        let err = String::from_utf8(ended.stderr).unwrap();
        assert!(ready, "it serves all the same: {err}");
        err
    })
    .await
    .unwrap()
}

/// Somebody's hours, written beside the books.
async fn account_of_the_mother(house: &House) -> time_account::Model {
    time_account::Entity::find()
        .filter(time_account::Column::ResidentId.eq(house.at.mother))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
}

const ALL_IS_WELL: &str =
    "Claims and assignments agree. The time bank adds up to zero. Every price is paid.";

both!(
    what_does_not_add_up_is_said_by_check_and_at_each_start,
    async |house: &House| {
        deposit(house, Holder::Resident(house.at.mother), 90).await;
        let said = ran(house, &["check"]).await;
        assert_eq!(
            (said.code, said.out.trim()),
            (Some(0), ALL_IS_WELL),
            "{}",
            said.err
        );
        let said = said_at_start(house).await;
        assert!(!said.contains("does not add up"), "{said}");
        // Twenty minutes that no entry knows of.
        let account = account_of_the_mother(house).await;
        house
            .alter(time_account::ActiveModel {
                id: Set(account.id),
                balance_min: Set(110),
                ..Default::default()
            })
            .await;
        let wrong = format!(
            "time account {}: holds 110 min, its entries say 90",
            account.id
        );
        let said = ran(house, &["check"]).await;
        assert_eq!(said.code, Some(1), "{}", said.err);
        assert!(said.out.lines().any(|line| line == wrong), "{}", said.out);
        assert!(
            said.out.contains("all accounts together hold 20 min"),
            "{}",
            said.out
        );
        assert!(
            said.out.trim().ends_with("2 disagreements."),
            "{}",
            said.out
        );
        assert!(!said.out.contains(ALL_IS_WELL));
        let said = said_at_start(house).await;
        let loud = format!("The time bank does not add up: {wrong}");
        assert!(said.lines().any(|line| line == loud), "{said}");
    }
);

both!(
    check_names_a_claim_without_its_work_and_a_price_that_is_not_paid,
    async |house: &House| {
        bath(house, 0).await;
        let lines = payment_line::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(lines.len(), 1);
        house
            .alter(payment_line::ActiveModel {
                visit_id: Set(lines[0].visit_id),
                source: Set(lines[0].source),
                amount_fen: Set(5_999),
                ..Default::default()
            })
            .await;
        let work = assignment::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        house
            .add(helper_slot::ActiveModel {
                helper_id: Set(house.at.liu),
                slot: Set(1_000_000),
                assignment_id: Set(work.id),
            })
            .await;
        let said = ran(house, &["check"]).await;
        assert_eq!(said.code, Some(1), "{}", said.err);
        let wrong = format!(
            "visit {}: costs 6000 fen, its lines pay 5999",
            lines[0].visit_id
        );
        assert!(said.out.contains(&wrong), "{}", said.out);
        let wrong = format!("assignment {}: its claims do not cover its time", work.id);
        assert!(said.out.contains(&wrong), "{}", said.out);
    }
);

both!(
    retention_says_beforehand_what_it_then_does,
    async |house: &House| {
        let old = house.clock.now() - TimeDelta::days(400);
        let row = house
            .add(call::ActiveModel {
                community_id: Set(CommunityId(1)),
                clerk_id: Set(house.at.clerk),
                number: Set(Some("13900000009".into())),
                started_at: Set(old),
                ended_at: Set(Some(old)),
                note: Set(Some("问送餐".into())),
                ..Default::default()
            })
            .await;
        let note = async || {
            call::Entity::find_by_id(row.id)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .note
        };
        let said = ran(house, &["retention", "--dry-run"]).await;
        assert_eq!(said.code, Some(0), "{}", said.err);
        let line = "numbers and notes of calls (365 days): 1 would go";
        assert!(said.out.contains(line), "{}", said.out);
        assert_eq!(note().await.as_deref(), Some("问送餐"), "nothing was done");
        let said = ran(house, &["retention"]).await;
        let line = "numbers and notes of calls (365 days): 1 gone";
        assert!(said.out.contains(line), "{}", said.out);
        assert_eq!(note().await, None);
    }
);
