//! What a helper may do with a visit, and when: rules without IO.

use chrono::{DateTime, TimeDelta, Utc};
use entity::words::{AssignmentState, ProblemKind, VisitState};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Problem, Result};
use crate::said::Said;
use crate::store::claim;

/// Minutes before its start from which a helper may arrive.
pub const ARRIVE_FROM_MIN: i64 = 60;
/// Hours after its end until which arriving and finishing can be recorded.
pub const RECORDED_FOR_HOURS: i64 = 12;
/// Hours before and after a visit during which its helper sees the whole door.
pub const DOOR_SHOWN_HOURS: i64 = 24;

/// A step a helper can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// 我去
    Accept,
    /// 去不了
    Decline,
    /// 到了
    Arrive,
    /// 做完了
    Finish,
    /// 有情况
    Problem,
}

/// Minutes before its start from which a helper may say that nobody opens.
const NOBODY_OPENS_FROM_MIN: i64 = ARRIVE_FROM_MIN;

/// A visit as its steps see it.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Where the visit stands.
    pub visit: VisitState,
    /// Where this helper's part stands.
    pub mine: AssignmentState,
    /// Start.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
}

impl Standing {
    /// The steps that can be taken now.
    #[must_use]
    pub fn can(&self, now: DateTime<Utc>) -> Vec<Step> {
        [
            Step::Accept,
            Step::Decline,
            Step::Arrive,
            Step::Finish,
            Step::Problem,
        ]
        .into_iter()
        .filter(|step| self.check(*step, now).is_ok())
        .collect()
    }

    /// Whether a step can be taken now.
    ///
    /// # Errors
    /// `not-now`, with why.
    pub fn check(&self, step: Step, now: DateTime<Utc>) -> Result<()> {
        let mine = matches!(
            self.mine,
            AssignmentState::Offered | AssignmentState::Accepted
        );
        let before = matches!(self.visit, VisitState::Offered | VisitState::Accepted);
        let recorded = now <= self.end + TimeDelta::hours(RECORDED_FOR_HOURS);
        let over = || {
            refused(
                "这次服务已经结束、取消或改派了。",
                "This visit is over, was cancelled or was given to somebody else.",
            )
        };
        match step {
            _ if !mine => over(),
            Step::Accept if self.mine == AssignmentState::Accepted => {
                refused("您已经接单了。", "You have said yes already.")
            }
            Step::Accept | Step::Decline if before && now < self.end => Ok(()),
            Step::Arrive if before && now < self.start - TimeDelta::minutes(ARRIVE_FROM_MIN) => {
                refused(
                    "还没到时间，开始前一小时内才能点“到了”。",
                    "It is too early: arrival can be recorded from one hour before the start.",
                )
            }
            Step::Arrive if before && recorded => Ok(()),
            Step::Finish if before => refused(
                "请先点“到了”，再点“做完了”。",
                "Please record the arrival first.",
            ),
            Step::Finish if self.visit == VisitState::CheckedIn && recorded => Ok(()),
            Step::Problem if (before || self.visit == VisitState::CheckedIn) && recorded => Ok(()),
            Step::Accept | Step::Decline | Step::Arrive | Step::Finish | Step::Problem => over(),
        }
    }

    /// Whether a kind of problem can be told of now. Who cannot come says no; that nobody opens can be known only at
    /// the door.
    ///
    /// # Errors
    /// `not-now`, with why.
    pub fn check_problem(&self, kind: ProblemKind, now: DateTime<Utc>) -> Result<()> {
        let at_door = self.start - TimeDelta::minutes(NOBODY_OPENS_FROM_MIN);
        match kind {
            ProblemKind::CannotCome => self.check(Step::Decline, now),
            ProblemKind::NotHome if now < at_door => refused(
                "还没到时间，开始前一小时内才能报“家中无人”。",
                "It is too early: that nobody opens can be told from one hour before the start.",
            ),
            ProblemKind::NotHome
            | ProblemKind::Unwell
            | ProblemKind::Unsafe
            | ProblemKind::Other => self.check(Step::Problem, now),
        }
    }

