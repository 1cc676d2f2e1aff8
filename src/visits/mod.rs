//! Visits: one dated occurrence of a booking, from unfilled to done, and what helpers do with it.

pub mod act;
pub mod acting;
pub mod day;
pub mod leaves;
pub mod pausing;
pub mod routes;
pub mod steps;
pub mod views;

use chrono::{DateTime, TimeDelta, Utc};
use entity::visit;
use entity::words::{Lang, VisitState};
use sea_orm::ColumnTrait;
use sea_orm::sea_query::{Condition, IntoCondition};

use crate::said::pick;

/// The states of a visit that is still to happen or happening. The one definition of a live visit: every list, count,
/// reminder and calendar uses it, so that what is cancelled vanishes everywhere.
pub const LIVE: [VisitState; 4] = [
    VisitState::Unfilled,
    VisitState::Offered,
    VisitState::Accepted,
    VisitState::CheckedIn,
];

/// The states of a visit that will not be, or not as things stand: nobody comes to it, and no list, count or calendar of
/// what happens has it.
pub const SET_ASIDE: [VisitState; 2] = [VisitState::Cancelled, VisitState::Paused];

/// Minutes after its start at which a visit without an arrival is late.
pub const LATE_AFTER_MIN: i64 = 10;
/// Minutes after its end at which a visit that was not finished is late.
pub const UNFINISHED_AFTER_MIN: i64 = 30;

/// The condition that a visit is live.
#[must_use]
pub fn is_live() -> Condition {
    visit::Column::State.is_in(LIVE).into_condition()
}

/// The condition that a visit was neither cancelled nor paused: it is live, or something came of it.
#[must_use]
pub fn stands() -> Condition {
    visit::Column::State.is_not_in(SET_ASIDE).into_condition()
}

/// What a state is called.
#[must_use]
pub fn state_word(state: VisitState, lang: Lang) -> &'static str {
    match state {
        VisitState::Unfilled => pick(lang, "还没人接", "Nobody yet"),
        VisitState::Offered => pick(lang, "等人答应", "Waiting for an answer"),
        VisitState::Accepted => pick(lang, "已安排", "Arranged"),
        VisitState::CheckedIn => pick(lang, "已到家", "Arrived"),
        VisitState::Completed => pick(lang, "已做完", "Done"),
        VisitState::Cancelled => pick(lang, "已取消", "Cancelled"),
        VisitState::HelperAbsent => pick(lang, "服务人员没来", "Helper did not come"),
        VisitState::NotHome => pick(lang, "家里没人", "Nobody at home"),
        VisitState::Substituted => pick(lang, "换人做完", "Done by another"),
        VisitState::Paused => pick(lang, "暂停", "Paused"),
    }
}

/// What is late about a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// The helper never answered, and the visit should have begun.
    NotAnswered,
    /// The helper has not arrived.
    NotArrived,
    /// The helper arrived and should have finished.
    NotFinished,
}

/// Whether a visit is late, and in what way.
#[must_use]
pub fn late(visit: &visit::Model, now: DateTime<Utc>) -> Option<Late> {
    let began = visit.starts_at + TimeDelta::minutes(LATE_AFTER_MIN) < now;
    let over = visit.ends_at + TimeDelta::minutes(UNFINISHED_AFTER_MIN) < now;
    match visit.state {
        VisitState::Offered if began => Some(Late::NotAnswered),
        VisitState::Accepted if began => Some(Late::NotArrived),
        VisitState::CheckedIn if over => Some(Late::NotFinished),
        _ => None,
    }
}

/// Whether a family may still change or cancel without asking the office.
#[must_use]
pub fn before_cutoff(visit: &visit::Model, cutoff_hours: i32, now: DateTime<Utc>) -> bool {
    now <= cutoff(visit, cutoff_hours)
}

/// Until when a family may change or cancel without asking.
#[must_use]
pub fn cutoff(visit: &visit::Model, cutoff_hours: i32) -> DateTime<Utc> {
    visit.starts_at - TimeDelta::hours(i64::from(cutoff_hours))
}

/// How a resident is addressed: 王奶奶, 李爷爷.
#[must_use]
pub fn short_name(name: &str, sex: entity::words::Sex, lang: Lang) -> String {
    let surname = surname(name);
    match (lang, sex) {
        (Lang::Zh, entity::words::Sex::Female) => format!("{surname}奶奶"),
        (Lang::Zh, entity::words::Sex::Male) => format!("{surname}爷爷"),
        (Lang::En, entity::words::Sex::Female) => format!("Grandma {surname}"),
        (Lang::En, entity::words::Sex::Male) => format!("Grandpa {surname}"),
    }
}

/// The surname: two characters where it is one of the common double ones.
#[must_use]
pub fn surname(name: &str) -> String {
    const DOUBLE: [&str; 6] = ["欧阳", "司马", "上官", "诸葛", "东方", "皇甫"];
    let length = if DOUBLE.iter().any(|double| name.starts_with(double)) {
        2
    } else {
        1
    };
    name.chars().take(length).collect()
}
