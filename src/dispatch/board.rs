//! The coordinator's day: helpers as rows, visits as bars, and the tray of those nobody comes to.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, ResidentId, ServiceId, VisitId};
use entity::words::{AssignmentState, DayKind, HelperKind, Lang, RequestState, Role, VisitState};
use entity::{
    assignment, availability, availability_exception, calendar_day, callback, change_request,
    helper, helper_skill, leave, provider, resident, service, service_offer, skill, visit,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter,
    QueryOrder,
};

use super::spans::Rules;
use super::views::{Bar, Board, BoardHelper, Counts, UnfilledCard};
use super::{links, plan};
use crate::app::App;
use crate::clock::{local_date, midnight};
use crate::compound::{self, door::Door};
use crate::error::Result;
use crate::http::caller::Caller;
use crate::said::pick;
use crate::store::claim;
use crate::visits::views::{Window, service_name};
use crate::visits::{is_live, late, late_after};

/// What cards and bars need to know of their visits.
pub(super) struct About {
    residents: HashMap<ResidentId, resident::Model>,
    services: HashMap<ServiceId, service::Model>,
    kinds: HashMap<ServiceId, Vec<HelperKind>>,
    doors: HashMap<entity::ids::HouseholdId, Door>,
    pub(super) late_after_min: i32,
    lang: Lang,
}

impl About {
    pub(super) async fn read<C: ConnectionTrait>(
        db: &C,
        lang: Lang,
        visits: &[visit::Model],
    ) -> Result<Self> {
        let residents: HashMap<_, _> = resident::Entity::find()
            .filter(
                resident::Column::Id.is_in(
                    visits
                        .iter()
                        .map(|visit| visit.resident_id)
                        .collect::<HashSet<_>>(),
                ),
            )
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let wanted: HashSet<ServiceId> = visits.iter().map(|visit| visit.service_id).collect();
        let mut kinds: HashMap<ServiceId, Vec<HelperKind>> = HashMap::new();
        for offer in service_offer::Entity::find()
            .filter(service_offer::Column::ServiceId.is_in(wanted.clone()))
            .all(db)
            .await?
        {
            kinds.entry(offer.service_id).or_default().push(offer.kind);
        }
        Ok(Self {
            doors: compound::queries::doors(
                db,
                residents
                    .values()
                    .map(|row: &resident::Model| row.household_id)
                    .collect::<HashSet<_>>(),
                lang,
            )
            .await?,
            residents,
            services: service::Entity::find()
                .filter(service::Column::Id.is_in(wanted))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            kinds,
            late_after_min: match visits.first() {
                Some(visit) => late_after(db, visit.community_id).await?,
                None => 0,
            },
            lang,
        })
    }

    pub(super) fn resident(&self, visit: &visit::Model) -> String {
        self.residents
            .get(&visit.resident_id)
            .map_or_else(String::new, |row| row.name.clone())
    }

    pub(super) fn door(&self, visit: &visit::Model) -> String {
        self.residents
            .get(&visit.resident_id)
            .and_then(|row| self.doors.get(&row.household_id))
            .map_or_else(String::new, |door| door.door.clone())
    }

    pub(super) fn service(&self, visit: &visit::Model) -> String {
        self.services
            .get(&visit.service_id)
            .map_or_else(String::new, |row| service_name(row, self.lang))
    }

    pub(super) fn unfilled(&self, visit: &visit::Model) -> UnfilledCard {
        let reason = match self.lang {
            Lang::Zh => visit.unfilled_zh.clone(),
            Lang::En => visit.unfilled_en.clone(),
        };
        UnfilledCard {
            visit_id: visit.id,
            resident: self.resident(visit),
            door: self.door(visit),
            service: self.service(visit),
            start: visit.starts_at,
            window: (visit.window_from != visit.window_to).then_some(Window {
                from: visit.window_from,
                to: visit.window_to,
            }),
            duration_min: visit.duration_min,
            priority: visit.priority,
            crew_size: visit.crew_size,
            kinds: self
                .kinds
                .get(&visit.service_id)
                .cloned()
                .unwrap_or_default(),
            reason: reason.unwrap_or_else(|| {
                pick(self.lang, "还没有人接单。", "Nobody has been found yet.").to_owned()
            }),
            since: visit.unfilled_since.unwrap_or(visit.created_at),
            version: visit.version,
        }
    }
}

