//! A helper's day, as it stands on a cheap phone.

use std::collections::HashMap;

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use entity::ids::{HelperId, LeaveId, ResidentId, VisitId};
use entity::words::{AssignmentState, HelperKind, Lang, Purpose, VisitState};
use entity::{assignment, booking, community, helper, leave, resident, service, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use serde::Serialize;
use utoipa::ToSchema;

use super::acting::Acting;
use super::steps::{Standing, Step};
use super::views::service_name;
use super::{LIVE, late, late_after, short_name};
use crate::clock::{local_date, midnight};
use crate::compound::{self, Location, door::Door};
use crate::consent::queries::Stopped;
use crate::error::{Error, Problem, Result};
use crate::store::claim;
use crate::timebank::statement::given_this_month;

/// Days after the day itself that are shown too.
const LATER_DAYS: i64 = 14;

/// A helper's day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperDay {
    /// Who.
    pub helper: HelperHead,
    /// The local date.
    pub date: NaiveDate,
    /// The visits of that day.
    pub visits: Vec<HelperVisit>,
    /// Those of the two weeks after.
    pub later: Vec<HelperVisit>,
    /// Minutes given this month: a volunteer's as the time bank has them, others' as their visits were planned.
    pub minutes_this_month: i64,
    /// Whom to call.
    pub office_phone: String,
    /// Leave from today on.
    pub leaves: Vec<LeaveView>,
}

impl HelperDay {
    /// Whose doors, notes and telephones it shows.
    #[must_use]
    pub fn shown(&self) -> Vec<ResidentId> {
        let all = self.visits.iter().chain(&self.later);
        all.filter_map(|visit| visit.shown).collect()
    }
}

/// A helper in few words.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperHead {
    /// The helper.
    pub id: HelperId,
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: HelperKind,
}

/// Days on which a helper does not come.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Leave)]
pub struct LeaveView {
    /// The leave.
    pub id: LeaveId,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
    /// Why.
    pub reason: String,
}

/// A visit as its helper sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HelperVisit {
    /// The visit.
    pub visit_id: VisitId,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Where the visit stands.
    pub state: VisitState,
    /// Where this helper's part stands.
    pub mine: AssignmentState,
    /// The service's name.
    pub service: String,
    /// Minutes.
    pub duration_min: i32,
    /// 王奶奶.
    pub resident: String,
    /// 3栋2单元501 (Building 3, 2-501) from a day before to a day after; 3栋 (Building 3) otherwise.
    pub door: String,
    /// How to get in, while the door is shown.
    pub knock_note: Option<String>,
    /// What to mind, while the door is shown and the use of health data is allowed.
    pub safety_note: Option<String>,
    /// The resident's telephone, while the door is shown.
    pub phone: Option<String>,
    /// Minutes to walk from the visit before.
    pub walk_min: Option<i64>,
    /// With whom.
    pub crew_with: Option<String>,
    /// What the booker added, while the door is shown.
    pub note: Option<String>,
    /// Whether it is late.
    pub late: bool,
    /// The steps that can be taken now.
    pub can: Vec<Step>,
    /// Whose it is, where their door is shown: this look is written down.
    #[serde(skip)]
    pub shown: Option<ResidentId>,
    /// When arrival was recorded.
    pub checked_in_at: Option<DateTime<Utc>>,
    /// When it was done.
    pub completed_at: Option<DateTime<Utc>>,
}

