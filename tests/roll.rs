//! The office's roll: the list and its search, files, assessments, and two files of one person.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use entity::ids::ResidentId;
use entity::words::{Kinship, ResidentState, WishBy, WishKind};
use entity::{access_log, family_member, resident, wish};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, PaginatorTrait,
    QueryFilter, Statement,
};
use serde_json::{Value, json};
use yinling::residents::roll::merge::{FOLLOW, STAND_ONCE};
use yinling::store::consistency::disagreements;

use crate::both;
use crate::roll_import::{many, settled};
use crate::support::House;
use crate::support::client::Client;

fn person(name: &str) -> Value {
    json!({"name": name, "sex": "female", "birth_date": "1941-03-08", "living": "alone"})
}

async fn add(client: &mut Client, name: &str, flat: &str) -> i64 {
    client
        .post(
            "/api/roll",
            json!({
                "person": person(name),
                "door": {"building": "3", "entrance": 1, "flat": flat},
                "although_alike": true,
            }),
        )
        .await
        .created()["id"]
        .as_i64()
        .unwrap()
}

async fn names(client: &mut Client, typed: &str) -> Vec<String> {
    let page = client.search("roll", typed).await.ok();
    page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].as_str().unwrap().to_owned())
        .collect()
}

both!(
    the_roll_is_found_by_initials_door_name_and_last_digits,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for (typed, found) in [
            ("wgf", vec!["王桂芳"]),
            ("WG", vec!["王桂芳"]),
            ("3-2-501", vec!["王桂芳"]),
            ("3栋", vec!["王桂芳"]),
            ("5", vec!["李建国", "赵敏"]),
            ("202", vec!["赵敏"]),
            ("0003", vec!["赵敏"]),
            ("07103210001", vec!["王桂芳"]),
            ("敏", vec!["赵敏"]),
            ("李爷爷", vec!["李建国"]),
            ("李奶奶", vec![]),
            (";%_", vec![]),
            ("zzz", vec![]),
        ] {
            assert_eq!(names(&mut clerk, typed).await, found, "{typed}");
        }
        assert_eq!(names(&mut clerk, "").await, ["李建国", "王桂芳", "赵敏"]);
        clerk
            .get("/api/roll?after=nonsense")
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);

both!(
    pages_follow_one_another_without_gap_or_doubling,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let begun = clerk
            .upload("roll.xlsx", many(876))
            .await
            .expect(StatusCode::ACCEPTED);
        let import = settled(&mut clerk, &begun["id"]).await;
        clerk
            .post(
                &format!("/api/roll/imports/{}/write", import["id"]),
                json!({"rows": 876}),
            )
            .await
            .expect(StatusCode::ACCEPTED);
        settled(&mut clerk, &import["id"]).await;
        let mut seen = BTreeSet::new();
        let mut after = String::new();
        let mut pages = 0;
        loop {
            let page = clerk.get(&format!("/api/roll?{after}")).await.ok();
            assert_eq!(page["counts"]["here"], 879);
            for row in page["rows"].as_array().unwrap() {
                assert!(seen.insert(row["id"].as_i64().unwrap()), "{row} twice");
            }
            pages += 1;
            match page["next"].as_str() {
                Some(next) => after = format!("after={next}"),
                None => break,
            }
        }
        assert_eq!((seen.len(), pages), (879, 18));
    }
);

