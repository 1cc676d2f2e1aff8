//! Who may what: whoever may not see a thing is answered as if it did not exist.

use axum::http::StatusCode;
use entity::ids::AccountId;
use serde_json::json;

use crate::both;
use crate::support::plans::planned;
use crate::support::{House, fixture::PASSWORD};

both!(
    each_page_opens_for_its_people_alone,
    async |house: &House| {
        let at = &house.at;
        let (shop, keeper) = crate::vouchers::shop(house).await;
        let everybody: [(&str, AccountId); 9] = [
            ("coordinator", at.coordinator),
            ("clerk", at.clerk),
            ("helper", at.chen_account),
            ("family", at.daughter),
            ("stranger", at.stranger),
            ("grid_officer", at.officer),
            ("panel_member", at.panel),
            ("admin", at.admin),
            ("shopkeeper", keeper),
        ];
        let chens_hours = format!("/api/helpers/{}/hours", at.chen);
        let lius_hours = format!("/api/helpers/{}/hours", at.liu);
        let mothers = |what| format!("/api/residents/{}/{what}", at.mother);
        let (hers, hers_given, hers_paid) =
            (mothers("hours"), mothers("vouchers"), mothers("money"));
        let settled = format!("/api/providers/{shop}/settlement");
        let mother = format!("/api/residents/{}", at.mother);
        let hers_on = format!("{mother}/sessions");
        let lecture = format!(
            "/api/station/sessions/{}",
            crate::station::session(house, 3).await["id"]
        );
        let hers_agreed = format!("{mother}/consents");
        let hers_looks = format!("{mother}/looks");
        let hers_all = format!("{mother}/export");
        let hers_erasure = format!("/api/residents/{}/erasure", at.mother);
        let chens_file = format!("/api/helpers/{}/file", at.chen);
        let shops_helpers = format!("/api/providers/{shop}/helpers");
        let lectures_sheet = format!("{lecture}/sheet");
        let hers_asked = format!("{mother}/help-requests");
        let home = format!("/api/households/{}", at.mothers_home);
        let chens_day = format!("/api/helpers/{}/day", at.chen);
        let lius_day = format!("/api/helpers/{}/day", at.liu);
        let mut coordinator = house.enter(at.coordinator).await;
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-25", "seconds": 0.1}),
        )
        .await;
        let plan = format!("/api/plans/{}", plan["id"]);
        let roll_file = format!("/api/roll/{}", at.mother);
        let read = coordinator
            .upload("roll.xlsx", Vec::new())
            .await
            .expect(StatusCode::ACCEPTED);
        let import = format!("/api/roll/imports/{}", read["id"]);
        let import_rows = format!("{import}/rows");
        let mothers_series = format!("{mother}/series");
        let made = coordinator
            .post(
                &mothers_series,
                json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=FR", "first_date": "2026-11-24",
                    "start_min": 690, "on_holiday": "skip"}),
            )
            .await
            .created();
        let series = format!("/api/series/{}", made["id"]);
        let (chens_rating, lius_rating) = (
            format!("/api/helpers/{}/rating", at.chen),
            format!("/api/helpers/{}/rating", at.liu),
        );
        let hers_complained = mothers("complaints");
        let taken = coordinator
            .post(
                "/api/complaints",
                json!({"resident_id": at.mother, "helper_id": at.liu, "what": "没打招呼"}),
            )
            .await
            .created();
        let complained = format!("/api/complaints/{}", taken["id"]);
        let readers = ["coordinator", "clerk", "panel_member", "admin"].as_slice();
        let desk = ["coordinator", "clerk"].as_slice();
        let keepers = ["coordinator", "admin"].as_slice();
        let shops_file = format!("/api/providers/{shop}");
        for (path, may) in [
            ("/api/board", desk),
            ("/api/dispatch/lists", desk),
            ("/api/callbacks", desk),
            ("/api/series", desk),
            ("/api/meals", desk),
            (&series, &["coordinator", "clerk", "family"]),
            (&mothers_series, &["coordinator", "clerk", "family"]),
            (&home, desk),
            (&mother, &["coordinator", "clerk", "family"]),
            ("/api/family/residents", &["family", "stranger"]),
            (&chens_day, &["coordinator", "clerk", "helper"]),
            (&lius_day, desk),
            ("/api/grid/residents", &["grid_officer"]),
            ("/api/grid/help-requests", &["grid_officer"]),
            ("/api/help-requests", desk),
            (&hers_asked, &["coordinator", "clerk", "family"]),
            ("/api/help-contacts", &["admin"]),
            ("/api/help-limits", &["admin"]),
            ("/api/providers", &["coordinator", "clerk", "panel_member"]),
            ("/api/providers/register", keepers),
            (&shops_file, keepers),
            ("/api/providers/services?kind=merchant", keepers),
            ("/api/accounts", &["admin"]),
            ("/api/roll", desk),
            (&roll_file, desk),
            ("/api/roll/duplicates", desk),
            ("/api/roll/template", desk),
            ("/api/roll/export", desk),
            (&import, desk),
            (&import_rows, desk),
            (&plan, &["coordinator"]),
            (&chens_hours, &["coordinator", "clerk", "helper"]),
            (&lius_hours, desk),
            (&hers, &["coordinator", "clerk", "family"]),
            (&hers_given, &["coordinator", "clerk", "family"]),
            (&hers_paid, &["coordinator", "clerk", "family"]),
            ("/api/time-accounts", desk),
            ("/api/time-accounts/1", &[]),
            ("/api/vouchers", desk),
            ("/api/vouchers/totals", desk),
            ("/api/shop", &["shopkeeper"]),
            ("/api/calendar-feed", &["helper", "family", "stranger"]),
            ("/api/merchants", &["admin"]),
            (&settled, desk),
            ("/api/quality/first-screen", desk),
            ("/api/quality/settings", &["admin"]),
            ("/api/check-calls", desk),
            ("/api/ratings/low", desk),
            (&chens_rating, &["coordinator", "clerk", "helper"]),
            (&lius_rating, desk),
            ("/api/complaints", desk),
            (&hers_complained, &["coordinator", "clerk", "family"]),
            (&complained, &["coordinator", "clerk", "family"]),
            ("/api/panel/months/2026-11", readers),
            ("/api/panel/criteria", readers),
            ("/api/panel/interests", &["panel_member", "admin"]),
            ("/api/station/sessions", desk),
            ("/api/station/calls", desk),
            (&lecture, desk),
            (&lectures_sheet, desk),
            ("/api/skills", &["coordinator"]),
            (&hers_agreed, &["coordinator", "clerk", "family"]),
            (&hers_looks, &["coordinator", "clerk", "family"]),
            (&hers_all, &["coordinator", "family", "admin"]),
            ("/api/consents/to-ask", desk),
            ("/api/consent-texts", keepers),
            ("/api/erasures", keepers),
            ("/api/retention", keepers),
            ("/api/masking", keepers),
            (&hers_erasure, &["coordinator", "family", "admin"]),
            (&chens_file, &["coordinator"]),
            (&shops_helpers, &["coordinator"]),
            (&hers_on, &["coordinator", "clerk", "family"]),
            ("/api/supply/months/2026-11", readers),
            ("/api/calendar/coming", &everybody.map(|(role, _)| role)),
            ("/api/second-factor", &["admin"]),
            ("/api/me/account", &everybody.map(|(role, _)| role)),
            ("/api/me/sessions", &everybody.map(|(role, _)| role)),
            ("/api/me/second-factor", &everybody.map(|(role, _)| role)),
            ("/api/bench/months/2026-11", readers),
            ("/api/bench/months/2026-11/workbook", readers),
        ] {
            for (role, account) in everybody {
                let reply = house.enter(account).await.get(path).await;
                if may.contains(&role) {
                    assert_eq!(
                        reply.status,
                        StatusCode::OK,
                        "{role} at {path}: {}",
                        reply.text
                    );
                } else {
                    reply.refused(StatusCode::NOT_FOUND, "not-found");
                }
            }
            house
                .stranger()
                .get(path)
                .await
                .refused(StatusCode::UNAUTHORIZED, "sign-in");
        }
    }
);

