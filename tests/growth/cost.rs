//! What the indexes cost: every write keeps them up.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::support::client::Client;
use crate::support::{House, On};

/// Bookings, each cancelled again, with and without.
const ROUNDS: usize = 40;
/// How much longer one may take than it did without. On a machine that does other things the half of them is noise.
const MOST: f64 = 1.5;
/// How often it is measured before a difference counts.
const TRIES: usize = 3;

async fn booked_and_cancelled(house: &House, clerk: &mut Client) -> Duration {
    let path = format!("/api/residents/{}/bookings", house.at.mother);
    let start = House::morning() + TimeDelta::hours(26);
    let began = Instant::now();
    let wanted = json!({"service": "MEAL", "start": start, "if_unserved": "refuse"});
    let booked = clerk.post(&path, wanted).await.created();
    let path = format!("/api/bookings/{}/cancel", booked["booking_id"]);
    clerk.post(&path, json!({"reason": "不用了"})).await.ok();
    began.elapsed()
}

/// What stands in the middle of them.
fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_booking_pays_little_for_the_indexes() {
    let houses = [House::open(On::Sqlite).await, House::open(On::Sqlite).await];
    let db = houses[1].app.store.read();
    for index in migration::indexes_for_growth() {
        let drop = format!("DROP INDEX {index}");
        db.execute_unprepared(&drop).await.unwrap();
    }
    let again = "CREATE INDEX outbox_sent_at_due_at ON outbox (sent_at, due_at)";
    db.execute_unprepared(again).await.unwrap();
    let mut clerks = Vec::new();
    for house in &houses {
        clerks.push(house.enter(house.at.clerk).await);
    }
    let mut ratios = Vec::new();
    while ratios.len() < TRIES && ratios.iter().all(|ratio| *ratio > MOST) {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..2 * ROUNDS {
            // Whoever comes second finds the machine as the first left it: they take turns.
            let which = (round + round / 2) % 2;
            times[which].push(booked_and_cancelled(&houses[which], &mut clerks[which]).await);
        }
        let [with, without] = times.map(middle);
        println!("booked and cancelled: {with:?} with the indexes, {without:?} without");
        ratios.push(with.as_secs_f64() / without.as_secs_f64());
    }
    for house in houses {
        house.close().await;
    }
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(least <= MOST, "{ratios:?} times as long with the indexes");
}
