//! Money: the lines of a visit are its price, the subsidy is spent in its month, and a provider's month is a workbook.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use yinling::money::check::disagreements;

use crate::both;
use crate::support::House;
use crate::vouchers::voucher;

/// A bath for 60 yuan at the mother's, done by 孙丽, so many days from tomorrow.
pub async fn bath(house: &House, days: i64) -> i64 {
    let visit = booked(house, days).await;
    done(house, visit, start(days)).await;
    visit
}

fn start(days: i64) -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25) + TimeDelta::days(days)
}

async fn booked(house: &House, days: i64) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "BATH", "start": start(days), "if_unserved": "refuse"}),
        )
        .await
        .created();
    booked["visit"]["visit_id"].as_i64().unwrap()
}

async fn done(house: &House, visit: i64, at: DateTime<Utc>) {
    let mut sun = house.enter(house.at.sun_account).await;
    sun.post(
        &format!("/api/visits/{visit}/answer"),
        json!({"answer": "accept"}),
    )
    .await
    .ok();
    house.clock.set(at);
    sun.post(&format!("/api/visits/{visit}/arrive"), json!({}))
        .await
        .ok();
    house.clock.set(at + TimeDelta::hours(1));
    sun.post(&format!("/api/visits/{visit}/finish"), json!({}))
        .await
        .ok();
}

pub async fn grant(house: &House, fen: i64) {
    let mut office = house.enter(house.at.coordinator).await;
    office
        .post(
            &format!("/api/residents/{}/subsidies", house.at.mother),
            json!({"month": "2026-11-01", "allowance_fen": fen}),
        )
        .await
        .ok();
}

pub async fn month(house: &House) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .get(&format!(
            "/api/residents/{}/money?month=2026-11-15",
            house.at.mother
        ))
        .await
        .ok()
}

pub async fn all_is_paid(house: &House) {
    let found = disagreements(house.app.store.read()).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
}

pub fn amounts(visit: &Value) -> Vec<(String, i64)> {
    let mut amounts: Vec<_> = visit["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["source"].as_str().unwrap().to_owned(),
                line["amount_fen"].as_i64().unwrap(),
            )
        })
        .collect();
    amounts.sort();
    amounts
}

pub fn pay(source: &str, fen: i64) -> (String, i64) {
    (source.to_owned(), fen)
}

