//! From rows to a [`Problem`]: one read of everything that decides who could come.

mod build;
mod read;
pub mod team;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{CommunityId, HelperId, ServiceId, SkillId, VisitId};
use entity::{helper, resident, service, visit};
use sea_orm::ConnectionTrait;

pub use read::VisitRow;
pub use team::{Team, Teams};

use crate::app::App;
use crate::clock::{local_date, midnight};
use crate::error::Result;
use crate::matching::{HelperIx, Problem, VisitIx};

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

impl Scope {
    /// The last local day.
    #[must_use]
    pub fn last(&self) -> NaiveDate {
        self.first + TimeDelta::days(i64::try_from(self.days).unwrap_or(1) - 1)
    }
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
    /// Allowed starts, both ends included. Providers' papers are judged for the day of the first: see
    /// [`Stated::alike_until`].
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
    pub visits: Vec<VisitRow>,
    /// Index of each helper.
    pub helper_ix: HashMap<HelperId, HelperIx>,
    /// Index of each visit.
    pub visit_ix: HashMap<VisitId, VisitIx>,
    /// What seldom changes, as it was read.
    pub team: Arc<Team>,
    /// The zone of the community's clocks.
    pub zone: Tz,
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

    /// The instant from which on somebody's papers are out of date that are good on this day; none where they stay as they are.
    #[must_use]
    pub fn alike_until(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let next = self.team.admission.next_lapse(day)?;
        Some(midnight(self.zone, next))
    }

    /// What a crew costs for a service that starts at these seconds: what its first member's provider asks on that day.
    #[must_use]
    pub fn price(&self, service: ServiceId, crew: &[HelperIx], start: i64) -> Option<i64> {
        let first = &self.helpers[crew.first()?.0];
        let day = local_date(self.zone, self.instant(start));
        self.team.prices.of(service, first, day)
    }
}

/// States the problem as things are now.
///
/// # Errors
/// The database's.
pub async fn state(app: &App, scope: &Scope, wanted: Option<&Wanted>) -> Result<Stated> {
    let moment = app.store.moment().await?;
    state_of(&app.teams, &moment, scope, wanted).await
}

/// The same, of a database and the teams that are kept of it.
///
/// # Errors
/// The database's.
pub async fn state_of<C: ConnectionTrait>(
    teams: &Teams,
    db: &C,
    scope: &Scope,
    wanted: Option<&Wanted>,
) -> Result<Stated> {
    let rows = read::read(teams, db, scope, wanted).await?;
    build::assemble(scope, rows, wanted)
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
