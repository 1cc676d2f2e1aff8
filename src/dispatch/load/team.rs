//! What seldom changes of what decides who can come: read once, and kept in memory until one of its rows changes.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{NaiveDate, TimeDelta};
use entity::ids::{CommunityId, HelperId, HouseholdId, ServiceId, SkillId};
use entity::words::DayKind;
use entity::{
    availability, availability_exception, calendar_day, community, credential, edition, helper,
    helper_skill, leave, provider, service, service_offer, skill,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select,
};

use crate::compound::{self, Location};
use crate::consent::queries::Stopped;
use crate::error::{Error, Result};
use crate::providers::prices::{self, Prices};
use crate::providers::standing::Admission;

/// Days before today for which a kept team knows exceptions and leave: who asks for earlier ones reads them anew.
const DAYS_BACK: i64 = 62;
/// Communities kept at once.
const KEPT: usize = 128;

/// An active helper with everything that decides when she comes, and for what.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) row: helper::Model,
    pub(super) skills: Vec<helper_skill::Model>,
    pub(super) papers: Vec<credential::Model>,
    pub(super) weekly: Vec<availability::Model>,
    pub(super) exceptions: Vec<availability_exception::Model>,
    pub(super) leaves: Vec<leave::Model>,
}

impl Member {
    pub(super) fn holds(&self, skill: SkillId) -> bool {
        self.skills.iter().any(|row| row.skill_id == skill)
    }
}

/// The helpers of a community with what they hold and give, its providers, its catalogue, its homes.
#[derive(Debug)]
pub struct Team {
    /// The community itself.
    pub community: community::Model,
    /// Its services, resting ones too.
    pub services: HashMap<ServiceId, service::Model>,
    /// What they cost.
    pub prices: Prices,
    /// Whose papers are in order, and until when.
    pub admission: Admission,
    /// Days on which nothing is served.
    pub closed_days: Vec<calendar_day::Model>,
    pub(super) providers: Vec<provider::Model>,
    pub(super) members: Vec<Arc<Member>>,
    pub(super) skills: Vec<skill::Model>,
    pub(super) closed: HashSet<NaiveDate>,
    pub(super) stopped: Stopped,
    pub(super) homes: HashMap<HouseholdId, Location>,
    pub(super) station: Location,
}

impl Team {
    /// A service by its code, with what its providers ask today.
    #[must_use]
    pub fn line(
        &self,
        code: &str,
        today: NaiveDate,
    ) -> Option<(service::Model, Vec<service_offer::Model>)> {
        let row = self.services.values().find(|row| row.code == code)?;
        let offers = self.prices.offers(row.id).to_vec();
        let shown = prices::shown_by(
            &self.providers,
            &self.admission,
            &self.prices,
            offers,
            today,
        );
        Some((row.clone(), shown))
    }

    async fn read<C: ConnectionTrait>(
        db: &C,
        id: CommunityId,
        today: NaiveDate,
        since: NaiveDate,
    ) -> Result<Self> {
        let place = community::Entity::find_by_id(id)
            .one(db)
            .await?
            .ok_or_else(|| Error::Internal("there is no such community".into()))?;
        let providers = provider::Entity::find()
            .filter(provider::Column::CommunityId.eq(id))
            .order_by_asc(provider::Column::Id)
            .all(db)
            .await?;
        let services = of(service::Entity::find(), service::Column::CommunityId, id)
            .all(db)
            .await?;
        let closed_days = of(
            calendar_day::Entity::find(),
            calendar_day::Column::CommunityId,
            id,
        )
        .filter(calendar_day::Column::Kind.eq(DayKind::Closed))
        .all(db)
        .await?;
        Ok(Self {
            prices: Prices::read(db, services.iter().map(|row| row.id)).await?,
            admission: Admission::of(db, &providers, today).await?,
            closed: closed_days.iter().map(|row| row.date).collect(),
            members: members(db, id, since).await?,
            skills: of(skill::Entity::find(), skill::Column::CommunityId, id)
                .order_by_asc(skill::Column::Id)
                .all(db)
                .await?,
            stopped: Stopped::read(db, id).await?,
            homes: compound::queries::homes_of(db, id).await?,
            station: compound::queries::station(db, id).await?,
            services: services.into_iter().map(|row| (row.id, row)).collect(),
            community: place,
            closed_days,
            providers,
        })
    }
}

fn of<E: EntityTrait>(rows: Select<E>, column: E::Column, id: CommunityId) -> Select<E> {
    rows.filter(column.eq(id))
}

