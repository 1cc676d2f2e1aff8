//! A crew tried on a visit before anything is written: what it would break, what it would cost, why it is good.

use chrono::{DateTime, Utc};
use entity::ids::{HelperId, VisitId};
use entity::{resident, visit};
use sea_orm::EntityTrait;
use serde::Deserialize;
use utoipa::ToSchema;

use super::detail::find;
use super::links;
use super::load::{Stated, Who, day_of, state};
use super::suggestions::broken;
use super::views::Checked;
use crate::app::App;
use crate::clock::{local_date, on_grid};
use crate::error::{Broken, Error, Problem, Result};
use crate::http::caller::{Caller, Desk as AtDesk};
use crate::http::problem::BrokenView;
use crate::matching::{Held, HelperIx, Hold, Interval, VisitIx, explain, suggest};
use crate::said::Said;

/// Trying a crew on a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Trying {
    /// The whole crew.
    pub helper_ids: Vec<HelperId>,
    /// When; as it stands where left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
}

/// A crew tried on a visit: what it would break.
pub(super) struct Tried {
    pub(super) broken: Vec<Broken>,
    pub(super) price_fen: Option<i64>,
    pub(super) reasons: Vec<Said>,
}

/// A start on the grid, or a refusal.
///
/// # Errors
/// `invalid`.
pub(super) fn check_on_grid(start: DateTime<Utc>) -> Result<()> {
    if on_grid(start) {
        return Ok(());
    }
    Err(Problem::field(
        "start",
        Said::new(
            "开始时间要落在整 5 分钟上。",
            "A visit starts on a full five minutes.",
        ),
    )
    .into())
}

/// Tries a crew on a visit.
///
/// # Errors
/// `invalid`, or the database's.
pub(super) async fn try_crew(
    app: &App,
    caller: &Caller,
    visit: &visit::Model,
    helpers: &[HelperId],
    start: DateTime<Utc>,
) -> Result<Tried> {
    check_on_grid(start)?;
    let mut scope = day_of(caller.community, caller.zone, visit, app.clock.now());
    scope.first = local_date(caller.zone, start);
    scope.who = Who::These(helpers.to_vec());
    let mut stated = state(app, &scope, None).await?;
    let crew: Option<Vec<HelperIx>> = helpers
        .iter()
        .map(|id| stated.helper_ix.get(id).copied())
        .collect();
    let (Some(crew), false) = (crew, helpers.is_empty()) else {
        return Err(Problem::field(
            "helper_ids",
            Said::new("没有这位服务人员。", "There is no such helper."),
        )
        .into());
    };
    let at = if let Some(at) = stated.visit_ix.get(&visit.id) {
        *at
    } else {
        // Moved to another day: the visit is stated on that day as if it had no crew yet.
        return another_day(app, caller, visit, stated.ids(&crew), start).await;
    };
    let seconds = stated.seconds(start);
    stated.problem.visits[at.0].held = None;
    judge(&mut stated, at, crew, seconds, visit)
}

async fn another_day(
    app: &App,
    caller: &Caller,
    visit: &visit::Model,
    crew: Vec<HelperId>,
    start: DateTime<Utc>,
) -> Result<Tried> {
    let db = app.store.read();
    let lost = || Error::Internal("a visit without its rows".into());
    let mut scope = day_of(caller.community, caller.zone, visit, app.clock.now());
    scope.first = local_date(caller.zone, start);
    scope.about = None;
    scope.who = Who::These(crew.clone());
    let wanted = super::load::Wanted {
        resident: resident::Entity::find_by_id(visit.resident_id)
            .one(db)
            .await?
            .ok_or_else(lost)?,
        service: entity::service::Entity::find_by_id(visit.service_id)
            .one(db)
            .await?
            .ok_or_else(lost)?,
        // Its own window, which may lie on other days altogether, is stated below.
        window: (start, start),
        asked: None,
        wish: visit.wish_helper_id,
    };
    let mut stated = state(app, &scope, Some(&wanted)).await?;
    let at = stated.wanted();
    stated.problem.visits[at.0].window = Interval::new(
        stated.seconds(visit.window_from),
        stated.seconds(visit.window_to),
    );
    let seconds = stated.seconds(start);
    // Who was stated for the visit's own day may stand elsewhere in this one's list.
    let crew: Option<Vec<HelperIx>> = crew
        .iter()
        .map(|id| stated.helper_ix.get(id).copied())
        .collect();
    let mut tried = judge(&mut stated, at, crew.ok_or_else(lost)?, seconds, visit)?;
    // What it is linked to stays behind on its own day.
    for leeway in links::queries::leeways(db, visit).await? {
        if !leeway.leaves(start) {
            tried.broken.push(leeway.broken(caller.zone));
        }
    }
    Ok(tried)
}

fn judge(
    stated: &mut Stated,
    at: VisitIx,
    crew: Vec<HelperIx>,
    start: i64,
    visit: &visit::Model,
) -> Result<Tried> {
    let broken_rules = suggest::assess(&stated.problem, at, &crew, start);
    let price_fen = stated.price(visit.service_id, &crew, start);
    stated.problem.visits[at.0].held = Some(Held {
        helpers: crew,
        start,
        hold: Hold::Proposed,
    });
    let held = crate::matching::PlanState::held(&stated.problem);
    let reasons = explain::reasons(&stated.problem, held.placements(), at)
        .iter()
        .map(|part| {
            Said::new(
                part.sentence(&stated.problem, crate::matching::Lang::Zh),
                part.sentence(&stated.problem, crate::matching::Lang::En),
            )
        })
        .collect();
    Ok(Tried {
        broken: broken(stated, &broken_rules),
        price_fen,
        reasons,
    })
}

/// What a crew would break, for a drag that is not let go yet.
///
/// # Errors
/// `not-found`, `invalid`, or the database's.
pub async fn check(app: &App, desk: &AtDesk, id: VisitId, body: &Trying) -> Result<Checked> {
    let visit = find(app.store.read(), desk, id).await?;
    let start = body.start.unwrap_or(visit.starts_at);
    let tried = try_crew(app, desk, &visit, &body.helper_ids, start).await?;
    Ok(Checked {
        ok: tried.broken.is_empty(),
        broken: tried
            .broken
            .iter()
            .map(|broken| BrokenView::new(broken, desk.lang))
            .collect(),
    })
}
