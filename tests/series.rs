//! Series over HTTP: previewed, made, changed for one date and from a date on, paused, ended; and made ahead by itself.

use axum::http::StatusCode;
use chrono::{TimeDelta, Utc};
use entity::words::VisitState;
use entity::{assignment, series_date, visit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use yinling::series::generate;

use crate::both;
use crate::support::House;
use crate::support::client::Client;

fn weekly() -> Value {
    json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=TU,FR", "first_date": "2026-11-24", "start_min": 600,
        "on_holiday": "skip"})
}

fn with(mut body: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

async fn made(client: &mut Client, house: &House, body: Value) -> String {
    let path = format!("/api/residents/{}/series", house.at.mother);
    let made = client.post(&path, body).await.created();
    format!("/api/series/{}", made["id"])
}

fn date<'a>(series: &'a Value, date: &str) -> &'a Value {
    series["dates"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["date"] == date)
        .unwrap_or(&Value::Null)
}

/// Local days on which somebody is to come, ascending.
async fn days(house: &House) -> Vec<String> {
    let mut starts: Vec<_> = visit::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
        .into_iter()
        .filter(|visit| visit.state != VisitState::Cancelled)
        .map(|visit| visit.starts_at + TimeDelta::hours(8))
        .collect();
    starts.sort();
    starts
        .iter()
        .map(|start| start.format("%m-%d %H:%M").to_string())
        .collect()
}

