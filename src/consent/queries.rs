//! The rows of consent: saying yes or no, taking it back, whom to ask, and what is not allowed.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::ids::{CommunityId, ResidentId};
use entity::words::{ConsentHow, Purpose, Subject};
use entity::{consent, resident};
use sea_orm::sea_query::{Condition, SelectStatement};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

use super::texts;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::roll::edit::held;
use crate::said::Said;
use crate::store::Guard;
use crate::store::audit::{self, Change};

/// Somebody's answer to a purpose, as it is kept.
#[derive(Clone, Debug)]
pub struct Answering {
    /// Whose.
    pub resident: ResidentId,
    /// To what.
    pub purpose: Purpose,
    /// Which version was read out.
    pub version: i32,
    /// Yes, or no.
    pub given: bool,
    /// How it was said.
    pub how: ConsentHow,
    /// The paper's number, or what was heard.
    pub note: Option<String>,
}

/// That somebody takes their yes back.
#[derive(Clone, Debug)]
pub struct Withdrawing {
    /// Whose.
    pub resident: ResidentId,
    /// From what.
    pub purpose: Purpose,
    /// How it was said.
    pub how: ConsentHow,
    /// What was heard.
    pub note: Option<String>,
}

/// The answers of a resident, the latest first.
///
/// # Errors
/// The database's.
pub async fn of_resident<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
) -> Result<Vec<consent::Model>> {
    Ok(consent::Entity::find()
        .filter(consent::Column::ResidentId.eq(resident))
        .order_by_desc(consent::Column::Id)
        .all(db)
        .await?)
}

fn current() -> sea_orm::Select<consent::Entity> {
    consent::Entity::find().filter(consent::Column::Current.eq(true))
}

/// The answer that counts.
async fn counts<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    purpose: Purpose,
) -> Result<Option<consent::Model>> {
    Ok(current()
        .filter(consent::Column::ResidentId.eq(resident))
        .filter(consent::Column::Purpose.eq(purpose))
        .one(db)
        .await?)
}

/// A no, or a yes that was taken back.
fn stops() -> Condition {
    Condition::any()
        .add(consent::Column::Given.eq(false))
        .add(consent::Column::WithdrawnAt.is_not_null())
}

/// Whether a purpose is served for a resident: only a no, and a yes that was taken back, stop it.
///
/// # Errors
/// The database's.
pub async fn allows<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    purpose: Purpose,
) -> Result<bool> {
    let stopped = current()
        .filter(consent::Column::ResidentId.eq(resident))
        .filter(consent::Column::Purpose.eq(purpose))
        .filter(stops())
        .one(db)
        .await?;
    Ok(stopped.is_none())
}

/// The resident, where they do not allow this purpose: for a query that leaves them out.
#[must_use]
pub fn where_stopped(resident: ResidentId, purpose: Purpose) -> SelectStatement {
    current()
        .select_only()
        .column(consent::Column::ResidentId)
        .filter(consent::Column::ResidentId.eq(resident))
        .filter(consent::Column::Purpose.eq(purpose))
        .filter(stops())
        .into_query()
}

/// Which of these purposes a resident does not allow.
///
/// # Errors
/// The database's.
pub async fn stopped_of<C: ConnectionTrait>(
    db: &C,
    resident: ResidentId,
    purposes: &[Purpose],
) -> Result<Vec<Purpose>> {
    Ok(current()
        .select_only()
        .column(consent::Column::Purpose)
        .filter(consent::Column::ResidentId.eq(resident))
        .filter(consent::Column::Purpose.is_in(purposes.iter().copied()))
        .filter(stops())
        .into_tuple()
        .all(db)
        .await?)
}

/// What residents of a community do not allow.
#[derive(Clone, Debug, Default)]
pub struct Stopped(HashMap<Purpose, HashSet<ResidentId>>);

impl Stopped {
    /// Of a whole community: a no is rare, so that it is one short read.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(db: &C, community: CommunityId) -> Result<Self> {
        let mut stopped: HashMap<Purpose, HashSet<ResidentId>> = HashMap::new();
        for row in current()
            .filter(consent::Column::CommunityId.eq(community))
            .filter(stops())
            .all(db)
            .await?
        {
            stopped
                .entry(row.purpose)
                .or_default()
                .insert(row.resident_id);
        }
        Ok(Self(stopped))
    }

    /// Whether nobody said no to anything, which is the rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this resident allows this purpose.
    #[must_use]
    pub fn allows(&self, resident: ResidentId, purpose: Purpose) -> bool {
        !self
            .0
            .get(&purpose)
            .is_some_and(|those| those.contains(&resident))
    }
}

