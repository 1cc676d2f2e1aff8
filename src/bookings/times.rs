//! Which times can really be served, and by whom: computed from the helpers who could come, walking included.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::{HelperId, ServiceId};
use entity::words::{Lang, UnmetReason};
use entity::{absence, resident, service, service_offer};

use super::views::{DayTimes, Time, Times, WhoMayCome};
use super::{OFFERED_EVERY_MIN, Reach};
use crate::app::App;
use crate::catalogue;
use crate::clock::{local_date, midnight};
use crate::dispatch::links::Leeway;
use crate::dispatch::load::{Scope, Stated, Team, Wanted, Who, state};
use crate::error::Result;
use crate::http::caller::Caller;
use crate::matching::{HelperIx, PlanState, suggest, why_unserved};
use crate::residents::absences;
use crate::said::pick;
use crate::supply::unmet::{self, Unmet};

/// What is asked for, with everything that decides about it.
#[derive(Clone, Debug)]
pub struct Need {
    /// Where, with everything that seldom changes there.
    pub team: Arc<Team>,
    /// For whom.
    pub resident: resident::Model,
    /// What.
    pub service: service::Model,
    /// What it costs.
    pub offers: Vec<service_offer::Model>,
    /// Whom they would like.
    pub wish: Option<HelperId>,
    /// What linked visits leave it, where it is a visit that is to be moved.
    pub leeways: Vec<Leeway>,
}

/// The community of a caller with everything that seldom changes in it.
///
/// # Errors
/// The database's.
pub async fn team_of(app: &App, caller: &Caller, now: DateTime<Utc>) -> Result<Arc<Team>> {
    let today = local_date(caller.zone, now);
    app.teams
        .of(app.store.read(), caller.community, today, today)
        .await
}

/// The times of these days.
///
/// # Errors
/// The database's.
pub async fn times(
    app: &App,
    caller: &Caller,
    need: &Need,
    first: NaiveDate,
    days: usize,
) -> Result<Times> {
    let began = Instant::now();
    let db = app.store.read();
    let now = app.clock.now();
    let reach = Reach::of(&need.service, &need.team.community, caller.zone, now);
    let mut closed = closed(&need.team, caller);
    let away = absences::from_day_on(db, need.resident.id, first).await?;
    for date in first.iter_days().take(days) {
        if let Some(absence) = away.iter().find(|absence| absences::is_away(absence, date)) {
            let sentence = absences::away_sentence(absence).to(caller.lang);
            closed.entry(date).or_insert(sentence);
        }
    }
    let (mut found, why) = found_times(app, caller, need, first, days, now).await?;
    if found.is_empty()
        && let Some(reason) = why
        && need.leeways.is_empty()
    {
        in_vain(app, caller, need, reason, (first, days, reach, &closed)).await?;
    }
    let days = first
        .iter_days()
        .take(days)
        .map(|date| DayTimes {
            date,
            closed: closed.get(&date).cloned(),
            times: found.remove(&date).unwrap_or_default(),
        })
        .collect();
    Ok(Times {
        service: catalogue::queries::view(
            &need.service,
            &need.offers,
            Some(&need.resident),
            local_date(caller.zone, now),
            caller.lang,
        ),
        days,
        earliest: reach.earliest,
        horizon: reach.horizon,
        computed_ms: began.elapsed().as_secs_f64() * 1000.0,
    })
}

/// Writes down that these days were asked for and had no time at all; not for days on which nothing can be had anyway.
async fn in_vain(
    app: &App,
    caller: &Caller,
    need: &Need,
    reason: UnmetReason,
    (first, days, reach, closed): (NaiveDate, usize, Reach, &BTreeMap<NaiveDate, String>),
) -> Result<()> {
    let earliest = local_date(caller.zone, reach.earliest);
    let open: Vec<NaiveDate> = first
        .iter_days()
        .take(days)
        .filter(|date| (earliest..=reach.horizon).contains(date) && !closed.contains_key(date))
        .collect();
    let (Some(&day), Some(&last_day)) = (open.first(), open.last()) else {
        return Ok(());
    };
    let asked = Unmet {
        day,
        last_day,
        band: None,
        reason,
        channel: caller.channel(),
    };
    unmet::note(app, need, asked).await
}

/// Days on which nothing is served, and what they are called.
fn closed(team: &Team, caller: &Caller) -> BTreeMap<NaiveDate, String> {
    team.closed_days
        .iter()
        .map(|row| {
            let name = pick(caller.lang, &row.name_zh, &row.name_en);
            let sentence = match caller.lang {
                Lang::Zh => format!("{name}，不提供服务"),
                Lang::En => format!("{name}: nothing is served"),
            };
            (row.date, sentence)
        })
        .collect()
}

/// The times that can be served, by local date.
///
/// # Errors
/// The database's.
pub async fn open_times(
    app: &App,
    caller: &Caller,
    need: &Need,
    first: NaiveDate,
    days: usize,
    now: DateTime<Utc>,
) -> Result<BTreeMap<NaiveDate, Vec<Time>>> {
    let (found, _) = found_times(app, caller, need, first, days, now).await?;
    Ok(found)
}