both!(
    the_subsidy_pays_first_and_what_is_left_lapses,
    async |house: &House| {
        grant(house, 8_000).await;
        bath(house, 0).await;
        bath(house, 1).await;
        let told = month(house).await;
        assert_eq!(amounts(&told["visits"][0]), [pay("subsidy", 6_000)]);
        assert_eq!(
            amounts(&told["visits"][1]),
            [pay("self_paid", 4_000), pay("subsidy", 2_000)]
        );
        assert_eq!(told["price_fen"], 12_000);
        assert_eq!(told["subsidy"]["left_fen"], 0);
        let mut office = house.enter(house.at.coordinator).await;
        office
            .post(
                &format!("/api/residents/{}/subsidies", house.at.mother),
                json!({"month": "2026-11-01", "allowance_fen": 7_999}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        grant(house, 10_000).await;
        let told = month(house).await;
        assert_eq!(told["subsidy"]["left_fen"], 2_000);
        house.clock.set(House::morning() + TimeDelta::days(8));
        let told = month(house).await;
        assert_eq!(told["subsidy"]["left_fen"], 0);
        assert_eq!(told["subsidy"]["lapsed_fen"], 2_000);
        all_is_paid(house).await;
    }
);

both!(
    a_voucher_and_a_waiver_pay_too_and_the_sum_stays,
    async |house: &House| {
        let visit = bath(house, 0).await;
        let given = voucher(house).await;
        let mut desk = house.enter(house.at.clerk).await;
        let path = format!("/api/visits/{visit}/payment");
        let waive = |fen: i64| json!({"waived_fen": fen, "waived_reason": "做到一半停水"});
        desk.post(&path, waive(6_001))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        desk.post(&path, json!({"waived_fen": 100}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let told = desk.post(&path, waive(500)).await.ok();
        assert_eq!(
            amounts(&told),
            [pay("self_paid", 5_500), pay("waived", 500)]
        );
        let with = json!({"voucher_code": given["code"]});
        let told = desk.post(&path, with.clone()).await.ok();
        assert_eq!(
            amounts(&told),
            [
                pay("self_paid", 500),
                pay("voucher", 5_000),
                pay("waived", 500)
            ]
        );
        desk.post(&path, with)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        all_is_paid(house).await;
        let open = booked(house, 2).await;
        desk.post(&format!("/api/visits/{open}/payment"), waive(1))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

both!(
    two_visits_settled_at_once_do_not_spend_the_subsidy_twice,
    async |house: &House| {
        grant(house, 6_000).await;
        let visits = [bath(house, 0).await, bath(house, 1).await];
        // Waiving and taking the waiver back settles anew: both at once, again and again.
        let desk = house.enter(house.at.clerk).await;
        let tries = (0..20).map(|n: i64| {
            let mut desk = desk.clone();
            let visit = visits[usize::try_from(n % 2).unwrap()];
            let body = json!({"waived_fen": (n % 3) * 1_000, "waived_reason": "试"});
            tokio::spawn(async move {
                desk.post(&format!("/api/visits/{visit}/payment"), body)
                    .await
                    .ok()
            })
        });
        for told in join_all(tries).await {
            let told = told.unwrap();
            let sum: i64 = amounts(&told).iter().map(|(_, fen)| fen).sum();
            assert_eq!(sum, 6_000);
        }
        let told = month(house).await;
        assert!(told["subsidy"]["used_fen"].as_i64().unwrap() <= 6_000);
        all_is_paid(house).await;
    }
);

both!(
    the_subsidy_is_for_who_has_a_right_to_it,
    async |house: &House| {
        let mut office = house.enter(house.at.coordinator).await;
        let path = |who| format!("/api/residents/{who}/subsidies");
        let body = |fen: i64| json!({"month": "2026-11-01", "allowance_fen": fen});
        office
            .post(&path(house.at.neighbour), body(10_000))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        office
            .post(&path(house.at.mother), body(80_001))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        for other in [house.at.clerk, house.at.daughter] {
            let mut other = house.enter(other).await;
            other
                .post(&path(house.at.mother), body(10_000))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);

both!(a_providers_month_is_a_workbook, async |house: &House| {
    grant(house, 2_000).await;
    bath(house, 0).await;
    let mut desk = house.enter(house.at.coordinator).await;
    let providers = desk.get("/api/providers").await.ok();
    let company = providers
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["kind"] == "care_company")
        .unwrap()["id"]
        .clone();
    let told = desk
        .get(&format!(
            "/api/providers/{company}/settlement?month=2026-11-01"
        ))
        .await
        .ok();
    assert_eq!(told["price_fen"], 6_000);
    assert_eq!(told["owed_fen"], 2_000);
    let path = format!("/api/providers/{company}/settlement/workbook?month=2026-11-01");
    let (headers, bytes) = raw(house, house.at.coordinator, &path).await;
    assert!(
        headers[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .contains("2026-11.xlsx")
    );
    assert_eq!(&bytes[..2], b"PK", "a workbook is a ZIP archive");
});

/// The bytes of an answer that is no text.
async fn raw(
    house: &House,
    account: entity::ids::AccountId,
    path: &str,
) -> (axum::http::HeaderMap, Vec<u8>) {
    use tower::ServiceExt;
    use tower_sessions::Session;
    use yinling::http::session::{ACCOUNT, Sessions};
    let sessions = std::sync::Arc::new(Sessions::new(
        house.app.store.clone(),
        house.app.clock.clone(),
    ));
    let session = Session::new(None, sessions, None);
    session.insert(ACCOUNT, account.0).await.unwrap();
    session.save().await.unwrap();
    let request = Request::get(path)
        .header(header::HOST, "yinling.test")
        .header(header::COOKIE, format!("yinling={}", session.id().unwrap()))
        .body(Body::empty())
        .unwrap();
    let answer = house.app.router().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let (parts, body) = answer.into_parts();
    (
        parts.headers,
        body.collect().await.unwrap().to_bytes().to_vec(),
    )
}
