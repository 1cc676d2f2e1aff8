//! A voucher that was given by mistake is taken back, as long as nobody used it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::VoucherId;
use entity::words::Subject;
use entity::{voucher, voucher_use};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::{queries, used, withdrawn};
use crate::clock::local_date;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::store::Guard;
use crate::store::audit::{self, Change};

/// Withdraws a voucher. Its row is held, as where it is used: of the two at once, one wins.
///
/// # Errors
/// `not-found`, `not-now` where it was used or withdrawn before, or the database's.
pub async fn withdraw(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    (id, reason): (VoucherId, &str),
    now: DateTime<Utc>,
) -> Result<voucher::Model> {
    let row = queries::held(txn, id).await?;
    if row.community_id != caller.community {
        return Err(Problem::not_found().into());
    }
    if row.withdrawn_at.is_some() {
        return Err(withdrawn());
    }
    let use_of = voucher_use::Entity::find_by_id(id).one(txn).await?;
    if guard.is_on() && use_of.is_some() {
        return Err(used());
    }
    let over = local_date(caller.zone, now) - TimeDelta::days(1);
    let after = voucher::ActiveModel {
        id: Set(id),
        withdrawn_at: Set(Some(now)),
        withdrawn_by: Set(Some(caller.account)),
        withdrawn_why: Set(Some(reason.to_owned())),
        // The previous release knows its last day alone.
        expires_on: Set(row.expires_on.min(over)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let object = (Subject::Voucher, id.0);
    let change = Change::new(
        row.community_id,
        now,
        Some(caller.account),
        object,
        "withdrawn",
    );
    let change = Change {
        resident: Some(row.resident_id),
        ..change
    };
    audit::record(txn, change.noted(Some(reason.to_owned()))).await?;
    Ok(after)
}
