//! `yinling demo`: a new database with many communities in it, each with its year, all made up.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use yinling::accounts::password;
use yinling::clock::Clock;
use yinling::config::Settings;
use yinling::demo::growth::{self, Making, Size};

use super::serve::{DEMO_PASSWORD, DEMO_SEED};

/// Every how many steps a line is printed where there is no terminal.
const LINE_EVERY: u64 = 20;

/// How much is made.
#[derive(Debug, Args)]
pub struct Demo {
    /// Communities, each with a compound of 876 residents.
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(i64).range(1..=1_000))]
    communities: i64,
    /// Visits of each community in the year before now.
    #[arg(long, default_value_t = 15_000, value_parser = clap::value_parser!(i64).range(0..=40_000))]
    visits_a_year: i64,
    /// The same number makes the same people and visits.
    #[arg(long, default_value_t = DEMO_SEED)]
    seed: u64,
}

/// Fills the new database of the settings.
pub async fn fill(settings: &Settings, asked: Demo) -> Result<ExitCode, String> {
    let began = Instant::now();
    let clock = settings
        .clock_file
        .clone()
        .map_or(Clock::Machine, Clock::Moved);
    let making = Making {
        now: clock.now(),
        seed: asked.seed,
        password_hash: password::hash(DEMO_PASSWORD).map_err(|error| error.to_string())?,
        size: Size {
            communities: asked.communities,
            visits_a_year: asked.visits_a_year,
        },
    };
    let bar = std::io::stderr().is_terminal().then(bar);
    let grown = growth::fill(&settings.database_url, making, |done, of| match &bar {
        Some(bar) => {
            bar.set_length(of);
            bar.set_position(done);
        }
        None if done.is_multiple_of(LINE_EVERY) => eprintln!("{done} of {of} steps"),
        None => {}
    })
    .await
    .map_err(|error| format!("{error}\nThe database must be new: throw away what is there."))?;
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    println!(
        "{} communities, {} residents, {} visits, all made up, in {:.0} s.",
        grown.communities,
        grown.residents,
        grown.visits,
        began.elapsed().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} steps")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}
