//! The log of looks (`access_log`): whose file was opened, by whom, when, on which page. The extractor that lets somebody see a
//! resident writes it down, so that no page can forget to.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{AccessLogId, AccountId, ResidentId};
use entity::words::{Lang, Role};
use entity::{access_log, account, account_role};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::views::{LookGroup, Looks};
use crate::accounts::queries::names;
use crate::app::App;
use crate::clock::local_date;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::said::pick;
use crate::store;

/// Minutes within which the same page, asked for again by the same person, is the same look.
pub const SAME_LOOK_MIN: i64 = 10;
/// Rows of the log behind one page of it.
const PAGE: u64 = 100;

/// The word under which a look is kept, from the route by which it came; nothing where the route shows nothing of the
/// file: reading the log is no look at the file.
#[must_use]
pub fn page_of(route: &str) -> Option<&'static str> {
    let (_, after) = route.split_once("{id}")?;
    Some(match (route.starts_with("/api/roll/"), after) {
        (_, "/looks") => return None,
        (true, "") => "roll_file",
        (false, "") => "file",
        (_, "/visits") => "visits",
        (_, "/vouchers") => "vouchers",
        (_, "/money") => "money",
        (_, "/hours") => "hours",
        (_, "/complaints") => "complaints",
        (_, "/help-requests") => "help_requests",
        (_, "/series") => "series",
        (_, "/catalogue" | "/again") => "services",
        (_, "/consents") => "consents",
        (_, "/sessions") => "sessions",
        (_, "/export") => "export_one",
        (_, "/erasure") => "erasure",
        (_, "/times" | "/times/days") => "times",
        _ => "other",
    })
}

/// What a page is called to those who read the log.
#[must_use]
pub fn page_word(page: &str, lang: Lang) -> &'static str {
    let (zh, en) = match page {
        "file" | "roll_file" => ("档案", "the file"),
        "visits" | "visit" => ("服务记录", "the visits"),
        "booking" => ("一次预约", "a booking"),
        "vouchers" => ("优惠券", "the vouchers"),
        "money" => ("费用", "the money"),
        "hours" => ("时间银行", "the hours"),
        "complaints" | "complaint" => ("投诉", "complaints"),
        "help_requests" | "help request" => ("求助单", "help requests"),
        "series" => ("周期预约", "the series"),
        "services" | "times" => ("预约页", "the booking page"),
        "consents" => ("同意书", "the consents"),
        "sessions" | "station_list" => ("服务站活动", "the station's sessions"),
        "export_one" => ("全部信息（导出）", "everything (export)"),
        "erasure" => ("删除申请", "the request to erase"),
        "export" => ("花名册（导出）", "the roll (export)"),
        "family_page" => ("家属首页", "the family's first page"),
        "household" => ("住户页", "the household"),
        "duplicates" => ("重复档案核对", "the check for duplicates"),
        "grid" => ("网格走访名单", "the grid's round"),
        "helper_day" => (
            "上门信息（门牌、注意事项）",
            "what a visit needs (door, what to mind)",
        ),
        _ => ("其他页面", "another page"),
    };
    pick(lang, zh, en)
}

/// What somebody is, in the log: the most that they are.
#[must_use]
pub fn role_word(roles: &[Role], lang: Lang) -> &'static str {
    let (zh, en) = [
        (Role::Coordinator, "调度员", "Coordinator"),
        (Role::Clerk, "客服小秘书", "Clerk"),
        (Role::Admin, "管理员", "Administrator"),
        (Role::GridOfficer, "网格员", "Grid officer"),
        (Role::PanelMember, "评议员", "Panel member"),
        (Role::Helper, "服务人员", "Helper"),
        (Role::Shopkeeper, "商户", "Merchant"),
        (Role::Family, "家属", "Family"),
    ]
    .into_iter()
    .find(|(role, ..)| roles.contains(role))
    .map_or(("工作人员", "Staff"), |(_, zh, en)| (zh, en));
    pick(lang, zh, en)
}

/// Writes down that somebody looked at these residents' files. The answer does not wait for it; a look that cannot be
/// written down is reported in the log of the program.
pub fn looked(app: &App, caller: &Caller, residents: Vec<ResidentId>, page: &'static str) {
    if residents.is_empty() {
        return;
    }
    let (store, at) = (app.store.clone(), app.clock.now());
    let caller = caller.clone();
    let account = caller.account;
    tokio::spawn(async move {
        // A page that asks again and again costs a read each time, and a write now and then.
        match fresh(store.read(), account, &residents, page, at).await {
            Ok(known) if residents.iter().all(|id| known.contains(id)) => return,
            _ => {}
        }
        let written = store
            .write(move |txn| {
                let (caller, residents) = (caller.clone(), residents.clone());
                Box::pin(async move { write(txn, &caller, residents, page, at).await })
            })
            .await;
        if let Err(error) = written {
            tracing::error!(%error, %account, page, "a look at a resident's file was not written down");
        }
    });
}

/// Whose file this account has looked at on this page just now.
async fn fresh<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
    residents: &[ResidentId],
    page: &str,
    at: DateTime<Utc>,
) -> Result<HashSet<ResidentId>> {
    let mut known = HashSet::new();
    for some in residents.chunks(500) {
        let rows: Vec<ResidentId> = access_log::Entity::find()
            .select_only()
            .column(access_log::Column::ResidentId)
            .filter(access_log::Column::ResidentId.is_in(some.iter().copied()))
            .filter(access_log::Column::AccountId.eq(account))
            .filter(access_log::Column::Purpose.eq(page))
            .filter(access_log::Column::At.gt(at - TimeDelta::minutes(SAME_LOOK_MIN)))
            .into_tuple()
            .all(db)
            .await?;
        known.extend(rows);
    }
    Ok(known)
}

