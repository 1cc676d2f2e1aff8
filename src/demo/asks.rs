//! What residents ask for: a habit of so many a week each, and what comes up by the way.

use chrono::{Datelike, NaiveDate};
use entity::ids::{ResidentId, ServiceId};
use entity::words::{Living, ResidentState};
use rand::Rng;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;

use super::catalogue;
use super::fit::Task;
use super::rows::{Rows, index};

/// A wish for a service at a time of the day.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    /// For whom.
    pub resident: ResidentId,
    /// What.
    pub service: ServiceId,
    /// The start asked for, minutes after local midnight.
    pub minute: i32,
    /// By how many minutes it may be moved.
    pub give: i32,
}

/// An ask that comes again on some weekdays.
#[derive(Clone, Debug)]
pub(super) struct Habit {
    ask: Ask,
    /// 0 Monday to 6 Sunday.
    days: [bool; 7],
}

/// Services and how often they are asked for, compared with each other.
const OFTEN: &[(&str, u32)] = &[
    ("MEA01", 4),
    ("MEA02", 16),
    ("MEA03", 7),
    ("MEA04", 3),
    ("MEA05", 3),
    ("MEA06", 3),
    ("MEA07", 3),
    ("MEA08", 1),
    ("MEA09", 3),
    ("MEA11", 4),
    ("MEA12", 4),
    ("CLN01", 9),
    ("CLN08", 1),
    ("CLN11", 3),
    ("CLN14", 1),
    ("CLN16", 6),
    ("GRM01", 4),
    ("GRM02", 3),
    ("GRM03", 3),
    ("GRM04", 2),
    ("GRM05", 2),
    ("GRM06", 2),
    ("GRM07", 2),
    ("BTH01", 2),
    ("BTH03", 4),
    ("BTH04", 2),
    ("BTH05", 1),
    ("BTH07", 3),
    ("MED05", 4),
    ("MED06", 2),
    ("MED07", 5),
    ("MED08", 1),
    ("MED09", 1),
    ("MED10", 4),
    ("MED12", 2),
    ("MED15", 1),
    ("MED17", 1),
    ("MOB01", 6),
    ("MOB02", 5),
    ("MOB03", 2),
    ("MOB07", 3),
    ("COM01", 12),
    ("COM02", 9),
    ("COM03", 6),
    ("COM04", 5),
    ("COM05", 3),
    ("COM06", 4),
    ("COM08", 1),
    ("COM10", 1),
    ("COM12", 2),
    ("ERR01", 5),
    ("ERR02", 4),
    ("ERR06", 5),
    ("ERR08", 1),
    ("ERR14", 2),
    ("REH02", 4),
    ("REH03", 2),
    ("REH08", 2),
    ("REH09", 2),
    ("REH10", 3),
    ("REH11", 3),
    ("REH12", 3),
    ("ADP07", 1),
    ("DEV08", 1),
    ("DEV09", 2),
    ("DEV10", 4),
    ("FUN09", 2),
    ("FUN11", 1),
    ("CHK01", 7),
    ("CHK03", 6),
    ("CHK07", 1),
    ("CHK10", 1),
    ("CHK11", 1),
    ("FIX01", 1),
    ("FIX02", 1),
    ("FIX05", 1),
    ("FIX08", 1),
    ("FIX09", 1),
    ("PHO02", 1),
];

/// Services that few can give: where a day has no room for them, they stay unfilled.
const SCARCE: &[&str] = &[
    "BTH03", "BTH04", "MED09", "MED10", "MED12", "CHK03", "REH02", "REH03", "COM10", "COM12",
    "MEA09", "REH11", "REH12", "MED01", "BTH01", "BTH02", "CLN08", "FIX02", "CHK10", "DEV02",
    "GRM01", "GRM03", "CLN14", "ERR04", "REH04", "MED08",
];

/// The habits of those who are helped regularly.
pub(super) fn habits(rows: &Rows, rng: &mut StdRng, day: NaiveDate) -> Vec<Habit> {
    let mut habits = Vec::new();
    while habits.len() < 440 {
        let Some(ask) = any(rows, rng, day) else {
            continue;
        };
        let mut days = [false; 7];
        let daily = (690..=730).contains(&ask.minute) || ask.give == 20;
        for on in &mut days {
            *on = rng.random_bool(if daily { 0.5 } else { 0.22 });
        }
        habits.push(Habit { ask, days });
    }
    habits
}

/// The habits that fall on this day.
pub(super) fn on(habits: &[Habit], day: NaiveDate) -> Vec<Ask> {
    let weekday = day.weekday().num_days_from_monday() as usize;
    habits
        .iter()
        .filter(|habit| habit.days[weekday])
        .map(|habit| habit.ask)
        .collect()
}

/// Something asked for by the way; none when what was drawn does not suit.
pub(super) fn any(rows: &Rows, rng: &mut StdRng, day: NaiveDate) -> Option<Ask> {
    let (code, _) = OFTEN.choose_weighted(rng, |(_, weight)| *weight).ok()?;
    for_service(rows, rng, day, code)
}

/// Something that few can give; none when what was drawn does not suit.
pub(super) fn scarce(rows: &Rows, rng: &mut StdRng, day: NaiveDate) -> Option<Ask> {
    let code = SCARCE.choose(rng)?;
    for_service(rows, rng, day, code).map(|ask| Ask { give: 15, ..ask })
}

/// This service, for somebody whom it suits and who is likely to ask; none when forty draws found nobody.
pub(super) fn for_service(
    rows: &Rows,
    rng: &mut StdRng,
    day: NaiveDate,
    code: &str,
) -> Option<Ask> {
    let service = catalogue::service_by_code(rows, code)?;
    let last = i64::try_from(rows.residents.len()).ok()?;
    // The first three are the story's own.
    let resident = (0..40)
        .map(|_| ResidentId(rng.random_range(4..=last)))
        .find(|resident| Task::new(rows, *resident, service.id, day).is_some());
    let resident = resident.filter(|resident| likely(rows, rng, *resident))?;
    let (minute, give) = hour(rng, code, service.duration_min);
    Some(Ask {
        resident,
        service: service.id,
        minute,
        give,
    })
}

/// The youngest ask seldom, those who live alone or need help often, those who are away never.
fn likely(rows: &Rows, rng: &mut StdRng, resident: ResidentId) -> bool {
    let person = &rows.residents[index(resident.0)];
    let level = f64::from(person.ability_level.unwrap_or(0).min(2));
    let alone = if person.living == Living::Alone {
        0.35
    } else {
        0.0
    };
    person.state == ResidentState::Active && rng.random_bool((0.2 + alone + level * 0.3).min(1.0))
}

/// When a service is asked for, and by how much it may be moved, in minutes.
fn hour(rng: &mut StdRng, code: &str, minutes: i32) -> (i32, i32) {
    let mut between = |from: i32, to: i32| from + 5 * rng.random_range(0..=(to - from) / 5);
    match code {
        "MEA01" | "MEA02" | "MEA05" | "MEA06" | "MEA07" | "MEA08" => (between(665, 725), 20),
        "MEA03" => (between(1000, 1050), 20),
        "MEA04" => (between(480, 515), 20),
        "MEA11" | "MEA12" => (between(670, 695), 20),
        "MEA09" => (between(580, 600), 20),
        _ => {
            let morning = between(0, 9) < 5;
            let latest = 1080 - minutes;
            if morning || latest < 840 {
                (between(490, 600.min(latest.max(490))), 45)
            } else {
                (between(840, latest.min(980)), 45)
            }
        }
    }
}
