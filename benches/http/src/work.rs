//! What the clients do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use chrono::{Days, NaiveDate};
use hyper::Method;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::place::Place;
use crate::times::Times;
use crate::{Failed, share};

/// Days ahead in which something is booked.
const DAYS: std::ops::Range<u64> = 2..27;

/// What each client brings home: how long each answer took, and how many were of the better kind.
type Brought = Result<(Vec<Duration>, usize), Failed>;

/// Lets the clients go on for so long; gives what they got.
async fn together<F>(
    clients: Vec<F>,
    stop: Arc<AtomicBool>,
    long: Duration,
) -> Result<(Times, f64), Failed>
where
    F: Future<Output = Brought> + Send + 'static,
{
    let began = Instant::now();
    let working: Vec<JoinHandle<Brought>> = clients.into_iter().map(tokio::spawn).collect();
    tokio::time::sleep(long).await;
    stop.store(true, Ordering::Relaxed);
    let (mut took, mut better) = (Vec::new(), 0);
    for client in working {
        let (some, good) = client.await??;
        took.extend(some);
        better += good;
    }
    let all = took.len();
    Ok((Times::new(took, began.elapsed()), share(better, all)))
}

/// Nothing but the way there and back.
pub async fn bare(host: &str, clients: usize, long: Duration) -> Result<Times, Failed> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut all = Vec::new();
    for _ in 0..clients {
        let (mut client, stop) = (Client::connect(host).await?, Arc::clone(&stop));
        all.push(async move {
            let mut took = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                took.push(client.get("/").await?.took);
            }
            Ok((took, 0))
        });
    }
    Ok(together(all, stop, long).await?.0)
}

/// Bookings; and the share of them for which somebody was found at once.
pub async fn bookings(
    place: &Place,
    clients: usize,
    long: Duration,
) -> Result<(Times, f64), Failed> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut all = Vec::new();
    for number in 0..clients {
        let (mut client, stop) = (place.clerk().await?, Arc::clone(&stop));
        let seed = u64::try_from(clients * 1_000 + number)?;
        let (residents, services, today) =
            (place.residents.clone(), place.services.clone(), place.today);
        all.push(async move {
            let mut dice = StdRng::seed_from_u64(seed);
            let (mut took, mut placed) = (Vec::new(), 0);
            while !stop.load(Ordering::Relaxed) {
                let resident = residents[dice.random_range(0..residents.len())];
                let service = &services[dice.random_range(0..services.len())];
                let body = wanted(&mut dice, service, today);
                let path = format!("/api/residents/{resident}/bookings");
                let answer = client.send(Method::POST, &path, Some(&body)).await?;
                match answer.status.as_u16() {
                    201 => {
                        took.push(answer.took);
                        placed += usize::from(answer.json()?["visit"]["state"] != "unfilled");
                    }
                    // A day on which nothing is served, or somebody is away: another is asked for.
                    409 | 422 => {}
                    _ => return Err(format!("{} {:?}", answer.status, answer.body).into()),
                }
            }
            Ok((took, placed))
        });
    }
    together(all, stop, long).await
}

fn wanted(dice: &mut StdRng, service: &str, today: NaiveDate) -> Value {
    let day = today + Days::new(dice.random_range(DAYS));
    // Eight to half past five in Shanghai, on the grid of five minutes.
    let minutes = dice.random_range(0..114) * 5;
    let start = format!("{day}T{:02}:{:02}:00Z", minutes / 60, minutes % 60);
    json!({"service": service, "start": start, "if_unserved": "tray"})
}

/// Looks at a month of one service, as families do who choose a day: each client for residents of its own choice.
pub async fn looks(place: &Place, clients: usize, long: Duration) -> Result<Times, Failed> {
    let stop = Arc::new(AtomicBool::new(false));
    let mut all = Vec::new();
    for number in 0..clients {
        let (mut client, stop) = (place.clerk().await?, Arc::clone(&stop));
        let (mut residents, service) = (place.residents.clone(), place.services[0].clone());
        all.push(async move {
            let mut dice = StdRng::seed_from_u64(u64::try_from(number)?);
            let mut took = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let nth = dice.random_range(0..residents.len());
                let path = format!(
                    "/api/residents/{}/times/days?service={service}&days=31",
                    residents[nth]
                );
                let answer = client.send(Method::GET, &path, None).await?;
                match answer.status.as_u16() {
                    200 => took.push(answer.took),
                    // Not for their level of ability: somebody else is asked about.
                    422 if residents.len() > 1 => drop(residents.swap_remove(nth)),
                    _ => return Err(format!("{} {:?}", answer.status, answer.body).into()),
                }
            }
            Ok((took, 0))
        });
    }
    Ok(together(all, stop, long).await?.0)
}
