//! What a rule would become, before anything is written; and a series as it stands.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::ids::SeriesId;
use entity::words::{DateOutcome, Lang, SeriesState, VisitState};
use entity::{resident, series, service, visit};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::away::is_away;
use super::make::{Checked, check};
use super::queries::{calendar, days, parts, rows, shape};
use super::reckon::Wanted;
use super::views::{Became, Foreseen, ForeseenDate, NewSeries, Preview, SeriesDate, SeriesView};
use super::{AHEAD_DAYS, LAG_DAYS, dish_of, instant};
use crate::app::App;
use crate::clock::local_date;
use crate::dispatch::load::{Scope, Wanted as Stating, Who, state};
use crate::dispatch::matching::{candidates, why_nobody};
use crate::error::{Error, Problem, Result};
use crate::http::caller::Caller;
use crate::residents::absences;
use crate::residents::access::Booked;
use crate::said::{Said, pick};
use crate::visits::views::{Look, VisitCard, cards, service_name};

/// Days back that a series' page begins.
const BACK_DAYS: i64 = 14;

/// Every date of the next four weeks with what it would become.
///
/// # Errors
/// `invalid`, or the database's.
pub async fn preview(app: &App, booked: &Booked, new: &NewSeries) -> Result<Preview> {
    let checked = check(app, booked, new).await?;
    let (db, caller) = (app.store.read(), &booked.caller);
    let now = app.clock.now();
    let today = local_date(caller.zone, now);
    let from = new.first_date.max(today);
    let days = days(db, caller.community, new.first_date).await?;
    let names: HashMap<NaiveDate, String> = days
        .iter()
        .map(|day| {
            (
                day.date,
                pick(caller.lang, &day.name_zh, &day.name_en).to_owned(),
            )
        })
        .collect();
    let wanted = checked
        .shape
        .dates(&calendar(&days), from, from + TimeDelta::days(AHEAD_DAYS));
    let mut dates = Vec::new();
    for (date, wanted) in wanted {
        dates.push(foresee(app, caller, &checked, (date, wanted), &names).await?);
    }
    let rule = &checked.shape.parts[0].rule;
    Ok(Preview {
        rule_word: rule.said().to(caller.lang),
        dates,
    })
}

async fn foresee(
    app: &App,
    caller: &Caller,
    checked: &Checked,
    (date, wanted): (NaiveDate, Wanted),
    names: &HashMap<NaiveDate, String>,
) -> Result<ForeseenDate> {
    let lang = caller.lang;
    let name = names.get(&date).cloned().unwrap_or_default();
    let told = |result, sentence: Said| ForeseenDate {
        date,
        result,
        start: None,
        moved: false,
        who: Vec::new(),
        sentence: sentence.to(lang),
    };
    let Wanted::Serve {
        on,
        start_min,
        duration_min,
    } = wanted
    else {
        return Ok(told(
            Foreseen::Holiday,
            Said::new(format!("{name}放假，这次跳过"), format!("{name}: left out")),
        ));
    };
    let resident = &checked.need.resident;
    let absence = absences::away_on(app.store.read(), resident.id, on).await?;
    let times_away: Vec<_> = absence.into_iter().collect();
    if is_away(resident, &times_away, on) {
        let why = times_away.first().map(absences::away_sentence);
        let why = why.unwrap_or_else(|| Said::new("老人不在家", "The resident is away then"));
        return Ok(told(
            Foreseen::Away,
            Said::new(format!("{}，这次不安排", why.zh), why.en),
        ));
    }
    let start = instant(caller.zone, on, start_min);
    if start < checked.not_before {
        let hours = checked.need.service.lead_time_hours;
        return Ok(told(
            Foreseen::Limits,
            Said::new(
                format!("太近了，这项服务要提前 {hours} 小时"),
                format!("Too soon: this service is booked {hours} hours ahead"),
            ),
        ));
    }
    let moved = on != date;
    let (who, why) = who_comes(app, caller, checked, start, duration_min).await?;
    let from = if moved {
        Said::new(
            format!("{name}放假，挪到这一天。"),
            format!("Moved here from {name}. "),
        )
    } else {
        Said::new("", "")
    };
    let (result, rest) = if who.is_empty() {
        (
            Foreseen::Nobody,
            Said::new(
                format!("还没有人能来：{}", why.zh),
                format!("Nobody yet: {}", why.en),
            ),
        )
    } else {
        let names = who.join(pick(lang, "、", ", "));
        (
            Foreseen::Served,
            Said::new(format!("多半是{names}来"), format!("Probably {names}")),
        )
    };
    Ok(ForeseenDate {
        start: Some(start),
        moved,
        who,
        ..told(result, Said::new(from.zh + &rest.zh, from.en + &rest.en))
    })
}

