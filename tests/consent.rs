//! Consent: asked purpose by purpose, taken back as easily as given, and felt where it counts; and who looked at a file.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use entity::ids::AccountId;
use entity::words::{HelperKind, ResidentState};
use entity::{access_log, consent, helper, resident, service, service_offer};
use futures::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use serde_json::{Value, json};

use crate::both;
use crate::mail::{files, mails, send_all, text};
use crate::support::client::Client;
use crate::support::control::goes_wrong;
use crate::support::plans::{planned, ten_in};
use crate::support::{House, On};

fn consents(resident: entity::ids::ResidentId) -> String {
    format!("/api/residents/{resident}/consents")
}

fn yes(purpose: &str) -> Value {
    json!({"purpose": purpose, "version": 1, "given": true})
}

fn no(purpose: &str) -> Value {
    json!({"purpose": purpose, "version": 1, "given": false})
}

/// Where the mother stands with a purpose.
async fn state(client: &mut Client, house: &House, purpose: &str) -> Value {
    let all = client.get(&consents(house.at.mother)).await.ok();
    all["purposes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["purpose"] == purpose)
        .unwrap()["state"]
        .clone()
}

fn meal(start: chrono::DateTime<chrono::Utc>) -> Value {
    json!({"service": "MEAL", "start": start, "if_unserved": "tray"})
}

both!(
    a_daughter_says_yes_takes_it_back_and_says_yes_again,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = consents(house.at.mother);
        assert_eq!(state(&mut daughter, house, "merchants").await, "not_asked");
        daughter.post(&path, yes("merchants")).await.created();
        assert_eq!(state(&mut daughter, house, "merchants").await, "given");
        daughter
            .post(&path, yes("merchants"))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let back = format!("{path}/withdraw");
        daughter
            .post(&back, json!({"purpose": "merchants"}))
            .await
            .ok();
        assert_eq!(state(&mut daughter, house, "merchants").await, "withdrawn");
        daughter
            .post(&back, json!({"purpose": "merchants"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        daughter.post(&path, yes("merchants")).await.created();
        let all = daughter.get(&path).await.ok();
        let merchants = all["purposes"]
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["purpose"] == "merchants")
            .unwrap();
        assert_eq!(merchants["state"], "given");
        let history = merchants["history"].as_array().unwrap();
        assert_eq!(history.len(), 2, "nothing that was said is lost");
        assert_eq!(history[1]["withdrawn_how"], "家属在网页上");
        assert!(history[1]["withdrawn_at"].is_string());
        assert_eq!(history[0]["version"], 1);
    }
);

both!(
    the_desk_says_how_it_heard_and_a_paper_has_its_number,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let path = consents(house.at.mother);
        for (how, note, field) in [
            (Value::Null, Value::Null, "how"),
            (json!("family"), Value::Null, "how"),
            (json!("paper"), json!("  "), "note"),
        ] {
            let mut body = yes("care");
            (body["how"], body["note"]) = (how, note);
            let told = clerk
                .post(&path, body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let mut body = yes("care");
        (body["how"], body["note"]) = (json!("paper"), json!("2026-017"));
        let told = clerk.post(&path, body).await.created();
        assert_eq!(told["purposes"][0]["history"][0]["how"], "签字纸");
        assert_eq!(told["purposes"][0]["history"][0]["note"], "2026-017");
        let mut old = yes("health");
        old["version"] = json!(7);
        old["how"] = json!("telephone");
        clerk
            .post(&path, old)
            .await
            .refused(StatusCode::CONFLICT, "stale");
    }
);

/// Eight answer at once, yes and no in turn: what they were told, and how many answers count.
async fn race(house: &House, purpose: &str) -> (Vec<StatusCode>, u64) {
    let daughter = house.enter(house.at.daughter).await;
    let path = consents(house.at.mother);
    let tries = (0..8).map(|n| {
        let (mut client, path) = (daughter.clone(), path.clone());
        let body = if n % 2 == 0 {
            yes(purpose)
        } else {
            no(purpose)
        };
        tokio::spawn(async move { client.post(&path, body).await.status })
    });
    let told = join_all(tries).await.into_iter().map(Result::unwrap);
    let told = told.collect();
    let counting = consent::Entity::find()
        .filter(consent::Column::Current.eq(true))
        .count(house.app.store.read())
        .await
        .unwrap();
    (told, counting)
}

both!(of_many_answers_at_once_one_counts, async |house: &House| {
    let (told, counting) = race(house, "grid").await;
    let known = [StatusCode::CREATED, StatusCode::CONFLICT];
    assert!(told.iter().all(|status| known.contains(status)), "{told:?}");
    assert_eq!(counting, 1);
});

/// SQLite has one writer, which is a guard of its own: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_lock_and_key_two_answers_count_on_postgres() {
    goes_wrong(On::Postgres, "two answers count", async |house| {
        let db = house.app.store.read();
        db.execute_unprepared("DROP INDEX consent_current")
            .await
            .unwrap();
        let mut answers = 0;
        for purpose in ["care", "health", "merchants", "grid", "messages"] {
            answers = race(house, purpose).await.1;
        }
        answers > 5
    })
    .await;
}

both!(
    a_new_text_asks_again_and_an_old_yes_holds,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = consents(house.at.mother);
        for purpose in ["care", "health", "merchants", "grid", "messages"] {
            daughter.post(&path, yes(purpose)).await.created();
        }
        let mut clerk = house.enter(house.at.clerk).await;
        let asks = async |clerk: &mut Client| {
            let list = clerk.get("/api/consents/to-ask").await.ok();
            let rows = list["rows"].as_array().unwrap().clone();
            rows.iter().any(|row| row["id"] == house.at.mother.0)
        };
        assert!(!asks(&mut clerk).await, "she has been asked everything");
        let mut admin = house.enter(house.at.admin).await;
        let text = json!({"purpose": "health", "after": 1, "zh": "健康信息只在上门前后一天给服务人员看。",
            "en": "Helpers see what has to be minded for a day around a visit."});
        admin
            .post("/api/consent-texts", text.clone())
            .await
            .created();
        admin
            .post("/api/consent-texts", text)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        assert_eq!(state(&mut daughter, house, "health").await, "given_earlier");
        let all = daughter.get(&path).await.ok();
        let health = &all["purposes"][1];
        assert_eq!(
            (&health["allows"], &health["version"]),
            (&json!(true), &json!(2))
        );
        assert_ne!(health["text"], health["history"][0]["text"]);
        assert!(asks(&mut clerk).await);
        let only = clerk.get("/api/consents/to-ask?purpose=care").await.ok();
        assert!(
            only["rows"]
                .as_array()
                .unwrap()
                .iter()
                .all(|row| row["id"] != house.at.mother.0)
        );
        let mut again = yes("health");
        again["version"] = json!(2);
        daughter.post(&path, again).await.created();
        assert!(!asks(&mut clerk).await);
        // Those who left the roll are asked nothing.
        let before = clerk.get("/api/consents/to-ask").await.ok()["count"].clone();
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.neighbour),
                state: Set(ResidentState::Moved),
                ..Default::default()
            })
            .await;
        let after = clerk.get("/api/consents/to-ask").await.ok()["count"].clone();
        assert_eq!(after.as_i64().unwrap(), before.as_i64().unwrap() - 1);
    }
);

