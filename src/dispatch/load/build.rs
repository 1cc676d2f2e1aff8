//! Helpers and visits as the engine sees them.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, SkillId, VisitId};
use entity::words::{Place, Purpose, VisitState, WishKind};
use entity::{helper, service, visit_link};

use super::read::{ResidentRow, Rows, VisitRow};
use super::team::Member;
use super::{Scope, Stated, Wanted};
use crate::clock::{local_date, midnight};
use crate::compound::{self, Location};
use crate::dispatch::spans;
use crate::error::{Error, Result};
use crate::matching::{
    Barred, Goal, Held, HeldSkill, Helper, HelperIx, Hold, Interval, Link, PlaceIx, Problem,
    SkillIx, SkillName, Visit, VisitIx, Walking,
};

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

pub(super) fn assemble(scope: &Scope, rows: Rows, wanted: Option<&Wanted>) -> Result<Stated> {
    let epoch = midnight(scope.zone, scope.first);
    let skill_ix: HashMap<SkillId, SkillIx> = rows
        .team
        .skills
        .iter()
        .enumerate()
        .map(|(at, skill)| (skill.id, SkillIx(at)))
        .collect();
    let helper_ix: HashMap<HelperId, HelperIx> = rows
        .members
        .iter()
        .enumerate()
        .map(|(at, member)| (member.row.id, HelperIx(at)))
        .collect();
    let mut places = Places::default();
    let build = Build {
        scope,
        epoch,
        rows: &rows,
        skill_ix: &skill_ix,
        helper_ix: &helper_ix,
        by_visit: ByVisit::of(&rows, &helper_ix),
    };
    let helpers: Vec<Helper> = rows
        .members
        .iter()
        .map(|member| build.helper(member, &mut places))
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
            .team
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
        links: build.links(),
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
        helpers: rows
            .members
            .iter()
            .map(|member| member.row.clone())
            .collect(),
        visits: rows.visits,
        helper_ix,
        visit_ix,
        team: rows.team,
        zone: scope.zone,
    })
}

pub(super) fn days_i64(days: usize) -> i64 {
    i64::try_from(days).unwrap_or(0)
}

/// The helpers who come to each visit, and those who declined it: looked up once a visit, of a thousand a week.
struct ByVisit {
    come: HashMap<VisitId, Vec<HelperIx>>,
    declined: HashMap<VisitId, Vec<HelperIx>>,
}

impl ByVisit {
    fn of(rows: &Rows, helper_ix: &HashMap<HelperId, HelperIx>) -> Self {
        let gather = |pairs: &mut dyn Iterator<Item = (VisitId, HelperId)>| {
            let mut found: HashMap<VisitId, Vec<HelperIx>> = HashMap::new();
            for (visit, helper) in pairs {
                if let Some(&helper) = helper_ix.get(&helper) {
                    found.entry(visit).or_default().push(helper);
                }
            }
            found
        };
        Self {
            come: gather(&mut rows.work.iter().map(|work| (work.visit, work.helper))),
            declined: gather(
                &mut rows
                    .declined
                    .iter()
                    .map(|declined| (declined.visit_id, declined.helper_id)),
            ),
        }
    }
}

/// What the parts of a problem are built from.
struct Build<'a> {
    scope: &'a Scope,
    epoch: DateTime<Utc>,
    rows: &'a Rows,
    skill_ix: &'a HashMap<SkillId, SkillIx>,
    helper_ix: &'a HashMap<HelperId, HelperIx>,
    by_visit: ByVisit,
}

