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
    ("MEA02", 26),
    ("MEA03", 12),
    ("MEA04", 5),
    ("MEA05", 5),
    ("MEA06", 5),
    ("MEA07", 3),
    ("MEA08", 1),
    ("MEA09", 3),
    ("MEA11", 3),
    ("MEA12", 4),
    ("CLN01", 7),
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
    ("MED10", 3),
    ("MED12", 2),
    ("MED15", 1),
    ("MED17", 1),
    ("MOB01", 6),
    ("MOB02", 4),
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
    ("REH02", 3),
    ("REH03", 2),
    ("REH08", 2),
    ("REH09", 2),
    ("REH10", 2),
    ("REH11", 2),
    ("REH12", 2),
    ("ADP07", 1),
    ("DEV08", 1),
    ("DEV09", 2),
    ("DEV10", 4),
    ("FUN09", 2),
    ("FUN11", 1),
    ("CHK01", 7),
    ("CHK03", 4),
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
    while habits.len() < 420 {
        let Some(ask) = any(rows, rng, day) else {
            continue;
        };
        let mut days = [false; 7];
        let daily = (690..=730).contains(&ask.minute) || ask.give == 20;
        for on in &mut days {
            *on = rng.random_bool(if daily { 0.6 } else { 0.2 });
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

/// This service, for somebody whom it suits.
pub(super) fn for_service(
    rows: &Rows,
    rng: &mut StdRng,
    day: NaiveDate,
    code: &str,
) -> Option<Ask> {
    let service = catalogue::service_by_code(rows, code)?;
    // The first three are the story's own.
    let resident = ResidentId(rng.random_range(4..=i64::try_from(rows.residents.len()).ok()?));
    Task::new(rows, resident, service.id, day)?;
    let person = &rows.residents[index(resident.0)];
    // The youngest ask seldom, those who live alone often.
    let level = person.ability_level.unwrap_or(0);
    let often =
        0.15 + if person.living == Living::Alone {
            0.35
        } else {
            0.0
        } + f64::from(level.min(2)) * 0.25;
    if person.state != ResidentState::Active || !rng.random_bool(often.min(1.0)) {
        return None;
    }
    let (minute, give) = hour(rng, code, service.duration_min);
    Some(Ask {
        resident,
        service: service.id,
        minute,
        give,
    })
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
