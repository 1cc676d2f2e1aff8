//! What was asked for in a month: visits by their start, starts that were not kept, and askings for which no time was found.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, GridId, ResidentId, ServiceId};
use entity::words::{Band, LapseKind};
use entity::{booking, building, household, lapse, resident, service, unmet, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::{Cancelled, Cause, Fate, band_of, fate};
use crate::clock::{local_date, midnight};
use crate::dispatch::MOST_DAYS;
use crate::error::Result;

/// One thing that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// For whom.
    pub resident: ResidentId,
    /// What.
    pub service: ServiceId,
    /// Where they live.
    pub grid: Option<GridId>,
    /// The local day.
    pub day: NaiveDate,
    /// The local hour, 0 to 23, where a time was asked for.
    pub hour: Option<u32>,
    /// The part of the day, where a time was asked for.
    pub band: Option<Band>,
    /// Minutes of care, of the whole crew.
    pub minutes: i64,
    /// What became of it.
    pub fate: Fate,
}

/// What was asked for from one local day up to another, which is left out.
///
/// # Errors
/// The database's.
pub async fn between<C: ConnectionTrait>(
    db: &C,
    (community, zone): (CommunityId, Tz),
    (first, after): (NaiveDate, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Vec<Asked>> {
    let homes = Homes::read(db, community).await?;
    let span = (midnight(zone, first), midnight(zone, after));
    let mut all = visits(db, (community, zone), span, now, &homes).await?;
    all.extend(not_kept(db, (community, zone), span, &homes).await?);
    all.extend(in_vain(db, (community, zone), (first, after), &homes).await?);
    Ok(all)
}

/// Where residents live, and when those who left did.
struct Homes {
    grids: HashMap<ResidentId, GridId>,
    left: HashMap<ResidentId, DateTime<Utc>>,
}

impl Homes {
    async fn read<C: ConnectionTrait>(db: &C, community: CommunityId) -> Result<Self> {
        let rows = resident::Entity::find()
            .join(JoinType::InnerJoin, resident::Relation::Household.def())
            .join(JoinType::InnerJoin, household::Relation::Building.def())
            .select_only()
            .column(resident::Column::Id)
            .column(building::Column::GridId)
            .column(resident::Column::LeftAt)
            .filter(resident::Column::CommunityId.eq(community))
            .into_tuple::<(ResidentId, GridId, Option<DateTime<Utc>>)>()
            .all(db)
            .await?;
        Ok(Self {
            left: rows
                .iter()
                .filter_map(|(id, _, left)| Some((*id, (*left)?)))
                .collect(),
            grids: rows.into_iter().map(|(id, grid, _)| (id, grid)).collect(),
        })
    }
}

async fn visits<C: ConnectionTrait>(
    db: &C,
    (community, zone): (CommunityId, Tz),
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
    homes: &Homes,
) -> Result<Vec<Asked>> {
    Ok(visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(community))
        .filter(visit::Column::StartsAt.gte(from))
        .filter(visit::Column::StartsAt.lt(to))
        .find_also_related(booking::Entity)
        .all(db)
        .await?
        .into_iter()
        .map(|(visit, booking)| {
            let cancelled = booking.and_then(|booking| {
                let at = booking.cancelled_at?;
                Some(Cancelled {
                    at,
                    late: booking.cancelled_late.unwrap_or(false),
                    left: homes.left.get(&visit.resident_id) == Some(&at),
                })
            });
            asked_of(
                &visit,
                (zone, visit.starts_at),
                homes,
                fate(&visit, cancelled, now),
            )
        })
        .collect())
}

/// Starts that were missed and then put off to another time: the visit counts at the other, and the asking at this one was
/// not served.
async fn not_kept<C: ConnectionTrait>(
    db: &C,
    (community, zone): (CommunityId, Tz),
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    homes: &Homes,
) -> Result<Vec<Asked>> {
    Ok(lapse::Entity::find()
        .filter(lapse::Column::CommunityId.eq(community))
        .filter(lapse::Column::Kind.eq(LapseKind::Missed))
        .filter(lapse::Column::StartsAt.gte(from))
        .filter(lapse::Column::StartsAt.lt(to))
        .find_also_related(visit::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(lapse, visit)| Some((lapse, visit?)))
        .filter(|(lapse, visit)| lapse.starts_at != visit.starts_at)
        .map(|(lapse, visit)| {
            let cause = if lapse.helper_id.is_some() {
                Cause::DidNotCome
            } else {
                Cause::NobodyFound
            };
            asked_of(
                &visit,
                (zone, lapse.starts_at),
                homes,
                Fate::Unserved(cause),
            )
        })
        .collect())
}

fn asked_of(
    visit: &visit::Model,
    (zone, start): (Tz, DateTime<Utc>),
    homes: &Homes,
    fate: Fate,
) -> Asked {
    let local = start.with_timezone(&zone);
    Asked {
        resident: visit.resident_id,
        service: visit.service_id,
        grid: homes.grids.get(&visit.resident_id).copied(),
        day: local.date_naive(),
        hour: Some(local.hour()),
        band: Some(band_of(local.hour() * 60)),
        minutes: i64::from(visit.duration_min) * i64::from(visit.crew_size),
        fate,
    }
}

/// Askings for which no time was found, but for those where the service was booked for one of the days after all.
async fn in_vain<C: ConnectionTrait>(
    db: &C,
    (community, zone): (CommunityId, Tz),
    (first, after): (NaiveDate, NaiveDate),
    homes: &Homes,
) -> Result<Vec<Asked>> {
    let rows = unmet::Entity::find()
        .filter(unmet::Column::CommunityId.eq(community))
        .filter(unmet::Column::Day.gte(first))
        .filter(unmet::Column::Day.lt(after))
        .find_also_related(service::Entity)
        .all(db)
        .await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let last = after + TimeDelta::days(i64::try_from(MOST_DAYS).unwrap_or(14));
    let booked: HashSet<(ResidentId, ServiceId, NaiveDate)> = visit::Entity::find()
        .select_only()
        .column(visit::Column::ResidentId)
        .column(visit::Column::ServiceId)
        .column(visit::Column::StartsAt)
        .filter(visit::Column::CommunityId.eq(community))
        .filter(visit::Column::StartsAt.gte(midnight(zone, first)))
        .filter(visit::Column::StartsAt.lt(midnight(zone, last)))
        .into_tuple::<(ResidentId, ServiceId, DateTime<Utc>)>()
        .all(db)
        .await?
        .into_iter()
        .map(|(resident, service, start)| (resident, service, local_date(zone, start)))
        .collect();
    let after_all = |row: &unmet::Model| {
        row.day
            .iter_days()
            .take_while(|day| *day <= row.last_day)
            .any(|day| booked.contains(&(row.resident_id, row.service_id, day)))
    };
    Ok(rows
        .into_iter()
        .filter(|(row, _)| !after_all(row))
        .map(|(row, service)| Asked {
            resident: row.resident_id,
            service: row.service_id,
            grid: homes.grids.get(&row.resident_id).copied(),
            day: row.day,
            hour: None,
            band: row.band,
            minutes: service.map_or(0, |service| {
                i64::from(service.duration_min) * i64::from(service.crew_size)
            }),
            fate: Fate::Unserved(row.reason.into()),
        })
        .collect())
}