/// The board of one local day.
///
/// # Errors
/// The database's.
pub async fn board(app: &App, caller: &Caller, date: NaiveDate) -> Result<Board> {
    let db = app.store.read();
    let now = app.clock.now();
    let visits = visits_of(db, caller, date).await?;
    let work = assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().map(|visit| visit.id)))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .order_by_asc(assignment::Column::StartsAt)
        .all(db)
        .await?;
    let about = About::read(db, caller.lang, &visits).await?;
    let unfilled: Vec<UnfilledCard> = visits
        .iter()
        .filter(|visit| visit.state == VisitState::Unfilled)
        .map(|visit| about.unfilled(visit))
        .collect();
    Ok(Board {
        date,
        now,
        helpers: rows(db, caller, date, now, &visits, &work, &about).await?,
        counts: counts(db, caller, &visits, (&about, now)).await?,
        unfilled,
        // Plans are the coordinators' alone: to anybody else there is none.
        plan: if caller.is(Role::Coordinator) {
            plan::of_day(db, caller, date, now).await?
        } else {
            None
        },
    })
}

/// The day's visits that people are sent to or that wait for somebody; what is cancelled is not among them.
async fn visits_of(
    db: &DatabaseConnection,
    caller: &Caller,
    date: NaiveDate,
) -> Result<Vec<visit::Model>> {
    let shown = sea_orm::sea_query::Condition::any()
        .add(is_live())
        .add(visit::Column::State.eq(VisitState::Completed));
    Ok(visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(caller.community))
        .filter(visit::Column::StartsAt.gte(midnight(caller.zone, date)))
        .filter(visit::Column::StartsAt.lt(midnight(caller.zone, date + TimeDelta::days(1))))
        .filter(shown)
        .order_by_asc(visit::Column::StartsAt)
        .all(db)
        .await?)
}

async fn rows(
    db: &DatabaseConnection,
    caller: &Caller,
    date: NaiveDate,
    now: DateTime<Utc>,
    visits: &[visit::Model],
    work: &[assignment::Model],
    about: &About,
) -> Result<Vec<BoardHelper>> {
    let helpers = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(caller.community))
        .filter(helper::Column::Active.eq(true))
        .order_by_asc(helper::Column::Kind)
        .order_by_asc(helper::Column::Initials)
        .all(db)
        .await?;
    let ids: Vec<HelperId> = helpers.iter().map(|row| row.id).collect();
    let day = Day::read(db, caller, date, &ids, visits, work).await?;
    Ok(helpers
        .into_iter()
        .map(|helper| {
            let rules = day.rules(helper.id);
            let first = midnight(caller.zone, date);
            let available = rules
                .available(date, 1, 0)
                .into_iter()
                .map(|span| Window {
                    from: first + TimeDelta::seconds(span.from),
                    to: first + TimeDelta::seconds(span.to),
                })
                .collect();
            let bars = day.bars(helper.id, about, now);
            BoardHelper {
                id: helper.id,
                kind: helper.kind,
                provider: day
                    .providers
                    .get(&helper.provider_id)
                    .cloned()
                    .unwrap_or_default(),
                skills: day.skills(helper.id, caller.lang),
                available,
                on_leave: rules.on_leave(date),
                minutes: bars
                    .iter()
                    .map(|bar| (bar.end - bar.start).num_minutes())
                    .sum(),
                daily_limit_min: helper.daily_limit_min,
                bars,
                name: helper.name,
            }
        })
        .collect())
}

/// What the rows of one day are made of.
struct Day<'a> {
    weekly: Vec<availability::Model>,
    exceptions: Vec<availability_exception::Model>,
    leaves: Vec<leave::Model>,
    closed: HashSet<NaiveDate>,
    skills: HashMap<entity::ids::SkillId, skill::Model>,
    held: Vec<helper_skill::Model>,
    providers: HashMap<entity::ids::ProviderId, String>,
    names: HashMap<HelperId, String>,
    places: HashMap<VisitId, compound::Location>,
    linked: HashSet<VisitId>,
    visits: HashMap<VisitId, &'a visit::Model>,
    work: &'a [assignment::Model],
}

impl<'a> Day<'a> {
    async fn read(
        db: &DatabaseConnection,
        caller: &Caller,
        date: NaiveDate,
        helpers: &[HelperId],
        visits: &'a [visit::Model],
        work: &'a [assignment::Model],
    ) -> Result<Self> {
        let community = caller.community;
        let ids: Vec<VisitId> = visits.iter().map(|visit| visit.id).collect();
        Ok(Self {
            weekly: availability::Entity::find()
                .filter(availability::Column::CommunityId.eq(community))
                .all(db)
                .await?,
            exceptions: availability_exception::Entity::find()
                .filter(availability_exception::Column::CommunityId.eq(community))
                .filter(availability_exception::Column::Date.eq(date))
                .all(db)
                .await?,
            leaves: leave::Entity::find()
                .filter(leave::Column::CommunityId.eq(community))
                .filter(leave::Column::FromDate.lte(date))
                .filter(leave::Column::ToDate.gte(date))
                .all(db)
                .await?,
            closed: calendar_day::Entity::find()
                .filter(calendar_day::Column::CommunityId.eq(community))
                .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
                .filter(calendar_day::Column::Date.eq(date))
                .all(db)
                .await?
                .into_iter()
                .map(|row| row.date)
                .collect(),
            skills: skill::Entity::find()
                .filter(skill::Column::CommunityId.eq(community))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            held: helper_skill::Entity::find()
                .filter(helper_skill::Column::HelperId.is_in(helpers.iter().copied()))
                .all(db)
                .await?,
            providers: provider::Entity::find()
                .filter(provider::Column::CommunityId.eq(community))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
            names: helper::Entity::find()
                .filter(helper::Column::CommunityId.eq(community))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
            places: compound::queries::of_visits(db, community, ids.clone()).await?,
            linked: links::queries::among(db, &ids)
                .await?
                .into_iter()
                .flat_map(|link| [link.first_id, link.second_id])
                .collect(),
            visits: visits.iter().map(|visit| (visit.id, visit)).collect(),
            work,
        })
    }

