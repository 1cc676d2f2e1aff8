//! Supply and demand: what was asked for and could not be served, against what is offered, and what to do next about it.

pub mod advice;
pub mod asked;
pub mod gaps;
pub mod lines;
pub mod offered;
pub mod queries;
pub mod routes;
mod sentence;
pub mod unmet;
pub mod views;
pub mod words;

use chrono::{DateTime, TimeDelta, Utc};
use entity::visit;
use entity::words::{Band, UnmetReason, VisitState};
use serde::Serialize;
use utoipa::ToSchema;

use crate::visits::{Late, late};

/// Hours that somebody has to have waited for a cancellation before the cut-off to count as not served.
const WAITED_HOURS: i64 = 24;

/// Why something that was asked for was not served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = UnservedWhy)]
pub enum Cause {
    /// Its window passed and nobody had been found.
    NobodyFound,
    /// It was cancelled after nobody had been found for a day, or until the cut-off.
    GaveUp,
    /// Somebody was to come and did not.
    DidNotCome,
    /// No time was found: nobody holds the skill.
    NoSkill,
    /// No time was found: no rule permits any of those who hold it.
    NotPermitted,
    /// No time was found: nobody is on duty then.
    NobodyFree,
    /// No time was found: all are elsewhere.
    AllBusy,
    /// No time was found: all have worked as long as they may.
    LimitsReached,
    /// No time was found: no two are free at once.
    NotTogether,
}

impl From<UnmetReason> for Cause {
    fn from(reason: UnmetReason) -> Self {
        match reason {
            UnmetReason::NoSkill => Self::NoSkill,
            UnmetReason::NotPermitted => Self::NotPermitted,
            UnmetReason::NobodyFree => Self::NobodyFree,
            UnmetReason::AllBusy => Self::AllBusy,
            UnmetReason::LimitsReached => Self::LimitsReached,
            UnmetReason::NotTogether => Self::NotTogether,
        }
    }
}

/// What became of something that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was done.
    Served,
    /// It was not.
    Unserved(Cause),
    /// Somebody came and nobody opened.
    NotHome,
    /// It is still to be, or happening.
    Ahead,
    /// The resident did not want it any more, or is away.
    CalledOff,
}

/// How a booking was cancelled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cancelled {
    /// When.
    pub at: DateTime<Utc>,
    /// Whether after the cut-off.
    pub late: bool,
    /// Whether because the resident died or moved away.
    pub left: bool,
}

/// What became of a visit. A visit that was moved is judged by the start it has now.
#[must_use]
pub fn fate(visit: &visit::Model, cancelled: Option<Cancelled>, now: DateTime<Utc>) -> Fate {
    match visit.state {
        VisitState::Completed | VisitState::Substituted => Fate::Served,
        VisitState::HelperAbsent => Fate::Unserved(Cause::DidNotCome),
        VisitState::NotHome => Fate::NotHome,
        VisitState::Paused => Fate::CalledOff,
        VisitState::Cancelled => match (visit.unfilled_since, cancelled) {
            (Some(since), Some(end)) if gave_up(since, end) => Fate::Unserved(Cause::GaveUp),
            _ => Fate::CalledOff,
        },
        _ => match late(visit, 0, now) {
            Some(Late::Missed) => Fate::Unserved(Cause::DidNotCome),
            Some(Late::NobodyFound) => Fate::Unserved(Cause::NobodyFound),
            _ => Fate::Ahead,
        },
    }
}

/// Whether who cancelled a visit to which nobody came did so because nobody was found, as far as the record tells: they
/// waited for a day, or until it was too late to cancel without asking. Whoever died or moved away did not give up.
fn gave_up(since: DateTime<Utc>, end: Cancelled) -> bool {
    !end.left && (end.late || end.at - since >= TimeDelta::hours(WAITED_HOURS))
}

