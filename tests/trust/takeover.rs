//! One of two processes dies in the middle of its work, and the other has taken it over within ten seconds, once.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::{outbox, series_date, visit};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;
use tokio::net::TcpListener;
use yinling::store::Store;

use super::browser::Browser;
use super::outbox::{Post, message_id};
use super::place::{Place, Program};
use super::slots::{self, claim, desk};
use crate::support::On;

/// Within what time the others have taken over.
pub(super) const TAKEN_OVER: Duration = Duration::from_secs(10);
/// Longer than anybody may be silent before the others hold them to be gone.
pub(super) const ALIVE: Duration = Duration::from_millis(7_500);
/// Patience with a loaded machine, where nothing is measured.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until it is so; says how long it took.
pub(super) async fn until(
    what: &str,
    patience: Duration,
    mut is_so: impl AsyncFnMut() -> bool,
) -> Duration {
    let began = Instant::now();
    while !is_so().await {
        assert!(
            began.elapsed() < patience,
            "not within {patience:?}: {what}"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    began.elapsed()
}

async fn letters(store: &Store) -> Vec<outbox::Model> {
    outbox::Entity::find().all(store.read()).await.unwrap()
}

/// A mail server that takes everybody's call and never says a word.
async fn silent_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((caller, _)) = listener.accept().await {
            held.push(caller);
        }
    });
    format!("smtp://{address}")
}

/// A letter that one process is sending while another looks on.
struct Sending {
    place: Place,
    store: Store,
    post: Post,
    sender: Program,
    other: Program,
    letter: outbox::Model,
}

impl Sending {
    async fn open(fault: &str) -> Self {
        let mut place = Place::open(On::Postgres, 1).await;
        let post = Post::open(&place, &[]);
        place.set("YINLING_PUBLIC_URL", "http://yinling.test");
        place.set("YINLING_MAIL", silent_server().await);
        let sender = place.start().await;
        place.set("YINLING_MAIL", format!("smtp://127.0.0.1:{}", post.port));
        place.set("YINLING_FAULT", fault);
        let other = place.start().await;
        let mut clerk = Browser::enter(&sender.address, "clerk").await;
        // So that it is certain who takes the letter.
        other.freeze();
        let slot = &slots::all(1, 30)[0];
        let told = claim(&mut clerk, &desk(&place), slot, None).await;
        told.unwrap().ok();
        let store = place.store().await;
        let mut taken = None;
        let mut look = async || {
            let all = letters(&store).await;
            taken = all.into_iter().find(|row| row.lease_until.is_some());
            taken.is_some()
        };
        until("somebody takes the letter", PATIENCE, &mut look).await;
        other.thaw();
        Self {
            letter: taken.unwrap(),
            store,
            place,
            post,
            sender,
            other,
        }
    }

    async fn is_sent(&self) -> bool {
        let all = letters(&self.store).await;
        let mut these = all.iter().filter(|row| row.id == self.letter.id);
        these.any(|row| row.sent_at.is_some())
    }

