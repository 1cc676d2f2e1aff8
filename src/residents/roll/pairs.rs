//! Two files that look like one person: the same name and day of birth, or one household with the same name, or with the
//! same day of birth and sex. A person decides whether they are one.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{CommunityId, ResidentId};
use entity::words::Lang;
use entity::{resident, roll_pair};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    FromQueryResult, PaginatorTrait, QueryFilter, Statement,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::edit::note;
use super::list::shown;
use super::views::RollRow;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;

/// Pairs in an answer at most: who has decided on these sees the next.
const MOST: u64 = 50;

/// Two files that look like one person.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Pair {
    /// The older file.
    pub one: PairSide,
    /// The newer file.
    pub other: PairSide,
    /// What is the same: `name`, `birth_date`, `household`, `sex`, `phone`.
    pub same: Vec<&'static str>,
}

/// A file beside another.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PairSide {
    /// As the list shows it.
    #[serde(flatten)]
    pub row: RollRow,
    /// Day of birth.
    pub birth_date: NaiveDate,
    /// How to get in.
    pub knock_note: Option<String>,
    /// What a helper has to mind.
    pub safety_note: Option<String>,
    /// How many bookings hang on it.
    pub bookings: u64,
    /// How many relatives act for them.
    pub family: u64,
    /// How many calls were noted.
    pub calls: u64,
}

/// Which two files.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct PairOf {
    /// One.
    pub one: ResidentId,
    /// The other.
    pub other: ResidentId,
}

#[derive(Debug, FromQueryResult)]
struct Found {
    one: ResidentId,
    other: ResidentId,
}

/// The pairs on which nobody has decided, 50 at most.
///
/// # Errors
/// The database's.
pub async fn pairs<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<Pair>> {
    const HERE: &str = "a.community_id = $1 AND a.state IN ('active', 'paused') AND b.state IN ('active', 'paused') AND \
         NOT EXISTS (SELECT 1 FROM roll_pair p WHERE p.one_id = a.id AND p.other_id = b.id)";
    let sql = format!(
        "SELECT a.id AS one, b.id AS other FROM resident a JOIN resident b ON b.community_id = a.community_id AND \
         b.name = a.name AND b.birth_date = a.birth_date AND b.id > a.id WHERE {HERE} \
         UNION SELECT a.id AS one, b.id AS other FROM resident a JOIN resident b ON b.household_id = a.household_id AND \
         b.id > a.id AND (b.name = a.name OR (b.birth_date = a.birth_date AND b.sex = a.sex)) WHERE {HERE} \
         ORDER BY 1, 2 LIMIT {MOST}"
    );
    let found = Found::find_by_statement(Statement::from_sql_and_values(
        db.get_database_backend(),
        sql,
        [community.0.into()],
    ))
    .all(db)
    .await?;
    let mut pairs = Vec::with_capacity(found.len());
    for Found { one, other } in found {
        if let (Some(one), Some(other)) = (
            resident::Entity::find_by_id(one).one(db).await?,
            resident::Entity::find_by_id(other).one(db).await?,
        ) {
            let same = same(&one, &other);
            if let (Some(one), Some(other)) = (
                side(db, one, today, lang).await?,
                side(db, other, today, lang).await?,
            ) {
                pairs.push(Pair { one, other, same });
            }
        }
    }
    Ok(pairs)
}

/// What two files have in common.
fn same(one: &resident::Model, other: &resident::Model) -> Vec<&'static str> {
    [
        ("name", one.name == other.name),
        ("birth_date", one.birth_date == other.birth_date),
        ("household", one.household_id == other.household_id),
        ("sex", one.sex == other.sex),
        ("phone", one.phone.is_some() && one.phone == other.phone),
    ]
    .into_iter()
    .filter_map(|(what, same)| same.then_some(what))
    .collect()
}

async fn side<C: ConnectionTrait>(
    db: &C,
    row: resident::Model,
    today: NaiveDate,
    lang: Lang,
) -> Result<Option<PairSide>> {
    let bookings = entity::booking::Entity::find()
        .filter(entity::booking::Column::ResidentId.eq(row.id))
        .count(db)
        .await?;
    let family = entity::family_member::Entity::find()
        .filter(entity::family_member::Column::ResidentId.eq(row.id))
        .count(db)
        .await?;
    let calls = entity::call::Entity::find()
        .filter(entity::call::Column::ResidentId.eq(row.id))
        .count(db)
        .await?;
    let (birth_date, knock_note, safety_note) = (
        row.birth_date,
        row.knock_note.clone(),
        row.safety_note.clone(),
    );
    Ok(shown(db, vec![row], today, lang)
        .await?
        .pop()
        .map(|row| PairSide {
            row,
            birth_date,
            knock_note,
            safety_note,
            bookings,
            family,
            calls,
        }))
}

/// Both files, of the caller's community, the lower number first.
///
/// # Errors
/// `not-found` where one of them is not there, or both are the same, or the database's.
pub(super) async fn both<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    pair: PairOf,
) -> Result<(ResidentId, ResidentId)> {
    let (one, other) = (pair.one.min(pair.other), pair.one.max(pair.other));
    let here = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(caller.community))
        .filter(resident::Column::Id.is_in([one, other]))
        .count(db)
        .await?;
    if here == 2 {
        Ok((one, other))
    } else {
        Err(Problem::not_found().into())
    }
}

/// Writes down that two files are two people, so that nobody is asked again.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn keep_both(
    txn: &DatabaseTransaction,
    caller: &Caller,
    pair: PairOf,
    now: DateTime<Utc>,
) -> Result<()> {
    let (one, other) = both(txn, caller, pair).await?;
    roll_pair::Entity::insert(roll_pair::ActiveModel {
        one_id: Set(one),
        other_id: Set(other),
        community_id: Set(caller.community),
        kept_by: Set(caller.account),
        kept_at: Set(now),
    })
    .on_conflict(
        OnConflict::columns([roll_pair::Column::OneId, roll_pair::Column::OtherId])
            .do_nothing()
            .to_owned(),
    )
    .exec_without_returning(txn)
    .await?;
    for (id, beside) in [(one, other), (other, one)] {
        note(txn, caller, id, "kept-apart", Some(beside.to_string()), now).await?;
    }
    Ok(())
}

/// Asks again about two files that were said to be two people.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn ask_again(txn: &DatabaseTransaction, caller: &Caller, pair: PairOf) -> Result<()> {
    let (one, other) = both(txn, caller, pair).await?;
    roll_pair::Entity::delete_by_id((one, other))
        .exec(txn)
        .await?;
    Ok(())
}
