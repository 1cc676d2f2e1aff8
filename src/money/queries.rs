//! A resident's month and a provider's month.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{HelperId, ProviderId, ResidentId, StationSignupId, VisitId};
use entity::words::{AssignmentState, Attendance, Lang, PaySource, SignupState, VisitState};
use entity::{
    assignment, helper, payment_line, provider, resident, service, session_payment,
    station_session, station_signup, subsidy, visit, voucher, voucher_use,
};
use sea_orm::sea_query::SimpleExpr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Select};

use super::first_of;
use super::views::{MoneyStatement, PaidPlace, PaidVisit, PaymentLine, Settlement, SubsidyView};
use crate::clock::{local_date, midnight};
use crate::error::Result;
use crate::timebank::transfers::REDEEM_WITHIN_DAYS;
use crate::visits::short_name;
use crate::visits::views::service_name;

/// The states in which a visit was done and is paid.
pub(super) const DONE: [VisitState; 2] = [VisitState::Completed, VisitState::Substituted];

/// From when to when a month lasts.
fn span(zone: Tz, month: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let first = first_of(month);
    let after = first.checked_add_months(Months::new(1)).unwrap_or(first);
    (midnight(zone, first), midnight(zone, after))
}

/// The visits of a month that were done, in order of time.
fn done(zone: Tz, month: NaiveDate) -> Select<visit::Entity> {
    let (from, to) = span(zone, month);
    visit::Entity::find()
        .filter(visit::Column::State.is_in(DONE))
        .filter(visit::Column::StartsAt.gte(from))
        .filter(visit::Column::StartsAt.lt(to))
        .order_by_asc(visit::Column::StartsAt)
        .order_by_asc(visit::Column::Id)
}

