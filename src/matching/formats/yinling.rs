//! The engine's own problem and plan as JSON: everything the product states, written by serde from [`Problem`], and a plan
//! that says its reasons. `docs/PLAN-FORMAT.md` describes both.

use super::{Unreadable, parse};
use crate::problem::{HelperIx, Placed, Plan, Problem, Score, Seconds, VisitIx};
use crate::words::Lang;
use crate::{reasons, why_unserved};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// A sentence in both languages.
#[derive(Debug, Serialize)]
struct Said {
    zh: String,
    en: String,
}

impl Said {
    fn of(sentence: impl Fn(Lang) -> String) -> Self {
        Self {
            zh: sentence(Lang::Zh),
            en: sentence(Lang::En),
        }
    }
}

#[derive(Debug, Serialize)]
struct Served {
    visit: i64,
    helpers: Vec<i64>,
    start: Seconds,
    reasons: Vec<Said>,
}

#[derive(Debug, Serialize)]
struct Unserved {
    visit: i64,
    why: Said,
}

#[derive(Debug, Serialize)]
struct Written {
    score: Score,
    served: Vec<Served>,
    unserved: Vec<Unserved>,
}

#[derive(Debug, Deserialize)]
struct Read {
    served: Vec<ReadServed>,
}

#[derive(Debug, Deserialize)]
struct ReadServed {
    visit: i64,
    helpers: Vec<i64>,
    start: Seconds,
}

/// Reads a problem.
///
/// # Errors
/// If it is no JSON, a field is missing or not what it should be, or the problem contradicts itself.
pub fn read(text: &str) -> Result<Problem, Unreadable> {
    let problem: Problem = parse(text)?;
    problem
        .validate()
        .map_err(|invalid| split(&invalid.to_string()))?;
    unique("helpers", problem.helpers.iter().map(|helper| helper.key))?;
    unique("visits", problem.visits.iter().map(|visit| visit.key))?;
    Ok(problem)
}

/// `visits[3]: what` names its field already; anything else is about the whole file.
fn split(invalid: &str) -> Unreadable {
    match invalid.split_once(": ") {
        Some((field, what)) => Unreadable::new(field, what),
        None => Unreadable::new("the file", invalid),
    }
}

fn unique(list: &str, keys: impl Iterator<Item = i64>) -> Result<(), Unreadable> {
    let mut seen = HashMap::new();
    for (at, key) in keys.enumerate() {
        if seen.insert(key, at).is_some() {
            let field = format!("{list}[{at}].key");
            return Err(Unreadable::new(field, format!("{key} is used twice")));
        }
    }
    Ok(())
}

/// A plan with the reasons for each assignment, and why the others are unserved.
#[must_use]
pub fn write(problem: &Problem, plan: &Plan) -> Value {
    let mut written = Written {
        score: plan.score,
        served: Vec::new(),
        unserved: Vec::new(),
    };
    for (at, placed) in plan.assignments.iter().enumerate() {
        let (visit, key) = (VisitIx(at), problem.visits[at].key);
        match placed {
            Some(placed) => written.served.push(Served {
                visit: key,
                helpers: placed
                    .helpers
                    .iter()
                    .map(|helper| problem.helper(*helper).key)
                    .collect(),
                start: placed.start,
                reasons: reasons(problem, &plan.assignments, visit)
                    .iter()
                    .map(|part| Said::of(|lang| part.sentence(problem, lang)))
                    .collect(),
            }),
            None => {
                let why = why_unserved(problem, &plan.assignments, visit);
                written.unserved.push(Unserved {
                    visit: key,
                    why: Said::of(|lang| why.sentence_for_office(problem, lang)),
                });
            }
        }
    }
    serde_json::to_value(written).unwrap_or_default()
}

/// A plan's assignments, as [`write()`] writes them: one entry a visit, in the problem's order.
///
/// # Errors
/// If it is no JSON, or names a visit or a helper that the problem does not have.
pub fn read_plan(problem: &Problem, text: &str) -> Result<Vec<Option<Placed>>, Unreadable> {
    let file: Read = parse(text)?;
    let mut assignments = vec![None; problem.visits.len()];
    for (at, served) in file.served.into_iter().enumerate() {
        let unknown = |field: &str, key: i64| {
            let what = format!("the problem has no {key}, or it is served twice");
            Unreadable::new(format!("served[{at}].{field}"), what)
        };
        let visit = problem
            .visits
            .iter()
            .position(|visit| visit.key == served.visit)
            .filter(|visit| assignments[*visit].is_none())
            .ok_or_else(|| unknown("visit", served.visit))?;
        let helper = |key: i64| {
            let found = problem.helpers.iter().position(|helper| helper.key == key);
            found.map(HelperIx).ok_or_else(|| unknown("helpers", key))
        };
        assignments[visit] = Some(Placed {
            helpers: served
                .helpers
                .into_iter()
                .map(helper)
                .collect::<Result<_, _>>()?,
            start: served.start,
        });
    }
    Ok(assignments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::{Iterations, solve};
    use crate::testing::random::{Size, problem};

    fn any() -> Problem {
        let size = Size {
            days: 2,
            helpers: 6,
            visits: 25,
        };
        problem(size, 5)
    }

    #[test]
    fn what_is_written_is_read_again() {
        let problem = any();
        let text = serde_json::to_string(&problem).unwrap();
        assert_eq!(read(&text).unwrap(), problem);
        let plan = solve(&problem, &mut Iterations(50), 1);
        let written = write(&problem, &plan);
        assert_eq!(
            read_plan(&problem, &written.to_string()).unwrap(),
            plan.assignments
        );
        let unserved = written["unserved"].as_array().unwrap();
        assert!(!unserved.is_empty());
        assert!(
            unserved
                .iter()
                .all(|one| one["why"]["zh"].as_str().is_some_and(|why| !why.is_empty()))
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let said = |change: fn(&mut Problem)| {
            let mut problem = any();
            change(&mut problem);
            let text = serde_json::to_string(&problem).unwrap();
            read(&text).unwrap_err().to_string()
        };
        assert_eq!(
            said(|problem| problem.visits[3].duration = 0),
            "visits[3]: duration must be more than 0"
        );
        assert_eq!(
            said(|problem| problem.helpers[1].key = problem.helpers[0].key),
            "helpers[1].key: 0 is used twice"
        );
        assert!(
            read("{\"days\": 1}")
                .unwrap_err()
                .to_string()
                .contains("missing field")
        );
        let problem = any();
        let plan = r#"{"served": [{"visit": 0, "helpers": [77], "start": 0}]}"#;
        let unreadable = read_plan(&problem, plan).unwrap_err();
        assert_eq!(unreadable.field, "served[0].helpers");
    }
}
