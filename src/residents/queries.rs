//! Residents, for those who may see them.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, CommunityId, HouseholdId, ResidentId};
use entity::words::{RequestState, ResidentState, VisitState, WishBy};
use entity::{
    account, building, change_request, family_member, grid, helper, household, resident, visit,
    wish,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
};

use super::views::{FamilyResident, Household, Relative, Resident, ResidentWithVisits, WishView};
use super::{ON_THE_ROLL, Span, absences, age, kin_word, living_word, relation_word};
use crate::calls;
use crate::clock::{local_date, midnight};
use crate::compound::door::door;
use crate::compound::queries::doors;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::visits::views::{Look, VisitCard, cards};
use crate::visits::{is_live, short_name, stands};

/// The residents that a family account acts for.
///
/// # Errors
/// The database's.
pub async fn of_family<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<Vec<ResidentId>> {
    Ok(family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(account))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.resident_id)
        .collect())
}

/// How this caller is shown visits: only the desk sees helpers' telephones.
#[must_use]
pub fn look(caller: &Caller, now: DateTime<Utc>) -> Look {
    Look {
        lang: caller.lang,
        now,
        with_phones: caller.at_desk(),
    }
}

/// The first page of a family: those they act for, with the visits around now.
///
/// # Errors
/// The database's.
pub async fn family<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<FamilyResident>> {
    let rows: Vec<(family_member::Model, resident::Model)> = family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(caller.account))
        .find_also_related(resident::Entity)
        .filter(resident::Column::CommunityId.eq(caller.community))
        .filter(resident::Column::State.ne(ResidentState::Died))
        .order_by_asc(family_member::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(member, resident)| Some((member, resident?)))
        .collect();
    let homes = rows.iter().map(|(_, resident)| resident.household_id);
    let doors = doors(db, homes, caller.lang).await?;
    let mut around = around(
        db,
        look(caller, now),
        rows.iter().map(|(_, resident)| resident.id),
    )
    .await?;
    let mut family = Vec::with_capacity(rows.len());
    for (member, resident) in rows {
        let near = around.remove(&resident.id).unwrap_or_default();
        family.push(FamilyResident {
            id: resident.id,
            short_name: short_name(&resident.name, resident.sex, caller.lang),
            name: resident.name,
            door: doors
                .get(&resident.household_id)
                .map(|door| door.door.clone())
                .unwrap_or_default(),
            relation: kin_word(member.relation, resident.sex, caller.lang).to_owned(),
            can_book: member.can_book,
            away: away(db, resident.id, caller, now).await?,
            next_visit: near.next,
            last_visit: near.last,
            upcoming: upcoming(db, resident.id, now).await?,
            open_requests: open_requests(db, resident.id).await?,
        });
    }
    Ok(family)
}

/// Where a resident is today while away, in the caller's language.
async fn away<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let today = local_date(caller.zone, now);
    Ok(absences::away_on(db, resident, today)
        .await?
        .map(|absence| absences::away_sentence(&absence).to(caller.lang)))
}

pub(super) async fn upcoming<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    now: DateTime<Utc>,
) -> Result<u64> {
    Ok(visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(resident))
        .filter(to_come(now))
        .count(db)
        .await?)
}

async fn open_requests<C: ConnectionTrait>(db: &C, resident: ResidentId) -> Result<u64> {
    Ok(change_request::Entity::find()
        .inner_join(visit::Entity)
        .filter(visit::Column::ResidentId.eq(resident))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .count(db)
        .await?)
}

/// The visits on both sides of now.
#[derive(Debug, Default)]
struct Around {
    next: Option<VisitCard>,
    last: Option<VisitCard>,
}

/// Live visits that are not over by the clock, and those where the helper still is.
fn to_come(now: DateTime<Utc>) -> Condition {
    is_live().add(
        Condition::any()
            .add(visit::Column::EndsAt.gt(now))
            .add(visit::Column::State.eq(VisitState::CheckedIn)),
    )
}

/// What comes next and what was last, for each of these residents.
async fn around<C: ConnectionTrait>(
    db: &C,
    look: Look,
    residents: impl Iterator<Item = ResidentId>,
) -> Result<HashMap<ResidentId, Around>> {
    let mut rows = Vec::new();
    let mut next = HashMap::new();
    for resident in residents {
        let theirs = || visit::Entity::find().filter(visit::Column::ResidentId.eq(resident));
        let coming = theirs()
            .filter(to_come(look.now))
            .order_by_asc(visit::Column::StartsAt)
            .order_by_asc(visit::Column::Id)
            .one(db)
            .await?;
        let coming_id = coming.as_ref().map(|visit| visit.id);
        let gone = theirs()
            .filter(visit::Column::StartsAt.lte(look.now))
            .filter(stands())
            .filter(Condition::all().add_option(coming_id.map(|id| visit::Column::Id.ne(id))))
            .order_by_desc(visit::Column::StartsAt)
            .order_by_desc(visit::Column::Id)
            .one(db)
            .await?;
        if let Some(id) = coming_id {
            next.insert(id, resident);
        }
        rows.extend(coming);
        rows.extend(gone);
    }
    let shown = cards(db, look, &rows).await?;
    let mut around: HashMap<ResidentId, Around> = HashMap::new();
    for (row, card) in rows.iter().zip(shown) {
        let near = around.entry(row.resident_id).or_default();
        if next.contains_key(&row.id) {
            near.next = Some(card);
        } else {
            near.last = Some(card);
        }
    }
    Ok(around)
}

