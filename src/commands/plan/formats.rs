//! A plan for each way to write a problem, and a verdict on one.

use serde_json::{Value, json};
use yinling::matching::formats::{Unreadable, hhcrsp, vroom, yinling as own};
use yinling::matching::{self, linked};

use super::effort::Effort;
use super::{Planned, Verdict};

pub fn plan_vroom(text: &str, effort: &mut Effort, seed: u64) -> Planned {
    let document = vroom::read(text)?;
    let routes = vroom::solve(&document, effort, seed);
    let solving = effort.milliseconds();
    let judged = vroom::check(&document, &routes);
    Ok(match judged.errors.into_iter().next() {
        Some(error) => Err(error),
        None => {
            let mut plan = vroom::write(&document, &routes, solving);
            plan["summary"]["iterations"] = effort.iterations.into();
            Ok(plan.to_string())
        }
    })
}

pub fn check_vroom(problem: &str, plan: &str) -> Result<Verdict, Unreadable> {
    let document = vroom::read(problem)?;
    let routes = vroom::read_plan(&document, plan)?;
    let judged = vroom::check(&document, &routes);
    let said = json!({
        "errors": judged.errors,
        "unserved_priority": judged.unserved_priority,
        "unserved": judged.unserved,
        "walking": judged.walking,
    });
    Ok(verdict(&said, judged.errors.is_empty()))
}

pub fn plan_hhcrsp(text: &str, effort: &mut Effort, seed: u64) -> Planned {
    let problem = hhcrsp::read(text)?;
    let Some(found) = linked::solve(&problem.instance, effort, seed) else {
        return Err(Unreadable::new(
            "patients",
            "no plan serves everybody within the greatest gaps between two services",
        ));
    };
    Ok(problem.instance.cost(&found.plan).map(|cost| {
        let mut plan = hhcrsp::write(&problem, &found.plan);
        plan["cost"] = cost.value().into();
        plan["iterations"] = found.iterations.into();
        plan.to_string()
    }))
}

pub fn check_hhcrsp(problem: &str, plan: &str) -> Result<Verdict, Unreadable> {
    let problem = hhcrsp::read(problem)?;
    let plan = hhcrsp::read_plan(&problem, plan)?;
    Ok(match problem.instance.cost(&plan) {
        Ok(cost) => verdict(&json!({ "errors": [], "cost": cost.value() }), true),
        Err(error) => verdict(&json!({ "errors": [error] }), false),
    })
}

pub fn plan_yinling(text: &str, effort: &mut Effort, seed: u64) -> Planned {
    let problem = own::read(text)?;
    let plan = matching::solve(&problem, effort, seed);
    let broken = matching::check(&problem, &plan.assignments);
    Ok(match broken.into_iter().next() {
        Some(broken) => Err(format!("{}: {}", broken.rule, broken.detail)),
        None => {
            let mut written = own::write(&problem, &plan);
            written["iterations"] = effort.iterations.into();
            Ok(written.to_string())
        }
    })
}

pub fn check_yinling(problem: &str, plan: &str) -> Result<Verdict, Unreadable> {
    let problem = own::read(problem)?;
    let assignments = own::read_plan(&problem, plan)?;
    let broken = matching::check(&problem, &assignments);
    let said = json!({ "errors": broken, "score": matching::score_of(&problem, &assignments) });
    Ok(verdict(&said, broken.is_empty()))
}

fn verdict(said: &Value, stands: bool) -> Verdict {
    Verdict {
        said: said.to_string(),
        stands,
    }
}