both!(plans_are_the_coordinators_alone, async |house: &House| {
    let at = &house.at;
    let mut coordinator = house.enter(at.coordinator).await;
    let body = json!({"date": "2026-11-25", "seconds": 0.1});
    let plan = planned(&mut coordinator, body.clone()).await;
    let path = format!("/api/plans/{}", plan["id"]);
    let asked = [
        ("/api/plans".to_owned(), body),
        (format!("{path}/stop"), json!({})),
        (format!("{path}/publish"), json!({})),
    ];
    for account in [
        at.clerk,
        at.chen_account,
        at.daughter,
        at.stranger,
        at.officer,
        at.panel,
        at.admin,
    ] {
        let mut client = house.enter(account).await;
        for (path, body) in &asked {
            client
                .post(path, body.clone())
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        client
            .delete(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
    for (path, body) in &asked {
        house
            .stranger()
            .post(path, body.clone())
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
    assert_eq!(coordinator.get(&path).await.ok(), plan);
    coordinator
        .post(&format!("{path}/stop"), json!({}))
        .await
        .ok();
});

both!(
    two_parents_one_login_and_a_brother_sees_the_same,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut son = house.enter(house.at.son).await;
        let hers = daughter.get("/api/family/residents").await.ok();
        let ids: Vec<_> = hers
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["id"].clone())
            .collect();
        assert_eq!(ids.len(), 2);
        assert!(
            ids.contains(&json!(house.at.mother)) && ids.contains(&json!(house.at.father_in_law))
        );
        let his = son.get("/api/family/residents").await.ok();
        assert_eq!(his[0]["id"], json!(house.at.mother));
        assert_eq!(his[0]["can_book"], false);
        let path = format!("/api/residents/{}/visits", house.at.mother);
        assert_eq!(daughter.get(&path).await.text, son.get(&path).await.text);
    }
);

both!(a_grid_officer_sees_the_own_grid, async |house: &House| {
    let mut officer = house.enter(house.at.officer).await;
    let rows = officer.get("/api/grid/residents").await.ok();
    let names: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].clone())
        .collect();
    assert_eq!(names, [json!("王桂芳")]);
});

