//! From rows to a [`Problem`]: one read of everything that decides who could come.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, HelperId, ResidentId, ServiceId, SkillId, VisitId};
use entity::words::{AssignmentState, DayKind, VisitState, WishKind};
use entity::{
    assignment, availability, availability_exception, calendar_day, credential, helper,
    helper_skill, leave, resident, service, service_offer, skill, visit, wish,
};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::spans;
use crate::clock::{local_date, midnight};
use crate::compound::{self, Location};
use crate::error::{Error, Result};
use crate::matching::{
    Goal, Held, HeldSkill, Helper, HelperIx, Hold, Interval, PlaceIx, Problem, SkillIx, SkillName,
    Visit, VisitIx, Walking,
};
use crate::store::claim;

/// Which part of the community's work a problem states.
#[derive(Clone, Debug)]
pub struct Scope {
    /// Whose.
    pub community: CommunityId,
    /// The zone of its clocks.
    pub zone: Tz,
    /// First local day.
    pub first: NaiveDate,
    /// How many days, at least 1.
    pub days: usize,
    /// Which helpers are considered.
    pub who: Who,
    /// A visit that is stated whatever its state, e.g. the one that suggestions are for.
    pub about: Option<VisitId>,
    /// Whether visits that nobody comes to yet are stated too.
    pub with_unfilled: bool,
    /// The present instant: nothing is planned before it.
    pub now: DateTime<Utc>,
}

/// Which helpers a problem considers: the fewer, the quicker it is read.
#[derive(Clone, Debug)]
pub enum Who {
    /// Everybody who is active.
    All,
    /// Those who hold this skill.
    Holding(SkillId),
    /// These.
    These(Vec<HelperId>),
}

/// A visit that has no row yet: what somebody is about to book.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// For whom.
    pub resident: resident::Model,
    /// What.
    pub service: service::Model,
    /// Allowed starts, both ends included.
    pub window: (DateTime<Utc>, DateTime<Utc>),
    /// The start asked for, if one was.
    pub asked: Option<DateTime<Utc>>,
    /// Whom they would like.
    pub wish: Option<HelperId>,
}

/// A problem with what leads back from its indices to rows.
#[derive(Debug)]
pub struct Stated {
    /// The problem.
    pub problem: Problem,
    /// The instant that is second 0.
    pub epoch: DateTime<Utc>,
    /// Helpers by index.
    pub helpers: Vec<helper::Model>,
    /// Visits by index; a [`Wanted`] one comes last and has no row.
    pub visits: Vec<visit::Model>,
    /// Index of each helper.
    pub helper_ix: HashMap<HelperId, HelperIx>,
    /// Index of each visit.
    pub visit_ix: HashMap<VisitId, VisitIx>,
    /// Residents of the visits.
    pub residents: HashMap<ResidentId, resident::Model>,
    /// Services of the visits.
    pub services: HashMap<ServiceId, service::Model>,
    /// Prices by service.
    pub offers: HashMap<ServiceId, Vec<service_offer::Model>>,
}

impl Stated {
    /// Seconds since the epoch.
    #[must_use]
    pub fn seconds(&self, at: DateTime<Utc>) -> i64 {
        (at - self.epoch).num_seconds()
    }

    /// The instant of these seconds.
    #[must_use]
    pub fn instant(&self, seconds: i64) -> DateTime<Utc> {
        self.epoch + TimeDelta::seconds(seconds)
    }

    /// The rows' numbers of a crew.
    #[must_use]
    pub fn ids(&self, crew: &[HelperIx]) -> Vec<HelperId> {
        crew.iter()
            .map(|helper| self.helpers[helper.0].id)
            .collect()
    }

    /// The index of the visit that has no row.
    #[must_use]
    pub fn wanted(&self) -> VisitIx {
        VisitIx(self.problem.visits.len() - 1)
    }

    /// What a crew costs for a service: the price of its first member's kind.
    #[must_use]
    pub fn price(&self, service: ServiceId, crew: &[HelperIx]) -> Option<i64> {
        let kind = self.helpers[crew.first()?.0].kind;
        let offers = self.offers.get(&service)?;
        offers
            .iter()
            .find(|offer| offer.kind == kind)
            .map(|offer| offer.price_fen)
    }
}

