//! Cancelling a visit.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use entity::ids::{AccountId, BookingId};
use entity::words::{AssignmentState, BookingState, ChangeKind, RequestState, VisitState};
use entity::{booking, change_request, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::change::{changed, free_to_change, not_begun};
use super::check_note;
use super::queries::SeenBooking;
use super::requests::ask;
use super::times::team_of;
use crate::app::App;
use crate::dispatch::place::{crew, locked};
use crate::dispatch::withdraw;
use crate::error::{Problem, Result};
use crate::http::input::{Answer, Once};
use crate::notify::tell;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::visits::before_cutoff;
use crate::visits::pausing::Hand;

/// Why somebody cancels.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Cancelling {
    /// In their words, 1 to 500 characters.
    pub reason: String,
}

fn required(reason: &str) -> Result<String> {
    check_note(Some(reason))?.ok_or_else(|| {
        Problem::field(
            "reason",
            Said::new(
                "请写一句原因，方便我们安排。",
                "Please say why in a few words, so that we can arrange things.",
            ),
        )
        .into()
    })
}

/// Cancels, or asks the office to.
///
/// # Errors
/// `not-now`, `invalid`, or the database's.
pub async fn cancel(app: &App, seen: SeenBooking, body: Cancelling, once: Once) -> Result<Answer> {
    let booked = seen.seen.clone().booked()?;
    let now = app.clock.now();
    not_begun(&seen.visit, now)?;
    let reason = required(&body.reason)?;
    let team = team_of(app, &booked.caller, now).await?;
    let cutoff_hours = team.community.cutoff_hours;
    let caller = booked.caller.clone();
    let late = !before_cutoff(&seen.visit, cutoff_hours, now);
    let done = free_to_change(&caller, &seen.visit, cutoff_hours, now);
    let id = seen.booking.id;
    let visit_id = seen.visit.id;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, reason) = (caller.clone(), reason.clone());
        Box::pin(async move {
            let visit = locked(txn, visit_id).await?;
            not_begun(&visit, now)?;
            if done {
                cancel_now(
                    txn,
                    (Some(caller.account), caller.zone),
                    &visit,
                    &reason,
                    late,
                    now,
                )
                .await?;
            } else {
                ask(txn, &caller, &visit, ChangeKind::Cancel, None, &reason, now).await?;
            }
            changed(txn, &caller, id, done, now).await
        })
    })
    .await
}

/// Cancels a visit and its booking, for a person or by the program, frees the crew's time and tells everybody.
///
/// # Errors
/// The database's.
pub async fn cancel_now(
    txn: &DatabaseTransaction,
    (by, zone): (Option<AccountId>, Tz),
    visit: &visit::Model,
    reason: &str,
    late: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    let hand = Hand { by, now, zone };
    let end = Ending {
        reason,
        late,
        family_hears: true,
    };
    end_visit(txn, hand, visit, end).await
}

/// Opens a booking again that was cancelled; its visit is the caller's to bring back.
///
/// # Errors
/// The database's.
pub async fn reopen(txn: &DatabaseTransaction, id: BookingId) -> Result<()> {
    booking::ActiveModel {
        id: Set(id),
        state: Set(BookingState::Requested),
        cancelled_at: Set(None),
        cancelled_by: Set(None),
        cancel_why: Set(None),
        cancelled_late: Set(None),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

/// How a booking ends before its visit.
#[derive(Clone, Copy, Debug)]
pub struct Ending<'a> {
    /// Why, in words.
    pub reason: &'a str,
    /// Whether after the cut-off.
    pub late: bool,
    /// Whether the family is written to.
    pub family_hears: bool,
}

/// Ends a visit that has not begun, and its booking: the crew's time is freed, they are told, and what was asked about it
/// is settled with it.
///
/// # Errors
/// The database's.
pub async fn end_visit(
    txn: &DatabaseTransaction,
    hand: Hand,
    visit: &visit::Model,
    end: Ending<'_>,
) -> Result<()> {
    let Hand { by, now, zone } = hand;
    if end.family_hears {
        tell::cancelled(txn, now, visit).await?;
    } else {
        tell::need_not_come(txn, now, visit).await?;
    }
    for row in crew(txn, visit.id).await? {
        withdraw::end(txn, &row, AssignmentState::Withdrawn, None).await?;
        let change = Change::of_visit(visit, zone, now, by, "withdrawn");
        audit::record(txn, change.with_helper(row.helper_id)).await?;
    }
    visit::ActiveModel {
        id: Set(visit.id),
        state: Set(VisitState::Cancelled),
        version: Set(visit.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    booking::ActiveModel {
        id: Set(visit.booking_id),
        state: Set(BookingState::Cancelled),
        cancelled_at: Set(Some(now)),
        cancelled_by: Set(by),
        cancel_why: Set(Some(end.reason.to_owned())),
        cancelled_late: Set(Some(end.late)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    change_request::Entity::update_many()
        .set(change_request::ActiveModel {
            state: Set(RequestState::Accepted),
            answered_at: Set(Some(now)),
            answered_by: Set(by),
            ..Default::default()
        })
        .filter(change_request::Column::VisitId.eq(visit.id))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .exec(txn)
        .await?;
    let change = Change::of_visit(visit, zone, now, by, "cancelled");
    audit::record(txn, change.noted(Some(end.reason.to_owned()))).await
}
