//! 收集: taking a help request down.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{GridId, HelpRequestId, ResidentId};
use entity::words::{HelpAction, HelpChannel, HelpKind, HelpLevel, HelpState, HelpTier, Role};
use entity::{grid, help_request};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::{called_for, is_officer};
use super::step::{Taken, record};
use super::{LONGEST_PLACE, at_most, check_phone, check_text, limits, queries};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::said::Said;

/// A call for help.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewHelpRequest {
    /// For whom; left out, it is about a place that all use, and `grid_id` and `place` are needed.
    pub resident_id: Option<ResidentId>,
    /// In which grid; with a resident it is theirs.
    pub grid_id: Option<GridId>,
    /// Where, in words, 100 characters at most.
    pub place: Option<String>,
    /// About what.
    pub kind: HelpKind,
    /// How pressing.
    pub level: HelpLevel,
    /// What is wrong, 1 to 500 characters.
    pub what: String,
    /// Whom to ring about it.
    pub phone: Option<String>,
}

/// Where the caller may call for help.
struct Place {
    grid: GridId,
    resident: Option<ResidentId>,
    place: Option<String>,
}

/// Takes a help request down and tells whoever is responsible.
///
/// # Errors
/// `not-found`, `invalid`, or the database's.
pub async fn ask(app: &App, caller: Caller, body: NewHelpRequest, once: Once) -> Result<Answer> {
    let place = place(app, &caller, &body).await?;
    let what = check_text("what", &body.what)?;
    let phone = check_phone(body.phone.as_deref())?;
    let now = app.clock.now();
    let row = help_request::ActiveModel {
        grid_id: Set(place.grid),
        resident_id: Set(place.resident),
        place: Set(place.place),
        what: Set(what),
        phone: Set(phone),
        ..Default::default()
    };
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (caller, row) = (caller.clone(), row.clone());
        Box::pin(async move {
            let row = collect(txn, &caller, row, (body.kind, body.level), now).await?;
            queries::detail(txn, &caller, row, now).await
        })
    })
    .await
}

/// Takes one down for a resident as a part of another write: whoever is responsible is told.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn for_resident(
    txn: &DatabaseTransaction,
    caller: &Caller,
    resident: ResidentId,
    of: (HelpKind, HelpLevel),
    what: String,
    now: DateTime<Utc>,
) -> Result<HelpRequestId> {
    let (resident, grid) = called_for(txn, caller, resident).await?;
    let row = help_request::ActiveModel {
        grid_id: Set(grid),
        resident_id: Set(Some(resident.id)),
        what: Set(what),
        ..Default::default()
    };
    Ok(collect(txn, caller, row, of, now).await?.id)
}

/// Where and what for is in the row; the rest is written here.
async fn collect(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: help_request::ActiveModel,
    (kind, level): (HelpKind, HelpLevel),
    now: DateTime<Utc>,
) -> Result<help_request::Model> {
    let limits = limits::of(txn, caller.community, kind, level).await?;
    let row = help_request::ActiveModel {
        community_id: Set(caller.community),
        kind: Set(kind),
        level: Set(level),
        channel: Set(channel(caller)),
        asked_by: Set(caller.account),
        state: Set(HelpState::Collected),
        tier: Set(HelpTier::Grid),
        due_at: Set(limits.due(HelpState::Collected, now)),
        created_at: Set(now),
        version: Set(1),
        ..row
    }
    .insert(txn)
    .await?;
    let taken = Taken {
        by: Some(caller.account),
        on_behalf: caller.at_desk() && row.resident_id.is_some(),
        note: None,
    };
    record(txn, &row, HelpAction::Collected, taken, now).await?;
    Ok(row)
}

async fn place(app: &App, caller: &Caller, body: &NewHelpRequest) -> Result<Place> {
    let db = app.store.read();
    let place = |text: Option<&str>| at_most("place", text, LONGEST_PLACE);
    if let Some(resident) = body.resident_id {
        let (resident, grid) = called_for(db, caller, resident).await?;
        return Ok(Place {
            grid,
            resident: Some(resident.id),
            place: place(body.place.as_deref())?,
        });
    }
    if !caller.at_desk() && !caller.is(Role::GridOfficer) {
        // A family calls for its own; whoever else may call for nobody.
        return if caller.is(Role::Family) {
            Err(Problem::field(
                "resident_id",
                Said::new("请选择为谁求助。", "Choose for whom you call for help."),
            )
            .into())
        } else {
            Err(Problem::not_found().into())
        };
    }
    let grid = body.grid_id.ok_or_else(|| {
        Error::from(Problem::field(
            "grid_id",
            Said::new(
                "不是为某位老人求助时，请选择网格。",
                "Choose the grid, where it is not about one resident.",
            ),
        ))
    })?;
    let here = grid::Entity::find_by_id(grid)
        .filter(grid::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .is_some();
    if !here || !(caller.at_desk() || is_officer(db, caller, grid).await?) {
        return Err(Problem::not_found().into());
    }
    let place = place(body.place.as_deref())?.ok_or_else(|| {
        Error::from(Problem::field(
            "place",
            Said::new("请写明在哪里。", "Write where it is."),
        ))
    })?;
    Ok(Place {
        grid,
        resident: None,
        place: Some(place),
    })
}

fn channel(caller: &Caller) -> HelpChannel {
    if caller.at_desk() {
        HelpChannel::Phone
    } else if caller.is(Role::GridOfficer) {
        HelpChannel::GridOfficer
    } else {
        HelpChannel::Web
    }
}
