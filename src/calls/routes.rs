//! The room's routes.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, CallId, CallbackId, CommunityId, HouseholdId};
use entity::words::Subject;
use entity::{booking, call, callback, household, resident};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::views::{CallView, Callback, EndCall, Kept, NewCall};
use super::{Ending, check_ending, check_number, check_said, ended_before, kept_before, queries};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::answers::{Reads, Writes};
use crate::http::caller::Desk;
use crate::http::input::{Answer, Asked, At, Input};
use crate::http::paging::Page;
use crate::residents;
use crate::said::Said;
use crate::store::audit::{self, Change};

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(begin))
        .routes(routes!(end))
        .routes(routes!(callbacks))
        .routes(routes!(keep))
}

/// Begin a call.
///
/// Where the number leads to one household alone, the answer says which.
#[utoipa::path(post, path = "/api/calls", tag = "calls", request_body = NewCall,
    responses((status = 201, description = "The call has begun", body = CallView), Writes)
)]
pub async fn begin(State(app): State<App>, desk: Desk, input: Input<NewCall>) -> Result<Answer> {
    let number = check_number(input.body.number.as_deref())?;
    let (at, by, community, known) = (
        app.clock.now(),
        desk.account,
        desk.community,
        input.body.household_id,
    );
    app.write_once(by, input.once, StatusCode::CREATED, move |txn| {
        let number = number.clone();
        Box::pin(async move {
            let household = match (known, &number) {
                (Some(id), _) => Some(household_here(txn, community, id).await?),
                (None, Some(number)) => {
                    residents::search::of_number(txn, community, number).await?
                }
                (None, None) => None,
            };
            let row = call::Entity::insert(call::ActiveModel {
                community_id: Set(community),
                clerk_id: Set(by),
                number: Set(number),
                household_id: Set(household),
                started_at: Set(at),
                ..Default::default()
            })
            .exec_with_returning(txn)
            .await?;
            record(txn, (at, by, community), Subject::Call, row.id.0, "began").await?;
            queries::call_view(txn, row).await
        })
    })
    .await
}

/// End a call.
///
/// Every call ends once, with an outcome. A promised callback becomes a task with its time.
#[utoipa::path(post, path = "/api/calls/{id}/end", tag = "calls", request_body = EndCall,
    params(
        ("id" = i64, Path, description = "The call"),
    ),
    responses((status = 200, description = "The call with its outcome", body = CallView), Writes)
)]
pub async fn end(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    input: Input<EndCall>,
) -> Result<Answer> {
    let now = app.clock.now();
    let who = (now, desk.account, desk.community);
    let ending = check_ending(&input.body, now)?;
    let asked = input.body;
    app.write_once(desk.account, input.once, StatusCode::OK, move |txn| {
        let (ending, asked) = (ending.clone(), asked.clone());
        Box::pin(async move { write_end(txn, who, CallId(id), ending, &asked).await })
    })
    .await
}

/// When, who, where.
type Who = (DateTime<Utc>, AccountId, CommunityId);

async fn write_end<C: ConnectionTrait>(
    txn: &C,
    who: Who,
    id: CallId,
    ending: Ending,
    asked: &EndCall,
) -> Result<CallView> {
    let (now, by, community) = who;
    let row = call::Entity::find_by_id(id)
        .filter(call::Column::CommunityId.eq(community))
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let about = about(txn, community, &row, asked).await?;
    // Two clerks may end the same call at once: the row that has no end yet goes to one of them.
    let ended = call::Entity::update_many()
        .set(call::ActiveModel {
            ended_at: Set(Some(now)),
            outcome: Set(Some(ending.outcome)),
            note: Set(ending.note),
            household_id: Set(about.household_id),
            resident_id: Set(about.resident_id),
            booking_id: Set(about.booking_id),
            ..Default::default()
        })
        .filter(call::Column::Id.eq(id))
        .filter(call::Column::EndedAt.is_null())
        .exec(txn)
        .await?;
    if ended.rows_affected == 0 {
        return Err(ended_before().into());
    }
    if let (Some(household), Some(number)) = (about.household_id, &row.number)
        && ending.outcome.heard_somebody()
    {
        residents::seen::heard_from(txn, household, number, now).await?;
    }
    record(txn, who, Subject::Call, id.0, "ended").await?;
    if let Some((due_at, note)) = ending.callback {
        let promise = callback::Entity::insert(callback::ActiveModel {
            community_id: Set(community),
            call_id: Set(id),
            household_id: Set(about.household_id),
            resident_id: Set(about.resident_id),
            due_at: Set(due_at),
            note: Set(note),
            promised_by: Set(by),
            ..Default::default()
        })
        .exec_with_returning(txn)
        .await?;
        record(txn, who, Subject::Callback, promise.id.0, "promised").await?;
    }
    let row = call::Entity::find_by_id(id)
        .one(txn)
        .await?
        .ok_or_else(|| Error::Internal("a call vanished".into()))?;
    queries::call_view(txn, row).await
}

