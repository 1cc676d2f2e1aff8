//! The power is cut under load, again and again: on PostgreSQL of one of two processes behind nginx, while the other goes on.
//! Whatever was acknowledged is there afterwards, once; nothing is there that nobody asked for; and what hung in the air ends
//! one way when it is asked again under its key.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use entity::visit;
use entity::words::VisitState;
use rand::rngs::StdRng;
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, Statement};
use tokio::task::JoinHandle;

use super::browser::{Browser, Told};
use super::front::Front;
use super::place::Place;
use super::size;
use super::slots::{self, Slot, claim, desk};
use crate::support::On;

const HELPERS: usize = 20;
const DESKS: usize = 16;
/// How long a start may take after the power was cut. Tests run beside one another on a busy machine; a soak has it to itself.
const READY: (Duration, Duration) = (Duration::from_secs(20), Duration::from_secs(2));
/// Within what time the others go on where one died; on a busy machine every booking takes its time.
const GOES_ON: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(10));
/// How long a desk waits before it asks again.
const AGAIN: Duration = Duration::from_millis(50);

/// What is known of the times that were asked for.
#[derive(Default)]
struct Known {
    /// The booking that was acknowledged for a time.
    acknowledged: HashMap<Slot, i64>,
    /// Times for which no answer came.
    unknown: HashSet<Slot>,
    /// How often no answer came.
    unheard: usize,
    /// What was answered otherwise.
    others: Vec<String>,
    /// When the latest of those was asked for that are acknowledged.
    latest: Option<Instant>,
}

impl Known {
    /// Whether this answer to what was asked then says what became of it.
    fn hear(&mut self, slot: &Slot, asked: Instant, told: Option<Told>) -> bool {
        let status = told.as_ref().map(|told| told.status.as_u16());
        match (status, told) {
            // No answer, or the server in front says that it got none.
            (None | Some(502 | 504), _) => {
                self.unheard += 1;
                self.unknown.insert(slot.clone());
                return false;
            }
            (Some(201), Some(told)) => {
                let id = told.json()["booking_id"].as_i64().unwrap();
                self.unknown.remove(slot);
                self.acknowledged.insert(slot.clone(), id);
                self.latest = self.latest.max(Some(asked));
            }
            (_, Some(told)) => self.others.push(format!("{} {}", told.status, told.text)),
            (_, None) => {}
        }
        true
    }
}

/// Sixteen desks that book one time after the other, and ask again under the same key where no answer came.
struct Desks {
    known: Arc<Mutex<Known>>,
    stop: Arc<AtomicBool>,
    tasks: Vec<JoinHandle<()>>,
}

impl Desks {
    fn open(clerk: &Browser, address: &str, desk: &str, todo: Vec<Slot>) -> Self {
        let (known, stop) = (Arc::<Mutex<Known>>::default(), Arc::<AtomicBool>::default());
        let (todo, next) = (Arc::new(todo), Arc::<AtomicUsize>::default());
        let tasks = (0..DESKS).map(|_| {
            let (mut browser, desk) = (clerk.at(address), desk.to_owned());
            let (known, stop) = (Arc::clone(&known), Arc::clone(&stop));
            let (todo, next) = (Arc::clone(&todo), Arc::clone(&next));
            tokio::spawn(async move {
                while let Some(slot) = todo.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let key = slot.mark();
                    while !stop.load(Ordering::SeqCst) {
                        let asked = Instant::now();
                        let told = claim(&mut browser, &desk, slot, Some(&key)).await;
                        if known.lock().unwrap().hear(slot, asked, told) {
                            break;
                        }
                        tokio::time::sleep(AGAIN).await;
                    }
                }
            })
        });
        Self {
            tasks: tasks.collect(),
            known,
            stop,
        }
    }

    fn acknowledged(&self) -> usize {
        let known = self.known.lock().unwrap();
        assert!(known.others.is_empty(), "{}", known.others[0]);
        known.acknowledged.len()
    }

    /// Waits until so many are acknowledged.
    async fn until(&self, wanted: usize) {
        let began = Instant::now();
        while self.acknowledged() < wanted {
            assert!(
                began.elapsed() < Duration::from_secs(600),
                "nothing goes on"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until something is acknowledged that was asked for after this; says how long it took.
    async fn go_on_after(&self, died: Instant) -> Duration {
        while self.known.lock().unwrap().latest < Some(died) {
            let patience = size::of(GOES_ON.0, GOES_ON.1);
            assert!(died.elapsed() < patience, "nothing goes on where one died");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        died.elapsed()
    }

    async fn close(self) -> Known {
        self.stop.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
        Arc::into_inner(self.known).unwrap().into_inner().unwrap()
    }
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
async fn cycles(place: &mut Place, cycles: usize, wanted: usize) -> (Known, Vec<(Slot, i64)>) {
    let mut dice = StdRng::seed_from_u64(42);
    let mut todo = slots::all(HELPERS, 15);
    todo.shuffle(&mut dice);
    let mut front = Front::open(place).await;
    let clerk = Browser::enter(&front.address, "clerk").await;
    // That somebody is signed in is on the disk even where answers go out early.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let desks = Desks::open(&clerk, &front.address, &desk(place), todo);
    let mut longest = Duration::ZERO;
    for cycle in 1..=cycles {
        // As long as it takes to have the cycle's part; then at the next acknowledgement, or a moment drawn at random.
        desks.until(wanted * cycle / cycles).await;
        if cycle % 2 == 1 {
            desks.until(desks.acknowledged() + 1).await;
        } else {
            tokio::time::sleep(Duration::from_millis(dice.random_range(0..300))).await;
        }
        let dies = dice.random_range(0..front.count());
        front.kill(dies);
        if front.count() > 1 {
            longest = longest.max(desks.go_on_after(Instant::now()).await);
        }
        front.start(place, dies).await;
    }
    (0..front.count()).for_each(|at| front.kill(at));
    let known = desks.close().await;
    println!(
        "{cycles} cycles: {} acknowledged, {} times unheard, {} in the air at the end, ready after {:?} at most, \
         {} went on after {longest:?} at most",
        known.acknowledged.len(),
        known.unheard,
        known.unknown.len(),
        front.slowest,
        front.count() - 1,
    );
    assert!(
        front.slowest <= size::of(READY.0, READY.1),
        "{:?}",
        front.slowest
    );
    assert!(known.unheard > 0, "no kill hit anything");
    (known, stand(place).await)
}

async fn nothing_acknowledged_is_lost(on: On) {
    let mut place = Place::open(on, HELPERS).await;
    let (count, wanted) = size::of((3, 120), (50, 20_000));
    let (known, stand) = cycles(&mut place, count, wanted).await;
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
async fn where_answers_go_before_the_commit_some_are_lost(on: On) {
    let mut place = Place::open(on, HELPERS).await;
    place.set("YINLING_FAULT", "answer-early");
    let (known, stand) = cycles(&mut place, 12, 240).await;
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
on_both!(
    where_answers_go_before_the_commit_some_are_lost_on,
    where_answers_go_before_the_commit_some_are_lost
);
