//! Gifts, donations, redemptions and reversals: each one write, judged with the accounts held.

use chrono::TimeDelta;
use entity::ids::{ResidentId, TimeEntryId, VisitId};
use entity::words::{HelperKind, Subject, TimeEntryKind, VisitState};
use entity::{family_member, helper, resident, service, time_entry, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::books::{Books, Holder, Occasion, Posting};
use super::is_close;
use crate::dispatch::place::locked;
use crate::error::{Error, Problem, Result};
use crate::said::Said;
use crate::store::Guard;
use crate::store::audit::{self, Change};

/// Days after a visit within which hours can be redeemed for it.
pub const REDEEM_WITHIN_DAYS: i64 = 60;

/// The residents to whom a helper may give hours: those of the helper's own household, and those for whom the helper's
/// account acts as close family. In the order of their numbers.
///
/// # Errors
/// The database's.
pub async fn close_family<C: ConnectionTrait>(
    db: &C,
    helper: &helper::Model,
) -> Result<Vec<resident::Model>> {
    let mut close = Vec::new();
    if let Some(home) = helper.home_id {
        close = resident::Entity::find()
            .filter(resident::Column::CommunityId.eq(helper.community_id))
            .filter(resident::Column::HouseholdId.eq(home))
            .all(db)
            .await?;
    }
    let acted_for: Vec<ResidentId> = family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(helper.account_id))
        .all(db)
        .await?
        .into_iter()
        .filter(|row| is_close(row.relation))
        .map(|row| row.resident_id)
        .collect();
    close.extend(
        resident::Entity::find()
            .filter(resident::Column::CommunityId.eq(helper.community_id))
            .filter(resident::Column::Id.is_in(acted_for))
            .all(db)
            .await?,
    );
    close.sort_by_key(|row| row.id);
    close.dedup_by_key(|row| row.id);
    Ok(close)
}

/// Gives minutes to a resident of the helper's close family.
///
/// # Errors
/// `invalid` where it is nobody of the close family, the account holds less or the other would hold too much.
pub async fn give(
    txn: &DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    helper: &helper::Model,
    (to, minutes): (ResidentId, i64),
) -> Result<TimeEntryId> {
    let close = close_family(txn, helper).await?;
    if !close.iter().any(|row| row.id == to) {
        return Err(Problem::field(
            "resident_id",
            Said::new(
                "时长只能赠给自己家里的老人。",
                "Hours can only be given to close family.",
            ),
        )
        .into());
    }
    let (giver, getter) = (Holder::Helper(helper.id), Holder::Resident(to));
    let mut books = Books::open(txn, guard, occasion, &[giver, getter]).await?;
    let (from, to_account) = (books.account(giver)?.id, books.account(getter)?.id);
    let posting = Posting::new(TimeEntryKind::Gift, from, to_account, minutes);
    let id = books.post(posting).await?;
    let change = noted(occasion, id, "given").with_helper(helper.id);
    audit::record(
        txn,
        Change {
            resident: Some(to),
            ..change
        },
    )
    .await?;
    Ok(id)
}

/// Gives minutes to the common pool.
///
/// # Errors
/// `invalid` where the account holds less.
pub async fn donate(
    txn: &DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    helper: &helper::Model,
    minutes: i64,
) -> Result<TimeEntryId> {
    let giver = Holder::Helper(helper.id);
    let mut books = Books::open(txn, guard, occasion, &[giver, Holder::Pool]).await?;
    let (from, pool) = (books.account(giver)?.id, books.account(Holder::Pool)?.id);
    let posting = Posting::new(TimeEntryKind::Donation, from, pool, minutes);
    let id = books.post(posting).await?;
    audit::record(txn, noted(occasion, id, "donated").with_helper(helper.id)).await?;
    Ok(id)
}

/// Whether hours can be redeemed for a visit: it was done, lately, and it is a service that the time bank knows.
fn check_redeemable(
    visit: &visit::Model,
    service: &service::Model,
    occasion: Occasion,
) -> Result<()> {
    let no = |zh: &str, en: &str| Err(Problem::field("visit_id", Said::new(zh, en)).into());
    if !service.credit {
        return no(
            "这项服务不能用时长兑换。",
            "This service cannot be paid for with hours.",
        );
    }
    if !matches!(visit.state, VisitState::Completed | VisitState::Substituted) {
        return no(
            "服务做完以后才能用时长兑换。",
            "Hours can be redeemed once the visit was done.",
        );
    }
    if occasion.at - visit.ends_at > TimeDelta::days(REDEEM_WITHIN_DAYS) {
        return no(
            "这次服务已过了兑换期（60 天）。",
            "The visit is too long ago: hours can be redeemed for 60 days.",
        );
    }
    Ok(())
}

