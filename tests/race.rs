//! No double booking: 32 clients race for each of 50 times. With the guard off the same race finds doubles.

use chrono::{DateTime, TimeDelta, Utc};
use entity::assignment;
use futures::future::join_all;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use yinling::store::claim::LIVE;
use yinling::store::consistency;

use crate::support::control::goes_wrong;
use crate::support::{House, On};

const CLIENTS: usize = 32;
const TIMES: usize = 50;

/// 50 times on 17 days, three a day, each for the one helper who plays chess.
fn times() -> Vec<DateTime<Utc>> {
    (0..TIMES)
        .map(|at| {
            let (day, part) = (at / 3, at % 3);
            let days = i64::try_from(day).unwrap() + 1;
            // Nothing is served on the 1st of December, the seventh day from here.
            let days = if days >= 7 { days + 1 } else { days };
            House::morning()
                + TimeDelta::days(days)
                + TimeDelta::hours(2 * i64::try_from(part).unwrap())
        })
        .collect()
}

struct Outcome {
    winners: usize,
    losers: usize,
    others: Vec<String>,
    overlaps: usize,
}

/// Lets the clients race for each time and counts who won.
async fn race(house: &House) -> Outcome {
    let daughter = house.enter(house.at.daughter).await;
    let path = format!("/api/residents/{}/bookings", house.at.mother);
    let (mut winners, mut losers, mut others) = (0, 0, Vec::new());
    for start in times() {
        let body = json!({"service": "CHESS", "start": start, "if_unserved": "refuse"});
        let tries = (0..CLIENTS).map(|_| {
            let (mut client, path, body) = (daughter.clone(), path.clone(), body.clone());
            tokio::spawn(async move { client.post(&path, body).await })
        });
        for reply in join_all(tries).await {
            let reply = reply.unwrap();
            match reply.status.as_u16() {
                201 => winners += 1,
                409 => losers += 1,
                _ => others.push(format!("{} {}", reply.status, reply.text)),
            }
        }
    }
    Outcome {
        winners,
        losers,
        others,
        overlaps: overlaps(house).await,
    }
}

/// Pairs of live assignments of one helper that overlap.
async fn overlaps(house: &House) -> usize {
    let mut rows = assignment::Entity::find()
        .filter(assignment::Column::State.is_in(LIVE))
        .all(house.app.store.read())
        .await
        .unwrap();
    rows.sort_by_key(|row| (row.helper_id, row.starts_at));
    rows.windows(2)
        .filter(|pair| {
            pair[0].helper_id == pair[1].helper_id && pair[1].starts_at < pair[0].ends_at
        })
        .count()
}

async fn guarded(on: On) {
    let house = House::open(on).await;
    let outcome = race(&house).await;
    assert_eq!(outcome.others, Vec::<String>::new());
    assert_eq!(outcome.winners, TIMES);
    assert_eq!(outcome.losers, TIMES * (CLIENTS - 1));
    assert_eq!(outcome.overlaps, 0);
    assert_eq!(
        consistency::disagreements(house.app.store.read())
            .await
            .unwrap(),
        Vec::<String>::new()
    );
    house.close().await;
}

/// The control: the same race without the claim. If this found nothing, the race above would show nothing.
async fn unguarded(on: On) {
    goes_wrong(on, "one time has two winners", async |house| {
        let outcome = race(house).await;
        assert_eq!(outcome.overlaps > 0, outcome.winners > TIMES);
        outcome.winners > TIMES
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_times_have_fifty_winners_on_sqlite() {
    guarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_times_have_fifty_winners_on_postgres() {
    guarded(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_claim_there_are_doubles_on_sqlite() {
    unguarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_claim_there_are_doubles_on_postgres() {
    unguarded(On::Postgres).await;
}