both!(
    every_date_is_shown_with_its_result_before_anything_is_written,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/series/preview", house.at.mother);
        let seen = daughter.post(&path, weekly()).await.ok();
        assert_eq!(seen["rule_word"], "每周二、五");
        let results: Vec<_> = seen["dates"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| {
                (
                    row["date"].as_str().unwrap(),
                    row["result"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            results,
            [
                ("2026-11-24", "limits"),
                ("2026-11-27", "served"),
                ("2026-12-01", "holiday"),
                ("2026-12-04", "served"),
                ("2026-12-08", "served"),
                ("2026-12-11", "served"),
                ("2026-12-15", "served"),
                ("2026-12-18", "served"),
                ("2026-12-22", "served"),
            ]
        );
        assert!(!seen["dates"][1]["who"].as_array().unwrap().is_empty());
        assert!(
            seen["dates"][2]["sentence"]
                .as_str()
                .unwrap()
                .contains("休整日")
        );
        let moving = daughter
            .post(&path, with(weekly(), json!({"on_holiday": "move"})))
            .await
            .ok();
        assert_eq!(moving["dates"][2]["moved"], true);
        assert_eq!(moving["dates"][2]["start"], "2026-12-02T02:00:00Z");
        let night = daughter
            .post(&path, with(weekly(), json!({"start_min": 1200})))
            .await
            .ok();
        assert_eq!(
            night["dates"][1]["result"], "nobody",
            "nobody works at eight in the evening"
        );
        assert!(days(house).await.is_empty(), "nothing was written");
        assert_eq!(
            series_date::Entity::find()
                .all(house.app.store.read())
                .await
                .unwrap()
                .len(),
            0
        );
    }
);

both!(
    a_series_is_made_matched_and_left_alone_by_further_runs,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = made(&mut daughter, house, weekly()).await;
        let expected = [
            "11-27 10:00",
            "12-04 10:00",
            "12-08 10:00",
            "12-11 10:00",
            "12-15 10:00",
            "12-18 10:00",
            "12-22 10:00",
        ];
        assert_eq!(days(house).await, expected);
        let series = daughter.get(&path).await.ok();
        assert_eq!(series["unfilled"], 0, "each was matched at once");
        assert_eq!(series["next"], "2026-11-27T02:00:00Z");
        assert_eq!(date(&series, "2026-12-01")["became"], "holiday");
        let another = house.another().await;
        for app in [&house.app, &another, &house.app] {
            assert_eq!(generate::pass(app).await.unwrap(), 0);
        }
        assert_eq!(days(house).await, expected);
        // The program was down for ten days: the lists say so, and the next run catches up.
        house.clock.set(House::morning() + TimeDelta::days(10));
        let mut coordinator = house.enter(house.at.coordinator).await;
        for screen in ["/api/dispatch/lists", "/api/quality/first-screen"] {
            assert_eq!(coordinator.get(screen).await.ok()["series_behind"], 1);
        }
        assert_eq!(generate::pass(&another).await.unwrap(), 3);
        assert_eq!(generate::pass(&house.app).await.unwrap(), 0);
        assert_eq!(
            coordinator.get("/api/dispatch/lists").await.ok()["series_behind"],
            0
        );
        assert_eq!(days(house).await.last().unwrap(), "01-01 10:00");
    }
);

both!(
    one_date_is_left_out_moved_and_added_back,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = made(&mut daughter, house, weekly()).await;
        let skip = format!("{path}/skip");
        let serve = format!("{path}/serve");
        let after = daughter
            .post(&skip, json!({"date": "2026-12-04"}))
            .await
            .ok();
        assert_eq!(after["done"], true);
        assert_eq!(date(&after["series"], "2026-12-04")["became"], "skipped");
        assert!(!days(house).await.contains(&"12-04 10:00".to_owned()));
        let moved = json!({"date": "2026-12-08", "start": "2026-12-09T06:00:00Z"});
        daughter.post(&serve, moved).await.ok();
        // A closed day is served where a person wants it.
        daughter
            .post(&serve, json!({"date": "2026-12-01"}))
            .await
            .ok();
        generate::pass(&house.app).await.unwrap();
        let now = days(house).await;
        assert!(now.contains(&"12-09 14:00".to_owned()) && now.contains(&"12-01 10:00".to_owned()));
        assert!(!now.contains(&"12-08 10:00".to_owned()));
        daughter
            .post(&serve, json!({"date": "2026-12-04"}))
            .await
            .ok();
        assert!(
            days(house).await.contains(&"12-04 10:00".to_owned()),
            "added back"
        );
        let twice = json!({"date": "2026-12-15", "start": "2026-12-09T03:00:00Z"});
        daughter
            .post(&serve, twice)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        daughter
            .post(&skip, json!({"date": "2026-12-03"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        for bad in [
            "2026-12-16T03:01:00Z",
            "2026-11-23T03:00:00Z",
            "2027-03-01T03:00:00Z",
        ] {
            daughter
                .post(&serve, json!({"date": "2026-12-15", "start": bad}))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
    }
);

both!(
    after_the_cutoff_the_office_is_asked,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = made(&mut daughter, house, weekly()).await;
        house.clock.set("2026-11-27T00:00:00Z".parse().unwrap());
        let after = daughter
            .post(&format!("{path}/skip"), json!({"date": "2026-11-27"}))
            .await
            .ok();
        assert_eq!(after["done"], false);
        assert!(days(house).await.contains(&"11-27 10:00".to_owned()));
        let paused = daughter
            .post(&format!("{path}/pause"), json!({"from": "2026-11-27"}))
            .await
            .ok();
        assert_eq!(paused["done"], false);
        assert_eq!(
            days(house).await,
            ["11-27 10:00"],
            "all but the one that the office decides on"
        );
        let mut coordinator = house.enter(house.at.coordinator).await;
        let lists = coordinator.get("/api/dispatch/lists").await.ok();
        let requests = lists["requests"].as_array().unwrap();
        assert_eq!(requests.len(), 1);
        let answer = format!("/api/change-requests/{}/answer", requests[0]["id"]);
        coordinator
            .post(&answer, json!({"accept": true, "note": "好的"}))
            .await
            .ok();
        assert_eq!(days(house).await, Vec::<String>::new());
        generate::pass(&house.app).await.unwrap();
        assert_eq!(days(house).await, Vec::<String>::new());
    }
);

both!(from_a_date_on_paused_and_ended, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    let path = made(&mut clerk, house, weekly()).await;
    clerk
        .post(
            &format!("{path}/serve"),
            json!({"date": "2026-12-15", "start": "2026-12-16T06:00:00Z"}),
        )
        .await
        .ok();
    let change = json!({"from": "2026-12-07", "rule": "FREQ=WEEKLY;BYDAY=TU", "start_min": 660, "duration_min": 30});
    let after = clerk.post(&format!("{path}/from"), change).await.ok();
    assert_eq!(after["done"], true);
    assert_eq!(
        days(house).await,
        [
            "11-27 10:00",
            "12-04 10:00",
            "12-08 11:00",
            "12-16 14:00",
            "12-22 11:00"
        ],
        "what was moved by hand stays"
    );
    let long = date(&after["series"], "2026-12-08")["visit"].clone();
    assert_eq!(long["end"], "2026-12-08T03:30:00Z");
    clerk
        .post(
            &format!("{path}/from"),
            json!({"from": "2026-12-14", "start_min": 690, "also_by_hand": true}),
        )
        .await
        .ok();
    assert_eq!(
        days(house).await,
        [
            "11-27 10:00",
            "12-04 10:00",
            "12-08 11:00",
            "12-15 11:30",
            "12-22 11:30"
        ]
    );
    let pause = json!({"from": "2026-12-01", "resumes_on": "2026-12-10"});
    clerk.post(&format!("{path}/pause"), pause).await.ok();
    assert_eq!(
        days(house).await,
        ["11-27 10:00", "12-15 11:30", "12-22 11:30"]
    );
    let board = clerk.get("/api/board?date=2026-12-04").await.ok();
    assert!(
        !board.to_string().contains("王桂芳"),
        "what is paused vanishes"
    );
    clerk.post(&format!("{path}/resume"), json!({})).await.ok();
    assert_eq!(
        days(house).await,
        [
            "11-27 10:00",
            "12-04 10:00",
            "12-08 11:00",
            "12-15 11:30",
            "12-22 11:30"
        ]
    );
    clerk
        .post(&format!("{path}/end"), json!({"last_date": "2026-12-10"}))
        .await
        .ok();
    assert_eq!(
        days(house).await,
        ["11-27 10:00", "12-04 10:00", "12-08 11:00"]
    );
    house.clock.set("2026-12-12T01:00:00Z".parse().unwrap());
    let mut clerk = house.enter(house.at.clerk).await;
    generate::pass(&house.app).await.unwrap();
    assert_eq!(clerk.get("/api/series").await.ok(), json!([]));
    clerk
        .post(&format!("{path}/pause"), json!({"from": "2026-12-20"}))
        .await
        .refused(StatusCode::CONFLICT, "not-now");
});

both!(
    the_calendar_is_the_offices_and_series_follow_it,
    async |house: &House| {
        let mut coordinator = house.enter(house.at.coordinator).await;
        made(&mut coordinator, house, weekly()).await;
        let holiday = json!({"from": "2026-12-07", "to": "2026-12-09", "kind": "closed", "name_zh": "社区日", "name_en": "Community day"});
        let kept = coordinator
            .post("/api/calendar", holiday.clone())
            .await
            .ok();
        assert_eq!(kept.as_array().unwrap().len(), 3);
        assert!(!days(house).await.contains(&"12-08 10:00".to_owned()));
        let year = coordinator.get("/api/calendar?year=2026").await.ok();
        assert_eq!(year.as_array().unwrap().len(), 4);
        coordinator
            .post(
                "/api/calendar/clear",
                json!({"from": "2026-12-01", "to": "2026-12-09"}),
            )
            .await
            .ok();
        let now = days(house).await;
        assert!(now.contains(&"12-08 10:00".to_owned()) && now.contains(&"12-01 10:00".to_owned()));
        for bad in [
            json!({"to": "2026-12-06"}),
            json!({"to": "2027-12-06"}),
            json!({"name_zh": " "}),
        ] {
            coordinator
                .post("/api/calendar", with(holiday.clone(), bad))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        for who in [
            house.at.clerk,
            house.at.daughter,
            house.at.chen_account,
            house.at.panel,
        ] {
            let mut other = house.enter(who).await;
            other.get("/api/calendar").await.ok();
            other
                .post("/api/calendar", holiday.clone())
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            other
                .post(
                    "/api/calendar/clear",
                    json!({"from": "2026-12-01", "to": "2026-12-01"}),
                )
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);

/// Who comes on each day of a series, in order of time.
async fn faces(client: &mut Client, path: &str) -> Vec<Value> {
    let series = client.get(path).await.ok();
    let dates = series["dates"].as_array().unwrap().iter();
    dates
        .filter(|row| row["became"] == "booked")
        .map(|row| row["visit"]["helpers"][0]["id"].clone())
        .collect()
}

both!(
    the_same_face_comes_on_every_date_of_a_series,
    async |house: &House| {
        // Three could come every time. On one of the dates the first of them has much to do already, so that a fair share would
        // send another: the known face comes all the same.
        let mut daughter = house.enter(house.at.daughter).await;
        let preview = format!("/api/residents/{}/series/preview", house.at.mother);
        let seen = daughter.post(&preview, weekly()).await.ok();
        let first = seen["dates"][1]["who"][0]["id"].clone();
        let mut stranger = house.enter(house.at.stranger).await;
        for hours in [3, 5, 7] {
            let start = House::morning() + TimeDelta::days(14) + TimeDelta::hours(hours);
            stranger
                .post(
                    &format!("/api/residents/{}/bookings", house.at.neighbour),
                    json!({"service": "MEAL", "start": start, "wish_helper_id": first, "if_unserved": "refuse"}),
                )
                .await
                .created();
        }
        let path = made(&mut daughter, house, weekly()).await;
        let came = faces(&mut daughter, &path).await;
        assert_eq!(came.len(), 7);
        assert!(
            came.iter().all(|face| *face == came[0]),
            "whoever comes first comes again: {came:?}"
        );
        // Four weeks on, by other hands, it is still the same.
        let another = house.another().await;
        house.clock.set(House::morning() + TimeDelta::days(8));
        generate::pass(&another).await.unwrap();
        generate::match_waiting(&another, None).await.unwrap();
        let later = faces(&mut daughter, &path).await;
        assert!(later.len() > 7 || later.last() == came.last());
        assert!(later.iter().all(|face| *face == came[0]), "{later:?}");
        // Nobody has come yet, so it is the series' other dates that make a face familiar: that stands in the reasons.
        let reasons = assignment::Entity::find()
            .filter(assignment::Column::HelperId.eq(came[0].as_i64().unwrap()))
            .order_by_desc(assignment::Column::Id)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .reasons;
        assert!(reasons.to_string().contains("熟人"), "{reasons}");
    }
);

both!(
    the_same_face_of_visits_before_comes_to_a_new_series,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        // 周建华 was there once; without that, it would be somebody else.
        let start = House::morning() + TimeDelta::hours(25);
        let booked = daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "MEAL", "start": start, "wish_helper_id": house.at.zhou, "if_unserved": "refuse"}),
            )
            .await
            .created();
        let visit = booked["visit"]["visit_id"].clone();
        let mut zhou = house.enter(house.at.zhou_account).await;
        let at = format!("/api/visits/{visit}");
        zhou.post(&format!("{at}/answer"), json!({"answer": "accept"}))
            .await
            .ok();
        house.clock.set(start);
        zhou.post(&format!("{at}/arrive"), json!({})).await.ok();
        house.clock.set(start + TimeDelta::minutes(15));
        zhou.post(&format!("{at}/finish"), json!({})).await.ok();
        let path = made(
            &mut daughter,
            house,
            with(weekly(), json!({"first_date": "2026-11-26"})),
        )
        .await;
        let came = faces(&mut daughter, &path).await;
        assert!(came.len() >= 6);
        assert!(
            came.iter().all(|face| *face == json!(house.at.zhou)),
            "{came:?}"
        );
    }
);

both!(
    the_coming_years_holidays_are_asked_for_from_november_on,
    async |house: &House| {
        let coming = async |client: &mut Client| client.get("/api/calendar/coming").await.ok();
        house.clock.set("2026-10-31T15:59:00Z".parse().unwrap());
        let mut coordinator = house.enter(house.at.coordinator).await;
        assert_eq!(
            coming(&mut coordinator).await,
            json!({"year": 2027, "entered": false, "overdue": false}),
            "the last minute of October"
        );
        house.clock.set("2026-10-31T16:00:00Z".parse().unwrap());
        assert_eq!(coming(&mut coordinator).await["overdue"], true);
        // A holiday that is on the same date every year says nothing of what was announced.
        let holiday = |from: &str, to: &str, name: &str| json!({"from": from, "to": to, "kind": "closed", "name_zh": name, "name_en": name});
        for (from, to, name, entered) in [
            ("2027-01-01", "2027-01-03", "元旦", false),
            ("2026-02-15", "2026-02-23", "春节", false),
            ("2027-02-05", "2027-02-11", "春节", true),
        ] {
            coordinator
                .post("/api/calendar", holiday(from, to, name))
                .await
                .ok();
            let now = coming(&mut coordinator).await;
            assert_eq!(now["entered"], entered, "{from}");
            assert_eq!(now["overdue"], !entered);
        }
        // With the new year, the next one is asked for.
        house.clock.set("2026-12-31T16:00:00Z".parse().unwrap());
        let mut coordinator = house.enter(house.at.coordinator).await;
        assert_eq!(
            coming(&mut coordinator).await,
            json!({"year": 2028, "entered": false, "overdue": false})
        );
    }
);

both!(
    the_hostile_and_the_absurd_are_refused_and_write_nothing,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = format!("/api/residents/{}/series", house.at.mother);
        for rule in [
            "FREQ=SECONDLY",
            "FREQ=DAILY;COUNT=4000000000",
            "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
            "every tuesday",
            "FREQ=DAILY;UNTIL=20200101",
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "",
        ] {
            for to in [path.clone(), format!("{path}/preview")] {
                let refused = daughter
                    .post(&to, with(weekly(), json!({"rule": rule})))
                    .await;
                assert!(
                    refused.text.contains("\"rule\""),
                    "{rule}: {}",
                    refused.text
                );
                refused.refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            }
        }
        for bad in [
            json!({"first_date": "2026-11-23"}),
            json!({"first_date": "2029-11-23"}),
            json!({"last_date": "2026-11-20"}),
            json!({"start_min": 601}),
            json!({"duration_min": 0}),
            json!({"service": "NONE"}),
            json!({"dishes": {"8": "鱼"}}),
        ] {
            daughter
                .post(&path, with(weekly(), bad))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        assert_eq!(daughter.get(&path).await.ok(), json!([]));
        let endless = with(weekly(), json!({"rule": "FREQ=DAILY"}));
        daughter.post(&path, endless).await.created();
        assert_eq!(
            days(house).await.len(),
            27,
            "without end, but four weeks ahead and no further"
        );
    }
);

both!(
    who_may_not_book_cannot_touch_a_series,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let path = made(&mut daughter, house, weekly()).await;
        let before = days(house).await;
        for who in [
            house.at.son,
            house.at.stranger,
            house.at.chen_account,
            house.at.officer,
            house.at.admin,
        ] {
            let mut other = house.enter(who).await;
            for (what, body) in [
                ("skip", json!({"date": "2026-12-04"})),
                ("serve", json!({"date": "2026-12-03"})),
                ("from", json!({"from": "2026-12-03", "start_min": 660})),
                ("pause", json!({"from": "2026-12-03"})),
                ("resume", json!({})),
                ("end", json!({"last_date": "2026-12-03"})),
            ] {
                other
                    .post(&format!("{path}/{what}"), body)
                    .await
                    .refused(StatusCode::NOT_FOUND, "not-found");
            }
            other
                .post(
                    &format!("/api/residents/{}/series", house.at.mother),
                    weekly(),
                )
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        assert_eq!(
            house.enter(house.at.son).await.get(&path).await.ok()["may_book"],
            false
        );
        assert_eq!(days(house).await, before);
    }
);

both!(
    whatever_the_runs_and_the_days_each_date_comes_once,
    async |house: &House| {
        use rand::rngs::StdRng;
        use rand::{Rng, SeedableRng};
        let mut rng = StdRng::seed_from_u64(11);
        let mut coordinator = house.enter(house.at.coordinator).await;
        for rule in [
            "FREQ=DAILY",
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA,TU",
        ] {
            let body = with(weekly(), json!({"rule": rule, "on_holiday": "move"}));
            made(&mut coordinator, house, body).await;
        }
        let another = house.another().await;
        let mut now = House::morning();
        for _ in 0..8 {
            match rng.random_range(0..3) {
                0 => now += TimeDelta::days(rng.random_range(0..6)),
                1 => {
                    let from = (now + TimeDelta::days(rng.random_range(1..25))).date_naive();
                    let to = from + TimeDelta::days(rng.random_range(0..4));
                    let body = json!({"from": from, "to": to, "kind": "closed", "name_zh": "放假", "name_en": "Holiday"});
                    coordinator.post("/api/calendar", body).await.ok();
                }
                _ => {
                    let from = (now + TimeDelta::days(rng.random_range(1..25))).date_naive();
                    coordinator
                        .post("/api/calendar/clear", json!({"from": from, "to": from}))
                        .await
                        .ok();
                }
            }
            house.clock.set(now);
            generate::pass(if rng.random_bool(0.5) {
                &house.app
            } else {
                &another
            })
            .await
            .unwrap();
        }
        assert_eq!(
            generate::pass(&another).await.unwrap() + generate::pass(&house.app).await.unwrap(),
            0
        );
        let closed: Vec<_> = entity::calendar_day::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap()
            .into_iter()
            .map(|day| day.date)
            .collect();
        let rows = series_date::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap();
        let mut once = std::collections::HashSet::new();
        for row in rows
            .iter()
            .filter(|row| row.start.is_some_and(|start| start > now))
        {
            let on = row.served_on.unwrap();
            assert!(once.insert((row.series_id, on)), "{on} twice");
            assert!(!closed.contains(&on), "{on} is closed");
        }
        assert!(once.len() > 40, "the run says something: {}", once.len());
        let last = rows.iter().filter_map(|row| row.start).max().unwrap();
        assert!(last > now + TimeDelta::days(26), "four weeks ahead: {last}");
        assert!(last < now + TimeDelta::days(43), "and no further: {last}");
        let _: chrono::DateTime<Utc> = now;
    }
);
