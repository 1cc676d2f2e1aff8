//! Hard: the skill's credential is valid from the start of the service to its end.

use crate::problem::{HeldSkill, HelperIx, Interval, Problem, Seconds, SkillIx, VisitIx};
use crate::words::{Lang, full_date};
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "credential";

/// The skill's credential is missing, not yet valid or expired.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotValid {
    /// Whom it concerns.
    pub helper: HelperIx,
    /// Of which skill.
    pub skill: SkillIx,
    /// When the credential that lasts longest is valid; `None`: there is none on file.
    pub valid: Option<Interval>,
    /// When the service would start.
    pub start: Seconds,
}

/// When a held skill may be exercised.
pub const fn valid(held: &HeldSkill) -> Option<Interval> {
    if held.needs_credential {
        held.valid
    } else {
        Some(Interval::ALWAYS)
    }
}

/// The helper's records of the skill a visit takes.
pub fn held(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
) -> impl Iterator<Item = &HeldSkill> {
    let skill = problem.visit(visit).skill;
    problem
        .helper(helper)
        .skills
        .iter()
        .filter(move |held| held.skill == skill)
}

/// Broken when she holds the skill and no credential for it covers the service.
pub fn check(
    problem: &Problem,
    visit: VisitIx,
    helper: HelperIx,
    start: Seconds,
) -> Option<NotValid> {
    let of = problem.visit(visit);
    let mut records = held(problem, visit, helper).peekable();
    records.peek()?;
    let spans: Vec<_> = records.map(valid).collect();
    let covered = spans
        .iter()
        .flatten()
        .any(|span| span.covers(start, start + of.duration));
    let longest = spans.into_iter().flatten().max_by_key(|span| span.to);
    (!covered).then_some(NotValid {
        helper,
        skill: of.skill,
        valid: longest,
        start,
    })
}

impl NotValid {
    /// In words.
    pub fn sentence(&self, problem: &Problem, lang: Lang) -> String {
        let name = &problem.skills[self.skill.0];
        match self.valid {
            None => lang.pick(
                format!("「{}」需要资质，还没有登记。", name.zh),
                format!("“{}” needs a credential, and none is on file.", name.en),
            ),
            Some(span) if self.start < span.from => {
                let day = full_date(problem, span.from, lang);
                lang.pick(
                    format!("「{}」的资质从{day}起才有效。", name.zh),
                    format!("The credential for “{}” is valid only from {day}.", name.en),
                )
            }
            Some(span) => {
                let day = full_date(problem, span.to - 1, lang);
                lang.pick(
                    format!("「{}」的资质有效期到{day}为止。", name.zh),
                    format!(
                        "The credential for “{}” is valid only until {day}.",
                        name.en
                    ),
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::DAY;
    use crate::testing::{at, one_of_each};

    #[test]
    fn a_credential_is_needed_only_where_the_skill_says_so() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].skills[0].valid = None;
        assert_eq!(check(&problem, visit, helper, at(10, 0)), None);
        problem.helpers[0].skills[0].needs_credential = true;
        let broken = check(&problem, visit, helper, at(10, 0)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "「助浴」需要资质，还没有登记。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "“bathing” needs a credential, and none is on file."
        );
    }

    #[test]
    fn it_must_cover_the_service_to_its_end() {
        let (mut problem, visit, helper) = one_of_each();
        problem.helpers[0].skills[0].needs_credential = true;
        problem.helpers[0].skills[0].valid = Some(Interval::new(-30 * DAY, 0));
        let broken = check(&problem, visit, helper, at(10, 0)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "「助浴」的资质有效期到2026年11月1日为止。"
        );
        problem.helpers[0].skills[0].valid = Some(Interval::new(DAY, 9 * DAY));
        let broken = check(&problem, visit, helper, at(10, 0)).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "The credential for “bathing” is valid only from 3 November 2026."
        );
        problem.helpers[0].skills[0].valid = Some(Interval::new(0, at(10, 59)));
        assert!(check(&problem, visit, helper, at(10, 0)).is_some());
        problem.helpers[0].skills[0].valid = Some(Interval::new(0, at(11, 0)));
        assert_eq!(check(&problem, visit, helper, at(10, 0)), None);
    }
}
