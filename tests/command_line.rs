//! The program's command line, started as somebody types it.

use std::io::Write;
use std::process::{Command, Stdio};

use axum::http::StatusCode;
use entity::words::Subject;
use entity::{account, audit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use crate::both;
use crate::support::House;

/// What the program said, and whether it did as it was told.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

/// Runs `yinling account create` on the house's database, with this on standard input.
async fn create(house: &House, typed: &[&str], secret: &str) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yinling"));
    command
        .env_clear()
        .env("YINLING_DATABASE_URL", &house.app.settings.database_url)
        .current_dir(house.mail.parent().unwrap())
        .args(["account", "create"])
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
