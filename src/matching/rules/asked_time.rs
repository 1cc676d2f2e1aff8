//! Soft, third: near the time that was asked for. Counted in whole quarters of an hour, so that a few minutes, which nobody
//! minds, never outweigh a familiar face.

use super::{Part, Reason};
use crate::problem::{Problem, Seconds, VisitIx};
use crate::words::{Lang, length, moment};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "asked_time";

/// The unit of deviation.
pub const UNIT: Seconds = 900;

/// When it would start, against when it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shift {
    /// The start.
    pub start: Seconds,
    /// What was asked.
    pub asked: Seconds,
}

/// Whole quarters of an hour between two starts; 0 where no time was asked for.
pub const fn cost(asked: Option<Seconds>, start: Seconds) -> i64 {
    match asked {
        Some(asked) => (start - asked).abs() / UNIT,
        None => 0,
    }
}

/// The reason, where a time was asked for.
pub fn part(problem: &Problem, visit: VisitIx, start: Seconds) -> Option<Part> {
    let asked = problem.visit(visit).asked?;
    Some(Part {
        code: CODE,
        value: cost(Some(asked), start),
        reason: Reason::AskedTime(Shift { start, asked }),
    })
}

impl Shift {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let start = moment(problem, self.start, lang);
        let by = length((self.start - self.asked).abs(), lang);
        match self.start.cmp(&self.asked) {
            std::cmp::Ordering::Equal => lang.pick(
                "正是希望的时间。".to_owned(),
                "Exactly the time asked for.".to_owned(),
            ),
            std::cmp::Ordering::Less => lang.pick(
                format!("{start}可以来，比希望的早{by}。"),
                format!("Can come at {start}, {by} earlier than asked."),
            ),
            std::cmp::Ordering::Greater => lang.pick(
                format!("{start}可以来，比希望的晚{by}。"),
                format!("Can come at {start}, {by} later than asked."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{at, one_of_each};

    #[test]
    fn a_few_minutes_do_not_count() {
        assert_eq!(cost(Some(at(10, 0)), at(10, 10)), 0);
        assert_eq!(cost(Some(at(10, 0)), at(10, 15)), 1);
        assert_eq!(cost(Some(at(10, 0)), at(9, 20)), 2);
        assert_eq!(cost(None, at(9, 0)), 0);
    }

    #[test]
    fn earlier_and_later_are_said() {
        let (mut problem, visit, _) = one_of_each();
        problem.visits[0].asked = Some(at(10, 0));
        let say = |start, lang| {
            part(&problem, visit, start)
                .unwrap()
                .sentence(&problem, lang)
        };
        assert_eq!(say(at(10, 0), Lang::Zh), "正是希望的时间。");
        assert_eq!(say(at(10, 30), Lang::Zh), "10:30可以来，比希望的晚30分钟。");
        assert_eq!(
            say(at(9, 0), Lang::En),
            "Can come at 9:00, 1 hour earlier than asked."
        );
    }
}
