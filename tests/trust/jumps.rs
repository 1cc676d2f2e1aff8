//! The machine's clock is set while the program runs: on by an hour, on by a day, back by an hour. Who is signed in, what was
//! answered under a key, what is to be sent, and what a series makes: all go on, nothing twice, without a hand.
//!
//! The clock is that of `YINLING_CLOCK_FILE`, which the shipped program has for rehearsals. It moves what a jump of the
//! machine's clock moves, the time of day, and not what it leaves alone, the time that has passed (sleeps and time-outs);
//! libfaketime, loaded under the program, moves both or misses calls that go round the C library.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::{outbox, visit};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::browser::Browser;
use super::place::Place;
use super::slots::{self, claim, desk};
use crate::support::On;

/// How long what goes on by itself may take.
const PATIENCE: Duration = Duration::from_secs(40);

async fn letters(place: &Place) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .order_by_asc(outbox::Column::Id)
        .all(place.store().await.read())
        .await
        .unwrap()
}

/// Waits until everything that is due has gone, or gives up.
async fn all_gone(place: &Place) -> bool {
    let began = Instant::now();
    loop {
        let now = place.now();
        let waits = letters(place)
            .await
            .into_iter()
            .any(|row| row.due_at <= now && row.sent_at.is_none() && row.dropped_at.is_none());
        if !waits {
            return true;
        }
        if began.elapsed() > PATIENCE {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// Everything that went was taken once.
async fn each_once(place: &Place) {
    for row in letters(place).await {
        assert!(row.sent_at.is_none() || row.attempts == 1, "{row:?}");
    }
}

/// The starts of the visits that stand, in order.
async fn starts(place: &Place) -> Vec<String> {
    let mut starts: Vec<_> = visit::Entity::find()
        .all(place.store().await.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| format!("{}@{}", row.service_id, row.starts_at))
        .collect();
    starts.sort();
    starts
}

fn doubles(starts: &[String]) -> Vec<&String> {
    starts
        .windows(2)
        .filter(|pair| pair[0] == pair[1])
        .map(|pair| &pair[0])
        .collect()
}

async fn in_by(address: &str, login: &str) -> Browser {
    Browser::enter(address, login).await
}

async fn status(browser: &mut Browser) -> u16 {
    browser.get("/api/me").await.unwrap().status.as_u16()
}

async fn everything_goes_on(on: On) {
    let place = Place::open(on, 4).await;
    let program = place.start().await;
    let address = &program.address;
    let (mut clerk, mut daughter) = (
        in_by(address, "clerk").await,
        in_by(address, "daughter").await,
    );
    let (desk, slots) = (desk(&place), slots::all(4, 30));
    let later = |at: usize| slots[slots.len() - 1 - at].clone();
    let first = claim(&mut clerk, &desk, &later(0), Some("before"))
        .await
        .unwrap();
    assert_eq!(first.status, 201, "{}", first.text);
    let series = json!({"service": "MEAL", "rule": "FREQ=DAILY", "first_date": "2026-11-26", "start_min": 690,
        "on_holiday": "skip"});
    let path = format!("/api/residents/{}/series", place.at().mother);
    let made = clerk.post(&path, series, None).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(all_gone(&place).await);
    each_once(&place).await;
    let again = async |browser: &mut Browser| {
        let told = claim(browser, &desk, &later(0), Some("before"))
            .await
            .unwrap();
        assert_eq!(
            (told.status.as_u16(), &told.text),
            (201, &first.text),
            "the same answer"
        );
        assert!(told.headers.contains_key("idempotency-replayed"));
    };

    place.move_clock(TimeDelta::hours(1));
    assert_eq!(
        (status(&mut clerk).await, status(&mut daughter).await),
        (200, 200)
    );
    again(&mut clerk).await;
    claim(&mut clerk, &desk, &later(1), None)
        .await
        .unwrap()
        .ok();
    assert!(all_gone(&place).await);

    place.move_clock(-TimeDelta::hours(1));
    assert_eq!(
        (status(&mut clerk).await, status(&mut daughter).await),
        (200, 200)
    );
    again(&mut clerk).await;
    claim(&mut clerk, &desk, &later(2), None)
        .await
        .unwrap()
        .ok();
    assert!(all_gone(&place).await);

    place.move_clock(TimeDelta::days(1));
    // The office signs in anew after a night, as on any day; a family does not.
    assert_eq!(
        (status(&mut clerk).await, status(&mut daughter).await),
        (401, 200)
    );
    let mut clerk = in_by(address, "clerk").await;
    again(&mut clerk).await;
    claim(&mut clerk, &desk, &later(3), None)
        .await
        .unwrap()
        .ok();
    assert!(all_gone(&place).await);
    each_once(&place).await;
    let there = starts(&place).await;
    assert_eq!(doubles(&there), Vec::<&String>::new());
    assert!(there.len() > 10, "the series was made: {there:?}");
    assert!(program.stop().await.success());
    place.agrees().await;
    place.close().await;
}

on_both!(
    a_clock_that_jumps_leaves_everything_whole_on,
    everything_goes_on
);

/// A letter is taken, the power is cut, and the clock is set back by an hour: whether it goes all the same.
async fn goes_after_a_setback(fault: &str) -> bool {
    let mut place = Place::open(On::Sqlite, 2).await;
    place.set("YINLING_FAULT", fault);
    let program = place.start().await;
    let mut clerk = in_by(&program.address, "clerk").await;
    claim(&mut clerk, &desk(&place), &slots::all(2, 30)[0], None)
        .await
        .unwrap()
        .ok();
    assert!(all_gone(&place).await);
    assert!(program.stop().await.success());
    // As a sender leaves it that was cut off with the letter in its hand.
    let taken_until = place.now() + TimeDelta::minutes(2);
    let store = place.store().await;
    store
        .write(move |txn| {
            Box::pin(async move {
                outbox::Entity::update_many()
                    .set(outbox::ActiveModel {
                        sent_at: sea_orm::ActiveValue::Set(None),
                        lease_until: sea_orm::ActiveValue::Set(Some(taken_until)),
                        due_at: sea_orm::ActiveValue::Set(taken_until - TimeDelta::hours(3)),
                        ..Default::default()
                    })
                    .filter(outbox::Column::SentAt.is_not_null())
                    .exec(txn)
                    .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
    drop(store);
    let before = letters(&place).await;
    assert!(before.iter().any(|row| row.lease_until.is_some()));
    place.move_clock(-TimeDelta::hours(1));
    let program = place.start().await;
    // The oldest goes first: once a letter that was written now has gone, those before it had their turn.
    claim(
        &mut clerk.at(&program.address),
        &desk(&place),
        &slots::all(2, 30)[1],
        None,
    )
    .await
    .unwrap()
    .ok();
    let began = Instant::now();
    let now = loop {
        let now = letters(&place).await;
        let newer = &now[before.len()..];
        assert!(!newer.is_empty(), "a booking writes a letter");
        if newer.iter().any(|row| row.sent_at.is_some()) {
            break now;
        }
        assert!(began.elapsed() < PATIENCE, "{newer:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    };
    let taken = |at: &usize| before[*at].lease_until.is_some() && before[*at].dropped_at.is_none();
    let gone = (0..before.len())
        .filter(taken)
        .all(|at| now[at].sent_at.is_some());
    assert!(program.stop().await.success());
    place.close().await;
    gone
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_taken_before_a_setback_goes() {
    assert!(goes_after_a_setback("none").await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_look_at_the_clock_it_waits_for_an_hour() {
    assert!(!goes_after_a_setback("leases-believed").await);
}

/// Somebody tried too often, and the clock is set back: nobody waits longer than a count lasts.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_setback_locks_nobody_out() {
    let place = Place::open(On::Sqlite, 0).await;
    let program = place.start().await;
    let mut nobody = Browser::new(&program.address);
    let wrong = json!({"login": "clerk", "password": "no-such-password"});
    let mut last = None;
    for _ in 0..8 {
        last = nobody.post("/api/session", wrong.clone(), None).await;
    }
    assert_eq!(last.unwrap().status, 429);
    place.move_clock(-TimeDelta::hours(1));
    let told = nobody.post("/api/session", wrong, None).await.unwrap();
    let waits = told
        .headers
        .get("retry-after")
        .map_or(0, |value| value.to_str().unwrap().parse::<u64>().unwrap());
    assert!(waits <= 300, "{waits} s");
    assert!(program.stop().await.success());
    place.close().await;
}
