//! The station: rooms with opening hours, and sessions with seats held in them. A session is signed up for like a visit is
//! booked: a seat is a row with a key, so that it is given once; whoever finds none may wait and moves up in the order of asking.

pub mod access;
pub mod check;
pub mod door;
mod holder;
mod obstacles;
pub mod queries;
pub mod returns;
pub mod rooms;
pub mod routes;
pub mod seats;
pub mod sessions;
pub mod signup;
pub mod views;

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use entity::words::{Lang, SessionKind, SessionState, SignupState};
use entity::{station_hours, station_session};

use crate::clock::{local_date, on_grid};
use crate::error::{Problem, Result};
use crate::said::{Said, pick};

/// Characters of a title at most.
const LONGEST_TITLE: usize = 60;
/// Seats of a session at most.
pub const MOST_SEATS: i32 = 500;
/// The highest price of a session, in fen: 10,000 yuan.
const HIGHEST_FEN: i64 = 1_000_000;
/// Days ahead that a session may lie.
const AHEAD_DAYS: i64 = 366;
/// Hours before the start until which families cancel by themselves, where nothing else is said.
pub const CANCEL_HOURS: i64 = 12;
/// Hours before the start from which people are ticked in.
pub const DOOR_OPENS_HOURS: i64 = 2;

/// The signups that hold a seat or wait for one.
pub const LIVE: [SignupState; 2] = [SignupState::Seated, SignupState::Waiting];

/// What a session is to be, checked on its own.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What it is called.
    pub title: String,
    /// When it begins.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// How many may come.
    pub seats: i32,
    /// What each pays, in fen.
    pub price_fen: i64,
    /// Until when families may sign up.
    pub book_until: DateTime<Utc>,
    /// Until when families may cancel.
    pub cancel_until: DateTime<Utc>,
}

impl Terms {
    /// Whether they hold, wherever the session may be.
    ///
    /// # Errors
    /// `invalid`, with the field.
    pub fn check(mut self, zone: Tz, now: DateTime<Utc>) -> Result<Self> {
        let refuse =
            |field, zh: &str, en: &str| Err(Problem::field(field, Said::new(zh, en)).into());
        self.title = self.title.trim().to_owned();
        if self.title.is_empty() || self.title.chars().count() > LONGEST_TITLE {
            return refuse(
                "title",
                "请写出名称，最多 60 个字。",
                "Please give a title of at most 60 characters.",
            );
        }
        if !on_grid(self.starts_at) || self.starts_at <= now {
            return refuse(
                "starts_at",
                "开始时间要在现在之后，落在整 5 分钟上。",
                "It starts later than now, on a full five minutes.",
            );
        }
        if self.starts_at > now + TimeDelta::days(AHEAD_DAYS) {
            return refuse(
                "starts_at",
                "最远只能排到一年以内。",
                "It lies within a year from now.",
            );
        }
        if !on_grid(self.ends_at)
            || self.ends_at <= self.starts_at
            || local_date(zone, self.starts_at) != local_date(zone, self.ends_at)
        {
            return refuse(
                "ends_at",
                "结束时间要在同一天、开始之后，落在整 5 分钟上。",
                "It ends on the same day, after its start, on a full five minutes.",
            );
        }
        if !(1..=MOST_SEATS).contains(&self.seats) {
            return refuse(
                "seats",
                "名额应在 1 到 500 之间。",
                "It has 1 to 500 seats.",
            );
        }
        if !(0..=HIGHEST_FEN).contains(&self.price_fen) {
            return refuse(
                "price_fen",
                "费用应在 0 到 10000 元之间。",
                "It costs 0 to 10,000 yuan.",
            );
        }
        if self.book_until > self.starts_at {
            return refuse(
                "book_until",
                "报名截止不能晚于开始时间。",
                "Signing up closes at the start or before.",
            );
        }
        if self.cancel_until > self.starts_at {
            return refuse(
                "cancel_until",
                "取消截止不能晚于开始时间。",
                "Cancelling closes at the start or before.",
            );
        }
        Ok(self)
    }
}

