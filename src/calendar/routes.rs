//! The room's routes.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Datelike, NaiveDate};
use entity::calendar_day;
use entity::words::{DayKind, Subject};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::check_name;
use super::coming::{__path_coming_holidays, coming_holidays};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::{CalendarKeeper, Caller};
use crate::http::dates::date;
use crate::http::input::{Answer, Asked, Input};
use crate::said::Said;
use crate::series::generate;
use crate::store::audit::{self, Change};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(year, keep))
        .routes(routes!(clear))
        .routes(routes!(coming_holidays))
}

/// Which year.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Year {
    /// The year; this one when left out.
    #[param(minimum = 1900, maximum = 2199)]
    year: Option<i32>,
}

/// A date that is not like its weekday.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CalendarDay {
    /// The local date.
    pub date: NaiveDate,
    /// Closed or worked.
    pub kind: DayKind,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
}

/// Dates to keep under one name.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Keeping {
    /// The first local date.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// The last one; at most 31 days.
    #[serde(deserialize_with = "date")]
    pub to: NaiveDate,
    /// Closed or worked.
    pub kind: DayKind,
    /// Chinese name, 40 characters at most.
    pub name_zh: String,
    /// English name, 40 characters at most.
    pub name_en: String,
}

/// Dates that are like their weekday again.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Clearing {
    /// The first local date.
    #[serde(deserialize_with = "date")]
    pub from: NaiveDate,
    /// The last one; at most 31 days.
    #[serde(deserialize_with = "date")]
    pub to: NaiveDate,
}

fn view(row: calendar_day::Model) -> CalendarDay {
    CalendarDay {
        date: row.date,
        kind: row.kind,
        name_zh: row.name_zh,
        name_en: row.name_en,
    }
}

fn check_span(from: NaiveDate, to: NaiveDate) -> Result<()> {
    if (0..31).contains(&(to - from).num_days()) {
        Ok(())
    } else {
        Err(Problem::field(
            "to",
            Said::new(
                "最后一天要在第一天之后，一次最多 31 天。",
                "The last day comes after the first, 31 days at most.",
            ),
        )
        .into())
    }
}

/// The days of a year that differ from their weekday.
#[utoipa::path(get, path = "/api/calendar", tag = "calendar", params(Year),
    responses((status = 200, body = Vec<CalendarDay>), Reads))]
async fn year(
    State(app): State<App>,
    caller: Caller,
    Asked(asked): Asked<Year>,
) -> Result<Json<Vec<CalendarDay>>> {
    let year = asked
        .year
        .unwrap_or_else(|| local_date(caller.zone, app.clock.now()).year());
    let span = (1900..=2199)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(year, 1, 1).zip(NaiveDate::from_ymd_opt(year, 12, 31)))
        .flatten()
        .ok_or_else(|| {
            Problem::field(
                "year",
                Said::new(
                    "年份要在 1900 到 2199 之间。",
                    "A year lies between 1900 and 2199.",
                ),
            )
        })?;
    let rows = calendar_day::Entity::find()
        .filter(calendar_day::Column::CommunityId.eq(caller.community))
        .filter(calendar_day::Column::Date.between(span.0, span.1))
        .order_by_asc(calendar_day::Column::Date)
        .all(app.store.read())
        .await?;
    Ok(Json(rows.into_iter().map(view).collect()))
}

/// Keep days as closed or worked. Series follow at once.
#[utoipa::path(post, path = "/api/calendar", tag = "calendar", request_body = Keeping,
    responses((status = 200, body = Vec<CalendarDay>), Writes))]
async fn keep(
    State(app): State<App>,
    keeper: CalendarKeeper,
    Input { body, once }: Input<Keeping>,
) -> Result<Answer> {
    check_span(body.from, body.to)?;
    let (zh, en) = (
        check_name("name_zh", &body.name_zh)?,
        check_name("name_en", &body.name_en)?,
    );
    let (caller, now) = (keeper.0, app.clock.now());
    let by = caller.account;
    let answer = app
        .write_once(by, once, StatusCode::OK, move |txn| {
            let (caller, body, zh, en) = (caller.clone(), body.clone(), zh.clone(), en.clone());
            Box::pin(async move {
                let days = body.from.iter_days().take_while(|day| *day <= body.to);
                let rows: Vec<_> = days
                    .map(|date| calendar_day::ActiveModel {
                        community_id: Set(caller.community),
                        date: Set(date),
                        kind: Set(body.kind),
                        name_zh: Set(zh.clone()),
                        name_en: Set(en.clone()),
                        ..Default::default()
                    })
                    .collect();
                calendar_day::Entity::insert_many(rows)
                    .on_conflict(
                        OnConflict::columns([
                            calendar_day::Column::CommunityId,
                            calendar_day::Column::Date,
                        ])
                        .update_columns([
                            calendar_day::Column::Kind,
                            calendar_day::Column::NameZh,
                            calendar_day::Column::NameEn,
                        ])
                        .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                let object = (
                    Subject::CalendarDay,
                    i64::from(body.from.num_days_from_ce()),
                );
                let change = Change::new(caller.community, now, Some(by), object, "calendar_kept");
                audit::record(txn, change.on(body.from).noted(Some(zh))).await?;
                let rows = calendar_day::Entity::find()
                    .filter(calendar_day::Column::CommunityId.eq(caller.community))
                    .filter(calendar_day::Column::Date.between(body.from, body.to))
                    .order_by_asc(calendar_day::Column::Date)
                    .all(txn)
                    .await?;
                Ok(rows.into_iter().map(view).collect::<Vec<_>>())
            })
        })
        .await?;
    generate::pass(&app).await?;
    Ok(answer)
}

/// Let days be like their weekday again. Series follow at once.
#[utoipa::path(post, path = "/api/calendar/clear", tag = "calendar", request_body = Clearing,
    responses((status = 200, body = Vec<CalendarDay>), Writes))]
async fn clear(
    State(app): State<App>,
    keeper: CalendarKeeper,
    Input { body, once }: Input<Clearing>,
) -> Result<Answer> {
    check_span(body.from, body.to)?;
    let (caller, now) = (keeper.0, app.clock.now());
    let by = caller.account;
    let answer = app
        .write_once(by, once, StatusCode::OK, move |txn| {
            let caller = caller.clone();
            Box::pin(async move {
                calendar_day::Entity::delete_many()
                    .filter(calendar_day::Column::CommunityId.eq(caller.community))
                    .filter(calendar_day::Column::Date.between(body.from, body.to))
                    .exec(txn)
                    .await?;
                let object = (
                    Subject::CalendarDay,
                    i64::from(body.from.num_days_from_ce()),
                );
                let change =
                    Change::new(caller.community, now, Some(by), object, "calendar_cleared");
                audit::record(txn, change.on(body.from)).await?;
                Ok(Vec::<CalendarDay>::new())
            })
        })
        .await?;
    generate::pass(&app).await?;
    Ok(answer)
}
