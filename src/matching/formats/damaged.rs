//! What comes from outside may be anything: reading it ends in a problem that can be planned, or in a sentence that names
//! the field; never in a panic, and never in a plan that breaks what the file says.

use std::fmt::Debug;

use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::{Unreadable, hhcrsp, vroom, yinling};
use crate::search::{Iterations, solve};
use crate::testing::random;

/// Places in an array that are looked into: a table of walks would leave everything else untouched.
const INTO: usize = 4;
const SMALL: random::Size = random::Size {
    days: 2,
    helpers: 4,
    visits: 8,
};

/// What is put in the place of something.
fn odd() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        Just(json!(true)),
        Just(json!("")),
        Just(json!("一".repeat(400))),
        Just(json!([])),
        Just(json!({})),
        Just(json!([[]])),
        Just(json!([[1, 0]])),
        Just(json!(0)),
        Just(json!(-1)),
        Just(json!(0.5)),
        Just(json!(1e300)),
        Just(json!(i64::MIN)),
        Just(json!(i64::MAX)),
        Just(json!(u64::MAX)),
        (-100_000_i64..10_000_000).prop_map(Value::from),
        any::<u32>().prop_map(Value::from),
    ]
}

/// One damage.
#[derive(Clone, Debug)]
enum Damage {
    /// Something else stands there.
    Replaced(Index, Value),
    /// It is missing.
    Missing(Index),
    /// It stands there twice.
    Twice(Index),
    /// The text ends too soon.
    Cut(Index),
    /// A letter of the text is another.
    Letter(Index, char),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        8 => (any::<Index>(), odd()).prop_map(|(at, to)| Damage::Replaced(at, to)),
        3 => any::<Index>().prop_map(Damage::Missing),
        3 => any::<Index>().prop_map(Damage::Twice),
        1 => any::<Index>().prop_map(Damage::Cut),
        1 => (any::<Index>(), any::<char>()).prop_map(|(at, to)| Damage::Letter(at, to)),
    ]
}

/// The paths to everything in a document, as JSON pointers.
fn paths(value: &Value, at: &str, into: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            for (n, one) in list.iter().enumerate().take(INTO) {
                let path = format!("{at}/{n}");
                into.push(path.clone());
                paths(one, &path, into);
            }
        }
        Value::Object(fields) => {
            for (name, one) in fields {
                let path = format!("{at}/{name}");
                into.push(path.clone());
                paths(one, &path, into);
            }
        }
        _ => {}
    }
}

/// What holds the thing at a path, and its name there.
fn holder<'v>(value: &'v mut Value, path: &str) -> Option<(&'v mut Value, String)> {
    let (above, name) = path.rsplit_once('/')?;
    Some((value.pointer_mut(above)?, name.to_owned()))
}

fn damaged(mut value: Value, damages: &[Damage]) -> String {
    for one in damages {
        let mut all = Vec::new();
        paths(&value, "", &mut all);
        let path = |at: &Index| at.get(&all).clone();
        match one {
            Damage::Replaced(at, to) => {
                if let Some(there) = value.pointer_mut(&path(at)) {
                    *there = to.clone();
                }
            }
            Damage::Missing(at) => match holder(&mut value, &path(at)) {
                Some((Value::Array(list), name)) => {
                    list.remove(name.parse().unwrap());
                }
                Some((Value::Object(fields), name)) => {
                    fields.remove(&name);
                }
                _ => {}
            },
            Damage::Twice(at) => {
                if let Some((Value::Array(list), name)) = holder(&mut value, &path(at)) {
                    let again = list[name.parse::<usize>().unwrap()].clone();
                    list.push(again);
                }
            }
            Damage::Cut(_) | Damage::Letter(..) => {}
        }
        if all.len() < 2 {
            break;
        }
    }
    let mut text: Vec<char> = value.to_string().chars().collect();
    for one in damages {
        match one {
            Damage::Cut(at) if !text.is_empty() => text.truncate(at.index(text.len())),
            Damage::Letter(at, to) if !text.is_empty() => {
                let at = at.index(text.len());
                text[at] = *to;
            }
            _ => {}
        }
    }
    text.into_iter().collect()
}

/// What was read; where it was refused, a sentence that names the field.
fn told<T: Debug>(read: Result<T, Unreadable>) -> Option<T> {
    match read {
        Ok(value) => Some(value),
        Err(Unreadable { field, what }) => {
            assert!(!field.is_empty() && !what.is_empty(), "{field}: {what}");
            None
        }
    }
}

fn some() -> impl Strategy<Value = Vec<Damage>> {
    prop::collection::vec(damage(), 1..5)
}

/// A thousand cases; `PROPTEST_CASES` asks for more.
fn many() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases.max(1_000),
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn a_damaged_day_of_vroom_is_refused_or_planned(seed in 0_u64..2_000, damages in some()) {
        let text = damaged(vroom::tests::document(seed), &damages);
        if let Some(document) = told(vroom::read(&text)) {
            let routes = vroom::solve(&document, &mut Iterations(20), seed);
            prop_assert_eq!(vroom::check(&document, &routes).errors, Vec::<String>::new());
        }
    }

    #[test]
    fn a_damaged_plan_of_vroom_is_refused_or_judged(seed in 0_u64..2_000, damages in some()) {
        let text = vroom::tests::document(seed).to_string();
        let document = vroom::read(&text).unwrap();
        let routes = vroom::solve(&document, &mut Iterations(5), seed);
        let plan = damaged(vroom::write(&document, &routes, 0), &damages);
        if let Some(routes) = told(vroom::read_plan(&document, &plan)) {
            vroom::check(&document, &routes);
        }
    }

    #[test]
    fn a_damaged_problem_of_ours_is_refused_or_planned(seed in 0_u64..2_000, damages in some()) {
        let problem = random::problem(SMALL, seed);
        let text = damaged(serde_json::to_value(&problem).unwrap(), &damages);
        if let Some(problem) = told(yinling::read(&text)) {
            let plan = solve(&problem, &mut Iterations(20), seed);
            prop_assert_eq!(crate::check(&problem, &plan.assignments), Vec::new());
        }
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn a_damaged_instance_of_the_literature_is_refused_or_solved(seed in 0_u64..100, damages in some()) {
        let whole = include_str!("../../../benches/hhcrsp/InstanzCPLEX_HCSRP_10_1.json");
        let text = damaged(serde_json::from_str(whole).unwrap(), &damages);
        if let Some(problem) = told(hhcrsp::read(&text))
            && let Some(found) = crate::linked::solve(&problem.instance, &mut Iterations(5), seed)
        {
            prop_assert_eq!(found.plan.routes.len(), problem.instance.caregivers);
        }
    }
}
