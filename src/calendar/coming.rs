//! Whether the holidays of the coming year were entered: without them, series are made on days on which nobody comes.

use axum::Json;
use axum::extract::State;
use chrono::NaiveDate;
use entity::calendar_day;
use entity::ids::CommunityId;
use entity::words::DayKind;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{coming_year, is_due, spring};
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::answers::Reads;
use crate::http::caller::Caller;

/// The holidays of the coming year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComingHolidays {
    /// Which year.
    pub year: i32,
    /// Whether they were entered: a day around Spring Festival is closed.
    pub entered: bool,
    /// Whether it is time that they are, for it is November or later, and they are not.
    pub overdue: bool,
}

/// How it stands with the coming year's holidays.
///
/// # Errors
/// The database's.
pub async fn coming<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: NaiveDate,
) -> Result<ComingHolidays> {
    let year = coming_year(today);
    let entered = match spring(year) {
        Some((from, to)) => {
            calendar_day::Entity::find()
                .filter(calendar_day::Column::CommunityId.eq(community))
                .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
                .filter(calendar_day::Column::Date.between(from, to))
                .count(db)
                .await?
                > 0
        }
        None => true,
    };
    Ok(ComingHolidays {
        year,
        entered,
        overdue: !entered && is_due(today),
    })
}

/// Whether the holidays of the coming year were entered.
#[utoipa::path(get, path = "/api/calendar/coming", tag = "calendar",
    responses((status = 200, body = ComingHolidays), Reads))]
pub(super) async fn coming_holidays(
    State(app): State<App>,
    caller: Caller,
) -> Result<Json<ComingHolidays>> {
    let today = local_date(caller.zone, app.clock.now());
    coming(app.store.read(), caller.community, today)
        .await
        .map(Json)
}
