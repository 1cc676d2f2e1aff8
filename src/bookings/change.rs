//! Cancelling and moving: done at once before the cut-off, asked of the office after it.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, BookingId, ChangeRequestId};
use entity::words::{
    AssignmentSource, AssignmentState, BookingState, ChangeKind, RequestState, Subject, VisitState,
};
use entity::{assignment, booking, change_request, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::book::{check_open_day, slot_taken};
use super::queries::{SeenBooking, booking_view};
use super::times::{Need, alternatives, community_of};
use super::views::BookingView;
use super::{Reach, check_note, check_start};
use crate::app::App;
use crate::catalogue;
use crate::clock::local_date;
use crate::dispatch::load::{Scope, Wanted, Who, state};
use crate::dispatch::matching::{Candidate, candidates, place_first};
use crate::dispatch::place::{Desk, crew, locked};
use crate::error::{Error, Kind, Problem, Result};
use crate::http::caller::{Caller, Desk as AtDesk};
use crate::http::input::{Answer, Once};
use crate::notify::tell;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::claim;
use crate::visits::before_cutoff;
use crate::visits::views::{self, Look};

/// Why somebody cancels.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Cancelling {
    /// In their words, 1 to 500 characters.
    pub reason: String,
}

/// When somebody would rather have the visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Moving {
    /// The start wanted instead, on the 5-minute grid.
    pub start: DateTime<Utc>,
    /// Anything to add.
    #[serde(default)]
    pub note: Option<String>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Changed {
    /// The booking as it is now.
    pub booking: BookingView,
    /// Whether it was done; otherwise the office was asked.
    pub done: bool,
}

/// What the office decides.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Decision {
    /// Whether the request is granted.
    pub accept: bool,
    /// What is said to the asker.
    pub note: String,
}

/// A visit that has not begun can be changed; any other not.
fn still_open(visit: &visit::Model, now: DateTime<Utc>) -> Result<()> {
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

/// Whether this caller needs to ask: the office never does.
fn free_to_change(
    caller: &Caller,
    visit: &visit::Model,
    cutoff_hours: i32,
    now: DateTime<Utc>,
) -> bool {
    caller.at_desk()
        || visit.state == VisitState::Unfilled
        || before_cutoff(visit, cutoff_hours, now)
}

/// Cancels, or asks the office to.
///
/// # Errors
/// `not-now`, `invalid`, or the database's.
pub async fn cancel(app: &App, seen: SeenBooking, body: Cancelling, once: Once) -> Result<Answer> {
    let booked = seen.seen.clone().booked()?;
    let now = app.clock.now();
    still_open(&seen.visit, now)?;
    let reason = required(&body.reason)?;
    let community = community_of(app.store.read(), &booked.caller).await?;
    let caller = booked.caller.clone();
    let late = !before_cutoff(&seen.visit, community.cutoff_hours, now);
    let done = free_to_change(&caller, &seen.visit, community.cutoff_hours, now);
    let id = seen.booking.id;
    let visit_id = seen.visit.id;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, reason) = (caller.clone(), reason.clone());
        Box::pin(async move {
            let visit = locked(txn, visit_id).await?;
            still_open(&visit, now)?;
            if done {
                cancel_now(txn, &caller, &visit, &reason, late, now).await?;
            } else {
                ask(txn, &caller, &visit, ChangeKind::Cancel, None, &reason, now).await?;
            }
            changed(txn, &caller, id, done, now).await
        })
    })
    .await
}

