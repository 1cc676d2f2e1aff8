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
