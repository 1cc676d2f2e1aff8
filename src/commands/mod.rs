//! What can be typed after `yinling`. Exit 0: done; 1: refused, with a reason; 2: used wrongly.

mod account;
mod backup;
mod check;
mod demo;
mod plan;
mod retention;
mod roll;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use yinling::clock::Clock;
use yinling::config::Settings;
use yinling::store::Store;

/// Care booking for a housing compound.
#[derive(Debug, Parser)]
#[command(version, about)]
pub struct Yinling {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Bring the database up to date and serve the pages.
    Serve {
        /// Fill a new database with the demonstration compound, and offer one-tap entry.
        #[arg(long)]
        demo: bool,
    },
    /// Fill a new database with many demonstration communities and their year, for measuring.
    Demo(demo::Demo),
    /// Bring the database up to date and stop.
    Migrate,
    /// Look for claims and assignments that disagree.
    Check,
    /// Copy the whole database into a new file, while the program goes on.
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Make the database from such a file, where there is none yet, and check it.
    Restore {
        /// The file.
        file: PathBuf,
    },
    /// Let go what was kept long enough, as every night does by itself.
    Retention {
        /// Only say what would go.
        #[arg(long)]
        dry_run: bool,
    },
    /// Read a workbook into the database.
    Import {
        #[command(subcommand)]
        command: roll::Import,
    },
    /// Write a workbook from the database.
    Export {
        #[command(subcommand)]
        command: roll::Export,
    },
    /// Keep accounts.
    Account {
        #[command(subcommand)]
        command: account::Account,
    },
    /// Plan a file with the matching engine alone.
    Plan(plan::Planning),
    /// Print the description of the API.
    Openapi,
}

/// Does what was typed.
pub async fn run(typed: Yinling) -> Result<ExitCode, String> {
    match typed.command {
        Command::Openapi => {
            println!(
                "{}",
                yinling::http::openapi::document().map_err(|error| error.to_string())?
            );
            Ok(ExitCode::SUCCESS)
        }
        Command::Plan(planning) => plan::plan(&planning),
        Command::Serve { demo } => serve::serve(settings()?, demo).await,
        Command::Demo(asked) => demo::fill(&settings()?, asked).await,
        Command::Migrate => {
            open(&settings()?).await?;
            println!("The database is up to date.");
            Ok(ExitCode::SUCCESS)
        }
        Command::Check => check::check(&open(&settings()?).await?).await,
        Command::Backup { file } => backup::write(&settings()?, &file).await,
        Command::Restore { file } => backup::restore(&settings()?, &file).await,
        Command::Retention { dry_run } => {
            let settings = settings()?;
            let store = open(&settings).await?;
            let clock = settings.clock_file.map_or(Clock::Machine, Clock::Moved);
            retention::run(&store, &clock, dry_run).await
        }
        Command::Import { command } => {
            let settings = settings()?;
            let store = open(&settings).await?;
            let clock = settings.clock_file.map_or(Clock::Machine, Clock::Moved);
            roll::import(&store, clock, command).await
        }
        Command::Export { command } => roll::write_out(&open(&settings()?).await?, command).await,
        Command::Account { command } => account::run(&open(&settings()?).await?, command).await,
    }
}

fn settings() -> Result<Settings, String> {
    let settings = Settings::read()?;
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(&settings.log))
        .with_writer(std::io::stderr)
        .init();
    Ok(settings)
}

async fn open(settings: &Settings) -> Result<Store, String> {
    let store = Store::open(&settings.database_url).await.map_err(|error| {
        format!(
            "The database cannot be opened: {error}\nLook at YINLING_DATABASE_URL, which may be sqlite:PATH or postgres://…."
        )
    })?;
    #[cfg(feature = "fault-injection")]
    let store = yinling::store::faults::asked_for(store);
    Ok(store)
}
