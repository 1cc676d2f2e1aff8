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

/// What stands against a provider's taking any new work; nothing where it may.
#[must_use]
pub fn why_idle(
    standing: Standing,
    papers: &[provider_paper::Model],
    today: NaiveDate,
) -> Option<Barred> {
    match standing {
        Standing::Applied | Standing::Checked | Standing::Refused => Some(Barred::NotAdmitted),
        Standing::Suspended => Some(Barred::Suspended),
        Standing::Ended => Some(Barred::Ended),
        Standing::Approved if !lapsed(papers, today).is_empty() => Some(Barred::PaperExpired),
        Standing::Approved => None,
    }
}

/// What stands against providers' taking new work, as of one day.
#[derive(Clone, Debug, Default)]
pub struct Admission {
    idle: HashMap<ProviderId, Barred>,
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
        let idle = rows
            .iter()
            .filter_map(|row| {
                let papers = papers.get(&row.id).map_or(&[][..], Vec::as_slice);
                Some((row.id, why_idle(row.standing, papers, today)?))
            })
            .collect();
        Ok(Self { idle, chosen })
    }

    /// What stands against a provider's taking any new work.
    #[must_use]
    pub fn idle(&self, provider: ProviderId) -> Option<Barred> {
        self.idle.get(&provider).copied()
    }

    /// What stands against a provider's taking this service on.
    #[must_use]
    pub fn why_not(&self, provider: ProviderId, service: ServiceId) -> Option<Barred> {
        self.idle(provider).or_else(|| {
            self.chosen
                .get(&provider)
                .is_some_and(|chosen| !chosen.contains(&service))
                .then_some(Barred::NotOffered)
        })
    }

    /// Whether nothing stands against anybody, which is the rule.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.idle.is_empty() && self.chosen.is_empty()
    }
}
