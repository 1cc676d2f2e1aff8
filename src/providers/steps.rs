//! The steps of an admission. Each is judged with the provider's row held, so that of two at once the second sees the first; a
//! crew is placed with the same row held by others, so that no visit slips past the list that a suspension gives.

use axum::http::StatusCode;
use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::ProviderId;
use entity::words::{Lang, PaperKind, Standing, Subject};
use entity::{provider, provider_approval, provider_paper};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::words::paper_word;
use super::{LONGEST_TEXT, Step, after, file, missing, offers, queries, state_of};
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::requests::at_most;
use crate::said::Said;
use crate::store;
use crate::store::audit::{self, Change};

/// A step of an admission.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TakingStep {
    /// Which.
    pub step: Step,
    /// Why, 500 characters at most; needed to refuse, to suspend and to end.
    pub reason: Option<String>,
    /// The provider's version that was looked at.
    pub version: i32,
}

/// Who writes, and when.
#[derive(Clone, Debug)]
pub(super) struct Hand {
    pub caller: Caller,
    pub now: DateTime<Utc>,
}

impl Hand {
    pub fn today(&self) -> NaiveDate {
        local_date(self.caller.zone, self.now)
    }

    /// Records what was done to a provider.
    pub async fn record<C: ConnectionTrait>(
        &self,
        txn: &C,
        id: ProviderId,
        action: &'static str,
        note: Option<String>,
    ) -> Result<()> {
        let Caller {
            community, account, ..
        } = self.caller;
        let object = (Subject::Provider, id.0);
        let change = Change::new(community, self.now, Some(account), object, action);
        audit::record(txn, change.noted(note)).await
    }
}

/// A provider of the caller's community, held until the write ends; as it was looked at, where that was said.
///
/// # Errors
/// `not-found`, `stale`, or the database's.
pub(super) async fn held<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    id: ProviderId,
    version: Option<i32>,
) -> Result<provider::Model> {
    let wanted =
        provider::Entity::find_by_id(id).filter(provider::Column::CommunityId.eq(caller.community));
    let row = store::hold(wanted, txn)
        .one(txn)
        .await?
        .ok_or_else(Problem::not_found)?;
    if version.is_some_and(|seen| seen != row.version) {
        return Err(Problem::stale().into());
    }
    Ok(row)
}

/// Counts a change of a provider. What changes between the check and the second approval has to be checked again, and
/// approvals of what was there before count no more.
///
/// # Errors
/// The database's.
pub(super) async fn touched(
    txn: &DatabaseTransaction,
    hand: &Hand,
    row: &provider::Model,
    content: bool,
) -> Result<()> {
    let mut change = provider::ActiveModel {
        id: Set(row.id),
        version: Set(row.version + 1),
        ..Default::default()
    };
    let reopened = content && row.standing == Standing::Checked;
    if reopened {
        change.standing = Set(Standing::Applied);
        change.standing_since = Set(Some(hand.now));
        change.round = Set(row.round + 1);
        change.checked_by = Set(None);
    }
    change.update(txn).await?;
    if reopened {
        hand.record(txn, row.id, "reopened", None).await?;
    }
    Ok(())
}

/// Takes a step, and answers with the provider as it stands then, its running visits and sessions among it.
///
/// # Errors
/// `invalid`, `not-now`, `stale`, or the database's.
pub async fn take(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: TakingStep,
    once: Once,
) -> Result<Answer> {
    let reason = check_reason(body.step, body.reason.as_deref())?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    let guarded = app.store.guard().is_on();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (hand, reason) = (hand.clone(), reason.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, Some(body.version)).await?;
            step(txn, &hand, &row, (body.step, reason, guarded)).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

fn check_reason(step: Step, reason: Option<&str>) -> Result<Option<String>> {
    let reason = at_most("reason", reason, LONGEST_TEXT)?;
    if reason.is_none() && matches!(step, Step::Refuse | Step::Suspend | Step::End) {
        return Err(Problem::field(
            "reason",
            Said::new("请写明原因。", "Please give the reason."),
        )
        .into());
    }
    Ok(reason)
}

async fn step(
    txn: &DatabaseTransaction,
    hand: &Hand,
    row: &provider::Model,
    (step, reason, guarded): (Step, Option<String>, bool),
) -> Result<()> {
    let before = approvals(txn, row).await?;
    let approvals = before.len() + usize::from(step == Step::Approve);
    let standing = after(row.standing, step, approvals)?;
    match step {
        Step::Check => in_order(txn, hand, row).await?,
        Step::Approve => {
            if guarded {
                another_person(&before, hand)?;
            }
            in_order(txn, hand, row).await?;
            approve(txn, hand, row, approvals).await?;
            if standing == row.standing {
                return hand.record(txn, row.id, "first_approval", reason).await;
            }
        }
        Step::End => nothing_runs(txn, hand, row).await?,
        Step::Refuse | Step::Reapply | Step::Suspend | Step::Resume => {}
    }
    provider::ActiveModel {
        id: Set(row.id),
        standing: Set(standing),
        state: Set(state_of(standing)),
        standing_since: Set(Some(hand.now)),
        standing_note: Set(reason.clone()),
        round: Set(row.round + i32::from(step == Step::Reapply)),
        checked_by: Set(match step {
            Step::Check => Some(hand.caller.account),
            Step::Reapply => None,
            _ => row.checked_by,
        }),
        version: Set(row.version + 1),
        ..Default::default()
    }
    .update(txn)
    .await?;
    hand.record(txn, row.id, action(step), reason).await
}

fn action(step: Step) -> &'static str {
    match step {
        Step::Check => "checked",
        Step::Approve => "approved",
        Step::Refuse => "refused",
        Step::Reapply => "applied",
        Step::Suspend => "suspended",
        Step::Resume => "resumed",
        Step::End => "ended",
    }
}

