//! Links as they stand, and what they leave.

use std::collections::HashMap;

use entity::ids::VisitId;
use entity::words::{Lang, VisitState};
use entity::{resident, service, visit, visit_link};
use sea_orm::sea_query::Condition;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::Leeway;
use super::views::{Linkable, LinkedVisit};
use crate::clock::{local_date, midnight};
use crate::error::{Error, Result};
use crate::http::caller::zone_of;
use crate::said::{Said, pick};
use crate::visits::views::Look;

/// States in which somebody is to come, is there or was there, so that a visit's start counts for others.
const STARTS: [VisitState; 4] = [
    VisitState::Offered,
    VisitState::Accepted,
    VisitState::CheckedIn,
    VisitState::Completed,
];

/// States in which a visit can still be arranged, and so be linked.
pub(super) const OPEN: [VisitState; 3] = [
    VisitState::Unfilled,
    VisitState::Offered,
    VisitState::Accepted,
];

/// The links of a visit.
///
/// # Errors
/// The database's.
pub async fn of_visit<C: ConnectionTrait>(
    db: &C,
    visit: VisitId,
) -> Result<Vec<visit_link::Model>> {
    let either = Condition::any()
        .add(visit_link::Column::FirstId.eq(visit))
        .add(visit_link::Column::SecondId.eq(visit));
    Ok(visit_link::Entity::find()
        .filter(either)
        .order_by_asc(visit_link::Column::FirstId)
        .order_by_asc(visit_link::Column::SecondId)
        .all(db)
        .await?)
}

/// The links between any two of these visits.
///
/// # Errors
/// The database's.
pub async fn among<C: ConnectionTrait>(
    db: &C,
    visits: &[VisitId],
) -> Result<Vec<visit_link::Model>> {
    // A link has two ends.
    if visits.len() < 2 {
        return Ok(Vec::new());
    }
    Ok(visit_link::Entity::find()
        .filter(visit_link::Column::FirstId.is_in(visits.iter().copied()))
        .filter(visit_link::Column::SecondId.is_in(visits.iter().copied()))
        .order_by_asc(visit_link::Column::FirstId)
        .order_by_asc(visit_link::Column::SecondId)
        .all(db)
        .await?)
}

/// The visit at the other end.
#[must_use]
pub fn other_end(link: &visit_link::Model, visit: VisitId) -> VisitId {
    if link.first_id == visit {
        link.second_id
    } else {
        link.first_id
    }
}

/// What the visits that a visit is linked to leave it, those to which somebody is to come.
///
/// # Errors
/// The database's.
pub async fn leeways<C: ConnectionTrait>(db: &C, visit: &visit::Model) -> Result<Vec<Leeway>> {
    let links = of_visit(db, visit.id).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let others = Others::read(db, visit, &links).await?;
    let mut left = Vec::new();
    for link in &links {
        let other = others.get(other_end(link, visit.id))?;
        if STARTS.contains(&other.state) {
            let called = others.called(other);
            left.push(Leeway::of(link, visit.id, called, other.starts_at));
        }
    }
    Ok(left)
}

/// The visits that a visit is linked to, for the office.
///
/// # Errors
/// The database's.
pub async fn linked<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
) -> Result<Vec<LinkedVisit>> {
    let links = of_visit(db, visit.id).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let others = Others::read(db, visit, &links).await?;
    let mut seen = Vec::new();
    for link in &links {
        let other = others.get(other_end(link, visit.id))?;
        if !(OPEN.contains(&other.state) || STARTS.contains(&other.state)) {
            continue;
        }
        let both = STARTS.contains(&other.state) && STARTS.contains(&visit.state);
        let left = Leeway::of(link, visit.id, Said::new("", ""), other.starts_at);
        seen.push(LinkedVisit {
            visit_id: other.id,
            service: others.service(other, look.lang),
            resident: others.resident(other),
            start: other.starts_at,
            goes_before: other.id == link.first_id,
            least_min: link.least_min,
            most_min: link.most_min,
            kept: both.then(|| left.leaves(visit.starts_at)),
        });
    }
    Ok(seen)
}