/// The rows a problem is made of.
struct Rows {
    helpers: Vec<helper::Model>,
    skills: Vec<skill::Model>,
    held_skills: Vec<helper_skill::Model>,
    credentials: Vec<credential::Model>,
    weekly: Vec<availability::Model>,
    exceptions: Vec<availability_exception::Model>,
    leaves: Vec<leave::Model>,
    closed: HashSet<NaiveDate>,
    work: Vec<assignment::Model>,
    visits: Vec<visit::Model>,
    residents: HashMap<ResidentId, resident::Model>,
    services: HashMap<ServiceId, service::Model>,
    offers: HashMap<ServiceId, Vec<service_offer::Model>>,
    wishes: Vec<wish::Model>,
    declined: Vec<assignment::Model>,
    past: HashMap<(ResidentId, HelperId), u32>,
    places: HashMap<VisitId, Location>,
    homes: HashMap<entity::ids::HouseholdId, Location>,
    station: Location,
}

/// States the problem.
///
/// # Errors
/// The database's.
pub async fn state<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    wanted: Option<&Wanted>,
) -> Result<Stated> {
    let rows = read(db, scope, wanted).await?;
    assemble(scope, rows, wanted)
}

async fn read<C: ConnectionTrait>(db: &C, scope: &Scope, wanted: Option<&Wanted>) -> Result<Rows> {
    let community = scope.community;
    let mut helpers = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(community))
        .filter(helper::Column::Active.eq(true));
    match &scope.who {
        Who::All => {}
        Who::These(these) => helpers = helpers.filter(helper::Column::Id.is_in(these.clone())),
        Who::Holding(skill) => {
            let holders: Vec<HelperId> = helper_skill::Entity::find()
                .filter(helper_skill::Column::SkillId.eq(*skill))
                .all(db)
                .await?
                .into_iter()
                .map(|row| row.helper_id)
                .collect();
            helpers = helpers.filter(helper::Column::Id.is_in(holders));
        }
    }
    let helpers = helpers.order_by_asc(helper::Column::Id).all(db).await?;
    let ids: Vec<HelperId> = helpers.iter().map(|helper| helper.id).collect();
    let last = scope.first + TimeDelta::days(days_i64(scope.days) - 1);
    let work = work(db, scope, last, &ids).await?;
    let visits = visits(db, scope, last, &work).await?;
    let visit_ids: Vec<VisitId> = visits.iter().map(|visit| visit.id).collect();
    let mut resident_ids: Vec<ResidentId> = visits.iter().map(|visit| visit.resident_id).collect();
    resident_ids.extend(wanted.map(|wanted| wanted.resident.id));
    let mut residents: HashMap<_, _> = resident::Entity::find()
        .filter(resident::Column::Id.is_in(resident_ids.clone()))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let services: HashMap<_, _> = service::Entity::find()
        .filter(service::Column::CommunityId.eq(community))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let mut offers: HashMap<ServiceId, Vec<_>> = HashMap::new();
    for offer in service_offer::Entity::find().all(db).await? {
        offers.entry(offer.service_id).or_default().push(offer);
    }
    if let Some(wanted) = wanted {
        residents.insert(wanted.resident.id, wanted.resident.clone());
    }
    let homes = compound::queries::homes(
        db,
        helpers
            .iter()
            .filter_map(|helper| helper.home_id)
            .chain(wanted.map(|wanted| wanted.resident.household_id)),
    )
    .await?;
    // Whom a plan may newly send to whom: only then do wishes and history matter.
    let open: Vec<ResidentId> = match (wanted, scope.about) {
        (Some(wanted), _) => vec![wanted.resident.id],
        (None, Some(about)) => visits
            .iter()
            .filter(|visit| visit.id == about)
            .map(|visit| visit.resident_id)
            .collect(),
        (None, None) => resident_ids,
    };
    Ok(Rows {
        skills: skill::Entity::find()
            .filter(skill::Column::CommunityId.eq(community))
            .order_by_asc(skill::Column::Id)
            .all(db)
            .await?,
        held_skills: helper_skill::Entity::find()
            .filter(helper_skill::Column::HelperId.is_in(ids.clone()))
            .all(db)
            .await?,
        credentials: credential::Entity::find()
            .filter(credential::Column::HelperId.is_in(ids.clone()))
            .all(db)
            .await?,
        weekly: availability::Entity::find()
            .filter(availability::Column::HelperId.is_in(ids.clone()))
            .all(db)
            .await?,
        exceptions: availability_exception::Entity::find()
            .filter(availability_exception::Column::HelperId.is_in(ids.clone()))
            .filter(availability_exception::Column::Date.between(scope.first, last))
            .all(db)
            .await?,
        leaves: leave::Entity::find()
            .filter(leave::Column::HelperId.is_in(ids.clone()))
            .filter(leave::Column::FromDate.lte(last))
            .filter(leave::Column::ToDate.gte(scope.first))
            .all(db)
            .await?,
        closed: calendar_day::Entity::find()
            .filter(calendar_day::Column::CommunityId.eq(community))
            .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
            .filter(calendar_day::Column::Date.between(scope.first, last))
            .all(db)
            .await?
            .into_iter()
            .map(|row| row.date)
            .collect(),
        wishes: wish::Entity::find()
            .filter(wish::Column::ResidentId.is_in(open.clone()))
            .all(db)
            .await?,
        declined: assignment::Entity::find()
            .filter(assignment::Column::VisitId.is_in(visit_ids.clone()))
            .filter(assignment::Column::State.eq(AssignmentState::Declined))
            .all(db)
            .await?,
        past: past(db, open, scope.now).await?,
        places: compound::queries::of_visits(db, community, visit_ids).await?,
        station: compound::queries::station(db, community).await?,
        helpers,
        work,
        visits,
        residents,
        services,
        offers,
        homes,
    })
}

