//! What a series' rows lack of what its dates want: read at one moment, without writing anything.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::SeriesId;
use entity::words::{DateOutcome, SeriesState};
use entity::{community, resident, series, series_date, service, service_offer};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::away::is_away;
use super::queries::{calendar, days, parts, rows, shape};
use super::reckon::Wanted;
use super::{AHEAD_DAYS, instant};
use crate::catalogue;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::zone_of;
use crate::residents::absences;

/// What one date needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A row that came of the rule and no longer does.
    Drop(series_date::Model),
    /// A date that is to be as `Becomes` says; with the row it has.
    Put(NaiveDate, Becomes, Option<series_date::Model>),
}

/// What a date is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Becomes {
    Visit {
        on: NaiveDate,
        start: DateTime<Utc>,
        duration_min: i32,
    },
    Nothing(DateOutcome),
}

/// Everything that decides about a series' dates, read at one moment.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub series: series::Model,
    pub service: service::Model,
    pub community: community::Model,
    pub zone: Tz,
    pub now: DateTime<Utc>,
    pub steps: Vec<Step>,
    pub horizon: NaiveDate,
}

/// Compares.
///
/// # Errors
/// `not-found`, or the database's.
pub(super) async fn read<C: ConnectionTrait>(
    db: &C,
    id: SeriesId,
    now: DateTime<Utc>,
) -> Result<State> {
    let series = series::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let lost = || Error::Internal("a series without its rows".into());
    let resident = resident::Entity::find_by_id(series.resident_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let service = service::Entity::find_by_id(series.service_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let community = community::Entity::find_by_id(series.community_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let offers = service_offer::Entity::find()
        .filter(service_offer::Column::ServiceId.eq(service.id))
        .all(db)
        .await?;
    let zone = zone_of(&community);
    let today = local_date(zone, now);
    let horizon = today + TimeDelta::days(AHEAD_DAYS);
    let parts = parts(db, [id]).await?.remove(&id).unwrap_or_default();
    let calendar = calendar(&days(db, series.community_id, series.first_date).await?);
    // What moved from a holiday may lie ahead of us while its own date is past.
    let wanted =
        shape(&series, &parts)?.dates(&calendar, today - TimeDelta::days(AHEAD_DAYS), horizon);
    let have = rows(db, id).await?;
    let limits = catalogue::why_not(&service, &offers, &resident, today).is_some();
    let times_away = absences::from_day_on(db, resident.id, today).await?;
    let becomes = |wanted: &Wanted| match *wanted {
        Wanted::Paused => None,
        Wanted::Closed => Some(Becomes::Nothing(DateOutcome::Holiday)),
        Wanted::Serve { on, .. } if is_away(&resident, &times_away, on) => {
            Some(Becomes::Nothing(DateOutcome::Away))
        }
        Wanted::Serve { .. } if limits => Some(Becomes::Nothing(DateOutcome::Limits)),
        Wanted::Serve {
            on,
            start_min,
            duration_min,
        } => {
            let start = instant(zone, on, start_min);
            (start >= series.not_before).then_some(Becomes::Visit {
                on,
                start,
                duration_min,
            })
        }
    };
    let mut steps = Vec::new();
    let by_hand = |on: NaiveDate, date: NaiveDate| {
        have.iter()
            .any(|row| row.by_hand && row.served_on == Some(on) && row.date != date)
    };
    for row in &have {
        let over = row.start.map_or(row.date < today, |start| start <= now);
        let kept = row.by_hand
            && series
                .last_date
                .is_none_or(|last| row.served_on.unwrap_or(row.date) <= last);
        if over || kept {
            continue;
        }
        // What was chosen to eat outlives a pause, and the kitchen that has counted still finds the dish of what was taken off.
        if wanted.get(&row.date) == Some(&Wanted::Paused) && has_dish(&series, row) {
            if row.by_hand || row.outcome != DateOutcome::Skipped {
                let rests = Becomes::Nothing(DateOutcome::Skipped);
                steps.push(Step::Put(row.date, rests, Some(row.clone())));
            }
            continue;
        }
        if row.by_hand || wanted.get(&row.date).and_then(becomes).is_none() {
            steps.push(Step::Drop(row.clone()));
        }
    }
    for (date, wanted) in &wanted {
        let Some(becomes) = becomes(wanted) else {
            continue;
        };
        // A day that a person gave to another date of the series is taken.
        let becomes = match becomes {
            Becomes::Visit { on, .. } if by_hand(on, *date) => {
                Becomes::Nothing(DateOutcome::Skipped)
            }
            other => other,
        };
        let row = have.iter().find(|row| row.date == *date);
        let over = match becomes {
            Becomes::Visit { start, .. } => start <= now,
            Becomes::Nothing(_) => *date < today,
        } || row.is_some_and(|row| row.start.is_some_and(|start| start <= now));
        // What was made before she went away waits for her: the roll pauses it and brings it back.
        let waits = matches!(becomes, Becomes::Nothing(DateOutcome::Away))
            && row.is_some_and(|row| row.outcome == DateOutcome::Booked);
        if over || waits || row.is_some_and(|row| row.by_hand || is_so(row, becomes)) {
            continue;
        }
        steps.push(Step::Put(*date, becomes, row.cloned()));
    }
    // It ended between the look and the lock: what was made stays as it is.
    if series.state == SeriesState::Ended {
        steps.clear();
    }
    // Days are given up before others move onto them.
    steps.sort_by_key(|step| match step {
        Step::Drop(_) => 0,
        Step::Put(_, Becomes::Nothing(_), _) => 1,
        Step::Put(..) => 2,
    });
    Ok(State {
        series,
        service,
        community,
        zone,
        now,
        steps,
        horizon,
    })
}

fn has_dish(series: &series::Model, row: &series_date::Model) -> bool {
    series.dishes.is_some() || row.dish.is_some()
}

fn is_so(row: &series_date::Model, becomes: Becomes) -> bool {
    match becomes {
        Becomes::Nothing(outcome) => row.outcome == outcome,
        Becomes::Visit {
            on,
            start,
            duration_min,
        } => {
            row.outcome == DateOutcome::Booked
                && (row.served_on, row.start, row.duration_min)
                    == (Some(on), Some(start), Some(duration_min))
        }
    }
}
