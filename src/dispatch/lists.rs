//! Everything that waits, for people who prefer lists: unfilled, unanswered, late, reported, asked for, promised.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::VisitId;
use entity::words::{RequestState, VisitState};
use entity::{assignment, change_request, helper, visit};
use sea_orm::{ColumnTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder};

use super::board::{About, waits};
use super::views::{LateVisit, LateWhat, Lists, Reported, Unanswered};
use crate::app::App;
use crate::calls;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::store::claim;
use crate::visits::{Late, is_live, late, views};

/// Hours a reported problem stays on the list.
const REPORTED_FOR_HOURS: i64 = 48;

/// All lists.
///
/// # Errors
/// The database's.
pub async fn lists(app: &App, caller: &Caller) -> Result<Lists> {
    let db = app.store.read();
    let now = app.clock.now();
    let mut live = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(is_live())
        .all(db)
        .await?;
    // Not in the question: for the sake of the order SQLite would go through all visits that there ever were.
    live.sort_by_key(|visit| (visit.starts_at, visit.id));
    let reported = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(visit::Column::ProblemAt.gte(now - TimeDelta::hours(REPORTED_FOR_HOURS)))
        .order_by_desc(visit::Column::ProblemAt)
        .all(db)
        .await?;
    let all: Vec<visit::Model> = live.iter().chain(&reported).cloned().collect();
    let about = About::read(db, caller.lang, &all).await?;
    let crews = crews(db, &all).await?;
    Ok(Lists {
        unfilled: live
            .iter()
            .filter(|visit| visit.state == VisitState::Unfilled && visit.window_to >= now)
            .map(|visit| about.unfilled(visit))
            .collect(),
        unanswered: live
            .iter()
            .filter(|visit| visit.state == VisitState::Offered && visit.starts_at > now)
            .flat_map(|visit| unanswered(visit, &about, &crews))
            .collect(),
        late: live
            .iter()
            .filter_map(|visit| late_visit(visit, &about, &crews, now))
            .collect(),
        series_behind: crate::series::generate::behind(app.store.read(), Some(caller), now)
            .await?
            .len(),
        papers: crate::providers::queries::paper_warnings(db, caller, now).await?,
        callbacks: calls::queries::callbacks(db, caller, (true, None), now)
            .await?
            .0,
        requests: requests(db, caller).await?,
        problems: reported
            .iter()
            .filter_map(|visit| problem(visit, &about, &crews))
            .collect(),
    })
}

type Crews = HashMap<VisitId, Vec<(assignment::Model, helper::Model)>>;

async fn crews(db: &DatabaseConnection, visits: &[visit::Model]) -> Result<Crews> {
    let mut crews: Crews = HashMap::new();
    for (row, helper) in assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().map(|visit| visit.id)))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::Id)
        .find_also_related(helper::Entity)
        .all(db)
        .await?
    {
        if let Some(helper) = helper {
            crews.entry(row.visit_id).or_default().push((row, helper));
        }
    }
    Ok(crews)
}

fn unanswered(visit: &visit::Model, about: &About, crews: &Crews) -> Vec<Unanswered> {
    crews.get(&visit.id).map_or_else(Vec::new, |crew| {
        crew.iter()
            .filter(|(row, _)| waits(row))
            .map(|(row, helper)| Unanswered {
                visit_id: visit.id,
                start: visit.starts_at,
                resident: about.resident(visit),
                service: about.service(visit),
                helper: helper.name.clone(),
                helper_id: helper.id,
                helper_phone: helper.phone.clone(),
                offered_at: row.offered_at,
            })
            .collect()
    })
}

fn late_visit(
    visit: &visit::Model,
    about: &About,
    crews: &Crews,
    now: DateTime<Utc>,
) -> Option<LateVisit> {
    let (what, since) = match late(visit, about.late_after_min, now)? {
        Late::NotAnswered => (LateWhat::NotAnswered, visit.starts_at),
        Late::NotArrived => (LateWhat::NotArrived, visit.starts_at),
        Late::NotFinished => (LateWhat::NotFinished, visit.ends_at),
        Late::Missed | Late::NobodyFound => (LateWhat::Missed, visit.starts_at),
    };
    let (_, helper) = crews.get(&visit.id)?.first()?;
    Some(LateVisit {
        visit_id: visit.id,
        start: visit.starts_at,
        resident: about.resident(visit),
        service: about.service(visit),
        helper: helper.name.clone(),
        helper_id: helper.id,
        helper_phone: helper.phone.clone(),
        minutes_late: (now - since).num_minutes(),
        what,
    })
}

fn problem(visit: &visit::Model, about: &About, crews: &Crews) -> Option<Reported> {
    Some(Reported {
        visit_id: visit.id,
        start: visit.starts_at,
        resident: about.resident(visit),
        service: about.service(visit),
        helper: crews
            .get(&visit.id)
            .and_then(|crew| crew.first())
            .map_or_else(String::new, |(_, helper)| helper.name.clone()),
        kind: visit.problem_kind?,
        note: visit.problem_note.clone(),
        at: visit.problem_at?,
    })
}

async fn requests(db: &DatabaseConnection, caller: &Caller) -> Result<Vec<views::ChangeRequest>> {
    let rows = change_request::Entity::find()
        .filter(change_request::Column::CommunityId.eq(caller.community))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .order_by_asc(change_request::Column::Id)
        .all(db)
        .await?;
    views::requests(db, caller.lang, rows).await
}
