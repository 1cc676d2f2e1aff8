//! The rows that a problem is made of.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Datelike, TimeDelta, Utc};
use entity::ids::{HelperId, HouseholdId, ResidentId, ServiceId, VisitId};
use entity::words::{AssignmentState, Sex, VisitState};
use entity::{assignment, resident, series_date, visit, visit_link, wish};
use sea_orm::sea_query::{Condition, Expr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbBackend, DerivePartialModel, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait,
};

use super::team::{Member, Team, Teams};
use super::{Scope, Wanted, Who};
use crate::clock::{local_date, midnight};
use crate::dispatch::links;
use crate::error::Result;
use crate::store::claim;

/// Who comes to what: an assignment without its words, which would have to be parsed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    pub(super) visit: VisitId,
    pub(super) helper: HelperId,
}

/// Care that a helper gives around the days of a problem, in seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Around {
    /// In the month, before the first week's Monday.
    pub(super) before: i64,
    /// In the first week, before the first day.
    pub(super) this_week: i64,
    /// In the last week, after the last day.
    pub(super) last_week: i64,
}

/// The part of a visit's row that a plan is made from: a week has a thousand, and most of a row says what came of it.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "visit::Entity")]
pub struct VisitRow {
    /// Row number.
    pub id: VisitId,
    /// Counts the changes, so that two people do not overwrite each other.
    pub version: i32,
    /// Where it stands.
    pub state: VisitState,
    pub(super) resident_id: ResidentId,
    pub(super) service_id: ServiceId,
    pub(super) starts_at: DateTime<Utc>,
    pub(super) window_from: DateTime<Utc>,
    pub(super) window_to: DateTime<Utc>,
    pub(super) asked_start: DateTime<Utc>,
    pub(super) duration_min: i32,
    pub(super) priority: i32,
    pub(super) crew_size: i32,
    pub(super) wish_helper_id: Option<HelperId>,
    pub(super) pinned: bool,
    pub(super) override_reason: Option<String>,
}

/// The part of a resident's row that decides who may come.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "resident::Entity")]
pub(super) struct ResidentRow {
    pub(super) id: ResidentId,
    pub(super) household_id: HouseholdId,
    pub(super) name: String,
    pub(super) sex: Sex,
    pub(super) ability_level: Option<i32>,
}

impl From<&resident::Model> for ResidentRow {
    fn from(row: &resident::Model) -> Self {
        Self {
            id: row.id,
            household_id: row.household_id,
            name: row.name.clone(),
            sex: row.sex,
            ability_level: row.ability_level,
        }
    }
}

/// The rows a problem is made of.
pub(super) struct Rows {
    pub(super) team: Arc<Team>,
    pub(super) members: Vec<Arc<Member>>,
    pub(super) work: Vec<Work>,
    pub(super) around: HashMap<HelperId, Around>,
    pub(super) visits: Vec<VisitRow>,
    pub(super) residents: HashMap<ResidentId, ResidentRow>,
    pub(super) wishes: Vec<wish::Model>,
    pub(super) declined: Vec<assignment::Model>,
    pub(super) links: Vec<visit_link::Model>,
    pub(super) past: HashMap<(ResidentId, HelperId), u32>,
}

pub(super) async fn read<C: ConnectionTrait>(
    teams: &Teams,
    db: &C,
    scope: &Scope,
    wanted: Option<&Wanted>,
) -> Result<Rows> {
    let today = local_date(scope.zone, scope.now);
    let team = teams.of(db, scope.community, today, scope.first).await?;
    let members = members(db, &team, scope).await?;
    let ids: Vec<HelperId> = members.iter().map(|member| member.row.id).collect();
    let work = work(db, scope, &ids).await?;
    let around = around(db, scope, &ids).await?;
    let visits = visits(db, scope, &work).await?;
    let visit_ids: Vec<VisitId> = visits.iter().map(|visit| visit.id).collect();
    let resident_ids: Vec<ResidentId> = visits
        .iter()
        .map(|visit| visit.resident_id)
        .chain(wanted.map(|wanted| wanted.resident.id))
        .collect();
    let mut residents = residents(db, &visits).await?;
    if let Some(wanted) = wanted {
        residents.insert(wanted.resident.id, (&wanted.resident).into());
    }
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
        wishes: wish::Entity::find()
            .filter(wish::Column::ResidentId.is_in(open.clone()))
            .all(db)
            .await?,
        declined: declined(db, &visit_ids).await?,
        links: links::queries::among(db, &visit_ids).await?,
        past: known(db, open, scope).await?,
        team,
        members,
        work,
        around,
        visits,
        residents,
    })
}