/// Visits of the same household and day that could be linked to a visit.
///
/// # Errors
/// The database's.
pub async fn linkable<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
    of: &resident::Model,
) -> Result<Vec<Linkable>> {
    if !OPEN.contains(&visit.state) {
        return Ok(Vec::new());
    }
    let linked: Vec<VisitId> = of_visit(db, visit.id)
        .await?
        .iter()
        .map(|link| other_end(link, visit.id))
        .collect();
    let community = entity::community::Entity::find_by_id(visit.community_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a visit without a community".into()))?;
    let zone = zone_of(&community);
    let date = local_date(zone, visit.starts_at);
    let home: Vec<_> = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(of.household_id))
        .all(db)
        .await?;
    let rows = visit::Entity::find()
        .filter(visit::Column::ResidentId.is_in(home.iter().map(|row| row.id)))
        .filter(visit::Column::StartsAt.gte(midnight(zone, date)))
        .filter(visit::Column::StartsAt.lt(midnight(zone, date.succ_opt().unwrap_or(date))))
        .filter(visit::Column::State.is_in(OPEN))
        .filter(visit::Column::Id.ne(visit.id))
        .order_by_asc(visit::Column::StartsAt)
        .find_also_related(service::Entity)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter(|(row, _)| !linked.contains(&row.id))
        .map(|(row, service)| Linkable {
            visit_id: row.id,
            service: service.map_or_else(String::new, |service| {
                pick(look.lang, &service.name_zh, &service.name_en).to_owned()
            }),
            resident: home
                .iter()
                .find(|who| who.id == row.resident_id)
                .map_or_else(String::new, |who| who.name.clone()),
            start: row.starts_at,
        })
        .collect())
}

/// The visits at the other ends, with their names.
struct Others {
    visits: HashMap<VisitId, (visit::Model, Option<service::Model>)>,
    residents: HashMap<entity::ids::ResidentId, String>,
    zone: chrono_tz::Tz,
}

impl Others {
    async fn read<C: ConnectionTrait>(
        db: &C,
        visit: &visit::Model,
        links: &[visit_link::Model],
    ) -> Result<Self> {
        let ends = links.iter().map(|link| other_end(link, visit.id));
        let visits: HashMap<_, _> = visit::Entity::find()
            .filter(visit::Column::Id.is_in(ends))
            .find_also_related(service::Entity)
            .all(db)
            .await?
            .into_iter()
            .map(|(row, service)| (row.id, (row, service)))
            .collect();
        let residents = resident::Entity::find()
            .filter(resident::Column::Id.is_in(visits.values().map(|(row, _)| row.resident_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let community = entity::community::Entity::find_by_id(visit.community_id)
            .one(db)
            .await?
            .ok_or_else(|| Error::Internal("a visit without a community".into()))?;
        Ok(Self {
            visits,
            residents,
            zone: zone_of(&community),
        })
    }

    fn get(&self, id: VisitId) -> Result<&visit::Model> {
        let found = self.visits.get(&id).map(|(row, _)| row);
        found.ok_or_else(|| Error::Internal("a link without its visit".into()))
    }

    fn service(&self, visit: &visit::Model, lang: Lang) -> String {
        let service = self
            .visits
            .get(&visit.id)
            .and_then(|(_, service)| service.as_ref());
        service.map_or_else(String::new, |service| {
            pick(lang, &service.name_zh, &service.name_en).to_owned()
        })
    }

    fn resident(&self, visit: &visit::Model) -> String {
        self.residents
            .get(&visit.resident_id)
            .cloned()
            .unwrap_or_default()
    }

    fn called(&self, visit: &visit::Model) -> Said {
        let time = visit.starts_at.with_timezone(&self.zone).format("%-H:%M");
        let who = self.resident(visit);
        Said::new(
            format!("{who} {time} {}", self.service(visit, Lang::Zh)),
            format!("{who} {time} {}", self.service(visit, Lang::En)),
        )
    }
}
