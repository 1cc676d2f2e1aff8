//! The whole series: changed from a date on, paused, taken up again, ended.

use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use entity::words::{DateOutcome, SeriesState};
use entity::{series, series_date, series_part};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::dates::over;
use super::generate;
use super::make::refuse;
use super::preview::view;
use super::queries::SeenSeries;
use super::rule::Rule;
use super::views::{End, From, Pause, SeriesChanged};
use super::{check_duration, check_start_min};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::input::{Answer, Once};
use crate::store::hold;

/// What is done to a series.
#[derive(Clone, Debug)]
pub enum Doing {
    /// Another rule, time or length from a date on.
    From(From),
    /// A pause.
    Pause(Pause),
    /// The pause is over, or called off.
    Resume,
    /// The last date is set.
    End(End),
}

/// Does it, writes what follows for the visits, and looks for somebody where that is needed.
///
/// # Errors
/// `invalid`, `not-now`, or the database's.
pub async fn change(app: &App, seen: SeenSeries, doing: Doing, once: Once) -> Result<Answer> {
    let booked = seen.seen.clone().booked()?;
    let (caller, id, now) = (booked.caller.clone(), seen.series.id, app.clock.now());
    let today = local_date(caller.zone, now);
    let by = caller.account;
    let answer = app
        .write_once(by, once, StatusCode::OK, move |txn| {
            let (caller, doing) = (caller.clone(), doing.clone());
            Box::pin(async move {
                let row = hold(series::Entity::find_by_id(id), txn)
                    .one(txn)
                    .await?
                    .ok_or_else(|| Error::from(Problem::not_found()))?;
                if row.state == SeriesState::Ended {
                    return Err(over().into());
                }
                let (action, date) = apply(txn, &row, &doing, today).await?;
                generate::record(txn, &row, &caller, action, Some(date), now).await?;
                let wrote = generate::after_change(txn, id, now, &caller).await?;
                let done = wrote.asked == 0;
                let series = view(txn, &caller, id, now, true).await?;
                Ok(SeriesChanged { series, done })
            })
        })
        .await?;
    generate::match_waiting(app, Some(id)).await?;
    Ok(answer)
}

async fn apply(
    txn: &DatabaseTransaction,
    row: &series::Model,
    doing: &Doing,
    today: NaiveDate,
) -> Result<(&'static str, NaiveDate)> {
    let mut after = series::ActiveModel {
        id: Set(row.id),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let told = match doing {
        Doing::From(from) => {
            part(txn, row, from, today).await?;
            ("series_changed", from.from)
        }
        Doing::Pause(pause) => {
            check_pause(*pause, today)?;
            after.paused_from = Set(Some(pause.from));
            after.resumes_on = Set(pause.resumes_on);
            // A pause is a pause for what was moved by hand too.
            let_go(txn, row, pause.from, pause.resumes_on).await?;
            ("series_paused", pause.from)
        }
        Doing::Resume => {
            if row.paused_from.is_none_or(|from| from >= today) {
                after.paused_from = Set(None);
                after.resumes_on = Set(None);
            } else {
                after.resumes_on = Set(Some(row.resumes_on.map_or(today, |on| on.min(today))));
            }
            ("series_resumed", today)
        }
        Doing::End(end) => {
            if end.last_date < today - TimeDelta::days(1) {
                return Err(refuse(
                    "last_date",
                    "最后一天已经过去了，请选今天或以后。",
                    "That last day has passed; please choose today or later.",
                ));
            }
            after.last_date = Set(Some(end.last_date));
            ("series_ended", end.last_date)
        }
    };
    after.update(txn).await?;
    Ok(told)
}

fn check_pause(pause: Pause, today: NaiveDate) -> Result<()> {
    if pause.from < today {
        return Err(refuse(
            "from",
            "暂停要从今天或以后开始。",
            "A pause begins today or later.",
        ));
    }
    if pause.resumes_on.is_some_and(|on| on <= pause.from) {
        return Err(refuse(
            "resumes_on",
            "恢复的日子要在暂停之后。",
            "The series resumes after the pause begins.",
        ));
    }
    Ok(())
}

async fn let_go(
    txn: &DatabaseTransaction,
    row: &series::Model,
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Result<()> {
    let mut update = series_date::Entity::update_many()
        .set(series_date::ActiveModel {
            by_hand: Set(false),
            ..Default::default()
        })
        .filter(series_date::Column::SeriesId.eq(row.id))
        .filter(series_date::Column::Outcome.eq(DateOutcome::Booked))
        .filter(series_date::Column::ServedOn.gte(from));
    if let Some(until) = until {
        update = update.filter(series_date::Column::ServedOn.lt(until));
    }
    update.exec(txn).await?;
    Ok(())
}

async fn part(
    txn: &DatabaseTransaction,
    row: &series::Model,
    from: &From,
    today: NaiveDate,
) -> Result<()> {
    if from.from <= today || from.from < row.first_date {
        return Err(refuse(
            "from",
            "请选明天或以后的日子开始改。",
            "A change begins tomorrow or later, and not before the series does.",
        ));
    }
    let parts = super::queries::parts(txn, [row.id])
        .await?
        .remove(&row.id)
        .unwrap_or_default();
    let before = parts
        .iter()
        .rev()
        .find(|part| part.from_date <= from.from)
        .ok_or_else(|| Error::Internal("a series without a part".into()))?;
    let rule = match &from.rule {
        Some(rule) => {
            Rule::read(rule, from.from)?;
            rule.trim()
                .trim_start_matches("RRULE:")
                .to_ascii_uppercase()
        }
        None => {
            Rule::read(&before.rule, from.from)?;
            before.rule.clone()
        }
    };
    let (start_min, duration_min) = (
        check_start_min(from.start_min.unwrap_or(before.start_min))?,
        check_duration(from.duration_min.unwrap_or(before.duration_min))?,
    );
    // What was to hold later is replaced: "from a date on" means for good.
    series_part::Entity::delete_many()
        .filter(series_part::Column::SeriesId.eq(row.id))
        .filter(series_part::Column::FromDate.gte(from.from))
        .exec(txn)
        .await?;
    series_part::ActiveModel {
        series_id: Set(row.id),
        from_date: Set(from.from),
        rule: Set(rule),
        start_min: Set(start_min),
        duration_min: Set(duration_min),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    if from.also_by_hand {
        series_date::Entity::update_many()
            .set(series_date::ActiveModel {
                by_hand: Set(false),
                ..Default::default()
            })
            .filter(series_date::Column::SeriesId.eq(row.id))
            .filter(series_date::Column::Date.gte(from.from))
            .exec(txn)
            .await?;
    }
    Ok(())
}