/// Whether a room is open from start to end, by its hours alone.
#[must_use]
pub fn within_hours(
    hours: &[station_hours::Model],
    zone: Tz,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> bool {
    let (from, to) = (starts_at.with_timezone(&zone), ends_at.with_timezone(&zone));
    let minute = |at: &DateTime<Tz>| i32::try_from(at.hour() * 60 + at.minute()).unwrap_or(0);
    let weekday = i32::try_from(from.weekday().num_days_from_monday()).unwrap_or(0);
    hours.iter().any(|span| {
        span.weekday == weekday && span.opens_min <= minute(&from) && minute(&to) <= span.closes_min
    })
}

/// Whether two times share a moment.
#[must_use]
pub fn meet(one: (DateTime<Utc>, DateTime<Utc>), other: (DateTime<Utc>, DateTime<Utc>)) -> bool {
    one.0 < other.1 && other.0 < one.1
}

/// The refusal where every seat is taken.
#[must_use]
pub fn full() -> Problem {
    Problem::new(
        crate::error::Kind::SlotTaken,
        Said::new("名额已经满了。", "Every seat is taken."),
        Said::new(
            "可以排候补：有人退出会按先后自动补上并通知；或请调度员加座位。",
            "You can wait: whoever waits moves up in order when a seat is given back. Or ask the coordinator for more seats.",
        ),
    )
}

/// The refusal where the session is not open any more.
///
/// # Errors
/// `not-now`, where it is not.
pub fn check_open(session: &station_session::Model) -> Result<()> {
    let (zh, en) = match session.state {
        SessionState::Open => return Ok(()),
        SessionState::Cancelled => ("这场活动已经取消。", "This session was cancelled."),
        SessionState::Held => (
            "这场活动已经结束，名单已封存。",
            "This session was held; its list is closed.",
        ),
    };
    Err(Problem::not_now(Said::new(zh, en)).into())
}

/// A telephone number of which the middle is hidden.
#[must_use]
pub fn masked(phone: &str) -> String {
    let letters: Vec<char> = phone.chars().collect();
    if letters.len() < 7 {
        return "*".repeat(letters.len());
    }
    let tail = letters.len() - 4;
    letters
        .iter()
        .enumerate()
        .map(|(at, letter)| if at < 3 || at >= tail { *letter } else { '*' })
        .collect()
}

/// What a kind of session is called.
#[must_use]
pub fn kind_word(kind: SessionKind, lang: Lang) -> &'static str {
    match kind {
        SessionKind::Class => pick(lang, "课程", "class"),
        SessionKind::HealthCheck => pick(lang, "体检日", "health-check day"),
        SessionKind::Photography => pick(lang, "摄影日", "photography day"),
        SessionKind::Lecture => pick(lang, "讲座", "lecture"),
        SessionKind::Activity => pick(lang, "活动", "activity"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use entity::ids::StationRoomId;

    const ZONE: Tz = chrono_tz::Asia::Shanghai;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn terms() -> Terms {
        Terms {
            title: " 书法课 ".into(),
            starts_at: at("2026-11-26T01:00:00Z"),
            ends_at: at("2026-11-26T03:00:00Z"),
            seats: 10,
            price_fen: 0,
            book_until: at("2026-11-26T01:00:00Z"),
            cancel_until: at("2026-11-25T13:00:00Z"),
        }
    }

    #[test]
    fn terms_hold_or_name_their_field() {
        let now = at("2026-11-24T01:00:00Z");
        assert_eq!(terms().check(ZONE, now).unwrap().title, "书法课");
        let mut bad: Vec<(&str, Terms)> = Vec::new();
        let mut with = |field, change: &dyn Fn(&mut Terms)| {
            let mut one = terms();
            change(&mut one);
            bad.push((field, one));
        };
        with("title", &|one| one.title = "  ".into());
        with("starts_at", &|one| {
            one.starts_at = at("2026-11-24T00:55:00Z")
        });
        with("starts_at", &|one| {
            one.starts_at = at("2026-11-26T01:01:00Z")
        });
        with("ends_at", &|one| one.ends_at = one.starts_at);
        with("ends_at", &|one| one.ends_at = at("2026-11-26T17:00:00Z"));
        with("seats", &|one| one.seats = 0);
        with("seats", &|one| one.seats = MOST_SEATS + 1);
        with("price_fen", &|one| one.price_fen = -1);
        with("book_until", &|one| one.book_until = one.ends_at);
        with("cancel_until", &|one| one.cancel_until = one.ends_at);
        for (field, one) in bad {
            match one.check(ZONE, now) {
                Err(Error::Refused(problem)) => assert_eq!(problem.fields[0].field, field),
                other => panic!("{field}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_session_lies_in_one_span_of_its_room() {
        let span = |opens_min, closes_min| station_hours::Model {
            room_id: StationRoomId(1),
            weekday: 3,
            opens_min,
            closes_min,
        };
        let hours = [span(480, 720), span(840, 1020)];
        let fits = |from: &str, to: &str| within_hours(&hours, ZONE, at(from), at(to));
        assert!(fits("2026-11-26T00:00:00Z", "2026-11-26T04:00:00Z"));
        assert!(
            !fits("2026-11-26T03:00:00Z", "2026-11-26T07:00:00Z"),
            "over noon"
        );
        assert!(
            !fits("2026-11-25T01:00:00Z", "2026-11-25T02:00:00Z"),
            "another weekday"
        );
    }

    #[test]
    fn one_after_the_other_do_not_meet() {
        let (one, two, three) = (
            at("2026-11-26T01:00:00Z"),
            at("2026-11-26T02:00:00Z"),
            at("2026-11-26T03:00:00Z"),
        );
        assert!(!meet((one, two), (two, three)));
        assert!(meet((one, three), (two, three)));
    }

    #[test]
    fn a_masked_number_keeps_its_ends() {
        assert_eq!(masked("13900000001"), "139****0001");
        assert_eq!(masked("12345"), "*****");
    }
}