/// The day of a helper.
///
/// # Errors
/// The database's.
pub async fn day<C: ConnectionTrait>(
    db: &C,
    acting: &Acting,
    date: NaiveDate,
    now: DateTime<Utc>,
) -> Result<HelperDay> {
    let zone = acting.caller.zone;
    let from = midnight(zone, date);
    let to = midnight(zone, date + TimeDelta::days(1 + LATER_DAYS));
    let parts = assignment::Entity::find()
        .filter(assignment::Column::HelperId.eq(acting.helper.id))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(assignment::Column::StartsAt.gte(from))
        .filter(assignment::Column::StartsAt.lt(to))
        .find_also_related(visit::Entity)
        .order_by_asc(assignment::Column::StartsAt)
        .all(db)
        .await?;
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|(part, visit)| Some((part, visit?)))
        .collect();
    let shelf = Shelf::read(db, acting, &parts).await?;
    let views = shelf.views(&parts, now);
    let (visits, later): (Vec<_>, Vec<_>) = views
        .into_iter()
        .partition(|view| local_date(zone, view.start) == date);
    let office = community::Entity::find_by_id(acting.caller.community)
        .one(db)
        .await?
        .ok_or_else(|| Error::Internal("a helper without a community".into()))?;
    Ok(HelperDay {
        helper: HelperHead {
            id: acting.helper.id,
            name: acting.helper.name.clone(),
            kind: acting.helper.kind,
        },
        date,
        visits,
        later: later
            .into_iter()
            .filter(|view| LIVE.contains(&view.state))
            .collect(),
        minutes_this_month: minutes_this_month(db, acting, now).await?,
        office_phone: office.office_phone,
        leaves: leaves(db, acting, local_date(zone, now)).await?,
    })
}

/// One visit as its helper sees it.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn one<C: ConnectionTrait>(
    db: &C,
    acting: &Acting,
    id: VisitId,
    now: DateTime<Utc>,
) -> Result<HelperVisit> {
    let (visit, part) = acting.part(db, id).await?;
    let parts = [(part, visit)];
    let shelf = Shelf::read(db, acting, &parts).await?;
    shelf
        .views(&parts, now)
        .pop()
        .ok_or_else(|| Problem::not_found().into())
}

async fn minutes_this_month<C: ConnectionTrait>(
    db: &C,
    acting: &Acting,
    now: DateTime<Utc>,
) -> Result<i64> {
    let zone = acting.caller.zone;
    if acting.helper.kind == HelperKind::Volunteer {
        let (community, helper) = (acting.helper.community_id, acting.helper.id);
        return given_this_month(db, community, helper, zone, now).await;
    }
    let first = local_date(zone, now).with_day(1).unwrap_or_default();
    let rows = assignment::Entity::find()
        .filter(assignment::Column::HelperId.eq(acting.helper.id))
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .filter(assignment::Column::StartsAt.gte(midnight(zone, first)))
        .find_also_related(visit::Entity)
        .filter(visit::Column::State.eq(VisitState::Completed))
        .all(db)
        .await?;
    Ok(rows
        .iter()
        .map(|(part, _)| (part.ends_at - part.starts_at).num_minutes())
        .sum())
}

async fn leaves<C: ConnectionTrait>(
    db: &C,
    acting: &Acting,
    today: NaiveDate,
) -> Result<Vec<LeaveView>> {
    Ok(leave::Entity::find()
        .filter(leave::Column::HelperId.eq(acting.helper.id))
        .filter(leave::Column::ToDate.gte(today))
        .order_by_asc(leave::Column::FromDate)
        .all(db)
        .await?
        .into_iter()
        .map(LeaveView::from)
        .collect())
}

impl From<leave::Model> for LeaveView {
    fn from(row: leave::Model) -> Self {
        Self {
            id: row.id,
            from: row.from_date,
            to: row.to_date,
            reason: row.reason,
        }
    }
}

/// What the views of some visits need.
struct Shelf<'a> {
    acting: &'a Acting,
    residents: HashMap<entity::ids::ResidentId, resident::Model>,
    doors: HashMap<entity::ids::HouseholdId, Door>,
    services: HashMap<entity::ids::ServiceId, service::Model>,
    notes: HashMap<entity::ids::BookingId, Option<String>>,
    others: HashMap<VisitId, String>,
    places: HashMap<VisitId, Location>,
    late_after_min: i32,
    stopped: Stopped,
}