both!(
    not_having_been_asked_stops_nothing_and_a_no_to_care_stops_what_is_new,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let book = format!("/api/residents/{}/bookings", house.at.mother);
        let booked = daughter.post(&book, meal(ten_in(1))).await.created();
        assert_eq!(booked["visit"]["state"], "offered");
        daughter
            .post(&consents(house.at.mother), no("care"))
            .await
            .created();
        let told = daughter
            .post(&book, meal(ten_in(1) + TimeDelta::hours(2)))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert!(told["detail"].as_str().unwrap().contains("照护服务"));
        // What was booked stands until somebody cancels it, and nobody new is put on it.
        let mut coordinator = house.enter(house.at.coordinator).await;
        let visit = format!("/api/visits/{}", booked["visit"]["visit_id"]);
        let seen = coordinator.get(&visit).await.ok();
        assert_eq!(seen["state"], "offered");
        coordinator
            .post(
                &format!("{visit}/unassign"),
                json!({"reason": "重排", "version": seen["version"]}),
            )
            .await
            .ok();
        let version = coordinator.get(&visit).await.ok()["version"].clone();
        let broken = coordinator
            .post(
                &format!("{visit}/assign"),
                json!({"helper_ids": [house.at.chen], "version": version, "override_reason": "照旧"}),
            )
            .await;
        assert!(broken.text.contains("照护服务"), "{}", broken.text);
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.2}),
        )
        .await;
        assert_eq!(plan["changes"], json!([]));
        daughter
            .post(&consents(house.at.mother), yes("care"))
            .await
            .created();
        daughter
            .post(&book, meal(ten_in(1) + TimeDelta::hours(2)))
            .await
            .created();
    }
);

