//! Meals: dishes by weekday, the kitchen's count by the cut-off, and the sheet by which they are carried.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::both;
use crate::support::House;

fn order(start_min: i32, dishes: Value) -> Value {
    json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=TH,FR", "first_date": "2026-11-25", "start_min": start_min,
        "on_holiday": "skip", "dishes": dishes})
}

both!(
    the_kitchen_counts_by_the_cutoff_and_the_sheet_goes_door_by_door,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let mut ids = Vec::new();
        for (resident, start, dishes) in [
            (house.at.neighbour, 690, json!({"4": "面条", "5": "清蒸鱼"})),
            (house.at.mother, 705, json!({"4": "面条"})),
            (house.at.father_in_law, 720, json!({})),
        ] {
            let path = format!("/api/residents/{resident}/series");
            ids.push(clerk.post(&path, order(start, dishes)).await.created()["id"].clone());
        }
        let day = clerk.get("/api/meals?date=2026-11-26").await.ok();
        assert_eq!(day["settled"], false);
        let count = |day: &Value| -> Vec<(Value, u64, u64, u64)> {
            day["kitchen"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| {
                    let n = |name: &str| line[name].as_u64().unwrap();
                    (
                        line["dish"].clone(),
                        n("at_cutoff"),
                        n("cancelled"),
                        n("now"),
                    )
                })
                .collect()
        };
        assert_eq!(
            count(&day),
            [(json!(null), 1, 0, 1), (json!("面条"), 2, 0, 2)]
        );
        let doors: Vec<_> = day["deliveries"]
            .as_array()
            .unwrap()
            .iter()
            .map(|line| line["door"].clone())
            .collect();
        assert_eq!(doors, ["3栋2单元501", "5栋1单元201", "5栋1单元202"]);
        // The dish of one day; after the cut-off it is the kitchen's.
        let mut daughter = house.enter(house.at.daughter).await;
        let serve = format!("/api/series/{}/serve", ids[1]);
        daughter
            .post(&serve, json!({"date": "2026-11-26", "dish": "饺子"}))
            .await
            .ok();
        let day = clerk.get("/api/meals?date=2026-11-26").await.ok();
        assert_eq!(
            count(&day),
            [
                (json!(null), 1, 0, 1),
                (json!("面条"), 1, 0, 1),
                (json!("饺子"), 1, 0, 1)
            ]
        );
        house.clock.set("2026-11-26T01:00:00Z".parse().unwrap());
        let before = clerk.get("/api/meals?date=2026-11-26").await.ok();
        assert_eq!(before["settled"], true);
        // Only what somebody is to bring is bound by the cut-off: all three are matched.
        daughter
            .post(&serve, json!({"date": "2026-11-26", "dish": "米饭"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        clerk
            .post(
                &format!("/api/series/{}/skip", ids[0]),
                json!({"date": "2026-11-26"}),
            )
            .await
            .ok();
        let day = clerk.get("/api/meals?date=2026-11-26").await.ok();
        assert_eq!(
            count(&day)[1],
            (json!("面条"), 1, 1, 0),
            "the count stands, and the change is told"
        );
        assert_eq!(
            day["deliveries"].as_array().unwrap().len(),
            2,
            "what is cancelled is not carried"
        );
        clerk
            .post(
                &format!("/api/series/{}/pause", ids[2]),
                json!({"from": "2026-11-27"}),
            )
            .await
            .ok();
        let friday = clerk.get("/api/meals?date=2026-11-27").await.ok();
        assert!(
            !friday.to_string().contains("李建国"),
            "what is paused is neither cooked nor carried"
        );
        assert_eq!(
            count(&friday),
            [(json!(null), 1, 0, 1), (json!("清蒸鱼"), 1, 0, 1)]
        );
        clerk
            .get("/api/meals?date=x")
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
);

both!(
    a_dish_that_was_chosen_outlives_a_pause_after_the_cutoff,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let path = format!("/api/residents/{}/series", house.at.mother);
        let made = clerk
            .post(&path, order(705, json!({"4": "面条"})))
            .await
            .created();
        let series = format!("/api/series/{}", made["id"]);
        clerk
            .post(
                &format!("{series}/serve"),
                json!({"date": "2026-11-26", "dish": "饺子"}),
            )
            .await
            .ok();
        let kitchen = async |clerk: &mut crate::support::client::Client, date: &str| -> Value {
            let day = clerk.get(&format!("/api/meals?date={date}")).await.ok();
            let lines = day["kitchen"].as_array().unwrap().iter();
            lines
                .map(|line| {
                    json!([
                        line["dish"],
                        line["at_cutoff"],
                        line["cancelled"],
                        line["now"]
                    ])
                })
                .collect()
        };
        assert_eq!(
            kitchen(&mut clerk, "2026-11-26").await,
            json!([["饺子", 1, 0, 1]])
        );
        // The kitchen has counted. Then the series is paused, and goes on after all.
        house.clock.set("2026-11-26T01:00:00Z".parse().unwrap());
        let paused = clerk
            .post(
                &format!("{series}/pause"),
                json!({"from": "2026-11-26", "resumes_on": "2026-12-05"}),
            )
            .await
            .ok();
        let row = |series: &Value, date: &str| {
            let dates = series["dates"].as_array().unwrap().iter();
            dates
                .clone()
                .find(|row| row["date"] == date)
                .unwrap()
                .clone()
        };
        assert_eq!(row(&paused["series"], "2026-11-26")["became"], "paused");
        assert_eq!(row(&paused["series"], "2026-12-03")["became"], "paused");
        assert_eq!(
            kitchen(&mut clerk, "2026-11-26").await,
            json!([["饺子", 1, 1, 0]]),
            "what was counted stands, by its dish, and what went since is told"
        );
        assert_eq!(
            yinling::series::generate::pass(&house.app).await.unwrap(),
            0,
            "nothing is done twice"
        );
        clerk
            .post(&format!("{series}/resume"), json!({}))
            .await
            .ok();
        let now = kitchen(&mut clerk, "2026-11-26").await;
        assert_eq!(now[0][0], "饺子", "{now}");
        assert_eq!(now[0][3], 1);
        assert_eq!(now.as_array().unwrap().len(), 1);
        assert_eq!(
            kitchen(&mut clerk, "2026-12-03").await,
            json!([["面条", 1, 0, 1]])
        );
        // In hospital over the next, and home again: the same.
        clerk
            .post(
                &format!("{series}/serve"),
                json!({"date": "2026-12-03", "dish": "饺子"}),
            )
            .await
            .ok();
        house.clock.set("2026-12-03T01:00:00Z".parse().unwrap());
        let away = clerk
            .post(
                &format!("/api/roll/{}/absences", house.at.mother),
                json!({"kind": "hospital", "from": "2026-12-03"}),
            )
            .await
            .created();
        assert!(away["paused"].as_u64().unwrap() >= 1);
        assert_eq!(
            kitchen(&mut clerk, "2026-12-03").await,
            json!([["饺子", 1, 1, 0]]),
            "counted, and neither cooked nor carried now"
        );
        let day = clerk.get("/api/meals?date=2026-12-03").await.ok();
        assert_eq!(day["deliveries"], json!([]));
        assert_eq!(
            kitchen(&mut clerk, "2026-12-10").await,
            json!([]),
            "what is paused before its cut-off is never counted"
        );
        clerk
            .delete(&format!("/api/roll/absences/{}", away["absence"]["id"]))
            .await
            .ok();
        let now = kitchen(&mut clerk, "2026-12-03").await;
        assert_eq!(
            (&now[0][0], &now[0][3]),
            (&json!("饺子"), &json!(1)),
            "{now}"
        );
    }
);