impl<'a> Shelf<'a> {
    async fn read<C: ConnectionTrait>(
        db: &C,
        acting: &'a Acting,
        parts: &[(assignment::Model, visit::Model)],
    ) -> Result<Self> {
        let visits = || parts.iter().map(|(_, visit)| visit);
        let residents: HashMap<_, _> = resident::Entity::find()
            .filter(resident::Column::Id.is_in(visits().map(|visit| visit.resident_id)))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let late_after_min = late_after(db, acting.caller.community).await?;
        let homes: Vec<_> = residents
            .values()
            .map(|row: &resident::Model| row.household_id)
            .collect();
        let others = assignment::Entity::find()
            .filter(assignment::Column::VisitId.is_in(visits().map(|visit| visit.id)))
            .filter(assignment::Column::State.is_in(claim::LIVE))
            .filter(assignment::Column::HelperId.ne(acting.helper.id))
            .find_also_related(helper::Entity)
            .all(db)
            .await?;
        Ok(Self {
            acting,
            doors: compound::queries::doors(db, homes, acting.caller.lang).await?,
            residents,
            services: service::Entity::find()
                .filter(service::Column::Id.is_in(visits().map(|visit| visit.service_id)))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            notes: booking::Entity::find()
                .filter(booking::Column::Id.is_in(visits().map(|visit| visit.booking_id)))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.note))
                .collect(),
            others: others
                .into_iter()
                .filter_map(|(part, helper)| Some((part.visit_id, helper?.name)))
                .collect(),
            places: compound::queries::of_visits(
                db,
                acting.caller.community,
                visits().map(|visit| visit.id).collect(),
            )
            .await?,
            late_after_min,
            stopped: Stopped::read(db, acting.caller.community).await?,
        })
    }

    fn views(
        &self,
        parts: &[(assignment::Model, visit::Model)],
        now: DateTime<Utc>,
    ) -> Vec<HelperVisit> {
        let mut before: Option<&visit::Model> = None;
        let mut views = Vec::with_capacity(parts.len());
        for (part, visit) in parts {
            let walk = before
                .filter(|before| self.same_day(before.starts_at, visit.starts_at))
                .and_then(|before| self.walk(before.id, visit.id));
            views.extend(self.view(part, visit, walk, now));
            before = Some(visit);
        }
        views
    }

    fn same_day(&self, one: DateTime<Utc>, other: DateTime<Utc>) -> bool {
        let zone = self.acting.caller.zone;
        local_date(zone, one) == local_date(zone, other)
    }

    fn walk(&self, from: VisitId, to: VisitId) -> Option<i64> {
        let seconds = compound::walking_seconds(*self.places.get(&from)?, *self.places.get(&to)?);
        Some((seconds + 59) / 60)
    }

    fn view(
        &self,
        part: &assignment::Model,
        visit: &visit::Model,
        walk_min: Option<i64>,
        now: DateTime<Utc>,
    ) -> Option<HelperVisit> {
        let lang: Lang = self.acting.caller.lang;
        let resident = self.residents.get(&visit.resident_id)?;
        let door = self.doors.get(&resident.household_id)?;
        let service = self.services.get(&visit.service_id)?;
        let standing = Standing {
            visit: visit.state,
            mine: part.state,
            start: visit.starts_at,
            end: visit.ends_at,
        };
        let shown = self.acting.caller.at_desk() || standing.shows_door(now);
        let only = |text: &Option<String>| text.clone().filter(|_| shown);
        Some(HelperVisit {
            visit_id: visit.id,
            start: visit.starts_at,
            end: visit.ends_at,
            state: visit.state,
            mine: part.state,
            service: service_name(service, lang),
            duration_min: visit.duration_min,
            resident: short_name(&resident.name, resident.sex, lang),
            door: if shown {
                door.door.clone()
            } else {
                door.building_name.clone()
            },
            knock_note: only(&resident.knock_note),
            safety_note: only(&resident.safety_note)
                .filter(|_| self.stopped.allows(resident.id, Purpose::Health)),
            phone: only(&resident.phone).or_else(|| only(&door.phone)),
            walk_min,
            crew_with: self.others.get(&visit.id).cloned(),
            note: self.notes.get(&visit.booking_id).and_then(only),
            late: late(visit, self.late_after_min, now).is_some(),
            can: standing.can(now),
            shown: shown.then_some(resident.id),
            checked_in_at: visit.checked_in_at,
            completed_at: visit.completed_at,
        })
    }
}
