//! Matching at once: somebody suitable is asked the moment a booking is made or somebody drops out.

use chrono::{DateTime, Utc};
use entity::ids::{HelperId, VisitId};
use entity::visit;
use entity::words::{AssignmentSource, VisitState};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, DatabaseTransaction, EntityTrait};

use super::load::{Stated, Who, day_of, state};
use super::place::{Desk, Obstacle, Placing, locked, place};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::zone_of;
use crate::matching::{Lang, VisitIx, explain, suggest};
use crate::said::Said;

/// How many crews are tried before a visit goes to the tray: more than can be snatched away in one moment.
const TRIED: usize = 12;

/// A crew that could come.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The whole crew.
    pub helpers: Vec<HelperId>,
    /// When.
    pub start: DateTime<Utc>,
    /// In fen.
    pub price_fen: Option<i64>,
    /// Why them.
    pub reasons: Vec<Said>,
}

impl Candidate {
    /// The candidate as something to place.
    #[must_use]
    pub fn placing(&self, source: AssignmentSource) -> Placing {
        Placing {
            helpers: self.helpers.clone(),
            start: self.start,
            price_fen: self.price_fen,
            source,
            reasons: self.reasons.clone(),
            override_reason: None,
            by: None,
            instead_of: Vec::new(),
        }
    }
}

/// Who could come, best first; everything else stays where it is.
#[must_use]
pub fn candidates(stated: &Stated, at: VisitIx, service: entity::ids::ServiceId) -> Vec<Candidate> {
    suggest::suggest(&stated.problem, at, TRIED)
        .ranked
        .into_iter()
        .map(|suggestion| Candidate {
            helpers: stated.ids(&suggestion.helpers),
            start: stated.instant(suggestion.start),
            price_fen: stated.price(service, &suggestion.helpers, suggestion.start),
            reasons: suggestion
                .parts
                .iter()
                .map(|part| {
                    Said::new(
                        part.sentence(&stated.problem, Lang::Zh),
                        part.sentence(&stated.problem, Lang::En),
                    )
                })
                .collect(),
        })
        .collect()
}

/// Why nobody can come, in a sentence.
#[must_use]
pub fn why_nobody(stated: &Stated, at: VisitIx) -> Said {
    let held: Vec<_> = crate::matching::PlanState::held(&stated.problem)
        .placements()
        .to_vec();
    let why = explain::why_unserved(&stated.problem, &held, at);
    Said::new(
        why.sentence(&stated.problem, Lang::Zh),
        why.sentence(&stated.problem, Lang::En),
    )
}

/// Places the first candidate whose time is still free.
///
/// # Errors
/// The database's.
pub async fn place_first(
    txn: &DatabaseTransaction,
    desk: Desk,
    visit: &visit::Model,
    candidates: &[Candidate],
    source: AssignmentSource,
) -> Result<std::result::Result<visit::Model, Option<Obstacle>>> {
    let mut last = None;
    for candidate in candidates {
        match place(txn, desk, visit, &candidate.placing(source)).await? {
            Ok(visit) => return Ok(Ok(visit)),
            Err(obstacle) => last = Some(obstacle),
        }
    }
    Ok(Err(last))
}

/// Finds somebody for a visit that nobody comes to, and asks them; where nobody can come, keeps the reason with the
/// visit. Says whether somebody was asked.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn match_now(app: &App, id: VisitId, source: AssignmentSource) -> Result<bool> {
    let db = app.store.read();
    let now = app.clock.now();
    let visit = visit::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(|| Error::from(Problem::not_found()))?;
    let community = entity::community::Entity::find_by_id(visit.community_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a visit without a community".into()))?;
    let zone = zone_of(&community);
    let service = entity::service::Entity::find_by_id(visit.service_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a visit without a service".into()))?;
    let mut scope = day_of(visit.community_id, zone, &visit, now);
    scope.who = Who::Holding(service.skill_id);
    let stated = state(app, &scope, None).await?;
    let Some(&at) = stated.visit_ix.get(&id) else {
        return Ok(false);
    };
    let found = candidates(&stated, at, service.id);
    let why = why_nobody(&stated, at);
    let desk = Desk {
        guard: app.store.guard(),
        now,
        zone,
    };
    app.store
        .write(move |txn| {
            let (found, why) = (found.clone(), why.clone());
            Box::pin(async move {
                let visit = locked(txn, id).await?;
                if visit.state != VisitState::Unfilled {
                    return Ok(false);
                }
                if place_first(txn, desk, &visit, &found, source)
                    .await?
                    .is_ok()
                {
                    return Ok(true);
                }
                visit::ActiveModel {
                    id: Set(id),
                    unfilled_zh: Set(Some(why.zh)),
                    unfilled_en: Set(Some(why.en)),
                    unfilled_since: Set(visit.unfilled_since.or(Some(desk.now))),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                Ok(false)
            })
        })
        .await
}
