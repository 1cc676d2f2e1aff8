//! Series: the daughter's cleaning for her mother, and standing orders of meals. Their visits are not made here: the
//! program makes them when it starts, as it does every day.

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ResidentId, SeriesId, SeriesPartId};
use entity::words::{Channel, OnHoliday, ResidentState, SeriesState};
use entity::{series, series_part};
use serde_json::json;

use super::accounts::CLERKS;
use super::place::COMMUNITY;
use super::roll::MOTHER;
use super::rows::{Rows, next};
use super::time;

/// How many residents have a standing order.
const EATERS: usize = 8;
/// What the kitchen cooks, by the weekdays of the orders.
const DISHES: [(&str, &str, &str); 3] = [
    ("清蒸鲈鱼", "番茄牛腩", "香菇滑鸡"),
    ("软饭、冬瓜丸子", "软饭、蒸蛋羹", "软饭、鱼片粥"),
    ("少盐：白菜豆腐", "少盐：清炒虾仁", "少盐：萝卜炖排骨"),
];

/// Adds them.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    let relative = rows
        .family_members
        .iter()
        .find(|row| row.resident_id == MOTHER && row.can_book)
        .map(|row| row.account_id);
    if let Some(by) = relative {
        one(
            rows,
            now,
            (MOTHER, "CLN01"),
            by,
            "FREQ=WEEKLY;BYDAY=TH",
            14 * 60,
            None,
        );
    }
    let eaters: Vec<ResidentId> = rows
        .residents
        .iter()
        .skip(40)
        .filter(|row| row.state == ResidentState::Active)
        .step_by(53)
        .take(EATERS)
        .map(|row| row.id)
        .collect();
    for (n, resident) in eaters.into_iter().enumerate() {
        let (monday, wednesday, friday) = DISHES[n % DISHES.len()];
        let dishes = json!({"1": monday, "3": wednesday, "5": friday});
        let minute = 11 * 60 + 5 * i32::try_from(n).unwrap_or(0);
        one(
            rows,
            now,
            (resident, "MEA02"),
            CLERKS[0],
            "FREQ=WEEKLY;BYDAY=MO,WE,FR",
            minute,
            Some(dishes),
        );
    }
}

fn one(
    rows: &mut Rows,
    now: DateTime<Utc>,
    (resident, code): (ResidentId, &str),
    by: AccountId,
    rule: &str,
    start_min: i32,
    dishes: Option<serde_json::Value>,
) {
    let Some(service) = rows.services.iter().find(|row| row.code == code).cloned() else {
        return;
    };
    // From the day after tomorrow: today and tomorrow are as the story wants them.
    let first = time::shift(time::date(now), 2);
    let id = SeriesId(next(&rows.series));
    rows.series.push(series::Model {
        id,
        community_id: COMMUNITY,
        resident_id: resident,
        service_id: service.id,
        made_by: by,
        channel: if dishes.is_some() {
            Channel::Phone
        } else {
            Channel::Web
        },
        state: SeriesState::Active,
        on_holiday: OnHoliday::Skip,
        first_date: first,
        last_date: None,
        paused_from: None,
        resumes_on: None,
        not_before: now,
        wish_helper_id: None,
        note: None,
        dishes,
        version: 1,
        generated_until: None,
        generated_at: None,
        created_at: now,
        left_at: None,
    });
    rows.series_parts.push(series_part::Model {
        id: SeriesPartId(next(&rows.series_parts)),
        series_id: id,
        from_date: first,
        rule: rule.into(),
        start_min,
        duration_min: service.duration_min,
    });
}
