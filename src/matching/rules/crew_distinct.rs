//! Hard: as many helpers as the crew takes, all of them different people.

use crate::problem::{HelperIx, Problem, VisitIx};
use crate::words::Lang;
use serde::Serialize;

/// Stable code.
pub const CODE: &str = "crew_distinct";

/// The helpers are too few, too many, or one of them twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotACrew {
    /// The one named twice, or the first of them.
    pub helper: HelperIx,
    /// How many it takes.
    pub crew: u8,
    /// How many different people there are.
    pub people: usize,
}

/// Broken when the helpers are not exactly the crew's number of different people. Nobody at all is not judged here.
pub fn check(problem: &Problem, visit: VisitIx, helpers: &[HelperIx]) -> Option<NotACrew> {
    let crew = problem.visit(visit).crew;
    let first = *helpers.first()?;
    let repeated = helpers
        .iter()
        .enumerate()
        .filter(|(at, helper)| helpers[..*at].contains(helper));
    let repeated: Vec<_> = repeated.map(|(_, helper)| *helper).collect();
    let people = helpers.len() - repeated.len();
    let sound = repeated.is_empty() && people == usize::from(crew);
    (!sound).then(|| NotACrew {
        helper: repeated.first().copied().unwrap_or(first),
        crew,
        people,
    })
}

impl NotACrew {
    /// In words.
    pub fn sentence(&self, _: &Problem, lang: Lang) -> String {
        match (self.crew, self.people) {
            (1, _) => lang.pick(
                "这项服务只要一个人。".to_owned(),
                "This visit takes one person.".to_owned(),
            ),
            (crew, people) => lang.pick(
                format!("这项服务要{crew}个人一起去，现在只有{people}个人。"),
                format!("This visit takes {crew} different people; there is {people}."),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::one_of_each;

    #[test]
    fn two_are_two_different_people() {
        let (mut problem, visit, helper) = one_of_each();
        assert_eq!(check(&problem, visit, &[helper]), None);
        assert_eq!(
            check(&problem, visit, &[helper, HelperIx(1)])
                .unwrap()
                .sentence(&problem, Lang::Zh),
            "这项服务只要一个人。"
        );
        problem.visits[0].crew = 2;
        assert_eq!(check(&problem, visit, &[helper, HelperIx(1)]), None);
        assert!(check(&problem, visit, &[helper]).is_some());
        let broken = check(&problem, visit, &[helper, helper]).unwrap();
        assert_eq!(
            broken.sentence(&problem, Lang::Zh),
            "这项服务要2个人一起去，现在只有1个人。"
        );
        assert_eq!(
            broken.sentence(&problem, Lang::En),
            "This visit takes 2 different people; there is 1."
        );
    }
}
