//! What helpers do with a visit: each step one write, told to those it concerns.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{HelperId, VisitId};
use entity::words::{AssignmentSource, AssignmentState, BookingState, ProblemKind, VisitState};
use entity::{assignment, booking, visit};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction};
use serde::Deserialize;
use utoipa::ToSchema;

use super::acting::Acting;
use super::day::{HelperVisit, one};
use super::steps::{Standing, Step};
use crate::app::App;
use crate::bookings::check_note;
use crate::dispatch::place::{crew, locked};
use crate::dispatch::{match_now, withdraw};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::money::settle;
use crate::notify::tell;
use crate::residents::seen::seen;
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::store::claim;
use crate::timebank::books::Occasion;
use crate::timebank::deposit;

/// Yes or no to an offer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Answering {
    /// Which.
    pub answer: YesOrNo,
    /// Why not.
    #[serde(default)]
    pub reason: Option<String>,
    /// For whom the desk answers.
    #[serde(default)]
    pub helper_id: Option<HelperId>,
}

/// Yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YesOrNo {
    /// 我去
    Accept,
    /// 去不了
    Decline,
}

/// A helper arrived.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Arriving {
    /// For whom the desk records it.
    #[serde(default)]
    pub helper_id: Option<HelperId>,
}

/// A helper is done.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Finishing {
    /// For whom the desk records it.
    #[serde(default)]
    pub helper_id: Option<HelperId>,
    /// Anything to tell.
    #[serde(default)]
    pub note: Option<String>,
}

/// Something is wrong.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Troubling {
    /// What kind of thing.
    pub kind: ProblemKind,
    /// In the helper's words.
    #[serde(default)]
    pub note: Option<String>,
    /// For whom the desk records it.
    #[serde(default)]
    pub helper_id: Option<HelperId>,
}

/// A step with what it needs.
#[derive(Clone, Debug)]
enum Doing {
    Accept,
    Decline(Option<String>),
    Arrive,
    Finish(Option<String>),
    Trouble(ProblemKind, Option<String>),
}

impl Doing {
    /// Whether it can be done now.
    fn check(&self, standing: Standing, now: DateTime<Utc>) -> Result<()> {
        match self {
            Self::Accept => standing.check(Step::Accept, now),
            Self::Decline(_) => standing.check(Step::Decline, now),
            Self::Arrive => standing.check(Step::Arrive, now),
            Self::Finish(_) => standing.check(Step::Finish, now),
            Self::Trouble(kind, _) => standing.check_problem(*kind, now),
        }
    }

    /// Whether the step was taken before: saying it twice is no mistake.
    fn done(&self, visit: &visit::Model, mine: AssignmentState) -> bool {
        match self {
            Self::Accept => mine == AssignmentState::Accepted,
            Self::Decline(_) | Self::Trouble(ProblemKind::CannotCome, _) => {
                mine == AssignmentState::Declined
            }
            // Whoever said no has no part in what the others did.
            _ if !claim::LIVE.contains(&mine) => false,
            Self::Arrive => matches!(visit.state, VisitState::CheckedIn | VisitState::Completed),
            Self::Finish(_) => visit.state == VisitState::Completed,
            Self::Trouble(kind, note) => {
                visit.problem_kind == Some(*kind) && visit.problem_note == *note
            }
        }
    }

    /// Whether somebody else has to be found after it.
    fn drops_out(&self) -> bool {
        matches!(
            self,
            Self::Decline(_) | Self::Trouble(ProblemKind::CannotCome, _)
        )
    }
}

/// Says yes or no.
///
/// # Errors
/// `not-found`, `not-now`, `invalid`, or the database's.
pub async fn answer(
    app: &App,
    caller: Caller,
    id: VisitId,
    body: Answering,
    once: Once,
) -> Result<Answer> {
    let reason = check_note(body.reason.as_deref())?;
    let doing = match body.answer {
        YesOrNo::Accept => Doing::Accept,
        YesOrNo::Decline => Doing::Decline(reason),
    };
    take(app, caller, body.helper_id, id, doing, once).await
}

/// Records the arrival.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn arrive(
    app: &App,
    caller: Caller,
    id: VisitId,
    body: Arriving,
    once: Once,
) -> Result<Answer> {
    take(app, caller, body.helper_id, id, Doing::Arrive, once).await
}