/// The visits of a resident on these days, in order of time. What was cancelled is not among them.
///
/// # Errors
/// The database's.
pub async fn visits<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
    span: Span,
    now: DateTime<Utc>,
) -> Result<Vec<VisitCard>> {
    let rows = visit::Entity::find()
        .filter(visit::Column::ResidentId.eq(resident))
        .filter(stands())
        .filter(visit::Column::StartsAt.gte(midnight(caller.zone, span.from)))
        .filter(visit::Column::StartsAt.lt(midnight(caller.zone, span.to + TimeDelta::days(1))))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
        .all(db)
        .await?;
    cards(db, look(caller, now), &rows).await
}

/// The file of one resident.
///
/// # Errors
/// The database's.
pub async fn file<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    row: resident::Model,
    now: DateTime<Utc>,
) -> Result<Resident> {
    let (home, building, grid) = home(db, caller.community, row.household_id).await?;
    Ok(Resident {
        id: row.id,
        short_name: short_name(&row.name, row.sex, caller.lang),
        sex: row.sex,
        age: age(row.birth_date, local_date(caller.zone, now)),
        living: row.living,
        living_word: living_word(row.living, caller.lang).to_owned(),
        ability_level: row.ability_level,
        door: door(&home, &building, caller.lang),
        floor: home.floor,
        has_lift: building.has_lift,
        grid: grid.name,
        phone: row.phone.or(home.phone),
        knock_note: row.knock_note,
        safety_note: row.safety_note,
        away: away(db, row.id, caller, now).await?,
        family: relatives(db, caller, row.id).await?,
        wishes: wishes(db, caller, row.id).await?,
        name: row.name,
    })
}

pub(super) async fn home<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    household: HouseholdId,
) -> Result<(household::Model, building::Model, grid::Model)> {
    let (home, building) = household::Entity::find_by_id(household)
        .filter(household::Column::CommunityId.eq(community))
        .find_also_related(building::Entity)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let building =
        building.ok_or_else(|| Error::Internal("a household without a building".into()))?;
    let grid = grid::Entity::find_by_id(building.grid_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a building without a grid".into()))?;
    Ok((home, building, grid))
}

/// Who may act for a resident. A relative sees the others' names, not their telephones.
async fn relatives<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
) -> Result<Vec<Relative>> {
    Ok(family_member::Entity::find()
        .filter(family_member::Column::ResidentId.eq(resident))
        .find_also_related(account::Entity)
        .order_by_asc(family_member::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(member, account)| {
            let account = account?;
            let phone_shown = caller.at_desk() || account.id == caller.account;
            Some(Relative {
                account_id: account.id,
                name: account.name,
                relation: relation_word(member.relation, caller.lang).to_owned(),
                phone: account.phone.filter(|_| phone_shown),
                can_book: member.can_book,
            })
        })
        .collect())
}

/// Wishes around a resident. That a helper would rather not come is told to the desk alone.
async fn wishes<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
) -> Result<Vec<WishView>> {
    Ok(wish::Entity::find()
        .filter(wish::Column::ResidentId.eq(resident))
        .find_also_related(helper::Entity)
        .order_by_asc(wish::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter(|(wish, _)| caller.at_desk() || wish.by == WishBy::Resident)
        .filter_map(|(wish, helper)| {
            Some(WishView {
                helper_id: wish.helper_id,
                helper: helper?.name,
                kind: wish.kind,
                by: wish.by,
            })
        })
        .collect())
}

/// A household with everything a clerk needs while it telephones.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn household<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: HouseholdId,
    now: DateTime<Utc>,
) -> Result<Household> {
    let (home, building, grid) = home(db, caller.community, id).await?;
    let people = resident::Entity::find()
        .filter(resident::Column::HouseholdId.eq(id))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .order_by_asc(resident::Column::BirthDate)
        .order_by_asc(resident::Column::Id)
        .all(db)
        .await?;
    let mut around = around(db, look(caller, now), people.iter().map(|row| row.id)).await?;
    let mut residents = Vec::with_capacity(people.len());
    for row in people {
        let near = around.remove(&row.id).unwrap_or_default();
        residents.push(ResidentWithVisits {
            resident: file(db, caller, row, now).await?,
            next_visit: near.next,
            last_visit: near.last,
        });
    }
    Ok(Household {
        id,
        door: door(&home, &building, caller.lang),
        phone: home.phone,
        grid: grid.name,
        residents,
        callbacks: calls::queries::of_household(db, id, caller.lang, now).await?,
        calls: calls::queries::last_calls(db, id).await?,
    })
}