    async fn close(self) {
        drop(self.sender);
        assert!(self.other.stop().await.success());
        self.place.close().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_letter_of_a_dead_sender_is_sent_by_another() {
    let scene = Sending::open("").await;
    tokio::time::sleep(ALIVE).await;
    assert!(!scene.is_sent().await, "taken from one who is at it");
    let id = scene.sender.id();
    let asked = std::process::Command::new("kill")
        .args(["-KILL", &id.to_string()])
        .status();
    assert!(asked.unwrap().success());
    let took = until("the letter is sent", TAKEN_OVER, async || {
        scene.is_sent().await
    })
    .await;
    println!("sent by another {took:?} after its sender died");
    let arrived = scene.post.arrived();
    assert_eq!(arrived.get(&message_id(&scene.letter)), Some(&1));
    scene.close().await;
}

/// The control: who does not ask whether somebody has it already sends what another is sending.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_lease_a_letter_is_taken_from_one_who_is_at_it() {
    let scene = Sending::open("guard-off").await;
    until("it is sent twice at once", ALIVE, async || {
        scene.is_sent().await
    })
    .await;
    scene.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reminders_are_sent_by_whoever_is_left() {
    let mut place = Place::open(On::Postgres, 2).await;
    let post = Post::open(&place, &[]);
    place.set("YINLING_PUBLIC_URL", "http://yinling.test");
    place.set("YINLING_MAIL", format!("smtp://127.0.0.1:{}", post.port));
    let (dies, stays) = (place.start().await, place.start().await);
    let mut clerk = Browser::enter(&dies.address, "clerk").await;
    for slot in &slots::all(2, 30)[..2] {
        let told = claim(&mut clerk, &desk(&place), slot, None).await;
        told.unwrap().ok();
    }
    let (store, now) = (place.store().await, place.now());
    let mut reminders = letters(&store).await;
    reminders.retain(|row| row.due_at > now);
    assert!(!reminders.is_empty(), "nobody is reminded of tomorrow");
    // A letter in flight at a kill may come twice, and is no part of this.
    until("what is due by now is sent", TAKEN_OVER, async || {
        let all = letters(&store).await;
        let mut due = all.iter().filter(|row| row.due_at <= now);
        due.all(|row| row.sent_at.is_some() || row.dropped_at.is_some())
    })
    .await;
    dies.kill();
    // Six in the evening, when the letters about tomorrow are due.
    place.move_clock(TimeDelta::hours(9) + TimeDelta::minutes(1));
    let due = || async {
        let (now, all) = (place.now(), letters(&store).await);
        all.into_iter()
            .filter(|row| row.due_at <= now && row.dropped_at.is_none())
            .collect::<Vec<_>>()
    };
    let took = until("reminders are sent", TAKEN_OVER, async || {
        due().await.iter().all(|row| row.sent_at.is_some())
    })
    .await;
    println!("reminders sent {took:?} after they were due and a process had died");
    let arrived = post.arrived();
    let mut sent = 0;
    for row in due().await {
        assert_eq!(arrived.get(&message_id(&row)), Some(&1), "{row:?}");
        sent += usize::from(reminders.iter().any(|known| known.id == row.id));
    }
    assert!(sent > 0, "none of them was a reminder");
    assert!(stays.stop().await.success());
    place.close().await;
}

/// Visits of series so far, those of them that are there twice, and dates for which nobody was looked for yet.
async fn made(store: &Store) -> (usize, usize, u64) {
    let mut starts: Vec<_> = visit::Entity::find()
        .all(store.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| (row.resident_id, row.starts_at))
        .collect();
    starts.sort();
    let all = starts.len();
    starts.dedup();
    let waiting = series_date::Entity::find()
        .filter(series_date::Column::Matched.eq(false))
        .filter(series_date::Column::BookingId.is_not_null())
        .count(store.read())
        .await
        .unwrap();
    (all, all - starts.len(), waiting)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn visits_of_series_are_made_to_the_end_by_whoever_is_left() {
    const SERIES: usize = 4;
    let place = Place::open(On::Postgres, 0).await;
    let (dies, stays) = (place.start().await, place.start().await);
    let mut clerk = Browser::enter(&dies.address, "clerk").await;
    let path = format!("/api/residents/{}/series", place.at().mother);
    for n in 0..SERIES {
        let body = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=MO,WE,FR", "first_date": "2026-11-24",
            "start_min": 540 + 30 * n, "on_holiday": "skip"});
        clerk.post(&path, body, None).await.unwrap().ok();
    }
    let store = place.store().await;
    let (before, ..) = made(&store).await;
    assert_eq!(before, SERIES * 12, "four weeks of three");
    place.move_clock(TimeDelta::days(14));
    let begun = async || made(&store).await.0 > before;
    until("they begin", PATIENCE, begun).await;
    dies.kill();
    let (died, (at_the_end, _, left)) = (Instant::now(), made(&store).await);
    let took = until("the other goes on", TAKEN_OVER, async || {
        let (all, _, waiting) = made(&store).await;
        all > at_the_end || waiting < left || (all == SERIES * 18 && waiting == 0)
    })
    .await;
    until(
        "every date is made, and somebody looked for",
        PATIENCE,
        async || {
            let (all, _, waiting) = made(&store).await;
            all == SERIES * 18 && waiting == 0
        },
    )
    .await;
    println!(
        "{} of {} visits were still to be made when the one died; the other went on after {took:?}, all were made after {:?}",
        SERIES * 18 - at_the_end,
        SERIES * 6,
        died.elapsed()
    );
    let (all, twice, _) = made(&store).await;
    assert_eq!((all, twice), (SERIES * 18, 0), "each date once");
    assert!(stays.stop().await.success());
    place.agrees().await;
    place.close().await;
}
