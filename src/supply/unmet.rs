//! Askings for which no time was found: written once a resident, service and day.

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::ResidentId;
use entity::unmet;
use entity::words::{Band, Channel, Subject, UnmetReason};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, ModelTrait,
    PaginatorTrait, QueryFilter,
};

use crate::app::App;
use crate::bookings::times::Need;
use crate::error::Result;
use crate::matching::explain::Obstacle;
use crate::store::audit::{self, Change};

/// What was asked for in vain.
#[derive(Clone, Copy, Debug)]
pub struct Unmet {
    /// The first local day that was asked for.
    pub day: NaiveDate,
    /// The last.
    pub last_day: NaiveDate,
    /// The part of the day, where a time was asked for.
    pub band: Option<Band>,
    /// Why there was no time.
    pub reason: UnmetReason,
    /// How they asked.
    pub channel: Channel,
}

/// What the engine found in the way, as a word.
#[must_use]
pub fn reason(obstacle: &Obstacle) -> UnmetReason {
    match obstacle {
        Obstacle::NobodyHolds { .. } => UnmetReason::NoSkill,
        Obstacle::NobodyPermitted { .. } => UnmetReason::NotPermitted,
        Obstacle::NobodyAvailable { .. } => UnmetReason::NobodyFree,
        Obstacle::LimitsReached { .. } => UnmetReason::LimitsReached,
        Obstacle::NotTogether { .. } => UnmetReason::NotTogether,
        // There was room between the starts that are offered, or a moment ago.
        Obstacle::AllBusy { .. } | Obstacle::OutOfOrder { .. } | Obstacle::Room => {
            UnmetReason::AllBusy
        }
    }
}

/// Writes down what was asked for in vain, unless it is known: asking again costs one look, which spares the write and guards
/// nothing; of two who ask at once the key lets one through. The row is its own record, and nothing of anybody's was changed:
/// the audit names neither resident nor caller, and is there so that the pages of supply follow.
///
/// # Errors
/// The database's.
pub async fn note(app: &App, need: &Need, asked: Unmet) -> Result<()> {
    let known = unmet::Entity::find()
        .filter(unmet::Column::ResidentId.eq(need.resident.id))
        .filter(unmet::Column::ServiceId.eq(need.service.id))
        .filter(unmet::Column::Day.eq(asked.day))
        .count(app.store.read())
        .await?;
    if known > 0 {
        return Ok(());
    }
    let now = app.clock.now();
    let (community, resident, service) =
        (need.team.community.id, need.resident.id, need.service.id);
    app.store
        .write(move |txn| {
            Box::pin(async move {
                let row = unmet::ActiveModel {
                    community_id: Set(community),
                    resident_id: Set(resident),
                    service_id: Set(service),
                    ..row(asked, now)
                };
                let written = unmet::Entity::insert(row)
                    .on_conflict(
                        OnConflict::columns([
                            unmet::Column::ResidentId,
                            unmet::Column::ServiceId,
                            unmet::Column::Day,
                        ])
                        .do_nothing()
                        .to_owned(),
                    )
                    .exec_without_returning(txn)
                    .await?;
                if written == 0 {
                    return Ok(());
                }
                let object = (Subject::Unmet, service.0);
                let change = Change::new(community, now, None, object, "asked-in-vain");
                audit::record(txn, change.on(asked.day)).await
            })
        })
        .await
}

fn row(asked: Unmet, now: DateTime<Utc>) -> unmet::ActiveModel {
    unmet::ActiveModel {
        day: Set(asked.day),
        last_day: Set(asked.last_day),
        band: Set(asked.band),
        reason: Set(asked.reason),
        channel: Set(asked.channel),
        created_at: Set(now),
        ..Default::default()
    }
}

/// What one file asked for in vain becomes the other's; what both asked for stays once.
///
/// # Errors
/// The database's.
pub async fn follow(txn: &DatabaseTransaction, stays: ResidentId, goes: ResidentId) -> Result<()> {
    let of = |id| unmet::Entity::find().filter(unmet::Column::ResidentId.eq(id));
    let known = of(stays).all(txn).await?;
    for row in of(goes).all(txn).await? {
        let same = |one: &unmet::Model| (one.service_id, one.day) == (row.service_id, row.day);
        if known.iter().any(same) {
            row.delete(txn).await?;
        } else {
            unmet::ActiveModel {
                id: Set(row.id),
                resident_id: Set(stays),
                ..Default::default()
            }
            .update(txn)
            .await?;
        }
    }
    Ok(())
}
