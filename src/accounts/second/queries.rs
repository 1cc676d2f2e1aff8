//! The rows of second factors.

use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use entity::words::{MailKind, Subject};
use entity::{account, recovery_code, second_factor};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter,
};

use crate::accounts::sessions;
use crate::error::Result;
use crate::notify::account::tell;
use crate::store::audit::{self, Change};

/// The second factor of an account, once it is proven.
///
/// # Errors
/// The database's.
pub async fn proven<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
) -> Result<Option<second_factor::Model>> {
    Ok(second_factor::Entity::find_by_id(account)
        .filter(second_factor::Column::ProvenAt.is_not_null())
        .one(db)
        .await?)
}

/// The one that waits for its first code.
///
/// # Errors
/// The database's.
pub async fn unproven<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
) -> Result<Option<second_factor::Model>> {
    Ok(second_factor::Entity::find_by_id(account)
        .filter(second_factor::Column::ProvenAt.is_null())
        .one(db)
        .await?)
}

/// Keeps a new secret that waits for its first code, in the place of one that waited before.
///
/// # Errors
/// The database's.
pub async fn offer<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    account: AccountId,
    sealed: String,
) -> Result<()> {
    use second_factor::Column;
    let row = second_factor::ActiveModel {
        account_id: Set(account),
        secret: Set(sealed),
        last_step: Set(0),
        made_at: Set(now),
        proven_at: Set(None),
    };
    second_factor::Entity::insert(row)
        .on_conflict(
            OnConflict::column(Column::AccountId)
                .update_columns([Column::Secret, Column::LastStep, Column::MadeAt])
                .action_and_where(Expr::col((second_factor::Entity, Column::ProvenAt)).is_null())
                .to_owned(),
        )
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Takes a code of this step; false where it, or a later one, was taken before.
///
/// # Errors
/// The database's.
pub async fn take_step<C: ConnectionTrait>(txn: &C, account: AccountId, step: i64) -> Result<bool> {
    use second_factor::Column;
    let taken = second_factor::Entity::update_many()
        .col_expr(Column::LastStep, Expr::val(step))
        .filter(Column::AccountId.eq(account))
        .filter(Column::LastStep.lt(step))
        .exec(txn)
        .await?;
    Ok(taken.rows_affected == 1)
}

/// The recovery codes that are left.
///
/// # Errors
/// The database's.
pub async fn codes_left<C: ConnectionTrait>(
    db: &C,
    account: AccountId,
) -> Result<Vec<recovery_code::Model>> {
    Ok(recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null())
        .all(db)
        .await?)
}

/// How many of them.
///
/// # Errors
/// The database's.
pub async fn count_left<C: ConnectionTrait>(db: &C, account: AccountId) -> Result<u32> {
    let left = recovery_code::Entity::find()
        .filter(recovery_code::Column::AccountId.eq(account))
        .filter(recovery_code::Column::UsedAt.is_null())
        .count(db)
        .await?;
    Ok(u32::try_from(left).unwrap_or(u32::MAX))
}

/// Uses a recovery code up; false where somebody did before. Its owner hears of it.
///
/// # Errors
/// The database's.
pub async fn use_code<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    row: &account::Model,
    hash: &str,
) -> Result<bool> {
    use recovery_code::Column;
    let used = recovery_code::Entity::update_many()
        .col_expr(Column::UsedAt, Expr::val(now))
        .filter(Column::AccountId.eq(row.id))
        .filter(Column::Hash.eq(hash))
        .filter(Column::UsedAt.is_null())
        .exec(txn)
        .await?;
    if used.rows_affected != 1 {
        return Ok(false);
    }
    record(txn, now, Some(row.id), row, "recovery_code_used").await?;
    tell(txn, now, row, MailKind::RecoveryCodeUsed).await?;
    Ok(true)
}

/// Puts new recovery codes in the place of the old.
///
/// # Errors
/// The database's.
pub async fn replace_codes<C: ConnectionTrait>(
    txn: &C,
    account: AccountId,
    hashes: &[String],
) -> Result<()> {
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(account))
        .exec(txn)
        .await?;
    let rows = hashes.iter().map(|hash| recovery_code::ActiveModel {
        account_id: Set(account),
        hash: Set(hash.clone()),
        used_at: Set(None),
    });
    recovery_code::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// From now on signing in asks for a code: every sign-in of the account ends, and its owner hears of it.
///
/// # Errors
/// The database's.
pub async fn switch_on<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    row: &account::Model,
    hashes: &[String],
) -> Result<()> {
    second_factor::Entity::update_many()
        .col_expr(second_factor::Column::ProvenAt, Expr::val(now))
        .filter(second_factor::Column::AccountId.eq(row.id))
        .exec(txn)
        .await?;
    replace_codes(txn, row.id, hashes).await?;
    sessions::end_all(txn, row.id, None).await?;
    record(txn, now, Some(row.id), row, "second_factor_on").await?;
    tell(txn, now, row, MailKind::SecondFactorOn).await
}

/// Takes the second factor off, with its codes; false where there was none. Its owner hears of it.
///
/// # Errors
/// The database's.
pub async fn switch_off<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: Option<AccountId>,
    row: &account::Model,
) -> Result<bool> {
    let was = proven(txn, row.id).await?.is_some();
    second_factor::Entity::delete_by_id(row.id)
        .exec(txn)
        .await?;
    recovery_code::Entity::delete_many()
        .filter(recovery_code::Column::AccountId.eq(row.id))
        .exec(txn)
        .await?;
    if was {
        let own = by == Some(row.id);
        let action = if own {
            "second_factor_off"
        } else {
            "second_factor_reset"
        };
        record(txn, now, by, row, action).await?;
        tell(txn, now, row, MailKind::SecondFactorOff).await?;
    }
    Ok(was)
}

async fn record<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: Option<AccountId>,
    row: &account::Model,
    action: &'static str,
) -> Result<()> {
    let object = (Subject::Account, row.id.0);
    audit::record(txn, Change::new(row.community_id, now, by, object, action)).await
}
