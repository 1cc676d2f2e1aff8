//! In hospital, away, moved, gone: what is booked waits, comes back, or ends.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, ResidentId};
use entity::words::{MailKind, ResidentState};
use entity::{helper, outbox, resident};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::residents::absences::{away_on, watch};
use yinling::store::consistency::disagreements;

use crate::both;
use crate::mail::{files, mails, send_all, text};
use crate::support::House;
use crate::support::client::Client;

/// Some hours after nine in the morning of the 24th.
fn hours(hours: i64) -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(hours)
}

async fn book(house: &House, service: &str, start: DateTime<Utc>) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": service, "start": start, "if_unserved": "refuse"}),
        )
        .await
        .created()
}

async fn state_of(house: &House, booked: &Value) -> String {
    let mut clerk = house.enter(house.at.clerk).await;
    let now = clerk
        .get(&format!("/api/bookings/{}", booked["booking_id"]))
        .await
        .ok();
    now["visit"]["state"].as_str().unwrap().to_owned()
}

async fn away(house: &House, from: &str, back: Option<&str>) -> Value {
    let mut clerk = house.enter(house.at.clerk).await;
    clerk
        .post(
            &format!("/api/roll/{}/absences", house.at.mother),
            json!({"kind": "hospital", "from": from, "back": back, "note": "摔了一跤"}),
        )
        .await
        .created()
}

/// How many letters of a kind wait for, or went to, an account, those that were dropped aside.
async fn letters(house: &House, kind: MailKind, account: entity::ids::AccountId) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(kind))
        .filter(outbox::Column::AccountId.eq(account))
        .filter(outbox::Column::DroppedAt.is_null())
        .count(house.app.store.read())
        .await
        .unwrap()
}

/// How many reminders of the next day have gone out, to anybody.
async fn reminders_sent(house: &House) -> u64 {
    outbox::Entity::find()
        .filter(outbox::Column::Kind.eq(MailKind::EveningBefore))
        .filter(outbox::Column::SentAt.is_not_null())
        .count(house.app.store.read())
        .await
        .unwrap()
}

async fn account_of(house: &House, booked: &Value) -> entity::ids::AccountId {
    let id = booked["visit"]["helpers"][0]["id"].as_i64().unwrap();
    helper::Entity::find_by_id(HelperId(id))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .account_id
}

async fn agrees(house: &House) {
    let found = disagreements(house.app.store.read()).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
}

async fn mothers_state(house: &House) -> ResidentState {
    resident::Entity::find_by_id(house.at.mother)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .state
}

async fn file(client: &mut Client, id: ResidentId) -> Value {
    client.get(&format!("/api/roll/{id}")).await.ok()
}

