//! Ratings: how a resident found one visit. One a visit, by one tap, and changeable for a week.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AccountId, HelperId, ProviderId, RatingId, VisitId};
use entity::words::{RatingChannel, Role, Subject, VisitState};
use entity::{assignment, helper, rating, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    DatabaseTransaction, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::scene::{Scene, crews};
use super::views::{HelperRating, LowRating, RatingView};
use super::{FEWEST_RATINGS, LOW_SCORE, RATED_FOR_DAYS, change_until, check_score, first};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk};
use crate::http::input::{Answer, Once};
use crate::requests::{check_note, check_text};
use crate::residents::access::Seen;
use crate::residents::seen::seen;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::{self, Guard, claim};

/// Days whose ratings a helper's average is made of.
const AVERAGE_DAYS: i64 = 90;
/// Low ratings in an answer at most.
const MOST: u64 = 100;

/// A rating, as it is given.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = RatingGiving)]
pub struct Giving {
    /// 1 very bad to 5 very good.
    pub score: i32,
    /// In their words, 500 characters at most; left out, earlier words stay.
    #[serde(default)]
    pub words: Option<String>,
}

/// A rating that holds, with who gives it and how.
#[derive(Clone, Debug)]
pub struct Given {
    score: i32,
    words: Option<String>,
    channel: RatingChannel,
    by: AccountId,
    at: DateTime<Utc>,
}

impl Given {
    /// What was sent, where it holds.
    ///
    /// # Errors
    /// `invalid`, with the field `score` or `words`.
    pub fn read(
        giving: &Giving,
        channel: RatingChannel,
        by: AccountId,
        at: DateTime<Utc>,
    ) -> Result<Self> {
        Ok(Self {
            score: check_score(giving.score)?,
            words: check_note("words", giving.words.as_deref())?,
            channel,
            by,
            at,
        })
    }
}

/// Whether a visit can be rated now, or its rating changed.
///
/// # Errors
/// `not-now`, with why.
pub fn may_rate(
    visit: &visit::Model,
    given: Option<&rating::Model>,
    now: DateTime<Utc>,
) -> Result<()> {
    if !matches!(visit.state, VisitState::Completed | VisitState::Substituted) {
        return not_now(
            "这次服务还没做完，做完以后才能评价。",
            "This visit has not been done; it can be rated once it is.",
        );
    }
    match given {
        Some(given) if now > change_until(given.given_at) => not_now(
            "评价满 7 天，不能再改了。",
            "The rating is older than 7 days and is not changed any more.",
        ),
        None if now > visit.ends_at + TimeDelta::days(RATED_FOR_DAYS) => not_now(
            "这次服务过去 30 多天了，不能再评价。",
            "This visit was more than 30 days ago and is not rated any more.",
        ),
        _ => Ok(()),
    }
}

fn not_now(zh: &str, en: &str) -> Result<()> {
    Err(Problem::not_now(Said::new(zh, en)).into())
}

/// The ratings of these visits.
///
/// # Errors
/// The database's.
pub async fn of_visits<C: ConnectionTrait>(
    db: &C,
    ids: &[VisitId],
) -> Result<HashMap<VisitId, rating::Model>> {
    Ok(rating::Entity::find()
        .filter(rating::Column::VisitId.is_in(ids.iter().copied()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.visit_id, row))
        .collect())
}

/// The view of a rating.
#[must_use]
pub fn view(row: &rating::Model) -> RatingView {
    RatingView {
        visit_id: row.visit_id,
        score: row.score,
        words: row.words.clone(),
        given_at: row.given_at,
        change_until: change_until(row.given_at),
        asks_for_words: row.score <= LOW_SCORE && row.words.is_none(),
    }
}

