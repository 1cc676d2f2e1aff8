//! Finding a helper by what a clerk typed.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use entity::ids::{CommunityId, HelperId};
use entity::{assignment, helper, leave, provider, visit};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    Select,
};

use super::views::HelperHit;
use crate::clock::midnight;
use crate::error::{Problem, Result};
use crate::http::paging::{self, Page};
use crate::residents::asked::{Query, Way};
use crate::store::claim;
use crate::visits::stands;

/// Helpers in an answer at most, when something was typed.
const HITS: usize = 20;

/// The helpers that fit what was typed, by name.
///
/// # Errors
/// The database's.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    typed: &str,
    (zone, today): (Tz, NaiveDate),
) -> Result<Vec<HelperHit>> {
    let query = Query::parse(typed);
    let asked = by_name(community).filter(fits(&query));
    let mut rows: Vec<Found> = asked.find_also_related(provider::Entity).all(db).await?;
    rows.sort_by_key(|(row, _)| !is_whole(&query, row));
    rows.truncate(HITS);
    hits(db, rows, (zone, today)).await
}

/// A page of all helpers, by name, those after one of them.
///
/// # Errors
/// `not-found` where that one is not of the community, or the database's.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    after: Option<HelperId>,
    (zone, today): (Tz, NaiveDate),
) -> Result<Page<HelperHit>> {
    let mut asked = by_name(community).limit(paging::READ);
    if let Some(after) = after {
        asked = asked.filter(beyond(db, community, after).await?);
    }
    let mut rows: Vec<Found> = asked.find_also_related(provider::Entity).all(db).await?;
    let next = paging::cut(&mut rows, |(row, _)| row.id.0);
    Ok(Page::new(hits(db, rows, (zone, today)).await?, next))
}

/// A helper and whom they work for.
type Found = (helper::Model, Option<provider::Model>);

fn by_name(community: CommunityId) -> Select<helper::Entity> {
    helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::Active.eq(true))
        .order_by_asc(helper::Column::Initials)
        .order_by_asc(helper::Column::Id)
}

async fn hits<C: ConnectionTrait>(
    db: &C,
    rows: Vec<Found>,
    (zone, today): (Tz, NaiveDate),
) -> Result<Vec<HelperHit>> {
    let ids: Vec<HelperId> = rows.iter().map(|(row, _)| row.id).collect();
    let away = on_leave(db, &ids, today).await?;
    let counts = counts(db, &ids, zone, today).await?;
    let hits = rows.into_iter().map(|(row, provider)| HelperHit {
        id: row.id,
        name: row.name,
        kind: row.kind,
        provider: provider.map(|provider| provider.name).unwrap_or_default(),
        phone: row.phone,
        on_leave_today: away.contains(&row.id),
        today_count: counts.get(&row.id).copied().unwrap_or(0),
    });
    Ok(hits.collect())
}

/// The helpers after this one.
async fn beyond<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    after: HelperId,
) -> Result<SimpleExpr> {
    let last = helper::Entity::find_by_id(after)
        .filter(helper::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(Problem::not_found)?;
    let key = [last.initials.into(), last.id.0.into()];
    Ok(paging::beyond(
        [helper::Column::Initials, helper::Column::Id],
        key,
    ))
}

/// The condition that a helper fits; a door finds nobody.
fn fits(query: &Query) -> Condition {
    query.ways().iter().fold(
        Condition::any().add(helper::Column::Id.is_null()),
        |any, way| match way {
            Way::Number(digits) => any.add(helper::Column::Phone.ends_with(digits)),
            Way::Initials(initials) => any.add(helper::Column::Initials.starts_with(initials)),
            Way::Name(name, sex) => any.add(
                Condition::all()
                    .add(helper::Column::Name.contains(name))
                    .add_option(sex.map(|sex| helper::Column::Sex.eq(sex))),
            ),
            Way::Door(_) => any,
        },
    )
}

fn is_whole(query: &Query, row: &helper::Model) -> bool {
    query.ways().iter().any(|way| match way {
        Way::Number(digits) => row.phone == *digits,
        Way::Initials(initials) => row.initials == *initials,
        Way::Name(name, _) => row.name == *name,
        Way::Door(_) => false,
    })
}

async fn on_leave<C: ConnectionTrait>(
    db: &C,
    helpers: &[HelperId],
    today: NaiveDate,
) -> Result<HashSet<HelperId>> {
    Ok(leave::Entity::find()
        .filter(leave::Column::HelperId.is_in(helpers.iter().copied()))
        .filter(leave::Column::FromDate.lte(today))
        .filter(leave::Column::ToDate.gte(today))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.helper_id)
        .collect())
}

async fn counts<C: ConnectionTrait>(
    db: &C,
    helpers: &[HelperId],
    zone: Tz,
    today: NaiveDate,
) -> Result<HashMap<HelperId, u64>> {
    let mut counts = HashMap::new();
    for id in assignment::Entity::find()
        .inner_join(visit::Entity)
        .select_only()
        .column(assignment::Column::HelperId)
        .filter(assignment::Column::HelperId.is_in(helpers.iter().copied()))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(assignment::Column::StartsAt.gte(midnight(zone, today)))
        .filter(assignment::Column::StartsAt.lt(midnight(zone, today + TimeDelta::days(1))))
        .filter(stands())
        .into_tuple::<HelperId>()
        .all(db)
        .await?
    {
        *counts.entry(id).or_insert(0) += 1;
    }
    Ok(counts)
}
