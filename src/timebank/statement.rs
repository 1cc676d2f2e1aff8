//! What is read: balances, statements and the hours of a month. Every page that shows hours asks here.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Datelike, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, HelperId, ResidentId, TimeAccountId, TimeEntryId, VisitId};
use entity::words::{Lang, TimeEntryKind, TimeHolder};
use entity::{helper, resident, service, time_account, time_entry, visit};
use sea_orm::sea_query::{Alias, Condition, Query, UnionType};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::books::{self, Holder};
use super::views::{TimeAccountRow, TimeBank, TimeLine, TimeStatement};
use crate::clock::{local_date, midnight};
use crate::error::{Problem, Result};
use crate::said::pick;
use crate::visits::short_name;
use crate::visits::views::service_name;

/// Lines of one page.
const LINES: usize = 20;
/// Accounts of one page.
const ACCOUNTS: usize = 100;
/// Accounts of a community that are nobody's: the pool, what was earned, what was spent.
const COMMON: u64 = 3;
/// Holders of all other accounts.
const PEOPLE: [TimeHolder; 2] = [TimeHolder::Helper, TimeHolder::Resident];

/// The minutes that a volunteer was credited with in the local month of `now`: deposits from visits, without those that were
/// taken back. The one figure of a month's hours that any page shows.
///
/// # Errors
/// The database's.
pub async fn given_this_month<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    helper: HelperId,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<i64> {
    let Some(account) = books::find(db, community, Holder::Helper(helper)).await? else {
        return Ok(0);
    };
    let today = local_date(zone, now);
    let first = midnight(zone, today.with_day(1).unwrap_or(today));
    let deposits = time_entry::Entity::find()
        .filter(time_entry::Column::ToAccountId.eq(account.id))
        .filter(time_entry::Column::Kind.eq(TimeEntryKind::Deposit))
        .filter(time_entry::Column::VisitId.is_not_null())
        .filter(time_entry::Column::At.gte(first))
        .all(db)
        .await?;
    let ids: Vec<_> = deposits.iter().map(|row| row.id).collect();
    let gone = reversed(db, &ids).await?;
    Ok(deposits
        .iter()
        .filter(|row| !gone.contains(&row.id))
        .map(|row| row.minutes)
        .sum())
}

/// Those of these entries that were taken back.
///
/// # Errors
/// The database's.
pub async fn reversed<C: ConnectionTrait>(
    db: &C,
    ids: &[TimeEntryId],
) -> Result<HashSet<TimeEntryId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    Ok(time_entry::Entity::find()
        .filter(time_entry::Column::ReversesId.is_in(ids.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| row.reverses_id)
        .collect())
}

/// A page of an account's statement: the lines before the entry `before`, or the newest. What it held before the first line
/// and the lines together are what it held after the last, on every page.
///
/// # Errors
/// The database's.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    account: &time_account::Model,
    before: Option<TimeEntryId>,
) -> Result<TimeStatement> {
    let mut rows = newest(db, account.id, before).await?;
    let more = rows.len() > LINES;
    rows.truncate(LINES);
    rows.reverse();
    let names = Names::read(db, lang, account, &rows).await?;
    let lines: Vec<TimeLine> = rows.iter().map(|row| names.line(account.id, row)).collect();
    let opening = lines
        .first()
        .map_or(0, |line| line.balance_min - line.minutes);
    Ok(TimeStatement {
        account_id: account.id,
        whose: names.of(account),
        holder: account.holder,
        opening_min: opening,
        closing_min: lines.last().map_or(opening, |line| line.balance_min),
        older: rows.first().filter(|_| more).map(|row| row.id),
        lines,
    })
}

