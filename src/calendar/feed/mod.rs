//! Calendar feeds: an account's visits as iCalendar (RFC 5545), for the calendar program of a helper or a family.
//! - Instants are written in UTC, which every program shows in its reader's own zone; the community's zone goes along as the
//!   calendar's default.
//! - A visit keeps its `UID`; its `SEQUENCE` is the visit's version, so a program takes a change for an update.
//! - What was cancelled, or is another helper's now, is sent as `STATUS:CANCELLED` until its time has passed: a program that
//!   only adds what it reads would otherwise show it for ever.
//! - A place in a session of the station is an event of the family's calendar: see [`sessions`].
//! - Programs keep calendars on servers that are not ours. So nothing in a feed says anything about somebody's health: a
//!   service is named by its category where that category is of everyday life, and is a visit otherwise.

pub mod queries;
pub mod routes;
pub mod sessions;
pub mod signups;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use entity::ids::VisitId;
use entity::words::{Lang, VisitState};
use icalendar::{Calendar, Component, Event, EventLike, EventStatus, Property};

use self::sessions::SessionEntry;
use crate::catalogue::categories::category_word;
use crate::said::pick;
use crate::visits::state_word;

/// Days that a visit stays in a feed once it is over.
pub const KEPT_DAYS: i64 = 30;
/// How often programs are asked to read a feed, in minutes.
const READ_EVERY_MIN: i64 = 60;
/// Categories that say nothing about anybody's health.
const EVERYDAY: [&str; 7] = ["助餐", "助洁", "代办", "文娱", "理容", "摄影", "便民维修"];

/// For whom a calendar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// Somebody who goes.
    Helper,
    /// Somebody whose relative is visited.
    Family,
}

/// One visit in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// For whom it is.
    pub reader: Reader,
    /// The visit.
    pub visit: VisitId,
    /// Its version.
    pub version: i32,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Where it stands for this reader.
    pub state: VisitState,
    /// As this reader calls the resident: 王奶奶, or the full name for the family.
    pub resident: String,
    /// The service's category, in Chinese as it is kept.
    pub category: String,
    /// Where, as far as a calendar needs it: the building, not the flat.
    pub building: Option<String>,
    /// Who comes, for the family.
    pub helpers: Vec<String>,
}

impl Entry {
    /// Whether it will not be, or not with this reader.
    #[must_use]
    pub fn is_off(&self) -> bool {
        matches!(
            self.state,
            VisitState::Cancelled | VisitState::Paused | VisitState::HelperAbsent
        )
    }
}

/// How a feed is written.
#[derive(Clone, Debug)]
pub struct Manner<'a> {
    /// As whom its reader has visits: as a helper, as a family, or as both.
    pub readers: &'a [Reader],
    /// Its reader's language.
    pub lang: Lang,
    /// The community's zone.
    pub zone: Tz,
    /// What addresses of our pages begin with.
    pub public_url: &'a str,
}

/// What a category is called where anybody may read it.
#[must_use]
pub fn everyday_word(category: &str, lang: Lang) -> &str {
    if EVERYDAY.contains(&category) {
        category_word(category, lang)
    } else {
        pick(lang, "上门服务", "Home visit")
    }
}

/// The feed as text.
#[must_use]
pub fn written(manner: &Manner<'_>, entries: &[Entry], sessions: &[SessionEntry]) -> String {
    let name = match manner.readers {
        [Reader::Helper] => pick(manner.lang, "银龄：我的服务", "Yinling: my visits"),
        [Reader::Family] => pick(
            manner.lang,
            "银龄：家里的服务",
            "Yinling: visits to my family",
        ),
        _ => pick(manner.lang, "银龄", "Yinling"),
    };
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//Yinling//Visits//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.name(name);
    calendar.timezone(manner.zone.name());
    calendar.ttl(&TimeDelta::minutes(READ_EVERY_MIN));
    for entry in entries {
        calendar.push(event(manner, entry));
    }
    for entry in sessions {
        calendar.push(sessions::event(manner, entry));
    }
    calendar.to_string()
}

fn event(manner: &Manner<'_>, entry: &Entry) -> Event {
    let (page, side) = match entry.reader {
        Reader::Helper => ("/helper/today", "helper"),
        Reader::Family => ("/family", "family"),
    };
    let mut event = Event::with_uid(&format!("visit-{}-{side}@yinling", entry.visit));
    event
        .sequence(u32::try_from(entry.version).unwrap_or(0))
        .timestamp(entry.changed_at)
        .last_modified(entry.changed_at)
        .starts(entry.starts_at)
        .ends(entry.ends_at)
        .summary(&summary(manner, entry))
        .description(&description(manner, entry))
        .url(&format!("{}{page}", manner.public_url));
    event.status(status(entry));
    if entry.is_off() {
        event.add_property("TRANSP", "TRANSPARENT");
    }
    if let Some(building) = &entry.building {
        event.location(building);
    }
    event
}

