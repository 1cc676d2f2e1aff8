//! The demonstration compound: everything in it is made up, and it says so (`community.synthetic`).
//!
//! [`seed`] fills an empty, migrated database from a moment and a number: the same two give the same rows. First the
//! rows are made in memory ([`rows::Rows`]), subject after subject, then they are written in chunks. Visits are placed
//! by the same hard rules that the engine keeps (see `roster`), so a plan finds nothing broken.

use chrono::{DateTime, Utc};
use rand::SeedableRng;
use rand::rngs::StdRng;
use sea_orm::{ConnectionTrait, DbErr};

use self::rows::Rows;
use self::time::Days;

mod accounts;
mod admitted;
mod asks;
mod bench;
mod calendar;
mod catalogue;
mod consents;
mod crews;
mod desk;
mod families;
mod fit;
pub mod growth;
mod hands;
mod help;
mod hospital;
mod links;
mod meeting;
mod names;
mod outcomes;
mod panel;
mod place;
mod providers;
mod quality;
mod reasons;
mod roll;
mod roster;
mod rows;
mod series;
mod skills;
mod station;
mod story;
mod suits;
mod thanks;
mod time;
mod visits;
mod week;

#[cfg(test)]
mod checks;
#[cfg(test)]
mod engine;
#[cfg(test)]
mod tests;

/// Somebody as whom the sign-in page of the demonstration offers one-tap entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DemoPerson {
    /// Which kind of person, a stable word.
    pub kind: &'static str,
    /// The account's login, `demo-` and the kind.
    pub login: &'static str,
    /// Who this is, in Chinese.
    pub zh: &'static str,
    /// Who this is, in English.
    pub en: &'static str,
}

/// How many rows [`seed`] wrote, for the line that `serve --demo` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seeded {
    /// Older residents on the roll.
    pub residents: usize,
    /// Helpers of all three kinds.
    pub helpers: usize,
    /// Services in the catalogue.
    pub services: usize,
    /// Visits, cancelled ones included.
    pub visits: usize,
}

/// Everybody as whom one may enter the demonstration with one tap, in the order to show them.
pub fn people() -> &'static [DemoPerson] {
    accounts::PEOPLE
}

/// Fills an empty, migrated database with the demonstration compound as it stands at `now`.
///
/// The same `now` and `seed` give the same rows. Every account of [`people`] gets `password_hash`, an Argon2id hash in
/// PHC form. Run it in one transaction: it does not open one itself.
///
/// # Errors
///
/// What the database says, above all when it is not empty.
pub async fn seed<C: ConnectionTrait>(
    db: &C,
    now: DateTime<Utc>,
    seed: u64,
    password_hash: &str,
) -> Result<Seeded, DbErr> {
    let rows = make(now, seed, password_hash);
    let seeded = Seeded {
        residents: rows.residents.len(),
        helpers: rows.helpers.len(),
        services: rows.services.len(),
        visits: rows.visits.len(),
    };
    rows.insert(db).await?;
    Ok(seeded)
}

/// All rows, in memory.
fn make(now: DateTime<Utc>, seed: u64, password_hash: &str) -> Rows {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut rows = Rows::default();
    place::add(&mut rows, now);
    calendar::add(&mut rows, now);
    catalogue::add(&mut rows);
    roll::add(&mut rows, &mut rng, now);
    accounts::add_office(&mut rows, &mut rng, now, password_hash);
    roll::add_history(&mut rows, now);
    hands::add(&mut rows, &mut rng, now, password_hash);
    families::add(&mut rows, &mut rng, now, password_hash);
    week::add(&mut rows, &mut rng, now);
    series::add(&mut rows, now);
    let days = Days::around(&rows, now);
    visits::add(&mut rows, &mut rng, &days);
    desk::add(&mut rows, &mut rng, &days);
    links::add(&mut rows, &days);
    hospital::add(&mut rows, &days);
    quality::leave_unsaid(&mut rows, now);
    visits::note_last_seen(&mut rows, &mut rng, now);
    help::add(&mut rows, now);
    station::add(&mut rows, &days);
    consents::add(&mut rows, now);
    thanks::add(&mut rows, &mut rng, now, password_hash);
    quality::add(&mut rows, &mut rng, now);
    panel::add(&mut rows, now);
    providers::add(&mut rows, now);
    bench::add(&mut rows, &mut rng, &days);
    rows
}
