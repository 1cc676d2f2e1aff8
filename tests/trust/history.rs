//! Many claim, give back and look at the same times, without keys, while the power is cut again and again: on PostgreSQL of one
//! of two processes behind nginx. What each of them saw of a time must be something that could have happened one thing after
//! the other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::json;

use super::browser::{Browser, Told};
use super::front::Front;
use super::judge::{Act, Event, is_linearizable};
use super::place::Place;
use super::size;
use super::slots::{self, Slot, claim, desk};
use crate::support::On;

const HELPERS: usize = 20;
const CLIENTS: u64 = 16;

/// What everybody shares: the times, who holds them as far as it is known, and what was seen.
struct Board {
    slots: Vec<Slot>,
    held: Vec<Mutex<Option<Held>>>,
    seen: Mutex<Vec<(usize, Event)>>,
    began: Instant,
}

/// A booking, and the number of the act by which it was made.
#[derive(Clone, Copy)]
struct Held {
    booking: i64,
    claim: usize,
}

impl Board {
    fn new(count: usize) -> Self {
        let slots: Vec<Slot> = slots::all(HELPERS, 30).into_iter().take(count).collect();
        Self {
            held: slots.iter().map(|_| Mutex::default()).collect(),
            slots,
            seen: Mutex::default(),
            began: Instant::now(),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap()
    }

    fn note(&self, at: usize, id: usize, act: Act, from: u64) {
        let open = matches!(act, Act::MayHaveClaimed | Act::MayHaveReleased(_));
        let to = if open { u64::MAX } else { self.now() };
        let event = Event { id, act, from, to };
        self.seen.lock().unwrap().push((at, event));
    }

    /// How many acts were answered.
    fn answered(&self) -> usize {
        let seen = self.seen.lock().unwrap();
        seen.iter().filter(|(_, event)| event.to < u64::MAX).count()
    }

    /// Times whose history cannot have happened.
    fn violations(&self) -> Vec<(Slot, Vec<Event>)> {
        let mut of: HashMap<usize, Vec<Event>> = HashMap::new();
        for (at, event) in self.seen.lock().unwrap().iter() {
            of.entry(*at).or_default().push(*event);
        }
        of.into_iter()
            .filter(|(_, events)| !is_linearizable(events))
            .map(|(at, mut events)| {
                events.sort_by_key(|event| event.from);
                (self.slots[at].clone(), events)
            })
            .collect()
    }
}

/// One client: does one thing after the other until enough were answered.
async fn client(board: Arc<Board>, mut browser: Browser, desk: String, seed: u64, enough: usize) {
    let mut dice = StdRng::seed_from_u64(seed);
    let mut count = 0;
    while board.answered() < enough {
        count += 1;
        let id = usize::try_from(seed).unwrap() * 1_000_000 + count;
        let at = dice.random_range(0..board.slots.len());
        let holder = match dice.random_range(0..10) {
            0..4 => board.held[at].lock().unwrap().take(),
            _ => None,
        };
        let heard = match (holder, dice.random_range(0..10)) {
            (Some(holder), _) => give_back(&board, &mut browser, at, id, holder).await,
            (None, 0..6) => take(&board, &mut browser, &desk, at, id).await,
            _ => look(&board, &mut browser, &desk, at, id).await,
        };
        if heard.is_none() {
            there_again(&mut browser).await;
        }
    }
}

/// What was answered; nothing where nobody knows what became of it, be it that the server in front says so.
fn heard(told: Option<Told>) -> Option<Told> {
    told.filter(|told| !matches!(told.status.as_u16(), 502 | 504))
}

/// Waits until somebody answers again: what is asked of nobody would only make the histories long.
async fn there_again(browser: &mut Browser) {
    let began = Instant::now();
    while !browser
        .get("/readyz")
        .await
        .is_some_and(|told| told.status.is_success())
    {
        assert!(began.elapsed() < Duration::from_secs(60), "nobody answers");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn take(
    board: &Board,
    browser: &mut Browser,
    desk: &str,
    at: usize,
    id: usize,
) -> Option<()> {
    let from = board.now();
    let told = heard(claim(browser, desk, &board.slots[at], None).await);
    match told.as_ref().map(|told| (told.status.as_u16(), told)) {
        Some((201, told)) => {
            board.note(at, id, Act::Claimed, from);
            let booking = told.json()["booking_id"].as_i64().unwrap();
            *board.held[at].lock().unwrap() = Some(Held { booking, claim: id });
        }
        Some((409, _)) => board.note(at, id, Act::Refused, from),
        Some((503, _)) => {}
        Some((_, told)) => panic!("{} {}", told.status, told.text),
        None => board.note(at, id, Act::MayHaveClaimed, from),
    }
    told.map(drop)
}

async fn give_back(
    board: &Board,
    browser: &mut Browser,
    at: usize,
    id: usize,
    held: Held,
) -> Option<()> {
    let from = board.now();
    let path = format!("/api/bookings/{}/cancel", held.booking);
    let told = heard(browser.post(&path, json!({"reason": "不用了"}), None).await);
    match &told {
        Some(told) if told.status.is_success() => {
            board.note(at, id, Act::Released(held.claim), from);
        }
        Some(told) => panic!("{} {}", told.status, told.text),
        None => board.note(at, id, Act::MayHaveReleased(held.claim), from),
    }
    told.map(drop)
}

async fn look(
    board: &Board,
    browser: &mut Browser,
    desk: &str,
    at: usize,
    id: usize,
) -> Option<()> {
    let slot = &board.slots[at];
    let from = board.now();
    let day = slot.start.date_naive();
    let resident = desk.strip_suffix("/bookings").unwrap();
    let path = format!(
        "{resident}/times?service={}&from={day}&days=1",
        slot.service
    );
    let told = heard(browser.get(&path).await)?;
    let free = offers(&told, slot.start);
    board.note(at, id, Act::Seen { free }, from);
    Some(())
}

fn offers(told: &Told, start: DateTime<Utc>) -> bool {
    let times = told.ok()["days"][0]["times"].as_array().unwrap().clone();
    times.iter().any(|time| {
        time["start"]
            .as_str()
            .unwrap()
            .parse::<DateTime<Utc>>()
            .unwrap()
            == start
    })
}

/// Lets the clients go on until so many acts were answered, and meanwhile cuts the power so many times.
async fn play(place: &mut Place, times: usize, acts: usize, kills: usize) -> Board {
    let board = Arc::new(Board::new(times));
    let mut dice = StdRng::seed_from_u64(7);
    let mut front = Front::open(place).await;
    let clerk = Browser::enter(&front.address, "clerk").await;
    let clients = (0..CLIENTS).map(|seed| {
        let browser = clerk.at(&front.address);
        tokio::spawn(client(Arc::clone(&board), browser, desk(place), seed, acts))
    });
    let clients: Vec<_> = clients.collect();
    for kill in 1..=kills {
        while board.answered() < acts * kill / (kills + 1) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..200))).await;
        let dies = dice.random_range(0..front.count());
        front.kill(dies);
        tokio::time::sleep(Duration::from_millis(dice.random_range(0..500))).await;
        front.start(place, dies).await;
    }
    for client in clients {
        client.await.unwrap();
    }
    front.stop().await;
    Arc::into_inner(board).unwrap()
}

async fn every_history_could_have_happened(on: On) {
    let (times, acts, kills) = size::of((40, 500, 2), (500, 20_000, 10));
    let mut place = Place::open(on, HELPERS).await;
    let board = play(&mut place, times, acts, kills).await;
    let seen = board.seen.lock().unwrap().len();
    println!(
        "{} acts answered of {seen}, on {times} times, {kills} kills",
        board.answered()
    );
    let violations = board.violations();
    assert!(violations.is_empty(), "{:?}", violations[0]);
    place.agrees().await;
    place.close().await;
}

/// The control: with the guard off, some history cannot have happened.
async fn without_the_guard(on: On) {
    let mut place = Place::open(on, HELPERS).await;
    place.set("YINLING_FAULT", "guard-off");
    let board = play(&mut place, 6, 500, 0).await;
    assert!(
        !board.violations().is_empty(),
        "every history could have happened"
    );
    place.close().await;
}

on_both!(
    every_history_could_have_happened_on,
    every_history_could_have_happened
);
on_both!(without_the_guard_some_could_not_on, without_the_guard);