async fn who_comes(
    app: &App,
    caller: &Caller,
    checked: &Checked,
    start: DateTime<Utc>,
    duration_min: i32,
) -> Result<(Vec<String>, Said)> {
    let mut service = checked.need.service.clone();
    service.duration_min = duration_min;
    let id = service.id;
    let wanted = Stating {
        resident: checked.need.resident.clone(),
        window: (start, start),
        asked: Some(start),
        wish: checked.need.wish,
        service,
    };
    let scope = Scope {
        community: caller.community,
        zone: caller.zone,
        first: local_date(caller.zone, start),
        days: 1,
        who: Who::Holding(checked.need.service.skill_id),
        about: None,
        with_unfilled: false,
        now: app.clock.now(),
    };
    let stated = state(app, &scope, Some(&wanted)).await?;
    let who = candidates(&stated, stated.wanted(), id)
        .first()
        .map_or_else(Vec::new, |crew| {
            stated
                .helpers
                .iter()
                .filter(|helper| crew.helpers.contains(&helper.id))
                .map(|helper| helper.name.clone())
                .collect()
        });
    Ok((who, why_nobody(&stated, stated.wanted())))
}

/// A series as it stands.
///
/// # Errors
/// `not-found`, or the database's.
pub async fn view<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    id: SeriesId,
    now: DateTime<Utc>,
    may_book: bool,
) -> Result<SeriesView> {
    let lost = || Error::from(Problem::not_found());
    let series = series::Entity::find_by_id(id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let resident = resident::Entity::find_by_id(series.resident_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let service = service::Entity::find_by_id(series.service_id)
        .one(db)
        .await?
        .ok_or_else(lost)?;
    let parts = parts(db, [id]).await?.remove(&id).unwrap_or_default();
    let shape = shape(&series, &parts)?;
    let today = local_date(caller.zone, now);
    let holding = shape.part(today).or(shape.parts.first()).ok_or_else(lost)?;
    let rule = parts
        .iter()
        .rev()
        .find(|part| part.from_date <= today)
        .or(parts.first())
        .map_or_else(String::new, |part| part.rule.clone());
    let paused = |date: NaiveDate| {
        series.paused_from.is_some_and(|from| date >= from)
            && series.resumes_on.is_none_or(|until| date < until)
    };
    let dates = dates(db, caller, &series, now).await?;
    let ahead: Vec<&VisitCard> = dates
        .iter()
        .filter(|date| date.became == Became::Booked)
        .filter_map(|date| date.visit.as_ref())
        .filter(|visit| visit.start > now)
        .collect();
    let due = today + TimeDelta::days(AHEAD_DAYS - LAG_DAYS);
    Ok(SeriesView {
        id,
        resident_id: resident.id,
        resident: resident.name,
        service_code: service.code.clone(),
        service: service_name(&service, caller.lang),
        rule,
        rule_word: holding.rule.said().to(caller.lang),
        start_min: holding.start_min,
        duration_min: holding.duration_min,
        on_holiday: series.on_holiday,
        state: series.state,
        first_date: series.first_date,
        last_date: series.last_date,
        paused_from: series.paused_from,
        resumes_on: series.resumes_on,
        paused: paused(today),
        generated_until: series.generated_until,
        behind: series.state == SeriesState::Active
            && series.generated_until.is_none_or(|until| until < due),
        unfilled: ahead
            .iter()
            .filter(|visit| visit.state == VisitState::Unfilled)
            .count(),
        next: ahead.iter().map(|visit| visit.start).min(),
        note: series.note.clone(),
        dishes: series
            .dishes
            .and_then(|dishes| serde_json::from_value::<BTreeMap<String, String>>(dishes).ok())
            .unwrap_or_default(),
        may_book,
        dates,
    })
}

async fn dates<C: ConnectionTrait>(
    db: &C,
    caller: &Caller,
    series: &series::Model,
    now: DateTime<Utc>,
) -> Result<Vec<SeriesDate>> {
    let today = local_date(caller.zone, now);
    let first = today - TimeDelta::days(BACK_DAYS);
    let have: Vec<_> = rows(db, series.id)
        .await?
        .into_iter()
        .filter(|row| row.served_on.unwrap_or(row.date) >= first)
        .collect();
    let visits = visit::Entity::find()
        .filter(visit::Column::BookingId.is_in(have.iter().filter_map(|row| row.booking_id)))
        .all(db)
        .await?;
    let look = Look {
        lang: caller.lang,
        now,
        with_phones: caller.at_desk(),
    };
    let cards: HashMap<_, _> = visits
        .iter()
        .map(|visit| visit.booking_id)
        .zip(cards(db, look, &visits).await?)
        .collect();
    let mut dates: BTreeMap<NaiveDate, SeriesDate> = have
        .iter()
        .map(|row| {
            let visit = row.booking_id.and_then(|id| cards.get(&id)).cloned();
            let became = match row.outcome {
                DateOutcome::Booked
                    if visit
                        .as_ref()
                        .is_some_and(|visit| visit.state == VisitState::Cancelled) =>
                {
                    Became::Cancelled
                }
                DateOutcome::Booked => Became::Booked,
                DateOutcome::Skipped => Became::Skipped,
                DateOutcome::Holiday => Became::Holiday,
                DateOutcome::Away => Became::Away,
                DateOutcome::Limits => Became::Limits,
            };
            let ahead = row.served_on.unwrap_or(row.date) >= today;
            let open =
                became != Became::Booked || visit.as_ref().is_none_or(|visit| visit.can_change);
            let weekday =
                chrono::Datelike::weekday(&row.served_on.unwrap_or(row.date)).number_from_monday();
            let date = SeriesDate {
                date: row.date,
                became,
                sentence: word(became, caller.lang).to_owned(),
                booking_id: row.booking_id,
                visit,
                by_hand: row.by_hand,
                dish: row
                    .dish
                    .clone()
                    .or_else(|| dish_of(series.dishes.as_ref(), weekday)),
                can_change: ahead && open && series.state == SeriesState::Active,
            };
            (row.date, date)
        })
        .collect();
    let parts = parts(db, [series.id])
        .await?
        .remove(&series.id)
        .unwrap_or_default();
    let calendar = calendar(&days(db, series.community_id, series.first_date).await?);
    let wanted =
        shape(series, &parts)?.dates(&calendar, today, today + TimeDelta::days(AHEAD_DAYS));
    for (date, _) in wanted
        .into_iter()
        .filter(|(_, wanted)| *wanted == Wanted::Paused)
    {
        let rests = |row: &mut SeriesDate| {
            if row.became == Became::Skipped && !row.by_hand {
                row.became = Became::Paused;
                word(Became::Paused, caller.lang).clone_into(&mut row.sentence);
            }
        };
        let row = dates.entry(date).and_modify(rests);
        row.or_insert_with(|| SeriesDate {
            date,
            became: Became::Paused,
            sentence: word(Became::Paused, caller.lang).to_owned(),
            booking_id: None,
            visit: None,
            by_hand: false,
            dish: None,
            can_change: series.state == SeriesState::Active,
        });
    }
    Ok(dates.into_values().collect())
}

fn word(became: Became, lang: Lang) -> &'static str {
    match became {
        Became::Booked => pick(lang, "已预约", "Booked"),
        Became::Cancelled => pick(lang, "已取消", "Cancelled"),
        Became::Skipped => pick(lang, "这次不要", "Left out"),
        Became::Holiday => pick(lang, "放假，跳过", "Holiday, left out"),
        Became::Away => pick(lang, "老人不在家", "The resident is away"),
        Became::Limits => pick(lang, "这项服务暂时不能预约", "The service cannot be had"),
        Became::Paused => pick(lang, "暂停中", "Paused"),
    }
}
