//! A place in a session at the station, as an event. Its title is the session's, unless that could say something about
//! somebody's health: then it is an event at the station and no more.

use chrono::{DateTime, Utc};
use entity::ids::StationSignupId;
use entity::words::{Lang, SessionKind, SignupState};
use icalendar::{Component, Event, EventLike, EventStatus};

use super::Manner;
use crate::said::{Said, pick};

/// What titles say that are about health.
const ABOUT_HEALTH: [&str; 36] = [
    "病",
    "症",
    "医",
    "药",
    "疗",
    "诊",
    "护理",
    "康复",
    "体检",
    "筛查",
    "健康",
    "养生",
    "血压",
    "血糖",
    "血脂",
    "心脏",
    "心理",
    "认知",
    "失智",
    "失能",
    "痴呆",
    "记忆",
    "中风",
    "卒中",
    "癌",
    "疫苗",
    "骨",
    "关节",
    "听力",
    "视力",
    "白内障",
    "口腔",
    "失禁",
    "抑郁",
    "health",
    "medic",
];

/// One place in a session in a feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionEntry {
    /// The place: one that is asked for again is another.
    pub signup: StationSignupId,
    /// Grows with every change of the session or of the place.
    pub version: i32,
    /// When either was last changed.
    pub changed_at: DateTime<Utc>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// End.
    pub ends_at: DateTime<Utc>,
    /// Whether they have a seat, wait for one, or have none any more.
    pub state: SignupState,
    /// What kind of thing it is.
    pub kind: SessionKind,
    /// What it is called.
    pub title: String,
    /// The room.
    pub room: Said,
    /// Who goes there.
    pub resident: String,
}

impl SessionEntry {
    /// Whether nobody is to go there.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.state == SignupState::Ended
    }

    /// Whether its name may stand where anybody reads it.
    #[must_use]
    pub fn is_everyday(&self) -> bool {
        let title = self.title.to_lowercase();
        self.kind != SessionKind::HealthCheck
            && !ABOUT_HEALTH.iter().any(|word| title.contains(word))
    }
}

/// The event.
#[must_use]
pub fn event(manner: &Manner<'_>, entry: &SessionEntry) -> Event {
    let lang = manner.lang;
    let station = pick(lang, "社区服务站", "Community station");
    let (what, place) = if entry.is_everyday() {
        let place = format!("{station} · {}", entry.room.to(lang));
        (entry.title.as_str(), place)
    } else {
        // A room can be called after what is done there.
        let what = pick(lang, "服务站活动", "At the station");
        (what, station.to_owned())
    };
    let state = state_word(entry.state, lang);
    let title = format!("{} · {what}", entry.resident);
    let title = match (entry.is_off(), lang) {
        (false, _) => title,
        (true, Lang::Zh) => format!("【{state}】{title}"),
        (true, Lang::En) => format!("[{state}] {title}"),
    };
    let more = pick(
        lang,
        "详情请打开银龄看。",
        "Open Yinling for what it is about.",
    );
    let mut event = Event::with_uid(&format!("session-{}-family@yinling", entry.signup));
    event
        .sequence(u32::try_from(entry.version).unwrap_or(0))
        .timestamp(entry.changed_at)
        .last_modified(entry.changed_at)
        .starts(entry.starts_at)
        .ends(entry.ends_at)
        .summary(&title)
        .description(&format!("{state}\n{more}"))
        .location(&place)
        .url(&format!("{}/family", manner.public_url));
    event.status(match entry.state {
        SignupState::Seated => EventStatus::Confirmed,
        SignupState::Waiting => EventStatus::Tentative,
        SignupState::Ended => EventStatus::Cancelled,
    });
    if entry.is_off() {
        event.add_property("TRANSP", "TRANSPARENT");
    }
    event
}

fn state_word(state: SignupState, lang: Lang) -> &'static str {
    match state {
        SignupState::Seated => pick(lang, "已报名", "A place is kept"),
        SignupState::Waiting => pick(lang, "候补中", "On the waitlist"),
        SignupState::Ended => pick(lang, "已取消", "Cancelled"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Reader, written};
    use super::*;

    fn entry(kind: SessionKind, title: &str, state: SignupState) -> SessionEntry {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        SessionEntry {
            signup: StationSignupId(9),
            version: 4,
            changed_at: at("2026-11-23T01:00:00Z"),
            starts_at: at("2026-11-26T01:00:00Z"),
            ends_at: at("2026-11-26T03:00:00Z"),
            state,
            kind,
            title: title.into(),
            room: Said::new("体检室", "Examination room"),
            resident: "王桂芳".into(),
        }
    }

    fn text(lang: Lang, entry: SessionEntry) -> String {
        let manner = Manner {
            readers: &[Reader::Family],
            lang,
            zone: chrono_tz::Asia::Shanghai,
            public_url: "https://yinling.test",
        };
        written(&manner, &[], &[entry]).replace("\r\n ", "")
    }

    #[test]
    fn a_place_is_an_event_with_its_title_room_and_time() {
        let text = text(
            Lang::Zh,
            entry(SessionKind::Class, "书法课", SignupState::Seated),
        );
        for line in [
            "UID:session-9-family@yinling",
            "SEQUENCE:4",
            "DTSTART:20261126T010000Z",
            "DTEND:20261126T030000Z",
            "STATUS:CONFIRMED",
            "SUMMARY:王桂芳 · 书法课",
            "LOCATION:社区服务站 · 体检室",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}\n{text}");
        }
    }

    #[test]
    fn nothing_about_health_is_named() {
        for (kind, title) in [
            (SessionKind::HealthCheck, "秋季活动日"),
            (SessionKind::Lecture, "高血压怎么吃"),
            (SessionKind::Lecture, "Women's Health"),
            (SessionKind::Class, "认知训练课"),
        ] {
            let text = text(Lang::Zh, entry(kind, title, SignupState::Waiting));
            assert!(!text.contains(title) && !text.contains("体检"), "{text}");
            assert!(text.contains("SUMMARY:王桂芳 · 服务站活动\r\n"), "{text}");
            assert!(text.contains("LOCATION:社区服务站\r\n") && text.contains("STATUS:TENTATIVE"));
        }
    }

    #[test]
    fn what_is_off_says_so() {
        let text = text(
            Lang::En,
            entry(SessionKind::Activity, "Chess", SignupState::Ended),
        );
        assert!(
            text.contains("SUMMARY:[Cancelled] 王桂芳 · Chess\r\n"),
            "{text}"
        );
        assert!(text.contains("STATUS:CANCELLED\r\n") && text.contains("TRANSP:TRANSPARENT"));
    }
}
