//! Putting a plan in force: one write, in which everybody it touches is told.
//!
//! Visits that change places cannot be moved one after the other where each waits for the other's place. So the changes
//! are tried in rounds as long as one more succeeds; what is left then steps aside together and takes its new places.

use std::collections::HashSet;

use axum::http::StatusCode;
use entity::ids::{HelperId, PlanId, VisitId};
use entity::words::{AssignmentSource, AssignmentState, PlanState, VisitState};
use entity::{plan, plan_change, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseConnection, DatabaseTransaction, TransactionTrait,
};

use super::load::state;
use super::place::{Desk, Placing, crew, locked, place};
use super::plan::{changes, draft, find, record, scope_of, view};
use super::withdraw;
use crate::app::App;
use crate::error::{Error, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::matching::{Placed, PlanState as Placements, checker};
use crate::notify::tell;
use crate::said::Said;

/// Publishes a draft. A change whose visit somebody altered since, or that no longer keeps the rules, is left out and
/// says so.
///
/// # Errors
/// `not-found`, `not-now`, or the database's.
pub async fn publish(
    app: &App,
    coordinator: Coordinator,
    id: PlanId,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    let row = find(app.store.read(), &caller, id).await?;
    let desk = Desk {
        guard: app.store.guard(),
        now,
        zone: caller.zone,
    };
    let refused = refused(app.store.read(), &caller, &row, desk).await?;
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, refused) = (by.clone(), refused.clone());
        Box::pin(async move {
            let row = draft(txn, id).await?;
            let pending = changes(txn, id).await?;
            let (pending, left_out): (Vec<_>, Vec<_>) = pending
                .into_iter()
                .partition(|change| !refused.contains(&change.visit_id));
            for change in &left_out {
                mark(txn, change, false).await?;
            }
            Publishing {
                txn,
                desk,
                caller: &caller,
            }
            .run(pending)
            .await?;
            let row = plan::ActiveModel {
                id: Set(row.id),
                state: Set(PlanState::Published),
                published_at: Set(Some(now)),
                ..Default::default()
            }
            .update(txn)
            .await?;
            record(txn, Some(caller.account), &row, "published", now).await?;
            view(txn, caller.lang, &row, now).await
        })
    })
    .await
}

/// The visits whose change the independent checker refuses as things stand now: somebody may have gone on leave, or a
/// credential been taken away, since the plan was made.
async fn refused(
    db: &DatabaseConnection,
    caller: &Caller,
    plan: &plan::Model,
    desk: Desk,
) -> Result<HashSet<VisitId>> {
    let scope = scope_of(plan, caller.zone, desk.now);
    let stated = state(db, &scope, None).await?;
    let mut placements = Placements::held(&stated.problem).placements().to_vec();
    let mut touched = HashSet::new();
    for change in changes(db, plan.id).await? {
        let Some(at) = stated.visit_ix.get(&change.visit_id) else {
            touched.insert(change.visit_id);
            continue;
        };
        let helpers: Option<Vec<_>> = crew_of(&change.to_helpers)?
            .iter()
            .map(|id| stated.helper_ix.get(id).copied())
            .collect();
        match helpers {
            None => {
                touched.insert(change.visit_id);
            }
            Some(helpers) => {
                placements[at.0] = Some(Placed {
                    helpers,
                    start: stated.seconds(change.to_start),
                });
            }
        }
    }
    touched.extend(
        checker::check(&stated.problem, &placements)
            .iter()
            .map(|violation| stated.visits[violation.visit.0].id),
    );
    Ok(touched)
}

fn crew_of(json: &serde_json::Value) -> Result<Vec<HelperId>> {
    serde_json::from_value(json.clone()).map_err(|error| Error::Internal(error.to_string()))
}

async fn mark(txn: &DatabaseTransaction, change: &plan_change::Model, applied: bool) -> Result<()> {
    plan_change::ActiveModel {
        id: Set(change.id),
        applied: Set(Some(applied)),
        ..Default::default()
    }
    .update(txn)
    .await?;
    Ok(())
}

