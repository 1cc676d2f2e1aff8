//! Hours are given, donated and taken back by many at once: whoever looks sees books that add up, at every moment; each was
//! written once; and the controls, where accounts are not held and where the page is read in two halves, are found out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use entity::ids::HelperId;
use entity::words::{HelperKind, TimeEntryKind};
use entity::{helper, time_entry};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::store::Guard;
use yinling::timebank::books::{Books, Holder, Occasion, Posting};

use super::browser::{Browser, Told};
use super::place::Place;
use super::size;
use crate::support::{House, On};

const DESKS: usize = 12;
/// Minutes each volunteer has to begin with.
const EARNED: i64 = 1_200;

/// The volunteers, each with minutes.
async fn volunteers(place: &Place) -> Vec<HelperId> {
    let store = place.store().await;
    let rows = helper::Entity::find()
        .filter(helper::Column::Kind.eq(HelperKind::Volunteer))
        .all(store.read())
        .await
        .unwrap();
    for row in &rows {
        let on = Occasion {
            community: row.community_id,
            at: House::morning(),
            by: None,
        };
        let holder = Holder::Helper(row.id);
        store
            .write(move |txn| {
                Box::pin(async move {
                    let mut books =
                        Books::open(txn, Guard::On, on, &[holder, Holder::Earned]).await?;
                    let (from, to) = (books.account(Holder::Earned)?.id, books.account(holder)?.id);
                    let deposit = Posting::new(TimeEntryKind::Deposit, from, to, EARNED);
                    books.post(deposit).await
                })
            })
            .await
            .unwrap();
    }
    rows.into_iter().map(|row| row.id).collect()
}

/// What all accounts of a page hold together.
fn sum(bank: &Value) -> i64 {
    assert_eq!(bank["next"], Value::Null, "all on one page");
    ["common", "accounts"]
        .iter()
        .flat_map(|list| bank[*list].as_array().unwrap())
        .map(|row| row["balance_min"].as_i64().unwrap())
        .sum()
}

/// What was seen while everybody was at it.
#[derive(Debug, Default)]
struct Seen {
    /// Entries that were acknowledged, each under a key of its own.
    acknowledged: usize,
    looks: usize,
    /// Sums that were not zero.
    wrong: Vec<i64>,
    others: Vec<String>,
}

/// The entry that an answer is about: the newest of its kind.
fn entry(told: &Told) -> Option<i64> {
    let body = told.json();
    let statement = body.get("statement").unwrap_or(&body);
    statement["lines"][0]["entry_id"].as_i64()
}

async fn one_desk(
    mut desk: Browser,
    helpers: Arc<Vec<HelperId>>,
    left: Arc<AtomicUsize>,
    seed: u64,
) -> Seen {
    let mut seen = Seen::default();
    let mut dice = StdRng::seed_from_u64(seed);
    let mut given: Vec<i64> = Vec::new();
    while left
        .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
            left.checked_sub(1)
        })
        .is_ok()
    {
        let (path, body) = if dice.random_bool(0.4) && !given.is_empty() {
            let id = given[dice.random_range(0..given.len())];
            (
                format!("/api/time-entries/{id}/reversal"),
                json!({"reason": "记错了"}),
            )
        } else {
            let giver = helpers[dice.random_range(0..helpers.len())];
            let minutes = dice.random_range(1..=40);
            (
                format!("/api/helpers/{giver}/hours/donations"),
                json!({"minutes": minutes}),
            )
        };
        let key = format!("{seed}-{}", dice.random::<u64>());
        // One of four is sent twice, as a telephone does that lost its answer.
        let times = 1 + usize::from(dice.random_bool(0.25));
        let mut told = Vec::new();
        for _ in 0..times {
            told.push(desk.post(&path, body.clone(), Some(&key)).await.unwrap());
        }
        // A refusal is not kept under its key: sent again it may be done, and from then on the answer is the same.
        let done = told.iter().position(|one| one.status == 201);
        if let Some(at) = done {
            let same = |again: &Told| again.text == told[at].text;
            assert!(told[at..].iter().all(same), "{told:?}");
            seen.acknowledged += 1;
            if path.ends_with("donations") {
                given.push(entry(&told[at]).unwrap());
            }
        }
        for one in &told[..done.unwrap_or(told.len())] {
            // Reversed before, or nothing left to give.
            if !matches!(one.status.as_u16(), 409 | 422) {
                seen.others
                    .push(format!("{path}: {} {}", one.status, one.text));
            }
        }
    }
    seen
}