async fn write(
    txn: &DatabaseTransaction,
    caller: &Caller,
    residents: Vec<ResidentId>,
    page: &str,
    at: DateTime<Utc>,
) -> Result<()> {
    store::in_turn(account::Entity::find_by_id(caller.account), txn)
        .one(txn)
        .await?;
    let known = fresh(txn, caller.account, &residents, page, at).await?;
    let mut once = HashSet::new();
    let rows: Vec<_> = residents
        .into_iter()
        .filter(|id| !known.contains(id) && once.insert(*id))
        .map(|resident| access_log::ActiveModel {
            community_id: Set(caller.community),
            at: Set(at),
            account_id: Set(caller.account),
            resident_id: Set(resident),
            purpose: Set(page.to_owned()),
            ..Default::default()
        })
        .collect();
    if !rows.is_empty() {
        access_log::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

/// Who looked at a resident's file, the latest first: what one person opened on one day is one line.
///
/// # Errors
/// The database's.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    resident: ResidentId,
    before: Option<AccessLogId>,
) -> Result<Looks> {
    let mut rows = access_log::Entity::find()
        .filter(access_log::Column::ResidentId.eq(resident))
        .order_by_desc(access_log::Column::Id)
        .limit(PAGE + 1);
    if let Some(before) = before {
        rows = rows.filter(access_log::Column::Id.lt(before));
    }
    let mut rows = rows.all(db).await?;
    let full = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > full;
    rows.truncate(full);
    let next = rows.last().map(|row| row.id).filter(|_| more);
    let accounts: Vec<AccountId> = rows.iter().map(|row| row.account_id).collect();
    let people = names(db, accounts.iter().copied()).await?;
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    for row in account_role::Entity::find()
        .filter(account_role::Column::AccountId.is_in(accounts))
        .all(db)
        .await?
    {
        roles.entry(row.account_id).or_default().push(row.role);
    }
    let groups = grouped(&rows, caller.zone)
        .into_iter()
        .map(|group| {
            let who = group[0].account_id;
            let mut pages: Vec<&str> = Vec::new();
            for row in group.iter().rev() {
                let word = page_word(&row.purpose, caller.lang);
                if !pages.contains(&word) {
                    pages.push(word);
                }
            }
            let known = roles.get(&who).map_or(&[][..], Vec::as_slice);
            let name = people.get(&who).map_or("", String::as_str);
            let at = group[group.len() - 1].at;
            LookGroup {
                at,
                name: name.to_owned(),
                role: role_word(known, caller.lang).to_owned(),
                own: who == caller.account,
                looks: group.len(),
                sentence: sentence(known, name, at, caller, &pages),
                pages: pages.into_iter().map(str::to_owned).collect(),
            }
        })
        .collect();
    Ok(Looks { groups, next })
}

fn sentence(
    roles: &[Role],
    name: &str,
    at: DateTime<Utc>,
    caller: &Caller,
    pages: &[&str],
) -> String {
    let local = at.with_timezone(&caller.zone);
    let role = role_word(roles, caller.lang);
    match caller.lang {
        Lang::Zh => format!(
            "{role}{name} {} 打开了{}",
            local.format("%-m月%-d日 %H:%M"),
            pages.join("、")
        ),
        Lang::En => format!(
            "{role} {name} opened {} on {}",
            pages.join(", "),
            local.format("%-d %B at %H:%M")
        ),
    }
}

/// Rows in a line of the same person on the same local day.
fn grouped(rows: &[access_log::Model], zone: Tz) -> Vec<&[access_log::Model]> {
    rows.chunk_by(|one, next| {
        one.account_id == next.account_id && local_date(zone, one.at) == local_date(zone, next.at)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::CommunityId;

    #[test]
    fn a_route_says_which_page_it_is() {
        assert_eq!(page_of("/api/residents/{id}"), Some("file"));
        assert_eq!(page_of("/api/roll/{id}"), Some("roll_file"));
        assert_eq!(page_of("/api/residents/{id}/money"), Some("money"));
        assert_eq!(page_of("/api/residents/{id}/looks"), None);
        assert_eq!(page_of("/api/board"), None);
        assert_eq!(page_of("/api/residents/{id}/something-new"), Some("other"));
    }

    #[test]
    fn what_one_person_opened_on_one_day_is_one_line() {
        let row = |id: i64, account: i64, at: &str| access_log::Model {
            id: AccessLogId(id),
            community_id: CommunityId(1),
            at: at.parse().unwrap(),
            account_id: AccountId(account),
            resident_id: ResidentId(1),
            purpose: "file".into(),
        };
        // The second and the third lie on the two sides of midnight in Shanghai.
        let rows = [
            row(4, 1, "2026-11-24T17:00:00Z"),
            row(3, 1, "2026-11-24T16:30:00Z"),
            row(2, 1, "2026-11-24T15:30:00Z"),
            row(1, 2, "2026-11-24T15:29:00Z"),
        ];
        let lengths: Vec<usize> = grouped(&rows, chrono_tz::Asia::Shanghai)
            .iter()
            .map(|group| group.len())
            .collect();
        assert_eq!(lengths, [2, 1, 1]);
    }

    #[test]
    fn somebody_is_the_most_they_are() {
        assert_eq!(
            role_word(&[Role::Family, Role::Coordinator], Lang::Zh),
            "调度员"
        );
        assert_eq!(role_word(&[], Lang::Zh), "工作人员");
    }
}
