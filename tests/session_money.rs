//! What a session of the station costs is in the money of whoever came: on the statement, in the settlement, in the check.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ResidentId, StationSignupId};
use entity::session_payment;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::money::check::disagreements;

use crate::both;
use crate::support::House;
use crate::vouchers::voucher;

/// Thursday the 26th, nine in the morning.
fn thursday() -> DateTime<Utc> {
    House::morning() + TimeDelta::days(2)
}

async fn company(house: &House) -> Value {
    let mut desk = house.enter(house.at.coordinator).await;
    let providers = desk.get("/api/providers").await.ok();
    let row = providers.as_array().unwrap().iter();
    row.clone()
        .find(|row| row["kind"] == "care_company")
        .unwrap()["id"]
        .clone()
}

/// A class for 20 yuan, held by this provider; by the station itself where there is none.
async fn class(house: &House, price_fen: i64, provider: &Value) -> Value {
    let mut coordinator = house.enter(house.at.coordinator).await;
    let hours: Vec<Value> = (0..7)
        .map(|weekday| json!({"weekday": weekday, "opens_min": 480, "closes_min": 1200}))
        .collect();
    let room = json!({"name_zh": "阅览室", "name_en": "Reading room", "holds": 20, "active": true, "hours": hours});
    let rooms = coordinator.post("/api/station/rooms", room).await.ok();
    let room = rooms.as_array().unwrap().last().unwrap()["id"].clone();
    let body = json!({"kind": "class", "title": "剪纸课", "room_id": room, "provider_id": provider,
        "starts_at": thursday(), "ends_at": thursday() + TimeDelta::hours(2), "seats": 5, "price_fen": price_fen});
    coordinator
        .post("/api/station/sessions", body)
        .await
        .created()
}

async fn place(house: &House, session: &Value, who: ResidentId) -> StationSignupId {
    let mut clerk = house.enter(house.at.clerk).await;
    let path = format!("/api/residents/{who}/signups");
    let made = clerk
        .post(&path, json!({"session_id": session["id"]}))
        .await
        .created();
    StationSignupId(made["id"].as_i64().unwrap())
}

async fn tick(house: &House, place: StationSignupId, attendance: Value) {
    let mut clerk = house.enter(house.at.clerk).await;
    clerk
        .post(
            &format!("/api/signups/{place}/attendance"),
            json!({"attendance": attendance}),
        )
        .await
        .ok();
}

async fn month(house: &House) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    let path = format!("/api/residents/{}/money?month=2026-11-01", house.at.mother);
    daughter.get(&path).await.ok()
}

async fn settled(house: &House, provider: &Value) -> Value {
    let mut desk = house.enter(house.at.coordinator).await;
    let path = format!("/api/providers/{provider}/settlement?month=2026-11-01");
    desk.get(&path).await.ok()
}

async fn grant(house: &House, fen: i64) {
    let mut office = house.enter(house.at.coordinator).await;
    let path = format!("/api/residents/{}/subsidies", house.at.mother);
    office
        .post(&path, json!({"month": "2026-11-01", "allowance_fen": fen}))
        .await
        .ok();
}

async fn all_is_paid(house: &House) {
    let found = disagreements(house.app.store.read()).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
}

fn lines(paid: &Value) -> Vec<(&str, i64)> {
    paid["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            let source = line["source"].as_str().unwrap();
            (source, line["amount_fen"].as_i64().unwrap())
        })
        .collect()
}

both!(
    whoever_comes_to_a_session_pays_its_price_and_a_correction_corrects_it,
    async |house: &House| {
        grant(house, 300).await;
        let company = company(house).await;
        let made = class(house, 2_000, &company).await;
        let hers = place(house, &made, house.at.mother).await;
        let other = place(house, &made, house.at.neighbour).await;
        house.clock.set(thursday());
        assert_eq!(month(house).await["sessions"], json!([]), "nobody came yet");
        tick(house, hers, json!("came")).await;
        tick(house, other, json!("no_show")).await;
        let told = month(house).await;
        assert_eq!(told["sessions"][0]["title"], "剪纸课");
        assert_eq!(
            lines(&told["sessions"][0]),
            [("self_paid", 1_700), ("subsidy", 300)]
        );
        assert_eq!(told["price_fen"], 2_000);
        assert_eq!(told["subsidy"]["left_fen"], 0);
        let owed = settled(house, &company).await;
        assert_eq!(owed["sessions"].as_array().unwrap().len(), 1, "{owed}");
        assert_eq!(owed["sessions"][0]["resident"], "王奶奶");
        assert_eq!(
            (&owed["price_fen"], &owed["owed_fen"]),
            (&json!(2_000), &json!(300))
        );
        all_is_paid(house).await;
        // It was somebody else: the tick is taken back, and so is all that hangs on it.
        for back in [Value::Null, json!("no_show")] {
            tick(house, hers, json!("came")).await;
            tick(house, hers, back).await;
            let told = month(house).await;
            assert_eq!(
                (&told["sessions"], &told["price_fen"]),
                (&json!([]), &json!(0))
            );
            assert_eq!(told["subsidy"]["left_fen"], 300);
            assert_eq!(settled(house, &company).await["price_fen"], 0);
            all_is_paid(house).await;
        }
    }
);

