//! The files of helpers: taking somebody on, mending, papers, taking out of work.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::ids::HelperId;
use entity::words::{Role, Subject};
use entity::{account, account_role, audit, availability, helper, helper_skill};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::providers::provider_of;
use crate::support::client::Client;
use crate::support::control::goes_wrong;
use crate::support::plans::ten_in;
use crate::support::{House, On};

const TOMORROW: &str = "2026-11-25";

fn details() -> Value {
    json!({"name": "顾 晓兰", "sex": "female", "birth_date": "1962-03-08", "phone": "138-0013-8000",
        "email": "gu@example.org", "home_id": null, "daily_limit_min": 240, "weekly_limit_min": 960,
        "skills": ["meal_service"],
        "hours": (1..=5).map(|weekday| json!({"weekday": weekday, "from_min": 480, "to_min": 720})).collect::<Vec<_>>()})
}

fn with(field: &str, value: Value) -> Value {
    let mut details = details();
    details[field] = value;
    details
}

async fn team(house: &House) -> String {
    format!(
        "/api/providers/{}/helpers",
        provider_of(house, house.at.chen).await
    )
}

/// The code of the skill that a service needs, as the file of somebody who has it names it.
async fn skill_of(coordinator: &mut Client, helper: HelperId) -> String {
    let file = coordinator
        .get(&format!("/api/helpers/{helper}/file"))
        .await
        .ok();
    file["skills"][0]["code"].as_str().unwrap().to_owned()
}

/// How many could bring a meal tomorrow at ten.
async fn who_could(house: &House) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let path = format!(
        "/api/residents/{}/times?service=MEAL&from={TOMORROW}&to={TOMORROW}",
        house.at.mother
    );
    let times = daughter.get(&path).await.ok();
    let times = times["days"][0]["times"].as_array().unwrap().clone();
    let ten = json!(ten_in(1));
    let at_ten = times.iter().find(|time| time["start"] == ten).unwrap();
    at_ten["helpers"].as_i64().unwrap()
}

async fn changes(house: &House, action: &str) -> u64 {
    audit::Entity::find()
        .filter(audit::Column::What.eq(Subject::Helper))
        .filter(audit::Column::Action.eq(action))
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    who_is_taken_on_can_be_booked_and_signs_in_by_mail,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let skill = skill_of(&mut coordinator, house.at.chen).await;
        let team = team(house).await;
        let before = who_could(house).await;
        let made = coordinator
            .post(&team, with("skills", json!([skill])))
            .await
            .created();
        assert_eq!(
            (&made["name"], &made["phone"], &made["kind"]),
            (&json!("顾晓兰"), &json!("13800138000"), &json!("volunteer"))
        );
        assert_eq!(made["hours"].as_array().unwrap().len(), 5);
        assert_eq!(made["skills"][0]["counts"], true);
        let lines = coordinator.get(&team).await.ok();
        assert!(
            lines
                .as_array()
                .unwrap()
                .iter()
                .any(|line| line["id"] == made["id"])
        );
        // A clerk finds her by her initials, and a family is offered her hours.
        let mut clerk = house.enter(house.at.clerk).await;
        let found = clerk.search("helpers", "gxl").await.ok();
        assert_eq!(found[0]["id"], made["id"]);
        assert_eq!(who_could(house).await, before + 1);
        // Her account has no password: a link by mail lets her in.
        let row = helper::Entity::find_by_id(HelperId(made["id"].as_i64().unwrap()))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        let hers = house.enter(row.account_id).await.get("/api/me").await.ok();
        assert_eq!(hers["helper_id"], made["id"]);
        assert_eq!(changes(house, "taken_on").await, 1);
    }
);