    /// Whether the helper sees the whole door, how to knock and what to mind: while the visit is theirs, and about
    /// its time.
    #[must_use]
    pub fn shows_door(&self, now: DateTime<Utc>) -> bool {
        let around = TimeDelta::hours(DOOR_SHOWN_HOURS);
        claim::LIVE.contains(&self.mine) && self.start - around <= now && now <= self.end + around
    }
}

fn refused(zh: &str, en: &str) -> Result<()> {
    Err(Problem::not_now(Said::new(zh, en)).into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn standing(visit: VisitState, mine: AssignmentState) -> (Standing, DateTime<Utc>) {
        let start = Utc.with_ymd_and_hms(2026, 11, 25, 2, 0, 0).unwrap();
        let standing = Standing {
            visit,
            mine,
            start,
            end: start + TimeDelta::minutes(60),
        };
        (standing, start)
    }

    #[test]
    fn an_offer_can_be_answered_and_arrival_waits_for_its_hour() {
        let (offer, start) = standing(VisitState::Offered, AssignmentState::Offered);
        assert_eq!(
            offer.can(start - TimeDelta::hours(20)),
            [Step::Accept, Step::Decline, Step::Problem]
        );
        assert!(
            offer
                .can(start - TimeDelta::minutes(60))
                .contains(&Step::Arrive)
        );
        assert_eq!(offer.can(start + TimeDelta::hours(14)), []);
    }

    #[test]
    fn finishing_comes_after_arriving() {
        let (accepted, start) = standing(VisitState::Accepted, AssignmentState::Accepted);
        assert!(accepted.check(Step::Finish, start).is_err());
        let (there, start) = standing(VisitState::CheckedIn, AssignmentState::Accepted);
        assert_eq!(there.can(start), [Step::Finish, Step::Problem]);
    }

    #[test]
    fn what_was_declined_or_withdrawn_is_out_of_reach() {
        for mine in [AssignmentState::Declined, AssignmentState::Withdrawn] {
            let (gone, start) = standing(VisitState::Offered, mine);
            assert_eq!(gone.can(start), []);
        }
    }

    #[test]
    fn the_door_is_shown_from_a_day_before_to_a_day_after() {
        let (accepted, start) = standing(VisitState::Accepted, AssignmentState::Accepted);
        assert!(!accepted.shows_door(start - TimeDelta::hours(25)));
        assert!(accepted.shows_door(start - TimeDelta::hours(24)));
        assert!(accepted.shows_door(start + TimeDelta::hours(25)));
        assert!(!accepted.shows_door(start + TimeDelta::hours(26)));
    }

    #[test]
    fn the_door_is_closed_to_who_declined() {
        let (declined, start) = standing(VisitState::Offered, AssignmentState::Declined);
        assert!(!declined.shows_door(start));
    }

    #[test]
    fn nobody_opens_is_known_at_the_door_and_who_is_there_can_no_longer_not_come() {
        let (accepted, start) = standing(VisitState::Accepted, AssignmentState::Accepted);
        let early = start - TimeDelta::hours(2);
        assert!(accepted.check_problem(ProblemKind::NotHome, early).is_err());
        assert!(accepted.check_problem(ProblemKind::NotHome, start).is_ok());
        assert!(accepted.check_problem(ProblemKind::Unwell, early).is_ok());
        assert!(
            accepted
                .check_problem(ProblemKind::CannotCome, early)
                .is_ok()
        );
        let (there, start) = standing(VisitState::CheckedIn, AssignmentState::Accepted);
        assert!(there.check_problem(ProblemKind::CannotCome, start).is_err());
        assert!(there.check_problem(ProblemKind::Unsafe, start).is_ok());
    }
}