both!(
    the_check_notices_a_place_that_nobody_paid,
    async |house: &House| {
        let made = class(house, 2_000, &Value::Null).await;
        let hers = place(house, &made, house.at.mother).await;
        house.clock.set(thursday());
        tick(house, hers, json!("came")).await;
        all_is_paid(house).await;
        let removed = house
            .app
            .store
            .write(move |txn| {
                Box::pin(async move {
                    Ok(session_payment::Entity::delete_many()
                        .filter(session_payment::Column::SignupId.eq(hers))
                        .exec(txn)
                        .await?
                        .rows_affected)
                })
            })
            .await
            .unwrap();
        assert_eq!(removed, 1, "the station's own session is paid as well");
        let found = disagreements(house.app.store.read()).await.unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].contains("costs 2000 fen, its lines pay 0"),
            "{found:?}"
        );
    }
);

both!(
    a_voucher_and_a_waiver_pay_for_a_place_too,
    async |house: &House| {
        let company = company(house).await;
        let made = class(house, 6_000, &company).await;
        let hers = place(house, &made, house.at.mother).await;
        let given = voucher(house).await;
        let mut desk = house.enter(house.at.clerk).await;
        let pay = format!("/api/signups/{hers}/payment");
        let both =
            json!({"waived_fen": 500, "waived_reason": "老师迟到", "voucher_code": given["code"]});
        desk.post(&pay, both.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        house.clock.set(thursday());
        tick(house, hers, json!("came")).await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&pay, both.clone())
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        desk.post(&pay, json!({"waived_fen": 6_001, "waived_reason": "全免"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let paid = desk.post(&pay, both.clone()).await.ok();
        assert_eq!(
            lines(&paid),
            [("self_paid", 500), ("voucher", 5_000), ("waived", 500)]
        );
        desk.post(&pay, json!({"voucher_code": given["code"]}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // It is owed for the session, and not once more as if the counter had taken it.
        let owed = settled(house, &company).await;
        assert_eq!(
            (&owed["counter_vouchers_fen"], &owed["owed_fen"]),
            (&json!(0), &json!(5_500))
        );
        all_is_paid(house).await;
        // She did not come after all: the voucher is hers again.
        tick(house, hers, Value::Null).await;
        let path = format!("/api/residents/{}/vouchers", house.at.mother);
        assert_eq!(
            daughter.get(&path).await.ok()["vouchers"][0]["state"],
            "open"
        );
        all_is_paid(house).await;
    }
);

both!(
    a_walk_in_pays_and_a_price_that_changes_is_reckoned_anew,
    async |house: &House| {
        let company = company(house).await;
        let made = class(house, 2_000, &company).await;
        house.clock.set(thursday() - TimeDelta::hours(1));
        let mut desk = house.enter(house.at.coordinator).await;
        let path = format!("/api/station/sessions/{}", made["id"]);
        desk.post(
            &format!("{path}/walk-ins"),
            json!({"resident_id": house.at.mother}),
        )
        .await
        .created();
        assert_eq!(
            lines(&month(house).await["sessions"][0]),
            [("self_paid", 2_000)]
        );
        for (price, wanted) in [(1_500, 1), (0, 0), (900, 1)] {
            let now = desk.get(&path).await.ok();
            let mut body = now.clone();
            body["price_fen"] = json!(price);
            desk.post(&path, body).await.ok();
            let told = month(house).await;
            assert_eq!(told["sessions"].as_array().unwrap().len(), wanted);
            assert_eq!(told["price_fen"], price);
            all_is_paid(house).await;
        }
        desk.post(&format!("{path}/cancel"), json!({"why": "停电"}))
            .await
            .ok();
        assert_eq!(month(house).await["price_fen"], 0, "nothing was held");
        all_is_paid(house).await;
    }
);

both!(
    the_station_itself_takes_no_voucher_and_a_free_session_has_no_line,
    async |house: &House| {
        let made = class(house, 2_000, &Value::Null).await;
        let hers = place(house, &made, house.at.mother).await;
        let given = voucher(house).await;
        house.clock.set(thursday());
        tick(house, hers, json!("came")).await;
        let mut desk = house.enter(house.at.clerk).await;
        let told = desk
            .post(
                &format!("/api/signups/{hers}/payment"),
                json!({"voucher_code": given["code"]}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "voucher_code");
        all_is_paid(house).await;
    }
);
