//! What a service costs: the provider's own price from its day on, else the catalogue's for its kind of helper.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::ids::{CommunityId, ProviderId, ServiceId};
use entity::{helper, provider, provider_price, service_offer};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::helper_kind;
use super::standing::Admission;
use crate::error::Result;

/// The prices of some services.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    offers: HashMap<ServiceId, Vec<service_offer::Model>>,
    own: HashMap<(ProviderId, ServiceId), Vec<(NaiveDate, i64)>>,
}

impl Prices {
    /// Reads the prices of these services.
    ///
    /// # Errors
    /// The database's.
    pub async fn read<C: ConnectionTrait>(
        db: &C,
        services: impl IntoIterator<Item = ServiceId>,
    ) -> Result<Self> {
        let services: HashSet<ServiceId> = services.into_iter().collect();
        let mut prices = Self::default();
        for offer in service_offer::Entity::find()
            .filter(service_offer::Column::ServiceId.is_in(services.iter().copied()))
            .all(db)
            .await?
        {
            prices
                .offers
                .entry(offer.service_id)
                .or_default()
                .push(offer);
        }
        for row in provider_price::Entity::find()
            .filter(provider_price::Column::ServiceId.is_in(services))
            .all(db)
            .await?
        {
            prices
                .own
                .entry((row.provider_id, row.service_id))
                .or_default()
                .push((row.valid_from, row.price_fen));
        }
        Ok(prices)
    }

    /// What the catalogue says of a service, by kind of helper.
    #[must_use]
    pub fn offers(&self, service: ServiceId) -> &[service_offer::Model] {
        self.offers.get(&service).map_or(&[], Vec::as_slice)
    }

    /// What a service costs on a day when this helper comes, in fen; nothing where the helper's kind does not offer it.
    #[must_use]
    pub fn of(&self, service: ServiceId, helper: &helper::Model, day: NaiveDate) -> Option<i64> {
        let offer = self
            .offers(service)
            .iter()
            .find(|offer| offer.kind == helper.kind)?;
        Some(
            self.own(helper.provider_id, service, day)
                .unwrap_or(offer.price_fen),
        )
    }

    /// A provider's own price for a service on a day.
    #[must_use]
    pub fn own(&self, provider: ProviderId, service: ServiceId, day: NaiveDate) -> Option<i64> {
        in_force(self.own.get(&(provider, service))?, day)
    }
}

/// The price that holds on a day: of those that have begun, the one that began last.
#[must_use]
pub fn in_force(prices: &[(NaiveDate, i64)], day: NaiveDate) -> Option<i64> {
    prices
        .iter()
        .filter(|(from, _)| *from <= day)
        .max_by_key(|(from, _)| *from)
        .map(|(_, fen)| *fen)
}

/// What people are shown of the catalogue's offers: a kind of helper for each price that one of its providers asks which may
/// take it on, none where none may.
///
/// # Errors
/// The database's.
pub async fn shown<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    offers: Vec<service_offer::Model>,
    today: NaiveDate,
) -> Result<Vec<service_offer::Model>> {
    let providers = provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(community))
        .all(db)
        .await?;
    let admission = Admission::of(db, &providers, today).await?;
    let prices = Prices::read(db, offers.iter().map(|offer| offer.service_id)).await?;
    Ok(shown_by(&providers, &admission, &prices, offers, today))
}

/// The same, of what was read already.
#[must_use]
pub fn shown_by(
    providers: &[provider::Model],
    admission: &Admission,
    prices: &Prices,
    offers: Vec<service_offer::Model>,
    today: NaiveDate,
) -> Vec<service_offer::Model> {
    let mut shown = Vec::with_capacity(offers.len());
    for offer in offers {
        let mut asked: Vec<i64> = providers
            .iter()
            .filter(|row| helper_kind(row.kind) == offer.kind)
            .filter(|row| admission.why_not(row.id, offer.service_id).is_none())
            .map(|row| {
                prices
                    .own(row.id, offer.service_id, today)
                    .unwrap_or(offer.price_fen)
            })
            .collect();
        asked.sort_unstable();
        asked.dedup();
        shown.extend(asked.into_iter().map(|price_fen| service_offer::Model {
            price_fen,
            ..offer.clone()
        }));
    }
    shown.sort_by_key(|offer| (offer.price_fen, offer.kind));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_price_that_began_last_holds() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let prices = [(day("2026-12-01"), 1_500), (day("2026-11-01"), 1_200)];
        assert_eq!(in_force(&prices, day("2026-10-31")), None);
        assert_eq!(in_force(&prices, day("2026-11-30")), Some(1_200));
        assert_eq!(in_force(&prices, day("2026-12-01")), Some(1_500));
    }
}
