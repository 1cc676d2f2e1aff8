//! The meals of a day.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::VisitId;
use entity::words::{AssignmentState, Place, Subject, VisitState};
use entity::{
    assignment, audit, booking, building, community, helper, household, resident, series,
    series_date, service, visit,
};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::{CATEGORY, PORTION, building_order, is_cooked, stood_at};
use crate::clock::midnight;
use crate::compound::door::{building_name, door};
use crate::error::{Error, Result};
use crate::http::caller::Caller;
use crate::series::dish_of;
use crate::visits::pausing::PAUSED;
use crate::visits::views::service_name;

/// One line of the kitchen's count.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct KitchenLine {
    /// The meal service's code.
    pub service_code: String,
    /// Its name.
    pub service: String,
    /// What is cooked; none for the kitchen's own choice.
    pub dish: Option<String>,
    /// How many as of the cut-off, or as of now before it.
    pub at_cutoff: usize,
    /// How many came after the cut-off.
    pub added: usize,
    /// How many were cancelled after it.
    pub cancelled: usize,
    /// How many there are now.
    pub now: usize,
}

/// One meal to carry.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// The building.
    pub building: String,
    /// The door.
    pub door: String,
    /// The entrance.
    pub entrance: i32,
    /// The floor.
    pub floor: i32,
    /// The flat.
    pub flat: String,
    /// The resident's name.
    pub resident: String,
    /// The meal.
    pub service: String,
    /// What is cooked.
    pub dish: Option<String>,
    /// When it is to be there.
    pub start: DateTime<Utc>,
    /// Who carries it.
    pub helpers: Vec<String>,
    /// How to knock.
    pub knock_note: Option<String>,
    /// What was added.
    pub note: Option<String>,
}

/// The meals of a day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Meals {
    /// The local date.
    pub date: NaiveDate,
    /// When the count stands: the cut-off of the day's first meal.
    pub cutoff: Option<DateTime<Utc>>,
    /// Whether that has passed.
    pub settled: bool,
    /// What to cook.
    pub kitchen: Vec<KitchenLine>,
    /// What to carry, building by building, then by entrance, floor and flat.
    pub deliveries: Vec<Delivery>,
}

/// What is cooked for bookings of series.
async fn dishes(
    db: &DatabaseConnection,
    date: NaiveDate,
    visits: &[visit::Model],
) -> Result<HashMap<entity::ids::BookingId, String>> {
    let rows = series_date::Entity::find()
        .filter(series_date::Column::BookingId.is_in(visits.iter().map(|visit| visit.booking_id)))
        .find_also_related(series::Entity)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, series)| {
            let usual = || dish_of(series?.dishes.as_ref(), date.weekday().number_from_monday());
            Some((row.booking_id?, row.dish.or_else(usual)?))
        })
        .collect())
}

/// Since when those of these visits are paused that are: the last time that was written down.
async fn paused_since(
    db: &DatabaseConnection,
    visits: &[visit::Model],
) -> Result<HashMap<VisitId, DateTime<Utc>>> {
    let waiting = visits
        .iter()
        .filter(|visit| visit.state == VisitState::Paused)
        .map(|visit| visit.id);
    Ok(audit::Entity::find()
        .filter(audit::Column::What.eq(Subject::Visit))
        .filter(audit::Column::Action.eq(PAUSED))
        .filter(audit::Column::VisitId.is_in(waiting))
        .order_by_asc(audit::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.visit_id?, row.at)))
        .collect())
}

