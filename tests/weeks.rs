//! A week planned together: limits and credentials hold across its days, and it is judged again before it is published.

use entity::{credential, helper};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::plans::{agree, all_applied, planned, published, ten_in, waiting};

const TOMORROW: &str = "2026-11-25";

both!(
    a_week_keeps_the_weekly_limit_and_a_credential_that_ends_within_it,
    async |house: &House| {
        // 孙丽 gives two hours a week. One is taken on Wednesday, before the plan's first day; her credential ends on Monday.
        let (wednesday, thursday) = (1, 2);
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/residents/{}/bookings", house.at.mother),
                json!({"service": "BATH", "start": ten_in(wednesday), "if_unserved": "refuse"}),
            )
            .await
            .created();
        let mut baths = Vec::new();
        for day in [thursday, 3, 4, 6, 8] {
            baths.push(waiting(house, "BATH", ten_in(day)).await);
        }
        let (monday, next_wednesday) = (baths[3], baths[4]);
        house
            .alter(helper::ActiveModel {
                id: Set(house.at.sun),
                weekly_limit_min: Set(120),
                ..Default::default()
            })
            .await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(
            &mut coordinator,
            json!({"date": "2026-11-26", "days": 7, "seconds": 0.5}),
        )
        .await;
        assert_eq!(
            (&plan["date"], &plan["days"]),
            (&json!("2026-11-26"), &json!(7))
        );
        let changed: Vec<i64> = plan["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["visit_id"].as_i64().unwrap())
            .collect();
        let this_week = changed
            .iter()
            .filter(|visit| baths[..3].contains(visit))
            .count();
        assert_eq!(this_week, 1, "one hour is left this week: {plan}");
        assert!(
            changed.contains(&monday),
            "the next week has its own hours: {plan}"
        );
        assert!(!changed.contains(&next_wednesday), "{plan}");
        assert_eq!(plan["summary"]["unserved_after"], 3);

        // Whose papers are the matter is the office's business, not the family's.
        let why = |plan: &Value| {
            let mut unfilled = plan["unfilled"].as_array().unwrap().iter();
            let one = unfilled.find(|one| one["visit_id"] == next_wednesday);
            one.unwrap()["why"].to_string()
        };
        assert!(why(&plan).contains("孙丽有空，但"), "{plan}");
        let hers = daughter
            .get(&format!("/api/residents/{}/visits", house.at.mother))
            .await
            .ok();
        let reasons: Vec<&Value> = hers
            .as_array()
            .unwrap()
            .iter()
            .filter(|visit| visit["visit_id"] == next_wednesday)
            .map(|visit| &visit["unfilled_reason"])
            .collect();
        assert!(
            reasons.len() == 1
                && reasons[0].is_string()
                && !reasons[0].to_string().contains("孙丽"),
            "{hers}"
        );

        // The board of any of its days leads to it.
        let board = coordinator.get("/api/board?date=2026-11-30").await.ok();
        assert_eq!(board["plan"]["id"], plan["id"]);
        let done = published(&mut coordinator, &plan).await;
        assert!(all_applied(&done, true), "{done}");
        // It was the credential alone that kept her from coming on the second Wednesday.
        let credential = credential::Entity::find()
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap();
        house
            .alter(credential::ActiveModel {
                id: Set(credential.id),
                valid_until: Set("2026-12-31".parse().unwrap()),
                ..Default::default()
            })
            .await;
        let renewed = planned(
            &mut coordinator,
            json!({"date": "2026-11-26", "days": 7, "seconds": 0.5}),
        )
        .await;
        assert_eq!(renewed["changes"].as_array().unwrap().len(), 1, "{renewed}");
        assert_eq!(renewed["changes"][0]["visit_id"], next_wednesday);
        agree(house).await;
    }
);

both!(
    a_week_is_judged_again_as_it_stands_when_it_is_published,
    async |house: &House| {
        let near = waiting(house, "MEAL", ten_in(1)).await;
        let far = waiting(house, "CHESS", ten_in(5)).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let plan = planned(
            &mut coordinator,
            json!({"date": TOMORROW, "days": 7, "seconds": 0.2}),
        )
        .await;
        assert_eq!(plan["changes"].as_array().unwrap().len(), 2);
        // The only one who plays chess goes away on that day.
        let mut clerk = house.enter(house.at.clerk).await;
        clerk
            .post(
                &format!("/api/helpers/{}/leave", house.at.chen),
                json!({"from": "2026-11-29", "to": "2026-11-29", "reason": "探亲"}),
            )
            .await;
        let done = published(&mut coordinator, &plan).await;
        for change in done["changes"].as_array().unwrap() {
            let visit = change["visit_id"].as_i64().unwrap();
            assert!(visit == near || visit == far);
            assert_eq!(change["applied"], visit == near, "{change}");
        }
        agree(house).await;
    }
);
