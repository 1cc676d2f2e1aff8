//! The rows of accounts, their roles, sessions and links.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CommunityId, ProviderId};
use entity::words::{Lang, ProviderKind, Role, Subject};
use entity::{
    account, account_role, community, compound, one_time_link, provider, session, shopkeeper, visit,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, QueryOrder,
};

use super::views::{AccountView, DemoPerson, Entrance, Me};
use super::{Token, home, works_until};
use crate::clock::local_date;
use crate::demo;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{helper_of, zone_of};
use crate::said::{Said, pick};
use crate::store::audit::{self, Change};

/// The names of these accounts.
///
/// # Errors
/// The database's.
pub async fn names<C: ConnectionTrait>(
    db: &C,
    accounts: impl IntoIterator<Item = AccountId>,
) -> Result<HashMap<AccountId, String>> {
    Ok(account::Entity::find()
        .filter(account::Column::Id.is_in(accounts))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect())
}

/// What the entrance shows.
///
/// # Errors
/// The database's, or where there is no community yet.
pub async fn entrance(db: &DatabaseConnection, demo: bool, lang: Lang) -> Result<Entrance> {
    let place = community::Entity::find()
        .order_by_asc(community::Column::Id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("the database holds no community".into()))?;
    let compound = compound::Entity::find()
        .filter(compound::Column::CommunityId.eq(place.id))
        .one(db)
        .await?;
    let demo_people = if demo {
        demo_people(db, place.id, lang).await?
    } else {
        Vec::new()
    };
    Ok(Entrance {
        community: place.name,
        compound: compound.map_or_else(String::new, |row| row.name),
        synthetic: place.synthetic,
        phone: place.office_phone,
        demo_people,
    })
}

/// Those of the demonstration's people who are in the database, in the order to show them.
async fn demo_people(
    db: &DatabaseConnection,
    community: CommunityId,
    lang: Lang,
) -> Result<Vec<DemoPerson>> {
    let people = demo::people();
    let names: HashMap<String, String> = account::Entity::find()
        .filter(account::Column::CommunityId.eq(community))
        .filter(account::Column::Login.is_in(people.iter().map(|person| person.login)))
        .filter(account::Column::Disabled.eq(false))
        .all(db)
        .await?
        .into_iter()
        .filter_map(|row| Some((row.login?, row.name)))
        .collect();
    Ok(people
        .iter()
        .filter_map(|person| {
            Some(DemoPerson {
                kind: person.kind.to_owned(),
                name: names.get(person.login)?.clone(),
                what: pick(lang, person.zh, person.en).to_owned(),
            })
        })
        .collect())
}

/// The account with a login, unless it is disabled.
///
/// # Errors
/// The database's.
pub async fn by_login<C: ConnectionTrait>(db: &C, login: &str) -> Result<Option<account::Model>> {
    Ok(account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .filter(account::Column::Disabled.eq(false))
        .one(db)
        .await?)
}

/// The roles of an account, first role first.
///
/// # Errors
/// The database's.
pub async fn roles_of<C: ConnectionTrait>(db: &C, id: AccountId) -> Result<Vec<Role>> {
    let mut roles: Vec<Role> = account_role::Entity::find()
        .filter(account_role::Column::AccountId.eq(id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.role)
        .collect();
    roles.sort_unstable();
    Ok(roles)
}

/// What somebody who is signed in is told of themselves.
///
/// # Errors
/// The database's.
pub async fn me(
    db: &DatabaseConnection,
    id: AccountId,
    now: DateTime<Utc>,
    demo: bool,
) -> Result<Me> {
    let row = account::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::sign_in()))?;
    let place = community::Entity::find_by_id(row.community_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("an account without a community".into()))?;
    let roles = roles_of(db, id).await?;
    Ok(Me {
        account_id: row.id,
        name: row.name,
        lang: row.lang,
        helper_id: helper_of(db, id).await?,
        community: place.name.clone(),
        office_phone: place.office_phone.clone(),
        synthetic: place.synthetic,
        demo,
        today: local_date(zone_of(&place), now),
        now,
        home: home(&roles).to_owned(),
        roles,
    })
}

/// Makes a one-time link for an account: to sign in, or about a visit. Tells until when it works.
///
/// # Errors
/// The database's.
pub async fn new_link<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    token: &Token,
    account: &account::Model,
    visit: Option<&visit::Model>,
) -> Result<DateTime<Utc>> {
    let until = works_until(now, visit.map(|visit| visit.ends_at));
    let row = one_time_link::ActiveModel {
        community_id: Set(account.community_id),
        token_hash: Set(token.hash()),
        account_id: Set(account.id),
        visit_id: Set(visit.map(|visit| visit.id)),
        created_at: Set(now),
        expires_at: Set(until),
        ..Default::default()
    };
    one_time_link::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    Ok(until)
}

/// Every account of a community, by name.
///
/// # Errors
/// The database's.
pub async fn all(db: &DatabaseConnection, community: CommunityId) -> Result<Vec<AccountView>> {
    let rows = account::Entity::find()
        .filter(account::Column::CommunityId.eq(community))
        .order_by_asc(account::Column::Name)
        .order_by_asc(account::Column::Id)
        .all(db)
        .await?;
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    for row in account_role::Entity::find()
        .inner_join(account::Entity)
        .filter(account::Column::CommunityId.eq(community))
        .order_by_asc(account_role::Column::Role)
        .all(db)
        .await?
    {
        roles.entry(row.account_id).or_default().push(row.role);
    }
    Ok(rows
        .into_iter()
        .map(|row| {
            let roles = roles.remove(&row.id).unwrap_or_default();
            view(row, roles)
        })
        .collect())
}

fn view(row: account::Model, mut roles: Vec<Role>) -> AccountView {
    roles.sort_unstable();
    AccountView {
        id: row.id,
        name: row.name,
        login: row.login,
        email: row.email,
        roles,
        disabled: row.disabled,
    }
}

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
    Ok(view(row, roles))
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
    let row = account::Entity::find_by_id(id)
        .filter(account::Column::CommunityId.eq(community))
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let changes = row.disabled != disabled;
    let row = account::ActiveModel {
        id: Set(id),
        disabled: Set(disabled),
        ..Default::default()
    }
    .update(txn)
    .await?;
    if disabled {
        session::Entity::delete_many()
            .filter(session::Column::AccountId.eq(id))
            .exec(txn)
            .await?;
    }
    if changes {
        let action = if disabled { "disabled" } else { "enabled" };
        record(txn, now, Some(by), &row, action).await?;
    }
    let roles = roles_of(txn, id).await?;
    Ok(view(row, roles))
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
