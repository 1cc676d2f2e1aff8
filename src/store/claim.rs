//! The claim on a helper's time: the one way to take it, and the one way to give it back.
//!
//! A claim is one row for each five minutes, keyed by helper and slot, so that the database itself refuses the second.
//! Walking is checked against the neighbours in the same transaction, under a lock on the helper's day.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{AssignmentId, CommunityId, HelperId, VisitId};
use entity::words::AssignmentState;
use entity::{assignment, helper_day, helper_slot};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder,
};

use crate::clock::SLOT_SECONDS;
use crate::compound;
use crate::error::Result;

/// Whether claims are refused when the time is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Guard {
    /// As shipped.
    #[default]
    On,
    /// Nothing is checked and nothing claimed: only for the control of a race test.
    #[cfg(feature = "fault-injection")]
    Off,
}

impl Guard {
    /// Whether anything is checked.
    #[must_use]
    pub fn is_on(self) -> bool {
        self == Self::On
    }
}

/// Why a claim was refused: the assignment that is in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The times overlap.
    Overlap(AssignmentId),
    /// There is not time enough to walk between the two.
    Walking(AssignmentId),
}

impl Taken {
    /// The assignment that is in the way.
    #[must_use]
    pub fn by(&self) -> AssignmentId {
        match self {
            Self::Overlap(id) | Self::Walking(id) => *id,
        }
    }
}

/// The states in which an assignment holds its helper's time.
pub const LIVE: [AssignmentState; 2] = [AssignmentState::Offered, AssignmentState::Accepted];

/// What is claimed.
#[derive(Clone, Debug)]
pub struct Claim {
    /// Whose time.
    pub helper: HelperId,
    /// In which community.
    pub community: CommunityId,
    /// For which visit; its row holds place and service.
    pub visit: VisitId,
    /// For which assignment; its row exists already.
    pub assignment: AssignmentId,
    /// The local day, for the lock.
    pub date: NaiveDate,
    /// Start, on the grid.
    pub from: DateTime<Utc>,
    /// End, on the grid.
    pub to: DateTime<Utc>,
}

/// The slots from `from` up to, not including, `to`.
pub(super) fn slots(from: DateTime<Utc>, to: DateTime<Utc>) -> std::ops::Range<i64> {
    from.timestamp() / SLOT_SECONDS..to.timestamp() / SLOT_SECONDS
}

/// Takes the helper's time, or says what is in the way. Where it refuses, it has written nothing but the lock's row.
///
/// # Errors
/// The database's.
pub async fn claim<C: ConnectionTrait>(
    txn: &C,
    guard: Guard,
    wanted: &Claim,
) -> Result<std::result::Result<(), Taken>> {
    match guard {
        Guard::On => {}
        #[cfg(feature = "fault-injection")]
        Guard::Off => return Ok(Ok(())),
    }
    lock_day(txn, wanted.helper, wanted.date).await?;
    if let Some(other) = in_the_way(txn, wanted).await? {
        return Ok(Err(other));
    }
    let rows: Vec<_> = slots(wanted.from, wanted.to)
        .map(|slot| helper_slot::ActiveModel {
            helper_id: Set(wanted.helper),
            slot: Set(slot),
            assignment_id: Set(wanted.assignment),
        })
        .collect();
    helper_slot::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(Ok(()))
}

/// Gives the time of an assignment back.
///
/// # Errors
/// The database's.
pub async fn release<C: ConnectionTrait>(txn: &C, assignment: AssignmentId) -> Result<()> {
    helper_slot::Entity::delete_many()
        .filter(helper_slot::Column::AssignmentId.eq(assignment))
        .exec(txn)
        .await?;
    Ok(())
}

/// One row a helper and day: made if missing, then locked. SQLite has one writer and needs neither.
async fn lock_day<C: ConnectionTrait>(txn: &C, helper: HelperId, date: NaiveDate) -> Result<()> {
    if txn.get_database_backend() != DbBackend::Postgres {
        return Ok(());
    }
    let row = helper_day::ActiveModel {
        helper_id: Set(helper),
        date: Set(date),
    };
    helper_day::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([helper_day::Column::HelperId, helper_day::Column::Date])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    super::hold(helper_day::Entity::find_by_id((helper, date)), txn)
        .one(txn)
        .await?;
    Ok(())
}

/// The assignments that stand near the claim in the helper's day, and whether the time between is enough to walk.
async fn in_the_way<C: ConnectionTrait>(txn: &C, wanted: &Claim) -> Result<Option<Taken>> {
    // No walk inside a compound takes longer than this.
    let reach = TimeDelta::hours(2);
    let near = assignment::Entity::find()
        .filter(assignment::Column::HelperId.eq(wanted.helper))
        .filter(assignment::Column::Id.ne(wanted.assignment))
        .filter(assignment::Column::State.is_in(LIVE))
        .filter(assignment::Column::StartsAt.lt(wanted.to + reach))
        .filter(assignment::Column::EndsAt.gt(wanted.from - reach))
        .order_by_asc(assignment::Column::StartsAt)
        .all(txn)
        .await?;
    if near.is_empty() {
        return Ok(None);
    }
    let visits = near
        .iter()
        .map(|other| other.visit_id)
        .chain([wanted.visit])
        .collect();
    let places = compound::queries::of_visits(txn, wanted.community, visits).await?;
    let walk = |from: VisitId, to: VisitId| match (places.get(&from), places.get(&to)) {
        (Some(from), Some(to)) => compound::walking_seconds(*from, *to),
        _ => 0,
    };
    for other in near {
        if other.starts_at < wanted.to && other.ends_at > wanted.from {
            return Ok(Some(Taken::Overlap(other.id)));
        }
        let (gap, walk) = if other.ends_at <= wanted.from {
            (
                wanted.from - other.ends_at,
                walk(other.visit_id, wanted.visit),
            )
        } else {
            (
                other.starts_at - wanted.to,
                walk(wanted.visit, other.visit_id),
            )
        };
        if gap.num_seconds() < walk {
            return Ok(Some(Taken::Walking(other.id)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    #[test]
    fn slots_cover_the_service_and_not_the_moment_after() {
        let at = |minute: i64| Utc.timestamp_opt(minute * 60, 0).unwrap();
        assert_eq!(slots(at(10), at(25)).collect::<Vec<_>>(), vec![2, 3, 4]);
        assert!(slots(at(25), at(25)).next().is_none());
    }
}
