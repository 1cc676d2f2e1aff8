//! Who may take new work: the one definition, asked by the engine, the catalogue, and the write that places a crew.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::ids::{CommunityId, ProviderId, ServiceId};
use entity::words::Standing;
use entity::{provider, provider_paper, provider_service};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::lapsed;
use crate::error::Result;
use crate::matching::Barred;

/// What stands against a provider's taking any new work, whatever its papers say; nothing where it was approved.
#[must_use]
pub fn why_idle(standing: Standing) -> Option<Barred> {
    match standing {
        Standing::Applied | Standing::Checked | Standing::Refused => Some(Barred::NotAdmitted),
        Standing::Suspended => Some(Barred::Suspended),
        Standing::Ended => Some(Barred::Ended),
        Standing::Approved => None,
    }
}

/// The first day, `day` or later, on which a paper that must be there is out of date with no better one behind it. From then on
/// it stays so: of what is known today, nothing becomes good again.
#[must_use]
pub fn lapses_on(papers: &[provider_paper::Model], day: NaiveDate) -> Option<NaiveDate> {
    let after = papers
        .iter()
        .filter_map(|paper| paper.valid_until?.succ_opt())
        .map(|first| first.max(day));
    after
        .filter(|first| !lapsed(papers, *first).is_empty())
        .min()
}

/// What stands against providers' taking work. Their standing is today's; their papers are judged for the day of the visit,
/// which may be weeks after the booking.
#[derive(Clone, Debug)]
pub struct Admission {
    today: NaiveDate,
    idle: HashMap<ProviderId, Barred>,
    lapses: HashMap<ProviderId, NaiveDate>,
    chosen: HashMap<ProviderId, HashSet<ServiceId>>,
}

impl Admission {
    /// Of every provider of a community.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        community: CommunityId,
        today: NaiveDate,
    ) -> Result<Self> {
        let rows = provider::Entity::find()
            .filter(provider::Column::CommunityId.eq(community))
            .all(db)
            .await?;
        Self::of(db, &rows, today).await
    }

    /// Of these providers.
    ///
    /// # Errors
    /// The database's.
    pub async fn of<C: ConnectionTrait>(
        db: &C,
        rows: &[provider::Model],
        today: NaiveDate,
    ) -> Result<Self> {
        let mut papers: HashMap<ProviderId, Vec<_>> = HashMap::new();
        for paper in provider_paper::Entity::find()
            .filter(provider_paper::Column::ProviderId.is_in(rows.iter().map(|row| row.id)))
            .all(db)
            .await?
        {
            papers.entry(paper.provider_id).or_default().push(paper);
        }
        let mut chosen: HashMap<ProviderId, HashSet<ServiceId>> = rows
            .iter()
            .filter(|row| !row.offers_all)
            .map(|row| (row.id, HashSet::new()))
            .collect();
        if !chosen.is_empty() {
            for row in provider_service::Entity::find()
                .filter(provider_service::Column::ProviderId.is_in(chosen.keys().copied()))
                .all(db)
                .await?
            {
                chosen
                    .entry(row.provider_id)
                    .or_default()
                    .insert(row.service_id);
            }
        }
        let idle: HashMap<_, _> = rows
            .iter()
            .filter_map(|row| Some((row.id, why_idle(row.standing)?)))
            .collect();
        let lapses = papers
            .iter()
            .filter(|(id, _)| !idle.contains_key(*id))
            .filter_map(|(id, papers)| Some((*id, lapses_on(papers, today)?)))
            .collect();
        Ok(Self {
            today,
            idle,
            lapses,
            chosen,
        })
    }

    /// What stands against a provider's taking any new work, for today.
    #[must_use]
    pub fn idle(&self, provider: ProviderId) -> Option<Barred> {
        self.idle_on(provider, self.today)
    }

    /// What stands against a provider's coming on a day.
    #[must_use]
    pub fn idle_on(&self, provider: ProviderId, day: NaiveDate) -> Option<Barred> {
        let standing = self.idle.get(&provider).copied();
        standing.or_else(|| {
            self.lapses
                .get(&provider)
                .is_some_and(|first| *first <= day)
                .then_some(Barred::PaperExpired)
        })
    }

    /// What stands against a provider's taking this service on, for today.
    #[must_use]
    pub fn why_not(&self, provider: ProviderId, service: ServiceId) -> Option<Barred> {
        self.why_not_on(provider, service, self.today)
    }

    /// What stands against a provider's serving this on a day.
    #[must_use]
    pub fn why_not_on(
        &self,
        provider: ProviderId,
        service: ServiceId,
        day: NaiveDate,
    ) -> Option<Barred> {
        self.idle_on(provider, day).or_else(|| {
            self.chosen
                .get(&provider)
                .is_some_and(|chosen| !chosen.contains(&service))
                .then_some(Barred::NotOffered)
        })
    }

    /// The first day after `day` from which somebody's papers are out of date: until then all days are alike.
    #[must_use]
    pub fn next_lapse(&self, day: NaiveDate) -> Option<NaiveDate> {
        let later = self.lapses.values().copied();
        later.filter(|first| *first > day).min()
    }

    /// Whether nothing stands against anybody on any day, which is the rule.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.idle.is_empty() && self.lapses.is_empty() && self.chosen.is_empty()
    }
}