both!(
    without_sharing_no_merchant_is_offered_placed_or_planned,
    async |house: &House| {
        // Whoever brings meals comes from a merchant today.
        for row in helper::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap()
        {
            house
                .alter(helper::ActiveModel {
                    id: Set(row.id),
                    kind: Set(HelperKind::Merchant),
                    ..Default::default()
                })
                .await;
        }
        let meal_service = service::Entity::find()
            .filter(service::Column::Code.eq("MEAL"))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        house
            .add(service_offer::ActiveModel {
                service_id: Set(meal_service.id),
                kind: Set(HelperKind::Merchant),
                price_fen: Set(1200),
            })
            .await;
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!(
            "/api/residents/{}/times?service=MEAL&from=2026-11-25&to=2026-11-25",
            house.at.mother
        );
        let offered = async |client: &mut Client| {
            let times = client.get(&path).await.ok();
            times["days"][0]["times"].as_array().unwrap().len()
        };
        assert!(offered(&mut daughter).await > 0);
        daughter
            .post(&consents(house.at.mother), no("merchants"))
            .await
            .created();
        assert_eq!(offered(&mut daughter).await, 0);
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                meal(ten_in(1)),
            )
            .await
            .created();
        assert_eq!(booked["visit"]["helpers"], json!([]));
        let mut coordinator = house.enter(house.at.coordinator).await;
        let visit = format!("/api/visits/{}", booked["visit"]["visit_id"]);
        let version = coordinator.get(&visit).await.ok()["version"].clone();
        let broken = coordinator
            .post(
                &format!("{visit}/assign"),
                json!({"helper_ids": [house.at.chen], "version": version, "override_reason": "照旧"}),
            )
            .await;
        assert!(broken.text.contains("提供给商户"), "{}", broken.text);
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.2}),
        )
        .await;
        assert_eq!(plan["changes"], json!([]));
        // Another resident is served as before.
        let other = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.father_in_law),
                meal(ten_in(1)),
            )
            .await
            .created();
        assert_eq!(other["visit"]["state"], "offered");
    }
);

both!(
    without_health_a_helper_sees_no_note_and_without_grid_no_officer_the_name,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                meal(ten_in(1) - TimeDelta::hours(1)),
            )
            .await
            .created();
        let helper = booked["visit"]["helpers"][0]["id"].clone();
        let account = helper::Entity::find_by_id(entity::ids::HelperId(helper.as_i64().unwrap()))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .account_id;
        house.clock.set(House::morning() + TimeDelta::hours(12));
        let mut hers = house.enter(account).await;
        let day = format!("/api/helpers/{helper}/day?date=2026-11-25");
        let near = hers.get(&day).await.ok();
        assert_eq!(near["visits"][0]["safety_note"], "听力不好，请大声");
        let mut officer = house.enter(house.at.officer).await;
        let on_the_round = async |officer: &mut Client| {
            let list = officer.get("/api/grid/residents").await.ok();
            list.to_string().contains("王桂芳")
        };
        assert!(on_the_round(&mut officer).await);
        for purpose in ["health", "grid"] {
            daughter
                .post(&consents(house.at.mother), no(purpose))
                .await
                .created();
        }
        let near = hers.get(&day).await.ok();
        assert_eq!(near["visits"][0]["safety_note"], Value::Null);
        assert!(near["visits"][0]["door"].is_string(), "the service goes on");
        assert!(!on_the_round(&mut officer).await);
    }
);

