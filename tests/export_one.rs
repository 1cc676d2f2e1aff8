//! The workbook about one person: what is known of her is in it, row by row, and nothing of anybody else.

use std::collections::{BTreeSet, HashMap};
use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, ResidentId, VisitId};
use entity::{
    assignment, booking, help_request, help_step, payment_line, series, series_date, time_account,
    time_entry, visit,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::timebank::books::Holder;

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::timebank::deposit;

fn start() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// What only the neighbour's rows say.
const NEXT_DOOR: [&str; 4] = ["赵敏", "隔壁", "5-1-202", "07103210003"];

/// Lunch for somebody, brought by whoever was asked; gives the visit.
async fn brought(
    house: &House,
    family: AccountId,
    who: ResidentId,
    note: &str,
    at: DateTime<Utc>,
) -> i64 {
    let mut family = house.enter(family).await;
    let booked = family
        .post(
            &format!("/api/residents/{who}/bookings"),
            json!({"service": "MEAL", "start": at, "note": note, "if_unserved": "refuse"}),
        )
        .await
        .created();
    let visit = booked["visit"]["visit_id"].as_i64().unwrap();
    let helper = booked["visit"]["helpers"][0]["id"].as_i64().unwrap();
    let of = [
        (house.at.chen, house.at.chen_account),
        (house.at.liu, house.at.liu_account),
        (house.at.zhou, house.at.zhou_account),
    ];
    let (_, account) = of.iter().find(|(id, _)| id.0 == helper).unwrap();
    let mut helper = house.enter(*account).await;
    let say = async |helper: &mut Client, what: &str, body: Value| {
        helper
            .post(&format!("/api/visits/{visit}/{what}"), body)
            .await
            .ok();
    };
    let before = house.clock.now();
    say(&mut helper, "answer", json!({"answer": "accept"})).await;
    house.clock.set(at);
    say(&mut helper, "arrive", json!({})).await;
    house.clock.set(at + TimeDelta::minutes(15));
    say(&mut helper, "finish", json!({})).await;
    house.clock.set(before);
    visit
}

/// Everything that this file asks for, of one resident.
async fn lives(
    house: &House,
    family: AccountId,
    who: ResidentId,
    said: &str,
    at: DateTime<Utc>,
) -> i64 {
    let visit = brought(house, family, who, said, at).await;
    let mut clerk = house.enter(house.at.clerk).await;
    let body = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=TU,FR", "first_date": "2026-12-03",
        "start_min": 600, "on_holiday": "skip", "note": said});
    clerk
        .post(&format!("/api/residents/{who}/series"), body)
        .await
        .created();
    let mut family = house.enter(family).await;
    let asked = json!({"resident_id": who, "kind": "water", "level": "urgent", "what": format!("{said}漏水"), "phone": "13800138000"});
    family.post("/api/help-requests", asked).await.created();
    deposit(house, Holder::Resident(who), 45).await;
    visit
}

type Rows = Vec<HashMap<String, String>>;

/// The sheets by name, their rows by heading; and every text there is.
fn read(bytes: Vec<u8>) -> (HashMap<String, Rows>, Vec<String>) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let (mut sheets, mut texts) = (HashMap::new(), Vec::new());
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        let mut lines = range.rows().map(|row| -> Vec<String> {
            row.iter()
                .map(|cell| match cell {
                    Data::Empty => String::new(),
                    Data::String(text) => text.clone(),
                    other => panic!("{name}: {other:?} is no text"),
                })
                .collect()
        });
        let heads = lines.next().unwrap_or_default();
        let rows: Rows = lines
            .map(|row| heads.iter().cloned().zip(row).collect())
            .collect();
        texts.extend(heads);
        texts.extend(rows.iter().flat_map(|row| row.values().cloned()));
        sheets.insert(name, rows);
    }
    (sheets, texts)
}

fn column(sheets: &HashMap<String, Rows>, sheet: &str, head: &str) -> BTreeSet<String> {
    let rows = sheets
        .get(sheet)
        .unwrap_or_else(|| panic!("no sheet {sheet}"));
    rows.iter()
        .map(|row| {
            row.get(head)
                .unwrap_or_else(|| panic!("no {head} in {sheet}"))
                .clone()
        })
        .collect()
}

fn texts<T: ToString>(all: impl IntoIterator<Item = T>) -> BTreeSet<String> {
    all.into_iter().map(|one| one.to_string()).collect()
}

