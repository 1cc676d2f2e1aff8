//! What cancelling and moving share: done at once before the cut-off, asked of the office after it.

use chrono::{DateTime, Utc};
use entity::ids::BookingId;
use entity::visit;
use entity::words::VisitState;
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use utoipa::ToSchema;

use super::queries::booking_view;
use super::views::BookingView;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::said::Said;
use crate::visits::before_cutoff;
use crate::visits::views::Look;

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changed {
    /// The booking as it is now.
    pub booking: BookingView,
    /// Whether it was done; otherwise the office was asked.
    pub done: bool,
}

/// A visit that has not begun can be changed; any other not.
///
/// # Errors
/// `not-now`.
pub fn still_open(visit: &visit::Model, now: DateTime<Utc>) -> Result<()> {
    let open = matches!(
        visit.state,
        VisitState::Unfilled | VisitState::Offered | VisitState::Accepted
    );
    if open && now < visit.starts_at {
        Ok(())
    } else {
        Err(Problem::not_now(Said::new(
            "这次服务已经开始、结束或取消，不能再改。",
            "This visit has begun, is over or was cancelled; it can no longer be changed.",
        ))
        .into())
    }
}

/// A visit that has not begun can be cancelled, one that waits for the resident's return too.
pub(super) fn not_begun(visit: &visit::Model, now: DateTime<Utc>) -> Result<()> {
    if visit.state == VisitState::Paused && now < visit.starts_at {
        Ok(())
    } else {
        still_open(visit, now)
    }
}

/// Whether this caller may change it without asking: the office always may.
#[must_use]
pub fn free_to_change(
    caller: &Caller,
    visit: &visit::Model,
    cutoff_hours: i32,
    now: DateTime<Utc>,
) -> bool {
    caller.at_desk()
        || matches!(visit.state, VisitState::Unfilled | VisitState::Paused)
        || before_cutoff(visit, cutoff_hours, now)
}

/// The answer to whoever cancelled or moved.
///
/// # Errors
/// The database's.
pub(super) async fn changed(
    txn: &DatabaseTransaction,
    caller: &Caller,
    id: BookingId,
    done: bool,
    now: DateTime<Utc>,
) -> Result<Changed> {
    let look = Look {
        lang: caller.lang,
        now,
        with_phones: caller.at_desk(),
    };
    Ok(Changed {
        booking: booking_view(txn, look, id).await?,
        done,
    })
}