/// The family rates a visit, or the desk for a resident on the telephone.
///
/// # Errors
/// `not-found`, `invalid`, `not-now`, or the database's.
pub async fn rate(
    app: &App,
    caller: Caller,
    id: VisitId,
    body: Giving,
    once: Once,
) -> Result<Answer> {
    let db = app.store.read();
    let visit = visit::Entity::find_by_id(id)
        .filter(visit::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    // Whoever may not see the resident learns nothing of the visit.
    Seen::load(db, caller.clone(), visit.resident_id).await?;
    let channel = if caller.is(Role::Family) {
        RatingChannel::Web
    } else {
        RatingChannel::Phone
    };
    let given = Given::read(&body, channel, caller.account, app.clock.now())?;
    write(app, id, given, once).await
}

/// Writes a rating, whichever way it came.
///
/// # Errors
/// `not-now`, or the database's.
pub(super) async fn write(app: &App, id: VisitId, given: Given, once: Once) -> Result<Answer> {
    let guard = app.store.guard();
    app.write_once(given.by, once, StatusCode::OK, move |txn| {
        let given = given.clone();
        Box::pin(async move { give(txn, guard, id, given).await.map(|row| view(&row)) })
    })
    .await
}

/// Two who rate one visit at once wait for each other at its row; the unique key would refuse the second anyway.
async fn give(
    txn: &DatabaseTransaction,
    guard: Guard,
    id: VisitId,
    given: Given,
) -> Result<rating::Model> {
    let wanted = visit::Entity::find_by_id(id);
    let wanted = if guard == Guard::On {
        store::hold(wanted, txn)
    } else {
        wanted
    };
    let visit = wanted
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let before = rating::Entity::find()
        .filter(rating::Column::VisitId.eq(id))
        .one(txn)
        .await?;
    may_rate(&visit, before.as_ref(), given.at)?;
    let provider = not_by_whoever_came(txn, &visit, given.by).await?;
    let (row, action) = match before {
        Some(before) => (change(txn, before, &given).await?, "rating_changed"),
        None => (insert(txn, &visit, provider, &given).await?, "rated"),
    };
    if given.channel == RatingChannel::Phone {
        seen(txn, visit.resident_id, given.at).await?;
    }
    let object = (Subject::Rating, row.id.0);
    let told = Change::new(visit.community_id, given.at, Some(given.by), object, action);
    let told = Change {
        visit: Some(visit.id),
        resident: Some(visit.resident_id),
        ..told
    };
    audit::record(txn, told.noted(Some(row.score.to_string()))).await?;
    Ok(row)
}

/// For whom the helpers came; a helper who is family too does not rate their own work.
async fn not_by_whoever_came(
    txn: &DatabaseTransaction,
    visit: &visit::Model,
    by: AccountId,
) -> Result<Option<ProviderId>> {
    let crew: Vec<helper::Model> = assignment::Entity::find()
        .filter(assignment::Column::VisitId.eq(visit.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::HelperId)
        .find_also_related(helper::Entity)
        .all(txn)
        .await?
        .into_iter()
        .filter_map(|(_, helper)| helper)
        .collect();
    if crew.iter().any(|helper| helper.account_id == by) {
        return Err(Problem::not_now(Said::new(
            "这次是您自己去服务的，请让老人或其他家属来评价。",
            "You came to this visit yourself; let the resident or another relative rate it.",
        ))
        .into());
    }
    Ok(crew.first().map(|helper| helper.provider_id))
}

async fn insert(
    txn: &DatabaseTransaction,
    visit: &visit::Model,
    provider: Option<ProviderId>,
    given: &Given,
) -> Result<rating::Model> {
    Ok(rating::ActiveModel {
        community_id: Set(visit.community_id),
        visit_id: Set(visit.id),
        resident_id: Set(visit.resident_id),
        provider_id: Set(provider),
        score: Set(given.score),
        words: Set(given.words.clone()),
        channel: Set(given.channel),
        given_by: Set(given.by),
        given_at: Set(given.at),
        ..Default::default()
    }
    .insert(txn)
    .await?)
}

async fn change(
    txn: &DatabaseTransaction,
    before: rating::Model,
    given: &Given,
) -> Result<rating::Model> {
    let mut row = rating::ActiveModel {
        id: Set(before.id),
        score: Set(given.score),
        channel: Set(given.channel),
        given_by: Set(given.by),
        changed_at: Set(Some(given.at)),
        ..Default::default()
    };
    if given.words.is_some() {
        row.words = Set(given.words.clone());
    }
    if given.score < before.score {
        // What was seen to was a better one.
        row.answered_at = Set(None);
        row.answered_by = Set(None);
    }
    Ok(row.update(txn).await?)
}

/// What the office did about a low rating.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SeenTo {
    /// What was done, 1 to 500 characters.
    pub note: String,
}

/// Writes down what the office did about a low rating.
///
/// # Errors
/// `not-found`, `invalid`, `not-now`, or the database's.
pub async fn answer(
    app: &App,
    Desk(caller): Desk,
    id: RatingId,
    body: SeenTo,
    once: Once,
) -> Result<Answer> {
    let note = check_text("note", &body.note)?;
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, note) = (caller.clone(), note.clone());
        Box::pin(async move {
            here(txn, &caller, id).await?;
            let done = rating::Entity::update_many()
                .set(rating::ActiveModel {
                    answered_at: Set(Some(now)),
                    answered_by: Set(Some(caller.account)),
                    answer: Set(Some(note)),
                    ..Default::default()
                })
                .filter(rating::Column::Id.eq(id))
                .filter(rating::Column::AnsweredAt.is_null())
                .exec(txn)
                .await?;
            if done.rows_affected == 0 {
                return Err(Problem::not_now(Said::new(
                    "这条评价已经有人处理过了。",
                    "Somebody has seen to this rating already.",
                ))
                .into());
            }
            let (by, object) = (Some(caller.account), (Subject::Rating, id.0));
            let change = Change::new(caller.community, now, by, object, "seen_to");
            audit::record(txn, change).await?;
            let row = here(txn, &caller, id).await?;
            lows(txn, &caller, vec![row])
                .await?
                .pop()
                .ok_or_else(|| Error::Internal("a rating without a visit".into()))
        })
    })
    .await
}