/// What these helpers have to do in the weeks and the month that the days belong to.
async fn work<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    last: NaiveDate,
    helpers: &[HelperId],
) -> Result<Vec<assignment::Model>> {
    let monday =
        scope.first - TimeDelta::days(i64::from(scope.first.weekday().num_days_from_monday()));
    let month = scope.first.with_day(1).unwrap_or(scope.first);
    let sunday = last + TimeDelta::days(6 - i64::from(last.weekday().num_days_from_monday()));
    Ok(assignment::Entity::find()
        .filter(assignment::Column::HelperId.is_in(helpers.iter().copied()))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(assignment::Column::StartsAt.gte(midnight(scope.zone, monday.min(month))))
        .filter(assignment::Column::StartsAt.lt(midnight(scope.zone, sunday + TimeDelta::days(1))))
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?)
}

/// The visits of those days that take somebody's time, or wait for somebody.
async fn visits<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    last: NaiveDate,
    work: &[assignment::Model],
) -> Result<Vec<visit::Model>> {
    let mut rows = visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(scope.community))
        .filter(visit::Column::StartsAt.gte(midnight(scope.zone, scope.first)))
        .filter(visit::Column::StartsAt.lt(midnight(scope.zone, last + TimeDelta::days(1))))
        .order_by_asc(visit::Column::Id)
        .all(db)
        .await?;
    let busy: HashSet<VisitId> = work.iter().map(|row| row.visit_id).collect();
    rows.retain(|visit| {
        scope.about == Some(visit.id)
            || busy.contains(&visit.id)
            || (scope.with_unfilled
                && visit.state == VisitState::Unfilled
                && visit.window_to >= scope.now)
    });
    Ok(rows)
}

/// How often each helper was with each of these residents in the last half year.
async fn past<C: ConnectionTrait>(
    db: &C,
    residents: Vec<ResidentId>,
    now: DateTime<Utc>,
) -> Result<HashMap<(ResidentId, HelperId), u32>> {
    let rows = assignment::Entity::find()
        .find_also_related(visit::Entity)
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .filter(visit::Column::ResidentId.is_in(residents))
        .filter(visit::Column::State.eq(VisitState::Completed))
        .filter(visit::Column::StartsAt.gte(now - TimeDelta::days(183)))
        .all(db)
        .await?;
    let mut past = HashMap::new();
    for (assignment, visit) in rows {
        if let Some(visit) = visit {
            *past
                .entry((visit.resident_id, assignment.helper_id))
                .or_insert(0) += 1;
        }
    }
    Ok(past)
}