both!(
    what_is_booked_in_a_time_away_vanishes_everywhere_and_comes_back,
    async |house: &House| {
        let first = book(house, "MEAL", hours(25)).await;
        let second = book(house, "MEAL", hours(49)).await;
        let later = book(house, "MEAL", hours(24 * 9 + 1)).await;
        let theirs = account_of(house, &first).await;
        let told = away(house, "2026-11-25", Some("2026-11-30")).await;
        assert_eq!((&told["paused"], &told["resumed"]), (&json!(2), &json!(0)));
        assert_eq!(told["absence"]["paused_visits"], 2);
        assert_eq!(told["absence"]["now"], false);
        for (booked, state) in [(&first, "paused"), (&second, "paused"), (&later, "offered")] {
            assert_eq!(state_of(house, booked).await, state);
        }
        agrees(house).await;
        // The helper is told, and their day is free.
        assert!(letters(house, MailKind::OfferWithdrawn, theirs).await >= 1);
        let mut coordinator = house.enter(house.at.coordinator).await;
        let board = coordinator.get("/api/board?date=2026-11-25").await.ok();
        let text = board.to_string();
        assert!(
            !text.contains(&format!("\"visit_id\":{}", first["visit"]["visit_id"])),
            "{text}"
        );
        assert_eq!(board["counts"]["unfilled"], 0, "{}", board["counts"]);
        let lists = coordinator.get("/api/dispatch/lists").await.ok();
        assert_eq!(lists["unfilled"], json!([]));
        // The family sees what comes next: the one after the return.
        let mut daughter = house.enter(house.at.daughter).await;
        let family = daughter.get("/api/family/residents").await.ok();
        assert_eq!(family[0]["upcoming"], 1);
        assert_eq!(
            family[0]["next_visit"]["visit_id"],
            later["visit"]["visit_id"]
        );
        let listed = daughter
            .get(&format!("/api/residents/{}/visits", house.at.mother))
            .await
            .ok();
        assert_eq!(listed.as_array().unwrap().len(), 1, "{listed}");
        // No letter the evening before, to anybody.
        house.clock.set(hours(10));
        send_all(house, &files(house)).await;
        assert_eq!(reminders_sent(house).await, 0);
        // Home two days early: the one that is still ahead is matched at once, the one that is past is not.
        house.clock.set(hours(47));
        let absence = told["absence"]["id"].as_i64().unwrap();
        let mut clerk = house.enter(house.at.clerk).await;
        let told = clerk
            .post(
                &format!("/api/roll/absences/{absence}"),
                json!({"kind": "hospital", "from": "2026-11-25", "back": "2026-11-26"}),
            )
            .await
            .ok();
        assert_eq!((&told["paused"], &told["resumed"]), (&json!(0), &json!(1)));
        assert_eq!(state_of(house, &second).await, "offered");
        assert_eq!(
            state_of(house, &first).await,
            "paused",
            "nobody came, and nobody says that somebody did"
        );
        assert_eq!(mothers_state(house).await, ResidentState::Active);
        agrees(house).await;
    }
);

/// What was sent and holds this, decoded.
fn told(house: &House, what: &str) -> Vec<String> {
    let all = mails(&house.mail).into_iter().map(|mail| text(&mail));
    all.filter(|mail| mail.contains(what)).collect()
}

both!(
    a_pause_is_one_letter_and_a_restart_is_one,
    async |house: &House| {
        for at in [25, 49, 73] {
            book(house, "MEAL", hours(at)).await;
        }
        let route = files(house);
        send_all(house, &route).await;
        let before = mails(&house.mail).len();
        let known = away(house, "2026-11-25", Some("2026-11-30")).await;
        send_all(house, &route).await;
        let paused = told(house, "服务暂停");
        assert_eq!(paused.len(), 2, "one to the daughter, one to the son");
        for letter in &paused {
            assert!(letter.contains("有 3 次已约的服务暂停"), "{letter}");
            assert!(letter.contains("11月30日回家"), "{letter}");
            assert_eq!(letter.matches("午餐送餐上门").count(), 3, "{letter}");
            assert!(
                !letter.contains("住院") && !letter.contains("摔"),
                "nothing of health: {letter}"
            );
            assert!(letter.contains(&format!("/family/residents/{}", house.at.mother)));
        }
        let families = |house: &House, from: usize| {
            let all = mails(&house.mail);
            all[from..]
                .iter()
                .filter(|mail| mail.contains("@family.example"))
                .count()
        };
        assert_eq!(families(house, before), 2, "and no letter a visit");
        // Home early: two are still ahead.
        house.clock.set(hours(26));
        let before = mails(&house.mail).len();
        let id = known["absence"]["id"].as_i64().unwrap();
        let mut clerk = house.enter(house.at.clerk).await;
        let changed = clerk
            .post(
                &format!("/api/roll/absences/{id}"),
                json!({"kind": "hospital", "from": "2026-11-25", "back": "2026-11-26"}),
            )
            .await
            .ok();
        assert_eq!(changed["resumed"], 2);
        send_all(house, &route).await;
        house.clock.set(hours(26) + TimeDelta::minutes(4));
        send_all(house, &route).await;
        let back = told(house, "回家了");
        assert_eq!(back.len(), 2, "{back:?}");
        for letter in &back {
            assert!(letter.contains("有 2 次服务恢复"), "{letter}");
            assert!(
                !letter.contains("正在找人"),
                "somebody was found at once: {letter}"
            );
        }
        assert_eq!(
            families(house, before),
            2,
            "what was found is told in it, not a letter a visit"
        );
    }
);

