//! Everything a month of supply and demand is made from, in one read.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::ids::{GridId, ServiceId, SkillId};
use entity::words::HelperKind;
use entity::{grid, service, service_offer, skill};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::asked::{self, Asked};
use super::offered::{self, Hand, as_of};
use crate::clock::local_date;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::providers::standing::Admission;
use crate::reports::month_of;

/// A month, as read.
#[derive(Debug)]
pub struct Picture {
    /// Its first day.
    pub first: NaiveDate,
    /// The first day of the month after it.
    pub after: NaiveDate,
    /// Today.
    pub today: NaiveDate,
    /// What was asked for.
    pub asked: Vec<Asked>,
    /// What was asked for in the month before.
    pub before: Vec<Asked>,
    /// Who comes.
    pub hands: Vec<Hand>,
    /// The catalogue.
    pub services: HashMap<ServiceId, service::Model>,
    /// Which kinds of helpers may do a service.
    pub kinds: HashMap<ServiceId, Vec<HelperKind>>,
    /// Skills.
    pub skills: HashMap<SkillId, skill::Model>,
    /// Grids, in their order.
    pub grids: Vec<(GridId, String)>,
    /// Who may take new work.
    pub admission: Admission,
}

impl Picture {
    /// Reads a month with the one before.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        caller: &Caller,
        month: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let (first, after) = month_of(month);
        let (earlier, _) = month_of(first.pred_opt().unwrap_or(first));
        let today = local_date(caller.zone, now);
        let day = as_of(after, today);
        let who = (caller.community, caller.zone);
        let services: HashMap<ServiceId, service::Model> = service::Entity::find()
            .filter(service::Column::CommunityId.eq(caller.community))
            .all(db)
            .await?
            .into_iter()
            .map(|row| (row.id, row))
            .collect();
        let mut kinds: HashMap<ServiceId, Vec<HelperKind>> = HashMap::new();
        for offer in service_offer::Entity::find()
            .inner_join(service::Entity)
            .filter(service::Column::CommunityId.eq(caller.community))
            .all(db)
            .await?
        {
            kinds.entry(offer.service_id).or_default().push(offer.kind);
        }
        Ok(Self {
            asked: asked::between(db, who, (first, after), now).await?,
            before: asked::between(db, who, (earlier, first), now).await?,
            hands: offered::read(db, caller.community, (first, after), day).await?,
            skills: skill::Entity::find()
                .filter(skill::Column::CommunityId.eq(caller.community))
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row))
                .collect(),
            grids: grid::Entity::find()
                .filter(grid::Column::CommunityId.eq(caller.community))
                .order_by_asc(grid::Column::Id)
                .all(db)
                .await?
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
            admission: Admission::read(db, caller.community, day).await?,
            services,
            kinds,
            first,
            after,
            today,
        })
    }

    /// Whether a helper's kind and provider may do a service, whatever they can.
    #[must_use]
    pub fn permits(&self, hand: &Hand, service: &service::Model) -> bool {
        self.kinds
            .get(&service.id)
            .is_some_and(|kinds| kinds.contains(&hand.kind))
            && self.admission.why_not(hand.provider, service.id).is_none()
    }

    /// Who can do a service.
    pub fn holders<'a>(&'a self, service: &'a service::Model) -> impl Iterator<Item = &'a Hand> {
        self.hands
            .iter()
            .filter(move |hand| hand.skills.contains(&service.skill_id))
            .filter(move |hand| self.permits(hand, service))
    }
}
