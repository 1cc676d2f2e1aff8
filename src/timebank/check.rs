//! Whether the books are in balance: looked at at each start and by `yinling check`.

use std::collections::HashMap;

use entity::ids::{TimeAccountId, TimeEntryId};
use entity::words::TimeHolder;
use entity::{time_account, time_entry};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::error::Result;

/// Entries read at once.
const PAGE: u64 = 5_000;

/// A line for everything that does not add up; none where all is well.
///
/// # Errors
/// The database's.
pub async fn disagreements<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut sums: HashMap<TimeAccountId, i64> = HashMap::new();
    let mut last = TimeEntryId(0);
    // Page by page, by number: a ledger that only grows is long one day.
    loop {
        let page = after(db, last).await?;
        let Some(end) = page.last() else { break };
        last = end.id;
        for entry in page {
            for (account, change, told) in [
                (entry.from_account_id, -entry.minutes, entry.from_after_min),
                (entry.to_account_id, entry.minutes, entry.to_after_min),
            ] {
                let sum = sums.entry(account).or_insert(0);
                *sum += change;
                if *sum != told {
                    found.push(format!(
                        "time entry {}: says that account {account} held {told} min after it, the entries say {sum}",
                        entry.id
                    ));
                }
            }
        }
    }
    let mut total = 0;
    for account in time_account::Entity::find()
        .order_by_asc(time_account::Column::Id)
        .all(db)
        .await?
    {
        let sum = sums.remove(&account.id).unwrap_or(0);
        total += account.balance_min;
        if sum != account.balance_min {
            found.push(format!(
                "time account {}: holds {} min, its entries say {sum}",
                account.id, account.balance_min
            ));
        }
        if sum < 0 && account.holder != TimeHolder::Earned {
            found.push(format!("time account {}: below zero", account.id));
        }
    }
    if total != 0 {
        found.push(format!(
            "time bank: all accounts together hold {total} min instead of none"
        ));
    }
    Ok(found)
}

async fn after<C: ConnectionTrait>(db: &C, last: TimeEntryId) -> Result<Vec<time_entry::Model>> {
    Ok(time_entry::Entity::find()
        .filter(time_entry::Column::Id.gt(last))
        .order_by_asc(time_entry::Column::Id)
        .limit(PAGE)
        .all(db)
        .await?)
}
