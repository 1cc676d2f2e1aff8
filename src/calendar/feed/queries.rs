//! What stands in a feed.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, ResidentId, ServiceId, VisitId};
use entity::words::{AssignmentState, Lang, Role, Subject, VisitState};
use entity::{assignment, audit, calendar_feed, helper, resident, service, visit};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Entry, KEPT_DAYS, Reader};
use crate::compound::queries::doors;
use crate::error::Result;
use crate::http::caller::{Caller, helper_of};
use crate::residents::queries::of_family;
use crate::store::claim;
use crate::visits::short_name;

/// As whom an account has a feed: with a helper's own visits, with those to a family's residents, or with both; as nobody for
/// the office.
///
/// # Errors
/// The database's.
pub async fn readers(db: &DatabaseConnection, caller: &Caller) -> Result<Vec<Reader>> {
    let helps = helper_of(db, caller.account).await?.is_some();
    let as_helper = helps.then_some(Reader::Helper);
    let as_family = caller.is(Role::Family).then_some(Reader::Family);
    Ok(as_helper.into_iter().chain(as_family).collect())
}

/// The feed of an account.
///
/// # Errors
/// The database's.
pub async fn feed_of(
    db: &DatabaseConnection,
    account: AccountId,
) -> Result<Option<calendar_feed::Model>> {
    Ok(calendar_feed::Entity::find_by_id(account).one(db).await?)
}

/// Whose feed is at the address with this secret.
///
/// # Errors
/// The database's.
pub async fn account_at(db: &DatabaseConnection, hash: &str) -> Result<Option<AccountId>> {
    Ok(calendar_feed::Entity::find()
        .filter(calendar_feed::Column::TokenHash.eq(hash))
        .one(db)
        .await?
        .map(|row| row.account_id))
}

/// The visits of a feed, by start.
///
/// # Errors
/// The database's.
pub async fn entries(
    db: &DatabaseConnection,
    caller: &Caller,
    readers: &[Reader],
    now: DateTime<Utc>,
) -> Result<Vec<Entry>> {
    let since = now - TimeDelta::days(KEPT_DAYS);
    let mut entries = Vec::new();
    for reader in readers {
        let visits = match reader {
            Reader::Helper => of_helper(db, caller, since).await?,
            Reader::Family => of_residents(db, caller, since).await?,
        };
        let about = About::read(db, caller.lang, &visits).await?;
        entries.extend(visits.iter().map(|visit| about.entry(visit, *reader)));
    }
    entries.retain(|entry| !entry.is_off() || entry.ends_at > now);
    entries.sort_by_key(|entry| (entry.starts_at, entry.visit));
    Ok(entries)
}

/// The visits to a family's residents.
async fn of_residents(
    db: &DatabaseConnection,
    caller: &Caller,
    since: DateTime<Utc>,
) -> Result<Vec<visit::Model>> {
    let residents = of_family(db, caller.account).await?;
    Ok(visit::Entity::find()
        .filter(visit::Column::ResidentId.is_in(residents))
        .filter(visit::Column::StartsAt.gte(since))
        .order_by_asc(visit::Column::StartsAt)
        .all(db)
        .await?)
}

/// The visits that a helper was ever asked to; those that are not hers any more as cancelled.
async fn of_helper(
    db: &DatabaseConnection,
    caller: &Caller,
    since: DateTime<Utc>,
) -> Result<Vec<visit::Model>> {
    let Some(helper) = helper_of(db, caller.account).await? else {
        return Ok(Vec::new());
    };
    let work: Vec<(assignment::Model, Option<visit::Model>)> = assignment::Entity::find()
        .filter(assignment::Column::HelperId.eq(helper))
        .filter(assignment::Column::StartsAt.gte(since))
        .order_by_asc(assignment::Column::Id)
        .find_also_related(visit::Entity)
        .all(db)
        .await?;
    let mut visits: BTreeMap<VisitId, visit::Model> = BTreeMap::new();
    for (mine, visit) in work {
        let Some(mut visit) = visit else { continue };
        if !claim::LIVE.contains(&mine.state) {
            // Where she stood; the visit may be at another time by now, with somebody else.
            (visit.starts_at, visit.ends_at) = (mine.starts_at, mine.ends_at);
            visit.state = VisitState::Cancelled;
        } else if mine.state == AssignmentState::Offered && visit.state == VisitState::Accepted {
            // Of a crew of two the other has said yes.
            visit.state = VisitState::Offered;
        }
        visits.insert(visit.id, visit);
    }
    Ok(visits.into_values().collect())
}

