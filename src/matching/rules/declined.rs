//! Hard: who declined a visit is not asked again.

use crate::problem::{HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "declined";

/// The helper declined this visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Said {
    /// Whom it concerns.
    pub helper: HelperIx,
}

/// Broken when the helper is among those who declined.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<Said> {
    problem
        .visit(visit)
        .declined
        .contains(&helper)
        .then_some(Said { helper })
}

impl Said {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        lang.pick(
            "已经说过这次去不了。".to_owned(),
            "Has already declined this visit.".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn a_no_is_a_no() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].declined = vec![helper];
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(broken.sentence(&problem, Lang::Zh), "已经说过这次去不了。");
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Has already declined this visit."
        );
    }
}