both!(
    what_is_known_of_her_is_in_it_and_nothing_of_the_neighbour,
    async |house: &House| {
        let (her, next_door) = (house.at.mother, house.at.neighbour);
        let hers = lives(house, house.at.daughter, her, "多放姜", start()).await;
        let later = start() + TimeDelta::hours(2);
        let theirs = lives(house, house.at.stranger, next_door, "隔壁的字条", later).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let reply = daughter.get(&format!("/api/residents/{her}/export")).await;
        assert_eq!(reply.status, StatusCode::OK);
        let (sheets, all) = read(reply.bytes);
        let db = house.app.store.read();

        // The tables themselves, asked for her alone.
        let visits = visit::Entity::find()
            .filter(visit::Column::ResidentId.eq(her))
            .all(db)
            .await
            .unwrap();
        let visit_ids: Vec<VisitId> = visits.iter().map(|row| row.id).collect();
        assert!(visit_ids.contains(&VisitId(hers)) && !visit_ids.contains(&VisitId(theirs)));
        assert_eq!(visits.len(), 7, "lunch, and six of the series");
        let bookings = booking::Entity::find()
            .filter(booking::Column::ResidentId.eq(her))
            .all(db)
            .await
            .unwrap();
        let work = assignment::Entity::find()
            .filter(assignment::Column::VisitId.is_in(visit_ids.iter().copied()))
            .all(db)
            .await
            .unwrap();
        let lines = payment_line::Entity::find()
            .filter(payment_line::Column::VisitId.is_in(visit_ids.iter().copied()))
            .all(db)
            .await
            .unwrap();
        assert_eq!(lines.len(), 1);
        let asked = help_request::Entity::find()
            .filter(help_request::Column::ResidentId.eq(her))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let steps = help_step::Entity::find()
            .filter(help_step::Column::HelpRequestId.eq(asked.id))
            .all(db)
            .await
            .unwrap();
        let repeats = series::Entity::find()
            .filter(series::Column::ResidentId.eq(her))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let dates = series_date::Entity::find()
            .filter(series_date::Column::SeriesId.eq(repeats.id))
            .all(db)
            .await
            .unwrap();
        let account = time_account::Entity::find()
            .filter(time_account::Column::ResidentId.eq(her))
            .one(db)
            .await
            .unwrap()
            .unwrap();
        let entries = time_entry::Entity::find()
            .filter(time_entry::Column::ToAccountId.eq(account.id))
            .all(db)
            .await
            .unwrap();
        for (sheet, head, expected) in [
            ("个人档案", "编号", texts([her])),
            ("住处", "编号", texts([house.at.mothers_home])),
            ("预约", "编号", texts(bookings.iter().map(|row| row.id))),
            ("工单", "编号", texts(&visit_ids)),
            ("服务人员安排", "编号", texts(work.iter().map(|row| row.id))),
            ("付款", "工单编号", texts([hers])),
            ("求助单", "编号", texts([asked.id])),
            ("求助经过", "编号", texts(steps.iter().map(|row| row.id))),
            ("周期预约", "编号", texts([repeats.id])),
            ("周期日期", "编号", texts(dates.iter().map(|row| row.id))),
            ("周期日期", "日期", texts(dates.iter().map(|row| row.date))),
            ("时间银行账户", "编号", texts([account.id])),
            (
                "时间银行流水",
                "编号",
                texts(entries.iter().map(|row| row.id)),
            ),
        ] {
            assert!(!expected.is_empty(), "{sheet}");
            assert_eq!(column(&sheets, sheet, head), expected, "{sheet}");
        }
        // And they say what is known.
        let done = sheets["工单"]
            .iter()
            .find(|row| row["编号"] == hers.to_string())
            .unwrap();
        assert_eq!(
            (done["状态"].as_str(), done["开始"].as_str()),
            ("已完成", "2026-11-25 10:00")
        );
        assert_eq!(sheets["付款"][0]["金额（元）"], "12.00");
        assert_eq!(sheets["时间银行流水"][0]["分钟"], "45");
        for known in ["多放姜", "多放姜漏水", "王桂芳", "王晓梅"] {
            assert!(all.iter().any(|text| text == known), "{known}");
        }
        for text in &all {
            for hidden in NEXT_DOOR {
                assert!(!text.contains(hidden), "{hidden} in {text}");
            }
        }
        // The neighbour's own says the opposite: the words looked for are words that an export has.
        let mut son = house.enter(house.at.stranger).await;
        let reply = son.get(&format!("/api/residents/{next_door}/export")).await;
        let (sheets, all) = read(reply.bytes);
        assert!(column(&sheets, "工单", "编号").contains(&theirs.to_string()));
        for shown in NEXT_DOOR {
            assert!(all.iter().any(|text| text.contains(shown)), "{shown}");
        }
        for row in sheets.values().flatten() {
            for (head, text) in row {
                for hidden in ["王桂芳", "多放姜"] {
                    assert!(!text.contains(hidden), "{hidden} in {head}: {text}");
                }
            }
        }
    }
);
