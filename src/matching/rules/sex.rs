//! Hard: for intimate care, the sex the resident asks for.

use crate::problem::{HelperIx, Problem, Sex, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "sex";

/// The resident asks for the other sex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherSex {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// What is asked for.
    pub wished: Sex,
}

/// Broken when a sex is asked for and it is not hers.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<OtherSex> {
    let wished = problem.visit(visit).sex?;
    (problem.helper(helper).sex != wished).then_some(OtherSex { helper, wished })
}

impl OtherSex {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let (zh, en) = match self.wished {
            Sex::Female => ("女", "a woman"),
            Sex::Male => ("男", "a man"),
        };
        lang.pick(
            format!("老人希望由{zh}性来照护。"),
            format!("The resident wishes to be cared for by {en}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn the_wish_is_kept() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].sex = Some(Sex::Female);
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].sex = Some(Sex::Male);
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "老人希望由男性来照护。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "The resident wishes to be cared for by a man."
        );
    }
}