/// The part of the day of these minutes after local midnight.
#[must_use]
pub fn band_of(minute: u32) -> Band {
    match minute {
        0..720 => Band::Morning,
        720..1080 => Band::Afternoon,
        _ => Band::Evening,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::ids::{BookingId, CommunityId, ResidentId, ServiceId, VisitId};

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn visit(state: VisitState, unfilled: bool) -> visit::Model {
        let starts_at = at("2026-11-10T02:00:00Z");
        visit::Model {
            id: VisitId(1),
            community_id: CommunityId(1),
            booking_id: BookingId(1),
            resident_id: ResidentId(1),
            service_id: ServiceId(1),
            state,
            starts_at,
            ends_at: starts_at + TimeDelta::minutes(60),
            window_from: starts_at,
            window_to: starts_at + TimeDelta::minutes(30),
            asked_start: starts_at,
            duration_min: 60,
            priority: 3,
            crew_size: 1,
            price_fen: None,
            wish_helper_id: None,
            pinned: false,
            version: 1,
            unfilled_zh: None,
            unfilled_en: None,
            unfilled_since: unfilled.then_some(starts_at - TimeDelta::hours(30)),
            override_reason: None,
            checked_in_at: None,
            completed_at: None,
            finish_note: None,
            problem_kind: None,
            problem_note: None,
            problem_at: None,
            created_at: starts_at - TimeDelta::hours(30),
            absence_id: None,
        }
    }

    #[test]
    fn what_became_of_a_visit() {
        let (before, after) = (at("2026-11-10T01:00:00Z"), at("2026-11-10T04:00:00Z"));
        let of = |state, unfilled, now| fate(&visit(state, unfilled), None, now);
        assert_eq!(of(VisitState::Completed, false, after), Fate::Served);
        assert_eq!(of(VisitState::Substituted, false, after), Fate::Served);
        assert_eq!(of(VisitState::NotHome, false, after), Fate::NotHome);
        assert_eq!(of(VisitState::Paused, true, after), Fate::CalledOff);
        assert_eq!(of(VisitState::Unfilled, true, before), Fate::Ahead);
        let nobody = Fate::Unserved(Cause::NobodyFound);
        assert_eq!(of(VisitState::Unfilled, true, after), nobody);
        let missed = Fate::Unserved(Cause::DidNotCome);
        assert_eq!(of(VisitState::Accepted, false, before), Fate::Ahead);
        assert_eq!(of(VisitState::Accepted, false, after), missed);
        assert_eq!(of(VisitState::HelperAbsent, false, after), missed);
        assert_eq!(of(VisitState::CheckedIn, false, after), Fate::Ahead);
    }

    #[test]
    fn who_waited_gave_up_and_who_changed_their_mind_did_not() {
        let asked = at("2026-11-08T20:00:00Z");
        let end = |hours, late, left| {
            Some(Cancelled {
                at: asked + TimeDelta::hours(hours),
                late,
                left,
            })
        };
        let now = at("2026-11-12T00:00:00Z");
        let of = |unfilled, end| fate(&visit(VisitState::Cancelled, unfilled), end, now);
        let gave_up = Fate::Unserved(Cause::GaveUp);
        assert_eq!(of(true, end(23, false, false)), Fate::CalledOff);
        assert_eq!(of(true, end(24, false, false)), gave_up);
        assert_eq!(of(true, end(23, true, false)), gave_up);
        assert_eq!(of(true, end(30, true, true)), Fate::CalledOff);
        assert_eq!(of(false, end(30, true, false)), Fate::CalledOff);
        assert_eq!(of(true, None), Fate::CalledOff);
    }

    #[test]
    fn the_parts_of_a_day() {
        assert_eq!(band_of(0), Band::Morning);
        assert_eq!(band_of(719), Band::Morning);
        assert_eq!(band_of(720), Band::Afternoon);
        assert_eq!(band_of(1079), Band::Afternoon);
        assert_eq!(band_of(1080), Band::Evening);
    }
}