type Found = (BTreeMap<NaiveDate, Vec<Time>>, Option<UnmetReason>);

/// The times that can be served, by local date; where there are none within reach, why.
async fn found_times(
    app: &App,
    caller: &Caller,
    need: &Need,
    first: NaiveDate,
    days: usize,
    now: DateTime<Utc>,
) -> Result<Found> {
    let reach = Reach::of(&need.service, &need.team.community, caller.zone, now);
    let last = first + TimeDelta::days(i64::try_from(days).unwrap_or(1));
    let from = midnight(caller.zone, first).max(reach.earliest);
    let to =
        midnight(caller.zone, last.min(reach.horizon + TimeDelta::days(1))) - TimeDelta::minutes(5);
    if from > to {
        return Ok((BTreeMap::new(), None));
    }
    let mut wanted = Wanted {
        resident: need.resident.clone(),
        service: need.service.clone(),
        window: (from, to),
        asked: None,
        wish: need.wish,
    };
    let scope = Scope {
        community: caller.community,
        zone: caller.zone,
        first,
        days,
        who: Who::Holding(need.service.skill_id),
        about: None,
        with_unfilled: false,
        now,
    };
    let away = absences::from_day_on(app.store.read(), need.resident.id, first).await?;
    let mut days: BTreeMap<NaiveDate, Vec<Time>> = BTreeMap::new();
    // Where a provider's paper runs out within these days, those after it are looked at on their own.
    let stated = loop {
        let stated = state(app, &scope, Some(&wanted)).await?;
        let day = local_date(caller.zone, wanted.window.0);
        let until = stated.alike_until(day).filter(|until| *until <= to);
        offer(&stated, (caller.zone, need), &away, until, &mut days);
        match until {
            Some(until) => wanted.window.0 = until,
            None => break stated,
        }
    };
    let why = days.is_empty().then(|| obstacle(&stated));
    Ok((days, why))
}

/// Adds the times that are open before `until` to those of their days.
fn offer(
    stated: &Stated,
    (zone, need): (Tz, &Need),
    away: &[absence::Model],
    until: Option<DateTime<Utc>>,
    days: &mut BTreeMap<NaiveDate, Vec<Time>>,
) {
    for open in suggest::open_starts(&stated.problem, stated.wanted(), OFFERED_EVERY_MIN * 60) {
        let start = stated.instant(open.start);
        if until.is_some_and(|until| until <= start) {
            continue;
        }
        if need.leeways.iter().any(|leeway| !leeway.leaves(start)) {
            continue;
        }
        let Some(best) = open.crews.first() else {
            continue;
        };
        let who: Vec<_> = first_three(&open.crews)
            .map(|helper| who(stated, helper, (need.service.id, open.start)))
            .collect();
        let date = local_date(zone, start);
        if away.iter().any(|absence| absences::is_away(absence, date)) {
            continue;
        }
        days.entry(date).or_default().push(Time {
            start,
            end: start + TimeDelta::minutes(i64::from(need.service.duration_min)),
            helpers: open.crews.len(),
            price_fen: stated.price(need.service.id, best, open.start).unwrap_or(0),
            who,
        });
    }
}

pub(super) fn obstacle(stated: &Stated) -> UnmetReason {
    let held = PlanState::held(&stated.problem);
    let why = why_unserved(&stated.problem, held.placements(), stated.wanted());
    unmet::reason(&why.obstacle)
}

/// The first three who may come, each once: in crews of two the same person can stand in several.
fn first_three(crews: &[Vec<HelperIx>]) -> impl Iterator<Item = HelperIx> {
    let mut seen = HashSet::new();
    let each = crews.iter().flatten().copied();
    each.filter(move |helper| seen.insert(*helper)).take(3)
}

fn who(stated: &Stated, helper: HelperIx, (service, start): (ServiceId, i64)) -> WhoMayCome {
    let row = &stated.helpers[helper.0];
    let visit = stated.problem.visit(stated.wanted());
    WhoMayCome {
        id: row.id,
        name: row.name.clone(),
        kind: row.kind,
        familiar: visit
            .continuity
            .iter()
            .any(|(known, times)| *known == helper && *times > 0),
        price_fen: stated.price(service, &[helper], start).unwrap_or(0),
    }
}

/// The times nearest to one that cannot be served, on its day and the two after.
///
/// # Errors
/// The database's.
pub async fn alternatives(
    app: &App,
    caller: &Caller,
    need: &Need,
    start: DateTime<Utc>,
    most: usize,
) -> Result<Vec<Time>> {
    let first = local_date(caller.zone, start);
    let found = open_times(app, caller, need, first, 3, app.clock.now()).await?;
    let mut times: Vec<Time> = found
        .into_values()
        .flatten()
        .filter(|time| time.start != start)
        .collect();
    times.sort_by_key(|time| (time.start - start).abs());
    times.truncate(most);
    times.sort_by_key(|time| time.start);
    Ok(times)
}
