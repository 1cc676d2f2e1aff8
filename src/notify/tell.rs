//! Whom to tell of what: each function puts the letters of one event into the outbox, in the event's own transaction.

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, HelperId};
use entity::words::{AssignmentState, MailKind};
use entity::{account, assignment, change_request, community, family_member, helper, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::queries::{Letter, queue};
use crate::clock::{local_date, midnight};
use crate::error::Result;
use crate::http::caller::zone_of;
use crate::store::claim;

/// The local hour at which people are reminded of the next day.
const REMINDED_AT_HOUR: i64 = 18;

/// A booking was received.
///
/// # Errors
/// The database's.
pub async fn booking_received<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingReceived, now).await
}

/// Somebody was found: the family is told, the crew is asked, and both are reminded the evening before.
///
/// # Errors
/// The database's.
pub async fn matched<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingMatched, now).await?;
    ask_crew(txn, now, visit).await?;
    remind(txn, now, visit).await
}

/// Time or crew changed.
///
/// # Errors
/// The database's.
pub async fn changed<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingChanged, now).await?;
    ask_crew(txn, now, visit).await?;
    remind(txn, now, visit).await
}

/// A booking was cancelled; called while the crew is still on it.
///
/// # Errors
/// The database's.
pub async fn cancelled<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingCancelled, now).await?;
    for (_, account) in crew(txn, visit).await? {
        post(txn, now, visit, MailKind::OfferWithdrawn, account, now).await?;
    }
    Ok(())
}

/// One helper need not come.
///
/// # Errors
/// The database's.
pub async fn withdrawn<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    helper: HelperId,
) -> Result<()> {
    if let Some(row) = helper::Entity::find_by_id(helper).one(txn).await? {
        post(
            txn,
            now,
            visit,
            MailKind::OfferWithdrawn,
            row.account_id,
            now,
        )
        .await?;
    }
    Ok(())
}

/// A visit was done.
///
/// # Errors
/// The database's.
pub async fn done<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::VisitDone, now).await
}

/// The office decided a request.
///
/// # Errors
/// The database's.
pub async fn request_answered<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    request: &change_request::Model,
) -> Result<()> {
    queue(
        txn,
        now,
        Letter {
            community: request.community_id,
            kind: MailKind::RequestAnswered,
            account: request.asked_by,
            visit: Some(request.visit_id),
            once: format!("r{}", request.id),
            due: now,
        },
    )
    .await
}

/// The family members who want mail and have an address.
async fn families<C: ConnectionTrait>(txn: &C, visit: &visit::Model) -> Result<Vec<AccountId>> {
    let rows = family_member::Entity::find()
        .filter(family_member::Column::ResidentId.eq(visit.resident_id))
        .filter(family_member::Column::WantsMail.eq(true))
        .find_also_related(account::Entity)
        .all(txn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(_, account)| account)
        .filter(|account| account.email.is_some() && !account.disabled)
        .map(|account| account.id)
        .collect())
}

async fn crew<C: ConnectionTrait>(
    txn: &C,
    visit: &visit::Model,
) -> Result<Vec<(assignment::Model, AccountId)>> {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .find_also_related(helper::Entity)
        .all(txn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|(row, helper)| Some((row, helper?.account_id)))
        .collect())
}

async fn to_family<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    kind: MailKind,
    due: DateTime<Utc>,
) -> Result<()> {
    for account in families(txn, visit).await? {
        post(txn, now, visit, kind, account, due).await?;
    }
    Ok(())
}

/// Asks those of the crew who have not said yes.
async fn ask_crew<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    for (row, account) in crew(txn, visit).await? {
        if row.state == AssignmentState::Offered {
            post(txn, now, visit, MailKind::Offer, account, now).await?;
        }
    }
    Ok(())
}

/// Queues the evening before's letters, unless that evening is past; whether they are still true is asked when they go.
async fn remind<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    let Some(place) = community::Entity::find_by_id(visit.community_id)
        .one(txn)
        .await?
    else {
        return Ok(());
    };
    let zone = zone_of(&place);
    let eve = local_date(zone, visit.starts_at) - TimeDelta::days(1);
    let due = midnight(zone, eve) + TimeDelta::hours(REMINDED_AT_HOUR);
    if due <= now {
        return Ok(());
    }
    to_family(txn, now, visit, MailKind::EveningBefore, due).await?;
    for (_, account) in crew(txn, visit).await? {
        post(txn, now, visit, MailKind::EveningBefore, account, due).await?;
    }
    Ok(())
}

async fn post<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    kind: MailKind,
    account: AccountId,
    due: DateTime<Utc>,
) -> Result<()> {
    queue(
        txn,
        now,
        Letter {
            community: visit.community_id,
            kind,
            account,
            visit: Some(visit.id),
            once: format!("v{}", visit.version),
            due,
        },
    )
    .await
}
