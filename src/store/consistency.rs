//! Claims and assignments say the same thing twice, on purpose: here it is seen whether they still agree.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::ids::{AssignmentId, VisitId};
use entity::words::VisitState;
use entity::{assignment, helper_slot, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::claim::{LIVE, slots};
use crate::error::Result;

/// Rows looked at together: a year of a hundred communities does not fit into memory.
const PAGE: u64 = 5_000;

/// A line for each disagreement; none where all is well.
///
/// # Errors
/// The database's.
pub async fn disagreements<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = claims(db).await?;
    found.extend(crews(db).await?);
    found.sort();
    Ok(found)
}

/// Whether each assignment holds the time it should, and no other.
async fn claims<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut last = AssignmentId(0);
    loop {
        let page = assignment::Entity::find()
            .filter(assignment::Column::Id.gt(last))
            .order_by_asc(assignment::Column::Id)
            .limit(PAGE)
            .all(db)
            .await?;
        let Some(end) = page.last().map(|row| row.id) else {
            return Ok(found);
        };
        let mut claimed = claimed(db, last, end).await?;
        let times = times(db, &page).await?;
        for row in &page {
            let held = claimed.remove(&row.id).unwrap_or_default();
            if !LIVE.contains(&row.state) {
                if !held.is_empty() {
                    found.push(format!("assignment {}: holds time and is not live", row.id));
                }
                continue;
            }
            if held != slots(row.starts_at, row.ends_at).collect() {
                found.push(format!(
                    "assignment {}: its claims do not cover its time",
                    row.id
                ));
            }
            if times.get(&row.visit_id) != Some(&(row.starts_at, row.ends_at)) {
                found.push(format!(
                    "assignment {}: its time is not its visit's",
                    row.id
                ));
            }
        }
        last = end;
    }
}

/// The slots held by the assignments after the one and up to the other.
async fn claimed<C: ConnectionTrait>(
    db: &C,
    after: AssignmentId,
    to: AssignmentId,
) -> Result<HashMap<AssignmentId, HashSet<i64>>> {
    let mut claimed: HashMap<_, HashSet<i64>> = HashMap::new();
    for row in helper_slot::Entity::find()
        .filter(helper_slot::Column::AssignmentId.gt(after))
        .filter(helper_slot::Column::AssignmentId.lte(to))
        .all(db)
        .await?
    {
        claimed
            .entry(row.assignment_id)
            .or_default()
            .insert(row.slot);
    }
    Ok(claimed)
}

/// From when to when.
type Span = (DateTime<Utc>, DateTime<Utc>);

/// From when to when the visits of these assignments are.
async fn times<C: ConnectionTrait>(
    db: &C,
    rows: &[assignment::Model],
) -> Result<HashMap<VisitId, Span>> {
    let found: Vec<(VisitId, _, _)> = visit::Entity::find()
        .select_only()
        .columns([
            visit::Column::Id,
            visit::Column::StartsAt,
            visit::Column::EndsAt,
        ])
        .filter(visit::Column::Id.is_in(rows.iter().map(|row| row.visit_id)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found
        .into_iter()
        .map(|(id, from, to)| (id, (from, to)))
        .collect())
}

/// Whether each visit has as many helpers as it should.
async fn crews<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut last = VisitId(0);
    loop {
        let page: Vec<(VisitId, VisitState, i32)> = visit::Entity::find()
            .select_only()
            .columns([
                visit::Column::Id,
                visit::Column::State,
                visit::Column::CrewSize,
            ])
            .filter(visit::Column::Id.gt(last))
            .order_by_asc(visit::Column::Id)
            .limit(PAGE)
            .into_tuple()
            .all(db)
            .await?;
        let Some((end, _, _)) = page.last() else {
            return Ok(found);
        };
        let mut crews: HashMap<VisitId, i32> = HashMap::new();
        let live: Vec<VisitId> = assignment::Entity::find()
            .select_only()
            .column(assignment::Column::VisitId)
            .filter(assignment::Column::VisitId.gt(last))
            .filter(assignment::Column::VisitId.lte(*end))
            .filter(assignment::Column::State.is_in(LIVE))
            .into_tuple()
            .all(db)
            .await?;
        for visit in live {
            *crews.entry(visit).or_insert(0) += 1;
        }
        last = *end;
        for (id, state, crew_size) in page {
            let crew = crews.get(&id).copied().unwrap_or(0);
            let wanted = match state {
                VisitState::Unfilled | VisitState::Cancelled | VisitState::Paused => 0,
                VisitState::Offered | VisitState::Accepted | VisitState::CheckedIn => crew_size,
                _ => continue,
            };
            if crew != wanted {
                found.push(format!(
                    "visit {id}: {crew} assigned where {wanted} should be"
                ));
            }
        }
    }
}
