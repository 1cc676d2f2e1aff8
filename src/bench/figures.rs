//! A month in figures, each counted by its own room where one counts it already.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{CommunityId, HelperId, ProviderId, ServiceId, TimeEntryId, VisitId};
use entity::words::{HelperKind, TimeEntryKind, VisitState};
use entity::{assignment, helper, time_entry, visit};
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait,
};

use super::Aim;
use super::times::{self, Response, Waits};
use crate::clock::midnight;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::quality::panel::figures::{self, Counted};
use crate::reports::month_of;
use crate::store::claim;
use crate::supply::asked::{self, Asked};
use crate::supply::gaps::unserved;

/// States in which a visit was done.
const DONE: [VisitState; 2] = [VisitState::Completed, VisitState::Substituted];

/// What volunteers gave in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Volunteers {
    /// How many served.
    pub people: usize,
    /// How many visits.
    pub visits: usize,
    /// Minutes, each of a crew counted.
    pub minutes: i64,
    /// Minutes that the time bank credited for the month's visits, less what was reversed.
    pub credited_min: i64,
}

/// A month in figures.
#[derive(Clone, Debug)]
pub struct Figures {
    /// What was asked for.
    pub asked: Vec<Asked>,
    /// Each provider's month.
    pub providers: HashMap<ProviderId, Counted>,
    /// How long people waited.
    pub waits: HashMap<Response, Waits>,
    /// What volunteers gave.
    pub volunteers: Volunteers,
}

impl Figures {
    /// Reads a month.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        caller: &Caller,
        month: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let days = month_of(month);
        let who = (caller.community, caller.zone);
        let asked = asked::between(db, who, days, now).await?;
        Self::with(db, caller, (month, asked), now).await
    }

    /// Reads a month of which it is known already what was asked for.
    ///
    /// # Errors
    /// The database's.
    pub async fn with<C: ConnectionTrait>(
        db: &C,
        caller: &Caller,
        (month, asked): (NaiveDate, Vec<Asked>),
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let (first, after) = month_of(month);
        let who = (caller.community, caller.zone);
        let span = (midnight(caller.zone, first), midnight(caller.zone, after));
        Ok(Self {
            asked,
            providers: figures::of_month(db, who, first, now).await?,
            waits: times::between(db, caller.community, span).await?,
            volunteers: volunteers(db, caller.community, span).await?,
        })
    }

    /// The figure that something is meant to move; none where there is nothing to count.
    #[must_use]
    pub fn of(&self, aim: Aim) -> Option<i64> {
        let count = |service: Option<ServiceId>| {
            let missing = unserved(&self.asked)
                .filter(|(one, _)| service.is_none_or(|service| one.service == service));
            i64::try_from(missing.count()).ok()
        };
        match aim {
            Aim::UnservedService(service) => count(Some(service)),
            Aim::UnservedAll => count(None),
            Aim::RatingProvider(provider) => self.providers.get(&provider).and_then(rating),
            Aim::HelpRespond => self.waits.get(&Response::HelpRespond)?.median_min,
            Aim::VolunteerTime => Some(self.volunteers.minutes),
            Aim::Unmeasured => None,
        }
    }
}

/// A provider's mean rating in hundredths, rounded; none without ratings.
#[must_use]
pub fn rating(counted: &Counted) -> Option<i64> {
    (counted.rated > 0).then(|| (counted.rating_sum * 200 + counted.rated) / (counted.rated * 2))
}

async fn volunteers<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Volunteers> {
    let rows = assignment::Entity::find()
        .join(JoinType::InnerJoin, assignment::Relation::Visit.def())
        .join(JoinType::InnerJoin, assignment::Relation::Helper.def())
        .select_only()
        .column(assignment::Column::HelperId)
        .column(assignment::Column::VisitId)
        .column(visit::Column::DurationMin)
        .filter(visit::Column::CommunityId.eq(community))
        .filter(visit::Column::StartsAt.gte(from))
        .filter(visit::Column::StartsAt.lt(to))
        .filter(visit::Column::State.is_in(DONE))
        .filter(assignment::Column::State.is_in(claim::LIVE))
        .filter(helper::Column::Kind.eq(HelperKind::Volunteer))
        .into_tuple::<(HelperId, VisitId, i32)>()
        .all(db)
        .await?;
    let of_month = Query::select()
        .column(visit::Column::Id)
        .from(visit::Entity)
        .and_where(visit::Column::CommunityId.eq(community))
        .and_where(visit::Column::StartsAt.gte(from))
        .and_where(visit::Column::StartsAt.lt(to))
        .to_owned();
    Ok(Volunteers {
        people: rows.iter().map(|row| row.0).collect::<HashSet<_>>().len(),
        visits: rows.iter().map(|row| row.1).collect::<HashSet<_>>().len(),
        minutes: rows.iter().map(|row| i64::from(row.2)).sum(),
        credited_min: credited(db, of_month).await?,
    })
}

async fn credited<C: ConnectionTrait>(db: &C, of_month: SelectStatement) -> Result<i64> {
    let deposits: Vec<(TimeEntryId, i64)> = time_entry::Entity::find()
        .select_only()
        .column(time_entry::Column::Id)
        .column(time_entry::Column::Minutes)
        .filter(time_entry::Column::Kind.eq(TimeEntryKind::Deposit))
        .filter(time_entry::Column::VisitId.in_subquery(of_month.clone()))
        .into_tuple()
        .all(db)
        .await?;
    let of_deposits = Query::select()
        .column(time_entry::Column::Id)
        .from(time_entry::Entity)
        .and_where(time_entry::Column::Kind.eq(TimeEntryKind::Deposit))
        .and_where(time_entry::Column::VisitId.in_subquery(of_month))
        .to_owned();
    let reversed: HashSet<TimeEntryId> = time_entry::Entity::find()
        .select_only()
        .column(time_entry::Column::ReversesId)
        .filter(time_entry::Column::ReversesId.in_subquery(of_deposits))
        .into_tuple::<Option<TimeEntryId>>()
        .all(db)
        .await?
        .into_iter()
        .flatten()
        .collect();
    Ok(deposits
        .into_iter()
        .filter(|(id, _)| !reversed.contains(id))
        .map(|(_, minutes)| minutes)
        .sum())
}
