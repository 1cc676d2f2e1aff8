//! Soft, fourth: a face the resident knows or wishes for.
//!
//! A crew is worth its most familiar member: [`WISHED`] for one wished for, up to 3 for past visits. What a visit costs is
//! the difference to the most familiar of all its lists, so a resident who knows nobody costs nothing.

use super::{Part, Reason};
use crate::problem::{HelperIx, Problem, Visit, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "continuity";

/// The worth of a helper who is wished for.
pub const WISHED: i64 = 4;

/// How well the helper knows the resident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Known {
    /// Who.
    pub helper: HelperIx,
    /// Past visits.
    pub past: u32,
    /// Whether the resident wishes for her.
    pub wished: bool,
}

/// How familiar a helper is, 0 to [`WISHED`].
pub fn worth(visit: &Visit, helper: HelperIx) -> i64 {
    if visit.prefer.contains(&helper) {
        WISHED
    } else {
        of_past(past(visit, helper))
    }
}

/// The most familiar of all the visit names.
pub fn best(visit: &Visit) -> i64 {
    if visit.prefer.is_empty() {
        visit
            .continuity
            .iter()
            .map(|(_, past)| of_past(*past))
            .max()
            .unwrap_or(0)
    } else {
        WISHED
    }
}

/// Familiarity forgone by sending this crew.
pub fn cost(visit: &Visit, helpers: &[HelperIx]) -> i64 {
    best(visit)
        - helpers
            .iter()
            .map(|helper| worth(visit, *helper))
            .max()
            .unwrap_or(0)
}

fn past(visit: &Visit, helper: HelperIx) -> u32 {
    let known = visit
        .continuity
        .iter()
        .filter(|(known, _)| *known == helper);
    known.map(|(_, past)| *past).max().unwrap_or(0)
}

const fn of_past(past: u32) -> i64 {
    match past {
        0 => 0,
        1 => 1,
        2..=4 => 2,
        _ => 3,
    }
}

/// The reason, where she has been before, is to come on other dates, or is wished for.
pub fn part(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<Part> {
    let of = problem.visit(visit);
    let known = Known {
        helper,
        past: past(of, helper),
        wished: of.prefer.contains(&helper),
    };
    let value = best(of) - worth(of, helper);
    (known.past > 0 || known.wished).then_some(Part {
        code: CODE,
        value,
        reason: Reason::Continuity(known),
    })
}

impl Known {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let past = self.past;
        // Visits of a series that are yet to come count as well: the sentence must not say that they have been.
        let visits = match past {
            1 => "1 visit, done or arranged".to_owned(),
            _ => format!("{past} visits, done or arranged"),
        };
        match (self.wished, past) {
            (true, 0) => lang.pick(
                "老人希望由她／他来。".to_owned(),
                "The resident wishes for this helper.".to_owned(),
            ),
            (true, _) => lang.pick(
                format!("老人希望由她／他来，也是熟人：{past}次服务（含已约好的）。"),
                format!("The resident wishes for this helper, a familiar face: {visits}."),
            ),
            (false, _) => lang.pick(
                format!("是这位老人的熟人：{past}次服务（含已约好的）。"),
                format!("A familiar face: {visits}."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn a_familiar_face_costs_less() {
        let (mut problem, visit, helper) = one_of_each();
        let other = HelperIx(1);
        assert_eq!(
            cost(&problem.visits[0], &[helper]),
            0,
            "who knows nobody misses nobody"
        );
        problem.visits[0].continuity = vec![(helper, 4), (other, 1)];
        assert_eq!(cost(&problem.visits[0], &[helper]), 0);
        assert_eq!(cost(&problem.visits[0], &[other]), 1);
        assert_eq!(cost(&problem.visits[0], &[HelperIx(2)]), 2);
        assert_eq!(cost(&problem.visits[0], &[other, helper]), 0);
        problem.visits[0].prefer = vec![other];
        assert_eq!(cost(&problem.visits[0], &[helper]), 2);
        assert_eq!(cost(&problem.visits[0], &[other]), 0);
        let say = |helper, lang| {
            part(&problem, visit, helper)
                .unwrap()
                .sentence(&problem, lang)
        };
        assert_eq!(
            say(helper, Lang::Zh),
            "是这位老人的熟人：4次服务（含已约好的）。"
        );
        assert_eq!(
            say(helper, Lang::En),
            "A familiar face: 4 visits, done or arranged."
        );
        assert_eq!(
            say(other, Lang::Zh),
            "老人希望由她／他来，也是熟人：1次服务（含已约好的）。"
        );
        assert_eq!(part(&problem, visit, HelperIx(2)), None);
    }
}