/// Pays for a visit of a resident with the resident's hours: as many minutes as the service takes. The money that the
/// credit stands for is settled by `money`, which asks for the entry.
///
/// # Errors
/// `invalid` where it cannot be redeemed or the account holds less, `not-now` where it was redeemed before.
pub async fn redeem(
    txn: &DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    resident: ResidentId,
    visit: VisitId,
) -> Result<(visit::Model, TimeEntryId)> {
    let visit = locked(txn, visit).await?;
    if visit.resident_id != resident {
        return Err(Problem::not_found().into());
    }
    let service = service::Entity::find_by_id(visit.service_id)
        .one(txn)
        .await?
        .ok_or_else(|| Error::Internal("a visit without its service".into()))?;
    check_redeemable(&visit, &service, occasion)?;
    let before = redeemed_for(txn, visit.id).await?;
    if before.iter().any(|(_, taken_back)| !taken_back) {
        return Err(Problem::not_now(Said::new(
            "这次服务已经用时长兑换过了。",
            "Hours were redeemed for this visit already.",
        ))
        .into());
    }
    let payer = Holder::Resident(resident);
    let mut books = Books::open(txn, guard, occasion, &[payer, Holder::Spent]).await?;
    let (from, to) = (books.account(payer)?.id, books.account(Holder::Spent)?.id);
    let minutes = i64::from(visit.duration_min);
    let id = books
        .post(Posting {
            visit: Some(visit.id),
            once: Some(format!("redeem:{}:{}", visit.id, before.len())),
            ..Posting::new(TimeEntryKind::Redeem, from, to, minutes)
        })
        .await?;
    let change = noted(occasion, id, "redeemed");
    let change = Change {
        visit: Some(visit.id),
        resident: Some(resident),
        ..change
    };
    audit::record(txn, change).await?;
    Ok((visit, id))
}

/// The redemptions for a visit, and whether each was taken back.
async fn redeemed_for<C: ConnectionTrait>(
    db: &C,
    visit: VisitId,
) -> Result<Vec<(TimeEntryId, bool)>> {
    let ids: Vec<TimeEntryId> = time_entry::Entity::find()
        .filter(time_entry::Column::VisitId.eq(visit))
        .filter(time_entry::Column::Kind.eq(TimeEntryKind::Redeem))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    let taken_back = super::statement::reversed(db, &ids).await?;
    Ok(ids
        .into_iter()
        .map(|id| (id, taken_back.contains(&id)))
        .collect())
}

/// Takes an entry back, by the office with a reason.
///
/// # Errors
/// `not-found`, `not-now` where it was taken back before or is itself a reversal, `invalid` where the minutes are no longer
/// there to be taken back.
pub async fn reverse(
    txn: &DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    id: TimeEntryId,
    reason: String,
) -> Result<(time_entry::Model, TimeEntryId)> {
    let wrong = time_entry::Entity::find_by_id(id)
        .filter(time_entry::Column::CommunityId.eq(occasion.community))
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    if wrong.kind == TimeEntryKind::Reversal {
        return Err(Problem::not_now(Said::new(
            "冲正本身不能再冲正。",
            "A reversal cannot itself be reversed.",
        ))
        .into());
    }
    // Held before it is looked whether somebody was faster, so that the answer is the true one.
    let sides = vec![wrong.from_account_id, wrong.to_account_id];
    let mut books = Books::of(txn, guard, occasion, sides).await?;
    if !super::statement::reversed(txn, &[id]).await?.is_empty() {
        return Err(Problem::not_now(Said::new(
            "这一笔已经冲正过了。",
            "This entry was reversed already.",
        ))
        .into());
    }
    let posted = books
        .post(Posting {
            visit: wrong.visit_id,
            reverses: Some(id),
            reason: Some(reason.clone()),
            ..Posting::new(
                TimeEntryKind::Reversal,
                wrong.to_account_id,
                wrong.from_account_id,
                wrong.minutes,
            )
        })
        .await?;
    let change = noted(occasion, posted, "reversed").noted(Some(reason));
    audit::record(txn, change).await?;
    Ok((wrong, posted))
}

fn noted(occasion: Occasion, id: TimeEntryId, action: &'static str) -> Change {
    let object = (Subject::TimeEntry, id.0);
    Change::new(occasion.community, occasion.at, occasion.by, object, action)
}

/// Whether this helper takes part in the time bank at all.
///
/// # Errors
/// `not-found` for staff and merchants' workers, who are paid.
pub fn check_takes_part(helper: &helper::Model) -> Result<()> {
    if helper.kind == HelperKind::Volunteer {
        Ok(())
    } else {
        Err(Problem::not_found().into())
    }
}