/// The approvals of a provider's present round, in their order.
///
/// # Errors
/// The database's.
pub(super) async fn approvals<C: ConnectionTrait>(
    db: &C,
    row: &provider::Model,
) -> Result<Vec<provider_approval::Model>> {
    Ok(provider_approval::Entity::find()
        .filter(provider_approval::Column::ProviderId.eq(row.id))
        .filter(provider_approval::Column::Round.eq(row.round))
        .order_by_asc(provider_approval::Column::Place)
        .all(db)
        .await?)
}

/// The second who approves is somebody else than the first.
fn another_person(before: &[provider_approval::Model], hand: &Hand) -> Result<()> {
    if before
        .iter()
        .any(|row| row.account_id == hand.caller.account)
    {
        return Err(Problem::new(
            crate::error::Kind::NotNow,
            already_approved(),
            Said::new(
                "请另一位调度员或管理员登录后批准。",
                "Ask another coordinator or administrator to sign in and approve.",
            ),
        )
        .into());
    }
    Ok(())
}

/// Why somebody who approved cannot approve again.
pub(super) fn already_approved() -> Said {
    Said::new(
        "您已经批准过，第二次批准要由另一个人做。",
        "You have approved already; the second approval is somebody else's.",
    )
}

async fn approve(
    txn: &DatabaseTransaction,
    hand: &Hand,
    row: &provider::Model,
    place: usize,
) -> Result<()> {
    provider_approval::ActiveModel {
        provider_id: Set(row.id),
        round: Set(row.round),
        account_id: Set(hand.caller.account),
        place: Set(i32::try_from(place).map_err(|error| Error::Internal(error.to_string()))?),
        at: Set(hand.now),
    }
    .insert(txn)
    .await?;
    Ok(())
}

/// Every paper that is needed is there, was checked, and is not out of date.
async fn in_order(txn: &DatabaseTransaction, hand: &Hand, row: &provider::Model) -> Result<()> {
    let papers = provider_paper::Entity::find()
        .filter(provider_paper::Column::ProviderId.eq(row.id))
        .all(txn)
        .await?;
    let needed = offers::needed_of(txn, row).await?;
    let missing = missing(&needed, &papers, hand.today());
    if missing.is_empty() {
        return Ok(());
    }
    Err(Problem::field("papers", missing_sentence(&missing)).into())
}

/// What is missing, in a sentence.
pub(super) fn missing_sentence(missing: &[PaperKind]) -> Said {
    let names = |lang, between: &str| {
        missing
            .iter()
            .map(|kind| paper_word(*kind, lang))
            .collect::<Vec<_>>()
            .join(between)
    };
    Said::new(
        format!("还缺核对过的有效证件：{}。", names(Lang::Zh, "、")),
        format!(
            "Not yet there, checked and in date: {}.",
            names(Lang::En, ", ")
        ),
    )
}

async fn nothing_runs(txn: &DatabaseTransaction, hand: &Hand, row: &provider::Model) -> Result<()> {
    let visits = queries::running_visits(txn, row.id, hand.now).await?.len();
    let sessions = queries::running_sessions(txn, row.id, hand.now)
        .await?
        .len();
    if visits == 0 && sessions == 0 {
        return Ok(());
    }
    Err(Problem::not_now(Said::new(
        format!(
            "还有 {visits} 次服务、{sessions} 场服务站活动在进行或没到时间，先安排好再终止。"
        ),
        format!(
            "{visits} visits and {sessions} sessions of the station are still running or to come; arrange those first."
        ),
    ))
    .into())
}
