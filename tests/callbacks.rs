//! Callbacks: promised in a call with a time, seen by everybody at the desk, made once.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::household;
use futures::future::join_all;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::both;
use crate::calls::{MOTHERS_LINE, begin, end_of, later, promise, promised, rows};
use crate::support::House;
use crate::support::client::{Client, Reply};

both!(
    a_promised_callback_becomes_a_task_with_its_time,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let call = begin(&mut clerk, json!({"number": MOTHERS_LINE})).await;
        let mut body = promise(later());
        body["resident_id"] = json!(house.at.mother);
        clerk.post(&end_of(&call), body).await.ok();
        let open = clerk.get("/api/callbacks").await.ok();
        let task = json!({
            "id": open[0]["id"],
            "due_at": later(),
            "overdue": false,
            "note": "问助浴价格",
            "resident_id": house.at.mother,
            "resident": "王桂芳",
            "household_id": house.at.mothers_home,
            "door": "3栋2单元501",
            "number": MOTHERS_LINE,
            "promised_by": "客服小秘书",
            "done_at": null,
            "done_note": null,
        });
        assert_eq!(open, json!([task]));
        // Everybody at the desk sees it: in the lists, on the board, on the household's screen.
        let mut coordinator = house.enter(house.at.coordinator).await;
        let lists = coordinator.get("/api/dispatch/lists").await.ok();
        assert_eq!(lists["callbacks"], open);
        let board = coordinator.get("/api/board").await.ok();
        assert_eq!(board["counts"]["callbacks"], 1);
        let home = format!("/api/households/{}", house.at.mothers_home);
        assert_eq!(coordinator.get(&home).await.ok()["callbacks"], open);
        house.clock.set(later() + TimeDelta::minutes(1));
        assert_eq!(clerk.get("/api/callbacks").await.ok()[0]["overdue"], true);
        // The other one at the desk makes it.
        let done = coordinator
            .post(
                &format!("/api/callbacks/{}/done", task["id"]),
                json!({"note": " 已告知，下周再定 "}),
            )
            .await
            .ok();
        let mut kept = task.clone();
        kept["done_at"] = json!(later() + TimeDelta::minutes(1));
        kept["done_note"] = json!("已告知，下周再定");
        assert_eq!(done, kept, "made, and no longer overdue");
        for path in ["/api/callbacks", "/api/callbacks?state=open"] {
            assert_eq!(clerk.get(path).await.ok(), json!([]));
        }
        assert_eq!(
            clerk.get("/api/callbacks?state=all").await.ok(),
            json!([kept])
        );
        assert_eq!(
            clerk.get("/api/dispatch/lists").await.ok()["callbacks"],
            json!([])
        );
        assert_eq!(clerk.get("/api/board").await.ok()["counts"]["callbacks"], 0);
        assert_eq!(clerk.get(&home).await.ok()["callbacks"], json!([]));
    }
);

both!(
    a_callback_without_a_time_to_come_is_refused_and_nothing_is_written,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let call = begin(&mut clerk, json!({"number": MOTHERS_LINE})).await;
        let before = rows(house).await;
        let now = House::morning();
        let with = |due_at: Value, note: &str| json!({"outcome": "callback", "callback": {"due_at": due_at, "note": note}});
        for (body, field) in [
            (json!({"outcome": "callback"}), "callback"),
            (promise(now - TimeDelta::minutes(1)), "callback.due_at"),
            (promise(now), "callback.due_at"),
            (promise(now + TimeDelta::days(91)), "callback.due_at"),
            (
                with(json!("+262142-12-31T23:59:59Z"), "问价格"),
                "callback.due_at",
            ),
            (with(json!(later()), "  "), "callback.note"),
            (with(json!(later()), &"长".repeat(501)), "callback.note"),
        ] {
            let told = clerk
                .post(&end_of(&call), body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field, "{told}");
        }
        for body in [
            json!({"outcome": "callback", "callback": {"note": "问价格"}}),
            with(Value::Null, "问价格"),
            with(json!("明天下午"), "问价格"),
            with(json!("2026-11-24 15:00"), "问价格"),
        ] {
            clerk
                .post(&end_of(&call), body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        assert_eq!(rows(house).await, before);
        clerk
            .post(&end_of(&call), promise(now + TimeDelta::days(90)))
            .await
            .ok();
    }
);

both!(
    callbacks_stand_in_the_order_of_their_times,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for hours in [5, 1, 3] {
            let call = begin(&mut clerk, json!({})).await;
            let due = House::morning() + TimeDelta::hours(hours);
            clerk.post(&end_of(&call), promise(due)).await.ok();
        }
        let hours = |tasks: &Value| -> Vec<i64> {
            let due = |task: &Value| {
                task["due_at"]
                    .as_str()
                    .unwrap()
                    .parse::<DateTime<Utc>>()
                    .unwrap()
            };
            tasks
                .as_array()
                .unwrap()
                .iter()
                .map(|task| (due(task) - House::morning()).num_hours())
                .collect()
        };
        assert_eq!(hours(&clerk.get("/api/callbacks").await.ok()), [1, 3, 5]);
        assert_eq!(
            hours(&clerk.get("/api/callbacks?state=all").await.ok()),
            [5, 3, 1]
        );
        clerk
            .get("/api/callbacks?state=none")
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);

both!(
    a_callback_is_made_once_and_says_what_came_of_it,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let task = promised(&mut clerk).await;
        let path = format!("/api/callbacks/{}/done", task["id"]);
        for note in [String::new(), "  ".into(), "长".repeat(501)] {
            let told = clerk
                .post(&path, json!({"note": note}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], "note");
        }
        let tries = (0..8).map(|_| {
            let (mut client, path) = (clerk.clone(), path.clone());
            tokio::spawn(async move { client.post(&path, json!({"note": "打通了"})).await })
        });
        let (made, late): (Vec<Reply>, Vec<Reply>) = join_all(tries)
            .await
            .into_iter()
            .map(Result::unwrap)
            .partition(|reply| reply.status == StatusCode::OK);
        assert_eq!(made.len(), 1);
        for reply in late {
            reply.refused(StatusCode::CONFLICT, "not-now");
        }
        for path in [
            "/api/callbacks/99999/done",
            "/api/callbacks/abc/done",
            "/api/calls/99999/end",
        ] {
            clerk
                .post(path, json!({"outcome": "information", "note": "打通了"}))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);

both!(
    a_callback_has_a_number_wherever_one_is_known,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let number = async |clerk: &mut Client, call: Value| {
            let call = begin(clerk, call).await;
            let mut body = promise(later());
            body["resident_id"] = json!(house.at.mother);
            clerk.post(&end_of(&call), body).await.ok();
            let tasks = clerk.get("/api/callbacks").await.ok();
            tasks.as_array().unwrap().last().unwrap()["number"].clone()
        };
        assert_eq!(
            number(&mut clerk, json!({"number": "13800138000"})).await,
            "13800138000"
        );
        assert_eq!(number(&mut clerk, json!({})).await, MOTHERS_LINE);
        house
            .alter(household::ActiveModel {
                id: Set(house.at.mothers_home),
                phone: Set(None),
                ..Default::default()
            })
            .await;
        assert_eq!(number(&mut clerk, json!({})).await, "13900000001");
    }
);
