//! Who reads what of the roll.

use axum::http::StatusCode;
use entity::words::{Lang, Role, WishBy, WishKind};
use entity::{access_log, account, account_role, community, resident, wish};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::households::{MOTHERS, doors, find, set_phone};
use crate::support::House;
use crate::support::client::{Client, Reply};

/// A coordinator of another community in the same database.
pub async fn coordinator_elsewhere(house: &House) -> Client {
    let elsewhere = house
        .add(community::ActiveModel {
            name: Set("别的社区".into()),
            street: Set("别的街道".into()),
            time_zone: Set("Asia/Shanghai".into()),
            office_phone: Set("07104000000".into()),
            synthetic: Set(true),
            horizon_days: Set(30),
            cutoff_hours: Set(12),
            created_at: Set(House::morning()),
            ..Default::default()
        })
        .await
        .id;
    let account = house
        .add(account::ActiveModel {
            community_id: Set(elsewhere),
            name: Set("别处的调度员".into()),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(House::morning()),
            ..Default::default()
        })
        .await
        .id;
    house
        .add(account_role::ActiveModel {
            account_id: Set(account),
            role: Set(Role::Coordinator),
        })
        .await;
    house.enter(account).await
}

both!(
    days_that_cannot_be_are_refused_in_words,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/visits", house.at.mother);
        for (days, field) in [
            ("from=gestern", "query"),
            ("from=2026-02-30", "query"),
            ("from=2026-11-24&to=2026-11-23", "to"),
            ("from=2026-01-01&to=2027-03-01", "to"),
            ("from=%2B262142-12-31", "query"),
            ("to=-262143-01-01", "query"),
        ] {
            let told = daughter
                .get(&format!("{path}?{days}"))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{days}: {told}");
        }
    }
);

