//! The books: the one way minutes move. The accounts that a write touches are opened where missing, held in one order, and
//! judged before an entry is posted.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::ids::{
    AccountId, CommunityId, HelperId, ResidentId, TimeAccountId, TimeEntryId, VisitId,
};
use entity::words::{TimeEntryKind, TimeHolder};
use entity::{time_account, time_entry};
use sea_orm::sea_query::{Condition, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::{CAP_MIN, above_the_cap, too_little};
use crate::error::{Error, Result};
use crate::store::{self, Guard};

/// Who holds an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holder {
    /// A volunteer.
    Helper(HelperId),
    /// An older resident.
    Resident(ResidentId),
    /// The common pool.
    Pool,
    /// Where deposits come from.
    Earned,
    /// Where redeemed minutes go.
    Spent,
}

impl Holder {
    fn kind(self) -> TimeHolder {
        match self {
            Self::Helper(_) => TimeHolder::Helper,
            Self::Resident(_) => TimeHolder::Resident,
            Self::Pool => TimeHolder::Pool,
            Self::Earned => TimeHolder::Earned,
            Self::Spent => TimeHolder::Spent,
        }
    }

    /// The condition that an account is this holder's.
    #[must_use]
    pub fn is(self, community: CommunityId) -> Condition {
        let own = Condition::all()
            .add(time_account::Column::CommunityId.eq(community))
            .add(time_account::Column::Holder.eq(self.kind()));
        match self {
            Self::Helper(id) => own.add(time_account::Column::HelperId.eq(id)),
            Self::Resident(id) => own.add(time_account::Column::ResidentId.eq(id)),
            Self::Pool | Self::Earned | Self::Spent => own,
        }
    }

    /// Whether the cap holds for it: for persons, not for what belongs to all.
    fn is_capped(kind: TimeHolder) -> bool {
        matches!(kind, TimeHolder::Helper | TimeHolder::Resident)
    }
}

/// What the entries of one write have in common.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// In which community.
    pub community: CommunityId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who does it; nobody where it follows from something else.
    pub by: Option<AccountId>,
}

/// Minutes to move.
#[derive(Clone, Debug)]
pub struct Posting {
    /// What it does.
    pub kind: TimeEntryKind,
    /// Who gives.
    pub from: TimeAccountId,
    /// Who gets.
    pub to: TimeAccountId,
    /// How many, more than none.
    pub minutes: i64,
    /// The visit that it is about.
    pub visit: Option<VisitId>,
    /// The entry that it takes back.
    pub reverses: Option<TimeEntryId>,
    /// What must not happen twice.
    pub once: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

impl Posting {
    /// So many minutes of this kind, from one account to another.
    #[must_use]
    pub fn new(kind: TimeEntryKind, from: TimeAccountId, to: TimeAccountId, minutes: i64) -> Self {
        Self {
            kind,
            from,
            to,
            minutes,
            visit: None,
            reverses: None,
            once: None,
            reason: None,
        }
    }
}

/// The accounts that one write touches, held until it ends.
#[derive(Debug)]
pub struct Books<'a> {
    txn: &'a DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    accounts: BTreeMap<TimeAccountId, time_account::Model>,
}

