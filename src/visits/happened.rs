//! What became of a visit that is late or missed: the desk says it, and nothing is guessed.

use axum::http::StatusCode;
use entity::ids::VisitId;
use entity::words::{ProblemKind, VisitState};
use entity::{assignment, visit};
use sea_orm::{ActiveValue::Set, DatabaseTransaction};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::act::Taking;
use super::acting::Acting;
use super::{Late, late, late_after};
use crate::app::App;
use crate::bookings::cancel::cancel_now;
use crate::bookings::check_note;
use crate::dispatch::detail;
use crate::dispatch::place::{crew, locked};
use crate::error::{Error, Problem, Result};
use crate::http::caller::{Caller, Desk};
use crate::http::input::{Answer, Once};
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::visits::views::Look;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = BecameOfVisit)]
pub enum Became {
    /// The helper is there now.
    Arrived,
    /// It was done at its time; only nobody said so.
    Done,
    /// The helper did not come.
    HelperAbsent,
    /// Nobody opened.
    NotHome,
    /// Nobody was found to go.
    NobodyCame,
}

impl Became {
    /// Everything that can become of one.
    pub const ALL: [Self; 5] = [
        Self::Arrived,
        Self::Done,
        Self::HelperAbsent,
        Self::NotHome,
        Self::NobodyCame,
    ];
}

/// What the desk says became of a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Happening {
    /// What.
    pub what: Became,
    /// Anything to keep, 500 characters at most.
    #[serde(default)]
    pub note: Option<String>,
    /// The visit's version that was looked at.
    pub version: i32,
}

/// Whether this can be said of a visit that is late in this way.
///
/// # Errors
/// `not-now`, with why.
pub fn check(late: Option<Late>, what: Became) -> Result<()> {
    let may = match late {
        None => {
            return refused(
                "这次服务没有迟到，也没有漏掉，请照平常的办法记录。",
                "This visit is neither late nor missed; please record it in the ordinary way.",
            );
        }
        Some(Late::NobodyFound) => what == Became::NobodyCame,
        Some(Late::NotFinished) => matches!(what, Became::Done | Became::NotHome),
        Some(Late::NotAnswered | Late::NotArrived) => {
            matches!(
                what,
                Became::Arrived | Became::HelperAbsent | Became::NotHome
            )
        }
        Some(Late::Missed) => what != Became::NobodyCame,
    };
    if may {
        return Ok(());
    }
    refused(
        "这次服务现在不能这样记录。",
        "That cannot be said of this visit as it stands now.",
    )
}

fn refused(zh: &str, en: &str) -> Result<()> {
    Err(Problem::not_now(Said::new(zh, en)).into())
}

/// Writes down what became of a visit.
///
/// # Errors
/// `not-found`, `invalid`, `stale`, `not-now`, or the database's.
pub async fn say(
    app: &App,
    Desk(caller): Desk,
    id: VisitId,
    body: Happening,
    once: Once,
) -> Result<Answer> {
    let note = check_note(body.note.as_deref())?;
    let now = app.clock.now();
    let db = app.store.read();
    detail::find(db, &caller, id).await?;
    let acting = match crew(db, id).await?.first() {
        Some(part) => Some(Acting::load(db, caller.clone(), part.helper_id).await?),
        None => None,
    };
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, acting, note) = (caller.clone(), acting.clone(), note.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.version != body.version {
                return Err(Problem::stale().into());
            }
            let after = late_after(txn, visit.community_id).await?;
            check(late(&visit, after, now), body.what)?;
            match (body.what, acting) {
                (Became::NobodyCame, _) => nobody_came(txn, &caller, &visit, note, now).await?,
                (what, Some(acting)) => {
                    let part = crew(txn, id)
                        .await?
                        .into_iter()
                        .find(|part| part.helper_id == acting.helper.id)
                        .ok_or_else(|| Error::from(Problem::stale()))?;
                    let taking = Taking {
                        txn,
                        acting: &acting,
                        now,
                    };
                    with_crew(&taking, &visit, &part, what, note).await?;
                }
                (_, None) => return Err(Problem::stale().into()),
            }
            let look = Look {
                lang: caller.lang,
                now,
                with_phones: true,
            };
            let visit = locked(txn, id).await?;
            detail::detail(txn, look, &visit).await
        })
    })
    .await
}

async fn with_crew(
    taking: &Taking<'_>,
    visit: &visit::Model,
    part: &assignment::Model,
    what: Became,
    note: Option<String>,
) -> Result<()> {
    match what {
        Became::Arrived if visit.ends_at < taking.now => {
            // Over already: it began and ended in its time, as far as anybody knows.
            done(taking, visit, part, note).await
        }
        Became::Arrived => taking.arrive(visit, part).await,
        Became::Done => done(taking, visit, part, note).await,
        Became::NotHome => {
            taking
                .trouble(visit, part, ProblemKind::NotHome, note)
                .await
        }
        Became::HelperAbsent | Became::NobodyCame => {
            taking
                .update(
                    visit,
                    visit::ActiveModel {
                        state: Set(VisitState::HelperAbsent),
                        ..Default::default()
                    },
                )
                .await?;
            taking.close(visit).await?;
            taking.record(visit, "helper_absent", note).await
        }
    }
}

/// It was done in its time: it carries the times it was to have.
async fn done(
    taking: &Taking<'_>,
    visit: &visit::Model,
    part: &assignment::Model,
    note: Option<String>,
) -> Result<()> {
    let at = |now| Taking {
        txn: taking.txn,
        acting: taking.acting,
        now,
    };
    let end = visit.ends_at.min(taking.now);
    if visit.checked_in_at.is_none() {
        at(visit.starts_at).arrive(visit, part).await?;
        let arrived = locked(taking.txn, visit.id).await?;
        return at(end).finish(&arrived, note).await;
    }
    at(end).finish(visit, note).await
}

async fn nobody_came(
    txn: &DatabaseTransaction,
    caller: &Caller,
    visit: &visit::Model,
    note: Option<String>,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<()> {
    let why = note
        .clone()
        .unwrap_or_else(|| "没有找到人 / nobody was found".to_owned());
    let hand = (Some(caller.account), caller.zone);
    cancel_now(txn, hand, visit, &why, true, now).await?;
    let by = Some(caller.account);
    let change = Change::of_visit(visit, caller.zone, now, by, "nobody_came");
    audit::record(txn, change.noted(note)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_said_depends_on_how_it_is_late() {
        let all = Became::ALL;
        let may = |late: Option<Late>| -> Vec<Became> {
            all.into_iter()
                .filter(|what| check(late, *what).is_ok())
                .collect()
        };
        assert_eq!(may(None), []);
        assert_eq!(may(Some(Late::NobodyFound)), [Became::NobodyCame]);
        assert_eq!(
            may(Some(Late::NotArrived)),
            [Became::Arrived, Became::HelperAbsent, Became::NotHome]
        );
        assert_eq!(may(Some(Late::Missed)), all[..4]);
        assert_eq!(
            may(Some(Late::NotFinished)),
            [Became::Done, Became::NotHome]
        );
    }
}