/// What entries need to know of their visits.
struct About {
    lang: Lang,
    residents: HashMap<ResidentId, resident::Model>,
    buildings: HashMap<entity::ids::HouseholdId, String>,
    categories: HashMap<ServiceId, String>,
    helpers: HashMap<VisitId, Vec<String>>,
    changed: HashMap<VisitId, DateTime<Utc>>,
}

impl About {
    async fn read(db: &DatabaseConnection, lang: Lang, visits: &[visit::Model]) -> Result<Self> {
        let residents: HashMap<_, _> = resident::Entity::find()
            .filter(resident::Column::Id.is_in(visits.iter().map(|visit| visit.resident_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let homes = residents.values().map(|row| row.household_id);
        let buildings = doors(db, homes, lang).await?;
        let ids: Vec<VisitId> = visits.iter().map(|visit| visit.id).collect();
        Ok(Self {
            lang,
            buildings: buildings
                .into_iter()
                .map(|(home, door)| (home, door.building_name))
                .collect(),
            categories: service::Entity::find()
                .filter(service::Column::Id.is_in(visits.iter().map(|visit| visit.service_id)))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.category))
                .collect(),
            helpers: who_comes(db, &ids).await?,
            changed: last_changes(db, &ids).await?,
            residents,
        })
    }

    fn entry(&self, visit: &visit::Model, reader: Reader) -> Entry {
        let resident = self.residents.get(&visit.resident_id);
        let called = |row: &resident::Model| match reader {
            Reader::Helper => short_name(&row.name, row.sex, self.lang),
            Reader::Family => row.name.clone(),
        };
        let building = resident.and_then(|row| self.buildings.get(&row.household_id));
        Entry {
            reader,
            visit: visit.id,
            version: visit.version,
            changed_at: self
                .changed
                .get(&visit.id)
                .copied()
                .unwrap_or(visit.created_at),
            starts_at: visit.starts_at,
            ends_at: visit.ends_at,
            state: visit.state,
            resident: resident.map_or_else(String::new, called),
            category: self
                .categories
                .get(&visit.service_id)
                .cloned()
                .unwrap_or_default(),
            // The family knows where its people live.
            building: building.filter(|_| reader == Reader::Helper).cloned(),
            helpers: match reader {
                Reader::Family => self.helpers.get(&visit.id).cloned().unwrap_or_default(),
                Reader::Helper => Vec::new(),
            },
        }
    }
}

/// The names of those who come to each visit.
async fn who_comes(
    db: &DatabaseConnection,
    visits: &[VisitId],
) -> Result<HashMap<VisitId, Vec<String>>> {
    let mut names: HashMap<VisitId, Vec<String>> = HashMap::new();
    let work = assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().copied()))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::Id)
        .find_also_related(helper::Entity)
        .all(db)
        .await?;
    for (row, helper) in work {
        let name = helper.map(|helper| helper.name);
        names.entry(row.visit_id).or_default().extend(name);
    }
    Ok(names)
}

/// When each visit was last changed.
async fn last_changes(
    db: &DatabaseConnection,
    visits: &[VisitId],
) -> Result<HashMap<VisitId, DateTime<Utc>>> {
    Ok(audit::Entity::find()
        .select_only()
        .column(audit::Column::ObjectId)
        .column_as(audit::Column::At.max(), "at")
        .filter(audit::Column::What.eq(Subject::Visit))
        .filter(audit::Column::ObjectId.is_in(visits.iter().map(|visit| visit.0)))
        .group_by(audit::Column::ObjectId)
        .into_tuple::<(i64, DateTime<Utc>)>()
        .all(db)
        .await?
        .into_iter()
        .map(|(visit, at)| (VisitId(visit), at))
        .collect())
}