async fn look(mut desk: Browser, over: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    while !over.load(Ordering::SeqCst) {
        let bank = desk.get("/api/time-accounts").await.unwrap().ok();
        seen.looks += 1;
        if sum(&bank) != 0 {
            seen.wrong.push(sum(&bank));
        }
    }
    seen
}

/// Moves minutes so many times, and gives what was seen.
async fn move_hours(place: &Place, address: &str, count: usize) -> Seen {
    let helpers = Arc::new(volunteers(place).await);
    let desk = Browser::enter(address, "coordinator").await;
    let (left, over) = (
        Arc::new(AtomicUsize::new(count)),
        Arc::new(AtomicBool::new(false)),
    );
    let looking = [0, 1].map(|_| tokio::spawn(look(desk.at(address), Arc::clone(&over))));
    let desks = (0..DESKS as u64).map(|seed| {
        tokio::spawn(one_desk(
            desk.at(address),
            Arc::clone(&helpers),
            Arc::clone(&left),
            seed,
        ))
    });
    let at_it = join_all(desks.collect::<Vec<_>>()).await;
    over.store(true, Ordering::SeqCst);
    let mut all = Seen::default();
    for one in at_it.into_iter().chain(join_all(looking).await) {
        let one = one.unwrap();
        all.acknowledged += one.acknowledged;
        all.looks += one.looks;
        all.wrong.extend(one.wrong);
        all.others.extend(one.others);
    }
    all
}

async fn the_books_add_up_at_every_moment(on: On) {
    let place = Place::open(on, 0).await;
    let program = place.start().await;
    let seen = move_hours(&place, &program.address, size::of(400, 10_000)).await;
    println!("{} entries, looked {} times", seen.acknowledged, seen.looks);
    assert_eq!(seen.others, Vec::<String>::new());
    assert_eq!(seen.wrong, Vec::<i64>::new());
    assert!(seen.looks > 10 && seen.acknowledged > 100, "{seen:?}");
    let written = time_entry::Entity::find()
        .filter(time_entry::Column::Kind.ne(TimeEntryKind::Deposit))
        .count(place.store().await.read())
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(written).unwrap(),
        seen.acknowledged,
        "each once"
    );
    assert!(program.stop().await.success());
    place.agrees().await;
    place.close().await;
}

on_both!(
    the_books_add_up_at_every_moment_on,
    the_books_add_up_at_every_moment
);

/// Rounds in which a page that is read in two halves has to have been seen not to add up.
const ROUNDS: usize = 5;

/// The same where the accounts of people and those that are nobody's are read one after the other.
async fn halves_of_two_moments_are_found_out(on: On) {
    let mut place = Place::open(on, 0).await;
    place.set("YINLING_FAULT", "read-apart");
    let program = place.start().await;
    let (mut looks, mut wrong) = (0, 0);
    for _ in 0..ROUNDS {
        let seen = move_hours(&place, &program.address, 400).await;
        (looks, wrong) = (looks + seen.looks, wrong + seen.wrong.len());
        if wrong > 0 {
            break;
        }
    }
    println!("{wrong} of {looks} looks were wrong");
    assert!(wrong > 0, "{looks} looks");
    assert!(program.stop().await.success());
    // The books themselves are whole: it is the look that was not.
    place.agrees().await;
    place.close().await;
}

on_both!(
    halves_of_two_moments_are_found_out_on,
    halves_of_two_moments_are_found_out
);

/// SQLite has one writer, which holds everything: only PostgreSQL can show what happens where accounts are not held.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn accounts_that_are_not_held_are_found_out() {
    let mut place = Place::open(On::Postgres, 0).await;
    place.set("YINLING_FAULT", "guard-off");
    let program = place.start().await;
    let seen = move_hours(&place, &program.address, 400).await;
    let (content, said) = place.run(&["check"]).await;
    println!(
        "{} of {} looks were wrong; {said}",
        seen.wrong.len(),
        seen.looks
    );
    assert!(!content, "{said}");
    drop(program);
    place.close().await;
}