both!(
    what_cannot_be_is_refused_with_its_field,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let team = team(house).await;
        let skill = skill_of(&mut coordinator, house.at.chen).await;
        let sound = |field: &str, value: Value| {
            let mut details = with(field, value);
            if field != "skills" {
                details["skills"] = json!([skill]);
            }
            details
        };
        let overlapping = json!([{"weekday": 1, "from_min": 480, "to_min": 720}, {"weekday": 1, "from_min": 700, "to_min": 800}]);
        for (field, value) in [
            ("name", json!("  ")),
            ("name", json!("=HYPERLINK(1)")),
            ("phone", json!("")),
            ("phone", json!("call me")),
            ("email", json!("no mail")),
            ("birth_date", json!("2012-01-01")),
            ("birth_date", json!("2030-01-01")),
            ("home_id", json!(999_999)),
            ("daily_limit_min", json!(5)),
            ("weekly_limit_min", json!(100)),
            ("skills", json!(["flying"])),
            ("hours", overlapping),
        ] {
            let told = coordinator
                .post(&team, sound(field, value.clone()))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{value}");
        }
        let db = house.app.store.read();
        let before = account::Entity::find().count(db).await.unwrap();
        coordinator
            .post(&team, sound("sex", json!("female")))
            .await
            .created();
        let told = coordinator
            .post(&team, sound("sex", json!("female")))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "phone", "one person, one file");
        assert_eq!(
            account::Entity::find().count(db).await.unwrap(),
            before + 1,
            "nothing half done"
        );
        coordinator
            .post(
                "/api/providers/999999/helpers",
                sound("sex", json!("female")),
            )
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

/// Six take the same person on at once, for two providers in turn: how many do.
async fn race(house: &House, name: &str) -> usize {
    let mut coordinator = house.enter(house.at.coordinator).await;
    let skill = skill_of(&mut coordinator, house.at.chen).await;
    let mut teams = Vec::new();
    for helper in [house.at.chen, house.at.sun] {
        let provider = provider_of(house, helper).await;
        teams.push(format!("/api/providers/{provider}/helpers"));
    }
    let tries = (0..6).map(|n| {
        let (mut client, team) = (coordinator.clone(), teams[n % 2].clone());
        let mut body = with("skills", json!([skill]));
        body["name"] = json!(name);
        tokio::spawn(async move { client.post(&team, body).await.status })
    });
    let told = futures::future::join_all(tries).await;
    let told: Vec<StatusCode> = told.into_iter().map(Result::unwrap).collect();
    let known = [StatusCode::CREATED, StatusCode::UNPROCESSABLE_ENTITY];
    assert!(told.iter().all(|status| known.contains(status)), "{told:?}");
    told.iter()
        .filter(|status| **status == StatusCode::CREATED)
        .count()
}

both!(
    of_many_who_take_the_same_person_on_at_once_one_does,
    async |house: &House| {
        assert_eq!(race(house, "顾晓兰").await, 1);
    }
);

/// SQLite has one writer, which is a guard of its own: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_turns_one_person_gets_two_files_on_postgres() {
    goes_wrong(On::Postgres, "one person has two files", async |house| {
        for letter in "赵钱孙李周".chars() {
            if race(house, &format!("{letter}晓兰")).await > 1 {
                return true;
            }
        }
        false
    })
    .await;
}

both!(
    the_mail_by_which_an_office_account_signs_in_is_not_a_coordinators_to_change,
    async |house: &House| {
        house
            .add(account_role::ActiveModel {
                account_id: Set(house.at.chen_account),
                role: Set(Role::Admin),
            })
            .await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = format!("/api/helpers/{}/file", house.at.chen);
        let file = coordinator.get(&path).await.ok();
        let mut change = as_sent(&file);
        change["email"] = json!("mine@example.org");
        let told = coordinator
            .post(&path, change.clone())
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "email");
        change["email"] = file["email"].clone();
        change["daily_limit_min"] = json!(300);
        change["weekly_limit_min"] = json!(1500);
        coordinator.post(&path, change).await.ok();
    }
);

/// A file as it would be sent back unchanged.
fn as_sent(file: &Value) -> Value {
    let mut sent = file.clone();
    sent["skills"] = file["skills"]
        .as_array()
        .unwrap()
        .iter()
        .map(|skill| skill["code"].clone())
        .collect();
    sent
}

both!(
    a_file_is_mended_whole_and_never_over_anothers_change,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = format!("/api/helpers/{}/file", house.at.chen);
        let file = coordinator.get(&path).await.ok();
        let mut change = as_sent(&file);
        change["daily_limit_min"] = json!(300);
        change["weekly_limit_min"] = json!(1500);
        change["email"] = json!("chen@example.org");
        change["skills"] = json!([]);
        change["hours"] = json!([{"weekday": 6, "from_min": 540, "to_min": 600}]);
        let after = coordinator.post(&path, change.clone()).await.ok();
        assert_eq!(
            (&after["daily_limit_min"], &after["email"], &after["skills"]),
            (&json!(300), &json!("chen@example.org"), &json!([]))
        );
        coordinator
            .post(&path, change)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let db = house.app.store.read();
        let chen = house.at.chen;
        let spans = availability::Entity::find()
            .filter(availability::Column::HelperId.eq(chen))
            .all(db)
            .await
            .unwrap();
        assert_eq!((spans.len(), spans[0].weekday), (1, 6));
        let skills = helper_skill::Entity::find()
            .filter(helper_skill::Column::HelperId.eq(chen))
            .count(db)
            .await
            .unwrap();
        assert_eq!(skills, 0);
        let account = account::Entity::find_by_id(house.at.chen_account)
            .one(db)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(account.email.as_deref(), Some("chen@example.org"));
        let roles = account_role::Entity::find()
            .filter(account_role::Column::AccountId.eq(house.at.chen_account))
            .count(db)
            .await
            .unwrap();
        assert!(roles > 0);
    }
);

