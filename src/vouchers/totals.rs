//! What vouchers are worth together, and what a counter took.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, ProviderId};
use entity::{provider, voucher, voucher_use};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::code;
use super::queries::names;
use super::views::{ShopSum, ShopView, TakenVoucher, VoucherSum, VoucherTotals};
use crate::clock::{local_date, midnight};
use crate::error::Result;

/// Uses that a counter shows.
const LAST: u64 = 20;

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
    let of = || voucher::Entity::find().filter(voucher::Column::CommunityId.eq(community));
    let all = || of().filter(voucher::Column::WithdrawnAt.is_null());
    let back = of().filter(voucher::Column::WithdrawnAt.is_not_null());
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
        withdrawn: sum(db, back).await?,
        shops,
    })
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
