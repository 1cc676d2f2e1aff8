//! The steps of a complaint: the row, its place in the timeline, the audit and the letter stand in one transaction.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::ComplaintId;
use entity::words::{ComplaintAction, ComplaintState, Subject};
use entity::{complaint, complaint_step};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};
use serde::Deserialize;
use utoipa::ToSchema;

use super::access::SeenComplaint;
use super::{
    LONGEST_CORRECTION_DAYS, OPEN, Reply, Work, after_reply, after_work, answer_due, queries,
};
use crate::app::App;
use crate::clock::{local_date, midnight};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::dates::date_or_none;
use crate::http::input::{Answer, Once};
use crate::notify::tell;
use crate::quality::settings;
use crate::requests::{at_most, check_note, check_text};
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// What the office did.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct WorkingOn {
    /// Which step.
    pub step: Work,
    /// What is answered to those who complained, or what was corrected; 1 to 500 characters.
    pub note: String,
    /// Who corrects it, 1 to 50 characters; needed to answer.
    #[serde(default)]
    pub responsible: Option<String>,
    /// What is to be corrected, 1 to 500 characters; needed to answer.
    #[serde(default)]
    pub correction: Option<String>,
    /// By when, today to 60 days ahead; needed to answer.
    #[serde(default, deserialize_with = "date_or_none")]
    pub due_on: Option<NaiveDate>,
    /// The complaint's version that was looked at.
    pub version: i32,
}

/// What those who complained say.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ReplyingTo {
    /// Corrected, not corrected, or no longer kept up.
    pub reply: Reply,
    /// In their words, 500 characters at most; needed where it is not corrected.
    #[serde(default)]
    pub note: Option<String>,
    /// The complaint's version that was looked at.
    pub version: i32,
}

/// Answers, or says that it was corrected.
///
/// # Errors
/// `not-found`, `invalid`, `not-now`, `stale`, or the database's.
pub async fn work(app: &App, seen: SeenComplaint, body: WorkingOn, once: Once) -> Result<Answer> {
    if !seen.caller.at_desk() {
        return Err(Problem::not_found().into());
    }
    let now = app.clock.now();
    let note = check_text("note", &body.note)?;
    let mut change = complaint::ActiveModel {
        due_at: Set(None),
        ..Default::default()
    };
    if body.step == Work::Answer {
        let responsible = at_most("responsible", body.responsible.as_deref(), 50)?;
        let who = responsible.ok_or_else(|| missing("responsible"))?;
        let correction = body.correction.as_deref().unwrap_or_default();
        change.responsible = Set(Some(who));
        change.correction = Set(Some(check_text("correction", correction)?));
        change.due_at = Set(Some(due(&seen.caller, body.due_on, now)?));
    }
    let judge = move |state| after_work(state, body.step);
    write(app, seen, (body.version, Some(note)), change, judge, once).await
}

fn missing(field: &'static str) -> Error {
    Problem::field(field, Said::new("请填写这一项。", "Please fill this in.")).into()
}

/// The end of the day by which it is to be corrected.
fn due(caller: &Caller, on: Option<NaiveDate>, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let on = on.ok_or_else(|| missing("due_on"))?;
    let days = (on - local_date(caller.zone, now)).num_days();
    if !(0..=LONGEST_CORRECTION_DAYS).contains(&days) {
        return Err(Problem::field(
            "due_on",
            Said::new(
                format!("期限应从今天起，最长 {LONGEST_CORRECTION_DAYS} 天。"),
                format!("The day is from today on, {LONGEST_CORRECTION_DAYS} days ahead at most."),
            ),
        )
        .into());
    }
    Ok(midnight(caller.zone, on + TimeDelta::days(1)))
}

/// Confirms, says that it is not corrected, or withdraws.
///
/// # Errors
/// `invalid`, `not-now`, `stale`, or the database's.
pub async fn reply(app: &App, seen: SeenComplaint, body: ReplyingTo, once: Once) -> Result<Answer> {
    let note = match body.reply {
        Reply::NotCorrected => Some(check_text(
            "note",
            body.note.as_deref().unwrap_or_default(),
        )?),
        Reply::Confirmed | Reply::Withdrawn => check_note("note", body.note.as_deref())?,
    };
    let now = app.clock.now();
    let days = settings::of(app.store.read(), seen.caller.community)
        .await?
        .complaint_days;
    let anew = (body.reply == Reply::NotCorrected).then(|| answer_due(now, days));
    let change = complaint::ActiveModel {
        due_at: Set(anew),
        ..Default::default()
    };
    let judge = move |state| after_reply(state, body.reply);
    write(app, seen, (body.version, note), change, judge, once).await
}

async fn write(
    app: &App,
    seen: SeenComplaint,
    (version, note): (i32, Option<String>),
    change: complaint::ActiveModel,
    judge: impl Fn(ComplaintState) -> Result<(ComplaintAction, ComplaintState)>
    + Clone
    + Send
    + Sync
    + 'static,
    once: Once,
) -> Result<Answer> {
    let (now, caller, id) = (app.clock.now(), seen.caller, seen.complaint.id);
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, note, change, judge) =
            (caller.clone(), note.clone(), change.clone(), judge.clone());
        Box::pin(async move {
            let row = held(txn, id).await?;
            if row.version != version {
                return Err(Problem::stale().into());
            }
            let (action, state) = judge(row.state)?;
            let row = complaint::ActiveModel {
                id: Set(row.id),
                state: Set(state),
                closed_at: Set((!OPEN.contains(&state)).then_some(now)),
                version: Set(row.version + 1),
                ..change
            }
            .update(txn)
            .await?;
            record(txn, &caller, &row, action, note, now).await?;
            queries::detail(txn, &caller, row, now).await
        })
    })
    .await
}

async fn held(txn: &DatabaseTransaction, id: ComplaintId) -> Result<complaint::Model> {
    store::hold(complaint::Entity::find_by_id(id), txn)
        .one(txn)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))
}

/// Writes the step into the timeline and the audit, and tells the family where the office took it.
pub(super) async fn record(
    txn: &DatabaseTransaction,
    caller: &Caller,
    row: &complaint::Model,
    action: ComplaintAction,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let theirs = !matches!(
        action,
        ComplaintAction::Answered | ComplaintAction::Corrected
    );
    complaint_step::ActiveModel {
        community_id: Set(row.community_id),
        complaint_id: Set(row.id),
        version: Set(row.version),
        at: Set(now),
        account_id: Set(caller.account),
        on_behalf: Set(theirs && caller.at_desk()),
        action: Set(action),
        note: Set(note),
        ..Default::default()
    }
    .insert(txn)
    .await?;
    let object = (Subject::Complaint, row.id.0);
    let by = Some(caller.account);
    let change = Change::new(row.community_id, now, by, object, audited(action));
    audit::record(
        txn,
        Change {
            resident: row.resident_id,
            ..change
        },
    )
    .await?;
    tell::complaint_step(txn, now, row).await
}

fn audited(action: ComplaintAction) -> &'static str {
    match action {
        ComplaintAction::Taken => "taken",
        ComplaintAction::Answered => "answered",
        ComplaintAction::Corrected => "corrected",
        ComplaintAction::Confirmed => "confirmed",
        ComplaintAction::Reopened => "reopened",
        ComplaintAction::Withdrawn => "withdrawn",
    }
}
