//! The helper's phone, and the desk for one who telephones.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AssignmentId;
use entity::words::{AssignmentState, MailKind};
use entity::{assignment, helper_slot, outbox, resident};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// A visit at the mother's tomorrow at ten, matched to whom the engine likes best.
async fn visit(house: &House, service: &str) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": service, "start": ten(), "note": "钥匙在邻居家", "if_unserved": "refuse"}),
        )
        .await
        .created();
    booked["visit"]["visit_id"].as_i64().unwrap()
}

async fn day(house: &House, by: entity::ids::AccountId, of: entity::ids::HelperId) -> Value {
    let mut phone = house.enter(by).await;
    phone
        .get(&format!("/api/helpers/{of}/day?date=2026-11-25"))
        .await
        .ok()
}

async fn parts(house: &House, visit: i64) -> Vec<assignment::Model> {
    assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit))
        .all(house.app.store.read())
        .await
        .unwrap()
}

async fn slots(house: &House, part: AssignmentId) -> u64 {
    helper_slot::Entity::find()
        .filter(helper_slot::Column::AssignmentId.eq(part))
        .count(house.app.store.read())
        .await
        .unwrap()
}

async fn mails(house: &House, kind: MailKind) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    a_visit_is_accepted_reached_and_finished,
    async |house: &House| {
        let id = visit(house, "BATH").await;
        let mut sun = house.enter(house.at.sun_account).await;
        let answer = format!("/api/visits/{id}/answer");
        let yes = sun.post(&answer, json!({"answer": "accept"})).await.ok();
        assert_eq!(
            (&yes["mine"], &yes["state"]),
            (&json!("accepted"), &json!("accepted"))
        );
        sun.post(&answer, json!({"answer": "accept"})).await.ok();
        let (arrive, finish) = (
            format!("/api/visits/{id}/arrive"),
            format!("/api/visits/{id}/finish"),
        );
        sun.post(&arrive, json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        house.clock.set(ten() - TimeDelta::minutes(5));
        sun.post(&finish, json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let there = sun.post(&arrive, json!({})).await.ok();
        assert_eq!(there["state"], "checked_in");
        house.clock.set(ten());
        let again = sun.post(&arrive, json!({})).await.ok();
        assert_eq!(
            again["checked_in_at"], there["checked_in_at"],
            "saying it twice changes nothing"
        );
        let seen = resident::Entity::find_by_id(house.at.mother)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(seen.last_seen_at, Some(ten() - TimeDelta::minutes(5)));
        sun.post(
            &format!("/api/visits/{id}/problem"),
            json!({"kind": "cannot_come"}),
        )
        .await
        .refused(StatusCode::CONFLICT, "not-now");
        house.clock.set(ten() + TimeDelta::hours(1));
        let done = sun.post(&finish, json!({"note": "一切都好"})).await.ok();
        assert_eq!(
            (&done["state"], &done["can"]),
            (&json!("completed"), &json!([]))
        );
        sun.post(&finish, json!({})).await.ok();
        assert_eq!(
            mails(house, MailKind::VisitDone).await,
            2,
            "the daughter and the son"
        );
        let day = day(house, house.at.sun_account, house.at.sun).await;
        assert_eq!(day["minutes_this_month"], 60);
    }
);

both!(the_door_opens_a_day_before, async |house: &House| {
    let id = visit(house, "BATH").await;
    house.clock.set(ten() - TimeDelta::hours(25));
    let early = day(house, house.at.sun_account, house.at.sun).await["visits"][0].clone();
    assert_eq!(early["visit_id"], id);
    assert_eq!(
        (&early["resident"], &early["door"]),
        (&json!("王奶奶"), &json!("3栋"))
    );
    for hidden in ["knock_note", "safety_note", "phone", "note"] {
        assert_eq!(early[hidden], Value::Null, "{hidden}");
    }
    let desk = day(house, house.at.clerk, house.at.sun).await["visits"][0].clone();
    assert_eq!(desk["door"], "3栋2单元501");
    house.clock.set(ten() - TimeDelta::hours(24));
    let shown = day(house, house.at.sun_account, house.at.sun).await["visits"][0].clone();
    assert_eq!(shown["door"], "3栋2单元501");
    assert_eq!(shown["knock_note"], "敲门重一点");
    assert_eq!(shown["note"], "钥匙在邻居家");
    let mut sun = house.enter(house.at.sun_account).await;
    let no = sun
        .post(
            &format!("/api/visits/{id}/answer"),
            json!({"answer": "decline"}),
        )
        .await
        .ok();
    assert_eq!(
        (&no["mine"], &no["door"]),
        (&json!("declined"), &json!("3栋"))
    );
    assert_eq!(no["phone"], Value::Null);
});

both!(
    a_helper_acts_for_nobody_else_and_the_desk_for_everybody,
    async |house: &House| {
        let id = visit(house, "BATH").await;
        let (answer, yes) = (
            format!("/api/visits/{id}/answer"),
            json!({"answer": "accept"}),
        );
        let mut liu = house.enter(house.at.liu_account).await;
        liu.post(&answer, yes.clone())
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        liu.post(
            &answer,
            json!({"answer": "accept", "helper_id": house.at.sun}),
        )
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
        for path in [
            format!("/api/helpers/{}/day?date=2026-11-25", house.at.sun),
            format!("/api/helpers/{}/day?date=2026-11-25", 876_876),
        ] {
            liu.get(&path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&answer, yes)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut clerk = house.enter(house.at.clerk).await;
        let said = clerk
            .post(
                &answer,
                json!({"answer": "accept", "helper_id": house.at.sun}),
            )
            .await
            .ok();
        assert_eq!(said["mine"], "accepted");
    }
);

both!(
    when_one_of_two_declines_both_are_free_again,
    async |house: &House| {
        let id = visit(house, "LIFT").await;
        let crew = parts(house, id).await;
        assert_eq!(crew.len(), 2);
        for part in &crew {
            assert!(slots(house, part.id).await > 0);
        }
        let mut clerk = house.enter(house.at.clerk).await;
        let gone = crew[0].helper_id;
        clerk
            .post(
                &format!("/api/visits/{id}/answer"),
                json!({"answer": "decline", "reason": "腰疼", "helper_id": gone}),
            )
            .await
            .ok();
        for part in &crew {
            assert_eq!(slots(house, part.id).await, 0);
        }
        let after = parts(house, id).await;
        let declined = after.iter().find(|part| part.id == crew[0].id).unwrap();
        assert_eq!(declined.state, AssignmentState::Declined);
        assert_eq!(declined.decline_reason.as_deref(), Some("腰疼"));
        let mate = after.iter().find(|part| part.id == crew[1].id).unwrap();
        assert_eq!(mate.state, AssignmentState::Withdrawn);
        // Three can lift, so the two others are asked at once.
        let asked: Vec<_> = after
            .iter()
            .filter(|part| part.state == AssignmentState::Offered)
            .map(|part| part.helper_id)
            .collect();
        assert_eq!(asked.len(), 2);
        assert!(!asked.contains(&gone));
    }
);

both!(each_who_cannot_come_is_heard, async |house: &House| {
    let id = visit(house, "MEAL").await;
    let mut clerk = house.enter(house.at.clerk).await;
    let mut heard = Vec::new();
    // Three carry meals: each in turn says yes and then cannot come.
    for _ in 0..3 {
        let now = parts(house, id).await;
        let helper = now
            .iter()
            .find(|part| part.state == AssignmentState::Offered)
            .unwrap()
            .helper_id;
        clerk
            .post(
                &format!("/api/visits/{id}/answer"),
                json!({"answer": "accept", "helper_id": helper}),
            )
            .await
            .ok();
        let told = clerk
            .post(
                &format!("/api/visits/{id}/problem"),
                json!({"kind": "cannot_come", "note": "发烧了", "helper_id": helper}),
            )
            .await
            .ok();
        assert_eq!(told["mine"], "declined");
        heard.push(helper);
    }
    heard.sort();
    heard.dedup();
    assert_eq!(heard.len(), 3);
    let mut coordinator = house.enter(house.at.coordinator).await;
    let seen = coordinator.get(&format!("/api/visits/{id}")).await.ok();
    assert_eq!(seen["state"], "unfilled");
});

both!(nobody_opens_is_told_at_the_door, async |house: &House| {
    let id = visit(house, "BATH").await;
    let mut sun = house.enter(house.at.sun_account).await;
    let problem = format!("/api/visits/{id}/problem");
    sun.post(&problem, json!({"kind": "not_home"}))
        .await
        .refused(StatusCode::CONFLICT, "not-now");
    house.clock.set(ten());
    let unwell = sun
        .post(&problem, json!({"kind": "unwell", "note": "头晕"}))
        .await
        .ok();
    assert_eq!(unwell["state"], "offered", "the office decides");
    let told = sun.post(&problem, json!({"kind": "not_home"})).await.ok();
    assert_eq!(told["state"], "not_home");
    let mut coordinator = house.enter(house.at.coordinator).await;
    let lists = coordinator.get("/api/dispatch/lists").await.ok();
    assert!(
        lists["problems"]
            .as_array()
            .unwrap()
            .iter()
            .any(|row| row["visit_id"] == id && row["kind"] == "not_home")
    );
});

both!(leave_gives_its_days_back, async |house: &House| {
    let id = visit(house, "BATH").await;
    let mut sun = house.enter(house.at.sun_account).await;
    let path = format!("/api/helpers/{}/leave", house.at.sun);
    let backwards = sun
        .post(
            &path,
            json!({"from": "2026-11-26", "to": "2026-11-25", "reason": ""}),
        )
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    assert_eq!(backwards["fields"][0]["field"], "to");
    let taken = sun
        .post_once(
            &path,
            json!({"from": "2026-11-25", "to": "2026-11-26", "reason": "回老家"}),
            "leave",
        )
        .await
        .created();
    assert_eq!(taken["returned"], 1);
    assert_eq!(
        mails(house, MailKind::OfferWithdrawn).await,
        0,
        "who went knows"
    );
    for part in parts(house, id).await {
        assert_eq!(part.state, AssignmentState::Withdrawn);
        assert_eq!(slots(house, part.id).await, 0);
    }
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "BATH", "start": ten() + TimeDelta::hours(24), "if_unserved": "refuse"}),
        )
        .await
        .refused(StatusCode::CONFLICT, "slot-taken");
    let leave = format!("/api/leave/{}", taken["leave"]["id"]);
    house
        .enter(house.at.liu_account)
        .await
        .delete(&leave)
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
    sun.delete(&leave).await.expect(StatusCode::NO_CONTENT);
    sun.delete(&leave)
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
});