/// Records the end.
///
/// # Errors
/// `not-found`, `not-now`, `invalid`, or the database's.
pub async fn finish(
    app: &App,
    caller: Caller,
    id: VisitId,
    body: Finishing,
    once: Once,
) -> Result<Answer> {
    let note = check_note(body.note.as_deref())?;
    take(app, caller, body.helper_id, id, Doing::Finish(note), once).await
}

/// Records what went wrong.
///
/// # Errors
/// `not-found`, `not-now`, `invalid`, or the database's.
pub async fn trouble(
    app: &App,
    caller: Caller,
    id: VisitId,
    body: Troubling,
    once: Once,
) -> Result<Answer> {
    let note = check_note(body.note.as_deref())?;
    take(
        app,
        caller,
        body.helper_id,
        id,
        Doing::Trouble(body.kind, note),
        once,
    )
    .await
}

async fn take(
    app: &App,
    caller: Caller,
    named: Option<HelperId>,
    id: VisitId,
    doing: Doing,
    once: Once,
) -> Result<Answer> {
    let db = app.store.read();
    let now = app.clock.now();
    let acting = Acting::named(db, caller, named).await?;
    acting.part(db, id).await?;
    let rematch = doing.drops_out();
    let account = acting.caller.account;
    let given = app
        .write_once(account, once, StatusCode::OK, move |txn| {
            let (acting, doing) = (acting.clone(), doing.clone());
            Box::pin(async move {
                Taking {
                    txn,
                    acting: &acting,
                    now,
                }
                .run(id, &doing)
                .await
            })
        })
        .await?;
    if rematch {
        // The visit is in the tray with its reason already: should this fail, nothing is lost.
        if let Err(error) = match_now(app, id, AssignmentSource::Rematch).await {
            tracing::error!(%error, "a visit was not matched again");
        }
    }
    Ok(given)
}

/// Somebody takes a step.
pub(super) struct Taking<'a> {
    pub(super) txn: &'a DatabaseTransaction,
    pub(super) acting: &'a Acting,
    pub(super) now: DateTime<Utc>,
}

