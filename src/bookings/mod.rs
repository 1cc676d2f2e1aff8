//! Bookings: what was asked for, and the times that can be served.

pub mod again;
pub mod book;
pub mod cancel;
pub mod change;
pub mod entry;
pub mod kept;
pub mod moving;
pub mod queries;
pub mod requests;
pub mod routes;
pub mod times;
pub mod views;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::{community, service};

use crate::clock::{SLOT_SECONDS, local_date, on_grid};
use crate::error::{Problem, Result};
use crate::said::Said;

/// Characters of a note at most.
pub const LONGEST_NOTE: usize = 500;
/// Minutes between the starts that are offered.
pub const OFFERED_EVERY_MIN: i64 = 15;

/// Between which instants a service can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The earliest start, on the grid.
    pub earliest: DateTime<Utc>,
    /// The last local day.
    pub horizon: NaiveDate,
}

impl Reach {
    /// The reach of a service asked for now.
    #[must_use]
    pub fn of(
        service: &service::Model,
        community: &community::Model,
        zone: Tz,
        now: DateTime<Utc>,
    ) -> Self {
        let soonest = now + TimeDelta::hours(i64::from(service.lead_time_hours));
        let seconds = soonest.timestamp();
        let up = -(-seconds).div_euclid(SLOT_SECONDS) * SLOT_SECONDS;
        Self {
            earliest: DateTime::from_timestamp(up, 0).unwrap_or(soonest),
            horizon: local_date(zone, now) + TimeDelta::days(i64::from(community.horizon_days)),
        }
    }
}

/// Whether a start can be asked for at all, whoever might come.
///
/// # Errors
/// `invalid`, with the field `start` and what would do instead.
pub fn check_start(
    start: DateTime<Utc>,
    reach: Reach,
    service: &service::Model,
    zone: Tz,
    now: DateTime<Utc>,
) -> Result<()> {
    let refuse = |zh: String, en: String| Err(Problem::field("start", Said::new(zh, en)).into());
    if !on_grid(start) {
        return refuse(
            "开始时间要落在整 5 分钟上，例如 9:00 或 9:05。".into(),
            "A visit starts on a full five minutes, such as 9:00 or 9:05.".into(),
        );
    }
    if start < now {
        return refuse(
            "这个时间已经过去了，请选一个以后的时间。".into(),
            "That time has passed; please choose a later one.".into(),
        );
    }
    if start < reach.earliest {
        let at = reach.earliest.with_timezone(&zone);
        return refuse(
            format!(
                "这项服务至少要提前 {} 小时预约，最早可约 {}。",
                service.lead_time_hours,
                at.format("%-m月%-d日 %-H:%M")
            ),
            format!(
                "This service is booked at least {} hours ahead; the earliest is {}.",
                service.lead_time_hours,
                at.format("%-d %B, %-H:%M")
            ),
        );
    }
    if local_date(zone, start) > reach.horizon {
        return refuse(
            format!("最远只能约到 {}。", reach.horizon.format("%-m月%-d日")),
            format!(
                "Bookings are taken up to {}.",
                reach.horizon.format("%-d %B")
            ),
        );
    }
    Ok(())
}

/// Whether other starts that would do make sense beside the one asked for.
///
/// # Errors
/// `invalid`, with the field `window`.
pub fn check_window(
    window: crate::visits::views::Window,
    start: DateTime<Utc>,
    zone: Tz,
) -> Result<()> {
    let refuse = |zh: &str, en: &str| Err(Problem::field("window", Said::new(zh, en)).into());
    if !on_grid(window.from) || !on_grid(window.to) {
        return refuse(
            "时段的两头都要落在整 5 分钟上。",
            "Both ends of the span must be on a full five minutes.",
        );
    }
    if window.from > start || start > window.to {
        return refuse(
            "希望的时间要在这个时段之内。",
            "The time asked for must lie within the span.",
        );
    }
    if local_date(zone, window.from) != local_date(zone, window.to) {
        return refuse("时段要在同一天之内。", "The span must lie within one day.");
    }
    Ok(())
}

/// A note that is short enough, without blank ends; an empty one is none.
///
/// # Errors
/// `invalid`, with the field `note`.
pub fn check_note(note: Option<&str>) -> Result<Option<String>> {
    let note = note.map(str::trim).filter(|note| !note.is_empty());
    if note.is_some_and(|note| note.chars().count() > LONGEST_NOTE) {
        return Err(Problem::field(
            "note",
            Said::new(
                format!("备注最多 {LONGEST_NOTE} 个字。"),
                format!("A note has at most {LONGEST_NOTE} characters."),
            ),
        )
        .into());
    }
    Ok(note.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use chrono::TimeZone;
    use entity::ids::{CommunityId, ServiceId, SkillId};
    use entity::words::Place;

    const ZONE: Tz = chrono_tz::Asia::Shanghai;

    fn service() -> service::Model {
        service::Model {
            id: ServiceId(1),
            community_id: CommunityId(1),
            code: "X".into(),
            category: "助餐".into(),
            name_zh: "送餐".into(),
            name_en: "Meal".into(),
            unit: "份".into(),
            duration_min: 15,
            market_price_fen: 0,
            skill_id: SkillId(1),
            crew_size: 1,
            lead_time_hours: 3,
            place: Place::Home,
            ability_min: 0,
            ability_max: 4,
            intimate: false,
            credit: false,
            home_service_class: String::new(),
            priority: 1,
            active: true,
        }
    }

    fn check(minutes: i64) -> Option<String> {
        let now = Utc.with_ymd_and_hms(2026, 11, 24, 1, 2, 0).unwrap();
        let reach = Reach {
            earliest: now + TimeDelta::minutes(183),
            horizon: NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        };
        match check_start(
            now + TimeDelta::minutes(minutes),
            reach,
            &service(),
            ZONE,
            now,
        ) {
            Ok(()) => None,
            Err(Error::Refused(problem)) => {
                assert_eq!(problem.fields[0].field, "start");
                Some(problem.what.en)
            }
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn a_start_is_on_the_grid_in_reach_and_not_past() {
        assert!(check(61 * 24).unwrap().contains("five minutes"));
        assert!(check(-2).unwrap().contains("passed"));
        assert!(check(3).unwrap().contains("3 hours ahead"));
        assert!(check(60 * 24 * 9 + 3).unwrap().contains("up to"));
        assert_eq!(check(183), None);
    }

    #[test]
    fn a_note_is_trimmed_and_bounded() {
        assert_eq!(
            check_note(Some("  轻声敲门 ")).unwrap().as_deref(),
            Some("轻声敲门")
        );
        assert_eq!(check_note(Some("   ")).unwrap(), None);
        assert!(check_note(Some(&"长".repeat(501))).is_err());
    }
}
