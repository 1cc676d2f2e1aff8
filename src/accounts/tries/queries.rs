//! The rows of tries.

use std::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use entity::{account, known_source, sign_in_try};
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};

use super::{Count, KNOWN_DAYS, source, too_many};
use crate::error::Result;
#[cfg(feature = "fault-injection")]
use crate::store::Guard;
use crate::store::Store;

/// Counts a try, and refuses it where one of its counts is full. What was right is [taken back](took_back).
///
/// Counting comes before the try, so that a hundred at once are a hundred.
///
/// # Errors
/// `too-many` with the seconds to wait, or the database's.
pub async fn begin(store: &Store, now: DateTime<Utc>, mut counts: Vec<Count>) -> Result<()> {
    #[cfg(feature = "fault-injection")]
    if store.guard() == Guard::Off {
        return Ok(());
    }
    // Whoever takes the same rows takes them in the same order.
    counts.sort_by(|one, other| one.id.cmp(&other.id));
    store
        .write(move |txn| {
            let counts = counts.clone();
            Box::pin(async move {
                let mut waits = Vec::new();
                for count in &counts {
                    let row = add(txn, now, count).await?;
                    if row.failed > count.limit.tries {
                        waits.push(count.wait(row.first_at, now));
                    }
                }
                // A refusal undoes the counting too: whoever goes on trying does not lengthen the wait.
                match waits.into_iter().max() {
                    Some(seconds) => Err(too_many(seconds)),
                    None => Ok(()),
                }
            })
        })
        .await
}

async fn add(
    txn: &DatabaseTransaction,
    now: DateTime<Utc>,
    count: &Count,
) -> Result<sign_in_try::Model> {
    use sign_in_try::Column;
    let began = now - TimeDelta::minutes(count.limit.minutes);
    let col = |column| Expr::col((sign_in_try::Entity, column));
    let when_old = |anew: Expr, else_: Expr| {
        CaseStatement::new()
            .case(
                // Of a time that is yet to come: it was counted before the clock was set back.
                col(Column::FirstAt)
                    .lte(began)
                    .or(col(Column::FirstAt).gt(now + TimeDelta::minutes(1))),
                anew,
            )
            .finally(else_)
    };
    let row = sign_in_try::ActiveModel {
        id: Set(count.id.clone()),
        first_at: Set(now),
        failed: Set(1),
    };
    sign_in_try::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::Id)
                .value(
                    Column::Failed,
                    when_old(Expr::val(1), col(Column::Failed).add(1)),
                )
                .value(
                    Column::FirstAt,
                    when_old(Expr::val(now), col(Column::FirstAt)),
                )
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(sign_in_try::Entity::find_by_id(&count.id)
        .one(txn)
        .await?
        .unwrap_or(sign_in_try::Model {
            id: count.id.clone(),
            first_at: now,
            failed: 1,
        }))
}

/// Takes back what was counted for a try that was right: its pair begins anew, the wider counts are one less.
///
/// # Errors
/// The database's.
pub async fn took_back<C: ConnectionTrait>(txn: &C, counts: &[Count]) -> Result<()> {
    use sign_in_try::Column;
    let mut rest = counts.to_vec();
    rest.sort_by(|one, other| one.id.cmp(&other.id));
    for count in &rest {
        if counts.first() == Some(count) {
            sign_in_try::Entity::delete_by_id(&count.id)
                .exec(txn)
                .await?;
        } else {
            sign_in_try::Entity::update_many()
                .col_expr(Column::Failed, Expr::col(Column::Failed).sub(1))
                .filter(Column::Id.eq(&count.id))
                .filter(Column::Failed.gt(0))
                .exec(txn)
                .await?;
        }
    }
    Ok(())
}

/// The same in a write of its own.
///
/// # Errors
/// The database's.
pub async fn forget(store: &Store, counts: Vec<Count>) -> Result<()> {
    store
        .write(move |txn| {
            let counts = counts.clone();
            Box::pin(async move { took_back(txn, &counts).await })
        })
        .await
}

/// Whether the account with this login was signed in to from this address not long ago.
///
/// # Errors
/// The database's.
pub async fn is_known<C: ConnectionTrait>(
    db: &C,
    login: &str,
    from: Option<IpAddr>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let row = account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(db)
        .await?;
    // Nobody's number is zero: the same question is asked whether the login exists or not.
    let id = row.map_or(AccountId(0), |row| row.id);
    knows(db, id, from, now).await
}

/// Whether an account was signed in to from this address not long ago.
pub(in crate::accounts) async fn knows<C: ConnectionTrait>(
    db: &C,
    id: AccountId,
    from: Option<IpAddr>,
    now: DateTime<Utc>,
) -> Result<bool> {
    let since = now - TimeDelta::days(KNOWN_DAYS);
    let row = known_source::Entity::find_by_id((id, source(id, from)))
        .filter(known_source::Column::LastAt.gt(since))
        .one(db)
        .await?;
    Ok(from.is_some() && row.is_some())
}

/// Notes that somebody got in: the tries are taken back, and the address is known from now on.
///
/// # Errors
/// The database's.
pub async fn got_in<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    account: AccountId,
    from: Option<IpAddr>,
    counts: &[Count],
) -> Result<()> {
    took_back(txn, counts).await?;
    if from.is_none() {
        return Ok(());
    }
    let row = known_source::ActiveModel {
        account_id: Set(account),
        source: Set(source(account, from)),
        last_at: Set(now),
    };
    known_source::Entity::insert(row)
        .on_conflict(
            OnConflict::columns([
                known_source::Column::AccountId,
                known_source::Column::Source,
            ])
            .update_column(known_source::Column::LastAt)
            .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}
