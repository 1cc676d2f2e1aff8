//! 照上次: the last booking once more, at the next time like it that can be served.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::HelperId;
use entity::words::AssignmentState;
use entity::{assignment, booking, helper, visit};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::Reach;
use super::book::need;
use super::times::{alternatives, open_times};
use super::views::Time;
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::residents::access::Booked;
use crate::visits::stands;
use crate::visits::views::{Look, VisitCard, card, service_name};

/// The last booking, ready to be made again.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Again {
    /// The service's code.
    pub service_code: String,
    /// The service's name.
    pub service: String,
    /// Minutes.
    pub duration_min: i32,
    /// The next start on the same weekday and at the same clock time that can be asked for.
    pub start: DateTime<Utc>,
    /// Whether somebody can come then.
    pub served: bool,
    /// That time, when somebody can.
    pub time: Option<Time>,
    /// Others near it.
    pub alternatives: Vec<Time>,
    /// Who came last time.
    pub wish_helper: Option<WishHelper>,
    /// What was added last time.
    pub note: Option<String>,
    /// The last visit.
    pub last: VisitCard,
}

/// Somebody to wish for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct WishHelper {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
}

/// The same weekday and clock time, a week on until it can be asked for.
fn next_like(last: DateTime<Utc>, earliest: DateTime<Utc>) -> DateTime<Utc> {
    let mut next = last + TimeDelta::days(7);
    while next < earliest {
        next += TimeDelta::days(7);
    }
    next
}

/// What was booked last for this resident, ready to be made again.
///
/// # Errors
/// `not-found` where nothing was booked before, or the database's.
pub async fn again(app: &App, booked: &Booked) -> Result<Again> {
    let db = app.store.read();
    let now = app.clock.now();
    let caller = &booked.caller;
    let last = last_visit(db, booked, now)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let lost = || Error::Internal("a visit without its rows".into());
    let booking = booking::Entity::find_by_id(last.booking_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let service = entity::service::Entity::find_by_id(last.service_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let wish = last_helper(db, &last).await?;
    let need = need(
        app,
        booked,
        &service.code,
        wish.as_ref().map(|wish| wish.id),
        now,
    )
    .await?;
    let reach = Reach::of(&need.service, &need.team.community, caller.zone, now);
    let start = next_like(last.starts_at, reach.earliest.max(now));
    let mut open = open_times(app, caller, &need, local_date(caller.zone, start), 1, now).await?;
    let time = open
        .remove(&local_date(caller.zone, start))
        .unwrap_or_default()
        .into_iter()
        .find(|time| time.start == start);
    let alternatives = if time.is_some() {
        Vec::new()
    } else {
        alternatives(app, caller, &need, start, 6).await?
    };
    let look = Look {
        lang: caller.lang,
        now,
        with_phones: caller.at_desk(),
    };
    Ok(Again {
        service_code: service.code.clone(),
        service: service_name(&service, caller.lang),
        duration_min: service.duration_min,
        start,
        served: time.is_some(),
        time,
        alternatives,
        wish_helper: wish,
        note: booking.note,
        last: card(db, look, &last).await?,
    })
}

/// The visit that was booked last, cancelled ones aside.
async fn last_visit(
    db: &DatabaseConnection,
    booked: &Booked,
    now: DateTime<Utc>,
) -> Result<Option<visit::Model>> {
    let mine = || {
        visit::Entity::find()
            .filter(visit::Column::ResidentId.eq(booked.resident.id))
            .filter(stands())
    };
    let past = mine()
        .filter(visit::Column::StartsAt.lte(now))
        .order_by_desc(visit::Column::StartsAt)
        .one(db)
        .await?;
    match past {
        Some(past) => Ok(Some(past)),
        None => Ok(mine().order_by_desc(visit::Column::Id).one(db).await?),
    }
}

async fn last_helper(db: &DatabaseConnection, visit: &visit::Model) -> Result<Option<WishHelper>> {
    let row = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .find_also_related(helper::Entity)
        .one(db)
        .await?;
    Ok(row
        .and_then(|(_, helper)| helper)
        .filter(|helper| helper.active)
        .map(|helper| WishHelper {
            id: helper.id,
            name: helper.name,
        }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn the_next_one_is_on_the_same_weekday_and_not_too_soon() {
        let last = Utc.with_ymd_and_hms(2026, 11, 2, 2, 0, 0).unwrap();
        let earliest = Utc.with_ymd_and_hms(2026, 11, 24, 5, 0, 0).unwrap();
        let next = next_like(last, earliest);
        assert_eq!(next, Utc.with_ymd_and_hms(2026, 11, 30, 2, 0, 0).unwrap());
    }
}
