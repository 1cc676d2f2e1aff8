//! Four times as many people ask as can be answered, while a plan is computed: whoever is taken on is answered as fast as
//! before, give or take; whoever is not is asked to come again; nothing is answered wrongly; and a moment later all is as it
//! was. The control, where nobody waits for a turn, shows how long everybody waits then.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::browser::{Browser, Told};
use super::place::{Place, Program};
use super::rush::{Answered, Wants, p99};
use super::size;
use super::slots::{self, desk};
use crate::support::On;

/// How much more is asked than can be done.
const TIMES: f64 = 4.0;
/// What takes less is noise of the machine, and no measure of a burden.
const NOISE: Duration = Duration::from_millis(20);
/// How many times as long as alone whoever is taken on may wait. The long form has the target's own; the short one runs beside
/// other tests and takes on some five hundred, of which the slowest hundredth is five: one moment in which the machine does
/// something else is all of them. There it is told from what everybody waits without turns, a hundred times and more.
const LONGER: (f64, f64) = (25.0, 4.0);
/// How long a rush may go on before it is told from a burst; the long form is judged from its beginning.
const TELLS_AFTER: (Duration, Duration) = (Duration::from_secs(2), Duration::ZERO);

/// What came of a rush.
struct Rush {
    /// The 99th in a hundred of single requests before.
    alone: Duration,
    /// The same of those that were taken on during the rush.
    taken_on: Duration,
    answers: Vec<Answered>,
    capacity: f64,
}

async fn wants(place: &Place, program: &Program) -> Wants {
    Wants {
        clerk: Browser::enter(&program.address, "clerk").await,
        desk: desk(place),
        looks: format!(
            "{}/times?service=S00-30",
            desk(place).trim_end_matches("/bookings")
        ),
        slots: Arc::new(slots::all(20, 30)),
        next: Arc::default(),
    }
}

async fn rush(wants: &Wants, program: &Program, lasting: Duration) -> Rush {
    let mut coordinator = Browser::enter(&program.address, "coordinator").await;
    wants.in_turn(20).await;
    let alone = wants.in_turn(size::of(150, 1_000)).await;
    let capacity = wants.capacity(4, Duration::from_secs(2)).await;
    let plan = json!({"date": "2026-11-25", "seconds": (lasting.as_secs() + 20).min(60)});
    coordinator
        .post("/api/plans", plan, None)
        .await
        .unwrap()
        .ok();
    let mut watcher = Browser::new(&program.address);
    let watching = tokio::spawn(async move {
        let began = Instant::now();
        while began.elapsed() < lasting {
            let told = watcher.get("/healthz").await.unwrap();
            assert_eq!(
                told.status, 200,
                "whoever watches is answered: {}",
                told.text
            );
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    });
    let answers = wants.by_the_clock(capacity * TIMES, lasting).await;
    watching.await.unwrap();
    let from = size::of(TELLS_AFTER.0, TELLS_AFTER.1);
    let taken_on = answers
        .iter()
        .filter(|one| one.was_taken_on() && one.at >= from);
    Rush {
        alone: p99(alone.iter().map(|one| one.took)),
        taken_on: p99(taken_on.map(|one| one.took)),
        answers,
        capacity,
    }
}

impl Rush {
    fn refused(&self) -> Vec<&Told> {
        let told = self.answers.iter().filter_map(|one| one.told.as_ref());
        told.filter(|told| told.status == 503).collect()
    }

    /// How much longer whoever was taken on waited than somebody alone.
    fn ratio(&self) -> f64 {
        self.taken_on.as_secs_f64() / self.alone.max(NOISE).as_secs_f64()
    }

    fn say(&self, what: &str) {
        println!(
            "{what}: alone p99 {:?}; capacity {:.0} a second; of {} asked at {TIMES} times that, {} refused; taken on p99 {:?}, {:.1} times",
            self.alone,
            self.capacity,
            self.answers.len(),
            self.refused().len(),
            self.taken_on,
            self.ratio()
        );
    }
}

/// Waits until ten in a row are answered as fast as before.
async fn as_before(wants: &Wants, alone: Duration) -> Duration {
    let began = Instant::now();
    loop {
        let ten = wants.in_turn(10).await;
        let fine = |one: &Answered| one.was_taken_on() && one.took <= alone.max(NOISE) * 2;
        if ten.iter().all(fine) {
            return began.elapsed();
        }
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "not as before within 5 s"
        );
    }
}

async fn whoever_is_taken_on_is_answered_soon(on: On) {
    let mut place = Place::open(on, 20).await;
    place.set("YINLING_PATIENCE_MS", "250");
    let program = place.start().await;
    let wants = wants(&place, &program).await;
    let rush = rush(&wants, &program, Duration::from_secs(size::of(8, 60))).await;
    rush.say("with turns");
    let took = as_before(&wants, rush.alone).await;
    println!("as before after {took:?}");
    for told in rush.refused() {
        assert_eq!(told.json()["type"], "/problems/busy", "{}", told.text);
        assert!(told.headers.contains_key("retry-after"));
    }
    let known = |one: &&Answered| {
        !one.was_taken_on() && one.told.as_ref().is_none_or(|told| told.status != 503)
    };
    let wrong = rush.answers.iter().filter(known).count();
    assert_eq!(wrong, 0, "answers that are neither");
    assert!(
        rush.refused().len() > rush.answers.len() / 10,
        "it was a rush"
    );
    let longer = size::of(LONGER.0, LONGER.1);
    assert!(rush.ratio() <= longer, "{:.1} times", rush.ratio());
    assert!(program.stop().await.success());
    place.agrees().await;
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_is_taken_on_is_answered_soon_on_sqlite() {
    whoever_is_taken_on_is_answered_soon(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_turns_everybody_waits() {
    let mut place = Place::open(On::Sqlite, 20).await;
    place.set("YINLING_FAULT", "no-turns");
    let program = place.start().await;
    let wants = wants(&place, &program).await;
    let rush = rush(&wants, &program, Duration::from_secs(6)).await;
    rush.say("without turns");
    assert!(rush.ratio() > LONGER.0, "{:.1} times", rush.ratio());
    drop(program);
    place.close().await;
}