/// Every active helper, in the order of their numbers.
async fn members<C: ConnectionTrait>(
    db: &C,
    id: CommunityId,
    since: NaiveDate,
) -> Result<Vec<Arc<Member>>> {
    let helpers = helper::Entity::find()
        .filter(helper::Column::CommunityId.eq(id))
        .filter(helper::Column::Active.eq(true))
        .order_by_asc(helper::Column::Id)
        .all(db)
        .await?;
    let active = helper::Entity::find()
        .select_only()
        .column(helper::Column::Id)
        .filter(helper::Column::CommunityId.eq(id))
        .filter(helper::Column::Active.eq(true))
        .into_query();
    let mut skills = by_helper(
        helper_skill::Entity::find()
            .filter(helper_skill::Column::HelperId.in_subquery(active))
            .all(db)
            .await?,
        |row| row.helper_id,
    );
    let mut papers = by_helper(
        of(
            credential::Entity::find(),
            credential::Column::CommunityId,
            id,
        )
        .all(db)
        .await?,
        |row| row.helper_id,
    );
    let mut weekly = by_helper(
        of(
            availability::Entity::find(),
            availability::Column::CommunityId,
            id,
        )
        .all(db)
        .await?,
        |row| row.helper_id,
    );
    let mut exceptions = by_helper(
        availability_exception::Entity::find()
            .filter(availability_exception::Column::CommunityId.eq(id))
            .filter(availability_exception::Column::Date.gte(since))
            .all(db)
            .await?,
        |row| row.helper_id,
    );
    let mut leaves = by_helper(
        of(leave::Entity::find(), leave::Column::CommunityId, id)
            .filter(leave::Column::ToDate.gte(since))
            .all(db)
            .await?,
        |row| row.helper_id,
    );
    let member = |row: helper::Model| {
        Arc::new(Member {
            skills: skills.remove(&row.id).unwrap_or_default(),
            papers: papers.remove(&row.id).unwrap_or_default(),
            weekly: weekly.remove(&row.id).unwrap_or_default(),
            exceptions: exceptions.remove(&row.id).unwrap_or_default(),
            leaves: leaves.remove(&row.id).unwrap_or_default(),
            row,
        })
    };
    Ok(helpers.into_iter().map(member).collect())
}

fn by_helper<M: ModelTrait>(
    rows: Vec<M>,
    helper: impl Fn(&M) -> HelperId,
) -> HashMap<HelperId, Vec<M>> {
    let mut each: HashMap<HelperId, Vec<M>> = HashMap::new();
    for row in rows {
        each.entry(helper(&row)).or_default().push(row);
    }
    each
}

/// A team, and what it was read for.
#[derive(Debug)]
struct Kept {
    edition: i64,
    today: NaiveDate,
    team: Arc<Team>,
}

/// The teams that are kept in memory, a community each.
#[derive(Debug, Default)]
pub struct Teams(Mutex<HashMap<CommunityId, Kept>>);

impl Teams {
    /// The team as it is now; its exceptions and leave from `since` on, or earlier.
    ///
    /// # Errors
    /// The database's.
    pub async fn of<C: ConnectionTrait>(
        &self,
        db: &C,
        id: CommunityId,
        today: NaiveDate,
        since: NaiveDate,
    ) -> Result<Arc<Team>> {
        let kept_since = today - TimeDelta::days(DAYS_BACK);
        if since < kept_since {
            return Ok(Arc::new(Team::read(db, id, today, since).await?));
        }
        // Before the rows: what changes while they are read is counted after it, and read again next time.
        let edition = edition_of(db, id).await?.map_or(0, |row| row.team);
        if let Some(team) = self.kept(id, edition, today) {
            return Ok(team);
        }
        let team = Arc::new(Team::read(db, id, today, kept_since).await?);
        let kept = Kept {
            edition,
            today,
            team: Arc::clone(&team),
        };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT && !all.contains_key(&id) {
            all.clear();
        }
        all.insert(id, kept);
        Ok(team)
    }

    fn kept(&self, id: CommunityId, edition: i64, today: NaiveDate) -> Option<Arc<Team>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(&id)?;
        (kept.edition == edition && kept.today == today).then(|| Arc::clone(&kept.team))
    }
}

/// How often a community's rows have changed; none where nothing was counted yet.
///
/// # Errors
/// The database's.
pub async fn edition_of<C: ConnectionTrait>(
    db: &C,
    id: CommunityId,
) -> Result<Option<edition::Model>> {
    Ok(edition::Entity::find_by_id(id).one(db).await?)
}