/// The newest entries of an account, one more than a page holds. What went out and what came in are found apart, each by its
/// own index and no further than a page: asked for either, the databases go through all that the account ever had.
async fn newest<C: ConnectionTrait>(
    db: &C,
    account: TimeAccountId,
    before: Option<TimeEntryId>,
) -> Result<Vec<time_entry::Model>> {
    let count = u64::try_from(LINES + 1).unwrap_or(1);
    let of = |side: time_entry::Column| {
        let mut ids = time_entry::Entity::find()
            .select_only()
            .column(time_entry::Column::Id)
            .filter(side.eq(account));
        if let Some(before) = before {
            ids = ids.filter(time_entry::Column::Id.lt(before));
        }
        let ids = ids.order_by_desc(time_entry::Column::Id).limit(count);
        Query::select()
            .column(time_entry::Column::Id)
            .from_subquery(ids.into_query(), Alias::new("newest"))
            .to_owned()
    };
    let either = of(time_entry::Column::FromAccountId)
        .union(UnionType::All, of(time_entry::Column::ToAccountId))
        .to_owned();
    Ok(time_entry::Entity::find()
        .filter(time_entry::Column::Id.in_subquery(either))
        .order_by_desc(time_entry::Column::Id)
        .limit(count)
        .all(db)
        .await?)
}

/// An empty statement of somebody who has no account yet.
#[must_use]
pub fn none_yet(holder: TimeHolder, whose: String) -> TimeStatement {
    TimeStatement {
        account_id: TimeAccountId(0),
        whose,
        holder,
        opening_min: 0,
        closing_min: 0,
        older: None,
        lines: Vec::new(),
    }
}

/// Whom and what entries are about, in words.
struct Names {
    lang: Lang,
    accounts: HashMap<TimeAccountId, time_account::Model>,
    helpers: HashMap<HelperId, String>,
    residents: HashMap<ResidentId, String>,
    services: HashMap<VisitId, String>,
    reversed: HashSet<TimeEntryId>,
}

impl Names {
    async fn read<C: ConnectionTrait>(
        db: &C,
        lang: Lang,
        own: &time_account::Model,
        rows: &[time_entry::Model],
    ) -> Result<Self> {
        let ids: HashSet<_> = rows
            .iter()
            .flat_map(|row| [row.from_account_id, row.to_account_id])
            .chain([own.id])
            .collect();
        let accounts = time_account::Entity::find()
            .filter(time_account::Column::CommunityId.eq(own.community_id))
            .filter(time_account::Column::Id.is_in(ids))
            .all(db)
            .await?;
        let visits: Vec<VisitId> = rows.iter().filter_map(|row| row.visit_id).collect();
        let services = visit::Entity::find()
            .filter(visit::Column::Id.is_in(visits))
            .find_also_related(service::Entity)
            .all(db)
            .await?
            .into_iter()
            .filter_map(|(visit, service)| Some((visit.id, service_name(&service?, lang))))
            .collect();
        let entries: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut names = Self::empty(lang);
        names.holders(db, &accounts).await?;
        names.services = services;
        names.reversed = reversed(db, &entries).await?;
        names.accounts = accounts.into_iter().map(|row| (row.id, row)).collect();
        Ok(names)
    }

    fn empty(lang: Lang) -> Self {
        Self {
            lang,
            accounts: HashMap::new(),
            helpers: HashMap::new(),
            residents: HashMap::new(),
            services: HashMap::new(),
            reversed: HashSet::new(),
        }
    }

