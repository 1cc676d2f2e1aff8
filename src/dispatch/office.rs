//! One visit at the office's desk: its facts, suggestions, and putting somebody on it by hand.

use std::collections::HashMap;

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{HelperId, VisitId};
use entity::words::{AssignmentSource, Lang, Subject, VisitState};
use entity::{account, assignment, audit as log, helper, resident, visit};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseConnection,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::load::{Stated, Who, day_of, state};
use super::place::{Desk, Obstacle, Placing, crew, locked, place};
use super::views::{
    Checked, ExcludedHelper, Happened, NamedHelper, PartView, Ranked, SuggestionsView, VisitDetail,
};
use super::{told, withdraw};
use crate::app::App;
use crate::clock::{local_date, midnight, on_grid};
use crate::compound;
use crate::error::{Broken, Error, Kind, Problem, Result};
use crate::http::caller::{Caller, Coordinator, Desk as AtDesk};
use crate::http::input::{Answer, Once};
use crate::http::problem::BrokenView;
use crate::matching::{Exclusion, Held, HelperIx, Hold, Interval, VisitIx, explain, suggest};
use crate::said::Said;
use crate::store::audit::{self, Change};
use crate::visits::views::{Look, card};

/// Suggestions shown at most.
const SHOWN: usize = 8;

/// Putting a crew on a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Assigning {
    /// The whole crew.
    pub helper_ids: Vec<HelperId>,
    /// When; as it stands where left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
    /// Why rules are set aside, where some are.
    #[serde(default)]
    pub override_reason: Option<String>,
    /// The version the coordinator saw.
    pub version: i32,
}

/// Trying a crew on a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Trying {
    /// The whole crew.
    pub helper_ids: Vec<HelperId>,
    /// When; as it stands where left out.
    #[serde(default)]
    pub start: Option<DateTime<Utc>>,
}

/// Taking the crew off a visit.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct Unassigning {
    /// Why.
    pub reason: String,
    /// The version the coordinator saw.
    pub version: i32,
}

/// Keeping plans off a visit, or letting them at it again.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct Pinning {
    /// Whether plans leave it where it is.
    pub pinned: bool,
}

/// A visit of this community.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn find(db: &DatabaseConnection, caller: &Caller, id: VisitId) -> Result<visit::Model> {
    visit::Entity::find_by_id(id)
        .filter(visit::Column::CommunityId.eq(caller.community))
        .one(db)
        .await?
        .ok_or_else(|| Problem::not_found().into())
}

/// Everything the office needs about one visit.
///
/// # Errors
/// The database's.
pub async fn detail<C: ConnectionTrait>(
    db: &C,
    look: Look,
    visit: &visit::Model,
) -> Result<VisitDetail> {
    let resident = resident::Entity::find_by_id(visit.resident_id)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a visit without a resident".into()))?;
    let doors = compound::queries::doors(db, [resident.household_id]).await?;
    let reasons = crew(db, visit.id)
        .await?
        .iter()
        .flat_map(|row| told(&row.reasons, look.lang))
        .collect();
    Ok(VisitDetail {
        card: card(db, look, visit).await?,
        resident_id: resident.id,
        door: doors
            .get(&resident.household_id)
            .map_or_else(String::new, |door| door.door.clone()),
        resident: resident.name,
        duration_min: visit.duration_min,
        priority: visit.priority,
        crew_size: visit.crew_size,
        pinned: visit.pinned,
        version: visit.version,
        override_reason: visit.override_reason.clone(),
        reasons,
        history: history(db, look.lang, visit.id).await?,
    })
}

