//! Whom each change is told to. Every function queues letters in the transaction of the change; who has no address for
//! mail is told by telephone, which the office's lists remind of.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, HelperId, ResidentId};
use entity::words::{AssignmentState, MailKind, Purpose};
use entity::{account, assignment, change_request, complaint, family_member, helper, visit};
use sea_orm::sea_query::Condition;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
};

use super::evening::{self, As};
use super::queries::{Letter, queue, queue_all};
use crate::clock::local_date;
use crate::consent;
use crate::error::Result;
use crate::store::claim;

/// A booking was made: its family hears that it was received.
///
/// # Errors
/// The database's.
pub async fn booking_received<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingReceived, "0").await
}

/// Somebody was found: the family hears who comes, helpers who have not said yes are asked, and both are reminded the
/// evening before, by the clocks of the community's zone.
///
/// # Errors
/// The database's.
pub async fn matched<C: ConnectionTrait>(
    txn: &C,
    (now, zone): (DateTime<Utc>, Tz),
    visit: &visit::Model,
) -> Result<()> {
    to_all(txn, (now, zone), visit, MailKind::BookingMatched).await
}

/// The time or who comes was changed: the family hears how it is now; helpers as in [`matched`].
///
/// # Errors
/// The database's.
pub async fn changed<C: ConnectionTrait>(
    txn: &C,
    (now, zone): (DateTime<Utc>, Tz),
    visit: &visit::Model,
) -> Result<()> {
    to_all(txn, (now, zone), visit, MailKind::BookingChanged).await
}

/// The visit was cancelled: the family hears it, and whoever still holds it need not come.
///
/// # Errors
/// The database's.
pub async fn cancelled<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::BookingCancelled, "0").await?;
    need_not_come(txn, now, visit).await
}

/// Whoever holds the visit need not come; nobody else hears of it. So it is where the resident has died: a family in
/// mourning gets no letters about bookings.
///
/// # Errors
/// The database's.
pub async fn need_not_come<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    for (_, helper) in crew(txn, visit).await? {
        withdrawn(txn, now, visit, helper.id).await?;
    }
    Ok(())
}

/// One helper need not come any more.
///
/// # Errors
/// The database's.
pub async fn withdrawn<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    helper: HelperId,
) -> Result<()> {
    let Some(helper) = helper::Entity::find_by_id(helper).one(txn).await? else {
        return Ok(());
    };
    to_account(
        txn,
        now,
        visit,
        helper.account_id,
        MailKind::OfferWithdrawn,
        &version(visit),
    )
    .await
}

/// The visit was done: the family hears it.
///
/// # Errors
/// The database's.
pub async fn done<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
) -> Result<()> {
    to_family(txn, now, visit, MailKind::VisitDone, "0").await
}

/// A step of a complaint was taken: the family hears how it stands.
///
/// # Errors
/// The database's.
pub async fn complaint_step<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    complaint: &complaint::Model,
) -> Result<()> {
    let Some(resident) = complaint.resident_id else {
        return Ok(());
    };
    let letter = |account| Letter {
        community: complaint.community_id,
        kind: MailKind::ComplaintStep,
        account,
        visit: None,
        help_step: None,
        help_contact: None,
        once: format!("c{}v{}", complaint.id, complaint.version),
        due: now,
        signup: None,
    };
    let family = family_of(txn, resident).await?;
    queue_all(txn, now, family.into_iter().map(letter).collect()).await
}

/// The office decided on a wish to change: who asked hears what.
///
/// # Errors
/// The database's.
pub async fn request_answered<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    request: &change_request::Model,
) -> Result<()> {
    if !can_be_written_to(txn, request.asked_by).await? {
        return Ok(());
    }
    let letter = Letter {
        community: request.community_id,
        kind: MailKind::RequestAnswered,
        account: request.asked_by,
        visit: Some(request.visit_id),
        help_step: None,
        help_contact: None,
        signup: None,
        once: format!("r{}", request.id),
        due: now,
    };
    queue(txn, now, letter).await
}