/// A resident's month.
///
/// # Errors
/// The database's.
pub async fn statement<C: ConnectionTrait>(
    db: &C,
    (zone, lang): (Tz, Lang),
    resident: &resident::Model,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<MoneyStatement> {
    let month = first_of(month);
    let rows = done(zone, month)
        .filter(visit::Column::ResidentId.eq(resident.id))
        .all(db)
        .await?;
    let visits = paid(db, lang, rows, now).await?;
    let of = station_signup::Column::ResidentId.eq(resident.id);
    let sessions = paid_places(db, lang, came_to(db, zone, month, of).await?).await?;
    let over = first_of(local_date(zone, now)) > month;
    let subsidy = subsidy::Entity::find_by_id((resident.id, month))
        .one(db)
        .await?
        .map(|row| {
            let rest = row.allowance_fen - row.used_fen;
            SubsidyView {
                allowance_fen: row.allowance_fen,
                used_fen: row.used_fen,
                left_fen: if over { 0 } else { rest },
                lapsed_fen: if over { rest } else { 0 },
            }
        });
    Ok(MoneyStatement {
        resident_id: resident.id,
        resident: short_name(&resident.name, resident.sex, lang),
        month,
        price_fen: prices(&visits, &sessions),
        totals: totals(&visits, &sessions),
        visits,
        sessions,
        subsidy,
    })
}

/// A provider's month.
///
/// # Errors
/// The database's.
pub async fn settlement<C: ConnectionTrait>(
    db: &C,
    (zone, lang): (Tz, Lang),
    provider: &provider::Model,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<Settlement> {
    let month = first_of(month);
    let rows = done(zone, month)
        .filter(visit::Column::CommunityId.eq(provider.community_id))
        .all(db)
        .await?;
    let came = who_came(db, rows.iter().map(|row| row.id).collect()).await?;
    let own: Vec<_> = rows
        .into_iter()
        .filter(|row| came.get(&row.id).is_some_and(|(id, _)| *id == provider.id))
        .collect();
    let visits = paid(db, lang, own, now).await?;
    let held = station_session::Column::ProviderId.eq(provider.id);
    let sessions = paid_places(db, lang, came_to(db, zone, month, held).await?).await?;
    let (from, to) = span(zone, month);
    let counter_vouchers_fen: i64 = voucher_use::Entity::find()
        .filter(voucher_use::Column::ProviderId.eq(provider.id))
        .filter(voucher_use::Column::VisitId.is_null())
        .filter(voucher_use::Column::SignupId.is_null())
        .filter(voucher_use::Column::UsedAt.gte(from))
        .filter(voucher_use::Column::UsedAt.lt(to))
        .find_also_related(voucher::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(_, voucher)| Some(voucher?.value_fen))
        .sum();
    let totals = totals(&visits, &sessions);
    let by_community: i64 = totals
        .iter()
        .filter(|row| row.source != PaySource::SelfPaid)
        .map(|row| row.amount_fen)
        .sum();
    Ok(Settlement {
        provider_id: provider.id,
        provider: provider.name.clone(),
        month,
        price_fen: prices(&visits, &sessions),
        totals,
        visits,
        sessions,
        counter_vouchers_fen,
        owed_fen: by_community + counter_vouchers_fen,
    })
}

/// The places in sessions of a month with a price that somebody came to, of those of which `which` is true, in order of time.
async fn came_to<C: ConnectionTrait>(
    db: &C,
    zone: Tz,
    month: NaiveDate,
    which: SimpleExpr,
) -> Result<Vec<(station_signup::Model, station_session::Model)>> {
    let (from, to) = span(zone, month);
    Ok(station_signup::Entity::find()
        .filter(station_signup::Column::State.eq(SignupState::Seated))
        .filter(station_signup::Column::Attendance.eq(Attendance::Came))
        .filter(which)
        .find_also_related(station_session::Entity)
        .filter(station_session::Column::PriceFen.gt(0))
        .filter(station_session::Column::StartsAt.gte(from))
        .filter(station_session::Column::StartsAt.lt(to))
        .order_by_asc(station_session::Column::StartsAt)
        .order_by_asc(station_signup::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(signup, session)| Some((signup, session?)))
        .collect())
}

fn prices(visits: &[PaidVisit], sessions: &[PaidPlace]) -> i64 {
    let of_visits: i64 = visits.iter().map(|row| row.price_fen).sum();
    of_visits + sessions.iter().map(|row| row.price_fen).sum::<i64>()
}

fn totals(visits: &[PaidVisit], sessions: &[PaidPlace]) -> Vec<PaymentLine> {
    let mut sums: Vec<PaymentLine> = Vec::new();
    let of_sessions = sessions.iter().flat_map(|place| &place.lines);
    for line in visits
        .iter()
        .flat_map(|visit| &visit.lines)
        .chain(of_sessions)
    {
        match sums.iter_mut().find(|sum| sum.source == line.source) {
            Some(sum) => sum.amount_fen += line.amount_fen,
            None => sums.push(PaymentLine {
                reason: None,
                ..line.clone()
            }),
        }
    }
    sums.sort_by_key(|sum| sum.source);
    sums
}

/// The provider of the helpers who came to each visit.
async fn who_came<C: ConnectionTrait>(
    db: &C,
    visits: Vec<VisitId>,
) -> Result<HashMap<VisitId, (ProviderId, String)>> {
    let parts = assignment::Entity::find()
        .filter(assignment::Column::VisitId.is_in(visits))
        .filter(assignment::Column::State.eq(AssignmentState::Accepted))
        .order_by_asc(assignment::Column::Id)
        .all(db)
        .await?;
    let ids: HashSet<HelperId> = parts.iter().map(|row| row.helper_id).collect();
    let helpers: HashMap<HelperId, (ProviderId, String)> = helper::Entity::find()
        .filter(helper::Column::Id.is_in(ids))
        .find_also_related(provider::Entity)
        .all(db)
        .await?
        .into_iter()
        .filter_map(|(row, provider)| Some((row.id, (row.provider_id, provider?.name))))
        .collect();
    Ok(parts
        .iter()
        .filter_map(|part| Some((part.visit_id, helpers.get(&part.helper_id)?.clone())))
        .collect())
}

/// These visits with who paid, in their order. One whose price was never known costs nothing.
///
/// # Errors
/// The database's.
pub async fn paid<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    rows: Vec<visit::Model>,
    now: DateTime<Utc>,
) -> Result<Vec<PaidVisit>> {
    let ids: Vec<VisitId> = rows.iter().map(|row| row.id).collect();
    let mut lines: HashMap<VisitId, Vec<payment_line::Model>> = HashMap::new();
    for line in payment_line::Entity::find()
        .filter(payment_line::Column::VisitId.is_in(ids.iter().copied()))
        .all(db)
        .await?
    {
        lines.entry(line.visit_id).or_default().push(line);
    }
    let came = who_came(db, ids).await?;
    let services: HashMap<_, _> = service::Entity::find()
        .filter(service::Column::Id.is_in(rows.iter().map(|row| row.service_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    let residents = addressed(db, lang, rows.iter().map(|row| row.resident_id)).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let mut lines = lines.remove(&row.id).unwrap_or_default();
            lines.sort_by_key(|line| line.source);
            let service = services.get(&row.service_id);
            let redeemed = lines.iter().any(|line| line.source == PaySource::Credit);
            PaidVisit {
                visit_id: row.id,
                start: row.starts_at,
                service: service.map_or_else(String::new, |row| service_name(row, lang)),
                provider: came
                    .get(&row.id)
                    .map(|(_, name)| name.clone())
                    .unwrap_or_default(),
                resident: residents.get(&row.resident_id).cloned().unwrap_or_default(),
                price_fen: row.price_fen.unwrap_or(0),
                redeemable: service.is_some_and(|row| row.credit)
                    && !redeemed
                    && now - row.ends_at <= TimeDelta::days(REDEEM_WITHIN_DAYS),
                lines: lines
                    .into_iter()
                    .map(|line| PaymentLine {
                        source: line.source,
                        amount_fen: line.amount_fen,
                        reason: line.reason,
                    })
                    .collect(),
            }
        })
        .collect())
}

/// These places in sessions with who paid, in their order.
///
/// # Errors
/// The database's.
pub async fn paid_places<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    rows: Vec<(station_signup::Model, station_session::Model)>,
) -> Result<Vec<PaidPlace>> {
    let mut lines: HashMap<StationSignupId, Vec<session_payment::Model>> = HashMap::new();
    for line in session_payment::Entity::find()
        .filter(session_payment::Column::SignupId.is_in(rows.iter().map(|(row, _)| row.id)))
        .all(db)
        .await?
    {
        lines.entry(line.signup_id).or_default().push(line);
    }
    let residents = addressed(db, lang, rows.iter().map(|(row, _)| row.resident_id)).await?;
    let providers: HashMap<ProviderId, String> = provider::Entity::find()
        .filter(provider::Column::Id.is_in(rows.iter().filter_map(|(_, row)| row.provider_id)))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row.name))
        .collect();
    Ok(rows
        .into_iter()
        .map(|(signup, session)| {
            let mut lines = lines.remove(&signup.id).unwrap_or_default();
            lines.sort_by_key(|line| line.source);
            PaidPlace {
                signup_id: signup.id,
                session_id: session.id,
                start: session.starts_at,
                title: session.title,
                provider: session
                    .provider_id
                    .and_then(|id| providers.get(&id))
                    .cloned()
                    .unwrap_or_default(),
                resident: residents
                    .get(&signup.resident_id)
                    .cloned()
                    .unwrap_or_default(),
                price_fen: session.price_fen,
                lines: lines
                    .into_iter()
                    .map(|line| PaymentLine {
                        source: line.source,
                        amount_fen: line.amount_fen,
                        reason: line.reason,
                    })
                    .collect(),
            }
        })
        .collect())
}

/// How residents are addressed.
async fn addressed<C: ConnectionTrait>(
    db: &C,
    lang: Lang,
    ids: impl Iterator<Item = ResidentId>,
) -> Result<HashMap<ResidentId, String>> {
    Ok(resident::Entity::find()
        .filter(resident::Column::Id.is_in(ids))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, short_name(&row.name, row.sex, lang)))
        .collect())
}