both!(
    nobody_with_visits_ahead_is_taken_out_and_who_is_out_is_asked_no_more,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "MEAL", "start": ten_in(1), "if_unserved": "refuse"}),
            )
            .await
            .created();
        let helper = booked["visit"]["helpers"][0]["id"].clone();
        let path = format!("/api/helpers/{helper}/file");
        let file = coordinator.get(&path).await.ok();
        assert_eq!(file["ahead"], 1);
        let mut out = as_sent(&file);
        out["active"] = json!(false);
        let told = coordinator
            .post(&path, out.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert!(told["detail"].as_str().unwrap().contains('1'));
        daughter
            .post(
                &format!("/api/bookings/{}/cancel", booked["booking_id"]),
                json!({"reason": "不用了"}),
            )
            .await
            .ok();
        let gone = coordinator.post(&path, out).await.ok();
        assert_eq!(gone["active"], false);
        let again = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "MEAL", "start": ten_in(1) + TimeDelta::hours(1), "if_unserved": "tray"}),
            )
            .await
            .created();
        assert!(
            again["visit"]["helpers"]
                .as_array()
                .unwrap()
                .iter()
                .all(|who| who["id"] != helper)
        );
        let mut back = as_sent(&gone);
        back["active"] = json!(true);
        assert_eq!(coordinator.post(&path, back).await.ok()["active"], true);
        assert_eq!(changes(house, "taken_out").await, 1);
        assert_eq!(changes(house, "taken_back").await, 1);
    }
);

both!(
    a_skill_that_needs_a_paper_counts_while_one_is_valid,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let skills = coordinator.get("/api/skills").await.ok();
        let proved = skills
            .as_array()
            .unwrap()
            .iter()
            .find(|skill| skill["needs_credential"] == true)
            .unwrap()["code"]
            .clone();
        let team = team(house).await;
        let made = coordinator
            .post(&team, with("skills", json!([proved])))
            .await
            .created();
        assert_eq!(made["skills"][0]["counts"], false);
        let papers = format!("/api/helpers/{}/credentials", made["id"]);
        let paper = |until: &str| {
            json!({"skill": proved, "name": "护士执业证", "number": "2026-001",
            "valid_from": "2024-01-01", "valid_until": until})
        };
        let old = coordinator
            .post(&papers, paper("2026-11-23"))
            .await
            .created();
        assert_eq!(
            (&old["skills"][0]["counts"], &old["credentials"][0]["valid"]),
            (&json!(false), &json!(false))
        );
        let lines = coordinator.get(&team).await.ok();
        let hers = lines
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["id"] == made["id"])
            .unwrap();
        assert_eq!(
            (
                hers["skills"].as_array().unwrap().len(),
                hers["lacking"].as_array().unwrap().len()
            ),
            (0, 1)
        );
        let good = coordinator
            .post(&papers, paper("2026-11-24"))
            .await
            .created();
        assert_eq!(
            good["skills"][0]["counts"], true,
            "the last day is one of them"
        );
        for (field, value) in [
            ("skill", json!("flying")),
            ("name", json!(" ")),
            ("number", json!("")),
            ("valid_until", json!("2023-01-01")),
        ] {
            let mut bad = paper("2027-01-01");
            bad[field] = value;
            let told = coordinator
                .post(&papers, bad)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let valid = good["credentials"]
            .as_array()
            .unwrap()
            .iter()
            .find(|paper| paper["valid"] == true)
            .unwrap();
        coordinator
            .delete(&format!("/api/credentials/{}", valid["id"]))
            .await
            .expect(StatusCode::NO_CONTENT);
        let file = coordinator
            .get(&format!("/api/helpers/{}/file", made["id"]))
            .await
            .ok();
        assert_eq!(file["skills"][0]["counts"], false);
    }
);