/// Numbers places as they come.
#[derive(Default)]
struct Places {
    seen: BTreeMap<(u64, u64, i32, bool), PlaceIx>,
    list: Vec<Location>,
}

impl Places {
    fn ix(&mut self, at: Location) -> PlaceIx {
        let key = (at.x_m.to_bits(), at.y_m.to_bits(), at.floor, at.has_lift);
        *self.seen.entry(key).or_insert_with(|| {
            self.list.push(at);
            PlaceIx(self.list.len() - 1)
        })
    }

    fn walking(&self) -> Walking {
        Walking::from_fn(self.list.len(), |from, to| {
            u32::try_from(compound::walking_seconds(self.list[from], self.list[to]))
                .unwrap_or(u32::MAX)
        })
    }
}

fn assemble(scope: &Scope, rows: Rows, wanted: Option<&Wanted>) -> Result<Stated> {
    let epoch = midnight(scope.zone, scope.first);
    let skill_ix: HashMap<SkillId, SkillIx> = rows
        .skills
        .iter()
        .enumerate()
        .map(|(at, skill)| (skill.id, SkillIx(at)))
        .collect();
    let helper_ix: HashMap<HelperId, HelperIx> = rows
        .helpers
        .iter()
        .enumerate()
        .map(|(at, helper)| (helper.id, HelperIx(at)))
        .collect();
    let mut places = Places::default();
    let build = Build {
        scope,
        epoch,
        rows: &rows,
        skill_ix: &skill_ix,
        helper_ix: &helper_ix,
    };
    let helpers: Vec<Helper> = rows
        .helpers
        .iter()
        .map(|helper| build.helper(helper, &mut places))
        .collect();
    let mut visits = Vec::with_capacity(rows.visits.len() + 1);
    for visit in &rows.visits {
        visits.push(build.visit(visit, &mut places)?);
    }
    if let Some(wanted) = wanted {
        visits.push(build.wanted(wanted, &mut places)?);
    }
    let problem = Problem {
        first_day: (scope.first.year(), scope.first.month(), scope.first.day()),
        days: scope.days,
        week_of_day: (0..scope.days)
            .map(|day| build.week(days_i64(day)))
            .collect(),
        grid: Problem::GRID,
        skills: rows
            .skills
            .iter()
            .map(|skill| SkillName {
                zh: skill.name_zh.clone(),
                en: skill.name_en.clone(),
            })
            .collect(),
        helpers,
        visits,
        walking: places.walking(),
        goal: Goal::Care,
    };
    problem
        .validate()
        .map_err(|error| Error::Internal(format!("a problem that cannot be: {error}")))?;
    let visit_ix = rows
        .visits
        .iter()
        .enumerate()
        .map(|(at, visit)| (visit.id, VisitIx(at)))
        .collect();
    Ok(Stated {
        problem,
        epoch,
        helpers: rows.helpers,
        visits: rows.visits,
        helper_ix,
        visit_ix,
        residents: rows.residents,
        services: rows.services,
        offers: rows.offers,
    })
}

fn days_i64(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(0)
}

/// What the parts of a problem are built from.
struct Build<'a> {
    scope: &'a Scope,
    epoch: DateTime<Utc>,
    rows: &'a Rows,
    skill_ix: &'a HashMap<SkillId, SkillIx>,
    helper_ix: &'a HashMap<HelperId, HelperIx>,
}

