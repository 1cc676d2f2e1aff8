//! What a provider offers, and its own prices.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};
use entity::ids::{ProviderId, ServiceId};
use entity::words::{HelperKind, PaperKind};
use entity::{provider, provider_price, provider_service, service, service_offer};
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder,
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::steps::{Hand, held, touched};
use super::{file, helper_kind, needed};
use crate::app::App;
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::http::input::{Answer, Once};
use crate::said::Said;

/// Days ahead that a price may be set at most.
const FURTHEST_DAYS: i64 = 400;
/// The highest price there may be, in fen: 10,000 yuan.
const HIGHEST_FEN: i64 = 1_000_000;

/// What a provider offers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SetServices {
    /// Everything that its kind may serve.
    #[serde(default)]
    pub offers_all: bool,
    /// Codes of the services that it offers otherwise.
    #[serde(default)]
    pub services: Vec<String>,
    /// The provider's version that was looked at.
    pub version: i32,
}

/// A provider's own price.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SetPrice {
    /// Code of the service.
    pub service: String,
    /// In fen; 0 is free.
    pub price_fen: i64,
    /// From which day of service on, today or later.
    pub valid_from: NaiveDate,
    /// The provider's version that was looked at.
    pub version: i32,
}

/// A service that a kind of helper may serve, and what the catalogue asks for it.
pub(super) type Offered = (service::Model, service_offer::Model);

/// Everything that a kind of helper may serve in a community, in the catalogue's order.
///
/// # Errors
/// The database's.
pub(super) async fn of_kind<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    kind: HelperKind,
) -> Result<Vec<Offered>> {
    Ok(service_offer::Entity::find()
        .find_also_related(service::Entity)
        .filter(service::Column::CommunityId.eq(caller.community))
        .filter(service_offer::Column::Kind.eq(kind))
        .order_by_asc(service_offer::Column::ServiceId)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(offer, service)| Some((service?, offer)))
        .collect())
}

/// The services of these codes, where the kind may serve them.
///
/// # Errors
/// `invalid` with the field `services`, or the database's.
pub(super) async fn check<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    kind: HelperKind,
    (all, codes): (bool, &[String]),
) -> Result<Vec<ServiceId>> {
    if all {
        return Ok(Vec::new());
    }
    if codes.is_empty() {
        return Err(Problem::field(
            "services",
            Said::new("请至少选一项服务。", "Please choose at least one service."),
        )
        .into());
    }
    let known = of_kind(db, caller, kind).await?;
    let codes: BTreeSet<&String> = codes.iter().collect();
    codes
        .into_iter()
        .map(|code| {
            known
                .iter()
                .find(|(row, _)| row.code == *code)
                .map(|(row, _)| row.id)
                .ok_or_else(|| not_served("services", code))
        })
        .collect()
}

fn not_served(field: &'static str, code: &str) -> Error {
    Problem::field(
        field,
        Said::new(
            format!("目录里没有由这类服务商承担的服务 {code}。"),
            format!("The catalogue has no service {code} for this kind of provider."),
        ),
    )
    .into()
}

/// Writes what a provider offers.
///
/// # Errors
/// The database's.
pub(super) async fn write(
    txn: &DatabaseTransaction,
    id: ProviderId,
    services: Vec<ServiceId>,
) -> Result<()> {
    provider_service::Entity::delete_many()
        .filter(provider_service::Column::ProviderId.eq(id))
        .exec(txn)
        .await?;
    if services.is_empty() {
        return Ok(());
    }
    let rows = services
        .into_iter()
        .map(|service| provider_service::ActiveModel {
            provider_id: Set(id),
            service_id: Set(service),
        });
    provider_service::Entity::insert_many(rows)
        .exec_without_returning(txn)
        .await?;
    Ok(())
}