async fn here<C: ConnectionTrait>(db: &C, caller: &Caller, id: RatingId) -> Result<rating::Model> {
    rating::Entity::find_by_id(id)
        .filter(rating::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Low ratings: those that nobody has seen to first, then those seen to, the latest first.
///
/// # Errors
/// The database's.
pub async fn low(db: &DatabaseConnection, caller: &Caller) -> Result<Vec<LowRating>> {
    let mut rows = first::low(caller)
        .order_by_desc(rating::Column::GivenAt)
        .limit(MOST)
        .all(db)
        .await?;
    rows.extend(
        rating::Entity::find()
            .filter(rating::Column::CommunityId.eq(caller.community))
            .filter(rating::Column::Score.lte(LOW_SCORE))
            .filter(rating::Column::AnsweredAt.is_not_null())
            .order_by_desc(rating::Column::AnsweredAt)
            .limit(MOST / 5)
            .all(db)
            .await?,
    );
    lows(db, caller, rows).await
}

async fn lows<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    rows: Vec<rating::Model>,
) -> Result<Vec<LowRating>> {
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(rows.iter().map(|row| row.visit_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let scene = Scene::read(db, caller.lang, visits.values()).await?;
    let crews = crews(db, caller.lang, visits.keys().copied()).await?;
    let people: Vec<AccountId> = rows
        .iter()
        .flat_map(|row| [Some(row.given_by), row.answered_by])
        .flatten()
        .collect();
    let names = crate::accounts::queries::names(db, people).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let visit = visits.get(&row.visit_id)?;
            Some(LowRating {
                id: row.id,
                visit_id: row.visit_id,
                start: visit.starts_at,
                service: scene.service(visit),
                helper: crews.get(&visit.id).cloned().unwrap_or_default(),
                resident_id: row.resident_id,
                resident: scene
                    .resident(visit)
                    .map_or_else(String::new, |row| row.name.clone()),
                phone: scene.phone(visit),
                score: row.score,
                words: row.words,
                channel: row.channel,
                given_by: names.get(&row.given_by).cloned().unwrap_or_default(),
                given_at: row.given_at,
                answered_at: row.answered_at,
                answered_by: row.answered_by.and_then(|id| names.get(&id).cloned()),
                answer: row.answer,
            })
        })
        .collect())
}

/// A helper's average of the last ninety days.
///
/// # Errors
/// The database's.
pub async fn of_helper<C: ConnectionTrait>(
    db: &C,
    id: HelperId,
    now: DateTime<Utc>,
) -> Result<HelperRating> {
    let scores: Vec<i32> = rating::Entity::find()
        .join(JoinType::InnerJoin, rating::Relation::Visit.def())
        .join_rev(JoinType::InnerJoin, assignment::Relation::Visit.def())
        .select_only()
        .column(rating::Column::Score)
        .filter(assignment::Column::HelperId.eq(id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(visit::Column::StartsAt.gt(now - TimeDelta::days(AVERAGE_DAYS)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(average(&scores))
}

fn average(scores: &[i32]) -> HelperRating {
    let count = u64::try_from(scores.len()).unwrap_or(u64::MAX);
    if count < FEWEST_RATINGS {
        return HelperRating {
            count: None,
            mean_tenths: None,
        };
    }
    let sum: i64 = scores.iter().map(|score| i64::from(*score)).sum();
    let count_signed = i64::try_from(count).unwrap_or(i64::MAX);
    HelperRating {
        count: Some(count),
        mean_tenths: Some((sum * 10 + count_signed / 2) / count_signed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_tells_nobody_whose_it_is() {
        let told = |scores: &[i32]| {
            let average = average(scores);
            (average.count, average.mean_tenths)
        };
        assert_eq!(told(&[]), (None, None));
        assert_eq!(told(&[1, 5]), (None, None), "two could be told apart");
        assert_eq!(told(&[5, 5, 4]), (Some(3), Some(47)));
        assert_eq!(told(&[1, 1, 1, 1]), (Some(4), Some(10)));
    }
}
