//! The rows of accounts, their roles and links.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CommunityId};
use entity::words::Role;
use entity::{account, account_role, community, one_time_link, second_factor, visit};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DatabaseConnection, EntityTrait,
    QueryFilter, QueryOrder, QuerySelect, Select,
};

use super::views::{AccountView, Me};
use super::{Token, home, works_until};
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{helper_of, zone_of};
use crate::http::paging::{self, Page};

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

/// The account of somebody who is signed in.
///
/// # Errors
/// `sign-in` where it is gone, or the database's.
pub async fn by_id<C: ConnectionTrait>(db: &C, id: AccountId) -> Result<account::Model> {
    account::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Problem::sign_in().into())
}

/// A community.
///
/// # Errors
/// The database's.
pub async fn community<C: ConnectionTrait>(db: &C, id: CommunityId) -> Result<community::Model> {
    community::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("an account without a community".into()))
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
    let row = by_id(db, id).await?;
    let place = community(db, row.community_id).await?;
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
        must_enrol: false,
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

/// A page of the accounts of a community, by name, those after one of them.
///
/// # Errors
/// `not-found` where that one is not of the community, or the database's.
pub async fn page(
    db: &DatabaseConnection,
    community: CommunityId,
    after: Option<AccountId>,
) -> Result<Page<AccountView>> {
    let mut asked = by_name(community);
    if let Some(after) = after {
        let last = of_community(db, community, after).await?;
        let key = [account::Column::Name, account::Column::Id];
        asked = asked.filter(paging::beyond(key, [last.name.into(), last.id.0.into()]));
    }
    let mut rows = asked.limit(paging::READ).all(db).await?;
    let next = paging::cut(&mut rows, |row| row.id.0);
    Ok(Page::new(views(db, rows).await?, next))
}

/// The first accounts of a community that hold these words, by name, a page at most.
///
/// # Errors
/// The database's.
pub async fn find(
    db: &DatabaseConnection,
    community: CommunityId,
    words: &str,
) -> Result<Vec<AccountView>> {
    let asked = by_name(community).filter(holds(words.trim()));
    views(db, asked.limit(paging::PAGE as u64).all(db).await?).await
}

fn by_name(community: CommunityId) -> Select<account::Entity> {
    account::Entity::find()
        .filter(account::Column::CommunityId.eq(community))
        .order_by_asc(account::Column::Name)
        .order_by_asc(account::Column::Id)
}

async fn views(db: &DatabaseConnection, rows: Vec<account::Model>) -> Result<Vec<AccountView>> {
    let mut roles: HashMap<AccountId, Vec<Role>> = HashMap::new();
    for row in account_role::Entity::find()
        .filter(account_role::Column::AccountId.is_in(rows.iter().map(|row| row.id)))
        .order_by_asc(account_role::Column::Role)
        .all(db)
        .await?
    {
        roles.entry(row.account_id).or_default().push(row.role);
    }
    let second: HashSet<AccountId> = second_factor::Entity::find()
        .filter(second_factor::Column::AccountId.is_in(rows.iter().map(|row| row.id)))
        .filter(second_factor::Column::ProvenAt.is_not_null())
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.account_id)
        .collect();
    let views = rows.into_iter().map(|row| {
        let roles = roles.remove(&row.id).unwrap_or_default();
        let has_second = second.contains(&row.id);
        view(row, roles, has_second)
    });
    Ok(views.collect())
}

/// The words are a part of the name, the login or the address for mail.
fn holds(words: &str) -> Condition {
    let mut part = String::from("%");
    for letter in words.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            part.push('\\');
        }
        part.push(letter);
    }
    part.push('%');
    [
        account::Column::Name,
        account::Column::Login,
        account::Column::Email,
    ]
    .into_iter()
    .fold(Condition::any(), |any, column| {
        let lower = Func::lower(Expr::col(column.as_column_ref()));
        any.add(Expr::expr(lower).like(LikeExpr::new(part.as_str()).escape('\\')))
    })
}

/// An account as it is shown to who keeps them.
pub(super) fn view(row: account::Model, mut roles: Vec<Role>, second_factor: bool) -> AccountView {
    roles.sort_unstable();
    AccountView {
        id: row.id,
        name: row.name,
        login: row.login,
        email: row.email,
        roles,
        disabled: row.disabled,
        second_factor,
    }
}

/// An account of a community.
///
/// # Errors
/// `not-found` where it has none of that number, or the database's.
pub async fn of_community<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    id: AccountId,
) -> Result<account::Model> {
    account::Entity::find_by_id(id)
        .filter(account::Column::CommunityId.eq(community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}
