//! Visits: one dated occurrence of a booking, from unfilled to done, and what helpers do with it.

pub mod act;
pub mod acting;
pub mod day;
pub mod happened;
pub mod leaves;
pub mod pausing;
pub mod routes;
pub mod steps;
pub mod views;

use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::CommunityId;
use entity::words::{Lang, VisitState};
use entity::{community, visit};
use sea_orm::sea_query::{Condition, IntoCondition};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait};

use crate::error::Result;
use crate::privacy::erasure::is_erased_name;
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
    /// It is missed: somebody was to come, its end passed and nothing was said.
    Missed,
    /// It is missed: its window passed and nobody was found.
    NobodyFound,
}

impl Late {
    /// Whether the visit is missed, and not only late.
    #[must_use]
    pub fn is_missed(self) -> bool {
        matches!(self, Self::Missed | Self::NobodyFound)
    }
}

/// Whether a visit is late or missed, and in what way; `after_min` are the minutes after its start from which a visit
/// without an arrival is late, as the community has set them.
#[must_use]
pub fn late(visit: &visit::Model, after_min: i32, now: DateTime<Utc>) -> Option<Late> {
    let began = visit.starts_at + TimeDelta::minutes(i64::from(after_min)) <= now;
    let over = visit.ends_at + TimeDelta::minutes(UNFINISHED_AFTER_MIN) < now;
    match visit.state {
        VisitState::Offered | VisitState::Accepted if visit.ends_at < now => Some(Late::Missed),
        VisitState::Offered if began => Some(Late::NotAnswered),
        VisitState::Accepted if began => Some(Late::NotArrived),
        VisitState::CheckedIn if over => Some(Late::NotFinished),
        VisitState::Unfilled if visit.window_to < now => Some(Late::NobodyFound),
        _ => None,
    }
}

/// The minutes after its start from which a visit without an arrival is late in this community.
///
/// # Errors
/// The database's.
pub async fn late_after<C: ConnectionTrait>(db: &C, community: CommunityId) -> Result<i32> {
    Ok(community::Entity::find_by_id(community)
        .one(db)
        .await?
        .map_or(0, |community| community.late_after_min))
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
    if is_erased_name(name) {
        return pick(lang, name, "(erased)").to_owned();
    }
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
