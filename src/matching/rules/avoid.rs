//! Hard: neither side wishes to avoid the other.

use crate::problem::{HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "avoid";

/// Either side wishes to avoid the other. Which one is nobody's business but the office's, so it is not said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Avoided {
    /// Whom it concerns.
    pub helper: HelperIx,
}

/// Broken when the helper is on the visit's list of those to avoid.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<Avoided> {
    problem
        .visit(visit)
        .avoid
        .contains(&helper)
        .then_some(Avoided { helper })
}

impl Avoided {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        lang.pick(
            "双方有一方希望不要安排在一起。".to_owned(),
            "One of the two has asked not to be matched.".to_owned(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn those_to_avoid_do_not_come() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].avoid = vec![helper];
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "双方有一方希望不要安排在一起。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "One of the two has asked not to be matched."
        );
    }
}