async fn history<C: ConnectionTrait>(db: &C, lang: Lang, visit: VisitId) -> Result<Vec<Happened>> {
    let rows = log::Entity::find()
        .filter(log::Column::VisitId.eq(visit))
        .order_by_asc(log::Column::Id)
        .all(db)
        .await?;
    let people: HashMap<_, _> = account::Entity::find()
        .filter(account::Column::Id.is_in(rows.iter().filter_map(|row| row.account_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    let helpers: HashMap<_, _> = helper::Entity::find()
        .filter(helper::Column::Id.is_in(rows.iter().filter_map(|row| row.helper_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut what = action_word(&row.action, lang).to_owned();
            for more in [
                row.helper_id.and_then(|id| helpers.get(&id)).cloned(),
                row.note,
            ]
            .into_iter()
            .flatten()
            {
                what.push_str(match lang {
                    Lang::Zh => "：",
                    Lang::En => ": ",
                });
                what.push_str(&more);
            }
            Happened {
                at: row.at,
                who: row
                    .account_id
                    .and_then(|id| people.get(&id).cloned())
                    .unwrap_or_else(|| crate::said::pick(lang, "系统", "Yinling").to_owned()),
                what,
            }
        })
        .collect())
}

/// What was done, in words.
fn action_word(action: &str, lang: Lang) -> &str {
    let (zh, en) = match action {
        "booked" => ("预约", "Booked"),
        "assigned" => ("派单", "Assigned"),
        "withdrawn" => ("撤回派单", "Taken off"),
        "accepted" => ("接单", "Accepted"),
        "declined" => ("不能来", "Declined"),
        "arrived" => ("到达", "Arrived"),
        "finished" => ("完成", "Finished"),
        "problem" => ("有情况", "Reported a problem"),
        "leave" => ("请假", "On leave"),
        "moved" => ("改时间", "Moved"),
        "cancelled" => ("取消", "Cancelled"),
        "asked" => ("申请变更", "Asked to change"),
        "answered" => ("答复申请", "Answered the request"),
        "pinned" => ("固定", "Pinned"),
        "unpinned" => ("取消固定", "Unpinned"),
        other => return other,
    };
    crate::said::pick(lang, zh, en)
}

/// Who could come to a visit, ranked, and who could not, with every reason.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn suggestions(app: &App, desk: &AtDesk, id: VisitId) -> Result<SuggestionsView> {
    let db = app.store.read();
    let now = app.clock.now();
    let visit = find(db, desk, id).await?;
    let mut scope = day_of(desk.community, desk.zone, &visit, now);
    scope.who = Who::All;
    let stated = state(db, &scope, None).await?;
    let at = index(&stated, id)?;
    let problem = &stated.problem;
    let lang = super::lang(desk.lang);
    let found = suggest::suggest(problem, at, SHOWN);
    let named = |helper: HelperIx| {
        let row = &stated.helpers[helper.0];
        NamedHelper {
            id: row.id,
            name: row.name.clone(),
            kind: row.kind,
        }
    };
    let smallest_change = found.ranked.is_empty().then(|| {
        let held = crate::matching::PlanState::held(problem);
        explain::why_unserved(problem, held.placements(), at).change_sentence(problem, lang)
    });
    Ok(SuggestionsView {
        ranked: found
            .ranked
            .iter()
            .map(|suggestion| Ranked {
                helpers: suggestion
                    .helpers
                    .iter()
                    .map(|helper| named(*helper))
                    .collect(),
                start: stated.instant(suggestion.start),
                price_fen: stated.price(visit.service_id, &suggestion.helpers),
                parts: suggestion
                    .parts
                    .iter()
                    .map(|part| PartView {
                        code: part.code.to_owned(),
                        sentence: part.sentence(problem, lang),
                    })
                    .collect(),
            })
            .collect(),
        excluded: excluded(&stated, found.excluded, desk.lang),
        smallest_change: smallest_change.flatten(),
        visit: detail(db, look(desk, now), &visit).await?,
    })
}

/// The excluded: those who lack nothing but time come first, those without the skill last.
fn excluded(
    stated: &Stated,
    excluded: Vec<(HelperIx, Vec<Exclusion>)>,
    lang: Lang,
) -> Vec<ExcludedHelper> {
    let mut list: Vec<_> = excluded
        .into_iter()
        .map(|(helper, reasons)| {
            let row = &stated.helpers[helper.0];
            ExcludedHelper {
                helper_id: row.id,
                helper: row.name.clone(),
                kind: row.kind,
                reasons: broken(stated, &reasons)
                    .iter()
                    .map(|broken| BrokenView::new(broken, lang))
                    .collect(),
            }
        })
        .collect();
    list.sort_by_key(|helper| {
        let lacks = helper
            .reasons
            .iter()
            .any(|reason| reason.code == "skill" || reason.code == "kind");
        (lacks, helper.reasons.len())
    });
    list
}

fn broken(stated: &Stated, reasons: &[Exclusion]) -> Vec<Broken> {
    reasons
        .iter()
        .map(|reason| Broken {
            code: reason.code(),
            sentence: Said::new(
                reason.sentence(&stated.problem, crate::matching::Lang::Zh),
                reason.sentence(&stated.problem, crate::matching::Lang::En),
            ),
            overridable: reason.overridable(),
        })
        .collect()
}

fn index(stated: &Stated, id: VisitId) -> Result<VisitIx> {
    stated
        .visit_ix
        .get(&id)
        .copied()
        .ok_or_else(|| Problem::not_found().into())
}

fn look(caller: &Caller, now: DateTime<Utc>) -> Look {
    Look {
        lang: caller.lang,
        now,
        with_phones: true,
    }
}

/// A crew tried on a visit: what it would break.
struct Tried {
    broken: Vec<Broken>,
    price_fen: Option<i64>,
    reasons: Vec<Said>,
}

async fn try_crew(
    app: &App,
    caller: &Caller,
    visit: &visit::Model,
    helpers: &[HelperId],
    start: DateTime<Utc>,
) -> Result<Tried> {
    if !on_grid(start) {
        return Err(Problem::field(
            "start",
            Said::new(
                "开始时间要落在整 5 分钟上。",
                "A visit starts on a full five minutes.",
            ),
        )
        .into());
    }
    let db = app.store.read();
    let mut scope = day_of(caller.community, caller.zone, visit, app.clock.now());
    scope.first = local_date(caller.zone, start);
    scope.who = Who::These(helpers.to_vec());
    let mut stated = state(db, &scope, None).await?;
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
        return another_day(app, caller, visit, crew, start, stated).await;
    };
    let seconds = stated.seconds(start);
    stated.problem.visits[at.0].held = None;
    judge(&mut stated, at, crew, seconds, visit)
}

async fn another_day(
    app: &App,
    caller: &Caller,
    visit: &visit::Model,
    crew: Vec<HelperIx>,
    start: DateTime<Utc>,
    before: Stated,
) -> Result<Tried> {
    let db = app.store.read();
    let lost = || Error::Internal("a visit without its rows".into());
    let mut scope = day_of(caller.community, caller.zone, visit, app.clock.now());
    scope.first = local_date(caller.zone, start);
    scope.about = None;
    scope.who = Who::These(before.ids(&crew));
    let wanted = super::load::Wanted {
        resident: resident::Entity::find_by_id(visit.resident_id)
            .one(db)
            .await?
            .ok_or_else(lost)?,
        service: entity::service::Entity::find_by_id(visit.service_id)
            .one(db)
            .await?
            .ok_or_else(lost)?,
        window: (
            midnight(caller.zone, scope.first).max(visit.window_from),
            visit.window_to,
        ),
        asked: None,
        wish: visit.wish_helper_id,
    };
    let mut stated = state(db, &scope, Some(&wanted)).await?;
    let at = stated.wanted();
    stated.problem.visits[at.0].window = Interval::new(
        stated.seconds(visit.window_from),
        stated.seconds(visit.window_to),
    );
    let seconds = stated.seconds(start);
    judge(&mut stated, at, crew, seconds, visit)
}

fn judge(
    stated: &mut Stated,
    at: VisitIx,
    crew: Vec<HelperIx>,
    start: i64,
    visit: &visit::Model,
) -> Result<Tried> {
    let broken_rules = suggest::assess(&stated.problem, at, &crew, start);
    let price_fen = stated.price(visit.service_id, &crew);
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

/// Puts a crew on a visit; rules may be set aside with a reason, where they may.
///
/// # Errors
/// `rule-broken`, `clash`, `stale`, `not-now`, or the database's.
pub async fn assign(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Assigning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    let visit = find(app.store.read(), &caller, id).await?;
    if visit.version != body.version {
        return Err(Problem::stale().into());
    }
    let start = body.start.unwrap_or(visit.starts_at);
    let tried = try_crew(app, &caller, &visit, &body.helper_ids, start).await?;
    let reason = body
        .override_reason
        .map(|reason| reason.trim().to_owned())
        .filter(|reason| !reason.is_empty());
    let fatal = tried.broken.iter().any(|broken| !broken.overridable);
    if fatal || (!tried.broken.is_empty() && reason.is_none()) {
        return Err(rule_broken(tried.broken, fatal).into());
    }
    let placing = Placing {
        helpers: body.helper_ids,
        start,
        price_fen: tried.price_fen,
        source: AssignmentSource::Coordinator,
        reasons: tried.reasons,
        override_reason: if tried.broken.is_empty() {
            None
        } else {
            reason
        },
        by: Some(caller.account),
        instead_of: Vec::new(),
    };
    let desk = Desk {
        guard: app.store.guard(),
        now,
        zone: caller.zone,
    };
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (placing, caller) = (placing.clone(), by.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.version != body.version {
                return Err(Problem::stale().into());
            }
            match place(txn, desk, &visit, &placing).await? {
                Ok(visit) => detail(txn, look(&caller, now), &visit).await,
                Err(obstacle) => Err(clash(txn, desk, obstacle).await?.into()),
            }
        })
    })
    .await
}

