//! Finding a household by what a clerk typed while the telephone rings.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::ids::{CommunityId, HouseholdId};
use entity::words::Lang;
use entity::{account, building, family_member, grid, household, resident};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait, Select,
};

use super::asked::{DoorAsked, Query, Way};
use super::views::{HouseholdHit, Matched, ResidentShort};
use super::{ON_THE_ROLL, age, living_word};
use crate::compound::door::door;
use crate::error::Result;
use crate::visits::short_name;

/// Households in an answer at most.
const HITS: usize = 20;
/// Rows read for one way of understanding what was typed: enough for the best 20 of a common surname.
const READ: u64 = 200;

/// How well something fits; less is better.
type Rank = u8;
const WHOLE_NUMBER: Rank = 0;
const WHOLE_DOOR: Rank = 1;
const WHOLE_NAME: Rank = 2;
const BEGINNING: Rank = 3;
const LAST_DIGITS: Rank = 4;
const SOMEWHERE: Rank = 5;

/// What was found, each household with the best reason for it.
type Found = HashMap<HouseholdId, (Rank, Matched)>;

/// The households that fit what was typed, the best first, 20 at most.
///
/// # Errors
/// The database's.
pub async fn households<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    query: &Query,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<HouseholdHit>> {
    let mut found = Found::new();
    for way in query.ways() {
        match way {
            Way::Number(digits) => by_number(db, community, digits, &mut found).await?,
            Way::Door(asked) => by_door(db, community, asked, &mut found).await?,
            Way::Initials(initials) => by_initials(db, community, initials, &mut found).await?,
            Way::Name(name, sex) => {
                let part = on_the_roll(community).filter(resident::Column::Name.contains(name));
                let part = match sex {
                    Some(sex) => part.filter(resident::Column::Sex.eq(*sex)),
                    None => part,
                };
                for (home, full) in homes(db, part, resident::Column::Name).await? {
                    keep(&mut found, home, fit(&full, name), Matched::Name);
                }
            }
        }
    }
    hits(db, found, today, lang).await
}

fn keep(found: &mut Found, home: HouseholdId, rank: Rank, matched: Matched) {
    let entry = found.entry(home).or_insert((rank, matched));
    if rank < entry.0 {
        *entry = (rank, matched);
    }
}

/// How well a part of a word fits the whole.
fn fit(whole: &str, part: &str) -> Rank {
    if whole == part {
        WHOLE_NAME
    } else if whole.starts_with(part) {
        BEGINNING
    } else {
        SOMEWHERE
    }
}

fn on_the_roll(community: CommunityId) -> Select<resident::Entity> {
    resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(community))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
}

/// The homes of these residents, each with one of their columns.
async fn homes<C: ConnectionTrait>(
    db: &C,
    residents: Select<resident::Entity>,
    column: resident::Column,
) -> Result<Vec<(HouseholdId, String)>> {
    Ok(residents
        .select_only()
        .columns([resident::Column::HouseholdId, column])
        .order_by_asc(column)
        .order_by_asc(resident::Column::Id)
        .limit(READ)
        .into_tuple()
        .all(db)
        .await?)
}

async fn by_initials<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    initials: &str,
    found: &mut Found,
) -> Result<()> {
    let begin = on_the_roll(community).filter(resident::Column::Initials.starts_with(initials));
    for (home, whole) in homes(db, begin, resident::Column::Initials).await? {
        keep(found, home, fit(&whole, initials), Matched::Initials);
    }
    Ok(())
}

async fn by_door<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    asked: &DoorAsked,
    found: &mut Found,
) -> Result<()> {
    let homes = household::Entity::find().filter(household::Column::CommunityId.eq(community));
    let homes = if asked.is_whole() {
        homes.filter(household::Column::DoorKey.eq(asked.key("")))
    } else {
        homes.filter(household::Column::DoorKey.like(asked.key("%")))
    };
    let rank = if asked.is_whole() {
        WHOLE_DOOR
    } else {
        BEGINNING
    };
    for home in homes
        .select_only()
        .column(household::Column::Id)
        .order_by_asc(household::Column::DoorKey)
        .limit(READ)
        .into_tuple::<HouseholdId>()
        .all(db)
        .await?
    {
        keep(found, home, rank, Matched::Door);
    }
    Ok(())
}

/// A number may be the household's, a resident's, or that of a daughter in another city.
async fn by_number<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    digits: &str,
    found: &mut Found,
) -> Result<()> {
    for (home, number) in numbers(db, community, digits).await? {
        let rank = if same_number(&number, digits) {
            WHOLE_NUMBER
        } else {
            LAST_DIGITS
        };
        keep(found, home, rank, Matched::Number);
    }
    Ok(())
}

/// The same line, with the area's prefix or without.
fn same_number(kept: &str, typed: &str) -> bool {
    let (longer, shorter) = if kept.len() >= typed.len() {
        (kept, typed)
    } else {
        (typed, kept)
    };
    shorter.len() >= 7
        && longer.strip_suffix(shorter).is_some_and(|prefix| {
            prefix.is_empty() || (prefix.starts_with('0') && (3..=4).contains(&prefix.len()))
        })
}