fn status(entry: &Entry) -> EventStatus {
    match entry.state {
        _ if entry.is_off() => EventStatus::Cancelled,
        VisitState::Unfilled | VisitState::Offered => EventStatus::Tentative,
        _ => EventStatus::Confirmed,
    }
}

fn summary(manner: &Manner<'_>, entry: &Entry) -> String {
    let what = everyday_word(&entry.category, manner.lang);
    let title = format!("{} · {what}", entry.resident);
    match (entry.is_off(), manner.lang) {
        (false, _) => title,
        // Some programs show what is cancelled like everything else.
        (true, Lang::Zh) => format!("【{}】{title}", state_word(entry.state, Lang::Zh)),
        (true, Lang::En) => format!("[{}] {title}", state_word(entry.state, Lang::En)),
    }
}

fn description(manner: &Manner<'_>, entry: &Entry) -> String {
    let state = state_word(entry.state, manner.lang);
    let mut lines = vec![state.to_owned()];
    if !entry.helpers.is_empty() && !entry.is_off() {
        lines.push(match manner.lang {
            Lang::Zh => format!("来的是{}", entry.helpers.join("、")),
            Lang::En => format!("Who comes: {}", entry.helpers.join(", ")),
        });
    }
    lines.push(
        pick(
            manner.lang,
            "门牌和做什么，请打开银龄看。",
            "Open Yinling for the door and what is to be done.",
        )
        .to_owned(),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(state: VisitState) -> Entry {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        Entry {
            reader: Reader::Helper,
            visit: VisitId(7),
            version: 3,
            changed_at: at("2026-11-23T01:00:00Z"),
            starts_at: at("2026-11-24T02:00:00Z"),
            ends_at: at("2026-11-24T03:00:00Z"),
            state,
            resident: "王奶奶".into(),
            category: "康复护理".into(),
            building: Some("3栋".into()),
            helpers: vec!["陈志强".into()],
        }
    }

    fn text(lang: Lang, entries: &[Entry]) -> String {
        let manner = Manner {
            readers: &[Reader::Helper],
            lang,
            zone: chrono_tz::Asia::Shanghai,
            public_url: "https://yinling.test",
        };
        written(&manner, entries, &[]).replace("\r\n ", "")
    }

    #[test]
    fn a_visit_is_an_event_with_its_version_in_utc() {
        let text = text(Lang::Zh, &[entry(VisitState::Accepted)]);
        for line in [
            "METHOD:PUBLISH",
            "X-WR-TIMEZONE:Asia/Shanghai",
            "UID:visit-7-helper@yinling",
            "SEQUENCE:3",
            "DTSTART:20261124T020000Z",
            "DTEND:20261124T030000Z",
            "DTSTAMP:20261123T010000Z",
            "STATUS:CONFIRMED",
            "SUMMARY:王奶奶 · 上门服务",
            "LOCATION:3栋",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
        assert!(!text.contains("TRANSP"), "it takes the reader's time");
    }

    #[test]
    fn what_is_off_says_so_in_every_program() {
        for state in [
            VisitState::Cancelled,
            VisitState::Paused,
            VisitState::HelperAbsent,
        ] {
            let text = text(Lang::En, &[entry(state)]);
            let title = format!("SUMMARY:[{}]", state_word(state, Lang::En));
            assert!(text.contains(&title), "{text}");
            assert!(text.contains("STATUS:CANCELLED\r\n") && text.contains("TRANSP:TRANSPARENT"));
            assert!(!text.contains("陈志强"), "nobody comes");
        }
        assert!(text(Lang::Zh, &[entry(VisitState::Offered)]).contains("STATUS:TENTATIVE\r\n"));
    }

    #[test]
    fn nothing_about_health_is_named() {
        for category in [
            "康复护理",
            "助医",
            "健康体检",
            "精神慰藉",
            "助浴",
            "日间照料",
            "助急",
            "没见过的",
        ] {
            assert_eq!(everyday_word(category, Lang::Zh), "上门服务");
        }
        assert_eq!(everyday_word("助餐", Lang::En), "Meals");
    }

    #[test]
    fn no_line_is_longer_than_a_program_must_read_and_text_is_escaped() {
        let mut long = entry(VisitState::Accepted);
        long.resident = "甲,乙;丙\\丁".repeat(12);
        let manner = Manner {
            readers: &[Reader::Family],
            lang: Lang::Zh,
            zone: chrono_tz::Asia::Shanghai,
            public_url: "https://yinling.test",
        };
        let text = written(&manner, &[long], &[]);
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(text.replace("\r\n ", "").contains("甲\\,乙\\;丙\\\\丁"));
    }
}