fn rule_broken(broken: Vec<Broken>, fatal: bool) -> Problem {
    let first = broken.first().map_or_else(
        || Said::new("这样安排违反规则。", "This would break a rule."),
        |broken| broken.sentence.clone(),
    );
    let clash = broken.iter().any(|broken| broken.code == "overlap");
    let action = if fatal {
        Said::new(
            "请换一个时间或换一个人。",
            "Choose another time or another helper.",
        )
    } else {
        Said::new(
            "请换一个时间或换一个人；确有必要时，写明原因后仍可安排。",
            "Choose another time or helper; where it must be, give a reason and assign all the same.",
        )
    };
    let mut problem = Problem::new(
        if clash { Kind::Clash } else { Kind::RuleBroken },
        first,
        action,
    );
    problem.broken = broken;
    problem
}

/// The claim was refused although the rules allowed it a moment ago: somebody was faster.
async fn clash<C: ConnectionTrait>(db: &C, desk: Desk, obstacle: Obstacle) -> Result<Problem> {
    let (helper, said) = match obstacle {
        Obstacle::Taken(helper, taken) => {
            let other = assignment::Entity::find_by_id(taken.by())
                .find_also_related(visit::Entity)
                .one(db)
                .await?
                .and_then(|(_, visit)| visit);
            let at = other.as_ref().map_or_else(String::new, |visit| {
                visit
                    .starts_at
                    .with_timezone(&desk.zone)
                    .format("%-H:%M")
                    .to_string()
            });
            let resident = match other {
                Some(visit) => {
                    resident::Entity::find_by_id(visit.resident_id)
                        .one(db)
                        .await?
                }
                None => None,
            };
            let who = resident.map_or_else(String::new, |row| row.name);
            (
                helper,
                Said::new(
                    format!("刚才已经安排了 {at} 去{who}家，时间冲突。"),
                    format!("has just been given {who} at {at}; the two clash."),
                ),
            )
        }
        Obstacle::DayFull(helper) => (
            helper,
            Said::new("当天的服务时间已满。", "has a full day already."),
        ),
        Obstacle::WeekFull(helper) => (
            helper,
            Said::new("本周的服务时间已满。", "has a full week already."),
        ),
    };
    let name = helper::Entity::find_by_id(helper)
        .one(db)
        .await?
        .map_or_else(String::new, |row| row.name);
    Ok(Problem::new(
        Kind::Clash,
        Said::new(format!("{name}{}", said.zh), format!("{name} {}", said.en)),
        Said::new(
            "请换一个时间或换一个人。",
            "Choose another time or another helper.",
        ),
    ))
}