both!(
    signing_in_and_out_and_being_disabled,
    async |house: &House| {
        let mut clerk = house.stranger();
        clerk
            .post(
                "/api/session",
                json!({"login": "clerk", "password": "wrong-password"}),
            )
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        let me = clerk
            .post(
                "/api/session",
                json!({"login": "clerk", "password": PASSWORD}),
            )
            .await
            .ok();
        assert_eq!(me["roles"], json!(["clerk"]));
        assert_eq!(
            clerk.patch("/api/me", json!({"lang": "en"})).await.ok()["lang"],
            "en"
        );
        let mut second = clerk.clone();
        clerk
            .delete("/api/session")
            .await
            .expect(StatusCode::NO_CONTENT);
        second
            .get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");

        let mut again = house.enter(house.at.clerk).await;
        again.get("/api/me").await.ok();
        let mut admin = house.enter(house.at.admin).await;
        admin
            .post(
                &format!("/api/accounts/{}/disable", house.at.clerk),
                json!({"disabled": true}),
            )
            .await
            .ok();
        again
            .get("/api/me")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
);

both!(
    the_program_starts_again_and_nobody_is_signed_out,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let before = daughter.get("/api/me").await.ok();
        let again = yinling::app::App::new(
            house.app.store.clone(),
            house.clock.clone(),
            yinling::app::Dice::seeded(8),
            house.app.settings.clone(),
            false,
        );
        let after = daughter.moved_to(&again).get("/api/me").await.ok();
        assert_eq!(before, after);
    }
);

both!(
    a_helper_sees_the_door_only_when_the_day_is_near,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let start = House::morning() + chrono::TimeDelta::hours(49);
        let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "MEAL", "start": start, "wish_helper_id": house.at.zhou, "if_unserved": "refuse"}),
        )
        .await
        .created();
        assert_eq!(
            booked["visit"]["helpers"][0]["id"],
            json!(house.at.zhou),
            "whom she wished for"
        );
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/helpers/{}/day?date=2026-11-26", house.at.zhou);
        assert_eq!(
            clerk.get(&path).await.ok()["visits"][0]["door"],
            "3栋2单元501",
            "the desk sees it"
        );
        let mut zhou = house.enter(house.at.zhou_account).await;
        let far = zhou.get(&path).await.ok();
        assert_eq!(far["visits"][0]["resident"], "王奶奶");
        assert_eq!(far["visits"][0]["door"], "3栋");
        assert_eq!(far["visits"][0]["knock_note"], json!(null));
        house.clock.set(start - chrono::TimeDelta::hours(24));
        let near = zhou.get(&path).await.ok();
        assert_eq!(near["visits"][0]["door"], "3栋2单元501");
        assert_eq!(near["visits"][0]["safety_note"], "听力不好，请大声");
    }
);

both!(
    leave_sends_the_visits_back_to_matching,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let start = House::morning() + chrono::TimeDelta::hours(25);
        let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "MEAL", "start": start, "wish_helper_id": house.at.liu, "if_unserved": "refuse"}),
        )
        .await
        .created();
        let mut liu = house.enter(house.at.liu_account).await;
        let taken = liu
            .post(
                &format!("/api/helpers/{}/leave", house.at.liu),
                json!({"from": "2026-11-25", "to": "2026-11-26", "reason": "感冒"}),
            )
            .await
            .created();
        assert_eq!(taken["returned"], 1);
        let after = daughter
            .get(&format!("/api/bookings/{}", booked["booking_id"]))
            .await
            .ok();
        assert_eq!(
            after["visit"]["state"], "offered",
            "somebody else was asked at once"
        );
        assert_ne!(after["visit"]["helpers"][0]["id"], json!(house.at.liu));
        let board = house
            .enter(house.at.coordinator)
            .await
            .get("/api/board?date=2026-11-25")
            .await
            .ok();
        let row = board["helpers"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["id"] == json!(house.at.liu))
            .unwrap();
        assert_eq!(row["on_leave"], true);
        let id = taken["leave"]["id"].as_i64().unwrap();
        liu.delete(&format!("/api/leave/{id}"))
            .await
            .expect(StatusCode::NO_CONTENT);
        liu.post(
            &format!("/api/helpers/{}/leave", house.at.liu),
            json!({"from": "2026-11-26", "to": "2026-11-25", "reason": ""}),
        )
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);
