//! Hard: no credit in the time bank for care of one's own household.

use crate::problem::{HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "own_household";

/// The helper lives there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Own {
    /// Whom it concerns.
    pub helper: HelperIx,
}

/// Broken when the visit earns credit and goes to the helper's own household.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<Own> {
    let of = problem.visit(visit);
    let own = problem.helper(helper).household == Some(of.household);
    (of.credit && own).then_some(Own { helper })
}

impl Own {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        lang.pick(
            "照顾自己家人不能记入时间银行。".to_owned(),
            "Care of one's own household earns no time credit.".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn only_where_credit_is_earned() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].household = Some(problem.visits[0].household);
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].credit = true;
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "照顾自己家人不能记入时间银行。"
        );
        assert!(
            broken
                .sentence(&problem, Lang::En)
                .contains("own household")
        );
        problem.helpers[0].household = None;
        assert_eq!(check(&problem, visit, helper), None);
    }
}
