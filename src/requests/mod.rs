//! Help requests (求助单): the grid whistles, and whoever is responsible comes.
//!
//! Each runs 收集 collect, 响应 respond, 处置 handle, 反馈 report back, and ends when those who asked say that it is
//! settled. Every step but the last has a time limit. Where one passes, the request rises by itself from the grid to the
//! community to the street office (see `rise`).

pub mod access;
pub mod ask;
pub mod contacts;
pub mod limits;
pub mod queries;
pub mod rise;
pub mod routes;
pub mod step;
pub mod views;
pub mod words;

use chrono::{DateTime, TimeDelta, Utc};
use entity::help_request;
use entity::words::{HelpAction, HelpKind, HelpLevel, HelpState, HelpTier};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::said::Said;

/// The states in which somebody owes the next step.
pub const OWED: [HelpState; 3] = [
    HelpState::Collected,
    HelpState::Responded,
    HelpState::Handled,
];
/// The states of requests that are not over.
pub const OPEN: [HelpState; 4] = [
    HelpState::Collected,
    HelpState::Responded,
    HelpState::Handled,
    HelpState::Reported,
];
/// Characters of what is wrong, or of a note, at most.
pub const LONGEST_TEXT: usize = 500;
/// Characters of a place at most.
pub const LONGEST_PLACE: usize = 100;
/// Minutes that a step may be given at most: thirty days.
pub const LONGEST_LIMIT_MIN: i32 = 30 * 24 * 60;

/// How long each step may take, in minutes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// To respond, after it was taken down.
    pub respond_min: i32,
    /// To handle it, after that.
    pub handle_min: i32,
    /// To report back, after that.
    pub report_min: i32,
}

impl Limits {
    /// What holds until an administrator sets something else: our own choice, no standard prescribes it.
    #[must_use]
    pub fn preset(kind: HelpKind, level: HelpLevel) -> Self {
        let (respond_min, handle_min, report_min) = match (kind, level) {
            (HelpKind::Medical, HelpLevel::Urgent) => (5, 60, 60),
            (HelpKind::Gas, _) => (10, 120, 120),
            (HelpKind::Water | HelpKind::Power, HelpLevel::Urgent) => (15, 240, 120),
            (_, HelpLevel::Urgent) => (30, 480, 240),
            (HelpKind::Water | HelpKind::Power, HelpLevel::Ordinary) => (60, 1440, 480),
            (_, HelpLevel::Ordinary) => (120, 2880, 1440),
        };
        Self {
            respond_min,
            handle_min,
            report_min,
        }
    }

    /// How long the step that is owed in this state may take; none where nothing is owed.
    #[must_use]
    pub fn of(&self, state: HelpState) -> Option<TimeDelta> {
        let minutes = match state {
            HelpState::Collected => self.respond_min,
            HelpState::Responded => self.handle_min,
            HelpState::Handled => self.report_min,
            HelpState::Reported | HelpState::Settled | HelpState::Withdrawn => return None,
        };
        Some(TimeDelta::minutes(i64::from(minutes)))
    }

    /// Until when the next step is due, when the state was reached at `from`.
    #[must_use]
    pub fn due(&self, state: HelpState, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(from + self.of(state)?)
    }
}

/// What those who are answerable do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// 响应: take it up.
    Respond,
    /// 处置: deal with it.
    Handle,
    /// 反馈: tell those who asked.
    Report,
    /// Hand it up, for it cannot be settled here.
    Raise,
}

/// What those who asked say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// It is settled.
    Settled,
    /// It is not: it begins anew.
    Unsettled,
    /// It is no longer wanted.
    Withdrawn,
}

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Next {
    /// What was done.
    pub action: HelpAction,
    /// How far it is then.
    pub state: HelpState,
    /// Who is answerable then.
    pub tier: HelpTier,
}

/// The tier above; none above the street office.
#[must_use]
pub fn above(tier: HelpTier) -> Option<HelpTier> {
    match tier {
        HelpTier::Grid => Some(HelpTier::Community),
        HelpTier::Community => Some(HelpTier::Street),
        HelpTier::Street => None,
    }
}