both!(
    a_file_is_opened_read_and_changed_by_hand,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let door = json!({"building": "3栋", "entrance": 1, "flat": "1102室"});
        for (change, field) in [
            (json!({"name": " "}), "name"),
            (json!({"name": "=1+1"}), "name"),
            (json!({"birth_date": "2027-01-01"}), "birth_date"),
            (json!({"phone": "12"}), "phone"),
            (json!({"knock_note": "长".repeat(201)}), "knock_note"),
        ] {
            let mut wrong = person("钱秀兰");
            wrong
                .as_object_mut()
                .unwrap()
                .extend(change.as_object().unwrap().clone());
            let told = clerk
                .post("/api/roll", json!({"person": wrong, "door": door}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{told}");
        }
        let filed = clerk
            .post(
                "/api/roll",
                json!({"person": person("钱秀兰"), "door": door}),
            )
            .await
            .created();
        let path = format!("/api/roll/{}", filed["id"]);
        let file = clerk.get(&path).await.ok();
        assert_eq!(
            (&file["door"], &file["floor"]),
            (&json!("3栋1单元1102"), &json!(11))
        );
        // Somebody of that name and birth is known now.
        let told = clerk
            .post("/api/roll", json!({"person": person("钱秀兰"), "door": {"building": "5", "entrance": 1, "flat": "101"}}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "name");
        let mut changed = person("钱秀兰");
        changed["phone"] = json!("138 1234 5678");
        changed["household_phone"] = json!("0710-3219999");
        changed["safety_note"] = json!("走路不稳");
        let body = json!({"person": changed, "version": file["version"]});
        assert_eq!(clerk.post(&path, body.clone()).await.ok()["version"], 2);
        clerk
            .post(&path, body)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let after = clerk.get(&path).await.ok();
        assert_eq!(after["phone"], "13812345678");
        assert_eq!(after["household_phone"], "07103219999");
        assert_eq!(after["history"][0]["what"], "修改档案");
        assert_eq!(
            after["history"][0]["by"].as_str().map(str::is_empty),
            Some(false)
        );
        let id = ResidentId(filed["id"].as_i64().unwrap());
        for _ in 0..100 {
            let looks = access_log::Entity::find()
                .filter(access_log::Column::ResidentId.eq(id))
                .filter(access_log::Column::Purpose.eq("roll_file"))
                .count(house.app.store.read())
                .await
                .unwrap();
            // The same page within ten minutes is one look.
            if looks == 1 {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("a look is written down");
    }
);

both!(
    assessments_are_kept_and_the_latest_counts,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/roll/{}", house.at.mother);
        let new = |level: i32, on: &str, until: Option<&str>| json!({"level": level, "assessed_on": on, "assessor": "李评估师", "valid_until": until});
        for (body, field) in [
            (new(5, "2026-11-01", None), "level"),
            (new(-1, "2026-11-01", None), "level"),
            (new(2, "2026-11-25", None), "assessed_on"),
            (new(2, "2026-11-01", Some("2026-10-01")), "valid_until"),
        ] {
            let told = clerk
                .post(&format!("{path}/assessments"), body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{told}");
        }
        let add = format!("{path}/assessments");
        clerk
            .post(&add, new(3, "2026-01-05", Some("2026-11-30")))
            .await
            .created();
        clerk
            .post(&add, new(1, "2024-01-05", Some("2026-01-04")))
            .await
            .created();
        let file = clerk.get(&path).await.ok();
        assert_eq!(
            (&file["ability_level"], &file["ability_valid_until"]),
            (&json!(3), &json!("2026-11-30"))
        );
        assert_eq!(file["assessments"].as_array().unwrap().len(), 2);
        assert_eq!(file["assessments"][1]["expired"], true);
        assert!(
            file["ability_notice"].as_str().unwrap().contains("6 天"),
            "{}",
            file["ability_notice"]
        );
        let page = clerk.get("/api/roll?part=expiring").await.ok();
        assert_eq!(
            (&page["counts"]["expiring"], &page["rows"][0]["name"]),
            (&json!(1), &json!("王桂芳"))
        );
        // Over, it still counts for bookings, and the file says so.
        house.clock.set("2026-12-02T01:00:00Z".parse().unwrap());
        let mut clerk = house.enter(house.at.clerk).await;
        let file = clerk.get(&path).await.ok();
        assert!(
            file["ability_notice"].as_str().unwrap().contains("过期"),
            "{}",
            file["ability_notice"]
        );
        assert_eq!(file["ability_level"], 3);
        let page = clerk.get("/api/roll?part=expiring").await.ok();
        assert_eq!(page["rows"][0]["ability_expired"], true);
        let latest = &file["assessments"][0]["id"];
        clerk
            .delete(&format!("/api/roll/assessments/{latest}"))
            .await
            .expect(StatusCode::NO_CONTENT);
        assert_eq!(
            clerk.get(&path).await.ok()["ability_level"],
            1,
            "the one before counts again"
        );
    }
);

both!(the_database_takes_no_other_level, async |house: &House| {
    let wrong = entity::assessment::ActiveModel {
        community_id: Set(entity::ids::CommunityId(1)),
        resident_id: Set(house.at.mother),
        level: Set(5),
        assessed_on: Set("2026-11-01".parse().unwrap()),
        assessor: Set("李".into()),
        created_at: Set(House::morning()),
        ..Default::default()
    };
    let refused = house
        .app
        .store
        .write(move |txn| {
            let wrong = wrong.clone();
            Box::pin(async move {
                entity::assessment::Entity::insert(wrong).exec(txn).await?;
                Ok(())
            })
        })
        .await;
    assert!(refused.is_err());
});

both!(
    files_that_look_alike_are_shown_side_by_side_and_kept,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        assert_eq!(clerk.get("/api/roll/duplicates").await.ok(), json!([]));
        let elsewhere = add(&mut clerk, "王桂芳", "302").await;
        let pairs = clerk.get("/api/roll/duplicates").await.ok();
        assert_eq!(pairs.as_array().unwrap().len(), 1);
        assert_eq!(pairs[0]["one"]["id"], json!(house.at.mother));
        assert_eq!(pairs[0]["other"]["id"], elsewhere);
        assert_eq!(pairs[0]["same"], json!(["name", "birth_date", "sex"]));
        let pair = json!({"one": elsewhere, "other": house.at.mother});
        clerk
            .post("/api/roll/duplicates/keep", pair.clone())
            .await
            .ok();
        clerk
            .post("/api/roll/duplicates/keep", pair.clone())
            .await
            .ok();
        assert_eq!(clerk.get("/api/roll/duplicates").await.ok(), json!([]));
        clerk
            .post("/api/roll/duplicates/ask-again", pair)
            .await
            .ok();
        assert_eq!(
            clerk
                .get("/api/roll/duplicates")
                .await
                .ok()
                .as_array()
                .unwrap()
                .len(),
            1
        );
        clerk
            .post(
                "/api/roll/duplicates/keep",
                json!({"one": elsewhere, "other": 99_999}),
            )
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        clerk
            .post(
                "/api/roll/duplicates/keep",
                json!({"one": elsewhere, "other": elsewhere}),
            )
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        // In one flat: a name misspelt.
        let beside = add(&mut clerk, "王桂芬", "302").await;
        let pairs = clerk.get("/api/roll/duplicates").await.ok();
        let found = pairs.as_array().unwrap().iter().any(|pair| {
            pair["one"]["id"] == elsewhere
                && pair["other"]["id"] == beside
                && pair["same"] == json!(["birth_date", "household", "sex"])
        });
        assert!(found, "{pairs}");
    }
);

both!(
    what_hangs_on_the_file_that_goes_is_moved_to_the_one_that_stays,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let stays = add(&mut clerk, "王桂芳", "302").await;
        let goes = house.at.mother;
        // Of everything that may hang on a file.
        let booked = clerk
            .post(
                &format!("/api/residents/{goes}/bookings"),
                json!({"service": "MEAL", "start": House::morning() + chrono::TimeDelta::hours(25), "if_unserved": "refuse"}),
            )
            .await
            .created();
        let call = clerk
            .post("/api/calls", json!({"number": "07103210001"}))
            .await
            .created();
        clerk
            .post(
                &format!("/api/calls/{}/end", call["id"]),
                json!({"outcome": "callback", "resident_id": goes, "callback": {"due_at": House::morning() + chrono::TimeDelta::hours(3), "note": "回电"}}),
            )
            .await
            .ok();
        clerk
            .post(
                &format!("/api/roll/{goes}/assessments"),
                json!({"level": 3, "assessed_on": "2026-10-01", "assessor": "李评估师"}),
            )
            .await
            .created();
        clerk
            .post(
                &format!("/api/roll/{goes}/absences"),
                json!({"kind": "hospital", "from": "2026-12-05", "back": "2026-12-09"}),
            )
            .await
            .created();
        let community = entity::ids::CommunityId(1);
        for id in [goes, ResidentId(stays)] {
            house
                .add(wish::ActiveModel {
                    community_id: Set(community),
                    resident_id: Set(id),
                    helper_id: Set(house.at.liu),
                    kind: Set(WishKind::Prefer),
                    by: Set(WishBy::Resident),
                    ..Default::default()
                })
                .await;
        }
        house
            .add(family_member::ActiveModel {
                community_id: Set(community),
                account_id: Set(house.at.daughter),
                resident_id: Set(ResidentId(stays)),
                relation: Set(Kinship::Daughter),
                can_book: Set(true),
                wants_mail: Set(true),
                ..Default::default()
            })
            .await;
        let merging = json!({"stays": stays, "goes": goes});
        let merged = clerk
            .post("/api/roll/duplicates/merge", merging.clone())
            .await
            .ok();
        assert_eq!(
            (
                &merged["id"],
                &merged["rematched"],
                &merged["double_booked"]
            ),
            (&json!(stays), &json!(1), &json!(0))
        );
        clerk
            .get(&format!("/api/roll/{goes}"))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        clerk
            .post("/api/roll/duplicates/merge", merging)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let file = clerk.get(&format!("/api/roll/{stays}")).await.ok();
        assert_eq!(
            file["phone"], "13900000001",
            "what the one did not say the other did"
        );
        assert_eq!(file["knock_note"], "敲门重一点");
        assert_eq!(file["ability_level"], 3);
        assert_eq!(file["absences"].as_array().unwrap().len(), 1);
        assert_eq!(
            file["family"].as_array().unwrap().len(),
            2,
            "the daughter once, the son"
        );
        assert_eq!(file["wishes"].as_array().unwrap().len(), 1);
        assert_eq!(file["upcoming"], 1);
        let now = clerk
            .get(&format!("/api/bookings/{}", booked["booking_id"]))
            .await
            .ok();
        assert_eq!(
            (&now["resident_id"], &now["visit"]["state"]),
            (&json!(stays), &json!("offered"))
        );
        assert_eq!(
            disagreements(house.app.store.read()).await.unwrap(),
            Vec::<String>::new()
        );
        for table in FOLLOW.iter().chain(&STAND_ONCE) {
            let left = count(
                house,
                &format!("SELECT count(*) AS n FROM {table} WHERE resident_id = {goes}"),
            )
            .await;
            assert_eq!(left, 0, "{table}");
        }
        // The calls came along too.
        let calls = count(
            house,
            &format!("SELECT count(*) AS n FROM callback WHERE resident_id = {stays}"),
        )
        .await;
        assert_eq!(calls, 1);
    }
);

async fn count(house: &House, sql: &str) -> i64 {
    let db = house.app.store.read();
    let row = db
        .query_one_raw(Statement::from_string(
            db.get_database_backend(),
            sql.to_owned(),
        ))
        .await
        .unwrap()
        .unwrap();
    row.try_get::<i64>("", "n").unwrap()
}

both!(
    /// A table that a later step adds with a `resident_id` must be named in the merge, or its rows would be lost or stand
    /// in the way.
    every_table_with_a_resident_is_known_to_the_merge,
    async |house: &House| {
        let db = house.app.store.read();
        let sql = match db.get_database_backend() {
            DbBackend::Postgres => {
                "SELECT table_name AS name FROM information_schema.columns WHERE column_name = 'resident_id' AND \
                 table_schema = 'public'"
            }
            _ => {
                "SELECT m.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c ON c.name = 'resident_id' \
                 WHERE m.type = 'table'"
            }
        };
        let mut found: Vec<String> = db
            .query_all_raw(Statement::from_string(db.get_database_backend(), sql.to_owned()))
            .await
            .unwrap()
            .iter()
            .map(|row| row.try_get("", "name").unwrap())
            .collect();
        found.sort();
        let mut known: Vec<String> = FOLLOW.iter().chain(&STAND_ONCE).map(|name| (*name).to_owned()).collect();
        known.sort();
        assert_eq!(found, known);
    }
);

both!(a_closed_file_does_not_stay, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    let other = add(&mut clerk, "王桂芳", "302").await;
    house
        .alter(resident::ActiveModel {
            id: Set(house.at.mother),
            state: Set(ResidentState::Died),
            ..Default::default()
        })
        .await;
    clerk
        .post(
            "/api/roll/duplicates/merge",
            json!({"stays": house.at.mother, "goes": other}),
        )
        .await
        .refused(StatusCode::CONFLICT, "not-now");
});

both!(
    the_roll_is_changed_by_the_office_alone_and_only_its_own,
    async |house: &House| {
        let at = &house.at;
        let mut clerk = house.enter(at.clerk).await;
        let away = clerk
            .post(
                &format!("/api/roll/{}/absences", at.mother),
                json!({"kind": "hospital", "from": "2026-12-05"}),
            )
            .await
            .created();
        let assessed = clerk
            .post(
                &format!("/api/roll/{}/assessments", at.mother),
                json!({"level": 2, "assessed_on": "2026-10-01", "assessor": "李"}),
            )
            .await
            .created();
        let begun = clerk
            .upload("roll.xlsx", many(3))
            .await
            .expect(StatusCode::ACCEPTED);
        let import = settled(&mut clerk, &begun["id"]).await;
        let (file, pair) = (
            format!("/api/roll/{}", at.mother),
            json!({"one": at.mother, "other": at.neighbour}),
        );
        let absence = format!("/api/roll/absences/{}", away["absence"]["id"]);
        let assessment = format!("/api/roll/assessments/{}", assessed["id"]);
        let import = format!("/api/roll/imports/{}", import["id"]);
        let door = json!({"building": "3", "entrance": 1, "flat": "302"});
        let posts = [
            (
                "/api/roll".to_owned(),
                json!({"person": person("钱秀兰"), "door": door}),
            ),
            (
                file.clone(),
                json!({"person": person("钱秀兰"), "version": 1}),
            ),
            (format!("{file}/move"), json!({"door": door})),
            (
                format!("{file}/leave"),
                json!({"how": "died", "on": "2026-11-24"}),
            ),
            (format!("{file}/come-back"), json!({})),
            (
                format!("{file}/assessments"),
                json!({"level": 2, "assessed_on": "2026-10-01", "assessor": "李"}),
            ),
            (
                format!("{file}/absences"),
                json!({"kind": "hospital", "from": "2026-11-24"}),
            ),
            (
                absence.clone(),
                json!({"kind": "hospital", "from": "2026-12-06"}),
            ),
            ("/api/roll/duplicates/keep".to_owned(), pair.clone()),
            ("/api/roll/duplicates/ask-again".to_owned(), pair),
            (
                "/api/roll/duplicates/merge".to_owned(),
                json!({"stays": at.mother, "goes": at.neighbour}),
            ),
            (format!("{import}/write"), json!({"rows": 3})),
            (
                format!("{import}/rows/2/decision"),
                json!({"decision": "new"}),
            ),
        ];
        let elsewhere = crate::residents::coordinator_elsewhere(house).await;
        let mut others = vec![("another community's office", elsewhere)];
        for (who, account) in [
            ("daughter", at.daughter),
            ("helper", at.chen_account),
            ("grid officer", at.officer),
            ("panel member", at.panel),
            ("admin", at.admin),
        ] {
            others.push((who, house.enter(account).await));
        }
        for (who, client) in &mut others {
            for (path, body) in &posts {
                // In another community one may open files, of one's own.
                if path == "/api/roll" && who.starts_with("another") {
                    continue;
                }
                let told = client.post(path, body.clone()).await;
                assert_eq!(
                    told.status,
                    StatusCode::NOT_FOUND,
                    "{who} at {path}: {}",
                    told.text
                );
            }
            for path in [&absence, &assessment, &import] {
                let told = client.delete(path).await;
                assert_eq!(
                    told.status,
                    StatusCode::NOT_FOUND,
                    "{who} at {path}: {}",
                    told.text
                );
            }
        }
        let mut stranger = house.stranger();
        for (path, body) in &posts {
            stranger
                .post(path, body.clone())
                .await
                .refused(StatusCode::UNAUTHORIZED, "sign-in");
        }
        stranger
            .upload("roll.xlsx", Vec::new())
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
        assert_eq!(
            clerk.get(&file).await.ok()["state"],
            "active",
            "nothing was done"
        );
    }
);
