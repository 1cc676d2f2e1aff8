//! The catalogue: what can be booked for whom, what it costs from whom, and why something cannot be booked.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::ServiceId;
use entity::words::{HelperKind, ResidentState};
use entity::{resident, service, service_offer};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

fn path(resident: entity::ids::ResidentId) -> String {
    format!("/api/residents/{resident}/catalogue")
}

async fn for_mother(house: &House) -> Vec<Value> {
    let mut daughter = house.enter(house.at.daughter).await;
    lines(&mut daughter, &path(house.at.mother)).await
}

/// Every line of a catalogue.
async fn lines(client: &mut Client, path: &str) -> Vec<Value> {
    let categories = client.get(path).await.ok();
    let lines = |category: &Value| category["services"].as_array().unwrap().clone();
    categories
        .as_array()
        .unwrap()
        .iter()
        .flat_map(lines)
        .collect()
}

fn line<'a>(lines: &'a [Value], code: &str) -> &'a Value {
    lines.iter().find(|line| line["code"] == code).unwrap()
}

async fn service_id(house: &House, code: &str) -> ServiceId {
    service::Entity::find()
        .filter(service::Column::Code.eq(code))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .id
}

async fn offer(house: &House, code: &str, kind: HelperKind, price_fen: i64) {
    house
        .add(service_offer::ActiveModel {
            service_id: Set(service_id(house, code).await),
            kind: Set(kind),
            price_fen: Set(price_fen),
        })
        .await;
}

/// Nobody offers this service any more.
async fn withdraw_offers(house: &House, code: &str) {
    let service = service_id(house, code).await;
    house
        .app
        .store
        .write(move |txn| {
            Box::pin(async move {
                service_offer::Entity::delete_many()
                    .filter(service_offer::Column::ServiceId.eq(service))
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

async fn assess_mother(house: &House, level: i32, until: Option<NaiveDate>) {
    house
        .alter(resident::ActiveModel {
            id: Set(house.at.mother),
            ability_level: Set(Some(level)),
            ability_valid_until: Set(until),
            ..Default::default()
        })
        .await;
}

/// What a booking for the mother is told about this service.
async fn refusal(house: &House, code: &str) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    let told = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": code, "start": ten(), "if_unserved": "tray"}),
        )
        .await
        .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    assert_eq!(told["fields"][0]["field"], "service", "{told}");
    told["fields"][0]["message"].clone()
}

both!(
    a_daughter_sees_what_her_mother_can_have_and_what_it_costs,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let shown = daughter.get(&path(house.at.mother)).await.ok();
        assert_eq!(shown.as_array().unwrap().len(), 1);
        assert_eq!(shown[0]["category"], "助餐");
        assert_eq!(
            shown[0]["services"][0],
            json!({
                "code": "MEAL",
                "name": "午餐送餐上门",
                "unit": "份",
                "duration_min": 15,
                "price_from_fen": 1200,
                "price_to_fen": 1200,
                "market_price_fen": 9000,
                "free": false,
                "crew_size": 1,
                "lead_time_hours": 2,
                "place": "home",
                "kinds": [{"kind": "volunteer", "price_fen": 1200}],
                "bookable": true,
                "why_not": null,
            })
        );
        let all = for_mother(house).await;
        let codes: Vec<&Value> = all.iter().map(|line| &line["code"]).collect();
        assert_eq!(codes, ["MEAL", "CHESS", "BATH", "LIFT"]);
        assert!(
            all.iter()
                .all(|line| line["bookable"] == true && line["why_not"].is_null())
        );
        assert_eq!(line(&all, "CHESS")["free"], true);
        assert_eq!(line(&all, "LIFT")["crew_size"], 2);
        assert_eq!(
            line(&all, "BATH")["kinds"],
            json!([{"kind": "staff", "price_fen": 6000}])
        );
        // The desk reads the same lines, and everybody who is signed in the community's.
        let mut clerk = house.enter(house.at.clerk).await;
        assert_eq!(clerk.get(&path(house.at.mother)).await.ok(), shown);
        let mut chen = house.enter(house.at.chen_account).await;
        assert_eq!(lines(&mut chen, "/api/catalogue").await, all);
        house
            .stranger()
            .get("/api/catalogue")
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
);

both!(
    a_price_belongs_to_the_kind_of_helper_the_cheapest_first,
    async |house: &House| {
        offer(house, "MEAL", HelperKind::Staff, 2500).await;
        offer(house, "MEAL", HelperKind::Merchant, 900).await;
        let nobody_yet = for_mother(house).await;
        assert_eq!(
            line(&nobody_yet, "MEAL")["price_from_fen"],
            1200,
            "no merchant is there who could ask less"
        );
        crate::vouchers::shop(house).await;
        offer(house, "CHESS", HelperKind::Staff, 3000).await;
        let all = for_mother(house).await;
        let meal = line(&all, "MEAL");
        assert_eq!(
            meal["kinds"],
            json!([
                {"kind": "merchant", "price_fen": 900},
                {"kind": "volunteer", "price_fen": 1200},
                {"kind": "staff", "price_fen": 2500},
            ])
        );
        assert_eq!(
            (&meal["price_from_fen"], &meal["price_to_fen"]),
            (&json!(900), &json!(2500))
        );
        // Free from a volunteer is not free whoever comes.
        let chess = line(&all, "CHESS");
        assert_eq!(
            (&chess["price_from_fen"], &chess["free"]),
            (&json!(0), &json!(false))
        );
    }
);

both!(
    what_nobody_offers_says_so_and_is_not_booked,
    async |house: &House| {
        withdraw_offers(house, "LIFT").await;
        let all = for_mother(house).await;
        let lift = line(&all, "LIFT");
        assert_eq!(
            (&lift["bookable"], &lift["kinds"]),
            (&json!(false), &json!([]))
        );
        assert_eq!(lift["why_not"], "目前没有服务商提供这项服务。");
        assert_eq!(lift["free"], false, "what nobody offers is not free");
        assert_eq!(refusal(house, "LIFT").await, lift["why_not"]);
    }
);

both!(
    a_service_that_rests_is_off_the_list_and_is_not_booked,
    async |house: &House| {
        house
            .alter(service::ActiveModel {
                id: Set(service_id(house, "CHESS").await),
                active: Set(false),
                ..Default::default()
            })
            .await;
        let all = for_mother(house).await;
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|line| line["code"] != "CHESS"));
        assert_eq!(refusal(house, "CHESS").await, "这项服务暂停预约。");
    }
);

both!(
    the_ability_level_decides_and_says_so_in_both_languages,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        for (level, until, zh, en) in [
            (
                0,
                None,
                "老人能力评估为 0 级，这项服务适合 1 到 4 级。",
                "Their ability level is 0; this service is for levels 1 to 4.",
            ),
            (
                0,
                Some("2026-11-23"),
                "老人上次评估为能力 0 级，这项服务适合 1 到 4 级；评估已过期，可先约一次能力评估。",
                "The last assessment says ability level 0, and this service is for levels 1 to 4. That assessment is \
                 out of date: book a new one first.",
            ),
        ] {
            assess_mother(house, level, until.map(|day| day.parse().unwrap())).await;
            let all = for_mother(house).await;
            let bath = line(&all, "BATH");
            assert_eq!(
                (&bath["bookable"], &bath["why_not"]),
                (&json!(false), &json!(zh))
            );
            assert_eq!(refusal(house, "BATH").await, zh);
            let english = lines(&mut daughter.clone().english(), &path(house.at.mother)).await;
            assert_eq!(line(&english, "BATH")["why_not"], en);
            assert_eq!(line(&all, "MEAL")["bookable"], true);
        }
        for level in [1, 4] {
            assess_mother(house, level, None).await;
            assert_eq!(
                line(&for_mother(house).await, "BATH")["bookable"],
                true,
                "{level}"
            );
        }
        // The father-in-law was never assessed: he is not turned away.
        let his = lines(&mut daughter, &path(house.at.father_in_law)).await;
        assert_eq!(line(&his, "BATH")["bookable"], true);
        // Without a resident there is no level to look at.
        assess_mother(house, 0, None).await;
        let general = lines(&mut daughter, "/api/catalogue").await;
        assert_eq!(line(&general, "BATH")["bookable"], true);
    }
);