impl Build<'_> {
    fn seconds(&self, at: DateTime<Utc>) -> i64 {
        (at - self.epoch).num_seconds()
    }

    /// The links between visits that are stated, both of them.
    fn links(&self) -> Vec<Link> {
        let ix = |id: VisitId| {
            let at = self.rows.visits.iter().position(|visit| visit.id == id);
            at.map(VisitIx)
        };
        let link = |row: &visit_link::Model| {
            Some(Link {
                first: ix(row.first_id)?,
                second: ix(row.second_id)?,
                least: i64::from(row.least_min) * 60,
                most: i64::from(row.most_min) * 60,
            })
        };
        self.rows.links.iter().filter_map(link).collect()
    }

    /// The week of a day, counted from the first day's.
    fn week(&self, day: i64) -> usize {
        let first = i64::from(self.scope.first.weekday().num_days_from_monday());
        usize::try_from((first + day).div_euclid(7)).unwrap_or(0)
    }

    fn helper(&self, member: &Member, places: &mut Places) -> Helper {
        let helper = &member.row;
        let home = helper
            .home_id
            .and_then(|home| self.rows.team.homes.get(&home).copied())
            .unwrap_or(self.rows.team.station);
        let place = places.ix(home);
        let last = self.scope.last();
        let spans = spans::Rules {
            weekly: member.weekly.iter().collect(),
            exceptions: member
                .exceptions
                .iter()
                .filter(|row| (self.scope.first..=last).contains(&row.date))
                .collect(),
            leaves: member
                .leaves
                .iter()
                .filter(|row| row.from_date <= last && row.to_date >= self.scope.first)
                .collect(),
            closed: &self.rows.team.closed,
        };
        let around = self
            .rows
            .around
            .get(&helper.id)
            .copied()
            .unwrap_or_default();
        let weeks = self.week(days_i64(self.scope.days) - 1) + 1;
        let mut care_before = vec![0; weeks];
        care_before[0] += around.this_week;
        care_before[weeks - 1] += around.last_week;
        let recent_load = around.before + around.this_week;
        Helper {
            key: helper.id.0,
            name: helper.name.clone(),
            kind: crate::dispatch::kind(helper.kind),
            sex: crate::dispatch::sex(helper.sex),
            skills: self.held_skills(member),
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

    fn held_skills(&self, member: &Member) -> Vec<HeldSkill> {
        let mut held = Vec::new();
        for row in &member.skills {
            let Some(&skill) = self.skill_ix.get(&row.skill_id) else {
                continue;
            };
            let needs_credential = self.rows.team.skills[skill.0].needs_credential;
            let papers: Vec<_> = member
                .papers
                .iter()
                .filter(|paper| paper.skill_id == row.skill_id)
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

    fn visit(&self, row: &VisitRow, places: &mut Places) -> Result<Visit> {
        let (Some(resident), Some(service)) = (
            self.rows.residents.get(&row.resident_id),
            self.rows.team.services.get(&row.service_id),
        ) else {
            return Err(Error::Internal(
                "a visit without resident or service".into(),
            ));
        };
        let place = places.ix(self.location(resident, service)?);
        let day = local_date(self.scope.zone, row.starts_at);
        let mut visit = self.need(resident, service, place, day)?;
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
            .by_visit
            .declined
            .get(&row.id)
            .cloned()
            .unwrap_or_default();
        visit.held = self.held(row, &visit.barred);
        Ok(visit)
    }

    fn held(&self, row: &VisitRow, barred: &[(HelperIx, Barred)]) -> Option<Held> {
        let helpers = self.by_visit.come.get(&row.id)?.clone();
        // What a coordinator set a rule aside for stays as it is: the rules alone would take it away again.
        let movable = row.state == VisitState::Offered
            && !row.pinned
            && row.override_reason.is_none()
            && row.starts_at > self.scope.now
            // What runs when its provider is suspended goes on as it was agreed, until a person decides otherwise.
            && !barred.iter().any(|(helper, _)| helpers.contains(helper));
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
        let resident = ResidentRow::from(&wanted.resident);
        let place = places.ix(self.location(&resident, &wanted.service)?);
        let day = local_date(self.scope.zone, wanted.window.0);
        let mut visit = self.need(&resident, &wanted.service, place, day)?;
        visit.label = self.label(&resident, wanted.asked.unwrap_or(wanted.window.0));
        visit.window = Interval::new(self.seconds(wanted.window.0), self.seconds(wanted.window.1));
        visit.asked = wanted.asked.map(|asked| self.seconds(asked));
        visit
            .prefer
            .extend(wanted.wish.and_then(|id| self.helper_ix.get(&id)).copied());
        Ok(visit)
    }

    /// At the station, or in the resident's home.
    fn location(&self, resident: &ResidentRow, service: &service::Model) -> Result<Location> {
        match service.place {
            Place::Station => Ok(self.rows.team.station),
            Place::Home => self
                .rows
                .team
                .homes
                .get(&resident.household_id)
                .copied()
                .ok_or_else(|| Error::Internal("a resident without a home".into())),
        }
    }

    /// What a service for a resident asks of a helper on a day.
    fn need(
        &self,
        resident: &ResidentRow,
        service: &service::Model,
        place: PlaceIx,
        day: NaiveDate,
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
            .team
            .prices
            .offers(service.id)
            .iter()
            .map(|offer| crate::dispatch::kind(offer.kind))
            .collect();
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
            sex: service.intimate.then(|| crate::dispatch::sex(resident.sex)),
            avoid: wished(WishKind::Avoid),
            prefer: wished(WishKind::Prefer),
            continuity,
            household: resident.household_id.0,
            ability_level: resident
                .ability_level
                .filter(|_| self.rows.team.stopped.allows(resident.id, Purpose::Health))
                .map(level),
            ability_allowed: (level(service.ability_min), level(service.ability_max)),
            credit: service.credit,
            declined: Vec::new(),
            barred: self.barred(resident, service, day),
            held: None,
        })
    }

    /// Whose provider may not serve this on that day, and who is not to come by the resident's own word.
    fn barred(
        &self,
        resident: &ResidentRow,
        service: &service::Model,
        day: NaiveDate,
    ) -> Vec<(HelperIx, Barred)> {
        let consent = |helper: &helper::Model| {
            crate::consent::bars(helper.kind, |purpose| {
                self.rows.team.stopped.allows(resident.id, purpose)
            })
        };
        if self.rows.team.admission.is_open() && self.rows.team.stopped.is_empty() {
            return Vec::new();
        }
        self.rows
            .members
            .iter()
            .enumerate()
            .filter_map(|(at, member)| {
                let helper = &member.row;
                let admission = &self.rows.team.admission;
                let why = consent(helper)
                    .or_else(|| admission.why_not_on(helper.provider_id, service.id, day))?;
                Some((HelperIx(at), why))
            })
            .collect()
    }

    /// Name and clock time: reads the same in both languages.
    fn label(&self, resident: &ResidentRow, at: DateTime<Utc>) -> String {
        format!(
            "{} {}",
            resident.name,
            at.with_timezone(&self.scope.zone).format("%-H:%M")
        )
    }
}
