//! Who pays in the end: hours that are worth the price, a waiver that outlives them, a voucher wanted at two places at once,
//! and the workbook that a provider is paid by.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use entity::{provider, resident, service};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::timebank::books::Holder;

use crate::both;
use crate::money::{all_is_paid, amounts, bath, grant, month, pay};
use crate::providers::provider_of;
use crate::support::House;
use crate::support::client::Client;
use crate::timebank::deposit;
use crate::vouchers::{shop, voucher};

/// A bath is a service of mutual aid for once: the mother's hours may pay for it.
async fn baths_for_hours(house: &House) {
    let row = of_code(house, "BATH").await;
    house
        .alter(service::ActiveModel {
            id: Set(row.id),
            credit: Set(true),
            ..Default::default()
        })
        .await;
    deposit(house, Holder::Resident(house.at.mother), 120).await;
}

async fn of_code(house: &House, code: &str) -> service::Model {
    service::Entity::find()
        .filter(service::Column::Code.eq(code))
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
}

async fn redeem(client: &mut Client, house: &House, visit: i64) -> Value {
    client
        .post(
            &format!("/api/residents/{}/hours/redemptions", house.at.mother),
            json!({"visit_id": visit}),
        )
        .await
        .created()
}

/// Takes the latest entry of the mother's account back.
async fn take_back(house: &House) {
    let mut office = house.enter(house.at.coordinator).await;
    let hours = office
        .get(&format!("/api/residents/{}/hours", house.at.mother))
        .await
        .ok();
    let last = hours["lines"].as_array().unwrap().last().unwrap();
    assert_eq!(last["kind"], "redeem");
    office
        .post(
            &format!("/api/time-entries/{}/reversal", last["entry_id"]),
            json!({"reason": "点错了"}),
        )
        .await
        .created();
}

async fn waive(desk: &mut Client, visit: i64, fen: i64) -> Value {
    desk.post(
        &format!("/api/visits/{visit}/payment"),
        json!({"waived_fen": fen, "waived_reason": "做到一半停水"}),
    )
    .await
    .ok()
}

async fn paid(house: &House) -> Vec<(String, i64)> {
    amounts(&month(house).await["visits"][0])
}

both!(
    hours_are_worth_the_price_and_a_waiver_outlives_them,
    async |house: &House| {
        baths_for_hours(house).await;
        let visit = bath(house, 0).await;
        let mut desk = house.enter(house.at.clerk).await;
        let mut daughter = house.enter(house.at.daughter).await;
        assert!(month(house).await["visits"][0]["redeemable"] == true);
        waive(&mut desk, visit, 500).await;
        redeem(&mut daughter, house, visit).await;
        assert_eq!(paid(house).await, [pay("credit", 6_000), pay("waived", 0)]);
        let hours = daughter
            .get(&format!("/api/residents/{}/hours", house.at.mother))
            .await
            .ok();
        assert_eq!(hours["closing_min"], 60);
        // The redemption was a mistake: what the office had waived is waived still, with its reason.
        take_back(house).await;
        assert_eq!(
            paid(house).await,
            [pay("self_paid", 5_500), pay("waived", 500)]
        );
        let lines = month(house).await["visits"][0]["lines"].clone();
        let waived = lines
            .as_array()
            .unwrap()
            .iter()
            .find(|line| line["source"] == "waived")
            .unwrap();
        assert_eq!(waived["reason"], "做到一半停水");
        // Again and again, and with a subsidy beside it.
        grant(house, 1_000).await;
        for _ in 0..2 {
            redeem(&mut daughter, house, visit).await;
            take_back(house).await;
        }
        let lasting = [
            pay("self_paid", 4_500),
            pay("subsidy", 1_000),
            pay("waived", 500),
        ];
        assert_eq!(paid(house).await, lasting);
        // What is decided while hours pay holds afterwards: more waived, or nothing.
        redeem(&mut daughter, house, visit).await;
        waive(&mut desk, visit, 2_000).await;
        assert_eq!(paid(house).await, [pay("credit", 6_000), pay("waived", 0)]);
        take_back(house).await;
        let lasting = [
            pay("self_paid", 3_000),
            pay("subsidy", 1_000),
            pay("waived", 2_000),
        ];
        assert_eq!(paid(house).await, lasting);
        redeem(&mut daughter, house, visit).await;
        waive(&mut desk, visit, 0).await;
        assert_eq!(paid(house).await, [pay("credit", 6_000)]);
        take_back(house).await;
        assert_eq!(
            paid(house).await,
            [pay("self_paid", 5_000), pay("subsidy", 1_000)]
        );
        all_is_paid(house).await;
    }
);

/// Vouchers that are wanted at a counter and at the desk at once.
const ROUNDS: i64 = 5;

