//! Ratings by letter, page and telephone, one a visit; complaints with their correction.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::words::MailKind;
use entity::{assignment, family_member, outbox, rating, visit};
use futures::future::join_all;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};
use serde_json::{Value, json};

use crate::both;
use crate::mail::{files, mails, send_all, text};
use crate::quality_visits::{chess, done, ten};
use crate::support::client::Client;
use crate::support::control::goes_wrong;
use crate::support::{House, On};

async fn rated(house: &House) -> u64 {
    rating::Entity::find()
        .count(house.app.store.read())
        .await
        .unwrap()
}

/// The secret of the rating link in the letter to a family.
fn token(mail: &str) -> Option<String> {
    let text = text(mail);
    let (_, rest) = text.split_once("http://yinling.test/rate/")?;
    Some(
        rest.chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect(),
    )
}

fn rate_path(visit: i64) -> String {
    format!("/api/visits/{visit}/rating")
}

async fn complain(client: &mut Client, body: Value) -> Value {
    client.post("/api/complaints", body).await.created()
}

async fn step(
    client: &mut Client,
    complaint: &Value,
    way: &str,
    mut body: Value,
) -> crate::support::client::Reply {
    body["version"] = complaint["version"].clone();
    let path = format!("/api/complaints/{}/{way}", complaint["id"]);
    client.post(&path, body).await
}