both!(
    nothing_is_bookable_for_somebody_who_is_away,
    async |house: &House| {
        for (state, why) in [
            (ResidentState::Moved, "已经搬离"),
            (ResidentState::Died, "已经关闭"),
        ] {
            house
                .alter(resident::ActiveModel {
                    id: Set(house.at.mother),
                    state: Set(state),
                    ..Default::default()
                })
                .await;
            let all = for_mother(house).await;
            assert_eq!(all.len(), 4);
            for line in &all {
                assert_eq!(line["bookable"], false, "{line}");
                assert!(line["why_not"].as_str().unwrap().contains(why), "{line}");
            }
            assert_eq!(refusal(house, "MEAL").await, all[0]["why_not"]);
        }
    }
);

both!(
    the_names_come_in_the_language_that_was_asked_for,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await.english();
        let english = lines(&mut daughter, &path(house.at.mother)).await;
        let names: Vec<&Value> = english.iter().map(|line| &line["name"]).collect();
        assert_eq!(
            names,
            [
                "Lunch delivered",
                "A game of chess",
                "Help with bathing",
                "Moving furniture"
            ]
        );
        withdraw_offers(house, "MEAL").await;
        let english = lines(&mut daughter, "/api/catalogue").await;
        assert_eq!(
            line(&english, "MEAL")["why_not"],
            "No provider offers this service at present."
        );
    }
);

both!(
    somebody_elses_catalogue_does_not_exist,
    async |house: &House| {
        for account in [
            house.at.stranger,
            house.at.chen_account,
            house.at.officer,
            house.at.admin,
        ] {
            let mut client = house.enter(account).await;
            let hidden = client.get(&path(house.at.mother)).await;
            let nowhere = client.get("/api/residents/99999/catalogue").await;
            assert_eq!(hidden.text, nowhere.text);
            hidden.refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);
