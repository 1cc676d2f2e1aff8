//! Series, for those who may see them, and what reckoning reads.

use std::collections::HashMap;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::NaiveDate;
use entity::ids::{CommunityId, SeriesId};
use entity::{calendar_day, series, series_date, series_part};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::reckon::{Calendar, Part, Shape};
use super::rule::Rule;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::access::{Seen, path_id};

/// A series whose resident this caller may see.
#[derive(Clone, Debug)]
pub struct SeenSeries {
    /// The resident, and who looks.
    pub seen: Seen,
    /// The series.
    pub series: series::Model,
}

impl FromRequestParts<App> for SeenSeries {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let caller = <Caller as FromRequestParts<App>>::from_request_parts(parts, app).await?;
        let id = SeriesId(path_id(parts, app).await?);
        let db = app.store.read();
        let series = series::Entity::find_by_id(id)
            .filter(series::Column::CommunityId.eq(caller.community))
            .one(db)
            .await?
            .ok_or_else(|| Error::from(Problem::not_found()))?;
        let seen = Seen::load(db, caller, series.resident_id).await?;
        Ok(Self { seen, series })
    }
}

/// The parts of these series, by series and date.
///
/// # Errors
/// The database's.
pub async fn parts<C: ConnectionTrait>(
    db: &C,
    of: impl IntoIterator<Item = SeriesId> + Send,
) -> Result<HashMap<SeriesId, Vec<series_part::Model>>> {
    let mut parts: HashMap<SeriesId, Vec<series_part::Model>> = HashMap::new();
    for part in series_part::Entity::find()
        .filter(series_part::Column::SeriesId.is_in(of))
        .order_by_asc(series_part::Column::FromDate)
        .all(db)
        .await?
    {
        parts.entry(part.series_id).or_default().push(part);
    }
    Ok(parts)
}

/// The series as far as its dates depend on it.
///
/// # Errors
/// Ours, where a rule that was kept can no longer be read.
pub fn shape(series: &series::Model, parts: &[series_part::Model]) -> Result<Shape> {
    let parts = parts
        .iter()
        .map(|part| {
            Ok(Part {
                from: part.from_date,
                rule: Rule::read(&part.rule, part.from_date).map_err(|_| {
                    Error::Internal(format!("series {} keeps an unreadable rule", series.id))
                })?,
                start_min: part.start_min,
                duration_min: part.duration_min,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    Ok(Shape {
        parts,
        last: series.last_date,
        pause: series.paused_from.map(|from| (from, series.resumes_on)),
        on_holiday: series.on_holiday,
    })
}

/// The calendar from a date on.
///
/// # Errors
/// The database's.
pub async fn days<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    from: NaiveDate,
) -> Result<Vec<calendar_day::Model>> {
    Ok(calendar_day::Entity::find()
        .filter(calendar_day::Column::CommunityId.eq(community))
        .filter(calendar_day::Column::Date.gte(from))
        .order_by_asc(calendar_day::Column::Date)
        .all(db)
        .await?)
}

/// The same, as reckoning wants it.
#[must_use]
pub fn calendar(days: &[calendar_day::Model]) -> Calendar {
    days.iter().map(|day| (day.date, day.kind)).collect()
}

/// The rows of a series, ascending by date.
///
/// # Errors
/// The database's.
pub async fn rows<C: ConnectionTrait>(db: &C, id: SeriesId) -> Result<Vec<series_date::Model>> {
    Ok(series_date::Entity::find()
        .filter(series_date::Column::SeriesId.eq(id))
        .order_by_asc(series_date::Column::Date)
        .all(db)
        .await?)
}
