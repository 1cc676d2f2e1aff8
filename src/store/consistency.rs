//! Claims and assignments say the same thing twice, on purpose: here it is seen whether they still agree.

use std::collections::{HashMap, HashSet};

use entity::ids::{AssignmentId, VisitId};
use entity::words::VisitState;
use entity::{assignment, helper_slot, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::claim::{LIVE, slots};
use crate::error::Result;

/// A line for each disagreement; none where all is well.
///
/// # Errors
/// The database's.
pub async fn disagreements<C: ConnectionTrait>(db: &C) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut claimed: HashMap<AssignmentId, HashSet<i64>> = HashMap::new();
    for row in helper_slot::Entity::find().all(db).await? {
        claimed
            .entry(row.assignment_id)
            .or_default()
            .insert(row.slot);
    }
    let live = assignment::Entity::find()
        .filter(assignment::Column::State.is_in(LIVE))
        .all(db)
        .await?;
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut crews: HashMap<VisitId, i32> = HashMap::new();
    for row in &live {
        *crews.entry(row.visit_id).or_insert(0) += 1;
        let wanted: HashSet<i64> = slots(row.starts_at, row.ends_at).collect();
        if claimed.remove(&row.id).unwrap_or_default() != wanted {
            found.push(format!(
                "assignment {}: its claims do not cover its time",
                row.id
            ));
        }
        let agrees = visits
            .get(&row.visit_id)
            .is_some_and(|visit| visit.starts_at == row.starts_at && visit.ends_at == row.ends_at);
        if !agrees {
            found.push(format!(
                "assignment {}: its time is not its visit's",
                row.id
            ));
        }
    }
    for assignment in claimed.keys() {
        found.push(format!(
            "assignment {assignment}: holds time and is not live"
        ));
    }
    for visit in visits.values() {
        let crew = crews.get(&visit.id).copied().unwrap_or(0);
        let wanted = match visit.state {
            VisitState::Unfilled | VisitState::Cancelled | VisitState::Paused => 0,
            VisitState::Offered | VisitState::Accepted | VisitState::CheckedIn => visit.crew_size,
            _ => continue,
        };
        if crew != wanted {
            found.push(format!(
                "visit {}: {crew} assigned where {wanted} should be",
                visit.id
            ));
        }
    }
    found.sort();
    Ok(found)
}
