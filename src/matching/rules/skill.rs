//! Hard: the helper holds the skill.

use crate::problem::{HelperIx, Problem, SkillIx, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "skill";

/// The helper lacks the skill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotHeld {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// What it takes.
    pub skill: SkillIx,
}

/// Broken when the skill is not among hers; whether its credential is valid is another rule.
pub fn check(problem: &Problem, visit: VisitIx, helper: HelperIx) -> Option<NotHeld> {
    let skill = problem.visit(visit).skill;
    let held = problem
        .helper(helper)
        .skills
        .iter()
        .any(|held| held.skill == skill);
    (!held).then_some(NotHeld { helper, skill })
}

impl NotHeld {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let name = &problem.skills[self.skill.0];
        lang.pick(
            format!("没有登记「{}」这项技能。", name.zh),
            format!("Does not have the skill “{}”.", name.en),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn the_skill_must_be_held() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, helper), None);
        problem.helpers[0].skills.clear();
        let broken = check(&problem, visit, helper).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "没有登记「助浴」这项技能。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "Does not have the skill “bathing”."
        );
    }
}
