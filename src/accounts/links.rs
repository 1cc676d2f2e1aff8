//! One-time links: asked for, opened once, renewed.

use chrono::{DateTime, Utc};
use entity::ids::AccountId;
use entity::words::{MailKind, Role};
use entity::{account, assignment, community, helper, one_time_link, visit};
use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter};

use super::{Token, home, queries};
use crate::clock::local_date;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::caller::zone_of;
use crate::notify::queries::{Letter, queue};
use crate::said::Said;

/// Seconds within which asking again sends no second mail.
const ONE_MAIL_IN_SECONDS: i64 = 60;

/// The answer to a link that is too old, or never was one.
fn expired() -> Error {
    Problem::new(
        Kind::LinkExpired,
        Said::new("这个链接已经过期了。", "This link is too old."),
        Said::new(
            "点“发一个新链接”，新的会发到您的邮箱；也可以打电话给服务台。",
            "Ask for a new link, which comes by mail, or call the office.",
        ),
    )
    .into()
}

fn used() -> Error {
    Problem::new(
        Kind::LinkUsed,
        Said::new(
            "这个链接已经用过了，每个链接只能用一次。",
            "This link was used before; each works once.",
        ),
        Said::new(
            "点“发一个新链接”，新的会发到您的邮箱；也可以打电话给服务台。",
            "Ask for a new link, which comes by mail, or call the office.",
        ),
    )
    .into()
}

/// Spends a link: of two who open it at once, one gets in. Whoever is signed in as the same account is let through a
/// second time, since they tapped the same mail again.
///
/// # Errors
/// `link-used`, `link-expired`, or the database's.
pub async fn open<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    token: &Token,
    signed_in: Option<AccountId>,
) -> Result<one_time_link::Model> {
    let link = find(txn, token).await?.ok_or_else(expired)?;
    let spent = one_time_link::Entity::update_many()
        .col_expr(one_time_link::Column::UsedAt, Expr::value(now))
        .filter(one_time_link::Column::Id.eq(link.id))
        .filter(one_time_link::Column::UsedAt.is_null())
        .filter(one_time_link::Column::ExpiresAt.gt(now))
        .exec(txn)
        .await?;
    let disabled = account::Entity::find_by_id(link.account_id)
        .one(txn)
        .await?
        .is_none_or(|account| account.disabled);
    if disabled {
        return Err(expired());
    }
    if spent.rows_affected == 1 || signed_in == Some(link.account_id) {
        return Ok(link);
    }
    // Used in the meantime, if not before it was read.
    if link.used_at.is_some() || link.expires_at > now {
        Err(used())
    } else {
        Err(expired())
    }
}

async fn find<C: ConnectionTrait>(db: &C, token: &Token) -> Result<Option<one_time_link::Model>> {
    Ok(one_time_link::Entity::find()
        .filter(one_time_link::Column::TokenHash.eq(token.hash()))
        .one(db)
        .await?)
}

/// The page behind an opened link: the visit it is about, on the phone of who was to come; else where they begin.
///
/// # Errors
/// The database's.
pub async fn goto(db: &DatabaseConnection, link: &one_time_link::Model) -> Result<String> {
    let roles = queries::roles_of(db, link.account_id).await?;
    if roles.contains(&Role::Helper)
        && let Some(id) = link.visit_id
        && let Some(visit) = visit::Entity::find_by_id(id).one(db).await?
        && is_theirs(db, &visit, link.account_id).await?
        && let Some(place) = community::Entity::find_by_id(visit.community_id)
            .one(db)
            .await?
    {
        let date = local_date(zone_of(&place), visit.starts_at);
        return Ok(format!("/helper/today?visit={id}&date={date}"));
    }
    Ok(home(&roles).to_owned())
}

/// Whether the account's helper was ever asked to come to the visit.
async fn is_theirs(
    db: &DatabaseConnection,
    visit: &visit::Model,
    account: AccountId,
) -> Result<bool> {
    Ok(assignment::Entity::find()
        .inner_join(helper::Entity)
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(helper::Column::AccountId.eq(account))
        .one(db)
        .await?
        .is_some())
}

/// Sends a link to every account with this address; to nobody where there is none.
///
/// # Errors
/// The database's.
pub async fn send_to_address<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    address: &str,
) -> Result<()> {
    let accounts = account::Entity::find()
        .filter(
            Expr::expr(Func::lower(Expr::col(account::Column::Email)))
                .binary(BinOper::Equal, Expr::val(address.to_lowercase())),
        )
        .filter(account::Column::Disabled.eq(false))
        .all(txn)
        .await?;
    for account in accounts {
        queue(txn, now, letter(now, &account, None)).await?;
    }
    Ok(())
}

/// Sends a fresh link to where an old one went; to nobody where it never was one.
///
/// # Errors
/// The database's.
pub async fn renew<C: ConnectionTrait>(txn: &C, now: DateTime<Utc>, token: &Token) -> Result<()> {
    let Some(link) = find(txn, token).await? else {
        return Ok(());
    };
    let account = account::Entity::find_by_id(link.account_id)
        .filter(account::Column::Disabled.eq(false))
        .filter(account::Column::Email.is_not_null())
        .one(txn)
        .await?;
    if let Some(account) = account {
        queue(txn, now, letter(now, &account, Some(&link))).await?;
    }
    Ok(())
}

fn letter(
    now: DateTime<Utc>,
    account: &account::Model,
    old: Option<&one_time_link::Model>,
) -> Letter {
    Letter {
        community: account.community_id,
        kind: MailKind::SignIn,
        account: account.id,
        visit: old.and_then(|link| link.visit_id),
        help_step: None,
        help_contact: None,
        signup: None,
        once: (now.timestamp() / ONE_MAIL_IN_SECONDS).to_string(),
        due: now,
    }
}
