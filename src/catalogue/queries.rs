//! The catalogue's lines, as they are offered.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::ids::{CommunityId, ServiceId};
use entity::words::Lang;
use entity::{resident, service, service_offer};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::categories::category_word;
use super::views::{Category, KindPrice, Service};
use super::{price_range, why_nobody_comes, why_not};
use crate::error::Result;
use crate::providers::prices;
use crate::said::pick;

/// A line of the catalogue with what it costs from each kind of helper.
pub type Line = (service::Model, Vec<service_offer::Model>);

/// Everything that a community offers, by category, in the catalogue's order; with a resident, also whether it can be
/// booked for them.
///
/// # Errors
/// The database's.
pub async fn offered<C: ConnectionTrait>(
    db: &C,
    community: CommunityId,
    resident: Option<&resident::Model>,
    today: NaiveDate,
    lang: Lang,
) -> Result<Vec<Category>> {
    let services = service::Entity::find()
        .filter(service::Column::CommunityId.eq(community))
        .filter(service::Column::Active.eq(true))
        .order_by_asc(service::Column::Id)
        .all(db)
        .await?;
    let mut offers: HashMap<ServiceId, Vec<service_offer::Model>> = HashMap::new();
    let all = service_offer::Entity::find()
        .inner_join(service::Entity)
        .filter(service::Column::CommunityId.eq(community))
        .all(db)
        .await?;
    for offer in prices::shown(db, community, all, today).await? {
        offers.entry(offer.service_id).or_default().push(offer);
    }
    let mut categories: Vec<Category> = Vec::new();
    for row in &services {
        let offers = offers.get(&row.id).map_or(&[][..], Vec::as_slice);
        let line = view(row, offers, resident, today, lang);
        match categories
            .iter_mut()
            .find(|category| category.category == category_word(&row.category, lang))
        {
            Some(category) => category.services.push(line),
            None => categories.push(Category {
                category: category_word(&row.category, lang).to_owned(),
                services: vec![line],
            }),
        }
    }
    Ok(categories)
}

/// A line as people see it; with a resident, whether it can be booked for them, and why not.
#[must_use]
pub fn view(
    service: &service::Model,
    offers: &[service_offer::Model],
    resident: Option<&resident::Model>,
    today: NaiveDate,
    lang: Lang,
) -> Service {
    let (from, to) = price_range(offers).unwrap_or((0, 0));
    let why = match resident {
        None => why_nobody_comes(offers),
        Some(resident) => why_not(service, offers, resident, today),
    };
    Service {
        code: service.code.clone(),
        name: pick(lang, &service.name_zh, &service.name_en).to_owned(),
        unit: service.unit.clone(),
        duration_min: service.duration_min,
        price_from_fen: from,
        price_to_fen: to,
        market_price_fen: service.market_price_fen,
        free: !offers.is_empty() && to == 0,
        crew_size: service.crew_size,
        lead_time_hours: service.lead_time_hours,
        place: service.place,
        kinds: offers
            .iter()
            .map(|offer| KindPrice {
                kind: offer.kind,
                price_fen: offer.price_fen,
            })
            .collect(),
        bookable: service.active && why.is_none(),
        why_not: why.map(|why| why.to(lang)),
    }
}