both!(
    without_messages_the_family_gets_no_letters_and_the_helper_does,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&consents(house.at.mother), no("messages"))
            .await
            .created();
        for resident in [house.at.mother, house.at.father_in_law] {
            daughter
                .post(
                    &format!("/api/residents/{resident}/bookings"),
                    meal(ten_in(1)),
                )
                .await
                .created();
        }
        send_all(house, &files(house)).await;
        let letters: Vec<String> = mails(&house.mail).iter().map(|mail| text(mail)).collect();
        let helpers = |letter: &&String| letter.contains("我去");
        assert!(letters.iter().any(|letter| helpers(&letter)));
        assert!(
            letters
                .iter()
                .filter(|letter| !helpers(letter))
                .all(|letter| !letter.contains("王桂芳")),
            "{letters:?}"
        );
    }
);

both!(
    only_those_who_may_book_answer_and_strangers_see_nothing,
    async |house: &House| {
        let path = consents(house.at.mother);
        let mut stranger = house.enter(house.at.stranger).await;
        stranger
            .get(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        stranger
            .post(&path, yes("care"))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut helper = house.enter(house.at.chen_account).await;
        for path in [path.as_str(), "/api/consents/to-ask", "/api/consent-texts"] {
            helper
                .get(path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut coordinator = house.enter(house.at.coordinator).await;
        coordinator
            .post(
                "/api/consent-texts",
                json!({"purpose": "care", "after": 1, "zh": "足够长的一段文字，说明用途。", "en": "A text that is long enough."}),
            )
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

async fn looks_of(house: &House, at_least: u64) -> u64 {
    for _ in 0..100 {
        let count = access_log::Entity::find()
            .filter(access_log::Column::ResidentId.eq(house.at.mother))
            .count(house.app.store.read())
            .await
            .unwrap();
        if count >= at_least {
            return count;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("looks are not written down");
}

both!(
    a_daughter_reads_who_opened_her_mothers_file,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        let file = format!("/api/residents/{}", house.at.mother);
        for _ in 0..3 {
            coordinator.get(&file).await.ok();
            looks_of(house, 1).await;
        }
        assert_eq!(
            looks_of(house, 1).await,
            1,
            "the same page at once is one look"
        );
        house.clock.set(House::morning() + TimeDelta::minutes(11));
        coordinator.get(&file).await.ok();
        looks_of(house, 2).await;
        coordinator.get(&format!("{file}/money")).await.ok();
        looks_of(house, 3).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let log = daughter.get(&format!("{file}/looks")).await.ok();
        let line = &log["groups"][0];
        assert_eq!((&line["looks"], &line["own"]), (&json!(3), &json!(false)));
        let sentence = line["sentence"].as_str().unwrap();
        assert!(sentence.starts_with("调度员"), "{sentence}");
        assert!(sentence.contains("打开了档案、费用"), "{sentence}");
        assert!(sentence.contains("11月24日 09:00"), "{sentence}");
        // Reading the log is no look, and a stranger does not read it.
        let again = daughter.get(&format!("{file}/looks")).await.ok();
        assert_eq!(again, log);
        let mut stranger = house.enter(house.at.stranger).await;
        stranger
            .get(&format!("{file}/looks"))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    of_two_files_of_one_person_the_later_word_counts,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&consents(house.at.mother), yes("merchants"))
            .await
            .created();
        daughter
            .post(&consents(house.at.mother), yes("grid"))
            .await
            .created();
        house.clock.set(House::morning() + TimeDelta::hours(1));
        daughter
            .post(&consents(house.at.father_in_law), no("merchants"))
            .await
            .created();
        daughter
            .post(&consents(house.at.father_in_law), yes("health"))
            .await
            .created();
        let mut clerk = house.enter(house.at.clerk).await;
        clerk
            .post(
                "/api/roll/duplicates/merge",
                json!({"stays": house.at.mother, "goes": house.at.father_in_law}),
            )
            .await
            .ok();
        for (purpose, state_now) in [
            ("merchants", "refused"),
            ("grid", "given"),
            ("health", "given"),
        ] {
            assert_eq!(
                state(&mut clerk, house, purpose).await,
                state_now,
                "{purpose}"
            );
        }
        let kept = consent::Entity::find()
            .filter(consent::Column::ResidentId.eq(house.at.mother))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept, 4, "nothing that was said is lost");
    }
);

/// The rows of the log for this person and page, once they are written: the answer does not wait for them.
async fn looks(house: &House, account: AccountId, page: &str, at_least: usize) -> usize {
    let mut found = 0;
    for _ in 0..100 {
        found = access_log::Entity::find()
            .filter(access_log::Column::AccountId.eq(account))
            .filter(access_log::Column::Purpose.eq(page))
            .all(house.app.store.read())
            .await
            .unwrap()
            .len();
        if found >= at_least {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    found
}

both!(no_page_of_a_file_forgets_the_log, async |house: &House| {
    let document: Value =
        serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap();
    let mut coordinator = house.enter(house.at.coordinator).await;
    let mut pages = 0;
    for (path, ways) in document["paths"].as_object().unwrap() {
        let of_a_file = path.starts_with("/api/residents/{id}") || path == "/api/roll/{id}";
        if !of_a_file || ways.get("get").is_none() || path.ends_with("/looks") {
            continue;
        }
        let page = yinling::privacy::looks::page_of(path).unwrap();
        assert_ne!(page, "other", "{path} has no word in the log");
        let before = looks(house, house.at.coordinator, page, 0).await;
        house.clock.set(house.clock.now() + TimeDelta::minutes(11));
        let asked = path.replace("{id}", &house.at.mother.to_string());
        // Some ask for a query first and refuse: who looked is written down all the same.
        coordinator.get(&asked).await;
        assert!(
            looks(house, house.at.coordinator, page, before + 1).await > before,
            "{path}"
        );
        pages += 1;
    }
    assert!(pages > 8, "{pages}");
});

both!(
    everything_about_one_person_is_one_workbook,
    async |house: &House| {
        let path = format!("/api/residents/{}/export", house.at.mother);
        let mut daughter = house.enter(house.at.daughter).await;
        let reply = daughter.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.bytes.starts_with(b"PK"));
        assert_eq!(looks(house, house.at.daughter, "export_one", 1).await, 1);
        let mut son = house.enter(house.at.son).await;
        son.get(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");

        let db = house.app.store.read();
        let sheets = yinling::privacy::export::everything(db, house.at.mother)
            .await
            .unwrap();
        let question = match db.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'resident_id' \
             AND table_schema = current_schema()"
            }
            _ => {
                "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c \
             ON c.name = 'resident_id' WHERE m.type = 'table'"
            }
        };
        let rows = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), question))
            .await
            .unwrap();
        assert!(rows.len() > 15);
        for row in rows {
            let table: String = row.try_get("", "name").unwrap();
            assert!(
                sheets.iter().any(|sheet| sheet.table == table),
                "{table} is not in the export"
            );
        }
        let person = &sheets[0].lines[0];
        assert!(
            person
                .iter()
                .any(|(column, value)| column == "name" && *value == "王桂芳".into())
        );
    }
);

both!(
    a_note_that_looks_like_a_formula_is_a_text_in_the_export,
    async |house: &House| {
        let hostile = "=HYPERLINK(\"http://example.org\",\"看\")";
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.mother),
                safety_note: Set(Some(hostile.into())),
                ..Default::default()
            })
            .await;
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/export", house.at.mother);
        let bytes = daughter.get(&path).await.bytes;
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let mut found = 0;
        for name in book.sheet_names() {
            assert!(book.worksheet_formula(&name).unwrap().is_empty(), "{name}");
            for (.., cell) in book.worksheet_range(&name).unwrap().used_cells() {
                if let Data::String(text) = cell {
                    assert!(!text.starts_with('='), "{name}: {text}");
                    found += usize::from(text.ends_with(hostile));
                }
            }
        }
        assert_eq!(found, 1, "what is known is given whole");
    }
);
