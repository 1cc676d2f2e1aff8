//! Complaints: about a visit, a helper or a provider; taken → answered → corrected → confirmed, or withdrawn.
//!
//! An answer names who corrects what by when. What is not corrected begins anew. Those who complained confirm; nobody
//! confirms for themselves what they were to correct.

pub mod access;
pub mod queries;
pub mod step;
pub mod take;
pub mod views;

use chrono::{DateTime, TimeDelta, Utc};
use entity::complaint;
use entity::words::{ComplaintAction, ComplaintState};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::said::Said;

/// The states in which the office owes the next step.
pub const OWED: [ComplaintState; 2] = [ComplaintState::Taken, ComplaintState::Answered];
/// The states of complaints that are not over.
pub const OPEN: [ComplaintState; 3] = [
    ComplaintState::Taken,
    ComplaintState::Answered,
    ComplaintState::Corrected,
];
/// Days that a correction may take at most.
pub const LONGEST_CORRECTION_DAYS: i64 = 60;

/// What the office does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ComplaintWork)]
pub enum Work {
    /// Answer: who corrects what by when.
    Answer,
    /// It was corrected.
    Correct,
}

/// What those who complained say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ComplaintReply)]
pub enum Reply {
    /// It is corrected.
    Confirmed,
    /// It is not: it begins anew.
    NotCorrected,
    /// They no longer keep it up.
    Withdrawn,
}

/// Where the office's work leads.
///
/// # Errors
/// `not-now` where the state does not allow it.
pub fn after_work(state: ComplaintState, work: Work) -> Result<(ComplaintAction, ComplaintState)> {
    match (work, state) {
        // Whoever finds that it takes longer, or another, answers once more.
        (Work::Answer, ComplaintState::Taken | ComplaintState::Answered) => {
            Ok((ComplaintAction::Answered, ComplaintState::Answered))
        }
        (Work::Correct, ComplaintState::Answered) => {
            Ok((ComplaintAction::Corrected, ComplaintState::Corrected))
        }
        _ => Err(not_that_step().into()),
    }
}

/// Where a reply leads.
///
/// # Errors
/// `not-now` where the state does not allow it.
pub fn after_reply(
    state: ComplaintState,
    reply: Reply,
) -> Result<(ComplaintAction, ComplaintState)> {
    match (reply, state) {
        (Reply::Confirmed, ComplaintState::Corrected) => {
            Ok((ComplaintAction::Confirmed, ComplaintState::Confirmed))
        }
        (Reply::NotCorrected, ComplaintState::Corrected) => {
            Ok((ComplaintAction::Reopened, ComplaintState::Taken))
        }
        (Reply::Withdrawn, _) if OPEN.contains(&state) => {
            Ok((ComplaintAction::Withdrawn, ComplaintState::Withdrawn))
        }
        _ => Err(not_that_step().into()),
    }
}

/// Until when an answer is due to a complaint that was taken then.
#[must_use]
pub fn answer_due(from: DateTime<Utc>, complaint_days: i32) -> DateTime<Utc> {
    from + TimeDelta::days(i64::from(complaint_days))
}

/// Whether its next step is overdue.
#[must_use]
pub fn overdue(row: &complaint::Model, now: DateTime<Utc>) -> bool {
    OWED.contains(&row.state) && row.due_at.is_some_and(|due| due <= now)
}

fn not_that_step() -> Problem {
    Problem::not_now(Said::new(
        "这条投诉现在不能做这一步。",
        "This step cannot be taken as the complaint stands now.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use sea_orm::Iterable;

    #[test]
    fn a_complaint_runs_its_steps_and_no_other_way() {
        use ComplaintState::{Answered, Confirmed, Corrected, Taken, Withdrawn};
        for state in ComplaintState::iter() {
            let work = |work| after_work(state, work).is_ok();
            let reply = |reply| after_reply(state, reply).is_ok();
            assert_eq!(work(Work::Answer), matches!(state, Taken | Answered));
            assert_eq!(work(Work::Correct), state == Answered);
            assert_eq!(reply(Reply::Confirmed), state == Corrected);
            assert_eq!(reply(Reply::NotCorrected), state == Corrected);
            assert_eq!(
                reply(Reply::Withdrawn),
                !matches!(state, Confirmed | Withdrawn)
            );
        }
        assert_eq!(
            after_reply(Corrected, Reply::NotCorrected).unwrap().1,
            Taken
        );
    }
}