/// Writes an answer down. The file is held, so that of two who answer at once the second sees the first; a unique key
/// allows one answer that counts.
///
/// # Errors
/// `stale` where the text has another version, `not-now` where the same was said before, or the database's.
pub async fn answer(
    txn: &DatabaseTransaction,
    (caller, guard): (&Caller, Guard),
    said: &Answering,
    now: DateTime<Utc>,
) -> Result<()> {
    if guard.is_on() {
        held(txn, said.resident).await?;
    }
    let latest = texts::latest(txn, caller.community).await?;
    let version = latest.get(&said.purpose).copied().unwrap_or(1);
    if said.version != version {
        return Err(Problem::stale().into());
    }
    if let Some(before) = counts(txn, said.resident, said.purpose).await? {
        let same = before.withdrawn_at.is_none()
            && before.given == said.given
            && before.version == version;
        if same {
            return Err(already(said.given));
        }
        no_longer_counts(txn, &before).await?;
    }
    let row = consent::ActiveModel {
        community_id: Set(caller.community),
        resident_id: Set(said.resident),
        purpose: Set(said.purpose),
        version: Set(version),
        given: Set(said.given),
        how: Set(said.how),
        note: Set(said.note.clone()),
        recorded_by: Set(caller.account),
        given_at: Set(now),
        current: Set(Some(true)),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let action = if said.given {
        "consent-given"
    } else {
        "consent-refused"
    };
    record(txn, caller, &row, action, now).await
}

/// Takes a yes back.
///
/// # Errors
/// `not-now` where there is no yes to take back, or the database's.
pub async fn withdraw(
    txn: &DatabaseTransaction,
    caller: &Caller,
    said: &Withdrawing,
    now: DateTime<Utc>,
) -> Result<()> {
    held(txn, said.resident).await?;
    let given = counts(txn, said.resident, said.purpose)
        .await?
        .filter(|row| row.given && row.withdrawn_at.is_none())
        .ok_or_else(nothing_given)?;
    let row = consent::ActiveModel {
        id: Set(given.id),
        withdrawn_at: Set(Some(now)),
        withdrawn_how: Set(Some(said.how)),
        withdrawn_by: Set(Some(caller.account)),
        withdrawn_note: Set(said.note.clone()),
        ..Default::default()
    }
    .update(txn)
    .await?;
    record(txn, caller, &row, "consent-withdrawn", now).await
}

fn already(given: bool) -> Error {
    Problem::not_now(if given {
        Said::new("之前已经同意过了。", "This was agreed to before.")
    } else {
        Said::new("之前已经登记为不同意。", "This was refused before.")
    })
    .into()
}

fn nothing_given() -> Error {
    Problem::not_now(Said::new(
        "没有可以撤回的同意。",
        "There is no consent to take back.",
    ))
    .into()
}

async fn record(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: &consent::Model,
    action: &'static str,
    now: DateTime<Utc>,
) -> Result<()> {
    let object = (Subject::Consent, row.id.0);
    let change = Change::new(caller.community, now, Some(caller.account), object, action);
    audit::record(
        txn,
        Change {
            resident: Some(row.resident_id),
            ..change
        },
    )
    .await
}

/// Two files of one person become one: everything that was said stays on record, and of two answers to one purpose the later
/// word counts.
///
/// # Errors
/// The database's.
pub async fn merge(txn: &DatabaseTransaction, stays: ResidentId, goes: ResidentId) -> Result<()> {
    let said_at = |row: &consent::Model| row.withdrawn_at.unwrap_or(row.given_at);
    for row in of_resident(txn, goes).await? {
        let mut moved = consent::ActiveModel {
            id: Set(row.id),
            resident_id: Set(stays),
            ..Default::default()
        };
        if row.current == Some(true)
            && let Some(other) = counts(txn, stays, row.purpose).await?
        {
            if said_at(&other) >= said_at(&row) {
                moved.current = Set(None);
            } else {
                no_longer_counts(txn, &other).await?;
            }
        }
        moved.update(txn).await?;
    }
    Ok(())
}

async fn no_longer_counts(txn: &DatabaseTransaction, row: &consent::Model) -> Result<()> {
    consent::ActiveModel {
        id: Set(row.id),
        current: Set(None),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// Whom the desk is to ask, in the order of their numbers, with what each is to be asked.
///
/// # Errors
/// The database's.
pub async fn to_ask<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    only: Option<Purpose>,
) -> Result<Vec<(resident::Model, Vec<Purpose>)>> {
    let latest = texts::latest(db, community).await?;
    let mut said: HashMap<(ResidentId, Purpose), consent::Model> = current()
        .filter(consent::Column::CommunityId.eq(community))
        .all(db)
        .await?
        .into_iter()
        .map(|row| ((row.resident_id, row.purpose), row))
        .collect();
    let rows = resident::Entity::find()
        .filter(resident::Column::CommunityId.eq(community))
        .filter(resident::Column::State.is_in(crate::residents::ON_THE_ROLL))
        .order_by_asc(resident::Column::Id)
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let open: Vec<Purpose> = super::PURPOSES
                .into_iter()
                .filter(|purpose| only.is_none_or(|only| only == *purpose))
                .filter(|purpose| {
                    let answer = said.remove(&(row.id, *purpose));
                    let latest = latest.get(purpose).copied().unwrap_or(1);
                    super::ConsentState::of(answer.as_ref(), latest).is_to_ask()
                })
                .collect();
            (!open.is_empty()).then_some((row, open))
        })
        .collect())
}
