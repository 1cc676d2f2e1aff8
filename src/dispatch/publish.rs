//! Putting a plan in force: one write, in which everybody it touches is told.
//!
//! Visits that change places cannot be moved one after the other where each waits for the other's place. So the changes
//! are tried in rounds as long as one more succeeds; what is left then steps aside together and takes its new places. A
//! visit that is given up for one that matters more goes with these, and only where its place is really taken.

use std::collections::HashSet;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{HelperId, PlanId, VisitId};
use entity::words::{AssignmentSource, AssignmentState, PlanChangeKind, PlanState, VisitState};
use entity::{plan, plan_change, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait, TransactionTrait,
};

use super::load::state;
use super::place::{Desk, Placing, crew, locked, place};
use super::plan::{changes, draft, find, record, scope_of, view};
use super::withdraw;
use crate::app::App;
use crate::clock::local_date;
use crate::error::{Error, Result};
use crate::http::caller::{Caller, Coordinator};
use crate::http::input::{Answer, Once};
use crate::matching::{Placed, PlanState as Placements, checker};
use crate::notify::tell;
use crate::providers::prices::Prices;
use crate::said::Said;
use crate::store::audit::{self, Change};

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
    let refused = refused(app, &caller, &row, desk).await?;
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
    app: &App,
    caller: &Caller,
    plan: &plan::Model,
    desk: Desk,
) -> Result<HashSet<VisitId>> {
    let scope = scope_of(plan, caller.zone, desk.now);
    let stated = state(app, &scope, None).await?;
    let mut placements = Placements::held(&stated.problem).placements().to_vec();
    let mut touched = HashSet::new();
    for change in changes(app.store.read(), plan.id).await? {
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
            Some(_) if change.kind == PlanChangeKind::Unassign => placements[at.0] = None,
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

fn reasons_of(change: &plan_change::Model) -> Result<Vec<Said>> {
    serde_json::from_value(change.reasons.clone())
        .map_err(|error| Error::Internal(error.to_string()))
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
    async fn run(&self, pending: Vec<plan_change::Model>) -> Result<()> {
        let (given_up, mut pending): (Vec<_>, Vec<_>) = pending
            .into_iter()
            .partition(|change| change.kind == PlanChangeKind::Unassign);
        let mut giving_up = Vec::new();
        for change in given_up {
            match self.untouched(&change).await? {
                None => mark(self.txn, &change, false).await?,
                Some(_) => giving_up.push(change),
            }
        }
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
                return self.together(waiting, giving_up).await;
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
        let reasons = reasons_of(change)?;
        let placing = Placing {
            price_fen: self.price(txn, visit, &helpers, change.to_start).await?,
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
        start: DateTime<Utc>,
    ) -> Result<Option<i64>> {
        let Some(first) = helpers.first() else {
            return Ok(None);
        };
        let Some(helper) = entity::helper::Entity::find_by_id(*first).one(txn).await? else {
            return Ok(None);
        };
        let prices = Prices::read(txn, [visit.service_id]).await?;
        let day = local_date(self.desk.zone, start);
        Ok(prices.of(visit.service_id, &helper, day))
    }

    /// Those that wait for each other leave their places together and take the new ones, and visits that are given up
    /// leave theirs. Where one cannot, or need not, it stays where it is and the others try once more without it.
    async fn together(
        &self,
        mut waiting: Vec<plan_change::Model>,
        mut giving_up: Vec<plan_change::Model>,
    ) -> Result<()> {
        loop {
            let savepoint = self.txn.begin().await?;
            let staying = self.exchange(&savepoint, &waiting, &giving_up).await?;
            let stays = |change: &plan_change::Model| staying.contains(&change.visit_id);
            if staying.is_empty() {
                savepoint.commit().await?;
                for change in waiting.iter().chain(&giving_up) {
                    mark(self.txn, change, true).await?;
                }
                return Ok(());
            }
            savepoint.rollback().await?;
            for change in waiting.iter().chain(&giving_up) {
                if stays(change) {
                    mark(self.txn, change, false).await?;
                }
            }
            waiting.retain(|change| !stays(change));
            giving_up.retain(|change| !stays(change));
        }
    }

    /// Tries it once. Gives the visits that stay where they are: first those that have no place to go to, then those that
    /// nobody's coming would have to be given up for.
    async fn exchange(
        &self,
        txn: &DatabaseTransaction,
        waiting: &[plan_change::Model],
        giving_up: &[plan_change::Model],
    ) -> Result<HashSet<VisitId>> {
        let mut stepped = Vec::new();
        for change in waiting.iter().chain(giving_up) {
            let visit = locked(txn, change.visit_id).await?;
            let gone = self.step_aside(txn, &visit, change).await?;
            stepped.push((visit, gone));
        }
        let given_up = stepped.split_off(waiting.len());
        let mut staying = HashSet::new();
        for (change, (visit, gone)) in waiting.iter().zip(stepped) {
            if !self.place(txn, &visit, change, gone).await? {
                staying.insert(visit.id);
            }
        }
        if !staying.is_empty() {
            return Ok(staying);
        }
        for (change, (visit, _)) in giving_up.iter().zip(&given_up) {
            if self.could_stay(txn, visit, change).await? {
                staying.insert(visit.id);
            }
        }
        if staying.is_empty() {
            for (change, (visit, _)) in giving_up.iter().zip(&given_up) {
                self.give_up(txn, visit, change).await?;
            }
        }
        Ok(staying)
    }

    /// Whether the place of a visit that steps aside is still free.
    async fn could_stay(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        change: &plan_change::Model,
    ) -> Result<bool> {
        let as_it_was = plan_change::Model {
            to_helpers: change.from_helpers.clone(),
            to_start: change.from_start.unwrap_or(visit.starts_at),
            ..change.clone()
        };
        let probe = txn.begin().await?;
        let fits = self.place(&probe, visit, &as_it_was, Vec::new()).await?;
        probe.rollback().await?;
        Ok(fits)
    }

    /// The visit waits for somebody again, and says why.
    async fn give_up(
        &self,
        txn: &DatabaseTransaction,
        visit: &visit::Model,
        change: &plan_change::Model,
    ) -> Result<()> {
        let why = reasons_of(change)?.into_iter().next().unwrap_or_else(|| {
            Said::new(
                "让给了更急的一件事。",
                "It made room for one that matters more.",
            )
        });
        let visit = withdraw::withdraw(txn, self.desk.now, visit, why).await?;
        let by = Some(self.caller.account);
        let change = Change::of_visit(&visit, self.desk.zone, self.desk.now, by, "withdrawn");
        audit::record(txn, change).await
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
