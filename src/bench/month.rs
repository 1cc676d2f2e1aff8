//! A month's page, put together.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use entity::ids::{ProviderId, ServiceId};
use entity::provider;
use entity::words::{Lang, Role};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::agreed;
use super::figures::{Figures, rating};
use super::times::RESPONSES;
use super::views::{BenchChoice, BenchDay, BenchFigures, BenchMonth, BenchProvider, BenchWait};
use super::words::response_word;
use crate::error::Result;
use crate::http::caller::Caller;
use crate::providers::ADMITTED;
use crate::quality::panel::month_before;
use crate::reports::month_of;
use crate::said::pick;
use crate::supply::asked::Asked;
use crate::supply::queries::Picture;
use crate::supply::views::{CauseCount, Gap};
use crate::supply::{Fate, gaps};

/// Gaps on the page at most: the rest stands in the list of supply and demand.
const MOST_GAPS: usize = 5;

/// A month's page.
///
/// # Errors
/// The database's.
pub async fn page<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    month: NaiveDate,
    now: DateTime<Utc>,
) -> Result<BenchMonth> {
    let mut picture = Picture::read(db, caller, month, now).await?;
    let before = month_before(picture.first);
    let over = picture.today >= picture.after;
    let gaps = worst(&picture, caller.lang);
    let services = services(&picture, caller.lang);
    let (first, after) = month_of(month);
    let asked = std::mem::take(&mut picture.asked);
    let now_figures = Figures::with(db, caller, (first, asked), now).await?;
    let asked_before = std::mem::take(&mut picture.before);
    let earlier_figures = Figures::with(db, caller, (before, asked_before), now).await?;
    let rows = agreed::of_month(db, caller, first).await?;
    let seen = (&now_figures, over);
    Ok(BenchMonth {
        month: first,
        before,
        over,
        may_write: caller.is(Role::Coordinator) || caller.is(Role::Admin),
        figures: figures(&now_figures),
        figures_before: figures(&earlier_figures),
        causes: causes(&now_figures, &earlier_figures, caller.lang),
        days: days(&now_figures.asked, first, after),
        responses: waits(&now_figures, &earlier_figures, caller.lang),
        providers: providers(db, caller, &now_figures, &earlier_figures).await?,
        gaps,
        earlier: agreed::views(db, caller, rows.earlier, seen).await?,
        actions: agreed::views(db, caller, rows.own, seen).await?,
        services,
    })
}

fn worst(picture: &Picture, lang: Lang) -> Vec<Gap> {
    let mut all = gaps::of(picture, picture.first.month(), lang);
    all.truncate(MOST_GAPS);
    all
}

fn services(picture: &Picture, lang: Lang) -> Vec<BenchChoice> {
    let mut ids: Vec<ServiceId> = picture
        .asked
        .iter()
        .chain(&picture.before)
        .map(|one| one.service)
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter()
        .filter_map(|id| {
            let service = picture.services.get(&id)?;
            let name = pick(lang, &service.name_zh, &service.name_en).to_owned();
            Some(BenchChoice { id, name })
        })
        .collect()
}

/// The figures of a month as they are shown.
#[must_use]
pub fn figures(of: &Figures) -> BenchFigures {
    let count = |fate| of.asked.iter().filter(|one| one.fate == fate).count();
    let missing = || gaps::unserved(&of.asked);
    let rated = of.providers.values().map(|one| one.rated).sum();
    let sum: i64 = of.providers.values().map(|one| one.rating_sum).sum();
    let all = crate::quality::panel::figures::Counted {
        rated,
        rating_sum: sum,
        ..Default::default()
    };
    BenchFigures {
        asked: of.asked.len() - count(Fate::CalledOff),
        served: count(Fate::Served),
        unserved: missing().count(),
        people: gaps::people(missing().map(|(one, _)| one.resident)),
        not_home: count(Fate::NotHome),
        ahead: count(Fate::Ahead),
        called_off: count(Fate::CalledOff),
        volunteers: of.volunteers.people,
        volunteer_visits: of.volunteers.visits,
        volunteer_min: of.volunteers.minutes,
        credited_min: of.volunteers.credited_min,
        rated,
        rating_hundredths: rating(&all),
        complaints: of.providers.values().map(|one| one.complaints).sum(),
    }
}

/// Causes of this month and of the one before, the commonest of this month first.
fn causes(now: &Figures, before: &Figures, lang: Lang) -> Vec<CauseCount> {
    let of = |figures: &Figures| {
        let all: Vec<_> = gaps::unserved(&figures.asked)
            .map(|(_, cause)| cause)
            .collect();
        gaps::causes(all.into_iter(), lang)
    };
    let mut told = of(now);
    for earlier in of(before) {
        match told.iter_mut().find(|one| one.cause == earlier.cause) {
            Some(one) => one.before = earlier.count,
            None => told.push(CauseCount {
                count: 0,
                before: earlier.count,
                ..earlier
            }),
        }
    }
    told
}

fn days(asked: &[Asked], first: NaiveDate, after: NaiveDate) -> Vec<BenchDay> {
    let mut days: BTreeMap<NaiveDate, BenchDay> = first
        .iter_days()
        .take_while(|date| *date < after)
        .map(|date| {
            let empty = BenchDay {
                date,
                served: 0,
                unserved: 0,
            };
            (date, empty)
        })
        .collect();
    for one in asked {
        if let Some(day) = days.get_mut(&one.day) {
            match one.fate {
                Fate::Served => day.served += 1,
                Fate::Unserved(_) => day.unserved += 1,
                _ => {}
            }
        }
    }
    days.into_values().collect()
}

fn waits(now: &Figures, before: &Figures, lang: Lang) -> Vec<BenchWait> {
    RESPONSES
        .into_iter()
        .map(|response| {
            let waits = now.waits.get(&response).copied().unwrap_or_default();
            let earlier = before.waits.get(&response).copied().unwrap_or_default();
            BenchWait {
                response,
                word: response_word(response, lang).to_owned(),
                count: waits.count,
                median_min: waits.median_min,
                p90_min: waits.p90_min,
                median_before_min: earlier.median_min,
            }
        })
        .collect()
}

async fn providers<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    now: &Figures,
    before: &Figures,
) -> Result<Vec<BenchProvider>> {
    let rows: HashMap<ProviderId, provider::Model> = provider::Entity::find()
        .filter(provider::Column::CommunityId.eq(caller.community))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.id, row))
        .collect();
    // Those admitted now, and those that served then.
    let mut told: Vec<BenchProvider> = rows
        .into_values()
        .filter(|row| ADMITTED.contains(&row.standing) || now.providers.contains_key(&row.id))
        .map(|row| {
            let counted = now.providers.get(&row.id).copied().unwrap_or_default();
            BenchProvider {
                provider_id: row.id,
                name: row.name,
                served: counted.served,
                late: counted.late,
                missed: counted.missed,
                rated: counted.rated,
                rating_hundredths: rating(&counted),
                rating_before_hundredths: before.providers.get(&row.id).and_then(rating),
                complaints: counted.complaints,
            }
        })
        .collect();
    told.sort_by_key(|one| (std::cmp::Reverse(one.served), one.provider_id));
    Ok(told)
}
