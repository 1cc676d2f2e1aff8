//! `yinling plan`: plans a file with the matching engine alone, so that it can be measured beside other solvers.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use yinling::matching::formats::{Unreadable, hhcrsp, vroom};
use yinling::matching::{Progress, Stop, linked};

/// What to plan, and for how long.
#[derive(Debug, Args)]
pub struct Planning {
    /// The problem; standard input where left out.
    file: Option<PathBuf>,
    /// How the problem is written, and the plan.
    #[arg(long, value_enum)]
    format: Format,
    /// Seconds to search.
    #[arg(long, default_value_t = 2.0, value_parser = seconds)]
    seconds: f64,
    /// Threads to search with. The engine uses one.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    threads: u32,
    /// Where chance begins.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where to write the plan; standard output where left out.
    #[arg(long)]
    output: Option<PathBuf>,
}

/// Ways to write a problem.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// VROOM's JSON.
    Vroom,
    /// The home health care routing and scheduling problem in the JSON of the University of Udine.
    Hhcrsp,
}

fn seconds(typed: &str) -> Result<f64, String> {
    match typed.parse::<f64>() {
        Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("a number from 0 to 86400 is expected".to_owned()),
    }
}

/// Plans a file. Exit 2 where it cannot be read.
///
/// # Errors
/// Where the plan cannot be written, or breaks a rule, which is a defect.
pub fn plan(planning: &Planning) -> Result<ExitCode, String> {
    let text = match read(planning.file.as_deref()) {
        Ok(text) => text,
        Err(what) => return Ok(refused(&what)),
    };
    let planned = match planning.format {
        Format::Vroom => plan_vroom(&text, planning),
        Format::Hhcrsp => plan_hhcrsp(&text, planning),
    };
    let plan = match planned {
        Ok(plan) => plan?,
        Err(unreadable) => return Ok(refused(&unreadable.to_string())),
    };
    match &planning.output {
        None => println!("{plan}"),
        Some(path) => std::fs::write(path, plan)
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn refused(what: &str) -> ExitCode {
    eprintln!("{what}");
    ExitCode::from(2)
}

fn read(path: Option<&Path>) -> Result<String, String> {
    let Some(path) = path else {
        let mut text = String::new();
        return match std::io::stdin().read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(format!("standard input cannot be read: {error}")),
        };
    };
    std::fs::read_to_string(path)
        .map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn plan_vroom(text: &str, planning: &Planning) -> Result<Result<String, String>, Unreadable> {
    let document = vroom::read(text)?;
    let began = Instant::now();
    let mut until = Until::new(planning.seconds);
    let routes = vroom::solve(&document, &mut until, planning.seed);
    let solving = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let judged = vroom::check(&document, &routes);
    Ok(match judged.errors.first() {
        Some(error) => Err(format!(
            "The plan breaks a rule, which is a defect: {error}"
        )),
        None => {
            let mut plan = vroom::write(&document, &routes, solving);
            plan["summary"]["iterations"] = until.iterations.into();
            Ok(plan.to_string())
        }
    })
}

fn plan_hhcrsp(text: &str, planning: &Planning) -> Result<Result<String, String>, Unreadable> {
    let problem = hhcrsp::read(text)?;
    let began = Instant::now();
    let mut until = |_: &linked::Progress| {
        began.elapsed().as_secs_f64() / planning.seconds.max(f64::MIN_POSITIVE)
    };
    let Some(found) = linked::solve(&problem.instance, &mut until, planning.seed) else {
        return Err(Unreadable::new(
            "patients",
            "no plan serves everybody within the greatest gaps between two services",
        ));
    };
    Ok(match problem.instance.cost(&found.plan) {
        Err(error) => Err(format!(
            "The plan breaks a rule, which is a defect: {error}"
        )),
        Ok(cost) => {
            let mut plan = hhcrsp::write(&problem, &found.plan);
            plan["cost"] = cost.value().into();
            plan["iterations"] = found.iterations.into();
            Ok(plan.to_string())
        }
    })
}

/// Stops by the clock, and says how far it has come. The clock is looked at now and then: a look costs as much as a step
/// on a small problem.
struct Until {
    began: Instant,
    length: Duration,
    iterations: u64,
    passed: f64,
}

impl Until {
    const LOOKS_EVERY: u64 = 16;

    fn new(seconds: f64) -> Self {
        Self {
            began: Instant::now(),
            length: Duration::from_secs_f64(seconds),
            iterations: 0,
            passed: 0.0,
        }
    }
}

impl Stop for Until {
    fn done(&mut self, progress: &Progress) -> bool {
        self.iterations = progress.iterations;
        if progress.iterations.is_multiple_of(Self::LOOKS_EVERY) {
            let whole = self.length.as_secs_f64().max(f64::MIN_POSITIVE);
            self.passed = self.began.elapsed().as_secs_f64() / whole;
        }
        self.passed >= 1.0
    }

    fn spent(&mut self, _: &Progress) -> Option<f64> {
        Some(self.passed.min(1.0))
    }
}
