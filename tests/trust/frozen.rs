//! A whole machine freezes in the middle of its writes: its connections stay open, and nothing is heard over them. The
//! database takes the writes back, and everybody else goes on within ten seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::browser::Browser;
use super::load::Load;
use super::place::{Place, Program};
use super::slots::{self, Slot, desk};
use crate::support::On;

/// Within what time the others go on.
const TAKEN_OVER: Duration = Duration::from_secs(10);
/// How long is looked in all.
const LOOK: Duration = Duration::from_secs(13);

/// Who waits for a write in whose middle nothing was heard for a moment: for that of the process that froze.
async fn waiting(db: &DatabaseConnection) -> i64 {
    let ask = "SELECT count(*) FROM pg_stat_activity waits JOIN pg_stat_activity holds \
        ON holds.pid = ANY (pg_blocking_pids(waits.pid)) WHERE waits.datname = current_database() \
        AND holds.state = 'idle in transaction' \
        AND holds.state_change < clock_timestamp() - interval '300 milliseconds'";
    let row = db
        .query_one_raw(Statement::from_string(db.get_database_backend(), ask))
        .await
        .unwrap()
        .unwrap();
    row.try_get_by_index(0).unwrap()
}

/// Freezes a process in the middle of a write for which others wait.
async fn freeze_in_a_write(program: &Program, db: &DatabaseConnection) {
    for _ in 0..200 {
        program.freeze();
        tokio::time::sleep(Duration::from_millis(600)).await;
        if waiting(db).await > 0 {
            return;
        }
        program.thaw();
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    panic!("it was never frozen in the middle of a write");
}

/// Desks at both processes book times of one helper; one process freezes. How long others wait for what it was at.
async fn play(place: &Place) -> Duration {
    let (freezes, stays) = (place.start().await, place.start().await);
    let store = place.store().await;
    let clerk = Browser::enter(&stays.address, "clerk").await;
    let (mut near, mut far): (Vec<Slot>, Vec<Slot>) = Default::default();
    for pair in slots::all(1, 15).chunks(2) {
        near.push(pair[0].clone());
        far.extend(pair.get(1).cloned());
    }
    let at_one = Load::begin(&clerk, &freezes.address, &desk(place), 8, &Arc::new(near));
    let at_other = Load::begin(&clerk, &stays.address, &desk(place), 8, &Arc::new(far));
    tokio::time::sleep(Duration::from_millis(500)).await;
    freeze_in_a_write(&freezes, store.read()).await;
    let frozen = Instant::now();
    while frozen.elapsed() < LOOK && waiting(store.read()).await > 0 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let waited = frozen.elapsed();
    freezes.thaw();
    at_one.end().await;
    let booked = at_other.end().await;
    let after = booked.iter().filter(|one| one.came > frozen + waited);
    println!(
        "others waited for {waited:?} and then booked {} times",
        after.count()
    );
    assert!(freezes.stop().await.success());
    assert!(stays.stop().await.success());
    waited
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_others_go_on_where_one_freezes_in_the_middle_of_a_write() {
    let place = Place::open(On::Postgres, 1).await;
    let waited = play(&place).await;
    assert!(waited < TAKEN_OVER, "{waited:?}");
    place.agrees().await;
    place.close().await;
}

/// The control: where the database is not told to let go, everybody waits for the frozen one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_letting_go_everybody_waits_for_the_frozen_one() {
    let mut place = Place::open(On::Postgres, 1).await;
    place.set("YINLING_FAULT", "wait-for-the-dead");
    let waited = play(&place).await;
    assert!(waited > TAKEN_OVER, "{waited:?}");
    place.close().await;
}