impl Taking<'_> {
    async fn run(&self, id: VisitId, doing: &Doing) -> Result<HelperVisit> {
        let visit = locked(self.txn, id).await?;
        let (_, part) = self.acting.part(self.txn, id).await?;
        if doing.done(&visit, part.state) {
            return one(self.txn, self.acting, id, self.now).await;
        }
        let standing = Standing {
            visit: visit.state,
            mine: part.state,
            start: visit.starts_at,
            end: visit.ends_at,
        };
        doing.check(standing, self.now)?;
        match doing {
            Doing::Accept => self.accept(&visit, &part).await?,
            Doing::Decline(reason) => self.decline(&visit, &part, reason.clone()).await?,
            Doing::Arrive => self.arrive(&visit, &part).await?,
            Doing::Finish(note) => self.finish(&visit, note.clone()).await?,
            Doing::Trouble(kind, note) => self.trouble(&visit, &part, *kind, note.clone()).await?,
        }
        one(self.txn, self.acting, id, self.now).await
    }

    async fn yes(&self, part: &assignment::Model) -> Result<()> {
        assignment::ActiveModel {
            id: Set(part.id),
            state: Set(AssignmentState::Accepted),
            answered_at: Set(Some(self.now)),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        Ok(())
    }

    /// The visit is accepted once the whole crew has said yes.
    async fn accept(&self, visit: &visit::Model, part: &assignment::Model) -> Result<()> {
        self.yes(part).await?;
        let all = crew(self.txn, visit.id)
            .await?
            .iter()
            .all(|row| row.state == AssignmentState::Accepted);
        let state = if all {
            VisitState::Accepted
        } else {
            VisitState::Offered
        };
        self.update(
            visit,
            visit::ActiveModel {
                state: Set(state),
                ..Default::default()
            },
        )
        .await?;
        self.record(visit, "accepted", None).await
    }

    /// Filled together or not at all: the whole crew comes off, and the one who declined is not asked again.
    async fn decline(
        &self,
        visit: &visit::Model,
        part: &assignment::Model,
        reason: Option<String>,
    ) -> Result<()> {
        let said = Some((self.now, reason.clone()));
        withdraw::end(self.txn, part, AssignmentState::Declined, said).await?;
        let name = &self.acting.helper.name;
        let why = Said::new(
            format!("{name}来不了，正在另找人。"),
            format!("{name} cannot come; somebody else is being looked for."),
        );
        withdraw::withdraw(self.txn, self.now, visit, why).await?;
        self.record(visit, "declined", reason).await
    }

    /// Records the arrival, at the moment of `self.now`.
    pub(super) async fn arrive(
        &self,
        visit: &visit::Model,
        part: &assignment::Model,
    ) -> Result<()> {
        if part.state == AssignmentState::Offered {
            self.yes(part).await?;
        }
        self.update(
            visit,
            visit::ActiveModel {
                state: Set(VisitState::CheckedIn),
                checked_in_at: Set(Some(self.now)),
                ..Default::default()
            },
        )
        .await?;
        seen(self.txn, visit.resident_id, self.now).await?;
        self.record(visit, "arrived", None).await
    }

    /// Records the end, at the moment of `self.now`: what is earned and owed is reckoned, and the family hears of it.
    pub(super) async fn finish(&self, visit: &visit::Model, note: Option<String>) -> Result<()> {
        self.update(
            visit,
            visit::ActiveModel {
                state: Set(VisitState::Completed),
                completed_at: Set(Some(self.now)),
                finish_note: Set(note.clone()),
                ..Default::default()
            },
        )
        .await?;
        self.close(visit).await?;
        seen(self.txn, visit.resident_id, self.now).await?;
        let occasion = Occasion {
            community: visit.community_id,
            at: self.now,
            by: None,
        };
        deposit::of_visit(self.txn, occasion, visit).await?;
        settle::on_completion(self.txn, self.acting.caller.zone, visit).await?;
        tell::done(self.txn, self.now, visit).await?;
        self.record(visit, "finished", note).await
    }

    /// Records what went wrong.
    pub(super) async fn trouble(
        &self,
        visit: &visit::Model,
        part: &assignment::Model,
        kind: ProblemKind,
        note: Option<String>,
    ) -> Result<()> {
        let state = if kind == ProblemKind::NotHome {
            VisitState::NotHome
        } else {
            visit.state
        };
        self.update(
            visit,
            visit::ActiveModel {
                state: Set(state),
                problem_kind: Set(Some(kind)),
                problem_note: Set(note.clone()),
                problem_at: Set(Some(self.now)),
                ..Default::default()
            },
        )
        .await?;
        match kind {
            ProblemKind::CannotCome => {
                let visit = locked(self.txn, visit.id).await?;
                self.decline(&visit, part, note.clone()).await?;
            }
            ProblemKind::NotHome => self.close(visit).await?,
            ProblemKind::Unwell | ProblemKind::Unsafe | ProblemKind::Other => {}
        }
        self.record(visit, "problem", note).await
    }

    /// Changes the visit and counts its version.
    pub(super) async fn update(
        &self,
        visit: &visit::Model,
        mut change: visit::ActiveModel,
    ) -> Result<()> {
        change.id = Set(visit.id);
        change.version = Set(visit.version + 1);
        change.update(self.txn).await?;
        Ok(())
    }

    /// The booking is over with its visit.
    pub(super) async fn close(&self, visit: &visit::Model) -> Result<()> {
        booking::ActiveModel {
            id: Set(visit.booking_id),
            state: Set(BookingState::Closed),
            ..Default::default()
        }
        .update(self.txn)
        .await?;
        Ok(())
    }

    /// Records the step in the visit's history.
    pub(super) async fn record(
        &self,
        visit: &visit::Model,
        action: &'static str,
        note: Option<String>,
    ) -> Result<()> {
        record(self.txn, self.acting, visit, action, note, self.now).await
    }
}

/// Records a step in the visit's history.
///
/// # Errors
/// The database's.
pub(super) async fn record(
    txn: &DatabaseTransaction,
    acting: &Acting,
    visit: &visit::Model,
    action: &'static str,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    let by = &acting.caller;
    let change = Change::of_visit(visit, by.zone, now, Some(by.account), action)
        .with_helper(acting.helper.id)
        .noted(note);
    audit::record(txn, change).await
}

/// The refusal for what is not there.
pub(super) fn gone() -> Error {
    Problem::not_found().into()
}
