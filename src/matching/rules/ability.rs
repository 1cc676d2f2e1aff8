//! Hard: the service is meant for residents of this ability level (GB/T 42195-2022, 0 intact to 4 fully dependent).

use crate::problem::{HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "ability";

/// The resident's level is outside what the service allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutOfRange {
    /// Whom it concerns: whoever would have come.
    pub helper: HelperIx,
    /// The resident's level.
    pub level: u8,
    /// The levels allowed, both ends included.
    pub allowed: (u8, u8),
}

/// Broken when the level is known and outside the range; a resident not yet assessed is not turned away.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<OutOfRange> {
    let of = problem.visit(visit);
    let (level, allowed) = (of.ability_level?, of.ability_allowed);
    (level < allowed.0 || allowed.1 < level).then_some(OutOfRange {
        helper,
        level,
        allowed,
    })
}

impl OutOfRange {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        let (level, (from, to)) = (self.level, self.allowed);
        lang.pick(
            format!("老人的能力等级是{level}级，这项服务适合{from}到{to}级。"),
            format!("The resident's ability level is {level}; this service is for levels {from} to {to}."),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn the_level_must_be_in_range_where_it_is_known() {
        let (mut problem, visit, helper) = one_of_each();
        problem.visits[0].ability_allowed = (0, 2);
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].ability_level = Some(2);
        assert_eq!(check(&problem, visit, helper), None);
        problem.visits[0].ability_level = Some(3);
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "老人的能力等级是3级，这项服务适合0到2级。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "The resident's ability level is 3; this service is for levels 0 to 2."
        );
    }
}
