//! Assessments of ability after GB/T 42195-2022: stored as an assessor gave them, never computed.
//!
//! The latest counts for what can be booked, also when its term is over: somebody who needed two people to be lifted
//! still does. What is booked stays booked; a refusal then says that a new assessment would help, and the office has the
//! file on its list.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{AssessmentId, ResidentId};
use entity::{assessment, resident};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::edit::{held, note};
use super::views::Assessment;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::{date, date_or_none};
use crate::residents::fields;
use crate::said::Said;

/// An assessment as it comes in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewAssessment {
    /// GB/T 42195-2022: 0 intact to 4 fully dependent.
    pub level: i32,
    /// When it was made.
    #[serde(deserialize_with = "date")]
    pub assessed_on: NaiveDate,
    /// By whom.
    pub assessor: String,
    /// The last day on which it holds.
    #[serde(default, deserialize_with = "date_or_none")]
    pub valid_until: Option<NaiveDate>,
}

impl NewAssessment {
    /// The same as it is kept.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub fn check(mut self, today: NaiveDate) -> Result<Self> {
        fields::level(self.level.into()).map_err(|said| Problem::field("level", said))?;
        self.assessor =
            fields::assessment(self.assessed_on, &self.assessor, self.valid_until, today)
                .map_err(|(field, said)| Problem::field(field, said))?;
        Ok(self)
    }
}

/// Writes down an assessment.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn add(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: ResidentId,
    new: &NewAssessment,
    now: DateTime<Utc>,
) -> Result<AssessmentId> {
    held(txn, id).await?;
    let row = assessment::ActiveModel {
        community_id: Set(caller.community),
        resident_id: Set(id),
        level: Set(new.level),
        assessed_on: Set(new.assessed_on),
        assessor: Set(new.assessor.clone()),
        valid_until: Set(new.valid_until),
        recorded_by: Set(Some(caller.account)),
        created_at: Set(now),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    keep_latest(txn, id).await?;
    note(txn, caller, id, "assessed", None, now).await?;
    Ok(row.id)
}

/// Takes an assessment away that was written down by mistake.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn remove(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: AssessmentId,
    now: DateTime<Utc>,
) -> Result<()> {
    let row = assessment::Entity::find_by_id(id)
        .filter(assessment::Column::CommunityId.eq(caller.community))
        .one(txn)
        .await?
        .ok_or_else(Problem::not_found)?;
    held(txn, row.resident_id).await?;
    assessment::Entity::delete_by_id(id).exec(txn).await?;
    keep_latest(txn, row.resident_id).await?;
    note(
        txn,
        caller,
        row.resident_id,
        "assessment-removed",
        None,
        now,
    )
    .await
}

/// Writes the latest assessment into the resident's row, where bookings look.
///
/// # Errors
/// The database's.
pub async fn keep_latest(txn: &DatabaseTransaction, id: ResidentId) -> Result<()> {
    let latest = all(txn, id).await?.into_iter().next();
    resident::ActiveModel {
        id: Set(id),
        ability_level: Set(latest.as_ref().map(|row| row.level)),
        ability_assessed_on: Set(latest.as_ref().map(|row| row.assessed_on)),
        ability_assessor: Set(latest.as_ref().map(|row| row.assessor.clone())),
        ability_valid_until: Set(latest.and_then(|row| row.valid_until)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// The assessments of a resident, the latest first.
///
/// # Errors
/// The database's.
pub async fn all<C: ConnectionTrait>(db: &C, id: ResidentId) -> Result<Vec<assessment::Model>> {
    Ok(assessment::Entity::find()
        .filter(assessment::Column::ResidentId.eq(id))
        .order_by_desc(assessment::Column::AssessedOn)
        .order_by_desc(assessment::Column::Id)
        .all(db)
        .await?)
}

/// An assessment as the office reads it.
#[must_use]
pub fn view(row: assessment::Model, today: NaiveDate) -> Assessment {
    Assessment {
        id: row.id,
        level: row.level,
        assessed_on: row.assessed_on,
        assessor: row.assessor,
        valid_until: row.valid_until,
        expired: row.valid_until.is_some_and(|until| until < today),
    }
}

/// What an assessment means for bookings that is over, or soon will be.
#[must_use]
pub fn notice(row: &resident::Model, today: NaiveDate) -> Option<Said> {
    let until = row.ability_valid_until?;
    let left = (until - today).num_days();
    if left < 0 {
        Some(Said::new(
            format!(
                "评估已于 {} 过期：预约仍按上次的等级，请尽快安排重新评估。",
                until.format("%Y年%-m月%-d日")
            ),
            format!(
                "The assessment ended on {}: bookings still go by its level. Please arrange a new one soon.",
                until.format("%-d %B %Y")
            ),
        ))
    } else if left <= super::EXPIRES_SOON_DAYS {
        Some(Said::new(
            format!("评估还有 {left} 天到期，请安排重新评估。"),
            format!("The assessment ends in {left} days; please arrange a new one."),
        ))
    } else {
        None
    }
}