both!(
    an_open_end_says_so_and_a_pause_that_was_undone_at_once_is_not_told,
    async |house: &House| {
        book(house, "MEAL", hours(49)).await;
        let route = files(house);
        let known = away(house, "2026-11-25", None).await;
        send_all(house, &route).await;
        let paused = told(house, "服务暂停");
        assert_eq!(paused.len(), 2);
        assert!(paused[0].contains("回家的日子还没定"), "{}", paused[0]);
        let mut clerk = house.enter(house.at.clerk).await;
        let id = known["absence"]["id"].as_i64().unwrap();
        clerk.delete(&format!("/api/roll/absences/{id}")).await.ok();
        // Paused and back again before anything went out: nothing to tell of the pause.
        house.clock.set(hours(1));
        let again = away(house, "2026-11-26", None).await;
        let id = again["absence"]["id"].as_i64().unwrap();
        clerk.delete(&format!("/api/roll/absences/{id}")).await.ok();
        house.clock.set(hours(2));
        send_all(house, &route).await;
        assert_eq!(told(house, "服务暂停").len(), 2, "none more");
    }
);

both!(
    no_consent_no_letter_and_no_letter_after_a_death,
    async |house: &House| {
        book(house, "MEAL", hours(49)).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let route = files(house);
        send_all(house, &route).await;
        let before = mails(&house.mail).len();
        let known = away(house, "2026-11-25", Some("2026-11-30")).await;
        clerk
            .post(
                &format!("/api/roll/{}/leave", house.at.mother),
                json!({"how": "died", "on": "2026-11-24"}),
            )
            .await
            .ok();
        send_all(house, &route).await;
        house.clock.set(hours(1));
        send_all(house, &route).await;
        let after = mails(&house.mail).split_off(before);
        assert!(
            after.iter().all(|mail| !mail.contains("@family.example")),
            "what waited is not sent, and nothing new is: {known} {after:?}"
        );
    }
);

both!(
    who_agreed_to_no_messages_gets_none_of_a_pause,
    async |house: &House| {
        book(house, "MEAL", hours(49)).await;
        let route = files(house);
        send_all(house, &route).await;
        let before = mails(&house.mail).len();
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/residents/{}/consents", house.at.mother),
                json!({"purpose": "messages", "version": 1, "given": false}),
            )
            .await
            .created();
        away(house, "2026-11-25", Some("2026-11-30")).await;
        send_all(house, &route).await;
        let after = mails(&house.mail).split_off(before);
        assert!(
            after.iter().all(|mail| !mail.contains("@family.example")),
            "{after:?}"
        );
    }
);

both!(
    the_evening_letter_says_nothing_of_a_day_away,
    async |house: &House| {
        book(house, "MEAL", hours(25)).await;
        away(house, "2026-11-25", None).await;
        house.clock.set(hours(10));
        let route = files(house);
        send_all(house, &route).await;
        assert_eq!(reminders_sent(house).await, 0);
    }
);

