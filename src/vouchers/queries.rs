//! The rows of vouchers: finding one by its code, using it, listing.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{
    AccountId, CommunityId, ProviderId, ResidentId, StationSignupId, VisitId, VoucherId,
};
use entity::words::{Lang, ProviderKind, Subject};
use entity::{provider, resident, voucher, voucher_use};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr,
};

use super::views::{Merchant, VoucherPage, VoucherState, VoucherView};
use super::{code, expired, has_expired, unknown, used, withdrawn};
use crate::error::{Error, Problem, Result};
use crate::providers::ADMITTED;
use crate::store::audit::{self, Change};
use crate::store::{self, Guard};
use crate::visits::short_name;

/// Vouchers on one page.
const PAGE: usize = 50;

/// The voucher with this code, as typed.
///
/// # Errors
/// `invalid` where there is none, or the database's.
pub async fn by_code<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    typed: &str,
) -> Result<voucher::Model> {
    let Some(code) = code::read(typed) else {
        return Err(unknown());
    };
    voucher::Entity::find()
        .filter(voucher::Column::Code.eq(code))
        .filter(voucher::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(unknown)
}

/// Who uses a voucher, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Using {
    /// Who takes it.
    pub by: AccountId,
    /// At which shop, or for whose visit.
    pub provider: ProviderId,
    /// When.
    pub at: DateTime<Utc>,
    /// The local date of it.
    pub today: NaiveDate,
    /// The visit that it helps to pay.
    pub visit: Option<VisitId>,
    /// The place in a session that it helps to pay.
    pub signup: Option<StationSignupId>,
}

/// Uses a voucher. Of two who use it at once, the database refuses the second; its row is held, so that whoever withdraws it
/// at the same time sees the use, or this sees the withdrawal.
///
/// # Errors
/// `not-now` where it was used, was withdrawn or has expired, or the database's.
pub async fn take(
    txn: &DatabaseTransaction,
    guard: Guard,
    voucher: &voucher::Model,
    using: Using,
) -> Result<()> {
    let held = if guard.is_on() {
        Some(held(txn, voucher.id).await?)
    } else {
        None
    };
    let voucher = held.as_ref().unwrap_or(voucher);
    if guard.is_on() && voucher.withdrawn_at.is_some() {
        return Err(withdrawn());
    }
    if has_expired(voucher, using.today) {
        return Err(expired(voucher.expires_on));
    }
    let row = voucher_use::ActiveModel {
        voucher_id: Set(voucher.id),
        provider_id: Set(using.provider),
        account_id: Set(using.by),
        used_at: Set(using.at),
        visit_id: Set(using.visit),
        signup_id: Set(using.signup),
    };
    let written = voucher_use::Entity::insert(row)
        .exec_without_returning(txn)
        .await;
    if let Err(error) = written {
        return match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Err(used()),
            _ => Err(Error::from(error)),
        };
    }
    let object = (Subject::Voucher, voucher.id.0);
    let change = Change::new(
        voucher.community_id,
        using.at,
        Some(using.by),
        object,
        "used",
    );
    audit::record(
        txn,
        Change {
            resident: Some(voucher.resident_id),
            visit: using.visit,
            ..change
        },
    )
    .await
}

/// A voucher, held until the write ends.
///
/// # Errors
/// `not-found`, or the database's.
pub(super) async fn held(txn: &DatabaseTransaction, id: VoucherId) -> Result<voucher::Model> {
    store::hold(voucher::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Where a voucher stands.
///
/// # Errors
/// The database's.
pub async fn state<C: ConnectionTrait>(
    db: &C,
    voucher: &voucher::Model,
    today: NaiveDate,
) -> Result<VoucherState> {
    let use_of = voucher_use::Entity::find_by_id(voucher.id).one(db).await?;
    Ok(state_of(voucher, use_of.is_some(), today))
}

fn state_of(voucher: &voucher::Model, was_used: bool, today: NaiveDate) -> VoucherState {
    if was_used {
        VoucherState::Used
    } else if voucher.withdrawn_at.is_some() {
        VoucherState::Withdrawn
    } else if has_expired(voucher, today) {
        VoucherState::Expired
    } else {
        VoucherState::Open
    }
}

/// A page of vouchers, the newest first: all of a community, or those of one resident.
///
/// # Errors
/// The database's.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    (community, lang): (CommunityId, Lang),
    of: Option<ResidentId>,
    before: Option<VoucherId>,
    today: NaiveDate,
) -> Result<VoucherPage> {
    let mut wanted = voucher::Entity::find().filter(voucher::Column::CommunityId.eq(community));
    if let Some(resident) = of {
        wanted = wanted.filter(voucher::Column::ResidentId.eq(resident));
    }
    if let Some(before) = before {
        wanted = wanted.filter(voucher::Column::Id.lt(before));
    }
    let mut rows = wanted
        .order_by_desc(voucher::Column::Id)
        .limit(u64::try_from(PAGE + 1).unwrap_or(1))
        .all(db)
        .await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| row.id);
    Ok(VoucherPage {
        vouchers: views(db, lang, rows, today).await?,
        next,
    })
}

/// Views of these vouchers, in their order.
///
/// # Errors
/// The database's.
pub async fn views<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    rows: Vec<voucher::Model>,
    today: NaiveDate,
) -> Result<Vec<VoucherView>> {
    let residents: HashMap<_, _> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(rows.iter().map(|row| row.resident_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, short_name(&row.name, row.sex, lang)))
        .collect();
    let uses: HashMap<_, _> = voucher_use::Entity::find()
        .filter(voucher_use::Column::VoucherId.is_in(rows.iter().map(|row| row.id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.voucher_id, row))
        .collect();
    let shops = names(db, uses.values().map(|row| row.provider_id).collect()).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let use_of = uses.get(&row.id);
            VoucherView {
                id: row.id,
                code: code::spoken(&row.code),
                resident_id: row.resident_id,
                resident: residents.get(&row.resident_id).cloned().unwrap_or_default(),
                value_fen: row.value_fen,
                state: state_of(&row, use_of.is_some(), today),
                reason: row.reason,
                issued_at: row.issued_at,
                expires_on: row.expires_on,
                used_at: use_of.map(|row| row.used_at),
                shop: use_of.and_then(|row| shops.get(&row.provider_id)).cloned(),
                withdrawn_at: row.withdrawn_at,
                withdrawn_why: row.withdrawn_why,
            }
        })
        .collect())
}

pub(super) async fn names<C: ConnectionTrait>(
    db: &C,
    ids: Vec<ProviderId>,
) -> Result<HashMap<ProviderId, String>> {
    Ok(provider::Entity::find()
        .filter(provider::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}

/// The merchants of a community, by name.
///
/// # Errors
/// The database's.
pub async fn merchants<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
) -> Result<Vec<Merchant>> {
    Ok(provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .filter(provider::Column::Kind.eq(ProviderKind::Merchant))
        .filter(provider::Column::Standing.is_in(ADMITTED))
        .order_by_asc(provider::Column::Name)
        .all(db)
        .await?
        .into_iter()
        .map(|row| Merchant {
            id: row.id,
            name: row.name,
        })
        .collect())
}
