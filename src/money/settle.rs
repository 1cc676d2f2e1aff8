//! Settling a visit: its lines are reckoned anew and written together, with the month's subsidy held.

use chrono::NaiveDate;
use chrono_tz::Tz;
use entity::ids::{ResidentId, TimeEntryId, VisitId, VoucherId};
use entity::words::{HelperKind, PaySource};
use entity::{payment_line, subsidy, visit, voucher};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::{Means, first_of, lines};
use crate::clock::local_date;
use crate::dispatch::place::{crew, locked};
use crate::error::Result;
use crate::store;

/// What was decided about a visit's payment, beside the subsidy, which comes by itself.
#[derive(Clone, Debug, Default)]
pub struct Decided {
    /// The hours that were redeemed.
    pub credit: Option<TimeEntryId>,
    /// What was waived, and why.
    pub waived: Option<(i64, String)>,
    /// The voucher that was used.
    pub voucher: Option<VoucherId>,
}

/// Settles a visit that has just been done.
///
/// # Errors
/// The database's.
pub async fn on_completion(
    txn: &DatabaseTransaction,
    zone: Tz,
    visit: &visit::Model,
) -> Result<()> {
    settle(txn, zone, visit, &Decided::default()).await
}

/// Settles a visit anew after hours were redeemed for it.
///
/// # Errors
/// The database's.
pub async fn with_credit(
    txn: &DatabaseTransaction,
    zone: Tz,
    visit: &visit::Model,
    entry: TimeEntryId,
) -> Result<()> {
    let decided = Decided {
        credit: Some(entry),
        ..decided(txn, visit.id).await?
    };
    settle(txn, zone, visit, &decided).await
}

/// Settles a visit anew after the redemption was taken back.
///
/// # Errors
/// The database's.
pub async fn without_credit(txn: &DatabaseTransaction, zone: Tz, visit: VisitId) -> Result<()> {
    let visit = locked(txn, visit).await?;
    let decided = Decided {
        credit: None,
        ..decided(txn, visit.id).await?
    };
    settle(txn, zone, &visit, &decided).await
}

/// What was decided about a visit so far.
///
/// # Errors
/// The database's.
pub async fn decided<C: ConnectionTrait>(db: &C, visit: VisitId) -> Result<Decided> {
    let mut decided = Decided::default();
    for row in of_visit(db, visit).await? {
        decided.credit = decided.credit.or(row.entry_id);
        decided.voucher = decided.voucher.or(row.voucher_id);
        if let Some(reason) = row.reason {
            // Not what the line took: hours that pay first leave it less.
            decided.waived = Some((row.value_fen.unwrap_or(row.amount_fen), reason));
        }
    }
    Ok(decided)
}

async fn of_visit<C: ConnectionTrait>(db: &C, visit: VisitId) -> Result<Vec<payment_line::Model>> {
    Ok(payment_line::Entity::find()
        .filter(payment_line::Column::VisitId.eq(visit))
        .all(db)
        .await?)
}

/// Reckons the lines of a visit and writes them; the caller holds the visit. A visit whose price is not known has none.
///
/// # Errors
/// The database's.
pub async fn settle(
    txn: &DatabaseTransaction,
    zone: Tz,
    visit: &visit::Model,
    decided: &Decided,
) -> Result<()> {
    let Some(price) = visit.price_fen else {
        return Ok(());
    };
    let before: i64 = of_visit(txn, visit.id)
        .await?
        .iter()
        .filter(|row| row.source == PaySource::Subsidy)
        .map(|row| row.amount_fen)
        .sum();
    let month = first_of(local_date(zone, visit.starts_at));
    let allowance = held(txn, visit.resident_id, month).await?;
    let means = Means {
        credit: credit_worth(txn, visit, price, decided).await?,
        waived: decided.waived.as_ref().map_or(0, |(fen, _)| *fen),
        voucher: voucher_worth(txn, decided.voucher).await?,
        subsidy: allowance
            .as_ref()
            .map_or(0, |row| row.allowance_fen - row.used_fen + before),
    };
    let made = lines(price, means);
    let after: i64 = made
        .iter()
        .filter(|(source, _)| *source == PaySource::Subsidy)
        .map(|(_, fen)| fen)
        .sum();
    spend(txn, allowance, before, after).await?;
    write(txn, visit.id, made, decided).await
}

/// The month's subsidy of a resident, held until the write ends.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    resident: ResidentId,
    month: NaiveDate,
) -> Result<Option<subsidy::Model>> {
    let row = subsidy::Entity::find_by_id((resident, month));
    Ok(store::hold(row, txn).one(txn).await?)
}

/// Writes down that so much of a held subsidy is used where so much was before.
pub(super) async fn spend(
    txn: &DatabaseTransaction,
    allowance: Option<subsidy::Model>,
    before: i64,
    after: i64,
) -> Result<()> {
    let Some(row) = allowance.filter(|_| after != before) else {
        return Ok(());
    };
    subsidy::ActiveModel {
        resident_id: Set(row.resident_id),
        month: Set(row.month),
        used_fen: Set(row.used_fen - before + after),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// Hours pay for a service, never for goods: what a volunteer's visit costs are the goods brought.
async fn credit_worth(
    txn: &DatabaseTransaction,
    visit: &visit::Model,
    price: i64,
    decided: &Decided,
) -> Result<i64> {
    if decided.credit.is_none() {
        return Ok(0);
    }
    let helpers = crew(txn, visit.id)
        .await?
        .into_iter()
        .map(|row| row.helper_id);
    let kinds = entity::helper::Entity::find()
        .filter(entity::helper::Column::Id.is_in(helpers))
        .all(txn)
        .await?;
    let goods = kinds.iter().any(|row| row.kind == HelperKind::Volunteer);
    Ok(if goods { 0 } else { price })
}

/// What a voucher pays; nothing where there is none.
pub(super) async fn voucher_worth(txn: &DatabaseTransaction, id: Option<VoucherId>) -> Result<i64> {
    let Some(id) = id else { return Ok(0) };
    Ok(voucher::Entity::find_by_id(id)
        .one(txn)
        .await?
        .map_or(0, |row| row.value_fen))
}

async fn write(
    txn: &DatabaseTransaction,
    visit: VisitId,
    made: Vec<(PaySource, i64)>,
    decided: &Decided,
) -> Result<()> {
    payment_line::Entity::delete_many()
        .filter(payment_line::Column::VisitId.eq(visit))
        .exec(txn)
        .await?;
    let mut made = made;
    // What was decided leaves its trace also where it pays nothing.
    for (source, there) in [
        (PaySource::Credit, decided.credit.is_some()),
        (PaySource::Waived, decided.waived.is_some()),
        (PaySource::Voucher, decided.voucher.is_some()),
    ] {
        if there && !made.iter().any(|(known, _)| *known == source) {
            made.push((source, 0));
        }
    }
    let rows = made.into_iter().map(|(source, amount)| {
        let of = |wanted| source == wanted;
        payment_line::ActiveModel {
            visit_id: Set(visit),
            source: Set(source),
            amount_fen: Set(amount),
            voucher_id: Set(decided.voucher.filter(|_| of(PaySource::Voucher))),
            entry_id: Set(decided.credit.filter(|_| of(PaySource::Credit))),
            reason: Set(decided
                .waived
                .as_ref()
                .filter(|_| of(PaySource::Waived))
                .map(|(_, reason)| reason.clone())),
            value_fen: Set(decided
                .waived
                .as_ref()
                .filter(|_| of(PaySource::Waived))
                .map(|(fen, _)| *fen)),
        }
    });
    payment_line::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
