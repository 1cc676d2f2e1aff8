//! Hard: the helper's provider may take the visit on: it is admitted, its papers are valid, and it offers the service.

use crate::problem::{Barred, HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "provider";

/// The helper's provider may not take the visit on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// What stands against the provider.
    pub why: Barred,
}

/// Broken when the helper is among the barred.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<Refused> {
    problem
        .visit(visit)
        .barred
        .iter()
        .find(|(barred, _)| *barred == helper)
        .map(|(_, why)| Refused { helper, why: *why })
}

impl Refused {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let (zh, en) = match self.why {
            Barred::NotAdmitted => (
                "所属服务商还没有获准入驻。",
                "The provider has not been admitted.",
            ),
            Barred::Suspended => (
                "所属服务商已暂停，不接新的预约。",
                "The provider is suspended and takes no new bookings.",
            ),
            Barred::Ended => (
                "所属服务商已终止合作。",
                "The provider no longer works with us.",
            ),
            Barred::PaperExpired => (
                "所属服务商的证照已过期，换新前不接新的预约。",
                "A licence of the provider has expired; it takes no new bookings until it is renewed.",
            ),
            Barred::NotOffered => (
                "所属服务商不提供这项服务。",
                "The provider does not offer this service.",
            ),
            Barred::NoSharing => (
                "老人没有同意把信息提供给商户，不能安排商户。",
                "The resident does not allow sharing with merchants, so no merchant can be sent.",
            ),
            Barred::NoCare => (
                "已撤回“照护服务”的同意，不能安排新的服务。",
                "Consent to care was withdrawn, so nothing new can be arranged.",
            ),
        };
        lang.pick(zh.to_owned(), en.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn whose_provider_may_not_take_it_may_not_come() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].barred = vec![(helper, Barred::Suspended)];
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "所属服务商已暂停，不接新的预约。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "The provider is suspended and takes no new bookings."
        );
        assert_eq!(check(&problem, visit, HelperIx(1)), None);
    }
}
