//! A new password for an account that is there.

use chrono::{DateTime, Utc};
use entity::account;
use entity::words::{MailKind, Subject};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};

use super::sessions;
use crate::error::Result;
use crate::notify::account::tell;
use crate::store::audit::{self, Change};

/// Who sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SetBy {
    /// The account's owner, who is signed in.
    Owner,
    /// The command line, for somebody who cannot get in.
    Operator,
}

/// Sets it, ends every sign-in of the account, and tells its owner by mail. The one in which the owner set it goes on under
/// a new number, which is the caller's to give.
///
/// # Errors
/// The database's.
pub async fn set<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    row: &account::Model,
    hash: String,
    by: SetBy,
) -> Result<()> {
    account::ActiveModel {
        id: Set(row.id),
        password_hash: Set(Some(hash)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    sessions::end_all(txn, row.id, None).await?;
    let by = (by == SetBy::Owner).then_some(row.id);
    let object = (Subject::Account, row.id.0);
    let change = Change::new(row.community_id, now, by, object, "password_changed");
    audit::record(txn, change).await?;
    tell(txn, now, row, MailKind::PasswordChanged).await
}

/// The account with a login, whether disabled or not.
///
/// # Errors
/// The database's.
pub async fn of_login<C: ConnectionTrait>(db: &C, login: &str) -> Result<Option<account::Model>> {
    use sea_orm::{ColumnTrait, QueryFilter};
    Ok(account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(db)
        .await?)
}