/// The helpers who are considered.
async fn members<C: ConnectionTrait>(
    db: &C,
    team: &Team,
    scope: &Scope,
) -> Result<Vec<Arc<Member>>> {
    let linked = match &scope.who {
        Who::All => return Ok(team.members.clone()),
        Who::These(_) | Who::Holding(_) => linked_helpers(db, scope).await?,
    };
    let considered = |member: &&Arc<Member>| match &scope.who {
        Who::All => true,
        Who::These(these) => these.contains(&member.row.id),
        Who::Holding(skill) => member.holds(*skill),
    };
    let all = team.members.iter();
    Ok(all
        .filter(|member| linked.contains(&member.row.id) || considered(member))
        .cloned()
        .collect())
}

async fn residents<C: ConnectionTrait>(
    db: &C,
    visits: &[VisitRow],
) -> Result<HashMap<ResidentId, ResidentRow>> {
    if visits.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = resident::Entity::find()
        .filter(resident::Column::Id.is_in(visits.iter().map(|visit| visit.resident_id)))
        .into_partial_model::<ResidentRow>()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

async fn declined<C: ConnectionTrait>(
    db: &C,
    visits: &[VisitId],
) -> Result<Vec<assignment::Model>> {
    if visits.is_empty() {
        return Ok(Vec::new());
    }
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits.iter().copied()))
        .filter(assignment::Column::State.eq(AssignmentState::Declined))
        .all(db)
        .await?)
}

/// Who comes to the visits that the one it is about is linked to: their start binds only where they are stated.
async fn linked_helpers<C: ConnectionTrait>(db: &C, scope: &Scope) -> Result<Vec<HelperId>> {
    let Some(about) = scope.about else {
        return Ok(Vec::new());
    };
    let links = links::queries::of_visit(db, about).await?;
    if links.is_empty() {
        return Ok(Vec::new());
    }
    let ends = links
        .iter()
        .map(|link| links::queries::other_end(link, about));
    Ok(assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(ends))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.helper_id)
        .collect())
}

/// What these helpers have to do on the days themselves.
async fn work<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    helpers: &[HelperId],
) -> Result<Vec<Work>> {
    use assignment::Column;
    let (from, to) = instants(scope);
    let rows: Vec<(VisitId, HelperId)> = assignment::Entity::find()
        .select_only()
        .columns([Column::VisitId, Column::HelperId])
        .filter(Column::HelperId.is_in(helpers.iter().copied()))
        .filter(Column::State.is_in(claim::LIVE))
        .filter(Column::StartsAt.gte(from))
        .filter(Column::StartsAt.lt(to))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(visit, helper)| Work { visit, helper })
        .collect())
}

/// The days as instants: from the first midnight up to, not including, the one after the last day.
fn instants(scope: &Scope) -> (DateTime<Utc>, DateTime<Utc>) {
    (
        midnight(scope.zone, scope.first),
        midnight(scope.zone, scope.last() + TimeDelta::days(1)),
    )
}

/// What these helpers have to do around those days, in the weeks and the month that they belong to. The database adds it up: of
/// a month only sums are needed, and its rows are thousands.
async fn around<C: ConnectionTrait>(
    db: &C,
    scope: &Scope,
    helpers: &[HelperId],
) -> Result<HashMap<HelperId, Around>> {
    use assignment::Column;
    let (from, to) = instants(scope);
    let last = scope.last();
    let monday =
        scope.first - TimeDelta::days(i64::from(scope.first.weekday().num_days_from_monday()));
    let month = scope.first.with_day(1).unwrap_or(scope.first);
    let sunday = last + TimeDelta::days(6 - i64::from(last.weekday().num_days_from_monday()));
    let week = midnight(scope.zone, monday);
    let seconds = Expr::cust(match db.get_database_backend() {
        DbBackend::Postgres => "CAST(EXTRACT(EPOCH FROM SUM(ends_at - starts_at)) AS BIGINT)",
        _ => "SUM(unixepoch(ends_at) - unixepoch(starts_at))",
    });
    let earlier = Column::StartsAt.lt(week);
    let later = Column::StartsAt.gte(to);
    let rows: Vec<(HelperId, bool, bool, i64)> = assignment::Entity::find()
        .select_only()
        .column(Column::HelperId)
        .column_as(earlier, "earlier")
        .column_as(later, "later")
        .column_as(seconds, "care")
        .filter(Column::HelperId.is_in(helpers.iter().copied()))
        .filter(Column::State.is_in(claim::LIVE))
        .filter(Column::StartsAt.gte(midnight(scope.zone, monday.min(month))))
        .filter(Column::StartsAt.lt(midnight(scope.zone, sunday + TimeDelta::days(1))))
        .filter(
            Condition::any()
                .add(Column::StartsAt.lt(from))
                .add(Column::StartsAt.gte(to)),
        )
        .group_by(Column::HelperId)
        .group_by(Expr::cust("2"))
        .group_by(Expr::cust("3"))
        .into_tuple()
        .all(db)
        .await?;
    let mut around: HashMap<HelperId, Around> = HashMap::new();
    for (helper, earlier, later, care) in rows {
        let of = around.entry(helper).or_default();
        match (earlier, later) {
            (false, false) => of.this_week = care,
            (false, true) => of.last_week = care,
            (true, _) => of.before = care,
        }
    }
    Ok(around)
}

