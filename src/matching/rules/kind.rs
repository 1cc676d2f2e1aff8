//! Hard: the visit permits this kind of helper.

use crate::problem::{HelperIx, HelperKind, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "kind";

/// The visit does not permit this kind of helper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotPermitted {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// What she is.
    pub kind: HelperKind,
}

/// Broken when the helper's kind is not among the permitted.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<NotPermitted> {
    let kind = problem.helper(helper).kind;
    (!problem.visit(visit).kinds.contains(&kind)).then_some(NotPermitted { helper, kind })
}

impl NotPermitted {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let (zh, en) = match self.kind {
            HelperKind::Volunteer => ("志愿者", "a volunteer"),
            HelperKind::Staff => ("护理员", "care staff"),
            HelperKind::Merchant => ("商户", "a merchant"),
        };
        lang.pick(
            format!("这项服务不由{zh}承担。"),
            format!("This service is not given by {en}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn only_permitted_kinds_may_come() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].kinds = vec![HelperKind::Staff];
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "这项服务不由志愿者承担。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "This service is not given by a volunteer."
        );
    }
}