/// Who is asked or has said yes, with the slots of time each has given.
async fn live_crew(house: &House, visit: i64) -> Vec<entity::ids::HelperId> {
    let mut crew = Vec::new();
    for part in parts(house, visit).await {
        if matches!(
            part.state,
            AssignmentState::Offered | AssignmentState::Accepted
        ) {
            assert!(slots(house, part.id).await > 0, "asked without their time");
            crew.push(part.helper_id);
        } else {
            assert_eq!(slots(house, part.id).await, 0, "time kept for nothing");
        }
    }
    crew
}

both!(
    leave_of_one_of_two_leaves_a_whole_crew_or_nobody,
    async |house: &House| {
        let id = visit(house, "LIFT").await;
        let mut clerk = house.enter(house.at.clerk).await;
        let mut gone = Vec::new();
        // Three can lift: the first leave finds another pair, the second leaves one alone, who is not kept.
        for left in [2, 0] {
            let ill = live_crew(house, id).await[0];
            clerk
                .post(
                    &format!("/api/helpers/{ill}/leave"),
                    json!({"from": "2026-11-25", "to": "2026-11-25", "reason": "感冒"}),
                )
                .await
                .created();
            gone.push(ill);
            let crew = live_crew(house, id).await;
            assert_eq!(crew.len(), left);
            assert!(crew.iter().all(|helper| !gone.contains(helper)));
        }
        let mut coordinator = house.enter(house.at.coordinator).await;
        let seen = coordinator.get(&format!("/api/visits/{id}")).await.ok();
        assert_eq!(
            (&seen["state"], &seen["helpers"]),
            (&json!("unfilled"), &json!([]))
        );
    }
);

both!(
    one_alone_is_never_put_on_a_visit_for_two,
    async |house: &House| {
        let id = visit(house, "LIFT").await;
        let before = live_crew(house, id).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let path = format!("/api/visits/{id}");
        let seen = coordinator.get(&path).await.ok();
        for crew in [vec![before[0]], vec![before[0], before[0]]] {
            let told = coordinator
                .post(
                    &format!("{path}/assign"),
                    json!({"helper_ids": crew, "version": seen["version"], "override_reason": "一个人也行"}),
                )
                .await;
            assert!(told.status.is_client_error(), "{crew:?}: {}", told.text);
            assert!(told.text.contains("crew_distinct"), "{}", told.text);
        }
        assert_eq!(live_crew(house, id).await, before);
        assert_eq!(coordinator.get(&path).await.ok(), seen);
    }
);