/// Where work leads.
///
/// # Errors
/// `not-now` where the state does not allow it.
pub fn after_work(state: HelpState, tier: HelpTier, work: Work) -> Result<Next> {
    use HelpState::{Collected, Handled, Reported, Responded};
    let (action, state, tier) = match (work, state) {
        (Work::Respond, Collected) => (HelpAction::Responded, Responded, tier),
        (Work::Handle, Responded) => (HelpAction::Handled, Handled, tier),
        (Work::Report, Handled) => (HelpAction::Reported, Reported, tier),
        (Work::Raise, Collected | Responded | Handled) => match above(tier) {
            Some(tier) => (HelpAction::Raised, state, tier),
            None => return Err(at_the_top().into()),
        },
        _ => return Err(not_that_step().into()),
    };
    Ok(Next {
        action,
        state,
        tier,
    })
}

/// Where a reply leads. What is settled or withdrawn stays so; whoever needs help again asks again.
///
/// # Errors
/// `not-now` where the state does not allow it.
pub fn after_reply(state: HelpState, tier: HelpTier, reply: Reply) -> Result<Next> {
    let (action, state) = match (reply, state) {
        (Reply::Settled, HelpState::Reported) => (HelpAction::Settled, HelpState::Settled),
        (Reply::Unsettled, HelpState::Reported) => (HelpAction::Reopened, HelpState::Collected),
        (Reply::Withdrawn, _) if OPEN.contains(&state) => {
            (HelpAction::Withdrawn, HelpState::Withdrawn)
        }
        _ => return Err(not_that_step().into()),
    };
    Ok(Next {
        action,
        state,
        tier,
    })
}

/// Where the clock leads: one tier up, and when the step is due there. None where its time is not up, nothing is owed, or
/// it is at the top.
#[must_use]
pub fn after_time(
    (state, tier, due): (HelpState, HelpTier, Option<DateTime<Utc>>),
    limits: Limits,
    now: DateTime<Utc>,
) -> Option<(Next, DateTime<Utc>)> {
    let due = due.filter(|due| *due <= now)?;
    let limit = limits.of(state)?;
    let next = Next {
        action: HelpAction::Risen,
        state,
        tier: above(tier)?,
    };
    // Counted from when it was due, so that the program's being down costs nobody time.
    Some((next, due + limit))
}

/// Since when the owed step has been late, after a step that leads to this state: rising does not make it punctual, taking
/// the step does.
#[must_use]
pub fn late_since(
    (before, since, due): (HelpState, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    next: Next,
) -> Option<DateTime<Utc>> {
    match next.action {
        HelpAction::Risen => since.or(due),
        _ if next.state == before => since,
        _ => None,
    }
}

/// Whether the owed step is late.
#[must_use]
pub fn overdue(row: &help_request::Model, now: DateTime<Utc>) -> bool {
    OWED.contains(&row.state)
        && (row.late_since.is_some() || row.due_at.is_some_and(|due| due <= now))
}

/// What somebody wrote, without blanks around it.
///
/// # Errors
/// `invalid`, with the field.
pub fn check_text(field: &'static str, text: &str) -> Result<String> {
    check_note(field, Some(text))?.ok_or_else(|| {
        Problem::field(
            field,
            Said::new(
                "请写一句，让人看得懂。",
                "Please write a sentence about it.",
            ),
        )
        .into()
    })
}

/// What somebody wrote, if anything.
///
/// # Errors
/// `invalid`, with the field.
pub fn check_note(field: &'static str, text: Option<&str>) -> Result<Option<String>> {
    at_most(field, text, LONGEST_TEXT)
}

/// A text that may be left out, of so many characters at most.
///
/// # Errors
/// `invalid`, with the field.
pub fn at_most(field: &'static str, text: Option<&str>, most: usize) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    if text.is_some_and(|text| text.chars().count() > most) {
        return Err(Problem::field(
            field,
            Said::new(
                format!("最多写 {most} 个字。"),
                format!("At most {most} characters."),
            ),
        )
        .into());
    }
    Ok(text.map(str::to_owned))
}

/// A telephone number, digits only.
///
/// # Errors
/// `invalid`, with the field `phone`.
pub fn check_phone(phone: Option<&str>) -> Result<Option<String>> {
    let Some(phone) = phone.map(str::trim).filter(|phone| !phone.is_empty()) else {
        return Ok(None);
    };
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let readable = phone
        .chars()
        .all(|letter| letter.is_ascii_digit() || matches!(letter, '+' | '-' | ' ' | '(' | ')'));
    if readable && (3..=20).contains(&digits.len()) {
        return Ok(Some(digits));
    }
    Err(Problem::field(
        "phone",
        Said::new(
            "电话应为 3 到 20 位数字。",
            "A telephone number has 3 to 20 digits.",
        ),
    )
    .into())
}

