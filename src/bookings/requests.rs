//! What the office is asked for after the cut-off, and its answer.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ChangeRequestId};
use entity::words::{ChangeKind, RequestState, Subject};
use entity::{change_request, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::cancel::cancel_now;
use super::change::still_open;
use super::check_note;
use super::moving::{move_now, prepare_move, with_alternatives};
use crate::app::App;
use crate::dispatch::place::locked;
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk as AtDesk};
use crate::http::input::{Answer, Once};
use crate::notify::tell;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};
use crate::visits::views::{self};

/// What the office decides.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Decision {
    /// Whether the request is granted.
    pub accept: bool,
    /// What is said to the asker.
    pub note: String,
}

/// Records what the office is asked for; a newer wish takes the place of an older one.
///
/// # Errors
/// The database's.
pub async fn ask(
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
    let (by, object) = (Some(caller.account), (Subject::Request, request.id.0));
    let change = Change::new(visit.community_id, now, by, object, "asked");
    let change = change.touching(visit, caller.zone);
    audit::record(txn, change.noted(Some(note.to_owned()))).await
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
                        None => {
                            cancel_now(
                                txn,
                                (Some(caller.account), caller.zone),
                                &visit,
                                &request.note,
                                true,
                                now,
                            )
                            .await?
                        }
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

/// A request that nobody answered yet, held until this transaction ends: of two who answer it, one does.
async fn open_request(
    txn: &DatabaseTransaction,
    id: ChangeRequestId,
) -> Result<change_request::Model> {
    let request = store::hold(change_request::Entity::find_by_id(id), txn)
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
    let (by, object) = (Some(caller.account), (Subject::Request, request.id.0));
    let change = Change::new(visit.community_id, now, by, object, "answered");
    let change = change.touching(visit, caller.zone);
    audit::record(txn, change.noted(request.answer.clone())).await
}