impl<'a> Books<'a> {
    /// Opens the accounts of these holders where they are missing, and holds them.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(
        txn: &'a DatabaseTransaction,
        guard: Guard,
        occasion: Occasion,
        holders: &[Holder],
    ) -> Result<Self> {
        let mut ids = Vec::with_capacity(holders.len());
        for holder in holders {
            ids.push(open(txn, occasion.community, *holder).await?);
        }
        Self::of(txn, guard, occasion, ids).await
    }

    /// Holds these accounts.
    ///
    /// # Errors
    /// The database's.
    pub async fn of(
        txn: &'a DatabaseTransaction,
        guard: Guard,
        occasion: Occasion,
        ids: Vec<TimeAccountId>,
    ) -> Result<Self> {
        let wanted = time_account::Entity::find()
            .filter(time_account::Column::Id.is_in(ids))
            .order_by_asc(time_account::Column::Id);
        // In one order, so that two writes never wait for each other.
        let accounts = store::hold(wanted, txn)
            .all(txn)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        Ok(Self {
            txn,
            guard,
            occasion,
            accounts,
        })
    }

    /// The account of a holder among those held.
    ///
    /// # Errors
    /// Ours, where it was not asked for.
    pub fn account(&self, holder: Holder) -> Result<&time_account::Model> {
        self.accounts
            .values()
            .find(|row| match holder {
                Holder::Helper(id) => row.helper_id == Some(id),
                Holder::Resident(id) => row.resident_id == Some(id),
                Holder::Pool | Holder::Earned | Holder::Spent => row.holder == holder.kind(),
            })
            .ok_or_else(|| Error::Internal("a time account was not opened".into()))
    }

    /// Moves minutes.
    ///
    /// # Errors
    /// `invalid` where the giving account holds less, or a gift would lift the other above the cap; the database's.
    pub async fn post(&mut self, posting: Posting) -> Result<TimeEntryId> {
        let lost = || Error::Internal("a time account was not opened".into());
        let from = self.accounts.get(&posting.from).ok_or_else(lost)?;
        let to = self.accounts.get(&posting.to).ok_or_else(lost)?;
        let guarded = match self.guard {
            Guard::On => true,
            #[cfg(feature = "fault-injection")]
            Guard::Off => false,
        };
        let (from_after, to_after) = (
            from.balance_min - posting.minutes,
            to.balance_min + posting.minutes,
        );
        if guarded {
            if from_after < 0 && from.holder != TimeHolder::Earned {
                return Err(too_little(from.balance_min, posting.minutes));
            }
            let capped = Holder::is_capped(to.holder) && posting.kind != TimeEntryKind::Deposit;
            if capped && to_after > CAP_MIN {
                return Err(above_the_cap(to.balance_min));
            }
        }
        let entry = time_entry::ActiveModel {
            community_id: Set(self.occasion.community),
            kind: Set(posting.kind),
            at: Set(self.occasion.at),
            from_account_id: Set(posting.from),
            to_account_id: Set(posting.to),
            minutes: Set(posting.minutes),
            from_after_min: Set(from_after),
            to_after_min: Set(to_after),
            visit_id: Set(posting.visit),
            reverses_id: Set(posting.reverses),
            once: Set(posting.once),
            reason: Set(posting.reason),
            by: Set(self.occasion.by),
            ..Default::default()
        }
        .insert(self.txn)
        .await?;
        if guarded {
            self.set(posting.from, from_after).await?;
            self.set(posting.to, to_after).await?;
        }
        Ok(entry.id)
    }

    async fn set(&mut self, id: TimeAccountId, balance: i64) -> Result<()> {
        time_account::ActiveModel {
            id: Set(id),
            balance_min: Set(balance),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        if let Some(row) = self.accounts.get_mut(&id) {
            row.balance_min = balance;
        }
        Ok(())
    }
}

/// The account of a holder, made where it is missing.
async fn open(
    txn: &DatabaseTransaction,
    community: CommunityId,
    holder: Holder,
) -> Result<TimeAccountId> {
    if let Some(row) = find(txn, community, holder).await? {
        return Ok(row.id);
    }
    let (helper, resident) = match holder {
        Holder::Helper(id) => (Some(id), None),
        Holder::Resident(id) => (None, Some(id)),
        Holder::Pool | Holder::Earned | Holder::Spent => (None, None),
    };
    let row = time_account::ActiveModel {
        community_id: Set(community),
        holder: Set(holder.kind()),
        helper_id: Set(helper),
        resident_id: Set(resident),
        balance_min: Set(0),
        ..Default::default()
    };
    // Two may open it at the same time: the second takes the first's.
    time_account::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    find(txn, community, holder)
        .await?
        .map(|row| row.id)
        .ok_or_else(|| Error::Internal("a time account could not be opened".into()))
}

/// The account of a holder, where there is one.
///
/// # Errors
/// The database's.
pub async fn find<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    holder: Holder,
) -> Result<Option<time_account::Model>> {
    Ok(time_account::Entity::find()
        .filter(holder.is(community))
        .one(db)
        .await?)
}
