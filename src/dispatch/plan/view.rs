//! A plan as the board shows it.

use std::collections::HashMap;

use entity::ids::{HelperId, VisitId};
use entity::{helper, plan, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::difference::{Kept, changes};
use crate::dispatch::board::{About, head};
use crate::dispatch::told;
use crate::dispatch::views::{NamedHelper, Placement, PlanChangeView, PlanView, StillUnfilled};
use crate::error::Result;

/// A plan as the board shows it.
///
/// # Errors
/// The database's.
pub async fn view<C: ConnectionTrait>(
    db: &C,
    lang: entity::words::Lang,
    row: &plan::Model,
) -> Result<PlanView> {
    let kept: Kept = serde_json::from_value(row.summary.clone()).unwrap_or_default();
    let rows = changes(db, row.id).await?;
    let ids = rows
        .iter()
        .map(|row| row.visit_id)
        .chain(kept.unfilled.iter().map(|(id, _)| *id));
    let visits: HashMap<VisitId, visit::Model> = visit::Entity::find()
        .filter(visit::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let all: Vec<visit::Model> = visits.values().cloned().collect();
    let about = About::read(db, lang, &all).await?;
    let helpers: HashMap<HelperId, helper::Model> = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(row.community_id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let named = |json: &serde_json::Value| -> Vec<NamedHelper> {
        serde_json::from_value::<Vec<HelperId>>(json.clone())
            .unwrap_or_default()
            .iter()
            .filter_map(|id| helpers.get(id))
            .map(|helper| NamedHelper {
                id: helper.id,
                name: helper.name.clone(),
                kind: helper.kind,
            })
            .collect()
    };
    Ok(PlanView {
        head: head(db, row).await?,
        summary: kept.figures,
        changes: rows
            .into_iter()
            .filter_map(|row| {
                let visit = visits.get(&row.visit_id)?;
                Some(PlanChangeView {
                    id: row.id,
                    visit_id: row.visit_id,
                    resident: about.resident(visit),
                    door: about.door(visit),
                    service: about.service(visit),
                    kind: row.kind,
                    from: row.from_start.map(|start| Placement {
                        helpers: named(&row.from_helpers),
                        start,
                    }),
                    to: Placement {
                        helpers: named(&row.to_helpers),
                        start: row.to_start,
                    },
                    reasons: told(&row.reasons, lang),
                    applied: row.applied,
                })
            })
            .collect(),
        unfilled: kept
            .unfilled
            .iter()
            .filter_map(|(id, why)| {
                let visit = visits.get(id)?;
                Some(StillUnfilled {
                    visit_id: *id,
                    resident: about.resident(visit),
                    service: about.service(visit),
                    start: visit.asked_start,
                    why: why.to(lang),
                })
            })
            .collect(),
    })
}
