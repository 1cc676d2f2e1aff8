//! Days that differ from their weekday: public holidays and the weekends worked for them.
//!
//! The dates for 2026 are those of the State Council's notice for that year. They are ordinary rows that the office edits
//! on the calendar's page. Nothing is made up for the years after it: there stand only the days that are holidays on the
//! same date every year, and the rest is the office's to enter when the notice is published.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::calendar_day;
use entity::ids::CalendarDayId;
use entity::words::DayKind;

use super::place::COMMUNITY;
use super::rows::{Rows, next};
use super::time;

/// Year, month, first day, number of days, Chinese and English name.
type Holiday = (i32, u32, u32, i64, &'static str, &'static str);

const CLOSED: &[Holiday] = &[
    (2026, 1, 1, 3, "元旦", "New Year"),
    (2026, 2, 15, 9, "春节", "Spring Festival"),
    (2026, 4, 4, 3, "清明节", "Qingming Festival"),
    (2026, 5, 1, 5, "劳动节", "Labour Day"),
    (2026, 6, 19, 3, "端午节", "Dragon Boat Festival"),
    (2026, 9, 25, 3, "中秋节", "Mid-Autumn Festival"),
    (2026, 10, 1, 7, "国庆节", "National Day"),
];

/// Weekend days that are worked (调休).
const WORKED: &[(i32, u32, u32)] = &[
    (2026, 1, 4),
    (2026, 2, 14),
    (2026, 2, 28),
    (2026, 5, 9),
    (2026, 9, 20),
    (2026, 10, 10),
];

/// Holidays that fall on the same date each year, for the years that no notice is known for.
const FIXED: &[(u32, u32, i64, &str, &str)] = &[
    (1, 1, 1, "元旦", "New Year"),
    (5, 1, 1, "劳动节", "Labour Day"),
    (10, 1, 3, "国庆节", "National Day"),
];

/// Adds the days of 2026, and the fixed ones of the years around `now` where those lie elsewhere.
pub(super) fn add(rows: &mut Rows, now: DateTime<Utc>) {
    for (year, month, day, length, zh, en) in CLOSED {
        closed(rows, (*year, *month, *day), *length, zh, en);
    }
    for (year, month, day) in WORKED {
        if let Some(date) = NaiveDate::from_ymd_opt(*year, *month, *day) {
            push(rows, date, DayKind::Working, "调休上班", "Working weekend");
        }
    }
    let this = time::date(now).year();
    for year in (this - 1..=this + 1).filter(|year| *year != 2026) {
        for (month, day, length, zh, en) in FIXED {
            closed(rows, (year, *month, *day), *length, zh, en);
        }
    }
}

fn closed(rows: &mut Rows, (year, month, day): (i32, u32, u32), length: i64, zh: &str, en: &str) {
    if let Some(first) = NaiveDate::from_ymd_opt(year, month, day) {
        for n in 0..length {
            push(rows, time::shift(first, n), DayKind::Closed, zh, en);
        }
    }
}

fn push(rows: &mut Rows, date: NaiveDate, kind: DayKind, name_zh: &str, name_en: &str) {
    rows.calendar_days.push(calendar_day::Model {
        id: CalendarDayId(next(&rows.calendar_days)),
        community_id: COMMUNITY,
        date,
        kind,
        name_zh: name_zh.into(),
        name_en: name_en.into(),
    });
}