/// What a call was about, from what the clerk said, what the call knew and what follows from it.
async fn about<C: ConnectionTrait>(
    txn: &C,
    community: CommunityId,
    row: &call::Model,
    asked: &EndCall,
) -> Result<call::Model> {
    let mut about = row.clone();
    if let Some(id) = asked.household_id {
        about.household_id = Some(household_here(txn, community, id).await?);
    }
    if let Some(id) = asked.booking_id {
        let booking = booking::Entity::find_by_id(id)
            .filter(booking::Column::CommunityId.eq(community))
            .one(txn)
            .await?
            .ok_or_else(|| unknown("booking_id", "没有这个预约。", "There is no such booking."))?;
        about.booking_id = Some(id);
        about.resident_id = Some(booking.resident_id);
    }
    let resident = asked.resident_id.or(about.resident_id);
    if let Some(id) = resident {
        let resident = resident::Entity::find_by_id(id)
            .filter(resident::Column::CommunityId.eq(community))
            .one(txn)
            .await?
            .ok_or_else(|| {
                unknown(
                    "resident_id",
                    "花名册上没有这位老人。",
                    "The roll has no such resident.",
                )
            })?;
        about.resident_id = Some(id);
        about.household_id = about.household_id.or(Some(resident.household_id));
    }
    Ok(about)
}

async fn household_here<C: ConnectionTrait>(
    txn: &C,
    community: CommunityId,
    id: HouseholdId,
) -> Result<HouseholdId> {
    household::Entity::find_by_id(id)
        .filter(household::Column::CommunityId.eq(community))
        .one(txn)
        .await?
        .map(|row| row.id)
        .ok_or_else(|| {
            unknown(
                "household_id",
                "没有这一户。",
                "There is no such household.",
            )
        })
}

fn unknown(field: &'static str, zh: &str, en: &str) -> Error {
    Problem::field(field, Said::new(zh, en)).into()
}

/// Which callbacks are asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// Those that nobody has made yet, the earliest due first.
    #[default]
    Open,
    /// Those made too, the latest due first.
    All,
}

/// Which callbacks are asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// `open`, which is what nothing means, or `all`.
    #[serde(default)]
    #[param(required = false, inline)]
    state: Which,
    /// Only the callbacks after this one, as the `Link` header of the page before says; the first where nothing is said.
    #[serde(default)]
    after: Option<i64>,
}

/// The callbacks that were promised, a page at a time.
#[utoipa::path(get, path = "/api/callbacks", tag = "calls",
    params(Wanted),
    responses((status = 200, description = "The callbacks", body = Vec<Callback>,
        headers(("Link" = Option<String>, description = "Where the list goes on, with `rel=\"next\"`; left out on its last page"))), Reads)
)]
pub async fn callbacks(
    State(app): State<App>,
    desk: Desk,
    Asked(wanted): Asked<Wanted>,
) -> Result<Page<Callback>> {
    let open_only = matches!(wanted.state, Which::Open);
    let from = (open_only, wanted.after.map(CallbackId));
    let (rows, next) = queries::callbacks(app.store.read(), &desk, from, app.clock.now()).await?;
    let state = if open_only { "open" } else { "all" };
    Ok(Page::asked(rows, next, &[("state", state)]))
}

/// A callback was made.
///
/// Once, by anybody at the desk, with what came of it.
#[utoipa::path(post, path = "/api/callbacks/{id}/done", tag = "calls", request_body = Kept,
    params(
        ("id" = i64, Path, description = "The callback"),
    ),
    responses((status = 200, description = "The callback, done", body = Callback), Writes)
)]
pub async fn keep(
    State(app): State<App>,
    desk: Desk,
    At(id): At<i64>,
    input: Input<Kept>,
) -> Result<Answer> {
    let note = check_said("note", &input.body.note)?;
    let (now, by, community) = (app.clock.now(), desk.account, desk.community);
    let lang = desk.lang;
    app.write_once(by, input.once, StatusCode::OK, move |txn| {
        let note = note.clone();
        Box::pin(async move {
            let mine = || {
                callback::Entity::find_by_id(CallbackId(id))
                    .filter(callback::Column::CommunityId.eq(community))
            };
            if mine().one(txn).await?.is_none() {
                return Err(Problem::not_found().into());
            }
            let kept = callback::Entity::update_many()
                .set(callback::ActiveModel {
                    done_at: Set(Some(now)),
                    done_by: Set(Some(by)),
                    done_note: Set(Some(note)),
                    ..Default::default()
                })
                .filter(callback::Column::Id.eq(id))
                .filter(callback::Column::DoneAt.is_null())
                .exec(txn)
                .await?;
            if kept.rows_affected == 0 {
                return Err(kept_before().into());
            }
            record(txn, (now, by, community), Subject::Callback, id, "done").await?;
            let row = mine()
                .one(txn)
                .await?
                .ok_or_else(|| Error::Internal("a callback vanished".into()))?;
            queries::callback_view(txn, row, lang, now).await
        })
    })
    .await
}

/// Records what the desk did. No resident is named: what is said on the desk's telephone is not the family's to follow.
async fn record<C: ConnectionTrait>(
    txn: &C,
    who: Who,
    what: Subject,
    object: i64,
    action: &'static str,
) -> Result<()> {
    let (at, by, community) = who;
    let change = Change::new(community, at, Some(by), (what, object), action);
    audit::record(txn, change).await
}
