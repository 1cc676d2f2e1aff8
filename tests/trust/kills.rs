//! The power is cut under load, again and again. Whatever was acknowledged is there afterwards, once; nothing is there that
//! nobody asked for; and what hung in the air ends one way when it is asked again under its key.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use entity::visit;
use entity::words::VisitState;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};

use super::browser::Browser;
use super::place::Place;
use super::size;
use super::slots::{self, Slot, claim, desk};
use crate::support::On;

const HELPERS: usize = 20;
const DESKS: usize = 16;
/// How long a start may take after the power was cut. Tests run beside one another on a busy machine; a soak has it to itself.
const READY: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(2));

/// What is known of the times that were asked for.
#[derive(Default)]
struct Known {
    /// The booking that was acknowledged for a time.
    acknowledged: HashMap<Slot, i64>,
    /// Times for which no answer came.
    unknown: HashSet<Slot>,
    /// What was answered otherwise.
    others: Vec<String>,
}

impl Known {
    fn hear(&mut self, slot: Slot, told: Option<super::browser::Told>) {
        match told {
            None => {
                self.unknown.insert(slot);
            }
            Some(told) if told.status.as_u16() == 201 => {
                let id = told.json()["booking_id"].as_i64().unwrap();
                self.unknown.remove(&slot);
                self.acknowledged.insert(slot, id);
            }
            Some(told) => self.others.push(format!("{} {}", told.status, told.text)),
        }
    }
}

/// Sixteen desks book until the power is cut, which is after this long.
async fn until_the_power_is_cut(
    place: &Place,
    clerk: &Browser,
    todo: &Arc<Vec<Slot>>,
    next: &Arc<AtomicUsize>,
    after: Duration,
    known: &mut Known,
) -> Duration {
    let program = place.start().await;
    let ready = program.took;
    // What hung in the air is asked again under its key, and now ends one way or the other.
    let mut browser = clerk.at(&program.address);
    for slot in known.unknown.clone() {
        let told = claim(&mut browser, &desk(place), &slot, Some(&slot.mark())).await;
        known.hear(slot, told);
    }
    let desks = (0..DESKS).map(|_| {
        let (mut browser, desk) = (clerk.at(&program.address), desk(place));
        let (todo, next) = (Arc::clone(todo), Arc::clone(next));
        tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Some(slot) = todo.get(next.fetch_add(1, Ordering::SeqCst)) {
                let told = claim(&mut browser, &desk, slot, Some(&slot.mark())).await;
                let cut = told.is_none();
                heard.push((slot.clone(), told));
                if cut {
                    break;
                }
            }
            heard
        })
    });
    let desks: Vec<_> = desks.collect();
    tokio::time::sleep(after).await;
    program.kill();
    for (slot, told) in join_all(desks).await.into_iter().flat_map(Result::unwrap) {
        known.hear(slot, told);
    }
    ready
}

/// Every booking that stands: its time and number.
async fn stand(place: &Place) -> Vec<(Slot, i64)> {
    let store = place.store().await;
    let codes: HashMap<_, _> = entity::service::Entity::find()
        .all(store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.id, row.code))
        .collect();
    visit::Entity::find()
        .filter(visit::Column::State.ne(VisitState::Cancelled))
        .all(store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| {
            let slot = Slot {
                service: codes[&row.service_id].clone(),
                start: row.starts_at,
            };
            (slot, row.booking_id.0)
        })
        .collect()
}

fn by_time(stand: &[(Slot, i64)]) -> HashMap<&Slot, i64> {
    stand.iter().map(|(slot, id)| (slot, *id)).collect()
}

/// Times whose acknowledged booking is not there, or is another one now.
fn lost<'a>(known: &'a Known, there: &HashMap<&Slot, i64>) -> Vec<&'a Slot> {
    let acknowledged = known.acknowledged.iter();
    acknowledged
        .filter(|(slot, id)| there.get(slot) != Some(id))
        .map(|(slot, _)| slot)
        .collect()
}