/// The visits of those days that take somebody's time, or wait for somebody.
async fn visits<C: ConnectionTrait>(db: &C, scope: &Scope, work: &[Work]) -> Result<Vec<VisitRow>> {
    let (from, to) = instants(scope);
    let busy: HashSet<VisitId> = work
        .iter()
        .map(|row| row.visit)
        .chain(scope.about)
        .collect();
    if busy.is_empty() && !scope.with_unfilled {
        return Ok(Vec::new());
    }
    let mut wanted = Condition::any().add(visit::Column::Id.is_in(busy));
    if scope.with_unfilled {
        let waiting = Condition::all()
            .add(visit::Column::State.eq(VisitState::Unfilled))
            .add(visit::Column::WindowTo.gte(scope.now));
        wanted = wanted.add(waiting);
    }
    Ok(visit::Entity::find()
        .filter(visit::Column::CommunityId.eq(scope.community))
        .filter(visit::Column::StartsAt.gte(from))
        .filter(visit::Column::StartsAt.lt(to))
        .filter(wanted)
        .order_by_asc(visit::Column::Id)
        .into_partial_model()
        .all(db)
        .await?)
}

/// How often each helper was with each of these residents, and, where one visit of a series is looked at, how often they are to
/// come on its other dates: whoever comes first is familiar at the next.
async fn known<C: ConnectionTrait>(
    db: &C,
    residents: Vec<ResidentId>,
    scope: &Scope,
) -> Result<HashMap<(ResidentId, HelperId), u32>> {
    let mut known = past(db, residents, scope.now).await?;
    if let Some(about) = scope.about {
        for who in of_series(db, about).await? {
            *known.entry(who).or_insert(0) += 1;
        }
    }
    Ok(known)
}

/// Who is to come on the other dates of a visit's series.
async fn of_series<C: ConnectionTrait>(
    db: &C,
    about: VisitId,
) -> Result<Vec<(ResidentId, HelperId)>> {
    let Some(visit) = visit::Entity::find_by_id(about).one(db).await? else {
        return Ok(Vec::new());
    };
    let Some(date) = series_date::Entity::find()
        .filter(series_date::Column::BookingId.eq(visit.booking_id))
        .one(db)
        .await?
    else {
        return Ok(Vec::new());
    };
    let bookings = series_date::Entity::find()
        .select_only()
        .column(series_date::Column::BookingId)
        .filter(series_date::Column::SeriesId.eq(date.series_id))
        .filter(series_date::Column::BookingId.is_not_null())
        .into_query();
    Ok(assignment::Entity::find()
        .select_only()
        .column(visit::Column::ResidentId)
        .column(assignment::Column::HelperId)
        .inner_join(visit::Entity)
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(visit::Column::BookingId.in_subquery(bookings))
        .filter(visit::Column::Id.ne(about))
        .filter(visit::Column::State.is_in([VisitState::Offered, VisitState::Accepted]))
        .into_tuple()
        .all(db)
        .await?)
}

/// How often each helper was with each of these residents in the last half year.
async fn past<C: ConnectionTrait>(
    db: &C,
    residents: Vec<ResidentId>,
    now: DateTime<Utc>,
) -> Result<HashMap<(ResidentId, HelperId), u32>> {
    let rows: Vec<(ResidentId, HelperId, i64)> = assignment::Entity::find()
        .select_only()
        .column(visit::Column::ResidentId)
        .column(assignment::Column::HelperId)
        .column_as(assignment::Column::Id.count(), "times")
        .inner_join(visit::Entity)
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .filter(visit::Column::ResidentId.is_in(residents))
        .filter(visit::Column::State.eq(VisitState::Completed))
        .filter(visit::Column::StartsAt.gte(now - TimeDelta::days(183)))
        .group_by(visit::Column::ResidentId)
        .group_by(assignment::Column::HelperId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(resident, helper, times)| {
            let times = u32::try_from(times).unwrap_or(u32::MAX);
            ((resident, helper), times)
        })
        .collect())
}
