//! Plans as the office sees them.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, PlanChangeId, PlanId, VisitId};
use entity::words::{Lang, PlanChangeKind, PlanState};
use entity::{account, helper, plan, plan_change, plan_search, visit};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::difference::{Kept, changes};
use super::progress::{self, Standing};
use super::{LONGEST_DAYS, covers};
use crate::dispatch::board::About;
use crate::dispatch::told;
use crate::dispatch::views::NamedHelper;
use crate::error::Result;
use crate::http::caller::Caller;

/// A plan in few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanHead {
    /// The plan.
    pub id: PlanId,
    /// The first local date.
    pub date: NaiveDate,
    /// How many days from there, 1 or 7.
    pub days: i32,
    /// Searching, draft, published or discarded.
    pub state: PlanState,
    /// How far the search is, while it is under way.
    pub search: Option<SearchView>,
    /// How many differences.
    pub change_count: usize,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// How far a search is, and the best it has found so far.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchView {
    /// Seconds it may search.
    pub asked_seconds: f64,
    /// Seconds it has searched.
    pub spent_seconds: f64,
    /// Steps it has tried.
    pub iterations: i64,
    /// Visits without anybody in the best so far; nothing until there is one.
    pub unfilled: Option<i32>,
    /// The sum of their priorities, which never grows.
    pub unfilled_priority: Option<i64>,
    /// Minutes of walking in the best so far.
    pub walking_min: Option<i64>,
    /// Somebody asked to stop here and keep the best.
    pub stopping: bool,
}

impl From<&plan_search::Model> for SearchView {
    fn from(row: &plan_search::Model) -> Self {
        Self {
            asked_seconds: f64::from(row.asked_ms) / 1000.0,
            spent_seconds: f64::from(row.spent_ms) / 1000.0,
            iterations: row.iterations,
            unfilled: row.unfilled,
            unfilled_priority: row.unfilled_priority,
            walking_min: row.walking_s.map(|seconds| seconds / 60),
            stopping: row.stop_asked,
        }
    }
}

/// A plan as a difference from what stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// In few words.
    #[serde(flatten)]
    pub head: PlanHead,
    /// Why the program discarded it, where it did and no person.
    pub why: Option<String>,
    /// Before and after; nothing but zeros while it is being searched.
    pub summary: Summary,
    /// The differences.
    pub changes: Vec<PlanChangeView>,
    /// Who stays unserved, and why.
    pub unfilled: Vec<StillUnfilled>,
}

/// Figures before and after.
#[derive(Clone, Copy, Debug, Default, Serialize, serde::Deserialize, ToSchema)]
pub struct Summary {
    /// Visits with somebody, before.
    pub served_before: usize,
    /// Visits with somebody, after.
    pub served_after: usize,
    /// Visits with nobody, after.
    pub unserved_after: usize,
    /// Minutes walked, before.
    pub walking_before_min: i64,
    /// Minutes walked, after.
    pub walking_after_min: i64,
    /// Visits whose time or crew changes.
    pub moved: usize,
    /// Visits that get somebody.
    pub assigned: usize,
}

/// One difference.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PlanChangeView {
    /// The difference.
    pub id: PlanChangeId,
    /// The visit.
    pub visit_id: VisitId,
    /// The resident's name.
    pub resident: String,
    /// 3栋2单元501, in English Building 3, 2-501.
    pub door: String,
    /// The service's name.
    pub service: String,
    /// What changes.
    pub kind: PlanChangeKind,
    /// How it is; none where nobody comes.
    pub from: Option<Placement>,
    /// How it would be.
    pub to: Placement,
    /// Why.
    pub reasons: Vec<String>,
    /// After publishing: whether it was done, or overtaken by somebody.
    pub applied: Option<bool>,
}

/// Who and when.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Placement {
    /// The crew.
    pub helpers: Vec<NamedHelper>,
    /// Start.
    pub start: DateTime<Utc>,
}

/// A visit the plan cannot serve.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StillUnfilled {
    /// The visit.
    pub visit_id: VisitId,
    /// The resident's name.
    pub resident: String,
    /// The service's name.
    pub service: String,
    /// The start asked for.
    pub start: DateTime<Utc>,
    /// Why.
    pub why: String,
}

/// A plan with everything in it.
///
/// # Errors
/// The database's.
pub async fn view<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    row: &plan::Model,
    now: DateTime<Utc>,
) -> Result<PlanView> {
    let kept = Kept::of(row);
    let (head, silent) = head_of(db, row, now).await?;
    let why = if silent {
        Some(progress::interrupted())
    } else {
        kept.why
    };
    let rows = changes(db, row.id).await?;
    // What was to be given up and could stay after all has somebody.
    let stayed: HashSet<VisitId> = rows
        .iter()
        .filter(|row| row.kind == PlanChangeKind::Unassign && row.applied == Some(false))
        .map(|row| row.visit_id)
        .collect();
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
        head,
        why: why.map(|why| why.to(lang)),
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
            .filter(|(id, _)| !stayed.contains(id))
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

/// The newest plan that covers a day and is being searched or waits to be published.
///
/// # Errors
/// The database's.
pub async fn of_day(
    db: &DatabaseConnection,
    caller: &Caller,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Option<PlanHead>> {
    let rows = plan::Entity::find()
        .filter(plan::Column::CommunityId.eq(caller.community))
        .filter(plan::Column::Date.gt(date - TimeDelta::days(LONGEST_DAYS)))
        .filter(plan::Column::Date.lte(date))
        .filter(plan::Column::State.is_in([PlanState::Searching, PlanState::Draft]))
        .order_by_desc(plan::Column::Id)
        .all(db)
        .await?;
    for row in rows.iter().filter(|row| covers(row, date)) {
        let (head, silent) = head_of(db, row, now).await?;
        if !silent {
            return Ok(Some(head));
        }
    }
    Ok(None)
}

/// A plan in few words, and whether whoever searched for it has fallen silent.
async fn head_of<C: ConnectionTrait>(
    db: &C,
    row: &plan::Model,
    now: DateTime<Utc>,
) -> Result<(PlanHead, bool)> {
    let (state, search, silent) = match progress::standing(db, row, now).await? {
        Standing::As(state) => (state, None, false),
        Standing::Searching(search) => (PlanState::Searching, search, false),
        Standing::Silent => (PlanState::Discarded, None, true),
    };
    let changes = plan_change::Entity::find()
        .filter(plan_change::Column::PlanId.eq(row.id))
        .count(db)
        .await?;
    let by = account::Entity::find_by_id(row.created_by).one(db).await?;
    let head = PlanHead {
        id: row.id,
        date: row.date,
        days: row.days,
        state,
        search,
        change_count: usize::try_from(changes).unwrap_or(usize::MAX),
        created_at: row.created_at,
        by: by.map_or_else(String::new, |row| row.name),
    };
    Ok((head, silent))
}