both!(
    a_voucher_at_a_counter_and_at_the_desk_at_once_is_used_once,
    async |house: &House| {
        let (_, keeper) = shop(house).await;
        let (mut counter_won, mut desk_won) = (0, 0);
        for round in 0..ROUNDS {
            let visit = bath(house, round).await;
            let given = voucher(house).await;
            let (mut counter, mut desk) =
                (house.enter(keeper).await, house.enter(house.at.clerk).await);
            let (code, body) = (
                json!({"code": given["code"]}),
                json!({"voucher_code": given["code"]}),
            );
            let at_counter =
                tokio::spawn(async move { counter.post("/api/shop/take", code).await });
            let path = format!("/api/visits/{visit}/payment");
            let at_desk = tokio::spawn(async move { desk.post(&path, body).await });
            let (at_counter, at_desk) = (at_counter.await.unwrap(), at_desk.await.unwrap());
            let late = match (at_counter.status, at_desk.status) {
                (StatusCode::OK, _) => {
                    counter_won += 1;
                    at_desk
                }
                _ => {
                    assert_eq!(at_desk.status, StatusCode::OK, "{}", at_desk.text);
                    desk_won += 1;
                    at_counter
                }
            };
            let told = late.refused(StatusCode::CONFLICT, "not-now");
            assert!(told["detail"].as_str().unwrap().contains("用过"), "{told}");
        }
        assert_eq!(counter_won + desk_won, ROUNDS);
        let told = month(house).await;
        let with = told["visits"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|visit| amounts(visit).contains(&pay("voucher", 5_000)));
        assert_eq!(i64::try_from(with.count()).unwrap(), desk_won);
        let mut counter = house.enter(keeper).await;
        let seen = counter.get("/api/shop").await.ok();
        assert_eq!(seen["in_all"]["count"], counter_won);
        let mut office = house.enter(house.at.coordinator).await;
        let totals = office.get("/api/vouchers/totals").await.ok();
        assert_eq!(
            totals["used"],
            json!({"count": ROUNDS, "fen": ROUNDS * 5_000})
        );
        all_is_paid(house).await;
    }
);

/// A cell's text; of a number as it is shown.
fn said(cell: Option<&Data>) -> String {
    match cell {
        None | Some(Data::Empty) => String::new(),
        Some(Data::Float(number)) => format!("{number:.2}"),
        Some(Data::String(text)) => text.clone(),
        Some(other) => panic!("{other:?}"),
    }
}

both!(
    the_workbook_of_a_month_has_every_visit_and_adds_up_in_yuan,
    async |house: &House| {
        let company = provider_of(house, house.at.sun).await;
        let hostile = "=1+1";
        house
            .alter(provider::ActiveModel {
                id: Set(company),
                name: Set(hostile.into()),
                ..Default::default()
            })
            .await;
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.mother),
                name: Set("=王".into()),
                ..Default::default()
            })
            .await;
        let service = of_code(house, "BATH").await;
        house
            .alter(service::ActiveModel {
                id: Set(service.id),
                name_zh: Set("@SUM(A1)".into()),
                ..Default::default()
            })
            .await;
        baths_for_hours(house).await;
        grant(house, 2_050).await;
        let visits = [
            bath(house, 0).await,
            bath(house, 1).await,
            bath(house, 2).await,
        ];
        let mut desk = house.enter(house.at.coordinator).await;
        waive(&mut desk, visits[1], 505).await;
        let mut daughter = house.enter(house.at.daughter).await;
        redeem(&mut daughter, house, visits[2]).await;
        let path = format!("/api/providers/{company}/settlement/workbook?month=2026-11-01");
        let reply = desk.get(&path).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["结算单"]);
        assert!(book.worksheet_formula("结算单").unwrap().is_empty());
        let sheet = book.worksheet_range("结算单").unwrap();
        let row = |at: u32| -> Vec<String> {
            (0..11)
                .map(|col| said(sheet.get_value((at, col))))
                .collect()
        };
        assert_eq!(row(0)[..2], ["'=1+1", "2026-11"]);
        assert_eq!(
            row(2),
            [
                "日期",
                "时间",
                "工单/名额",
                "老人",
                "服务/活动",
                "价格（元）",
                "自付",
                "补贴",
                "优惠券",
                "时间银行",
                "减免"
            ]
        );
        let lines = [
            (
                "2026-11-25",
                visits[0],
                ["60.00", "39.50", "20.50", "", "", ""],
            ),
            (
                "2026-11-26",
                visits[1],
                ["60.00", "54.95", "", "", "", "5.05"],
            ),
            ("2026-11-27", visits[2], ["60.00", "", "", "", "60.00", ""]),
        ];
        for (at, (date, visit, money)) in (3..).zip(lines) {
            let row = row(at);
            assert_eq!(row[..3], [date, "10:00", &visit.to_string()], "{row:?}");
            assert!(row[3].starts_with("'="), "{row:?}");
            assert_eq!(row[4], "'@SUM(A1)");
            assert_eq!(row[5..], money, "{row:?}");
        }
        let total = row(6);
        assert_eq!(total[0], "合计");
        assert_eq!(
            total[5..],
            ["180.00", "94.45", "20.50", "0.00", "60.00", "5.05"]
        );
        assert_eq!(
            (row(7)[0].as_str(), row(7)[5].as_str()),
            ("柜台收券", "0.00")
        );
        assert_eq!(
            (row(8)[0].as_str(), row(8)[5].as_str()),
            ("社区应付", "85.55")
        );
        // The same as the page says, line by line.
        let page = desk
            .get(&format!(
                "/api/providers/{company}/settlement?month=2026-11-01"
            ))
            .await
            .ok();
        assert_eq!(page["price_fen"], 18_000);
        assert_eq!(page["owed_fen"], 8_555);
        assert_eq!(sheet.get_size().0, 9, "and nothing else");
    }
);