/// Cancels a visit and its booking, frees the crew's time and tells everybody.
async fn cancel_now(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    reason: &str,
    late: bool,
    now: DateTime<Utc>,
) -> Result<()> {
    tell::cancelled(txn, now, visit).await?;
    for row in crew(txn, visit.id).await? {
        claim::release(txn, row.id).await?;
        assignment::ActiveModel {
            id: Set(row.id),
            state: Set(AssignmentState::Withdrawn),
            ..Default::default()
        }
        .update(txn)
        .await?;
        record(
            txn,
            caller,
            visit,
            "withdrawn",
            Some(row.helper_id),
            None,
            now,
        )
        .await?;
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
        cancelled_by: Set(Some(caller.account)),
        cancel_why: Set(Some(reason.to_owned())),
        cancelled_late: Set(Some(late)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    change_request::Entity::update_many()
        .set(change_request::ActiveModel {
            state: Set(RequestState::Accepted),
            answered_at: Set(Some(now)),
            answered_by: Set(Some(caller.account)),
            ..Default::default()
        })
        .filter(change_request::Column::VisitId.eq(visit.id))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .exec(txn)
        .await?;
    record(
        txn,
        caller,
        visit,
        "cancelled",
        None,
        Some(reason.to_owned()),
        now,
    )
    .await
}

async fn record(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    action: &'static str,
    helper: Option<entity::ids::HelperId>,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    audit::record(
        txn,
        Change {
            community: visit.community_id,
            at: now,
            by: Some(caller.account),
            what: Subject::Visit,
            object: visit.id.0,
            action,
            visit: Some(visit.id),
            resident: Some(visit.resident_id),
            helper,
            date: Some(local_date(caller.zone, visit.starts_at)),
            note,
        },
    )
    .await
}

/// Records what the office is asked for; a newer wish takes the place of an older one.
async fn ask(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    kind: ChangeKind,
    wanted_start: Option<DateTime<Utc>>,
    note: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    change_request::Entity::delete_many()
        .filter(change_request::Column::VisitId.eq(visit.id))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .exec(txn)
        .await?;
    let request = change_request::ActiveModel {
        community_id: Set(visit.community_id),
        booking_id: Set(visit.booking_id),
        visit_id: Set(visit.id),
        kind: Set(kind),
        wanted_start: Set(wanted_start),
        note: Set(note.to_owned()),
        asked_by: Set(caller.account),
        created_at: Set(now),
        state: Set(RequestState::Open),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    audit::record(
        txn,
        Change {
            community: visit.community_id,
            at: now,
            by: Some(caller.account),
            what: Subject::Request,
            object: request.id.0,
            action: "asked",
            visit: Some(visit.id),
            resident: Some(visit.resident_id),
            helper: None,
            date: Some(local_date(caller.zone, visit.starts_at)),
            note: Some(note.to_owned()),
        },
    )
    .await
}

async fn changed(
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

/// What moving a visit needs: who could come at the new time.
struct Move {
    need: Need,
    candidates: Vec<Candidate>,
    desk: Desk,
}

async fn prepare_move(
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
    let (service, offers) = catalogue::queries::find(db, caller.community, &service.code)
        .await?
        .ok_or_else(lost)?;
    let need = Need {
        community: community_of(db, caller).await?,
        resident,
        service,
        offers,
        wish: visit.wish_helper_id,
    };
    let reach = Reach::of(&need.service, &need.community, caller.zone, now);
    check_start(start, reach, &need.service, caller.zone, now)?;
    check_open_day(db, caller, start).await?;
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
    let mut stated = state(db, &scope, Some(&wanted)).await?;
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
        moving.need.community.cutoff_hours,
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

async fn with_alternatives(
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

async fn move_now(
    txn: &DatabaseTransaction,
    desk: Desk,
    caller: &Caller,
    visit: &visit::Model,
    start: DateTime<Utc>,
    found: &[Candidate],
) -> Result<()> {
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
    record(txn, caller, &after, "moved", None, None, desk.now).await
}

/// Grants or refuses a request; granting does what was asked for.
///
/// # Errors
/// `not-found`, `slot-taken`, `not-now`, or the database's.
pub async fn answer(
    app: &App,
    desk: AtDesk,
    id: ChangeRequestId,
    body: Decision,
    once: Once,
) -> Result<Answer> {
    let caller = desk.0;
    let db = app.store.read();
    let now = app.clock.now();
    let request = change_request::Entity::find_by_id(id)
        .filter(change_request::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let visit = visit::Entity::find_by_id(request.visit_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let note = check_note(Some(&body.note))?.unwrap_or_default();
    let moving = match (body.accept, request.kind, request.wanted_start) {
        (true, ChangeKind::Move, Some(start)) => {
            Some((start, prepare_move(app, &caller, &visit, start).await?))
        }
        _ => None,
    };
    let found = moving
        .as_ref()
        .map(|(start, moving)| (*start, moving.desk, moving.candidates.clone()));
    let by = caller.clone();
    let written = app
        .write_once(caller.account, once, StatusCode::OK, move |txn| {
            let (caller, note, found) = (by.clone(), note.clone(), found.clone());
            Box::pin(async move {
                let request = open_request(txn, id).await?;
                let visit = locked(txn, request.visit_id).await?;
                if body.accept {
                    still_open(&visit, now)?;
                    match &found {
                        Some((start, desk, found)) => {
                            move_now(txn, *desk, &caller, &visit, *start, found).await?;
                        }
                        None => cancel_now(txn, &caller, &visit, &request.note, true, now).await?,
                    }
                }
                let row = settle(txn, caller.account, &request, body.accept, note, now).await?;
                tell::request_answered(txn, now, &row).await?;
                record_answer(txn, &caller, &visit, &row, now).await?;
                views::requests(txn, caller.lang, vec![row])
                    .await?
                    .pop()
                    .ok_or_else(|| Error::Internal("a request without its rows".into()))
            })
        })
        .await;
    match moving {
        Some((start, moving)) => {
            with_alternatives(app, &caller, &moving.need, start, written).await
        }
        None => written,
    }
}

async fn open_request(
    txn: &DatabaseTransaction,
    id: ChangeRequestId,
) -> Result<change_request::Model> {
    let request = change_request::Entity::find_by_id(id)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    if request.state == RequestState::Open {
        Ok(request)
    } else {
        Err(Problem::not_now(Said::new(
            "这个请求已经答复过了。",
            "This request was answered before.",
        ))
        .into())
    }
}

async fn settle(
    txn: &DatabaseTransaction,
    by: AccountId,
    request: &change_request::Model,
    accept: bool,
    answer: String,
    now: DateTime<Utc>,
) -> Result<change_request::Model> {
    Ok(change_request::ActiveModel {
        id: Set(request.id),
        state: Set(if accept {
            RequestState::Accepted
        } else {
            RequestState::Refused
        }),
        answered_by: Set(Some(by)),
        answered_at: Set(Some(now)),
        answer: Set(Some(answer)),
        ..Default::default()
    }
    .update(txn)
    .await?)
}

async fn record_answer(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    request: &change_request::Model,
    now: DateTime<Utc>,
) -> Result<()> {
    audit::record(
        txn,
        Change {
            community: visit.community_id,
            at: now,
            by: Some(caller.account),
            what: Subject::Request,
            object: request.id.0,
            action: "answered",
            visit: Some(visit.id),
            resident: Some(visit.resident_id),
            helper: None,
            date: Some(local_date(caller.zone, visit.starts_at)),
            note: request.answer.clone(),
        },
    )
    .await
}