/// The meals of a day.
///
/// # Errors
/// The database's.
pub async fn meals(
    db: &DatabaseConnection,
    caller: &Caller,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Meals> {
    let community = community::Entity::find_by_id(caller.community)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a caller without a community".into()))?;
    let services: HashMap<_, _> = service::Entity::find()
        .filter(service::Column::CommunityId.eq(caller.community))
        .filter(service::Column::Category.eq(CATEGORY))
        .filter(service::Column::Unit.eq(PORTION))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let visits = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(visit::Column::StartsAt.gte(midnight(caller.zone, date)))
        .filter(visit::Column::StartsAt.lt(midnight(caller.zone, date + TimeDelta::days(1))))
        .filter(visit::Column::ServiceId.is_in(services.keys().copied()))
        .all(db)
        .await?;
    let bookings: HashMap<_, _> = booking::Entity::find()
        .filter(booking::Column::Id.is_in(visits.iter().map(|visit| visit.booking_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let dishes = dishes(db, date, &visits).await?;
    let paused = paused_since(db, &visits).await?;
    let first = visits.iter().map(|visit| visit.starts_at).min();
    let cutoff = first.map(|first| first - TimeDelta::hours(i64::from(community.cutoff_hours)));
    let settled = cutoff.is_some_and(|cutoff| cutoff < now);
    let counted = cutoff.map_or(now, |cutoff| cutoff.min(now));
    let mut kitchen: BTreeMap<(String, Option<String>), KitchenLine> = BTreeMap::new();
    for visit in &visits {
        let (Some(service), Some(booking)) = (
            services.get(&visit.service_id),
            bookings.get(&visit.booking_id),
        ) else {
            continue;
        };
        let dish = dishes.get(&booking.id).cloned();
        let line = kitchen
            .entry((service.code.clone(), dish.clone()))
            .or_insert_with(|| KitchenLine {
                service_code: service.code.clone(),
                service: service_name(service, caller.lang),
                dish,
                at_cutoff: 0,
                added: 0,
                cancelled: 0,
                now: 0,
            });
        let (stood, stands) = (
            stood_at(
                counted,
                visit.created_at,
                booking.cancelled_at.or(paused.get(&visit.id).copied()),
            ),
            is_cooked(visit.state),
        );
        line.at_cutoff += usize::from(stood);
        line.added += usize::from(!stood && stands);
        line.cancelled += usize::from(stood && !stands);
        line.now += usize::from(stands);
    }
    kitchen.retain(|_, line| line.at_cutoff + line.now > 0);
    let carried: Vec<_> = visits
        .into_iter()
        .filter(|visit| is_cooked(visit.state))
        .collect();
    Ok(Meals {
        date,
        cutoff,
        settled,
        kitchen: kitchen.into_values().collect(),
        deliveries: deliveries(db, caller, &carried, (&services, &bookings, &dishes)).await?,
    })
}

type About<'a> = (
    &'a HashMap<entity::ids::ServiceId, service::Model>,
    &'a HashMap<entity::ids::BookingId, booking::Model>,
    &'a HashMap<entity::ids::BookingId, String>,
);

async fn deliveries(
    db: &DatabaseConnection,
    caller: &Caller,
    visits: &[visit::Model],
    (services, bookings, dishes): About<'_>,
) -> Result<Vec<Delivery>> {
    let residents: HashMap<_, _> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(visits.iter().map(|visit| visit.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let homes: HashMap<_, _> = household::Entity::find()
        .filter(household::Column::Id.is_in(residents.values().map(|row| row.household_id)))
        .find_also_related(building::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(home, building)| Some((home.id, (home, building?))))
        .collect();
    let mut helpers: HashMap<_, Vec<String>> = HashMap::new();
    for (row, helper) in assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().map(|visit| visit.id)))
        .filter(
            assignment::Column::State.is_in([AssignmentState::Offered, AssignmentState::Accepted]),
        )
        .find_also_related(helper::Entity)
        .all(db)
        .await?
    {
        helpers
            .entry(row.visit_id)
            .or_default()
            .extend(helper.map(|helper| helper.name));
    }
    let mut sheet = Vec::new();
    for visit in visits {
        let Some(resident) = residents.get(&visit.resident_id) else {
            continue;
        };
        let Some((home, building)) = homes.get(&resident.household_id) else {
            continue;
        };
        // Who eats at the station fetches the meal there.
        let Some(service) = services
            .get(&visit.service_id)
            .filter(|service| service.place == Place::Home)
        else {
            continue;
        };
        let order = (
            building_order(&building.number),
            home.entrance,
            home.floor,
            home.flat.clone(),
            visit.starts_at,
            visit.id,
        );
        let line = Delivery {
            building: building_name(&building.number, caller.lang),
            door: door(home, building, caller.lang),
            entrance: home.entrance,
            floor: home.floor,
            flat: home.flat.clone(),
            resident: resident.name.clone(),
            service: service_name(service, caller.lang),
            dish: dishes.get(&visit.booking_id).cloned(),
            start: visit.starts_at,
            helpers: helpers.remove(&visit.id).unwrap_or_default(),
            knock_note: resident.knock_note.clone(),
            note: bookings
                .get(&visit.booking_id)
                .and_then(|booking| booking.note.clone()),
        };
        sheet.push((order, line));
    }
    sheet.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(sheet.into_iter().map(|(_, line)| line).collect())
}