both!(
    a_changed_return_pauses_more_and_a_mistake_is_taken_back,
    async |house: &House| {
        let first = book(house, "MEAL", hours(25)).await;
        let second = book(house, "MEAL", hours(49)).await;
        let told = away(house, "2026-11-25", Some("2026-11-26")).await;
        assert_eq!(told["paused"], 1);
        let id = told["absence"]["id"].as_i64().unwrap();
        let path = format!("/api/roll/absences/{id}");
        let mut clerk = house.enter(house.at.clerk).await;
        let told = clerk
            .post(&path, json!({"kind": "elsewhere", "from": "2026-11-25"}))
            .await
            .ok();
        assert_eq!(
            (&told["paused"], &told["absence"]["back"]),
            (&json!(1), &Value::Null)
        );
        assert_eq!(state_of(house, &second).await, "paused");
        let told = clerk.delete(&path).await.ok();
        assert_eq!(
            (&told["resumed"], &told["absence"]["withdrawn"]),
            (&json!(2), &json!(true))
        );
        for booked in [&first, &second] {
            assert_eq!(state_of(house, booked).await, "offered");
        }
        clerk
            .delete(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        agrees(house).await;
    }
);

both!(
    nobody_is_booked_for_while_away_and_again_from_the_day_of_return,
    async |house: &House| {
        away(house, "2026-11-24", Some("2026-11-27")).await;
        assert_eq!(mothers_state(house).await, ResidentState::Paused);
        let mut daughter = house.enter(house.at.daughter).await;
        let family = daughter.get("/api/family/residents").await.ok();
        assert_eq!(family[0]["away"], "老人住院，11月27日回家");
        assert_eq!(family[1]["away"], Value::Null);
        let path = format!("/api/residents/{}", house.at.mother);
        let told = daughter
            .post(
                &format!("{path}/bookings"),
                json!({"service": "MEAL", "start": hours(25), "if_unserved": "tray"}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "start");
        assert!(
            told["detail"].as_str().unwrap().contains("11月27日"),
            "{told}"
        );
        let times = daughter
            .get(&format!("{path}/times?service=MEAL&days=5"))
            .await
            .ok();
        let days = times["days"].as_array().unwrap();
        assert!(
            days[1]["closed"].as_str().unwrap().contains("住院"),
            "{}",
            days[1]
        );
        assert_eq!(days[1]["times"], json!([]));
        assert_ne!(
            days[3]["times"],
            json!([]),
            "the day of return is a day at home"
        );
        let booked = book(house, "MEAL", hours(73)).await;
        // Nor can one be moved into it.
        daughter
            .post(
                &format!("/api/bookings/{}/change", booked["booking_id"]),
                json!({"start": hours(49)}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);

both!(
    a_paused_visit_is_not_assigned_and_can_be_cancelled,
    async |house: &House| {
        let booked = book(house, "MEAL", hours(25)).await;
        away(house, "2026-11-25", None).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let visit = booked["visit"]["visit_id"].as_i64().unwrap();
        let detail = coordinator.get(&format!("/api/visits/{visit}")).await.ok();
        let told = coordinator
            .post(
                &format!("/api/visits/{visit}/assign"),
                json!({"helper_ids": [house.at.liu], "start": hours(25), "version": detail["version"]}),
            )
            .await;
        assert!(
            told.status.is_client_error(),
            "{} {}",
            told.status,
            told.text
        );
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/bookings/{}/cancel", booked["booking_id"]),
                json!({"reason": "不需要了"}),
            )
            .await
            .ok();
        assert_eq!(state_of(house, &booked).await, "cancelled");
    }
);

both!(
    the_days_pass_and_files_say_who_is_away,
    async |house: &House| {
        away(house, "2026-11-26", Some("2026-11-28")).await;
        let today = |day: i64| House::morning() + TimeDelta::days(day);
        for (day, state) in [
            (0, ResidentState::Active),
            (1, ResidentState::Active),
            (2, ResidentState::Paused),
            (3, ResidentState::Paused),
            (4, ResidentState::Active),
        ] {
            house.clock.set(today(day));
            watch::turn(&house.app).await.unwrap();
            watch::turn(&house.app).await.unwrap();
            assert_eq!(mothers_state(house).await, state, "day {day}");
        }
        let mut clerk = house.enter(house.at.clerk).await;
        let history = file(&mut clerk, house.at.mother).await["history"].to_string();
        assert_eq!(history.matches("离家").count(), 1, "{history}");
        assert_eq!(history.matches("回家，服务恢复").count(), 1);
    }
);

both!(
    another_room_may_ask_whether_somebody_is_away,
    async |house: &House| {
        away(house, "2026-11-26", Some("2026-11-28")).await;
        let db = house.app.store.read();
        for (day, is_away) in [
            ("2026-11-25", false),
            ("2026-11-26", true),
            ("2026-11-27", true),
            ("2026-11-28", false),
        ] {
            let day: NaiveDate = day.parse().unwrap();
            assert_eq!(
                away_on(db, house.at.mother, day).await.unwrap().is_some(),
                is_away,
                "{day}"
            );
            assert!(
                away_on(db, house.at.neighbour, day)
                    .await
                    .unwrap()
                    .is_none()
            );
        }
    }
);

both!(
    times_away_have_their_days_in_order_and_do_not_meet,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/roll/{}/absences", house.at.mother);
        let body = |from: &str, back: Option<&str>| json!({"kind": "elsewhere", "from": from, "back": back});
        for (from, back, field) in [
            ("2026-11-25", Some("2026-11-20"), "back"),
            ("2026-01-01", None, "from"),
            ("2028-01-01", None, "from"),
        ] {
            let told = clerk
                .post(&path, body(from, back))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{from}");
        }
        clerk
            .post(&path, body("2026-11-25", Some("2026-11-30")))
            .await
            .created();
        let told = clerk
            .post(&path, body("2026-11-29", None))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert!(
            told["detail"].as_str().unwrap().contains("11月25日"),
            "{told}"
        );
        clerk.post(&path, body("2026-11-30", None)).await.created();
    }
);

both!(
    a_death_ends_what_is_booked_and_the_family_gets_no_letters_of_it,
    async |house: &House| {
        let booked = book(house, "MEAL", hours(25)).await;
        let paused = book(house, "MEAL", hours(24 * 9 + 1)).await;
        away(house, "2026-12-02", Some("2026-12-10")).await;
        let theirs = account_of(house, &booked).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/roll/{}", house.at.mother);
        clerk
            .post(
                &format!("{path}/leave"),
                json!({"how": "died", "on": "2026-11-25"}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let left = clerk
            .post(
                &format!("{path}/leave"),
                json!({"how": "died", "on": "2026-11-23"}),
            )
            .await
            .ok();
        assert_eq!(left["cancelled"], 2);
        let cancelled = clerk
            .get(&format!("/api/bookings/{}", booked["booking_id"]))
            .await
            .ok();
        assert_eq!(cancelled["state"], "cancelled");
        assert_eq!(cancelled["cancelled"]["why"], "老人去世");
        assert_eq!(state_of(house, &paused).await, "cancelled");
        agrees(house).await;
        // What was on its way to the family is not sent either.
        send_all(house, &files(house)).await;
        house.clock.set(hours(10));
        send_all(house, &files(house)).await;
        let sent = outbox::Entity::find()
            .filter(outbox::Column::AccountId.is_in([house.at.daughter, house.at.son]))
            .filter(outbox::Column::SentAt.is_not_null())
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(sent, [], "no cheerful reminder, no confirmation");
        assert!(
            letters(house, MailKind::OfferWithdrawn, theirs).await >= 1,
            "the helper is told"
        );
        // Nothing is left to be booked, listed or searched.
        let found = clerk.search("households", "wgf").await.ok();
        assert_eq!(found, json!([]));
        let here = clerk.search("roll", "wgf").await.ok();
        assert_eq!(here["rows"], json!([]));
        let gone = clerk.get("/api/roll?part=left").await.ok();
        assert_eq!(gone["rows"][0]["state_sentence"], "2026年11月23日去世");
        clerk
            .post(
                &format!("{path}/leave"),
                json!({"how": "moved", "on": "2026-11-23"}),
            )
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        clerk
            .post(
                &format!("{path}/absences"),
                json!({"kind": "hospital", "from": "2026-11-24"}),
            )
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

both!(
    a_file_closed_by_mistake_opens_again_with_what_was_booked,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let old = book(house, "MEAL", hours(26)).await;
        daughter
            .post(
                &format!("/api/bookings/{}/cancel", old["booking_id"]),
                json!({"reason": "改天"}),
            )
            .await
            .ok();
        let booked = book(house, "MEAL", hours(25)).await;
        let waits = book(house, "MEAL", hours(24 * 9 + 1)).await;
        away(house, "2026-12-02", Some("2026-12-10")).await;
        house.clock.set(hours(1));
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/roll/{}", house.at.mother);
        clerk
            .post(
                &format!("{path}/leave"),
                json!({"how": "moved", "on": "2026-11-24"}),
            )
            .await
            .ok();
        send_all(house, &files(house)).await;
        assert!(
            letters(house, MailKind::BookingCancelled, house.at.daughter).await >= 1,
            "of a move the family hears"
        );
        let back = clerk
            .post(&format!("{path}/come-back"), json!({}))
            .await
            .ok();
        assert_eq!(back["restored"], 2);
        assert_eq!(state_of(house, &booked).await, "offered");
        assert_eq!(
            state_of(house, &waits).await,
            "paused",
            "she is still to be in hospital then"
        );
        assert_eq!(
            state_of(house, &old).await,
            "cancelled",
            "what others cancelled stays so"
        );
        agrees(house).await;
        clerk
            .post(&format!("{path}/come-back"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

both!(
    who_moves_within_the_compound_is_found_anew,
    async |house: &House| {
        let booked = book(house, "MEAL", hours(25)).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/roll/{}/move", house.at.mother);
        for (door, field) in [
            (
                json!({"building": "99", "entrance": 1, "flat": "101"}),
                "building",
            ),
            (
                json!({"building": "5", "entrance": 0, "flat": "101"}),
                "entrance",
            ),
            (json!({"building": "5", "entrance": 1, "flat": "?"}), "flat"),
            (
                json!({"building": "3栋", "entrance": 2, "flat": "501"}),
                "flat",
            ),
        ] {
            let told = clerk
                .post(&path, json!({"door": door}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{door}");
        }
        let moved = clerk
            .post(
                &path,
                json!({"door": {"building": "5", "entrance": 1, "flat": "601"}}),
            )
            .await
            .ok();
        assert_eq!(moved["rematched"], 1);
        assert_eq!(state_of(house, &booked).await, "offered");
        agrees(house).await;
        let file = file(&mut clerk, house.at.mother).await;
        assert_eq!(
            (file["door"].as_str(), &file["floor"]),
            (Some("5栋1单元601"), &json!(6))
        );
        assert_eq!(file["upcoming"], 1);
        // Whoever is asked again is asked, and not told that they need not come.
        send_all(house, &files(house)).await;
        let after = clerk
            .get(&format!("/api/bookings/{}", booked["booking_id"]))
            .await
            .ok();
        let theirs = account_of(house, &after).await;
        assert_eq!(letters(house, MailKind::OfferWithdrawn, theirs).await, 0);
        assert!(letters(house, MailKind::Offer, theirs).await >= 1);
    }
);

both!(
    a_booking_and_a_time_away_written_at_once_see_each_other,
    async |house: &House| {
        let mut going = Vec::new();
        for quarter in 0..12 {
            let mut daughter = house.enter(house.at.daughter).await;
            let path = format!("/api/residents/{}/bookings", house.at.mother);
            let start = hours(24) + TimeDelta::minutes(30 * quarter);
            going.push(tokio::spawn(async move {
                let body = json!({"service": "MEAL", "start": start, "if_unserved": "tray"});
                daughter.post(&path, body).await.status
            }));
            if quarter == 5 {
                let mut clerk = house.enter(house.at.clerk).await;
                let path = format!("/api/roll/{}/absences", house.at.mother);
                going.push(tokio::spawn(async move {
                    let body = json!({"kind": "hospital", "from": "2026-11-25"});
                    clerk.post(&path, body).await.status
                }));
            }
        }
        for one in going {
            let status = one.await.unwrap();
            assert!(
                status == StatusCode::CREATED || status == StatusCode::UNPROCESSABLE_ENTITY,
                "{status}"
            );
        }
        let live = entity::visit::Entity::find()
            .filter(entity::visit::Column::ResidentId.eq(house.at.mother))
            .filter(yinling::visits::is_live())
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(
            live, 0,
            "whoever came first, nothing stands in the time away"
        );
        agrees(house).await;
    }
);
