//! Accounts made, locked, signed out, and asked for a second factor.

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CommunityId, ProviderId};
use entity::words::{Lang, ProviderKind, Role, Subject};
use entity::{account, account_role, community, provider, shopkeeper};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};

use super::queries::{by_id, of_community, roles_of, view};
use super::views::AccountView;
use super::{queries, second, sessions};
use crate::error::{Problem, Result};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// A new account, its fields checked and its password hashed.
#[derive(Clone)]
pub struct Checked {
    /// In which community.
    pub community: CommunityId,
    /// Name.
    pub name: String,
    /// Login.
    pub login: String,
    /// Hash of the password.
    pub password_hash: String,
    /// Where their mail goes.
    pub email: Option<String>,
    /// Roles, at least one.
    pub roles: Vec<Role>,
    /// The merchant at whose counter a shopkeeper stands.
    pub counter: Option<ProviderId>,
}

/// Makes an account with a password. `by` is nobody where the command line makes it.
///
/// # Errors
/// `invalid` where the login is taken, or the database's.
pub async fn create<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: Option<AccountId>,
    new: &Checked,
) -> Result<AccountView> {
    let taken = account::Entity::find()
        .filter(account::Column::Login.eq(&new.login))
        .one(txn)
        .await?;
    if taken.is_some() {
        return Err(Problem::field(
            "login",
            Said::new(
                "这个登录名已经有人用了，请换一个。",
                "This login is taken; please choose another.",
            ),
        )
        .into());
    }
    check_counter(txn, new).await?;
    let row = account::ActiveModel {
        community_id: Set(new.community),
        name: Set(new.name.clone()),
        login: Set(Some(new.login.clone())),
        password_hash: Set(Some(new.password_hash.clone())),
        email: Set(new.email.clone()),
        lang: Set(Lang::Zh),
        disabled: Set(false),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let mut roles = new.roles.clone();
    roles.sort_unstable();
    roles.dedup();
    let rows = roles.iter().map(|role| account_role::ActiveModel {
        account_id: Set(row.id),
        role: Set(*role),
    });
    account_role::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    if let Some(provider_id) = new.counter {
        let row = shopkeeper::ActiveModel {
            account_id: Set(row.id),
            provider_id: Set(provider_id),
        };
        shopkeeper::Entity::insert(row)
            .exec_without_returning(txn)
            .await?;
    }
    record(txn, now, by, &row, "created").await?;
    Ok(view(row, roles, false))
}

/// A shopkeeper stands at a merchant's counter, and nobody else does.
async fn check_counter<C: ConnectionTrait>(db: &C, new: &Checked) -> Result<()> {
    let stands = new.roles.contains(&Role::Shopkeeper);
    let known = match new.counter {
        Some(id) => provider::Entity::find_by_id(id)
            .filter(provider::Column::CommunityId.eq(new.community))
            .filter(provider::Column::Kind.eq(ProviderKind::Merchant))
            .one(db)
            .await?
            .is_some(),
        None => false,
    };
    if stands == known && stands == new.counter.is_some() {
        return Ok(());
    }
    Err(Problem::field(
        "provider_id",
        Said::new(
            "商户店员要选一家商户，其他身份不用选。",
            "A shopkeeper needs a merchant; the other roles have none.",
        ),
    )
    .into())
}

/// Locks an account and ends its sessions, or opens it again.
///
/// # Errors
/// `not-found` where the community has no such account, or the database's.
pub async fn disable<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: AccountId,
    community: CommunityId,
    id: AccountId,
    disabled: bool,
) -> Result<AccountView> {
    let row = of_community(txn, community, id).await?;
    let changes = row.disabled != disabled;
    let row = account::ActiveModel {
        id: Set(id),
        disabled: Set(disabled),
        ..Default::default()
    }
    .update(txn)
    .await?;
    if disabled {
        sessions::end_all(txn, id, None).await?;
    }
    if changes {
        let action = if disabled { "disabled" } else { "enabled" };
        record(txn, now, Some(by), &row, action).await?;
    }
    let roles = roles_of(txn, id).await?;
    let second = second::queries::proven(txn, id).await?;
    Ok(view(row, roles, second.is_some()))
}

/// Ends every sign-in of an account.
///
/// # Errors
/// `not-found` where the community has no such account, or the database's.
pub async fn end_sessions<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: AccountId,
    community: CommunityId,
    id: AccountId,
) -> Result<()> {
    let row = of_community(txn, community, id).await?;
    if sessions::end_all(txn, id, None).await? > 0 {
        record(txn, now, Some(by), &row, "signed_out").await?;
    }
    Ok(())
}

/// Asks a community's coordinators and administrators for a second factor, or no longer.
///
/// # Errors
/// The database's.
pub async fn require_second<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    by: AccountId,
    id: CommunityId,
    required: bool,
) -> Result<()> {
    if queries::community(txn, id).await?.second_factor_required == required {
        return Ok(());
    }
    community::ActiveModel {
        id: Set(id),
        second_factor_required: Set(required),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let row = by_id(txn, by).await?;
    let action = if required {
        "second_factor_required"
    } else {
        "second_factor_optional"
    };
    record(txn, now, Some(by), &row, action).await
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
