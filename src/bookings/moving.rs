//! Moving a visit to another time.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::visit;
use entity::words::{AssignmentSource, ChangeKind};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::Deserialize;
use utoipa::ToSchema;

use super::book::{check_open_day, slot_taken};
use super::change::{changed, free_to_change, still_open};
use super::queries::SeenBooking;
use super::requests::ask;
use super::times::{Need, alternatives, team_of};
use super::{Reach, check_note, check_start};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::links;
use crate::dispatch::load::{Scope, Wanted, Who, state};
use crate::dispatch::matching::{Candidate, candidates, place_first};
use crate::dispatch::place::{Desk, locked};
use crate::error::{Error, Kind, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::residents::absences::refuse_if_away;
use crate::store::audit::{self, Change};

/// When somebody would rather have the visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Moving {
    /// The start wanted instead, on the 5-minute grid.
    pub start: DateTime<Utc>,
    /// Anything to add.
    #[serde(default)]
    pub note: Option<String>,
}

/// What moving a visit needs: who could come at the new time.
pub(super) struct Move {
    pub(super) need: Need,
    pub(super) candidates: Vec<Candidate>,
    pub(super) desk: Desk,
}

/// Looks up who could come at the new time.
///
/// # Errors
/// `invalid` where the time cannot be asked for, or the database's.
pub(super) async fn prepare_move(
    app: &App,
    caller: &Caller,
    visit: &visit::Model,
    start: DateTime<Utc>,
) -> Result<Move> {
    let db = app.store.read();
    let now = app.clock.now();
    let lost = || Error::Internal("a visit without its rows".into());
    let service = entity::service::Entity::find_by_id(visit.service_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let resident = entity::resident::Entity::find_by_id(visit.resident_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let team = team_of(app, caller, now).await?;
    let (service, offers) = team
        .line(&service.code, local_date(caller.zone, now))
        .ok_or_else(lost)?;
    let need = Need {
        team,
        resident,
        service,
        offers,
        wish: visit.wish_helper_id,
        leeways: links::queries::leeways(db, visit).await?,
    };
    let reach = Reach::of(&need.service, &need.team.community, caller.zone, now);
    check_start(start, reach, &need.service, caller.zone, now)?;
    check_open_day(&need.team, caller.zone, start)?;
    if let Some(leeway) = need.leeways.iter().find(|leeway| !leeway.leaves(start)) {
        return Err(Problem::field("start", leeway.sentence(caller.zone)).into());
    }
    // The crew that comes now may come then: the visit's own present time must not stand in its way.
    let mut scope = Scope {
        community: caller.community,
        zone: caller.zone,
        first: local_date(caller.zone, start),
        days: 1,
        who: Who::Holding(need.service.skill_id),
        about: None,
        with_unfilled: false,
        now,
    };
    let same_day = local_date(caller.zone, visit.starts_at) == scope.first;
    if same_day {
        scope.about = Some(visit.id);
    }
    let wanted = Wanted {
        resident: need.resident.clone(),
        service: need.service.clone(),
        window: (start, start),
        asked: Some(start),
        wish: need.wish,
    };
    let mut stated = state(app, &scope, Some(&wanted)).await?;
    if let Some(own) = stated.visit_ix.get(&visit.id) {
        stated.problem.visits[own.0].held = None;
    }
    Ok(Move {
        candidates: candidates(&stated, stated.wanted(), need.service.id),
        need,
        desk: Desk {
            guard: app.store.guard(),
            now,
            zone: caller.zone,
        },
    })
}

/// Moves, or asks the office to.
///
/// # Errors
/// `slot-taken` with other times, `not-now`, `invalid`, or the database's.
pub async fn change(app: &App, seen: SeenBooking, body: Moving, once: Once) -> Result<Answer> {
    let booked = seen.seen.clone().booked()?;
    let caller = booked.caller.clone();
    let now = app.clock.now();
    still_open(&seen.visit, now)?;
    let note = check_note(body.note.as_deref())?.unwrap_or_default();
    let moving = prepare_move(app, &caller, &seen.visit, body.start).await?;
    let done = free_to_change(
        &caller,
        &seen.visit,
        moving.need.team.community.cutoff_hours,
        now,
    );
    let (id, visit_id, start) = (seen.booking.id, seen.visit.id, body.start);
    let (desk, found) = (moving.desk, moving.candidates);
    let by = caller.clone();
    let written = app
        .write_once(caller.account, once, StatusCode::OK, move |txn| {
            let (caller, note, found) = (by.clone(), note.clone(), found.clone());
            Box::pin(async move {
                let visit = locked(txn, visit_id).await?;
                still_open(&visit, now)?;
                if done {
                    move_now(txn, desk, &caller, &visit, start, &found).await?;
                } else {
                    ask(
                        txn,
                        &caller,
                        &visit,
                        ChangeKind::Move,
                        Some(start),
                        &note,
                        now,
                    )
                    .await?;
                }
                changed(txn, &caller, id, done, now).await
            })
        })
        .await;
    with_alternatives(app, &caller, &moving.need, start, written).await
}

/// A refused time gets other times that can be served.
pub(super) async fn with_alternatives(
    app: &App,
    caller: &Caller,
    need: &Need,
    start: DateTime<Utc>,
    written: Result<Answer>,
) -> Result<Answer> {
    match written {
        Err(Error::Refused(mut problem)) if problem.kind == Kind::SlotTaken => {
            let times = alternatives(app, caller, need, start, 6).await?;
            problem.alternatives = Some(
                serde_json::to_value(times).map_err(|error| Error::Internal(error.to_string()))?,
            );
            Err(Error::Refused(problem))
        }
        other => other,
    }
}

/// Moves a visit to the first of these candidates who is still free.
///
/// # Errors
/// `slot-taken`, or the database's.
pub(super) async fn move_now(
    txn: &DatabaseTransaction,
    desk: Desk,
    caller: &Caller,
    visit: &visit::Model,
    start: DateTime<Utc>,
    found: &[Candidate],
) -> Result<()> {
    refuse_if_away(txn, visit.resident_id, local_date(caller.zone, start)).await?;
    let mut wanted = visit.clone();
    wanted.window_from = start;
    wanted.window_to = start;
    wanted.asked_start = start;
    let placed = place_first(txn, desk, &wanted, found, AssignmentSource::Booking).await?;
    let Ok(after) = placed else {
        return Err(slot_taken().into());
    };
    visit::ActiveModel {
        id: Set(after.id),
        window_from: Set(start),
        window_to: Set(start),
        asked_start: Set(start),
        ..Default::default()
    }
    .update(txn)
    .await?;
    let change = Change::of_visit(&after, caller.zone, desk.now, Some(caller.account), "moved");
    audit::record(txn, change).await
}
