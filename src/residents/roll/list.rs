//! The list, page by page: each begins after the last of the one before, so that a long roll costs no more than a short.

use std::collections::HashMap;

use chrono::{NaiveDate, TimeDelta};
use entity::ids::{CommunityId, HouseholdId, ResidentId};
use entity::words::{Lang, ResidentState};
use entity::{absence, account, building, family_member, grid, household, resident};
use sea_orm::sea_query::{Condition, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};

use super::views::{RollCounts, RollPage, RollRow};
use super::{After, EXPIRES_SOON_DAYS, Part};
use crate::compound::door::door;
use crate::error::Result;
use crate::residents::absences::{away_sentence, covers};
use crate::residents::asked::{Query, Way};
use crate::residents::{ON_THE_ROLL, age, living_word};
use crate::said::Said;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Whose roll.
    pub community: CommunityId,
    /// Which part of it.
    pub part: Part,
    /// What was typed, where something was.
    pub query: Option<Query>,
    /// Where the page begins.
    pub after: Option<After>,
    /// Rows at most.
    pub limit: u64,
    /// The present day.
    pub today: NaiveDate,
    /// The language of the answer.
    pub lang: Lang,
}

/// A page of the list.
///
/// # Errors
/// The database's.
pub async fn page<C: ConnectionTrait>(db: &C, wanted: &Wanted) -> Result<RollPage> {
    let mut found = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(wanted.community))
        .filter(resident::Column::ErasedAt.is_null())
        .filter(part(wanted.part, wanted.community, wanted.today));
    if let Some(query) = &wanted.query {
        found = found.filter(fits(wanted.community, query));
    }
    if let Some(after) = &wanted.after {
        found = found.filter(
            Condition::any()
                .add(resident::Column::Initials.gt(&after.initials))
                .add(
                    Condition::all()
                        .add(resident::Column::Initials.eq(&after.initials))
                        .add(resident::Column::Id.gt(after.id)),
                ),
        );
    }
    let mut rows = found
        .order_by_asc(resident::Column::Initials)
        .order_by_asc(resident::Column::Id)
        .limit(wanted.limit + 1)
        .all(db)
        .await?;
    let more = rows.len() as u64 > wanted.limit;
    if more {
        rows.pop();
    }
    let next = rows.last().filter(|_| more).map(|row| {
        After {
            initials: row.initials.clone(),
            id: row.id,
        }
        .key()
    });
    Ok(RollPage {
        rows: shown(db, rows, wanted.today, wanted.lang).await?,
        next,
        counts: counts(db, wanted.community, wanted.today).await?,
    })
}

/// The condition of a part of the roll.
fn part(part: Part, community: CommunityId, today: NaiveDate) -> Condition {
    let here = Condition::all().add(resident::Column::State.is_in(ON_THE_ROLL));
    match part {
        Part::Here => here,
        Part::Away => here.add(resident::Column::Id.in_subquery(away(community, today))),
        Part::Expiring => here.add(
            resident::Column::AbilityValidUntil.lte(today + TimeDelta::days(EXPIRES_SOON_DAYS)),
        ),
        Part::Left => Condition::all().add(resident::Column::State.is_not_in(ON_THE_ROLL)),
    }
}

fn away(community: CommunityId, today: NaiveDate) -> SelectStatement {
    absence::Entity::find()
        .select_only()
        .column(absence::Column::ResidentId)
        .filter(absence::Column::CommunityId.eq(community))
        .filter(covers(today))
        .into_query()
}

async fn counts<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: NaiveDate,
) -> Result<RollCounts> {
    let count = async |which: Part| {
        resident::Entity::find()
            .filter(resident::Column::CommunityId.eq(community))
            .filter(resident::Column::ErasedAt.is_null())
            .filter(part(which, community, today))
            .count(db)
            .await
    };
    Ok(RollCounts {
        here: count(Part::Here).await?,
        away: count(Part::Away).await?,
        expiring: count(Part::Expiring).await?,
        left: count(Part::Left).await?,
    })
}

