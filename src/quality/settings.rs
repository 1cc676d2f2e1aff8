//! What an administrator sets: when a visit is late, after how many days somebody is rung, until when a complaint is
//! answered.

use axum::http::StatusCode;
use entity::community;
use entity::ids::CommunityId;
use entity::words::Subject;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Admin;
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};

/// How care is watched over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QualitySettings {
    /// Minutes after its start from which a visit without an arrival is late, 1 to 120.
    pub late_after_min: i32,
    /// Days after which somebody who lives alone and was not seen is rung, up to 60; 0 where that is not wanted.
    pub unseen_days: i32,
    /// Days in which a complaint is to be answered, 1 to 30.
    pub complaint_days: i32,
}

impl QualitySettings {
    /// # Errors
    /// `invalid`, with the field that does not hold.
    fn check(self) -> Result<()> {
        for (field, value, range) in [
            ("late_after_min", self.late_after_min, 1..=120),
            ("unseen_days", self.unseen_days, 0..=60),
            ("complaint_days", self.complaint_days, 1..=30),
        ] {
            if !range.contains(&value) {
                let (from, to) = (range.start(), range.end());
                return Err(Problem::field(
                    field,
                    Said::new(
                        format!("应为 {from} 到 {to}。"),
                        format!("It is {from} to {to}."),
                    ),
                )
                .into());
            }
        }
        Ok(())
    }
}

/// What is set in a community.
///
/// # Errors
/// The database's.
pub async fn of<C: ConnectionTrait>(db: &C, id: CommunityId) -> Result<QualitySettings> {
    let row = community::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a caller without a community".into()))?;
    Ok(QualitySettings {
        late_after_min: row.late_after_min,
        unseen_days: row.unseen_days,
        complaint_days: row.complaint_days,
    })
}

/// Sets them; they hold at once.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn set(
    app: &App,
    Admin(caller): Admin,
    body: QualitySettings,
    once: Once,
) -> Result<Answer> {
    body.check()?;
    let now = app.clock.now();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = caller.clone();
        Box::pin(async move {
            community::ActiveModel {
                id: Set(caller.community),
                late_after_min: Set(body.late_after_min),
                unseen_days: Set(body.unseen_days),
                complaint_days: Set(body.complaint_days),
                ..Default::default()
            }
            .update(txn)
            .await?;
            let (by, object) = (Some(caller.account), (Subject::QualitySetting, 0));
            let said = format!(
                "late after {} min, unseen {} days, complaints {} days",
                body.late_after_min, body.unseen_days, body.complaint_days
            );
            let change = Change::new(caller.community, now, by, object, "set");
            audit::record(txn, change.noted(Some(said))).await?;
            of(txn, caller.community).await
        })
    })
    .await
}