impl Build<'_> {
    fn seconds(&self, at: DateTime<Utc>) -> i64 {
        (at - self.epoch).num_seconds()
    }

    /// The week of a day, counted from the first day's.
    fn week(&self, day: i64) -> usize {
        let first = i64::from(self.scope.first.weekday().num_days_from_monday());
        usize::try_from((first + day).div_euclid(7)).unwrap_or(0)
    }

    fn helper(&self, helper: &helper::Model, places: &mut Places) -> Helper {
        let home = helper
            .home_id
            .and_then(|home| self.rows.homes.get(&home).copied())
            .unwrap_or(self.rows.station);
        let place = places.ix(home);
        let spans = spans::Rules {
            weekly: self
                .rows
                .weekly
                .iter()
                .filter(|row| row.helper_id == helper.id)
                .collect(),
            exceptions: self
                .rows
                .exceptions
                .iter()
                .filter(|row| row.helper_id == helper.id)
                .collect(),
            leaves: self
                .rows
                .leaves
                .iter()
                .filter(|row| row.helper_id == helper.id)
                .collect(),
            closed: &self.rows.closed,
        };
        let mut care_before = vec![0; self.week(days_i64(self.scope.days) - 1) + 1];
        let mut recent_load = 0;
        for row in self
            .rows
            .work
            .iter()
            .filter(|row| row.helper_id == helper.id)
        {
            let care = (row.ends_at - row.starts_at).num_seconds();
            let day = self.seconds(row.starts_at).div_euclid(86_400);
            if !(0..days_i64(self.scope.days)).contains(&day) {
                let monday = -i64::from(self.scope.first.weekday().num_days_from_monday());
                let week = (day >= monday).then(|| self.week(day));
                if let Some(before) = week.and_then(|week| care_before.get_mut(week)) {
                    *before += care;
                }
                if row.starts_at < self.epoch {
                    recent_load += care;
                }
            }
        }
        Helper {
            key: helper.id.0,
            name: helper.name.clone(),
            kind: super::kind(helper.kind),
            sex: super::sex(helper.sex),
            skills: self.held_skills(helper.id),
            available: spans.available(
                self.scope.first,
                self.scope.days,
                self.seconds(self.scope.now),
            ),
            leave: spans.leave(self.scope.first),
            start: Some(place),
            end: Some(place),
            daily_limit: i64::from(helper.daily_limit_min) * 60,
            weekly_limit: i64::from(helper.weekly_limit_min) * 60,
            care_before,
            household: helper.home_id.map(|home| home.0),
            recent_load,
        }
    }

    fn held_skills(&self, helper: HelperId) -> Vec<HeldSkill> {
        let mut held = Vec::new();
        for row in self
            .rows
            .held_skills
            .iter()
            .filter(|row| row.helper_id == helper)
        {
            let Some(&skill) = self.skill_ix.get(&row.skill_id) else {
                continue;
            };
            let needs_credential = self.rows.skills[skill.0].needs_credential;
            let papers: Vec<_> = self
                .rows
                .credentials
                .iter()
                .filter(|paper| paper.helper_id == helper && paper.skill_id == row.skill_id)
                .map(|paper| {
                    Interval::new(
                        self.seconds(midnight(self.scope.zone, paper.valid_from)),
                        self.seconds(midnight(
                            self.scope.zone,
                            paper.valid_until + TimeDelta::days(1),
                        )),
                    )
                })
                .collect();
            if papers.is_empty() {
                held.push(HeldSkill {
                    skill,
                    needs_credential,
                    valid: None,
                });
            }
            held.extend(papers.into_iter().map(|valid| HeldSkill {
                skill,
                needs_credential,
                valid: Some(valid),
            }));
        }
        held
    }

    fn visit(&self, row: &visit::Model, places: &mut Places) -> Result<Visit> {
        let (Some(resident), Some(service), Some(&at)) = (
            self.rows.residents.get(&row.resident_id),
            self.rows.services.get(&row.service_id),
            self.rows.places.get(&row.id),
        ) else {
            return Err(Error::Internal(
                "a visit without resident, service or place".into(),
            ));
        };
        let place = places.ix(at);
        let mut visit = self.need(resident, service, place)?;
        visit.key = row.id.0;
        visit.label = self.label(resident, row.starts_at);
        visit.duration = i64::from(row.duration_min) * 60;
        visit.window = Interval::new(self.seconds(row.window_from), self.seconds(row.window_to));
        visit.asked = Some(self.seconds(row.asked_start));
        visit.priority = u32::try_from(row.priority).unwrap_or(1);
        visit.crew = u8::try_from(row.crew_size).unwrap_or(1);
        visit.prefer.extend(
            row.wish_helper_id
                .and_then(|id| self.helper_ix.get(&id))
                .copied(),
        );
        visit.declined = self
            .rows
            .declined
            .iter()
            .filter(|declined| declined.visit_id == row.id)
            .filter_map(|declined| self.helper_ix.get(&declined.helper_id).copied())
            .collect();
        visit.held = self.held(row);
        Ok(visit)
    }

    fn held(&self, row: &visit::Model) -> Option<Held> {
        let helpers: Vec<HelperIx> = self
            .rows
            .work
            .iter()
            .filter(|assignment| assignment.visit_id == row.id)
            .filter_map(|assignment| self.helper_ix.get(&assignment.helper_id).copied())
            .collect();
        if helpers.is_empty() {
            return None;
        }
        // What a coordinator set a rule aside for stays as it is: the rules alone would take it away again.
        let movable = row.state == VisitState::Offered
            && !row.pinned
            && row.override_reason.is_none()
            && row.starts_at > self.scope.now;
        Some(Held {
            helpers,
            start: self.seconds(row.starts_at),
            hold: if movable {
                Hold::Published
            } else {
                Hold::Fixed
            },
        })
    }

    fn wanted(&self, wanted: &Wanted, places: &mut Places) -> Result<Visit> {
        let at = match wanted.service.place {
            entity::words::Place::Station => self.rows.station,
            entity::words::Place::Home => self
                .rows
                .homes
                .get(&wanted.resident.household_id)
                .copied()
                .ok_or_else(|| Error::Internal("a resident without a home".into()))?,
        };
        let place = places.ix(at);
        let mut visit = self.need(&wanted.resident, &wanted.service, place)?;
        visit.label = self.label(&wanted.resident, wanted.asked.unwrap_or(wanted.window.0));
        visit.window = Interval::new(self.seconds(wanted.window.0), self.seconds(wanted.window.1));
        visit.asked = wanted.asked.map(|asked| self.seconds(asked));
        visit
            .prefer
            .extend(wanted.wish.and_then(|id| self.helper_ix.get(&id)).copied());
        Ok(visit)
    }

    /// What a service for a resident asks of a helper, whenever it is.
    fn need(
        &self,
        resident: &resident::Model,
        service: &service::Model,
        place: PlaceIx,
    ) -> Result<Visit> {
        let skill = *self
            .skill_ix
            .get(&service.skill_id)
            .ok_or_else(|| Error::Internal("a service without a skill".into()))?;
        let wished = |kind: WishKind| -> Vec<HelperIx> {
            self.rows
                .wishes
                .iter()
                .filter(|wish| wish.resident_id == resident.id && wish.kind == kind)
                .filter_map(|wish| self.helper_ix.get(&wish.helper_id).copied())
                .collect()
        };
        let kinds = self
            .rows
            .offers
            .get(&service.id)
            .map_or_else(Vec::new, |offers| {
                offers.iter().map(|offer| super::kind(offer.kind)).collect()
            });
        let mut continuity: Vec<(HelperIx, u32)> = self
            .rows
            .past
            .iter()
            .filter(|((past, _), _)| *past == resident.id)
            .filter_map(|((_, helper), times)| Some((*self.helper_ix.get(helper)?, *times)))
            .collect();
        continuity.sort_unstable();
        let level = |level: i32| u8::try_from(level).unwrap_or(0);
        Ok(Visit {
            key: 0,
            label: String::new(),
            skill,
            duration: i64::from(service.duration_min) * 60,
            window: Interval::new(0, 0),
            asked: None,
            place,
            priority: u32::try_from(service.priority).unwrap_or(1),
            crew: u8::try_from(service.crew_size).unwrap_or(1),
            kinds,
            sex: service.intimate.then(|| super::sex(resident.sex)),
            avoid: wished(WishKind::Avoid),
            prefer: wished(WishKind::Prefer),
            continuity,
            household: resident.household_id.0,
            ability_level: resident.ability_level.map(level),
            ability_allowed: (level(service.ability_min), level(service.ability_max)),
            credit: service.credit,
            declined: Vec::new(),
            held: None,
        })
    }

    /// Name and clock time: reads the same in both languages.
    fn label(&self, resident: &resident::Model, at: DateTime<Utc>) -> String {
        format!(
            "{} {}",
            resident.name,
            at.with_timezone(&self.scope.zone).format("%-H:%M")
        )
    }
}

/// The scope of one visit's day.
#[must_use]
pub fn day_of(community: CommunityId, zone: Tz, visit: &visit::Model, now: DateTime<Utc>) -> Scope {
    Scope {
        community,
        zone,
        first: local_date(zone, visit.starts_at),
        days: 1,
        who: Who::All,
        about: Some(visit.id),
        with_unfilled: false,
        now,
    }
}
