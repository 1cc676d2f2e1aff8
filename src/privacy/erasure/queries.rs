//! The rows of erasures: asking, looking, confirming, refusing.

use chrono::{DateTime, Utc};
use entity::ids::{ErasureId, ResidentId};
use entity::words::{Departure, ErasureGround, ErasureState, Role, Subject};
use entity::{erasure, resident};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter,
};

use super::ending::end;
use super::in_the_way::in_the_way;
use super::{asked_as, may_check, may_confirm, may_end};
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::ON_THE_ROLL;
use crate::residents::roll::leaving::{self, Leaving};
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::{self, Guard};
use crate::visits::pausing::Hand;

/// Whether somebody answers for personal data.
#[must_use]
pub fn is_keeper(caller: &Caller) -> bool {
    caller.is(Role::Coordinator) || caller.is(Role::Admin)
}

/// The open request about a resident, where there is one.
///
/// # Errors
/// The database's.
pub async fn open_one<C: ConnectionTrait>(
    db: &C,
    id: ResidentId,
) -> Result<Option<erasure::Model>> {
    Ok(erasure::Entity::find()
        .filter(erasure::Column::ResidentId.eq(id))
        .filter(erasure::Column::Open.eq(true))
        .one(db)
        .await?)
}

/// Asks that everything about a resident be erased.
///
/// # Errors
/// `not-now` where it was asked already, or the database's.
pub async fn ask(
    txn: &DatabaseTransaction,
    caller: &Caller,
    file: &resident::Model,
    ground: ErasureGround,
    now: DateTime<Utc>,
) -> Result<()> {
    let office = is_keeper(caller);
    let row = erasure::ActiveModel {
        community_id: Set(file.community_id),
        resident_id: Set(file.id),
        ground: Set(ground),
        state: Set(asked_as(office)),
        open: Set(Some(true)),
        asked_by: Set(Some(caller.account)),
        asked_at: Set(now),
        checked_by: Set(office.then_some(caller.account)),
        checked_at: Set(office.then_some(now)),
        ..Default::default()
    };
    let written = erasure::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([erasure::Column::ResidentId, erasure::Column::Open])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    if written == 0 {
        return Err(Problem::not_now(Said::new(
            "已经有人申请删除，正在等待处理。",
            "It was asked for already and waits to be decided.",
        ))
        .into());
    }
    note(txn, caller, file, "erasure-asked", now).await
}

/// The request with this number, held until the write ends.
async fn held(
    txn: &DatabaseTransaction,
    caller: &Caller,
    guard: Guard,
    id: ErasureId,
) -> Result<(erasure::Model, resident::Model)> {
    let wanted =
        erasure::Entity::find_by_id(id).filter(erasure::Column::CommunityId.eq(caller.community));
    let wanted = match guard {
        Guard::On => store::hold(wanted, txn),
        #[cfg(feature = "fault-injection")]
        Guard::Off => wanted,
    };
    let row = wanted
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let file = resident::Entity::find_by_id(row.resident_id)
        .one(txn)
        .await?
        .ok_or_else(|| Error::Internal("an erasure without a resident".into()))?;
    Ok((row, file))
}

/// The first look.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn check(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    id: ErasureId,
    now: DateTime<Utc>,
) -> Result<()> {
    let (row, file) = held(txn, caller, guard, id).await?;
    may_check(&row)?;
    erasure::ActiveModel {
        id: Set(id),
        state: Set(ErasureState::Checked),
        checked_by: Set(Some(caller.account)),
        checked_at: Set(Some(now)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    note(txn, caller, &file, "erasure-checked", now).await
}

/// The second look, with which everything goes.
///
/// # Errors
/// `not-found`, `not-now` where it is not this person's to confirm or something is in the way, or the database's.
pub async fn confirm(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    id: ErasureId,
    now: DateTime<Utc>,
) -> Result<ResidentId> {
    let (row, file) = held(txn, caller, guard, id).await?;
    may_confirm(&row, caller.account)?;
    if let Some(first) = in_the_way(txn, file.id).await?.into_iter().next() {
        return Err(Problem::not_now(first).into());
    }
    if ON_THE_ROLL.contains(&file.state) {
        let leaving = Leaving {
            how: Departure::Moved,
            on: local_date(caller.zone, now),
            note: None,
        };
        leaving::leave(txn, caller, file.id, &leaving, now).await?;
    }
    let hand = Hand {
        by: Some(caller.account),
        now,
        zone: caller.zone,
    };
    end(txn, hand, row.id, file.id).await?;
    note(txn, caller, &file, "erased", now).await?;
    Ok(file.id)
}

/// Refuses it, with the reason.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn refuse(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    id: ErasureId,
    why: String,
    now: DateTime<Utc>,
) -> Result<ResidentId> {
    let (row, file) = held(txn, caller, guard, id).await?;
    may_end(&row)?;
    close(txn, caller, &row, ErasureState::Refused, Some(why), now).await?;
    note(txn, caller, &file, "erasure-refused", now).await?;
    Ok(file.id)
}

/// Takes it back, for whoever could have asked.
///
/// # Errors
/// `not-now` where nothing is open, or the database's.
pub async fn take_back(
    txn: &DatabaseTransaction,
    caller: &Caller,
    file: &resident::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    let Some(row) = open_one(txn, file.id).await? else {
        return Err(Problem::not_now(Said::new(
            "没有等待处理的删除申请。",
            "No request to erase is waiting.",
        ))
        .into());
    };
    let (row, _) = held(txn, caller, Guard::On, row.id).await?;
    may_end(&row)?;
    close(txn, caller, &row, ErasureState::TakenBack, None, now).await?;
    note(txn, caller, file, "erasure-taken-back", now).await
}

async fn close(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: &erasure::Model,
    state: ErasureState,
    why: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    erasure::ActiveModel {
        id: Set(row.id),
        state: Set(state),
        open: Set(None),
        ended_by: Set(Some(caller.account)),
        ended_at: Set(Some(now)),
        refused_why: Set(why),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

async fn note(
    txn: &DatabaseTransaction,
    caller: &Caller,
    file: &resident::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Resident, file.id.0);
    let change = Change::new(file.community_id, now, Some(caller.account), object, action);
    audit::record(
        txn,
        Change {
            resident: Some(file.id),
            ..change
        },
    )
    .await
}

/// When two files of one person become one: what is asked about the one that goes is asked about the one that stays.
///
/// # Errors
/// The database's.
pub async fn merge(txn: &DatabaseTransaction, stays: ResidentId, goes: ResidentId) -> Result<()> {
    let twice = open_one(txn, stays).await?.is_some();
    for row in erasure::Entity::find()
        .filter(erasure::Column::ResidentId.eq(goes))
        .all(txn)
        .await?
    {
        let mut moved = erasure::ActiveModel {
            id: Set(row.id),
            resident_id: Set(stays),
            ..Default::default()
        };
        if twice && row.open == Some(true) {
            moved.open = Set(None);
            moved.state = Set(ErasureState::TakenBack);
        }
        moved.update(txn).await?;
    }
    Ok(())
}
