//! The description of the API holds: schemathesis asks every operation for what the description allows and for what it forbids,
//! signed in and not, and every answer is one that is described. Nothing fails here (5xx).

use std::path::Path;
use std::process::{Command, Stdio};

use entity::account_role;
use entity::words::Role;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::browser::Browser;
use super::place::Place;
use super::size;
use crate::support::On;
use crate::support::fixture::PASSWORD;

/// Whoever is signed in may do everything that the office may.
const ROLES: [Role; 4] = [
    Role::Admin,
    Role::Clerk,
    Role::PanelMember,
    Role::GridOfficer,
];

async fn may_do_everything(place: &Place) {
    let account = place.at().coordinator;
    place
        .store()
        .await
        .write(move |txn| {
            Box::pin(async move {
                for role in ROLES {
                    let row = account_role::ActiveModel {
                        account_id: Set(account),
                        role: Set(role),
                    };
                    row.insert(txn).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// Runs schemathesis, and gives what it says where it is not content.
async fn asked(address: &str, login: Option<&str>, phases: &str, seed: u32) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("scripts/testing/schemathesis");
    let examples: u32 = size::of(3, 200);
    let mut command = Command::new("nice");
    command
        .arg(root.join(".tools/python/bin/st"))
        .arg("--config-file")
        .arg(folder.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{address}/api/openapi.json"))
        .args([
            "--phases",
            phases,
            "--no-color",
            "--generation-database",
            "none",
        ])
        .args([
            "--max-examples",
            &examples.to_string(),
            "--seed",
            &seed.to_string(),
        ])
        .arg("--continue-on-failure")
        // It keeps what it found where it stands.
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .env("PYTHONPATH", &folder)
        .env("YINLING_ADDRESS", address)
        .stdin(Stdio::null());
    if let Some(login) = login {
        command
            .env("YINLING_LOGIN", login)
            .env("YINLING_PASSWORD", PASSWORD);
    }
    let ended = tokio::task::spawn_blocking(move || command.output())
        .await
        .unwrap()
        .expect("run `make test`, which installs schemathesis");
    let said = String::from_utf8_lossy(&ended.stdout).into_owned();
    let summary = said.rfind("= SUMMARY").map_or("", |at| &said[at..]);
    println!("{summary}");
    if ended.status.success() {
        return Ok(());
    }
    let failures = said.find("= FAILURES").or(said.find("= ERRORS"));
    let from = failures.unwrap_or_default();
    Err(format!(
        "{}\n{}",
        &said[from..],
        String::from_utf8_lossy(&ended.stderr)
    ))
}

/// No answer said that something failed here.
async fn nothing_failed(address: &str) {
    let figures = Browser::new(address).get("/metrics").await.unwrap().text;
    let failed: Vec<_> = figures
        .lines()
        .filter(|line| line.starts_with("yinling_requests_total") && line.contains("status=\"5"))
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

async fn answers_are_as_described(on: On, login: Option<&str>, phases: &str, seeds: &[u32]) {
    for seed in seeds {
        let place = Place::open(on, 2).await;
        may_do_everything(&place).await;
        let program = place.start().await;
        let outcome = asked(&program.address, login, phases, *seed).await;
        nothing_failed(&program.address).await;
        assert!(outcome.is_ok(), "seed {seed}: {}", outcome.unwrap_err());
        assert!(program.stop().await.success());
        place.agrees().await;
        place.close().await;
    }
}

/// In the short form the drawn examples alone: what covers every keyword of the description makes thousands of requests.
const DRAWN: (&str, &[u32]) = ("fuzzing", &[1]);
const ALL: (&str, &[u32]) = ("examples,coverage,fuzzing,stateful", &[1, 2, 3]);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_the_office_as_described() {
    let (phases, seeds) = size::of(DRAWN, ALL);
    answers_are_as_described(On::Sqlite, Some("coordinator"), phases, seeds).await;
    if size::is_long() {
        answers_are_as_described(On::Postgres, Some("coordinator"), phases, seeds).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_operation_answers_nobody_as_described() {
    if size::is_long() {
        answers_are_as_described(On::Sqlite, None, ALL.0, &[1]).await;
    }
}