/// Which papers a provider must have for what it offers.
///
/// # Errors
/// The database's.
pub(super) async fn needed_of<C: ConnectionTrait>(
    db: &C,
    row: &provider::Model,
) -> Result<BTreeSet<PaperKind>> {
    let services = provider_service::Entity::find()
        .filter(provider_service::Column::ProviderId.eq(row.id))
        .all(db)
        .await?;
    let categories: Vec<String> = service::Entity::find()
        .filter(service::Column::Id.is_in(services.iter().map(|row| row.service_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.category)
        .collect();
    Ok(needed(row.kind, categories.iter().map(String::as_str)))
}

/// Sets what a provider offers. Visits that run go on.
///
/// # Errors
/// `invalid`, `stale`, or the database's.
pub async fn set_services(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: SetServices,
    once: Once,
) -> Result<Answer> {
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (hand, body) = (hand.clone(), body.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, Some(body.version)).await?;
            let wanted = (body.offers_all, body.services.as_slice());
            let services = check(txn, &hand.caller, helper_kind(row.kind), wanted).await?;
            write(txn, id, services).await?;
            provider::ActiveModel {
                id: Set(id),
                offers_all: Set(body.offers_all),
                ..Default::default()
            }
            .update(txn)
            .await?;
            hand.record(txn, id, "services_set", None).await?;
            touched(txn, &hand, &row, true).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

/// Sets a provider's own price from a day on. What was agreed keeps its price.
///
/// # Errors
/// `invalid`, `stale`, or the database's.
pub async fn set_price(
    app: &App,
    caller: &Caller,
    id: ProviderId,
    body: SetPrice,
    once: Once,
) -> Result<Answer> {
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    check_day(body.valid_from, hand.today())?;
    app.write_once(caller.account, once, StatusCode::OK, move |txn| {
        let (hand, body) = (hand.clone(), body.clone());
        Box::pin(async move {
            let row = held(txn, &hand.caller, id, Some(body.version)).await?;
            let (service, _) = of_kind(txn, &hand.caller, helper_kind(row.kind))
                .await?
                .into_iter()
                .find(|(service, _)| service.code == body.service)
                .ok_or_else(|| not_served("service", &body.service))?;
            check_price(body.price_fen, service.market_price_fen)?;
            let price = provider_price::ActiveModel {
                provider_id: Set(id),
                service_id: Set(service.id),
                valid_from: Set(body.valid_from),
                price_fen: Set(body.price_fen),
                set_by: Set(Some(hand.caller.account)),
                set_at: Set(hand.now),
            };
            provider_price::Entity::insert(price)
                .on_conflict(
                    OnConflict::columns([
                        provider_price::Column::ProviderId,
                        provider_price::Column::ServiceId,
                        provider_price::Column::ValidFrom,
                    ])
                    .update_columns([
                        provider_price::Column::PriceFen,
                        provider_price::Column::SetBy,
                        provider_price::Column::SetAt,
                    ])
                    .to_owned(),
                )
                .exec_without_returning(txn)
                .await?;
            let note = format!(
                "{} {}.{:02} ← {}",
                service.code,
                body.price_fen / 100,
                body.price_fen % 100,
                body.valid_from
            );
            hand.record(txn, id, "price_set", Some(note)).await?;
            touched(txn, &hand, &row, false).await?;
            file::file(txn, &hand.caller, id, hand.now).await
        })
    })
    .await
}

fn check_day(from: NaiveDate, today: NaiveDate) -> Result<()> {
    if (today..=today + TimeDelta::days(FURTHEST_DAYS)).contains(&from) {
        return Ok(());
    }
    Err(Problem::field(
        "valid_from",
        Said::new(
            format!("价格从今天或以后的日子起生效，最远 {FURTHEST_DAYS} 天。"),
            format!("A price begins today or later, {FURTHEST_DAYS} days ahead at most."),
        ),
    )
    .into())
}

/// The compound's promise is to be no dearer than the market.
fn check_price(fen: i64, market: i64) -> Result<()> {
    if !(0..=HIGHEST_FEN).contains(&fen) {
        return Err(Problem::field(
            "price_fen",
            Said::new(
                "价格应在 0 到 10000 元之间。",
                "A price is from 0 to 10,000 yuan.",
            ),
        )
        .into());
    }
    if market > 0 && fen > market {
        return Err(Problem::field(
            "price_fen",
            Said::new(
                "不能高于市场参考价。",
                "The price may not be above the market's.",
            ),
        )
        .into());
    }
    Ok(())
}

/// Takes a price back that has not begun.
///
/// # Errors
/// `not-found`, `not-now` where it has begun, or the database's.
pub async fn remove_price(
    app: &App,
    caller: &Caller,
    (id, code, from): (ProviderId, String, NaiveDate),
) -> Result<()> {
    let hand = Hand {
        caller: caller.clone(),
        now: app.clock.now(),
    };
    app.store
        .write(move |txn| {
            let (hand, code) = (hand.clone(), code.clone());
            Box::pin(async move {
                let row = held(txn, &hand.caller, id, None).await?;
                let service = service::Entity::find()
                    .filter(service::Column::CommunityId.eq(hand.caller.community))
                    .filter(service::Column::Code.eq(&code))
                    .one(txn)
                    .await?
                    .ok_or_else(Problem::not_found)?;
                let price = provider_price::Entity::find_by_id((id, service.id, from))
                    .one(txn)
                    .await?
                    .ok_or_else(Problem::not_found)?;
                if price.valid_from <= hand.today() {
                    return Err(Problem::not_now(Said::new(
                        "这个价格已经生效，不能撤销；可以从另一天起设新的价格。",
                        "This price holds already; set another from a later day instead.",
                    ))
                    .into());
                }
                provider_price::Entity::delete_by_id((id, service.id, from))
                    .exec(txn)
                    .await?;
                hand.record(txn, id, "price_removed", Some(format!("{code} {from}")))
                    .await?;
                touched(txn, &hand, &row, false).await
            })
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_begins_ahead_and_is_no_dearer_than_the_market() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = day("2026-11-24");
        assert!(check_day(today, today).is_ok());
        assert!(check_day(day("2026-11-23"), today).is_err());
        assert!(check_day(day("2028-01-24"), today).is_err());
        assert!(check_price(0, 9_000).is_ok() && check_price(9_000, 9_000).is_ok());
        assert!(check_price(9_001, 9_000).is_err() && check_price(-1, 0).is_err());
        assert!(
            check_price(9_001, 0).is_ok(),
            "nothing is known of the market"
        );
    }
}