/// The family hears how it is; whoever has not said yes is asked; and everybody is reminded the evening before.
async fn to_all<C: ConnectionTrait>(
    txn: &C,
    (now, zone): (DateTime<Utc>, Tz),
    visit: &visit::Model,
    kind: MailKind,
) -> Result<()> {
    let family = family_of(txn, visit.resident_id).await?;
    let mut letters = Vec::new();
    for &account in &family {
        letters.push(about(visit, now, account, kind, version(visit)));
    }
    for (one, account) in readers(txn, visit).await? {
        if one.state == AssignmentState::Offered {
            // The version too: whoever said yes to one time is asked again for another.
            let once = format!("a{}.{}", one.id, version(visit));
            letters.push(about(visit, now, account, MailKind::Offer, once));
        }
        letters.extend(reminder(now, visit, zone, account, As::Helper));
    }
    for account in family {
        letters.extend(reminder(now, visit, zone, account, As::Family));
    }
    queue_all(txn, now, letters).await
}

/// The letter about the visit's day, for the evening before it, unless that is past.
fn reminder(
    now: DateTime<Utc>,
    visit: &visit::Model,
    zone: Tz,
    account: AccountId,
    reader: As,
) -> Option<Letter> {
    let due = evening::due(zone, visit.starts_at);
    (due > now).then(|| Letter {
        community: visit.community_id,
        kind: MailKind::EveningBefore,
        account,
        visit: None,
        help_step: None,
        help_contact: None,
        signup: None,
        once: evening::once(reader, local_date(zone, visit.starts_at)),
        due,
    })
}

/// A letter about a visit, to be sent at once.
fn about(
    visit: &visit::Model,
    now: DateTime<Utc>,
    account: AccountId,
    kind: MailKind,
    once: String,
) -> Letter {
    Letter {
        community: visit.community_id,
        kind,
        account,
        visit: Some(visit.id),
        help_step: None,
        help_contact: None,
        signup: None,
        once,
        due: now,
    }
}

async fn to_family<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    kind: MailKind,
    once: &str,
) -> Result<()> {
    let family = family_of(txn, visit.resident_id).await?;
    let letter = |account| about(visit, now, account, kind, once.to_owned());
    queue_all(txn, now, family.into_iter().map(letter).collect()).await
}

async fn to_account<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    visit: &visit::Model,
    account: AccountId,
    kind: MailKind,
    once: &str,
) -> Result<()> {
    if !can_be_written_to(txn, account).await? {
        return Ok(());
    }
    let letter = about(visit, now, account, kind, once.to_owned());
    queue(txn, now, letter).await
}

pub(super) async fn can_be_written_to<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
) -> Result<bool> {
    Ok(account::Entity::find_by_id(account)
        .one(db)
        .await?
        .is_some_and(|account| account.email.is_some() && !account.disabled))
}

/// Accounts that mail reaches.
fn reached() -> Condition {
    Condition::all()
        .add(account::Column::Email.is_not_null())
        .add(account::Column::Disabled.eq(false))
}

/// The accounts of a resident's family that want mail and that it reaches; nobody where the resident does not allow it.
///
/// # Errors
/// The database's.
pub(super) async fn family_of<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
) -> Result<Vec<AccountId>> {
    let stopped = consent::queries::where_stopped(resident, Purpose::Messages);
    Ok(family_member::Entity::find()
        .select_only()
        .column(family_member::Column::AccountId)
        .inner_join(account::Entity)
        .filter(family_member::Column::ResidentId.eq(resident))
        .filter(family_member::Column::ResidentId.not_in_subquery(stopped))
        .filter(family_member::Column::WantsMail.eq(true))
        .filter(reached())
        .order_by_asc(family_member::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// Who is to come and is reached by mail: their assignments and accounts.
async fn readers<C: ConnectionTrait>(
    db: &C,
    visit: &visit::Model,
) -> Result<Vec<(assignment::Model, AccountId)>> {
    let theirs = helper::Entity::belongs_to(account::Entity)
        .from(helper::Column::AccountId)
        .to(account::Column::Id);
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .inner_join(helper::Entity)
        .join(JoinType::InnerJoin, theirs.into())
        .filter(reached())
        .select_also(account::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(one, account)| Some((one, account?.id)))
        .collect())
}

/// Who is to come, with their assignments.
///
/// # Errors
/// The database's.
pub(super) async fn crew<C: ConnectionTrait>(
    db: &C,
    visit: &visit::Model,
) -> Result<Vec<(assignment::Model, helper::Model)>> {
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .find_also_related(helper::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(one, helper)| Some((one, helper?)))
        .collect())
}

fn version(visit: &visit::Model) -> String {
    format!("v{}", visit.version)
}