/// Takes the crew off a visit; it goes to the tray with the reason.
///
/// # Errors
/// `stale`, `not-now`, or the database's.
pub async fn unassign(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Unassigning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    let reason = crate::bookings::check_note(Some(&body.reason))?.unwrap_or_default();
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (caller, reason) = (by.clone(), reason.clone());
        Box::pin(async move {
            let visit = locked(txn, id).await?;
            if visit.version != body.version {
                return Err(Problem::stale().into());
            }
            if !matches!(visit.state, VisitState::Offered | VisitState::Accepted) {
                return Err(Problem::not_now(Said::new(
                    "这次服务现在没有可撤回的安排。",
                    "There is no assignment that could be taken back now.",
                ))
                .into());
            }
            let said = Said::new(
                format!("调度员撤回：{reason}"),
                format!("Taken off by a coordinator: {reason}"),
            );
            let visit = withdraw::withdraw(txn, now, &visit, said).await?;
            record(txn, &caller, &visit, "withdrawn", Some(reason), now).await?;
            detail(txn, look(&caller, now), &visit).await
        })
    })
    .await
}

/// Keeps plans off a visit, or lets them at it again.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn pin(
    app: &App,
    coordinator: Coordinator,
    id: VisitId,
    body: Pinning,
    once: Once,
) -> Result<Answer> {
    let caller = coordinator.0;
    let now = app.clock.now();
    find(app.store.read(), &caller, id).await?;
    let by = caller.clone();
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let caller = by.clone();
        Box::pin(async move {
            let before = locked(txn, id).await?;
            let visit = visit::ActiveModel {
                id: Set(id),
                pinned: Set(body.pinned),
                version: Set(before.version + 1),
                ..Default::default()
            }
            .update(txn)
            .await?;
            let action = if body.pinned { "pinned" } else { "unpinned" };
            record(txn, &caller, &visit, action, None, now).await?;
            detail(txn, look(&caller, now), &visit).await
        })
    })
    .await
}

async fn record<C: ConnectionTrait>(
    txn: &C,
    caller: &Caller,
    visit: &visit::Model,
    action: &'static str,
    note: Option<String>,
    now: DateTime<Utc>,
) -> Result<()> {
    audit::record(
        txn,
        Change {
            community: visit.community_id,
            at: now,
            by: Some(caller.account),
            what: Subject::Visit,
            object: visit.id.0,
            action,
            visit: Some(visit.id),
            resident: Some(visit.resident_id),
            helper: None,
            date: Some(local_date(caller.zone, visit.starts_at)),
            note,
        },
    )
    .await
}
