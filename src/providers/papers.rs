//! A provider's papers: recorded, checked, taken away again where nobody checked them.

use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use entity::ids::{ProviderId, ProviderPaperId};
use entity::words::{Lang, PaperKind};
use entity::{provider_paper, provider_scan};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait,
    QueryFilter,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::apply::missing;
use super::steps::{Hand, held, touched};
use super::words::paper_word;
use super::{LONGEST_NAME, LONGEST_TEXT, file, has_expired, offers};
use crate::app::App;
use crate::error::{Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::requests::at_most;
use crate::said::Said;

/// Papers of one provider at most.
const MOST: u64 = 60;
/// Characters of a paper's number at most.
const LONGEST_NUMBER: usize = 60;
/// Days ahead that a paper's last day may be at most: fifty years.
const FURTHEST_DAYS: i64 = 50 * 366;

/// A paper to be recorded.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct NewPaper {
    /// What it is.
    pub kind: PaperKind,
    /// Its number, 60 characters at most.
    pub number: String,
    /// Who issued it, 100 characters at most.
    pub issued_by: String,
    /// Its last day; left out where it does not expire.
    pub valid_until: Option<NaiveDate>,
    /// Whether no new work is taken once it is out of date. What a provider must have is so always.
    #[serde(default)]
    pub required: bool,
    /// What the office notes, 500 characters at most.
    pub note: Option<String>,
}

/// That somebody checked a paper.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct CheckingPaper {
    /// Against what, 500 characters at most; what was noted stays where nothing is said.
    pub note: Option<String>,
}

/// Records a paper.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn add(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: NewPaper,
    once: Once,
) -> Result<Answer> {
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    let number =
        at_most("number", Some(&body.number), LONGEST_NUMBER)?.ok_or_else(|| missing("number"))?;
    let issued_by = at_most("issued_by", Some(&body.issued_by), LONGEST_NAME)?
        .ok_or_else(|| missing("issued_by"))?;
    let note = at_most("note", body.note.as_deref(), LONGEST_TEXT)?;
    check_last_day(body.valid_until, hand.today())?;
    let paper = provider_paper::ActiveModel {
        provider_id: Set(id),
        kind: Set(body.kind),
        number: Set(number),
        issued_by: Set(issued_by),
        valid_until: Set(body.valid_until),
        note: Set(note),
        added_by: Set(Some(caller.account)),
        added_at: Set(hand.now),
        ..Default::default()
    };
    let (kind, asked) = (body.kind, body.required);
    app.write_once(caller.account, once, StatusCode::CREATED, move |txn| {
        let (hand, mut paper) = (hand.clone(), paper.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, None).await?;
            not_too_many(txn, id).await?;
            let needed = offers::needed_of(txn, &row).await?;
            paper.required = Set(asked || needed.contains(&kind));
            paper.insert(txn).await?;
            let what = paper_word(kind, Lang::Zh).to_owned();
            hand.record(txn, id, "paper_added", Some(what)).await?;
            touched(txn, &hand, &row, true).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

fn check_last_day(last: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    let Some(last) = last else { return Ok(()) };
    if last < today {
        return Err(Problem::field(
            "valid_until",
            Said::new(
                "这份证件已经过期，请登记换新后的证件。",
                "This paper is out of date already; please record the renewed one.",
            ),
        )
        .into());
    }
    if last > today + TimeDelta::days(FURTHEST_DAYS) {
        return Err(Problem::field(
            "valid_until",
            Said::new(
                "有效期太远；长期有效的请留空。",
                "That is too far ahead; leave it empty where it does not expire.",
            ),
        )
        .into());
    }
    Ok(())
}

async fn not_too_many<C: ConnectionTrait>(txn: &C, id: ProviderId) -> Result<()> {
    let kept = provider_paper::Entity::find()
        .filter(provider_paper::Column::ProviderId.eq(id))
        .count(txn)
        .await?;
    if kept < MOST {
        return Ok(());
    }
    Err(Problem::not_now(Said::new(
        format!("一家服务商最多登记 {MOST} 份证件。"),
        format!("A provider has {MOST} papers at most."),
    ))
    .into())
}

/// A paper of a provider.
///
/// # Errors
/// `not-found`, or the database's.
pub(super) async fn find<C: ConnectionTrait>(
    db: &C,
    id: ProviderId,
    paper: ProviderPaperId,
) -> Result<provider_paper::Model> {
    provider_paper::Entity::find_by_id(paper)
        .filter(provider_paper::Column::ProviderId.eq(id))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Notes that somebody checked a paper against its original or the register.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn check(
    app: &App,
    caller: &Caller,
    (id, paper): (ProviderId, ProviderPaperId),
    body: CheckingPaper,
    once: Once,
) -> Result<Answer> {
    let note = at_most("note", body.note.as_deref(), LONGEST_TEXT)?;
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (hand, note) = (hand.clone(), note.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, None).await?;
            let paper = find(txn, id, paper).await?;
            if paper.checked_at.is_some() {
                return Err(Problem::not_now(Said::new(
                    "这份证件已经核对过。",
                    "This paper was checked already.",
                ))
                .into());
            }
            if has_expired(&paper, hand.today()) {
                return Err(Problem::not_now(Said::new(
                    "这份证件已经过期，请登记换新后的证件。",
                    "This paper is out of date; please record the renewed one.",
                ))
                .into());
            }
            let what = paper_word(paper.kind, Lang::Zh).to_owned();
            provider_paper::ActiveModel {
                id: Set(paper.id),
                checked_by: Set(Some(hand.caller.account)),
                checked_at: Set(Some(hand.now)),
                note: Set(note.or(paper.note)),
                ..Default::default()
            }
            .update(txn)
            .await?;
            hand.record(txn, id, "paper_checked", Some(what)).await?;
            touched(txn, &hand, &row, false).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

/// Takes a paper away that nobody checked: a slip of the pen. What was checked stays in the record.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn remove(
    app: &App,
    caller: &Caller,
    (id, paper): (ProviderId, ProviderPaperId),
) -> Result<()> {
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.store
        .write(move |txn| {
            let hand = hand.clone();
            Box::pin(async move {
                let row = held(txn, &hand.caller, id, None).await?;
                let paper = find(txn, id, paper).await?;
                if paper.checked_at.is_some() {
                    return Err(Problem::not_now(Said::new(
                        "核对过的证件要留档，不能撤下；换新后请登记新的一份。",
                        "A paper that was checked stays on record; record the new one beside it.",
                    ))
                    .into());
                }
                provider_scan::Entity::delete_by_id(paper.id)
                    .exec(txn)
                    .await?;
                provider_paper::Entity::delete_by_id(paper.id)
                    .exec(txn)
                    .await?;
                let what = paper_word(paper.kind, Lang::Zh).to_owned();
                hand.record(txn, id, "paper_removed", Some(what)).await?;
                touched(txn, &hand, &row, true).await
            })
        })
        .await
}