both!(
    the_letter_leads_to_the_faces_and_looking_rates_nothing,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        send_all(house, &files(house)).await;
        let all = mails(&house.mail);
        let tokens: Vec<String> = all.iter().filter_map(|mail| token(mail)).collect();
        assert_eq!(tokens.len(), 2, "daughter and son, each their own link");
        assert!(
            all.iter()
                .filter(|mail| token(mail).is_some())
                .all(|mail| text(mail).contains("/family/bookings/")),
            "the way to the booking is still there"
        );
        let path = format!("/api/rate/{}", tokens[0]);
        let mut anybody = house.stranger();
        for _ in 0..3 {
            let page = anybody.get(&path).await.ok();
            assert_eq!(
                (&page["resident"], &page["service"], &page["helper"]),
                (&json!("王奶奶"), &json!("陪下象棋"), &json!("陈志强"))
            );
            assert_eq!(
                (&page["rating"], &page["can_rate"]),
                (&json!(null), &json!(true))
            );
            assert!(!page.to_string().contains("王桂芳"), "no more than needed");
        }
        assert_eq!(rated(house).await, 0, "scanners of mail servers open links");
        let given = anybody.post(&path, json!({"score": 2})).await.ok();
        assert_eq!(
            (&given["score"], &given["asks_for_words"]),
            (&json!(2), &json!(true))
        );
        let given = anybody
            .post(&path, json!({"score": 2, "words": " 来得太匆忙 "}))
            .await
            .ok();
        assert_eq!(
            (&given["words"], &given["asks_for_words"]),
            (&json!("来得太匆忙"), &json!(false))
        );
        // The son's link rates the same visit: one rating, changed.
        let his = format!("/api/rate/{}", tokens[1]);
        assert_eq!(anybody.get(&his).await.ok()["rating"]["score"], 2);
        anybody.post(&his, json!({"score": 4})).await.ok();
        assert_eq!(rated(house).await, 1);
        anybody
            .post(&path, json!({"score": 6}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        anybody
            .get("/api/rate/0000")
            .await
            .refused(StatusCode::GONE, "link-expired");
        anybody
            .post("/api/rate/0000", json!({"score": 5}))
            .await
            .refused(StatusCode::GONE, "link-expired");
        // Whoever is family no more has no say any more.
        family_member::Entity::delete_many()
            .filter(family_member::Column::AccountId.eq(house.at.son))
            .exec(house.app.store.read())
            .await
            .unwrap();
        let left = [anybody.get(&path).await, anybody.get(&his).await]
            .iter()
            .filter(|reply| reply.status == StatusCode::OK)
            .count();
        assert_eq!(left, 1);
    }
);

both!(
    a_rating_can_be_changed_for_a_week_and_only_of_what_was_done,
    async |house: &House| {
        let visit = chess(house).await;
        let path = rate_path(visit);
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&path, json!({"score": 5}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        done(house, visit).await;
        for stranger in [house.at.stranger, house.at.chen_account, house.at.officer] {
            house
                .enter(stranger)
                .await
                .post(&path, json!({"score": 5}))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        daughter.post(&path, json!({"score": 5})).await.ok();
        let page = format!("/api/residents/{}/visits", house.at.mother);
        let cards = daughter.get(&page).await.ok();
        assert_eq!(
            (&cards[0]["rating"], &cards[0]["can_rate"]),
            (&json!(5), &json!(true))
        );
        house.clock.set(ten() + TimeDelta::days(7));
        daughter
            .post(&path, json!({"score": 3, "words": "想了想"}))
            .await
            .ok();
        house.clock.set(ten() + TimeDelta::days(8));
        daughter
            .post(&path, json!({"score": 1}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert_eq!(daughter.get(&page).await.ok()[0]["can_rate"], false);
    }
);

both!(
    a_helper_who_is_family_does_not_rate_their_own_visit,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        house
            .alter(entity::helper::ActiveModel {
                id: Set(house.at.chen),
                account_id: Set(house.at.daughter),
                ..Default::default()
            })
            .await;
        house
            .enter(house.at.daughter)
            .await
            .post(&rate_path(visit), json!({"score": 5}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        house
            .enter(house.at.son)
            .await
            .post(&rate_path(visit), json!({"score": 4}))
            .await
            .ok();
    }
);

/// Twenty at once; how many ratings there are then.
async fn race(house: &House, visit: i64) -> u64 {
    let (daughter, son) = (
        house.enter(house.at.daughter).await,
        house.enter(house.at.son).await,
    );
    let tries = (0..20).map(|n| {
        let mut client = if n % 2 == 0 {
            daughter.clone()
        } else {
            son.clone()
        };
        tokio::spawn(async move {
            let body = json!({"score": n % 5 + 1});
            client.post(&rate_path(visit), body).await.status
        })
    });
    for status in join_all(tries).await {
        let status = status.unwrap();
        assert!(
            status == StatusCode::OK || status == StatusCode::CONFLICT,
            "{status}"
        );
    }
    rated(house).await
}

both!(
    one_visit_rated_by_many_at_once_has_one_rating,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        assert_eq!(race(house, visit).await, 1);
    }
);

/// SQLite has one writer, which is a guard of its own: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_lock_and_key_one_visit_is_rated_twice_on_postgres() {
    goes_wrong(On::Postgres, "one visit rated twice", async |house| {
        let db = house.app.store.read();
        db.execute_unprepared("DROP INDEX rating_visit_id")
            .await
            .unwrap();
        let visit = chess(house).await;
        done(house, visit).await;
        race(house, visit).await > 1
    })
    .await;
}

both!(
    a_low_rating_is_shown_to_the_office_until_it_is_seen_to,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let body = json!({"score": 2, "words": "没下完就走了"});
        daughter.post(&rate_path(visit), body).await.ok();
        let mut coordinator = house.enter(house.at.coordinator).await;
        let waiting = async |client: &mut Client| {
            client.get("/api/quality/first-screen").await.ok()["low_ratings"].clone()
        };
        assert_eq!(waiting(&mut coordinator).await, 1);
        let low = coordinator.get("/api/ratings/low").await.ok();
        assert_eq!(
            (&low[0]["words"], &low[0]["helper"], &low[0]["given_by"]),
            (&json!("没下完就走了"), &json!("陈志强"), &json!("王晓梅"))
        );
        let path = format!("/api/ratings/{}/answer", low[0]["id"]);
        coordinator
            .post(&path, json!({"note": ""}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let told = coordinator
            .post(&path, json!({"note": "和老陈谈过，下次下完再走"}))
            .await
            .ok();
        assert_eq!(told["answered_by"], "调度员老何");
        coordinator
            .post(&path, json!({"note": "再来一次"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        assert_eq!(waiting(&mut coordinator).await, 0);
        daughter
            .post(&rate_path(visit), json!({"score": 1}))
            .await
            .ok();
        assert_eq!(
            waiting(&mut coordinator).await,
            1,
            "worse than what was seen to"
        );
        daughter
            .get("/api/ratings/low")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    residents_without_family_are_rung_and_left_in_peace_after,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        let mut clerk = house.enter(house.at.clerk).await;
        let due = async |clerk: &mut Client| {
            clerk.get("/api/check-calls").await.ok()["follow_ups"].clone()
        };
        assert_eq!(due(&mut clerk).await, json!([]), "her family gets a letter");
        family_member::Entity::delete_many()
            .filter(family_member::Column::ResidentId.eq(house.at.mother))
            .exec(house.app.store.read())
            .await
            .unwrap();
        let list = due(&mut clerk).await;
        assert_eq!(
            (&list[0]["visit_id"], &list[0]["phone"], &list[0]["helper"]),
            (&json!(visit), &json!("13900000001"), &json!("陈志强"))
        );
        let path = format!("/api/visits/{visit}/follow-up");
        clerk
            .post(&path, json!({"outcome": "not_reached"}))
            .await
            .ok();
        assert_eq!(due(&mut clerk).await, json!([]));
        // She rings back and says it after all.
        let given = clerk
            .post(&rate_path(visit), json!({"score": 4}))
            .await
            .ok();
        assert_eq!(given["score"], 4);
        let row = rating::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        assert_eq!(row.channel, entity::words::RatingChannel::Phone);
        assert!(row.provider_id.is_some());
        house.clock.set(ten() + TimeDelta::days(4));
        assert_eq!(due(&mut clerk).await, json!([]));
    }
);

both!(
    a_helper_sees_an_average_and_not_whose_it_is,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&rate_path(visit), json!({"score": 5}))
            .await
            .ok();
        let mut chen = house.enter(house.at.chen_account).await;
        let path = format!("/api/helpers/{}/rating", house.at.chen);
        let none = json!({"count": null, "mean_tenths": null});
        assert_eq!(
            chen.get(&path).await.ok(),
            none,
            "one could be told whose it is"
        );
        // Three more of his visits, as they were.
        let row = visit::Entity::find_by_id(entity::ids::VisitId(visit))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        let part = assignment::Entity::find()
            .filter(assignment::Column::VisitId.eq(visit))
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        let given = rating::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        for (n, score) in [(1, 4), (2, 4)] {
            use sea_orm::{ActiveModelTrait, ActiveValue::NotSet, IntoActiveModel};
            let another = house
                .add(visit::ActiveModel {
                    id: NotSet,
                    ..row.clone().into_active_model().reset_all()
                })
                .await;
            let begins = ten() + TimeDelta::days(n);
            house
                .add(assignment::ActiveModel {
                    id: NotSet,
                    visit_id: Set(another.id),
                    starts_at: Set(begins),
                    ..part.clone().into_active_model().reset_all()
                })
                .await;
            house
                .add(rating::ActiveModel {
                    id: NotSet,
                    visit_id: Set(another.id),
                    score: Set(score),
                    ..given.clone().into_active_model().reset_all()
                })
                .await;
        }
        let told = chen.get(&path).await.ok();
        assert_eq!(told, json!({"count": 3, "mean_tenths": 43}));
        house
            .enter(house.at.liu_account)
            .await
            .get(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    a_complaint_is_answered_corrected_and_confirmed,
    async |house: &House| {
        let visit = chess(house).await;
        done(house, visit).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let body = json!({"resident_id": house.at.mother, "visit_id": visit, "what": " 提前走了 "});
        let taken = complain(&mut daughter, body).await;
        assert_eq!(
            (
                &taken["state"],
                &taken["what"],
                &taken["helper"],
                &taken["provider"]
            ),
            (
                &json!("taken"),
                &json!("提前走了"),
                &json!("陈志强"),
                &json!("银龄互助")
            )
        );
        assert_eq!(
            (&taken["may_work"], &taken["may_reply"]),
            (&json!(false), &json!(true))
        );
        step(
            &mut daughter,
            &taken,
            "work",
            json!({"step": "answer", "note": "好"}),
        )
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
        for (missing, body) in [
            ("responsible", json!({"step": "answer", "note": "对不起"})),
            (
                "correction",
                json!({"step": "answer", "note": "对不起", "responsible": "老何"}),
            ),
            (
                "due_on",
                json!({"step": "answer", "note": "对不起", "responsible": "老何", "correction": "补一次"}),
            ),
            (
                "due_on",
                json!({"step": "answer", "note": "对不起", "responsible": "老何", "correction": "补一次", "due_on": "2026-11-24"}),
            ),
        ] {
            let told = step(&mut coordinator, &taken, "work", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], missing);
        }
        let answer = json!({"step": "answer", "note": "对不起", "responsible": "老何", "correction": "补下一次棋", "due_on": "2026-11-27"});
        let answered = step(&mut coordinator, &taken, "work", answer.clone())
            .await
            .ok();
        assert_eq!(
            (&answered["state"], &answered["responsible"]),
            (&json!("answered"), &json!("老何"))
        );
        step(&mut coordinator, &taken, "work", answer)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        let lists = async |client: &mut Client| client.get("/api/complaints").await.ok();
        house.clock.set(ten() + TimeDelta::days(2));
        assert_eq!(
            lists(&mut coordinator).await["overdue"],
            json!([]),
            "the day is not over"
        );
        house.clock.set(ten() + TimeDelta::days(3));
        assert_eq!(
            lists(&mut coordinator).await["overdue"][0]["id"],
            taken["id"]
        );
        let screen = coordinator.get("/api/quality/first-screen").await.ok();
        assert_eq!(screen["overdue_complaints"], 1);
        let corrected = step(
            &mut coordinator,
            &answered,
            "work",
            json!({"step": "correct", "note": "补过了"}),
        )
        .await
        .ok();
        assert_eq!(corrected["due_at"], json!(null));
        let again = json!({"reply": "not_corrected", "note": ""});
        step(&mut daughter, &corrected, "reply", again)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let anew = step(
            &mut daughter,
            &corrected,
            "reply",
            json!({"reply": "not_corrected", "note": "没来"}),
        )
        .await
        .ok();
        assert_eq!(anew["state"], "taken");
        let answer = json!({"step": "answer", "note": "换人去", "responsible": "老何", "correction": "换老刘去", "due_on": "2026-11-30"});
        let answered = step(&mut coordinator, &anew, "work", answer).await.ok();
        let corrected = step(
            &mut coordinator,
            &answered,
            "work",
            json!({"step": "correct", "note": "老刘去过了"}),
        )
        .await
        .ok();
        // Her brother sees every step and may say it too.
        let mut son = house.enter(house.at.son).await;
        let over = step(&mut son, &corrected, "reply", json!({"reply": "confirmed"}))
            .await
            .ok();
        let actions: Vec<_> = over["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| step["action"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(
            actions,
            [
                "taken",
                "answered",
                "corrected",
                "reopened",
                "answered",
                "corrected",
                "confirmed"
            ]
        );
        assert_eq!(
            lists(&mut coordinator).await["closed"][0]["id"],
            taken["id"]
        );
        step(
            &mut coordinator,
            &over,
            "reply",
            json!({"reply": "withdrawn"}),
        )
        .await
        .refused(StatusCode::CONFLICT, "not-now");
        let letters = outbox::Entity::find()
            .filter(outbox::Column::Kind.eq(MailKind::ComplaintStep))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(letters, 14, "seven steps to two");
        let round = send_all(house, &files(house)).await;
        assert_eq!(round.failed, 0);
        let all = mails(&house.mail);
        let told: Vec<_> = all
            .iter()
            .filter(|mail| text(mail).contains("/complaints/"))
            .collect();
        assert_eq!(told.len(), 2, "only how it stands now");
        assert!(
            told.iter().all(|mail| !text(mail).contains("提前走了")),
            "what it is about does not travel by mail"
        );
    }
);

both!(
    a_complaint_is_about_something_and_its_own_people_see_it,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut clerk = house.enter(house.at.clerk).await;
        for (field, body) in [
            (
                "what",
                json!({"resident_id": house.at.mother, "provider_id": 1, "what": " "}),
            ),
            (
                "provider_id",
                json!({"resident_id": house.at.mother, "what": "不好"}),
            ),
            ("resident_id", json!({"provider_id": 1, "what": "不好"})),
            (
                "provider_id",
                json!({"resident_id": house.at.mother, "provider_id": 99, "what": "不好"}),
            ),
            (
                "what",
                json!({"resident_id": house.at.mother, "provider_id": 1, "what": "长".repeat(501)}),
            ),
        ] {
            let told = daughter
                .post("/api/complaints", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let body = json!({"resident_id": house.at.neighbour, "provider_id": 1, "what": "不好"});
        daughter
            .post("/api/complaints", body)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let visit = chess(house).await;
        let body = json!({"resident_id": house.at.neighbour, "visit_id": visit, "what": "不好"});
        clerk
            .post("/api/complaints", body)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        // A shopkeeper next door rang: nobody's resident, about the company.
        let body = json!({"helper_id": house.at.sun, "what": "电动车堵了门口"});
        let taken = complain(&mut clerk, body).await;
        assert_eq!(
            (&taken["resident_id"], &taken["provider"]),
            (&json!(null), &json!("乐居·康养"))
        );
        assert_eq!(taken["steps"][0]["on_behalf"], true);
        let path = format!("/api/complaints/{}", taken["id"]);
        for account in [
            house.at.daughter,
            house.at.chen_account,
            house.at.sun_account,
            house.at.panel,
            house.at.admin,
        ] {
            let mut client = house.enter(account).await;
            client
                .get(&path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            step(&mut client, &taken, "reply", json!({"reply": "withdrawn"}))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let over = step(&mut clerk, &taken, "reply", json!({"reply": "withdrawn"}))
            .await
            .ok();
        assert_eq!(over["state"], "withdrawn");
    }
);
