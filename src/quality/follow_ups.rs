//! Follow-up calls: residents without family on the web say on the telephone how a visit was.
//!
//! One call a resident, about the latest visit that is not rated: whoever was rung, or rated anything, is left in peace for
//! two weeks, and whoever would rather not say for three months.

use std::collections::HashSet;

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{ResidentId, VisitId};
use entity::words::{FollowUp, Subject, VisitState};
use entity::{account, family_member, follow_up, rating, resident, visit};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DatabaseConnection, EntityTrait, JoinType,
    QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ratings::of_visits;
use super::scene::{Scene, crews};
use super::views::FollowUpCall;
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk};
use crate::http::input::{Answer, Once};
use crate::residents::ON_THE_ROLL;
use crate::store::audit::{self, Change};

/// Days back whose visits are asked about: of older ones nobody remembers enough.
const ASKED_DAYS: i64 = 3;
/// Days for which a resident is left in peace after a call or a rating.
const PEACE_DAYS: i64 = 14;
/// Days for which whoever would rather not say is left in peace.
const DECLINED_DAYS: i64 = 90;
/// Calls in an answer at most.
const MOST: usize = 20;

/// The follow-up calls to be made, the latest visit first.
///
/// # Errors
/// The database's.
pub async fn due(
    db: &DatabaseConnection,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<Vec<FollowUpCall>> {
    let done = visit::Entity::find()
        .join(JoinType::InnerJoin, visit::Relation::Resident.def())
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(visit::Column::State.is_in([VisitState::Completed, VisitState::Substituted]))
        .filter(visit::Column::EndsAt.gt(now - TimeDelta::days(ASKED_DAYS)))
        .filter(resident::Column::State.is_in(ON_THE_ROLL))
        .order_by_desc(visit::Column::EndsAt)
        .order_by_desc(visit::Column::Id)
        .all(db)
        .await?;
    let whose: HashSet<ResidentId> = done.iter().map(|row| row.resident_id).collect();
    let mut left_out = in_peace(db, &whose, now).await?;
    left_out.extend(on_the_web(db, &whose).await?);
    let ids: Vec<VisitId> = done.iter().map(|row| row.id).collect();
    let rated = of_visits(db, &ids).await?;
    let latest: Vec<visit::Model> = done
        .into_iter()
        .filter(|row| !rated.contains_key(&row.id))
        // The first of a resident is the latest.
        .filter(|row| left_out.insert(row.resident_id))
        .take(MOST)
        .collect();
    let scene = Scene::read(db, caller.lang, latest.iter()).await?;
    let crews = crews(db, caller.lang, latest.iter().map(|row| row.id)).await?;
    Ok(latest
        .iter()
        .map(|visit| FollowUpCall {
            visit_id: visit.id,
            start: visit.starts_at,
            service: scene.service(visit),
            helper: crews.get(&visit.id).cloned().unwrap_or_default(),
            resident_id: visit.resident_id,
            resident: scene
                .resident(visit)
                .map_or_else(String::new, |row| row.name.clone()),
            door: scene.door(visit),
            phone: scene.phone(visit),
        })
        .collect())
}

/// Those whose family can rate by a letter or on a page.
async fn on_the_web(db: &DatabaseConnection, of: &HashSet<ResidentId>) -> Result<Vec<ResidentId>> {
    Ok(family_member::Entity::find()
        .join(JoinType::InnerJoin, family_member::Relation::Account.def())
        .select_only()
        .column(family_member::Column::ResidentId)
        .filter(family_member::Column::ResidentId.is_in(of.iter().copied()))
        .filter(account::Column::Disabled.eq(false))
        .into_tuple()
        .all(db)
        .await?)
}

async fn in_peace(
    db: &DatabaseConnection,
    of: &HashSet<ResidentId>,
    now: DateTime<Utc>,
) -> Result<HashSet<ResidentId>> {
    let short = now - TimeDelta::days(PEACE_DAYS);
    let asked: Vec<ResidentId> = follow_up::Entity::find()
        .select_only()
        .column(follow_up::Column::ResidentId)
        .filter(follow_up::Column::ResidentId.is_in(of.iter().copied()))
        .filter(
            Condition::any().add(follow_up::Column::At.gt(short)).add(
                Condition::all()
                    .add(follow_up::Column::Outcome.eq(FollowUp::Declined))
                    .add(follow_up::Column::At.gt(now - TimeDelta::days(DECLINED_DAYS))),
            ),
        )
        .into_tuple()
        .all(db)
        .await?;
    let rated: Vec<ResidentId> = rating::Entity::find()
        .select_only()
        .column(rating::Column::ResidentId)
        .filter(rating::Column::ResidentId.is_in(of.iter().copied()))
        .filter(rating::Column::GivenAt.gt(short))
        .into_tuple()
        .all(db)
        .await?;
    Ok(asked.into_iter().chain(rated).collect())
}

/// Why a follow-up call brought no rating.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct NoRating {
    /// Why.
    pub outcome: FollowUp,
}

/// A follow-up call that was made.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct FollowedUp {
    /// About which visit.
    pub visit_id: VisitId,
    /// Why it brought no rating.
    pub outcome: FollowUp,
}

/// Writes down that a follow-up call brought no rating.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn none(
    app: &App,
    Desk(caller): Desk,
    id: VisitId,
    body: NoRating,
    once: Once,
) -> Result<Answer> {
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            let visit = visit::Entity::find_by_id(id)
                .filter(visit::Column::CommunityId.eq(caller.community))
                .one(txn)
                .await?
                .ok_or_else(|| Error::from(Problem::not_found()))?;
            let row = follow_up::ActiveModel {
                visit_id: Set(id),
                community_id: Set(caller.community),
                resident_id: Set(visit.resident_id),
                outcome: Set(body.outcome),
                at: Set(now),
                by: Set(caller.account),
            };
            follow_up::Entity::insert(row)
                .on_conflict(
                    OnConflict::column(follow_up::Column::VisitId)
                        .update_columns([
                            follow_up::Column::Outcome,
                            follow_up::Column::At,
                            follow_up::Column::By,
                        ])
                        .to_owned(),
                )
                .exec_without_returning(txn)
                .await?;
            let (by, object) = (Some(caller.account), (Subject::Rating, 0));
            let change = Change::new(caller.community, now, by, object, "not_rated");
            audit::record(txn, change).await?;
            Ok(FollowedUp {
                visit_id: id,
                outcome: body.outcome,
            })
        })
    })
    .await
}