/// The database's own look at itself.
async fn is_whole(place: &Place) {
    if place.on == On::Sqlite {
        let store = place.store().await;
        let db = store.read();
        let told = db
            .query_one_raw(Statement::from_string(
                db.get_database_backend(),
                "PRAGMA integrity_check",
            ))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(told.try_get_by_index::<String>(0).unwrap(), "ok");
    }
    place.agrees().await;
}

/// Loads and kills until so many are acknowledged in so many cycles; gives what was asked and heard, and what stands.
async fn cycles(place: &Place, cycles: usize, wanted: usize) -> (Known, Vec<(Slot, i64)>) {
    let mut dice = StdRng::seed_from_u64(42);
    let mut todo = slots::all(HELPERS, 15);
    todo.shuffle(&mut dice);
    let (todo, next) = (Arc::new(todo), Arc::new(AtomicUsize::new(0)));
    let first = place.start().await;
    let clerk = Browser::enter(&first.address, "clerk").await;
    // That somebody is signed in is on the disk even where answers go out early.
    tokio::time::sleep(Duration::from_millis(300)).await;
    first.kill();
    let mut known = Known::default();
    let mut slowest = Duration::ZERO;
    for cycle in 1..=cycles {
        // As long as it takes to have the cycle's part, and a moment drawn at random.
        while known.acknowledged.len() < wanted * cycle / cycles {
            let after = Duration::from_millis(dice.random_range(300..1_500));
            let ready =
                until_the_power_is_cut(place, &clerk, &todo, &next, after, &mut known).await;
            slowest = slowest.max(ready);
            assert!(known.others.is_empty(), "{}", known.others[0]);
        }
    }
    println!(
        "{cycles} cycles: {} acknowledged, {} in the air at the end, ready after {slowest:?} at most",
        known.acknowledged.len(),
        known.unknown.len()
    );
    assert!(slowest <= size::of(READY.0, READY.1), "{slowest:?}");
    (known, stand(place).await)
}

async fn nothing_acknowledged_is_lost(on: On) {
    let place = Place::open(on, HELPERS).await;
    let (count, wanted) = size::of((3, 120), (50, 20_000));
    let (known, stand) = cycles(&place, count, wanted).await;
    let there = by_time(&stand);
    assert_eq!(there.len(), stand.len(), "no time is booked twice");
    let lost = lost(&known, &there);
    assert!(lost.is_empty(), "acknowledged and lost: {lost:?}");
    let phantoms: Vec<_> = there
        .keys()
        .filter(|slot| !known.acknowledged.contains_key(**slot) && !known.unknown.contains(**slot))
        .collect();
    assert!(
        phantoms.is_empty(),
        "there and never asked for: {phantoms:?}"
    );
    is_whole(&place).await;
    read_again(&place, &known).await;
    place.close().await;
}

/// Everything acknowledged is shown to whoever asks for it.
async fn read_again(place: &Place, known: &Known) {
    let program = place.start().await;
    let mut clerk = Browser::enter(&program.address, "clerk").await;
    for (slot, id) in &known.acknowledged {
        let told = clerk.get(&format!("/api/bookings/{id}")).await.unwrap();
        assert_eq!(told.ok()["service_code"], slot.service);
    }
    assert!(program.stop().await.success());
}

/// The control: where answers go out before their commit, what was acknowledged is lost. Where none was, the test above
/// would show nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn where_answers_go_before_the_commit_some_are_lost() {
    let mut place = Place::open(On::Sqlite, HELPERS).await;
    place.set("YINLING_FAULT", "answer-early");
    let (known, stand) = cycles(&place, 3, 120).await;
    assert!(
        !lost(&known, &by_time(&stand)).is_empty(),
        "nothing was lost"
    );
    place.close().await;
}

on_both!(
    nothing_acknowledged_is_lost_on,
    nothing_acknowledged_is_lost
);
