//! Who holds a session: a provider may where it may take new work.

use chrono::NaiveDate;
use entity::ids::{CommunityId, ProviderId};
use entity::provider;
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use crate::error::{Problem, Result};
use crate::providers::standing::Admission;
use crate::said::Said;
use crate::store;

/// Whether this provider of the community takes new work on a session's day, of which the second of `days` is it and the first
/// is today. Its row is held in share, as where a crew is placed, so
/// that a suspension written at once is seen here or sees what came of this.
///
/// # Errors
/// The database's.
async fn takes_work(
    txn: &DatabaseTransaction,
    community: CommunityId,
    id: ProviderId,
    (today, day): (NaiveDate, NaiveDate),
) -> Result<bool> {
    let row = store::hold_shared(provider::Entity::find_by_id(id), txn)
        .filter(provider::Column::CommunityId.eq(community))
        .one(txn)
        .await?;
    let Some(row) = row else {
        return Ok(false);
    };
    let admission = Admission::of(txn, std::slice::from_ref(&row), today).await?;
    Ok(admission.idle_on(id, day.max(today)).is_none())
}

/// Lets a session be held by this provider; by the station itself where there is none.
///
/// # Errors
/// `invalid` with the field `provider_id`, or the database's.
pub(super) async fn may_hold(
    txn: &DatabaseTransaction,
    community: CommunityId,
    id: Option<ProviderId>,
    days: (NaiveDate, NaiveDate),
) -> Result<()> {
    let Some(id) = id else {
        return Ok(());
    };
    if takes_work(txn, community, id, days).await? {
        return Ok(());
    }
    Err(Problem::field(
        "provider_id",
        Said::new(
            "没有这家服务商，或它那天不能接活（暂停了，或证照那时已过期），请换一家。",
            "There is no such provider, or it takes no work that day: it is suspended, or a paper is out of date by then. Please choose another.",
        ),
    )
    .into())
}

/// Lets somebody sign up for what this provider holds: a place is new work, as a booking is.
///
/// # Errors
/// `not-now`, or the database's.
pub(super) async fn may_be_joined(
    txn: &DatabaseTransaction,
    community: CommunityId,
    id: Option<ProviderId>,
    days: (NaiveDate, NaiveDate),
) -> Result<()> {
    match id {
        Some(id) if !takes_work(txn, community, id, days).await? => {
            Err(Problem::not_now(Said::new(
                "举办这场活动的服务商暂停服务，或证照到那天已过期，先不接受报名。请问服务台。",
                "Whoever holds this session is suspended, or a paper of theirs is out of date by then, so nobody can sign up now. Please ask the office.",
            ))
            .into())
        }
        _ => Ok(()),
    }
}
