//! The link in the letter after a visit that was done: whoever holds it rates that one visit, and nothing else.
//!
//! It signs nobody in, so it may be opened as often as one likes; looking at it rates nothing, for the scanners of mail
//! servers open links.

use chrono::{DateTime, TimeDelta, Utc};
use entity::words::{Lang, RatingChannel};
use entity::{account, community, family_member, rating_link, visit};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter,
};

use super::RATED_FOR_DAYS;
use super::ratings::{self, Given, Giving};
use super::scene::{Scene, crews};
use super::views::RatingPage;
use crate::accounts::Token;
use crate::app::App;
use crate::error::{Error, Kind, Problem, Result};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::visits::short_name;

/// Makes the link of a letter; only its hash is stored.
///
/// # Errors
/// The database's.
pub async fn new_link<C: ConnectionTrait>(
    txn: &C,
    now: DateTime<Utc>,
    token: &Token,
    reader: &account::Model,
    visit: &visit::Model,
) -> Result<()> {
    let row = rating_link::ActiveModel {
        token_hash: Set(token.hash()),
        community_id: Set(visit.community_id),
        visit_id: Set(visit.id),
        account_id: Set(reader.id),
        created_at: Set(now),
        expires_at: Set(visit.ends_at + TimeDelta::days(RATED_FOR_DAYS)),
    };
    rating_link::Entity::insert(row)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

fn expired() -> Error {
    Problem::new(
        Kind::LinkExpired,
        Said::new(
            "这个评价链接已经过期，或不完整。",
            "This link is too old, or is not complete.",
        ),
        Said::new(
            "您可以登录家属页面评价，或打电话给服务台。",
            "You can sign in and rate on the family's page, or call the office.",
        ),
    )
    .into()
}

/// The visit behind a link, while its holder is family still.
async fn find(
    db: &DatabaseConnection,
    token: &Token,
    now: DateTime<Utc>,
) -> Result<(rating_link::Model, visit::Model)> {
    let link = rating_link::Entity::find_by_id(token.hash())
        .filter(rating_link::Column::ExpiresAt.gt(now))
        .one(db)
        .await?
        .ok_or_else(expired)?;
    let visit = visit::Entity::find_by_id(link.visit_id)
        .one(db)
        .await?
        .ok_or_else(expired)?;
    let disabled = account::Entity::find_by_id(link.account_id)
        .one(db)
        .await?
        .is_none_or(|account| account.disabled);
    let family = family_member::Entity::find()
        .filter(family_member::Column::AccountId.eq(link.account_id))
        .filter(family_member::Column::ResidentId.eq(visit.resident_id))
        .one(db)
        .await?
        .is_some();
    if disabled || !family {
        return Err(expired());
    }
    Ok((link, visit))
}

/// The page behind a link: how the resident is addressed, what was done, by whom, when. Nothing changes.
///
/// # Errors
/// `link-expired`, or the database's.
pub async fn show(app: &App, token: &Token, lang: Lang) -> Result<RatingPage> {
    let (db, now) = (app.store.read(), app.clock.now());
    let (_, visit) = find(db, token, now).await?;
    let scene = Scene::read(db, lang, std::iter::once(&visit)).await?;
    let given = ratings::of_visits(db, &[visit.id]).await?.remove(&visit.id);
    let why_not = match ratings::may_rate(&visit, given.as_ref(), now) {
        Err(Error::Refused(problem)) => Some(problem.what.to(lang)),
        _ => None,
    };
    Ok(RatingPage {
        resident: scene
            .resident(&visit)
            .map_or_else(String::new, |row| short_name(&row.name, row.sex, lang)),
        service: scene.service(&visit),
        helper: crews(db, lang, [visit.id])
            .await?
            .remove(&visit.id)
            .unwrap_or_default(),
        start: visit.starts_at,
        rating: given.as_ref().map(ratings::view),
        can_rate: why_not.is_none(),
        why_not,
        office_phone: community::Entity::find_by_id(visit.community_id)
            .one(db)
            .await?
            .map_or_else(String::new, |place| place.office_phone),
    })
}

/// Rates by a link.
///
/// # Errors
/// `link-expired`, `invalid`, `not-now`, or the database's.
pub async fn rate(app: &App, token: &Token, body: &Giving, once: Once) -> Result<Answer> {
    let now = app.clock.now();
    let (link, visit) = find(app.store.read(), token, now).await?;
    let given = Given::read(body, RatingChannel::Link, link.account_id, now)?;
    ratings::write(app, visit.id, given, once).await
}
