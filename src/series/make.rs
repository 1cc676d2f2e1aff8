//! Making a series: the same checks as its preview, then one write that keeps it and enters its visits.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::words::{Purpose, SeriesState};
use entity::{series, series_part};
use sea_orm::{ActiveModelTrait, ActiveValue::Set};

use super::generate;
use super::reckon::{Part, Shape};
use super::rule::Rule;
use super::views::{NewSeries, SeriesView};
use super::{check_dish, check_duration, check_start_min};
use crate::app::App;
use crate::bookings::book::need;
use crate::bookings::times::Need;
use crate::bookings::{Reach, check_note};
use crate::clock::local_date;
use crate::consent;
use crate::error::{Problem, Result};
use crate::http::input::{Answer, Once};
use crate::residents::access::Booked;
use crate::said::Said;

/// A series that follows the rules.
#[derive(Clone, Debug)]
pub struct Checked {
    /// What it needs.
    pub need: Need,
    /// Its dates.
    pub shape: Shape,
    /// No visit before this.
    pub not_before: DateTime<Utc>,
    /// What was added.
    pub note: Option<String>,
    /// What is cooked, by weekday.
    pub dishes: Option<serde_json::Value>,
}

/// A field that does not hold.
pub(super) fn refuse(field: &'static str, zh: &str, en: &str) -> crate::error::Error {
    Problem::field(field, Said::new(zh, en)).into()
}

/// Checks what is asked for.
///
/// # Errors
/// `invalid` with the field, or the database's.
pub async fn check(app: &App, booked: &Booked, new: &NewSeries) -> Result<Checked> {
    let now = app.clock.now();
    let caller = &booked.caller;
    let need = need(app, booked, &new.service, new.wish_helper_id, now).await?;
    let today = local_date(caller.zone, now);
    check_first(new.first_date, today)?;
    if new.last_date.is_some_and(|last| last < new.first_date) {
        return Err(refuse(
            "last_date",
            "最后一天要在第一天之后。",
            "The last day must come after the first.",
        ));
    }
    let part = Part {
        from: new.first_date,
        rule: Rule::read(&new.rule, new.first_date)?,
        start_min: check_start_min(new.start_min)?,
        duration_min: check_duration(new.duration_min.unwrap_or(need.service.duration_min))?,
    };
    let mut dishes = serde_json::Map::new();
    for (weekday, dish) in &new.dishes {
        if !matches!(weekday.as_str(), "1" | "2" | "3" | "4" | "5" | "6" | "7") {
            return Err(refuse(
                "dishes",
                "菜按星期一（1）到星期日（7）填写。",
                "Dishes are given by weekday, from 1 for Monday to 7.",
            ));
        }
        if let Some(dish) = check_dish(dish)? {
            dishes.insert(weekday.clone(), dish.into());
        }
    }
    Ok(Checked {
        not_before: Reach::of(&need.service, &need.team.community, caller.zone, now).earliest,
        shape: Shape {
            parts: vec![part],
            last: new.last_date,
            pause: None,
            on_holiday: new.on_holiday,
        },
        note: check_note(new.note.as_deref())?,
        dishes: (!dishes.is_empty()).then(|| dishes.into()),
        need,
    })
}

fn check_first(first: NaiveDate, today: NaiveDate) -> Result<()> {
    if first < today {
        return Err(refuse(
            "first_date",
            "开始的日子已经过去了，请选今天或以后。",
            "That first day has passed; please choose today or later.",
        ));
    }
    if first > today + chrono::TimeDelta::days(366) {
        return Err(refuse(
            "first_date",
            "请选一年之内的日子开始。",
            "Please begin within a year.",
        ));
    }
    Ok(())
}

/// Makes the series and the visits of its next four weeks, and looks for somebody for each.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn make(app: &App, booked: Booked, new: NewSeries, once: Once) -> Result<Answer> {
    let care = consent::queries::allows(app.store.read(), booked.resident.id, Purpose::Care);
    if !care.await? {
        return Err(consent::no_care());
    }
    let checked = check(app, &booked, &new).await?;
    let (caller, now) = (booked.caller.clone(), app.clock.now());
    let by = caller.account;
    let (answer, made) = app
        .write_first(by, once, StatusCode::CREATED, move |txn| {
            let (new, checked, caller) = (new.clone(), checked.clone(), caller.clone());
            Box::pin(async move {
                let row = series::ActiveModel {
                    community_id: Set(caller.community),
                    resident_id: Set(checked.need.resident.id),
                    service_id: Set(checked.need.service.id),
                    made_by: Set(caller.account),
                    channel: Set(caller.channel()),
                    state: Set(SeriesState::Active),
                    on_holiday: Set(new.on_holiday),
                    first_date: Set(new.first_date),
                    last_date: Set(new.last_date),
                    not_before: Set(checked.not_before),
                    wish_helper_id: Set(new.wish_helper_id),
                    note: Set(checked.note),
                    dishes: Set(checked.dishes),
                    version: Set(1),
                    created_at: Set(now),
                    ..Default::default()
                }
                .insert(txn)
                .await?;
                for part in &checked.shape.parts {
                    series_part::ActiveModel {
                        series_id: Set(row.id),
                        from_date: Set(part.from),
                        rule: Set(new
                            .rule
                            .trim()
                            .trim_start_matches("RRULE:")
                            .to_ascii_uppercase()),
                        start_min: Set(part.start_min),
                        duration_min: Set(part.duration_min),
                        ..Default::default()
                    }
                    .insert(txn)
                    .await?;
                }
                generate::record(txn, &row, &caller, "series_made", None, now).await?;
                generate::after_change(txn, row.id, now, &caller).await?;
                super::preview::view(txn, &caller, row.id, now, true).await
            })
        })
        .await?;
    if let Some(SeriesView { id, .. }) = made {
        generate::match_waiting(app, Some(id)).await?;
    }
    Ok(answer)
}
