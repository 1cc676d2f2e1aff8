//! What a plan changes, visit by visit, and what it leaves unserved.

use chrono::{DateTime, Utc};
use entity::ids::{HelperId, PlanId, VisitId};
use entity::words::PlanChangeKind;
use entity::{plan, plan_change};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
};
use serde::{Deserialize, Serialize};

use super::views::Summary;
use crate::dispatch::load::Stated;
use crate::dispatch::stored;
use crate::error::{Error, Result};
use crate::matching::{self, Held, HelperIx, Hold, Lang, Placed, VisitIx, checker, explain};
use crate::said::Said;

/// What is kept with a plan beside its changes.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) figures: Summary,
    pub(super) unfilled: Vec<(VisitId, Said)>,
    /// Why the program discarded it, where it did.
    #[serde(default)]
    pub(super) why: Option<Said>,
}

impl Kept {
    /// What is kept with this plan; nothing where it cannot be read.
    pub(super) fn of(row: &plan::Model) -> Self {
        serde_json::from_value(row.summary.clone()).unwrap_or_default()
    }

    /// As it is stored.
    pub(super) fn stored(&self) -> Result<serde_json::Value> {
        serde_json::to_value(self).map_err(|error| Error::Internal(error.to_string()))
    }
}

/// A difference that is not stored yet.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    visit: VisitId,
    version: i32,
    kind: PlanChangeKind,
    from: Option<(Vec<HelperId>, DateTime<Utc>)>,
    to: (Vec<HelperId>, DateTime<Utc>),
    reasons: Vec<Said>,
}

/// What the plan changes, and what it leaves unserved.
pub(super) fn compare(stated: &Stated, found: &[Option<Placed>]) -> (Vec<Difference>, Kept) {
    let problem = &stated.problem;
    let mut differences = Vec::new();
    let mut kept = Kept::default();
    for at in problem.visit_ixs() {
        let row = &stated.visits[at.0];
        let held = problem.visit(at).held.as_ref();
        kept.figures.served_before += usize::from(held.is_some());
        let Some(placed) = &found[at.0] else {
            let why = explain::why_unserved(problem, found, at);
            if let Some(held) = held {
                kept.figures.moved += 1;
                // Once it is published the family reads this one with the visit.
                let told = Said::new(
                    why.sentence(problem, Lang::Zh),
                    why.sentence(problem, Lang::En),
                );
                differences.push(given_up(stated, at, held, told));
            }
            let for_office = Said::new(
                why.sentence_for_office(problem, Lang::Zh),
                why.sentence_for_office(problem, Lang::En),
            );
            kept.unfilled.push((row.id, for_office));
            continue;
        };
        kept.figures.served_after += 1;
        if held.is_some_and(|held| held.hold == Hold::Fixed) {
            continue;
        }
        if let Some(difference) = difference(stated, found, at, placed) {
            match difference.kind {
                PlanChangeKind::Assign => kept.figures.assigned += 1,
                PlanChangeKind::Move | PlanChangeKind::Reassign | PlanChangeKind::Unassign => {
                    kept.figures.moved += 1;
                }
            }
            differences.push(difference);
        }
    }
    let before = matching::PlanState::held(problem);
    kept.figures.unserved_after = kept.unfilled.len();
    kept.figures.walking_before_min = checker::score_of(problem, before.placements()).walking / 60;
    kept.figures.walking_after_min = checker::score_of(problem, found).walking / 60;
    (differences, kept)
}

/// A visit that somebody was to come to, and that makes room for one that matters more.
fn given_up(stated: &Stated, at: VisitIx, held: &Held, why: Said) -> Difference {
    let row = &stated.visits[at.0];
    let start = stated.instant(held.start);
    Difference {
        visit: row.id,
        version: row.version,
        kind: PlanChangeKind::Unassign,
        from: Some((in_order(stated, &held.helpers), start)),
        to: (Vec::new(), start),
        reasons: vec![why],
    }
}

/// A crew's row numbers, so that the same crew is the same list.
fn in_order(stated: &Stated, crew: &[HelperIx]) -> Vec<HelperId> {
    let mut ids = stated.ids(crew);
    ids.sort_unstable();
    ids
}

fn difference(
    stated: &Stated,
    found: &[Option<Placed>],
    at: VisitIx,
    placed: &Placed,
) -> Option<Difference> {
    let problem = &stated.problem;
    let row = &stated.visits[at.0];
    let to = (
        in_order(stated, &placed.helpers),
        stated.instant(placed.start),
    );
    let from = problem
        .visit(at)
        .held
        .as_ref()
        .map(|held| (in_order(stated, &held.helpers), stated.instant(held.start)));
    let kind = match &from {
        None => PlanChangeKind::Assign,
        Some(from) if *from == to => return None,
        Some(from) if from.0 == to.0 => PlanChangeKind::Move,
        Some(_) => PlanChangeKind::Reassign,
    };
    let reasons = explain::reasons(problem, found, at)
        .iter()
        .map(|part| {
            Said::new(
                part.sentence(problem, Lang::Zh),
                part.sentence(problem, Lang::En),
            )
        })
        .collect();
    Some(Difference {
        visit: row.id,
        version: row.version,
        kind,
        from,
        to,
        reasons,
    })
}

/// Rows in one statement; a database takes only so many values at once.
const TOGETHER: usize = 500;

/// Keeps the differences with their plan.
///
/// # Errors
/// The database's.
pub(super) async fn insert<C: ConnectionTrait>(
    txn: &C,
    plan: &plan::Model,
    differences: &[Difference],
) -> Result<()> {
    for some in differences.chunks(TOGETHER) {
        let rows: Vec<_> = some
            .iter()
            .map(|difference| difference.row(plan))
            .collect::<Result<_>>()?;
        plan_change::Entity::insert_many(rows)
            .exec_without_returning(txn)
            .await?;
    }
    Ok(())
}

impl Difference {
    fn row(&self, plan: &plan::Model) -> Result<plan_change::ActiveModel> {
        let json = |ids: &[HelperId]| {
            serde_json::to_value(ids).map_err(|error| Error::Internal(error.to_string()))
        };
        let from = self.from.as_ref();
        Ok(plan_change::ActiveModel {
            community_id: Set(plan.community_id),
            plan_id: Set(plan.id),
            visit_id: Set(self.visit),
            kind: Set(self.kind),
            from_helpers: Set(json(from.map_or(&[], |from| from.0.as_slice()))?),
            from_start: Set(from.map(|from| from.1)),
            to_helpers: Set(json(&self.to.0)?),
            to_start: Set(self.to.1),
            reasons: Set(stored(&self.reasons)?),
            visit_version: Set(self.version),
            ..Default::default()
        })
    }
}

/// The differences of a plan, in the order in which they were found.
///
/// # Errors
/// The database's.
pub(in crate::dispatch) async fn changes<C: ConnectionTrait>(
    db: &C,
    plan: PlanId,
) -> Result<Vec<plan_change::Model>> {
    Ok(plan_change::Entity::find()
        .filter(plan_change::Column::PlanId.eq(plan))
        .order_by_asc(plan_change::Column::Id)
        .all(db)
        .await?)
}
