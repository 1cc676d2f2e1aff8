//! Durable bookings and looks at the times that are free, over HTTP, beside what the machine can do at all.
//!
//!     yinling-bench-http PROGRAM FOLDER [SECONDS]
//!
//! PROGRAM is `yinling` as it is shipped; FOLDER lies on the disk that is measured. Prints a table, and exits with 1 where a
//! target is missed.

mod client;
mod limits;
mod place;
mod times;
mod work;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use place::Place;
use times::{HEAD, Times, count};
use work::{bare, bookings, looks};

/// Why the measurement could not be made.
pub type Failed = Box<dyn std::error::Error + Send + Sync>;

/// Clients at once.
const CLIENTS: [usize; 4] = [1, 8, 32, 128];
/// The clients at which bookings are judged.
const JUDGED: usize = 32;

#[tokio::main]
async fn main() -> ExitCode {
    match measure().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(failed) => {
            eprintln!("{failed}");
            ExitCode::from(2)
        }
    }
}

async fn measure() -> Result<bool, Failed> {
    let mut typed = std::env::args().skip(1);
    let (Some(program), Some(folder)) = (typed.next(), typed.next()) else {
        return Err("Use: yinling-bench-http PROGRAM FOLDER [SECONDS]".into());
    };
    let seconds = typed.next().map_or(Ok(10), |text| text.parse())?;
    let long = Duration::from_secs(seconds);
    let folder = tempfile::Builder::new()
        .prefix("bench-http")
        .tempdir_in(PathBuf::from(folder))?;

    println!(
        "load average {}",
        std::fs::read_to_string("/proc/loadavg")?.trim()
    );
    let flushes = limits::flushes(folder.path(), Duration::from_secs(3))?;
    println!("{flushes:.0} flushes of the disk a second");
    let place = Place::open(&program, folder.path()).await?;
    println!("{HEAD}");
    let bare_at = limits::bare_server().await?;
    for clients in CLIENTS {
        let times = bare(&bare_at, clients, long / 4).await?;
        println!("{}", times.line("axum, bare JSON", clients, ""));
    }
    let mut judged = Times::default();
    for clients in CLIENTS {
        let (times, placed) = bookings(&place, clients, long).await?;
        let remark = format!("{:.0} % had somebody at once", 100.0 * placed);
        println!("{}", times.line("bookings, durable", clients, &remark));
        if clients == JUDGED {
            judged = times;
        }
    }
    let mut seen = Times::default();
    for clients in CLIENTS {
        let times = looks(&place, clients, long).await?;
        println!(
            "{}",
            times.line("a month's times of a service", clients, "")
        );
        if times.rate() > seen.rate() || seen.rate().is_nan() {
            seen = times;
        }
    }
    let (times, (booked, _)) =
        tokio::try_join!(looks(&place, JUDGED, long), bookings(&place, 1, long))?;
    println!(
        "{}",
        times.line(
            "the same while one books",
            JUDGED,
            "each booking lets all kept answers go"
        )
    );
    println!("{}", booked.line("bookings beside it", 1, ""));
    let memory = place.memory_mb()?;
    let file = place.stop().await?;
    let plain = limits::plain_commits(&file, &folder.path().join("plain.db"), long / 2).await?;
    println!("{plain:.0} bookings a second by plain SQL, a commit each, the same rows");
    println!(
        "load average {}",
        std::fs::read_to_string("/proc/loadavg")?.trim()
    );
    Ok(judge(&judged, &seen, flushes, plain, memory))
}

/// Says of each target whether it is reached.
fn judge(bookings: &Times, looks: &Times, flushes: f64, plain: f64, memory: f64) -> bool {
    let wanted = if flushes >= 5_000.0 {
        2_500.0
    } else {
        3.0 * plain
    };
    let targets = [
        (
            "bookings a second at 32 clients",
            bookings.rate(),
            wanted,
            true,
        ),
        (
            "p99 of a booking at 32 clients, ms",
            bookings.at(0.99),
            50.0,
            false,
        ),
        (
            "looks at a month's times a second",
            looks.rate(),
            3_000.0,
            true,
        ),
        ("resident memory under load, MB", memory, 150.0, false),
    ];
    let mut all = true;
    for (name, is, wanted, at_least) in targets {
        let reached = if at_least { is >= wanted } else { is <= wanted };
        all &= reached;
        let word = if at_least { "at least" } else { "at most" };
        let verdict = if reached { "reached" } else { "MISSED" };
        println!("{name:<40}{is:>9.0}  {word} {wanted:.0}: {verdict}");
    }
    println!(
        "bookings at 32 clients are {:.1} times what plain commits give, {:.1} times the disk's flushes",
        bookings.rate() / plain,
        bookings.rate() / flushes
    );
    all
}

/// Where nobody was served the share is none.
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        0.0
    } else {
        count(part) / count(whole)
    }
}
