//! The steps of a help request. Whoever takes one, a person or the clock, takes it here: the row, its place in the
//! timeline, the audit and the letters stand in one transaction, and the database refuses the same step twice.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, HelpRequestId};
use entity::words::{HelpAction, HelpState, Subject};
use entity::{help_request, help_step};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::{Replyable, SeenHelp, Workable};
use super::queries;
use super::{
    Next, OPEN, Reply, Work, after_reply, after_work, check_note, check_text, late_since, limits,
};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::notify;
use crate::store;
use crate::store::audit::{self, Change};

/// What those who are answerable did.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Working {
    /// Which step.
    pub step: Work,
    /// What was done, 500 characters at most; needed to handle, to report and to raise.
    pub note: Option<String>,
    /// The request's version that was looked at.
    pub version: i32,
}

/// What those who asked say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Replying {
    /// Settled, not settled, or no longer wanted.
    pub reply: Reply,
    /// In their words, 500 characters at most; needed where it is not settled.
    pub note: Option<String>,
    /// The request's version that was looked at.
    pub version: i32,
}

/// Who takes a step, and what they say to it.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    /// Nobody where the clock does.
    pub by: Option<AccountId>,
    /// Whether the office does it for somebody without a screen.
    pub on_behalf: bool,
    /// In the person's words.
    pub note: Option<String>,
}

/// Responds, handles, reports back, or hands up.
///
/// # Errors
/// `invalid`, `not-now`, `stale`, or the database's.
pub async fn work(
    app: &App,
    Workable(seen): Workable,
    body: Working,
    once: Once,
) -> Result<Answer> {
    let note = match body.step {
        Work::Respond => check_note("note", body.note.as_deref())?,
        Work::Handle | Work::Report | Work::Raise => Some(check_text(
            "note",
            body.note.as_deref().unwrap_or_default(),
        )?),
    };
    let taken = Taken {
        by: Some(seen.caller.account),
        on_behalf: false,
        note,
    };
    write(app, seen, (body.version, taken), once, move |row| {
        after_work(row.state, row.tier, body.step)
    })
    .await
}

/// Says that it is settled, that it is not, or that it is no longer wanted.
///
/// # Errors
/// `invalid`, `not-now`, `stale`, or the database's.
pub async fn reply(
    app: &App,
    Replyable(seen): Replyable,
    body: Replying,
    once: Once,
) -> Result<Answer> {
    let note = match body.reply {
        Reply::Unsettled => Some(check_text(
            "note",
            body.note.as_deref().unwrap_or_default(),
        )?),
        Reply::Settled | Reply::Withdrawn => check_note("note", body.note.as_deref())?,
    };
    let taken = Taken {
        by: Some(seen.caller.account),
        on_behalf: seen.caller.at_desk(),
        note,
    };
    write(app, seen, (body.version, taken), once, move |row| {
        after_reply(row.state, row.tier, body.reply)
    })
    .await
}

async fn write(
    app: &App,
    seen: SeenHelp,
    (version, taken): (i32, Taken),
    once: Once,
    judge: impl Fn(&help_request::Model) -> Result<Next> + Clone + Send + Sync + 'static,
) -> Result<Answer> {
    let (now, caller, id): (_, Caller, _) = (app.clock.now(), seen.caller, seen.request.id);
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, taken, judge) = (caller.clone(), taken.clone(), judge.clone());
        Box::pin(async move {
            let row = held(txn, id).await?;
            if row.version != version {
                return Err(Problem::stale().into());
            }
            let next = judge(&row)?;
            let limits = limits::of(txn, row.community_id, row.kind, row.level).await?;
            let due = limits.due(next.state, now);
            let row = take(txn, &row, next, due, taken, now).await?;
            queries::detail(txn, &caller, row, now).await
        })
    })
    .await
}

/// A request, held until this transaction ends.
pub(super) async fn held(
    txn: &DatabaseTransaction,
    id: HelpRequestId,
) -> Result<help_request::Model> {
    store::hold(help_request::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))
}

/// Takes a step: the request as it stands after it.
pub(super) async fn take(
    txn: &DatabaseTransaction,
    row: &help_request::Model,
    next: Next,
    due: Option<DateTime<Utc>>,
    taken: Taken,
    now: DateTime<Utc>,
) -> Result<help_request::Model> {
    let over = !OPEN.contains(&next.state);
    let row = help_request::ActiveModel {
        id: Set(row.id),
        state: Set(next.state),
        tier: Set(next.tier),
        due_at: Set(due),
        late_since: Set(late_since((row.state, row.late_since, row.due_at), next)),
        closed_at: Set(over.then_some(now)),
        version: Set(row.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    record(txn, &row, next.action, taken, now).await?;
    Ok(row)
}

/// Writes the step into the timeline and the audit, and tells those whom it concerns.
pub(super) async fn record(
    txn: &DatabaseTransaction,
    row: &help_request::Model,
    action: HelpAction,
    taken: Taken,
    now: DateTime<Utc>,
) -> Result<()> {
    let step = help_step::ActiveModel {
        community_id: Set(row.community_id),
        help_request_id: Set(row.id),
        version: Set(row.version),
        at: Set(now),
        account_id: Set(taken.by),
        on_behalf: Set(taken.on_behalf),
        action: Set(action),
        tier: Set(row.tier),
        note: Set(taken.note),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let object = (Subject::HelpRequest, row.id.0);
    let change = Change::new(row.community_id, now, taken.by, object, audited(action));
    let change = Change {
        resident: row.resident_id,
        ..change
    };
    audit::record(txn, change).await?;
    notify::help::step_taken(txn, now, row, &step).await?;
    let newly_theirs = matches!(
        action,
        HelpAction::Collected | HelpAction::Raised | HelpAction::Risen | HelpAction::Reopened
    );
    if newly_theirs && row.state != HelpState::Reported {
        let responsible = super::contacts::responsible(txn, row).await?;
        notify::help::routed(txn, now, row, &step, &responsible).await?;
    }
    Ok(())
}

/// The audit's word for a step.
fn audited(action: HelpAction) -> &'static str {
    match action {
        HelpAction::Collected => "collected",
        HelpAction::Responded => "responded",
        HelpAction::Handled => "handled",
        HelpAction::Reported => "reported",
        HelpAction::Raised => "raised",
        HelpAction::Risen => "risen",
        HelpAction::Reopened => "reopened",
        HelpAction::Settled => "settled",
        HelpAction::Withdrawn => "withdrawn",
    }
}