fn at_the_top() -> Problem {
    Problem::not_now(Said::new(
        "已经在街道处理，不能再往上交。",
        "It is with the street office already; there is nobody above.",
    ))
}

fn not_that_step() -> Problem {
    Problem::not_now(Said::new(
        "这张求助单现在不能做这一步。",
        "This step cannot be taken as the request stands now.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use sea_orm::Iterable;

    fn at(hour: u32) -> DateTime<Utc> {
        Utc.with_ymd_and_hms(2026, 11, 24, hour, 0, 0).unwrap()
    }

    #[test]
    fn the_four_steps_follow_each_other_and_no_other_way() {
        let mut state = HelpState::Collected;
        for (work, reached) in [
            (Work::Respond, HelpState::Responded),
            (Work::Handle, HelpState::Handled),
            (Work::Report, HelpState::Reported),
        ] {
            for other in [Work::Respond, Work::Handle, Work::Report] {
                assert_eq!(
                    after_work(state, HelpTier::Grid, other).is_ok(),
                    other == work,
                    "{other:?} in {state:?}"
                );
            }
            state = after_work(state, HelpTier::Grid, work).unwrap().state;
            assert_eq!(state, reached);
        }
    }

    #[test]
    fn only_what_was_reported_is_confirmed_and_what_is_over_stays_over() {
        for state in HelpState::iter() {
            let may = |reply| after_reply(state, HelpTier::Grid, reply).is_ok();
            assert_eq!(may(Reply::Settled), state == HelpState::Reported);
            assert_eq!(may(Reply::Unsettled), state == HelpState::Reported);
            assert_eq!(may(Reply::Withdrawn), OPEN.contains(&state));
        }
        let again = after_reply(HelpState::Reported, HelpTier::Street, Reply::Unsettled).unwrap();
        assert_eq!(
            (again.state, again.tier),
            (HelpState::Collected, HelpTier::Street)
        );
    }

    #[test]
    fn what_is_late_rises_twice_and_then_stays() {
        let limits = Limits {
            respond_min: 60,
            handle_min: 60,
            report_min: 60,
        };
        let after =
            |tier, due, now| after_time((HelpState::Collected, tier, Some(due)), limits, now);
        assert_eq!(after(HelpTier::Grid, at(2), at(1)), None, "not yet");
        let (next, due) = after(HelpTier::Grid, at(2), at(9)).unwrap();
        assert_eq!(
            (next.tier, due),
            (HelpTier::Community, at(3)),
            "counted from the limit"
        );
        let (next, due) = after(next.tier, due, at(9)).unwrap();
        assert_eq!((next.tier, due), (HelpTier::Street, at(4)));
        assert_eq!(after(next.tier, due, at(9)), None, "nobody above");
        let late = (HelpState::Collected, None, Some(at(2)));
        assert_eq!(late_since(late, next), Some(at(2)));
        let taken = after_work(HelpState::Collected, HelpTier::Street, Work::Respond).unwrap();
        assert_eq!(
            late_since((HelpState::Collected, Some(at(2)), None), taken),
            None
        );
        let waiting = (HelpState::Reported, HelpTier::Grid, None);
        assert_eq!(after_time(waiting, limits, at(9)), None, "nothing is owed");
    }

    #[test]
    fn every_preset_gives_time_and_the_urgent_is_never_slower() {
        for kind in HelpKind::iter() {
            let (urgent, ordinary) = (
                Limits::preset(kind, HelpLevel::Urgent),
                Limits::preset(kind, HelpLevel::Ordinary),
            );
            assert!(urgent.respond_min > 0 && urgent.respond_min <= ordinary.respond_min);
            assert!(urgent.handle_min <= ordinary.handle_min);
            assert!(ordinary.report_min <= LONGEST_LIMIT_MIN);
        }
    }

    #[test]
    fn a_telephone_number_is_digits() {
        assert_eq!(
            check_phone(Some(" 0710-355 0100 ")).unwrap().as_deref(),
            Some("07103550100")
        );
        assert_eq!(check_phone(Some(" ")).unwrap(), None);
        for bad in ["12", "call me", "1380013800x"] {
            assert!(check_phone(Some(bad)).is_err(), "{bad}");
        }
    }
}
