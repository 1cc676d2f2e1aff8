//! `yinling plan`: plans a file with the matching engine alone, so that it can be measured beside other solvers.

mod effort;
mod formats;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use yinling::matching::formats::Unreadable;

use self::effort::Effort;

/// What to plan, and for how long.
#[derive(Debug, Args)]
pub struct Planning {
    /// The problem; standard input where left out.
    file: Option<PathBuf>,
    /// How the problem is written, and the plan.
    #[arg(long, value_enum)]
    format: Format,
    /// Seconds to search; 2 where neither they nor iterations are given.
    #[arg(long, value_parser = seconds)]
    seconds: Option<f64>,
    /// Steps to search: the same seed and steps give the same plan. With seconds, whatever ends first.
    #[arg(long)]
    iterations: Option<u64>,
    /// Threads to search with. The engine uses one.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    threads: u32,
    /// Where chance begins.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// Where to write the plan; standard output where left out.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Judges this plan instead of making one: prints what it is worth, and what it breaks.
    #[arg(long, value_name = "PLAN", conflicts_with_all = ["seconds", "iterations", "output"])]
    check: Option<PathBuf>,
}

/// Ways to write a problem.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// VROOM's JSON.
    Vroom,
    /// The home health care routing and scheduling problem in the JSON of the University of Udine.
    Hhcrsp,
    /// Everything the engine knows of, as docs/PLAN-FORMAT.md says.
    Yinling,
}

fn seconds(typed: &str) -> Result<f64, String> {
    match typed.parse::<f64>() {
        Ok(seconds) if (0.0..=86_400.0).contains(&seconds) => Ok(seconds),
        _ => Err("a number from 0 to 86400 is expected".to_owned()),
    }
}

/// A plan as text, or what is wrong with it, which is a defect; the outer error is what the person typed.
type Planned = Result<Result<String, String>, Unreadable>;

/// What a plan is worth, and whether it stands.
struct Verdict {
    said: String,
    stands: bool,
}

/// Plans a file, or judges a plan. Exit 2 where a file cannot be read, 1 where the judged plan breaks a rule.
///
/// # Errors
/// Where the plan cannot be written, or breaks a rule, which is a defect.
pub fn plan(planning: &Planning) -> Result<ExitCode, String> {
    let text = match read(planning.file.as_deref()) {
        Ok(text) => text,
        Err(what) => return Ok(refused(&what)),
    };
    if let Some(path) = &planning.check {
        return Ok(check(&text, planning.format, path));
    }
    let mut effort = Effort::new(planning.seconds, planning.iterations);
    let planned = match planning.format {
        Format::Vroom => formats::plan_vroom(&text, &mut effort, planning.seed),
        Format::Hhcrsp => formats::plan_hhcrsp(&text, &mut effort, planning.seed),
        Format::Yinling => formats::plan_yinling(&text, &mut effort, planning.seed),
    };
    let plan = match planned {
        Ok(plan) => {
            plan.map_err(|error| format!("The plan breaks a rule, which is a defect: {error}"))?
        }
        Err(unreadable) => return Ok(refused(&unreadable.to_string())),
    };
    match &planning.output {
        None => println!("{plan}"),
        Some(path) => std::fs::write(path, plan)
            .map_err(|error| format!("{} cannot be written: {error}", path.display()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn check(problem: &str, format: Format, plan: &Path) -> ExitCode {
    let plan = match read(Some(plan)) {
        Ok(plan) => plan,
        Err(what) => return refused(&what),
    };
    let verdict = match format {
        Format::Vroom => formats::check_vroom(problem, &plan),
        Format::Hhcrsp => formats::check_hhcrsp(problem, &plan),
        Format::Yinling => formats::check_yinling(problem, &plan),
    };
    match verdict {
        Ok(verdict) => {
            println!("{}", verdict.said);
            ExitCode::from(u8::from(!verdict.stands))
        }
        Err(unreadable) => refused(&unreadable.to_string()),
    }
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