    fn rules(&self, helper: HelperId) -> Rules<'_> {
        Rules {
            weekly: self
                .weekly
                .iter()
                .filter(|row| row.helper_id == helper)
                .collect(),
            exceptions: self
                .exceptions
                .iter()
                .filter(|row| row.helper_id == helper)
                .collect(),
            leaves: self
                .leaves
                .iter()
                .filter(|row| row.helper_id == helper)
                .collect(),
            closed: &self.closed,
        }
    }

    fn skills(&self, helper: HelperId, lang: Lang) -> Vec<String> {
        self.held
            .iter()
            .filter(|row| row.helper_id == helper)
            .filter_map(|row| self.skills.get(&row.skill_id))
            .map(|skill| pick(lang, &skill.name_zh, &skill.name_en).to_owned())
            .collect()
    }

    fn bars(&self, helper: HelperId, about: &About, now: DateTime<Utc>) -> Vec<Bar> {
        let mut before: Option<VisitId> = None;
        let mut bars = Vec::new();
        for row in self.work.iter().filter(|row| row.helper_id == helper) {
            let Some(visit) = self.visits.get(&row.visit_id) else {
                continue;
            };
            let walk = before.and_then(|before| {
                Some(compound::walking_seconds(
                    *self.places.get(&before)?,
                    *self.places.get(&visit.id)?,
                ))
            });
            before = Some(visit.id);
            bars.push(Bar {
                visit_id: visit.id,
                start: visit.starts_at,
                end: visit.ends_at,
                state: visit.state,
                mine: row.state,
                pinned: visit.pinned,
                linked: self.linked.contains(&visit.id),
                late: late(visit, about.late_after_min, now).is_some(),
                resident: about.resident(visit),
                door: about.door(visit),
                service: about.service(visit),
                crew_size: visit.crew_size,
                crew_with: self.crew_with(visit.id, helper),
                walk_before_min: walk.map(|seconds| (seconds + 59) / 60),
                movable: matches!(visit.state, VisitState::Offered | VisitState::Accepted)
                    && visit.starts_at > now,
                version: visit.version,
            });
        }
        bars
    }

    fn crew_with(&self, visit: VisitId, helper: HelperId) -> Option<String> {
        self.work
            .iter()
            .find(|row| row.visit_id == visit && row.helper_id != helper)
            .and_then(|row| self.names.get(&row.helper_id).cloned())
    }
}

async fn counts(
    db: &DatabaseConnection,
    caller: &Caller,
    visits: &[visit::Model],
    (about, now): (&About, DateTime<Utc>),
) -> Result<Counts> {
    let callbacks = callback::Entity::find()
        .filter(callback::Column::CommunityId.eq(caller.community))
        .filter(callback::Column::DoneAt.is_null())
        .count(db)
        .await?;
    let requests = change_request::Entity::find()
        .filter(change_request::Column::CommunityId.eq(caller.community))
        .filter(change_request::Column::State.eq(RequestState::Open))
        .count(db)
        .await?;
    let unanswered = visits
        .iter()
        .filter(|visit| visit.state == VisitState::Offered && visit.starts_at > now)
        .count();
    Ok(Counts {
        unfilled: visits
            .iter()
            .filter(|visit| visit.state == VisitState::Unfilled)
            .count(),
        unanswered,
        late: visits
            .iter()
            // Those whom nobody was found for are counted as such already.
            .filter(|visit| visit.state != VisitState::Unfilled)
            .filter(|visit| late(visit, about.late_after_min, now).is_some())
            .count(),
        callbacks: usize::try_from(callbacks).unwrap_or(usize::MAX),
        requests: usize::try_from(requests).unwrap_or(usize::MAX),
    })
}

/// The day that is shown when none is named: today.
#[must_use]
pub fn today(app: &App, caller: &Caller) -> NaiveDate {
    local_date(caller.zone, app.clock.now())
}

/// Whether a helper's part still waits for an answer.
#[must_use]
pub fn waits(row: &assignment::Model) -> bool {
    row.state == AssignmentState::Offered
}