/// Every number that ends like this, or is the same line, with the household it leads to.
async fn numbers<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    digits: &str,
) -> Result<Vec<(HouseholdId, String)>> {
    // A whole number typed with the area's prefix may be kept without it.
    let without_area: Vec<&str> = [3, 4]
        .into_iter()
        .filter(|_| digits.starts_with('0'))
        .filter_map(|at| digits.get(at..))
        .filter(|rest| rest.len() >= 7)
        .collect();
    let mut all: Vec<(HouseholdId, String)> = household::Entity::find()
        .select_only()
        .columns([household::Column::Id, household::Column::Phone])
        .filter(household::Column::CommunityId.eq(community))
        .filter(
            Condition::any()
                .add(household::Column::Phone.ends_with(digits))
                .add(household::Column::Phone.is_in(without_area.clone())),
        )
        .order_by_asc(household::Column::Id)
        .limit(READ)
        .into_tuple()
        .all(db)
        .await?;
    let residents = on_the_roll(community).filter(
        Condition::any()
            .add(resident::Column::Phone.ends_with(digits))
            .add(resident::Column::Phone.is_in(without_area.clone())),
    );
    all.extend(homes(db, residents, resident::Column::Phone).await?);
    all.extend(
        on_the_roll(community)
            .join_rev(
                sea_orm::JoinType::InnerJoin,
                family_member::Relation::Resident.def(),
            )
            .join(
                sea_orm::JoinType::InnerJoin,
                family_member::Relation::Account.def(),
            )
            .select_only()
            .column(resident::Column::HouseholdId)
            .column(account::Column::Phone)
            // As the resident's: from there the database may begin with the community's accounts, and not with everybody's.
            .filter(account::Column::CommunityId.eq(community))
            .filter(
                Condition::any()
                    .add(account::Column::Phone.ends_with(digits))
                    .add(account::Column::Phone.is_in(without_area)),
            )
            .limit(READ)
            .into_tuple::<(HouseholdId, String)>()
            .all(db)
            .await?,
    );
    Ok(all)
}

/// The household that a caller's whole number leads to, where it leads to one alone.
///
/// # Errors
/// The database's.
pub async fn of_number<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    digits: &str,
) -> Result<Option<HouseholdId>> {
    let mut homes: Vec<HouseholdId> = numbers(db, community, digits)
        .await?
        .into_iter()
        .filter(|(_, number)| same_number(number, digits))
        .map(|(home, _)| home)
        .collect();
    homes.sort_unstable();
    homes.dedup();
    Ok(match homes[..] {
        [home] => Some(home),
        _ => None,
    })
}

async fn hits<C: ConnectionTrait>(
    db: &C,
    found: Found,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<HouseholdHit>> {
    let mut rows = household::Entity::find()
        .filter(household::Column::Id.is_in(found.keys().copied()))
        .find_also_related(building::Entity)
        .all(db)
        .await?;
    rows.sort_by_cached_key(|(home, building)| {
        let number = building.as_ref().map_or("", |building| &building.number);
        (
            found.get(&home.id).map_or(SOMEWHERE, |(rank, _)| *rank),
            number.parse::<u32>().unwrap_or(u32::MAX),
            home.entrance,
            home.floor,
            home.flat.clone(),
        )
    });
    rows.truncate(HITS);
    let mut people = short(db, rows.iter().map(|(home, _)| home.id), today, lang).await?;
    let grids: HashMap<_, _> = grid::Entity::find()
        .filter(
            grid::Column::Id
                .is_in(rows.iter().filter_map(|(_, building)| {
                    building.as_ref().map(|building| building.grid_id)
                })),
        )
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(rows
        .into_iter()
        .filter_map(|(home, building)| {
            let building = building?;
            Some(HouseholdHit {
                id: home.id,
                door: door(&home, &building, lang),
                grid: grids.get(&building.grid_id).cloned().unwrap_or_default(),
                residents: people.remove(&home.id).unwrap_or_default(),
                matched: found.get(&home.id)?.1,
                phone: home.phone,
            })
        })
        .collect())
}

/// Those of the roll who live in these households, in few words, the eldest first.
async fn short<C: ConnectionTrait>(
    db: &C,
    households: impl IntoIterator<Item = HouseholdId>,
    today: NaiveDate,
    lang: Lang,
) -> Result<HashMap<HouseholdId, Vec<ResidentShort>>> {
    let mut people: HashMap<HouseholdId, Vec<ResidentShort>> = HashMap::new();
    for row in resident::Entity::find()
        .filter(resident::Column::HouseholdId.is_in(households))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .order_by_asc(resident::Column::BirthDate)
        .order_by_asc(resident::Column::Id)
        .all(db)
        .await?
    {
        let home = row.household_id;
        people
            .entry(home)
            .or_default()
            .push(in_few_words(row, today, lang));
    }
    Ok(people)
}

/// A resident in few words.
pub(super) fn in_few_words(row: resident::Model, today: NaiveDate, lang: Lang) -> ResidentShort {
    ResidentShort {
        id: row.id,
        short_name: short_name(&row.name, row.sex, lang),
        name: row.name,
        age: age(row.birth_date, today),
        sex: row.sex,
        living_word: living_word(row.living, lang).to_owned(),
        ability_level: row.ability_level,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_the_same_with_its_area_or_without() {
        assert!(same_number("13800138000", "13800138000"));
        assert!(same_number("07103223456", "3223456"));
        assert!(same_number("3223456", "07103223456"));
        assert!(!same_number("13800138000", "8000"));
        assert!(!same_number("13803223456", "3223456"));
    }

    #[test]
    fn the_better_reason_is_kept() {
        let home = HouseholdId(1);
        let mut found = Found::new();
        keep(&mut found, home, LAST_DIGITS, Matched::Number);
        keep(&mut found, home, WHOLE_DOOR, Matched::Door);
        keep(&mut found, home, SOMEWHERE, Matched::Name);
        assert_eq!(found[&home], (WHOLE_DOOR, Matched::Door));
        assert!(fit("王秀英", "王秀英") < fit("王秀英", "王"));
        assert!(fit("王秀英", "王") < fit("王秀英", "秀"));
    }
}