    /// Reads who holds these accounts.
    async fn holders<C: ConnectionTrait>(
        &mut self,
        db: &C,
        accounts: &[time_account::Model],
    ) -> Result<()> {
        self.helpers = helper::Entity::find()
            .filter(helper::Column::Id.is_in(accounts.iter().filter_map(|row| row.helper_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row.name))
            .collect();
        let lang = self.lang;
        self.residents = resident::Entity::find()
            .filter(resident::Column::Id.is_in(accounts.iter().filter_map(|row| row.resident_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, short_name(&row.name, row.sex, lang)))
            .collect();
        Ok(())
    }

    /// Whose account it is.
    fn of(&self, account: &time_account::Model) -> String {
        let person = match account.holder {
            TimeHolder::Helper => account.helper_id.and_then(|id| self.helpers.get(&id)),
            TimeHolder::Resident => account.resident_id.and_then(|id| self.residents.get(&id)),
            TimeHolder::Pool => return pick(self.lang, "社区公益池", "Common pool").to_owned(),
            TimeHolder::Earned => {
                return pick(self.lang, "志愿服务所得", "Earned by visits").to_owned();
            }
            TimeHolder::Spent => return pick(self.lang, "已兑换服务", "Redeemed").to_owned(),
        };
        person.cloned().unwrap_or_default()
    }

    fn line(&self, account: TimeAccountId, row: &time_entry::Model) -> TimeLine {
        let gets = row.to_account_id == account;
        let other = if gets {
            row.from_account_id
        } else {
            row.to_account_id
        };
        TimeLine {
            entry_id: row.id,
            at: row.at,
            kind: row.kind,
            minutes: if gets { row.minutes } else { -row.minutes },
            balance_min: if gets {
                row.to_after_min
            } else {
                row.from_after_min
            },
            other: self
                .accounts
                .get(&other)
                .map(|row| self.of(row))
                .unwrap_or_default(),
            service: row.visit_id.and_then(|id| self.services.get(&id)).cloned(),
            reason: row.reason.clone(),
            reversed: self.reversed.contains(&row.id),
            reverses: row.reverses_id,
        }
    }
}

/// A page of accounts with those that are nobody's. One statement, so one moment: between two of them minutes would move, and
/// the page would not add up.
async fn one_page<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    after: Option<TimeAccountId>,
) -> Result<Vec<time_account::Model>> {
    let this_page = Condition::any()
        .add(time_account::Column::Holder.is_not_in(PEOPLE))
        .add(time_account::Column::Id.gt(after.unwrap_or(TimeAccountId(0))));
    Ok(time_account::Entity::find()
        .filter(time_account::Column::CommunityId.eq(community))
        .filter(this_page)
        .order_by_asc(time_account::Column::Holder.is_in(PEOPLE))
        .order_by_asc(time_account::Column::Id)
        .limit(COMMON + u64::try_from(ACCOUNTS + 1).unwrap_or(1))
        .all(db)
        .await?)
}

fn is_somebodys(row: &time_account::Model) -> bool {
    PEOPLE.contains(&row.holder)
}

/// The accounts of a community, page by page, those of persons in the order in which they were opened.
///
/// # Errors
/// The database's.
pub async fn bank<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    lang: Lang,
    after: Option<TimeAccountId>,
) -> Result<TimeBank> {
    let all = one_page(db, community, after).await?;
    #[cfg(feature = "fault-injection")]
    let all = if crate::store::faults::reads_apart() {
        let later = one_page(db, community, after).await?;
        let people = all.into_iter().filter(is_somebodys);
        let common = later.into_iter().filter(|row| !is_somebodys(row));
        people.chain(common).collect()
    } else {
        all
    };
    let (mut rows, common): (Vec<_>, Vec<_>) = all.into_iter().partition(is_somebodys);
    let more = rows.len() > ACCOUNTS;
    rows.truncate(ACCOUNTS);
    let mut names = Names::empty(lang);
    names.holders(db, &rows).await?;
    let view = |row: &time_account::Model| TimeAccountRow {
        id: row.id,
        holder: row.holder,
        whose: names.of(row),
        balance_min: row.balance_min,
    };
    Ok(TimeBank {
        common: common.iter().map(view).collect(),
        next: rows.last().filter(|_| more).map(|row| row.id),
        accounts: rows.iter().map(view).collect(),
    })
}

/// The account with this number.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn account<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    id: TimeAccountId,
) -> Result<time_account::Model> {
    time_account::Entity::find_by_id(id)
        .filter(time_account::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}