both!(
    a_day_at_the_end_of_the_calendar_is_refused_everywhere,
    async |house: &House| {
        let at = &house.at;
        let mut coordinator = house.enter(at.coordinator).await;
        for day in [
            "%2B262142-12-31",
            "-262143-01-01",
            "0001-01-01",
            "9999-12-31",
        ] {
            for path in [
                format!("/api/board?date={day}"),
                format!("/api/helpers/{}/day?date={day}", at.chen),
                format!("/api/residents/{}/times?service=MEAL&from={day}", at.mother),
                format!("/api/residents/{}/visits?to={day}", at.mother),
            ] {
                let told = coordinator
                    .get(&path)
                    .await
                    .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
                assert_eq!(told["fields"][0]["field"], "query", "{path}");
            }
        }
        let last = "+262142-12-31";
        let leave = format!("/api/helpers/{}/leave", at.chen);
        for (path, body) in [
            ("/api/plans", json!({"date": last})),
            (
                &leave,
                json!({"from": "2026-11-25", "to": last, "reason": "探亲"}),
            ),
        ] {
            coordinator
                .post(path, body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let bookings = format!("/api/residents/{}/bookings", at.mother);
        let told = coordinator
            .post(
                &bookings,
                json!({"service": "MEAL", "start": format!("{last}T23:55:00Z"), "if_unserved": "tray"}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "start");
    }
);

/// What is there but hidden must look, byte for byte, like what is not there.
async fn hidden(client: &mut Client, path: &str, nowhere: &str, who: &str) {
    let (there, not_there): (Reply, Reply) = (client.get(path).await, client.get(nowhere).await);
    assert_eq!(there.text, not_there.text, "{who} at {path}");
    there.refused(StatusCode::NOT_FOUND, "not-found");
}

both!(
    a_household_is_the_desks_alone_and_nobody_else_learns_of_it,
    async |house: &House| {
        let at = &house.at;
        let home = format!("/api/households/{}", at.mothers_home);
        for (who, account) in [
            ("daughter", at.daughter),
            ("stranger", at.stranger),
            ("helper", at.chen_account),
            ("officer", at.officer),
            ("panel", at.panel),
            ("admin", at.admin),
        ] {
            let mut client = house.enter(account).await;
            hidden(&mut client, &home, "/api/households/99999", who).await;
            let there = client.search("households", "王桂芳").await;
            let not_there = client.search("households", "查无此人").await;
            assert_eq!(there.text, not_there.text, "{who} searches");
            there.refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut stranger = house.stranger();
        for reply in [
            stranger.get(&home).await,
            stranger.search("households", "王桂芳").await,
        ] {
            reply.refused(StatusCode::UNAUTHORIZED, "sign-in");
        }
        for account in [at.clerk, at.coordinator] {
            let mut desk = house.enter(account).await;
            let shown = desk.get(&home).await.ok();
            assert_eq!(shown["door"], MOTHERS);
            assert_eq!(shown["residents"][0]["name"], "王桂芳");
            assert_eq!(shown["residents"][0]["knock_note"], "敲门重一点");
            assert_eq!(shown["residents"][0]["next_visit"], Value::Null);
            assert_eq!(
                (&shown["calls"], &shown["callbacks"]),
                (&json!([]), &json!([]))
            );
        }
    }
);

both!(
    a_file_is_for_the_desk_and_the_own_family,
    async |house: &House| {
        let at = &house.at;
        let mothers = format!("/api/residents/{}", at.mother);
        for (who, account) in [
            ("family of another household", at.stranger),
            ("helper", at.chen_account),
            ("officer", at.officer),
            ("panel", at.panel),
            ("admin", at.admin),
        ] {
            let mut client = house.enter(account).await;
            hidden(&mut client, &mothers, "/api/residents/99999", who).await;
            let visits = format!("{mothers}/visits");
            hidden(&mut client, &visits, "/api/residents/99999/visits", who).await;
        }
        // The son sees his mother, and not the father of his brother-in-law.
        let mut son = house.enter(at.son).await;
        assert_eq!(son.get(&mothers).await.ok()["name"], "王桂芳");
        let fathers = format!("/api/residents/{}", at.father_in_law);
        hidden(&mut son, &fathers, "/api/residents/99999", "son").await;
    }
);

both!(
    another_communitys_desk_finds_and_sees_nothing,
    async |house: &House| {
        let mut elsewhere = coordinator_elsewhere(house).await;
        for text in ["wgf", "王桂芳", "07103210001", "0001", "3-2-501", "3"] {
            assert_eq!(doors(&mut elsewhere, text).await, [], "{text}");
        }
        let at = &house.at;
        let home = format!("/api/households/{}", at.mothers_home);
        hidden(&mut elsewhere, &home, "/api/households/99999", "elsewhere").await;
        let mothers = format!("/api/residents/{}", at.mother);
        hidden(
            &mut elsewhere,
            &mothers,
            "/api/residents/99999",
            "elsewhere",
        )
        .await;
    }
);

both!(
    a_family_reads_less_of_a_file_than_the_desk,
    async |house: &House| {
        let at = &house.at;
        set_phone(house, at.daughter, "13711112222").await;
        set_phone(house, at.son, "13733334444").await;
        for (helper, kind, by) in [
            (at.liu, WishKind::Prefer, WishBy::Resident),
            (at.chen, WishKind::Avoid, WishBy::Helper),
        ] {
            let community_id = resident::Entity::find_by_id(at.mother)
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .community_id;
            house
                .add(wish::ActiveModel {
                    community_id: Set(community_id),
                    resident_id: Set(at.mother),
                    helper_id: Set(helper),
                    kind: Set(kind),
                    by: Set(by),
                    ..Default::default()
                })
                .await;
        }
        let path = format!("/api/residents/{}", at.mother);
        let desk = house.enter(at.clerk).await.get(&path).await.ok();
        let hers = house.enter(at.daughter).await.get(&path).await.ok();
        let phones = |file: &Value| {
            let family = file["family"].as_array().unwrap();
            family
                .iter()
                .map(|one| one["phone"].clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(phones(&desk), [json!("13711112222"), json!("13733334444")]);
        assert_eq!(phones(&hers), [json!("13711112222"), Value::Null]);
        assert_eq!(desk["wishes"].as_array().unwrap().len(), 2);
        assert_eq!(
            hers["wishes"],
            json!([{"helper_id": at.liu, "helper": "刘秀英", "kind": "prefer", "by": "resident"}])
        );
        for file in [&desk, &hers] {
            assert_eq!(file["door"], MOTHERS);
            assert_eq!(
                (&file["floor"], &file["has_lift"]),
                (&json!(5), &json!(false))
            );
            assert_eq!(file["family"][1]["relation"], "儿子");
            assert_eq!(file["family"][1]["can_book"], false);
        }
    }
);

both!(
    every_look_at_a_file_is_written_down_and_a_search_is_none,
    async |house: &House| {
        let at = &house.at;
        let mut clerk = house.enter(at.clerk).await;
        find(&mut clerk, "wgf").await;
        clerk
            .get(&format!("/api/households/{}", at.mothers_home))
            .await
            .ok();
        clerk
            .get(&format!("/api/residents/{}", at.mother))
            .await
            .ok();
        let mut stranger = house.enter(at.stranger).await;
        stranger.get(&format!("/api/residents/{}", at.mother)).await;
        let looks = || {
            access_log::Entity::find()
                .filter(access_log::Column::ResidentId.eq(at.mother))
                .filter(access_log::Column::AccountId.eq(at.clerk))
        };
        let db = house.app.store.read();
        // They are written beside the answer, not before it.
        for _ in 0..200 {
            if looks().count(db).await.unwrap() == 2 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        let mut purposes: Vec<String> = looks()
            .all(db)
            .await
            .unwrap()
            .into_iter()
            .map(|row| row.purpose)
            .collect();
        purposes.sort();
        assert_eq!(purposes, ["file", "household"]);
        assert_eq!(access_log::Entity::find().count(db).await.unwrap(), 2);
    }
);