/// The condition that a resident fits what was typed, in any of the ways it can be understood. What means nothing fits
/// nobody.
fn fits(community: CommunityId, query: &Query) -> Condition {
    let mut any = Condition::any().add(resident::Column::Id.is_null());
    for way in query.ways() {
        any = match way {
            Way::Number(digits) => any
                .add(resident::Column::Phone.ends_with(digits))
                .add(resident::Column::HouseholdId.in_subquery(households(
                    community,
                    household::Column::Phone.ends_with(digits),
                )))
                .add(resident::Column::Id.in_subquery(related(community, digits))),
            Way::Door(asked) => {
                let key = if asked.is_whole() {
                    household::Column::DoorKey.eq(asked.key(""))
                } else {
                    household::Column::DoorKey.like(asked.key("%"))
                };
                any.add(resident::Column::HouseholdId.in_subquery(households(community, key)))
            }
            Way::Initials(letters) => any.add(resident::Column::Initials.starts_with(letters)),
            Way::Name(name, sex) => any.add(
                Condition::all()
                    .add(resident::Column::Name.contains(name))
                    .add_option(sex.map(|sex| resident::Column::Sex.eq(sex))),
            ),
        };
    }
    any
}

fn households(community: CommunityId, which: sea_orm::sea_query::SimpleExpr) -> SelectStatement {
    household::Entity::find()
        .select_only()
        .column(household::Column::Id)
        .filter(household::Column::CommunityId.eq(community))
        .filter(which)
        .into_query()
}

/// Those for whom somebody acts whose number ends like this.
fn related(community: CommunityId, digits: &str) -> SelectStatement {
    family_member::Entity::find()
        .select_only()
        .column(family_member::Column::ResidentId)
        .inner_join(account::Entity)
        .filter(account::Column::CommunityId.eq(community))
        .filter(account::Column::Phone.ends_with(digits))
        .into_query()
}

/// Rows as the office reads them.
///
/// # Errors
/// The database's.
pub async fn shown<C: ConnectionTrait>(
    db: &C,
    rows: Vec<resident::Model>,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<RollRow>> {
    let homes: HashMap<HouseholdId, (household::Model, building::Model)> =
        household::Entity::find()
            .filter(household::Column::Id.is_in(rows.iter().map(|row| row.household_id)))
            .find_also_related(building::Entity)
            .all(db)
            .await?
            .into_iter()
            .filter_map(|(home, building)| Some((home.id, (home, building?))))
            .collect();
    let grids: HashMap<_, _> = grid::Entity::find()
        .filter(grid::Column::Id.is_in(homes.values().map(|(_, building)| building.grid_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let away = away_today(db, rows.iter().map(|row| row.id), today).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let (home, building) = homes.get(&row.household_id)?;
            Some(RollRow {
                id: row.id,
                age: age(row.birth_date, today),
                door: door(home, building, lang),
                grid: grids.get(&building.grid_id).cloned().unwrap_or_default(),
                living_word: living_word(row.living, lang).to_owned(),
                ability_level: row.ability_level,
                ability_valid_until: row.ability_valid_until,
                ability_expired: row.ability_valid_until.is_some_and(|until| until < today),
                state: row.state,
                state_sentence: state_said(&row, away.get(&row.id)).to(lang),
                name: row.name,
                sex: row.sex,
                phone: row.phone.or_else(|| home.phone.clone()),
            })
        })
        .collect())
}

/// The times away of these residents that cover today.
///
/// # Errors
/// The database's.
pub async fn away_today<C: ConnectionTrait>(
    db: &C,
    residents: impl IntoIterator<Item = ResidentId>,
    today: NaiveDate,
) -> Result<HashMap<ResidentId, absence::Model>> {
    Ok(absence::Entity::find()
        .filter(absence::Column::ResidentId.is_in(residents))
        .filter(covers(today))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.resident_id, row))
        .collect())
}

/// How a resident's state is said.
#[must_use]
pub fn state_said(row: &resident::Model, away: Option<&absence::Model>) -> Said {
    let left = |zh: &str, en: &str| match row.left_on {
        Some(day) => Said::new(
            format!("{}{zh}", day.format("%Y年%-m月%-d日")),
            format!("{en} on {}", day.format("%-d %B %Y")),
        ),
        None => Said::new(zh, en),
    };
    match (row.state, away) {
        (ResidentState::Died, _) => left("去世", "Died"),
        (ResidentState::Moved, _) => left("迁出", "Moved away"),
        (_, Some(absence)) => away_sentence(absence),
        (ResidentState::Paused, None) => Said::new("外出", "Away"),
        (ResidentState::Active, None) => Said::new("在家", "At home"),
    }
}
