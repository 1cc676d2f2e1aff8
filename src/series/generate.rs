//! Making the visits of series: comparing what each date wants with the rows there are, and writing the difference. The
//! same comparison serves the clock, a change of the series and a change of the calendar, so that running it again, in
//! whatever process and order, changes nothing more.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{SeriesId, VisitId};
use entity::words::{AssignmentSource, SeriesState, Subject, VisitState};
use entity::{booking, series, series_date, visit};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseConnection,
    DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::compare::{State, read};
use super::write::{Wrote, write};
use super::{AHEAD_DAYS, LAG_DAYS};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::match_now;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::store::audit::{self, Change};
use crate::store::{Guard, hold};

/// How often each process looks at what the calendar asks for, and at what another process left half done.
const EVERY: Duration = Duration::from_secs(5);
/// Every how many looks it looks at all series: once a minute.
const ALL_EVERY: u32 = 12;
/// Whose days are counted where no community is named.
const ZONE: Tz = chrono_tz::Asia::Shanghai;

/// Makes the visits of every series that has not ended, and looks for somebody for each, until the program stops.
pub async fn run(app: App) {
    let mut round: u32 = 0;
    loop {
        let outcome = if round.is_multiple_of(ALL_EVERY) {
            pass_and_tell(&app).await
        } else {
            catch_up(&app).await
        };
        if let Err(error) = outcome {
            tracing::error!(%error, "visits of series could not be made");
        }
        round = round.wrapping_add(1);
        tokio::time::sleep(EVERY).await;
    }
}

async fn pass_and_tell(app: &App) -> Result<usize> {
    let dates = pass(app).await?;
    let behind = behind(app.store.read(), None, app.clock.now()).await?;
    if !behind.is_empty() {
        tracing::error!(
            series = behind.len(),
            "visits of series are not being made ahead"
        );
    }
    Ok(dates)
}

/// One look at every series. One that fails is reported and does not keep the others. Says how many dates were written.
///
/// # Errors
/// The database's.
pub async fn pass(app: &App) -> Result<usize> {
    of_these(app, Condition::all()).await
}

/// One look at those series alone whose last date has come nearer than it should be, and at the dates for which nobody was
/// looked for yet. Says how many dates were written.
///
/// # Errors
/// The database's.
pub async fn catch_up(app: &App) -> Result<usize> {
    let horizon = local_date(ZONE, app.clock.now()) + TimeDelta::days(AHEAD_DAYS);
    let near = Condition::any()
        .add(series::Column::GeneratedUntil.is_null())
        .add(series::Column::GeneratedUntil.lt(horizon));
    of_these(app, near).await
}

async fn of_these(app: &App, which: Condition) -> Result<usize> {
    let all: Vec<SeriesId> = series::Entity::find()
        .select_only()
        .column(series::Column::Id)
        .filter(series::Column::State.eq(SeriesState::Active))
        .filter(which)
        .order_by_asc(series::Column::Id)
        .into_tuple()
        .all(app.store.read())
        .await?;
    let mut written = 0;
    for id in all {
        match of_series(app, id).await {
            Ok(dates) => written += dates,
            Err(error) => {
                tracing::error!(series = %id, %error, "a series' visits could not be made")
            }
        }
    }
    match_waiting(app, None).await?;
    Ok(written)
}

/// The active series whose visits lag behind the four weeks.
///
/// # Errors
/// The database's.
pub async fn behind(
    db: &DatabaseConnection,
    of: Option<&Caller>,
    now: DateTime<Utc>,
) -> Result<Vec<series::Model>> {
    let mut query = series::Entity::find().filter(series::Column::State.eq(SeriesState::Active));
    if let Some(caller) = of {
        query = query.filter(series::Column::CommunityId.eq(caller.community));
    }
    let zone = of.map_or(ZONE, |caller| caller.zone);
    let due = local_date(zone, now) + TimeDelta::days(AHEAD_DAYS - LAG_DAYS);
    Ok(query
        .all(db)
        .await?
        .into_iter()
        .filter(|one| one.generated_until.is_none_or(|until| until < due))
        .collect())
}

/// Makes the visits of one series. Says how many dates were written.
///
/// # Errors
/// The database's.
pub async fn of_series(app: &App, id: SeriesId) -> Result<usize> {
    let (now, guard) = (app.clock.now(), app.store.guard());
    let seen = read(app.store.read(), id, now).await?;
    if seen.steps.is_empty() && seen.series.generated_until >= Some(seen.horizon) {
        return Ok(0);
    }
    app.store
        .write(move |txn| {
            let seen = seen.clone();
            Box::pin(async move {
                // What was seen before the write only says that it is worth writing: it is compared again under the lock.
                let state = if guard == Guard::On {
                    held(txn, id, now).await?
                } else {
                    seen
                };
                Ok(write(txn, state, None).await?.dates)
            })
        })
        .await
}

/// The same inside a write that changed the series, for the person who did. What a family may not take back any more, the
/// office is asked to.
///
/// # Errors
/// The database's.
pub async fn after_change(
    txn: &DatabaseTransaction,
    id: SeriesId,
    now: DateTime<Utc>,
    caller: &Caller,
) -> Result<Wrote> {
    let state = held(txn, id, now).await?;
    write(txn, state, Some(caller)).await
}

async fn held(txn: &DatabaseTransaction, id: SeriesId, now: DateTime<Utc>) -> Result<State> {
    hold(series::Entity::find_by_id(id), txn).one(txn).await?;
    read(txn, id, now).await
}

/// Looks for somebody for every visit of series for which nobody was looked for yet, also where a process stopped between
/// the two. In the order of their start, so that the face of the first is familiar at the next.
///
/// # Errors
/// The database's.
pub async fn match_waiting(app: &App, of: Option<SeriesId>) -> Result<()> {
    let db = app.store.read();
    let mut query = series_date::Entity::find()
        // As the index says it, which holds these rows alone.
        .filter(Expr::cust(r#"NOT "series_date"."matched""#))
        .filter(series_date::Column::BookingId.is_not_null())
        .order_by_asc(series_date::Column::Start);
    if let Some(of) = of {
        query = query.filter(series_date::Column::SeriesId.eq(of));
    }
    for (row, booking) in query.find_also_related(booking::Entity).all(db).await? {
        let Some(booking) = booking else { continue };
        let visit: Option<VisitId> = visit::Entity::find()
            .filter(visit::Column::BookingId.eq(booking.id))
            .filter(visit::Column::State.eq(VisitState::Unfilled))
            .filter(visit::Column::StartsAt.gt(app.clock.now()))
            .one(db)
            .await?
            .map(|visit| visit.id);
        if let Some(visit) = visit {
            match_now(app, visit, AssignmentSource::Booking).await?;
        }
        app.store
            .write(move |txn| {
                Box::pin(async move {
                    series_date::ActiveModel {
                        id: Set(row.id),
                        matched: Set(true),
                        ..Default::default()
                    }
                    .update(txn)
                    .await?;
                    Ok(())
                })
            })
            .await?;
    }
    Ok(())
}

/// Records what was done to a series.
///
/// # Errors
/// The database's.
pub async fn record(
    txn: &DatabaseTransaction,
    series: &series::Model,
    by: &Caller,
    action: &'static str,
    date: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Series, series.id.0);
    let mut change = Change::new(series.community_id, now, Some(by.account), object, action);
    change.resident = Some(series.resident_id);
    change.date = date;
    audit::record(txn, change).await
}
