//! What is shown of erasures.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ErasureId, ResidentId};
use entity::words::{ErasureGround, ErasureState, Lang};
use entity::{erasure, resident};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::in_the_way::in_the_way;
use super::queries::{is_keeper, open_one};
use super::{ground_word, is_open, may_confirm, preview, state_word};
use crate::accounts::queries::names;
use crate::compound::queries::doors;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::privacy::tables;
use crate::said::pick;
use crate::visits::pausing::{self, NOT_BEGUN};

/// Ended requests in the office's list.
const ENDED: u64 = 50;

/// That everything about a resident be erased.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct ErasureAsked {
    /// Whose wish it is, where the office asks; a family member asks for the family.
    #[serde(default)]
    pub ground: Option<ErasureGround>,
}

/// Why it is refused.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ErasureRefused {
    /// The reason, 200 characters at most; whoever asked reads it.
    pub why: String,
}

/// A request to erase.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Erasure {
    /// Row number.
    pub id: ErasureId,
    /// About whom.
    pub resident_id: ResidentId,
    /// Their name; what stands in its place once it is done.
    pub name: String,
    /// Where they live.
    pub door: String,
    /// Why.
    pub ground: ErasureGround,
    /// The same in words.
    pub ground_word: String,
    /// How far it is.
    pub state: ErasureState,
    /// The same in words.
    pub state_word: String,
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// Who asked; left out where the time to keep was over.
    pub asked_by: Option<String>,
    /// When the first looked at it.
    pub checked_at: Option<DateTime<Utc>>,
    /// Who that was.
    pub checked_by: Option<String>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// Why it was refused.
    pub refused_why: Option<String>,
    /// How many fields were emptied and rows taken away.
    pub fields: Option<i32>,
    /// Whether the one who reads this may take the first look.
    pub may_check: bool,
    /// Whether the one who reads this may confirm.
    pub may_confirm: bool,
}

/// All requests of the community.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Erasures {
    /// Those to be decided, the longest waiting first.
    pub open: Vec<Erasure>,
    /// Those that ended, the latest first, 50 at most.
    pub ended: Vec<Erasure>,
}

/// One kind of thing that would go.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Goes {
    /// What it is called.
    pub what: String,
    /// In how many places words are kept there.
    pub count: u64,
}

/// What an erasure of one resident would do, and how far it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PersonErasure {
    /// The request that waits, or the last one that ended.
    pub request: Option<Erasure>,
    /// Whether one waits.
    pub waiting: bool,
    /// What goes.
    pub goes: Vec<Goes>,
    /// What stays without a name.
    pub stays: Vec<String>,
    /// What has to be ended first.
    pub in_the_way: Vec<String>,
    /// How many visits ahead would be cancelled.
    pub visits_ahead: usize,
}

/// What an erasure of this resident would do, and how far it is.
///
/// # Errors
/// The database's.
pub async fn of<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    file: &resident::Model,
    now: DateTime<Utc>,
) -> Result<PersonErasure> {
    let open = open_one(db, file.id).await?;
    let waiting = open.is_some();
    let row = match open {
        Some(row) => Some(row),
        None => {
            erasure::Entity::find()
                .filter(erasure::Column::ResidentId.eq(file.id))
                .order_by_desc(erasure::Column::Id)
                .one(db)
                .await?
        }
    };
    let lang = caller.lang;
    let request = shown(db, caller, row.into_iter().collect()).await?.pop();
    let goes = preview(db, file.id)
        .await?
        .into_iter()
        .map(|(table, count)| {
            let (zh, en) = tables::called(table);
            Goes {
                what: pick(lang, zh, en).to_owned(),
                count,
            }
        })
        .collect();
    Ok(PersonErasure {
        request,
        waiting,
        goes,
        stays: stays(lang),
        in_the_way: in_the_way(db, file.id)
            .await?
            .into_iter()
            .map(|said| said.to(lang))
            .collect(),
        visits_ahead: pausing::ahead(db, file.id, now, &NOT_BEGUN).await?.len(),
    })
}

/// What is kept, and why it says nothing of anybody.
fn stays(lang: Lang) -> Vec<String> {
    [
        (
            "服务次数、时长、费用和时间银行的数字，不带姓名",
            "numbers of visits, minutes, money and hours, without a name",
        ),
        (
            "出生年份、性别和楼栋，用于统计",
            "year of birth, sex and building, for the counts",
        ),
        (
            "同意与删除的登记：什么时候、由谁经手",
            "that consent and erasure were recorded: when, and by whom",
        ),
    ]
    .into_iter()
    .map(|(zh, en)| pick(lang, zh, en).to_owned())
    .collect()
}

/// All requests of the community.
///
/// # Errors
/// The database's.
pub async fn all<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<Erasures> {
    let here = || erasure::Entity::find().filter(erasure::Column::CommunityId.eq(caller.community));
    let open = here()
        .filter(erasure::Column::Open.eq(true))
        .order_by_asc(erasure::Column::Id)
        .all(db)
        .await?;
    let ended = here()
        .filter(erasure::Column::Open.is_null())
        .order_by_desc(erasure::Column::EndedAt)
        .order_by_desc(erasure::Column::Id)
        .limit(ENDED)
        .all(db)
        .await?;
    Ok(Erasures {
        open: shown(db, caller, open).await?,
        ended: shown(db, caller, ended).await?,
    })
}

/// How many wait for a first or a second look.
///
/// # Errors
/// The database's.
pub async fn waiting<C: ConnectionTrait>(db: &C, caller: &Caller) -> Result<u64> {
    Ok(erasure::Entity::find()
        .filter(erasure::Column::CommunityId.eq(caller.community))
        .filter(erasure::Column::Open.eq(true))
        .count(db)
        .await?)
}

async fn shown<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<erasure::Model>,
) -> Result<Vec<Erasure>> {
    let residents: HashMap<ResidentId, resident::Model> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(rows.iter().map(|row| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let homes: Vec<_> = residents.values().map(|row| row.household_id).collect();
    let doors = doors(db, homes, caller.lang).await?;
    let accounts: Vec<AccountId> = rows
        .iter()
        .flat_map(|row| [row.asked_by, row.checked_by, row.ended_by])
        .flatten()
        .collect();
    let people = names(db, accounts).await?;
    let name = |id: Option<AccountId>| id.and_then(|id| people.get(&id).cloned());
    let keeper = is_keeper(caller);
    Ok(rows
        .into_iter()
        .map(|row| {
            let file = residents.get(&row.resident_id);
            Erasure {
                id: row.id,
                resident_id: row.resident_id,
                name: file.map_or_else(String::new, |file| file.name.clone()),
                door: file
                    .and_then(|file| doors.get(&file.household_id))
                    .map_or_else(String::new, |door| door.door.clone()),
                ground: row.ground,
                ground_word: ground_word(row.ground, caller.lang).to_owned(),
                state: row.state,
                state_word: state_word(row.state, caller.lang).to_owned(),
                asked_at: row.asked_at,
                asked_by: name(row.asked_by),
                checked_at: row.checked_at,
                checked_by: name(row.checked_by),
                ended_at: row.ended_at,
                ended_by: name(row.ended_by),
                may_check: keeper && is_open(row.state) && row.checked_by.is_none(),
                may_confirm: keeper && may_confirm(&row, caller.account).is_ok(),
                refused_why: row.refused_why,
                fields: row.fields,
            }
        })
        .collect())
}
