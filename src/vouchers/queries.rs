//! The rows of vouchers: finding one by its code, using it, listing and summing.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, CommunityId, ProviderId, ResidentId, VisitId, VoucherId};
use entity::words::{Lang, ProviderKind, Subject};
use entity::{provider, resident, voucher, voucher_use};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, SqlErr,
};

use super::views::{
    Merchant, ShopSum, ShopView, TakenVoucher, VoucherPage, VoucherState, VoucherSum,
    VoucherTotals, VoucherView,
};
use super::{code, expired, has_expired, unknown, used};
use crate::clock::{local_date, midnight};
use crate::error::{Error, Result};
use crate::providers::ADMITTED;
use crate::store::audit::{self, Change};
use crate::visits::short_name;

/// Vouchers on one page.
const PAGE: usize = 50;
/// Uses that a counter shows.
const LAST: u64 = 20;

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
}

/// Uses a voucher. Of two who use it at once, the database refuses the second.
///
/// # Errors
/// `not-now` where it was used or has expired, or the database's.
pub async fn take(txn: &DatabaseTransaction, voucher: &voucher::Model, using: Using) -> Result<()> {
    if has_expired(voucher, using.today) {
        return Err(expired(voucher.expires_on));
    }
    let row = voucher_use::ActiveModel {
        voucher_id: Set(voucher.id),
        provider_id: Set(using.provider),
        account_id: Set(using.by),
        used_at: Set(using.at),
        visit_id: Set(using.visit),
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

/// Whether a voucher was used.
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
            }
        })
        .collect())
}

async fn names<C: ConnectionTrait>(
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

/// Reckons in the database: how many, and what they are worth.
async fn sum<C: ConnectionTrait>(
    db: &C,
    wanted: sea_orm::Select<voucher::Entity>,
) -> Result<VoucherSum> {
    let (count, fen): (i64, Option<i64>) = wanted
        .select_only()
        .column_as(voucher::Column::Id.count(), "count")
        .column_as(
            sea_orm::sea_query::Expr::cust("CAST(SUM(voucher.value_fen) AS BIGINT)"),
            "fen",
        )
        .into_tuple()
        .one(db)
        .await?
        .unwrap_or((0, None));
    Ok(VoucherSum {
        count,
        fen: fen.unwrap_or(0),
    })
}

/// All vouchers of a community together.
///
/// # Errors
/// The database's.
pub async fn totals<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    today: NaiveDate,
) -> Result<VoucherTotals> {
    let all = || voucher::Entity::find().filter(voucher::Column::CommunityId.eq(community));
    let with_use = || all().inner_join(voucher_use::Entity);
    let without = all()
        .left_join(voucher_use::Entity)
        .filter(voucher_use::Column::VoucherId.is_null());
    let over = without.clone().filter(voucher::Column::ExpiresOn.lt(today));
    let open = without.filter(voucher::Column::ExpiresOn.gte(today));
    let by_shop: Vec<(ProviderId, i64, i64)> = with_use()
        .select_only()
        .column(voucher_use::Column::ProviderId)
        .column_as(voucher::Column::Id.count(), "count")
        .column_as(
            sea_orm::sea_query::Expr::cust("CAST(SUM(voucher.value_fen) AS BIGINT)"),
            "fen",
        )
        .group_by(voucher_use::Column::ProviderId)
        .into_tuple()
        .all(db)
        .await?;
    let mut names = names(db, by_shop.iter().map(|(id, ..)| *id).collect()).await?;
    let mut shops: Vec<ShopSum> = by_shop
        .into_iter()
        .map(|(provider_id, count, fen)| ShopSum {
            provider_id,
            name: names.remove(&provider_id).unwrap_or_default(),
            used: VoucherSum { count, fen },
        })
        .collect();
    shops.sort_by_key(|shop| (-shop.used.fen, shop.provider_id));
    Ok(VoucherTotals {
        issued: sum(db, all()).await?,
        used: sum(db, with_use()).await?,
        expired: sum(db, over).await?,
        open: sum(db, open).await?,
        shops,
    })
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

/// A merchant's counter.
///
/// # Errors
/// The database's.
pub async fn counter<C: ConnectionTrait>(
    db: &C,
    provider: &provider::Model,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<ShopView> {
    let today = local_date(zone, now);
    let first = midnight(zone, today.with_day(1).unwrap_or(today));
    let taken = || {
        voucher::Entity::find()
            .inner_join(voucher_use::Entity)
            .filter(voucher_use::Column::ProviderId.eq(provider.id))
    };
    let last = voucher_use::Entity::find()
        .filter(voucher_use::Column::ProviderId.eq(provider.id))
        .find_also_related(voucher::Entity)
        .order_by_desc(voucher_use::Column::UsedAt)
        .order_by_desc(voucher_use::Column::VoucherId)
        .limit(LAST)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(row, voucher)| {
            let voucher = voucher?;
            Some(TakenVoucher {
                ends_with: voucher.code.chars().skip(code::DIGITS - 4).collect(),
                value_fen: voucher.value_fen,
                used_at: row.used_at,
            })
        })
        .collect();
    Ok(ShopView {
        provider_id: provider.id,
        name: provider.name.clone(),
        this_month: sum(db, taken().filter(voucher_use::Column::UsedAt.gte(first))).await?,
        in_all: sum(db, taken()).await?,
        last,
    })
}