struct Publishing<'a> {
    txn: &'a DatabaseTransaction,
    desk: Desk,
    caller: &'a Caller,
}

impl Publishing<'_> {
    async fn run(&self, mut pending: Vec<plan_change::Model>) -> Result<()> {
        loop {
            let mut waiting = Vec::new();
            let tried = pending.len();
            for change in pending {
                match self.untouched(&change).await? {
                    None => mark(self.txn, &change, false).await?,
                    Some(visit) => {
                        if self.place(self.txn, &visit, &change, Vec::new()).await? {
                            mark(self.txn, &change, true).await?;
                        } else {
                            waiting.push(change);
                        }
                    }
                }
            }
            if waiting.is_empty() || waiting.len() == tried {
                return self.together(waiting).await;
            }
            pending = waiting;
        }
    }

    /// The visit of a change, if nobody altered it since the plan was made.
    async fn untouched(&self, change: &plan_change::Model) -> Result<Option<visit::Model>> {
        let visit = locked(self.txn, change.visit_id).await?;
        let open = matches!(visit.state, VisitState::Unfilled | VisitState::Offered);
        Ok((open && visit.version == change.visit_version && !visit.pinned).then_some(visit))
    }

    async fn place(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        change: &plan_change::Model,
        instead_of: Vec<HelperId>,
    ) -> Result<bool> {
        let helpers = crew_of(&change.to_helpers)?;
        let reasons: Vec<Said> = serde_json::from_value(change.reasons.clone())
            .map_err(|error| Error::Internal(error.to_string()))?;
        let placing = Placing {
            price_fen: self.price(txn, visit, &helpers).await?,
            helpers,
            start: change.to_start,
            source: AssignmentSource::Plan,
            reasons,
            override_reason: None,
            by: Some(self.caller.account),
            instead_of,
        };
        Ok(place(txn, self.desk, visit, &placing).await?.is_ok())
    }

    async fn price(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        helpers: &[HelperId],
    ) -> Result<Option<i64>> {
        use sea_orm::EntityTrait;
        let Some(first) = helpers.first() else {
            return Ok(None);
        };
        let Some(helper) = entity::helper::Entity::find_by_id(*first).one(txn).await? else {
            return Ok(None);
        };
        Ok(
            entity::service_offer::Entity::find_by_id((visit.service_id, helper.kind))
                .one(txn)
                .await?
                .map(|offer| offer.price_fen),
        )
    }

    /// Those that wait for each other leave their places together and take the new ones; where one cannot, none does.
    async fn together(&self, waiting: Vec<plan_change::Model>) -> Result<()> {
        if waiting.is_empty() {
            return Ok(());
        }
        let savepoint = self.txn.begin().await?;
        let mut all = true;
        let mut stepped = Vec::new();
        for change in &waiting {
            let visit = locked(&savepoint, change.visit_id).await?;
            let gone = self.step_aside(&savepoint, &visit, change).await?;
            stepped.push((visit, gone));
        }
        for (change, (visit, gone)) in waiting.iter().zip(stepped) {
            all = all && self.place(&savepoint, &visit, change, gone).await?;
        }
        if all {
            savepoint.commit().await?;
        } else {
            savepoint.rollback().await?;
        }
        for change in &waiting {
            mark(self.txn, change, all).await?;
        }
        Ok(())
    }

    async fn step_aside(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        change: &plan_change::Model,
    ) -> Result<Vec<HelperId>> {
        let staying = crew_of(&change.to_helpers)?;
        let mut gone = Vec::new();
        for row in crew(txn, visit.id).await? {
            withdraw::end(txn, &row, AssignmentState::Withdrawn, None).await?;
            if !staying.contains(&row.helper_id) {
                tell::withdrawn(txn, self.desk.now, visit, row.helper_id).await?;
            }
            gone.push(row.helper_id);
        }
        Ok(gone)
    }
}
