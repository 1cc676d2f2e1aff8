//! Letters leave through a mail server that turns many of them away, while the power is cut again and again and two
//! processes send: none is lost, none tells of what never was, and what comes twice was in flight when the power was cut and
//! carries the same Message-ID.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use entity::outbox;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::EntityTrait;
use sha2::{Digest, Sha256};

use super::browser::Browser;
use super::load::Load;
use super::place::{Place, Program};
use super::size;
use super::slots::{self, Slot, desk};
use crate::support::On;

/// A mail server of this test alone.
pub(super) struct Post {
    child: Child,
    pub(super) port: String,
    folder: PathBuf,
}

impl Post {
    pub(super) fn open(place: &Place, options: &[&str]) -> Self {
        let folder = place.folder().join("mailbox");
        std::fs::create_dir(&folder).unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut child = Command::new(root.join(".tools/python/bin/python"))
            .arg(root.join("scripts/testing/mailbox.py"))
            .arg(&folder)
            .args(options)
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `make test`, which installs the mail server");
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut port)
            .unwrap();
        Self {
            child,
            port: port.trim().to_owned(),
            folder,
        }
    }

    /// How often each Message-ID arrived.
    pub(super) fn arrived(&self) -> HashMap<String, usize> {
        let mut counts = HashMap::new();
        for entry in std::fs::read_dir(&self.folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|end| end == "eml") {
                let mail = std::fs::read_to_string(path).unwrap();
                let line = mail
                    .lines()
                    .find_map(|line| line.strip_prefix("Message-ID: "));
                *counts.entry(line.unwrap().trim().to_owned()).or_insert(0) += 1;
            }
        }
        counts
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The Message-ID that a letter must carry.
pub(super) fn message_id(letter: &outbox::Model) -> String {
    let hash = yinling::http::input::hex(&Sha256::digest(letter.dedup_key.as_bytes()));
    format!("<{}@yinling.test>", &hash[..32])
}

pub(super) async fn letters(place: &Place) -> Vec<outbox::Model> {
    outbox::Entity::find()
        .all(place.store().await.read())
        .await
        .unwrap()
}

async fn started(place: &Place) -> Vec<Program> {
    let mut programs = vec![place.start().await];
    if place.on == On::Postgres {
        programs.push(place.start().await);
    }
    programs
}

/// What came of it.
#[derive(Debug, Default)]
struct Outcome {
    letters: usize,
    /// Said to be sent, and never arrived.
    lost: usize,
    /// Arrived, and no letter is like it.
    phantoms: usize,
    /// Arrived more than once.
    doubles: usize,
}

/// Books so often, each time wanted twice, so that half are refused; then lets the letters go, cutting the power so often.
async fn play(place: &mut Place, options: &[&str], bookings: usize, kills: usize) -> Outcome {
    let post = Post::open(place, options);
    place.set("YINLING_PUBLIC_URL", "http://yinling.test");
    place.set("YINLING_MAIL", format!("smtp://127.0.0.1:{}", post.port));
    let mut programs = started(place).await;
    let clerk = Browser::enter(&programs[0].address, "clerk").await;
    let twice = |slot: Slot| [slot.clone(), slot];
    let todo: Vec<Slot> = slots::all(20, 30)
        .into_iter()
        .take(bookings)
        .flat_map(twice)
        .collect();
    let wanted = todo.len();
    let load = Load::begin(
        &clerk,
        &programs[0].address,
        &desk(place),
        8,
        &Arc::new(todo),
    );
    let mut dice = StdRng::seed_from_u64(3);
    let began = Instant::now();
    let mut cut = 0;
    let mut load = Some(load);
    let mut booked = 0;
    loop {
        tokio::time::sleep(Duration::from_millis(dice.random_range(100..400))).await;
        if let Some(busy) = load.take_if(|load| load.is_done()) {
            let asked = busy.end().await;
            assert_eq!(asked.len(), wanted);
            booked = asked.iter().filter(|one| one.booking().is_some()).count();
        }
        if load.is_some() {
            continue;
        }
        // The pauses after failures, and what a killed sender had to itself, pass.
        place.move_clock(TimeDelta::seconds(20));
        if cut < kills {
            cut += 1;
            programs.drain(..).for_each(Program::kill);
            programs = started(place).await;
        } else if letters(place).await.iter().all(|row| {
            row.sent_at.is_some() || row.dropped_at.is_some() || row.due_at > place.now()
        }) {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(size::of(120, 3_000)),
            "they never end"
        );
    }
    for program in programs {
        assert!(program.stop().await.success());
    }
    assert_eq!(booked, bookings, "each time is booked once");
    judge(&letters(place).await, &post.arrived())
}

fn judge(letters: &[outbox::Model], arrived: &HashMap<String, usize>) -> Outcome {
    let sent: Vec<String> = letters
        .iter()
        .filter(|row| row.sent_at.is_some())
        .map(message_id)
        .collect();
    let known: Vec<String> = letters.iter().map(message_id).collect();
    Outcome {
        letters: sent.len(),
        lost: sent.iter().filter(|id| !arrived.contains_key(*id)).count(),
        phantoms: arrived.keys().filter(|id| !known.contains(id)).count(),
        doubles: arrived.values().map(|count| count - 1).sum(),
    }
}

async fn no_letter_is_lost(on: On) {
    let (bookings, kills) = size::of((25, 2), (1_100, 20));
    let mut place = Place::open(on, 20).await;
    let outcome = play(&mut place, &["--refuse", "0.3"], bookings, kills).await;
    println!("{outcome:?}, the power cut {kills} times");
    assert!(outcome.letters >= size::of(60, 4_000), "{outcome:?}");
    assert_eq!((outcome.lost, outcome.phantoms), (0, 0), "{outcome:?}");
    let senders = if on == On::Postgres { 2 } else { 1 };
    assert!(outcome.doubles <= kills * senders, "{outcome:?}");
    place.close().await;
}

/// The control: two who send without asking for a letter first send it twice, with no power cut at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_lease_letters_come_twice() {
    let mut place = Place::open(On::Postgres, 20).await;
    place.set("YINLING_FAULT", "guard-off");
    let post = Post::open(&place, &[]);
    place.set("YINLING_PUBLIC_URL", "http://yinling.test");
    place.set("YINLING_MAIL", format!("smtp://127.0.0.1:{}", post.port));
    let programs = started(&place).await;
    let clerk = Browser::enter(&programs[0].address, "clerk").await;
    let todo: Arc<Vec<Slot>> = Arc::new(slots::all(20, 30).into_iter().take(25).collect());
    let load = Load::begin(&clerk, &programs[0].address, &desk(&place), 8, &todo);
    let began = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let outcome = judge(&letters(&place).await, &post.arrived());
        if outcome.doubles > 0 {
            break;
        }
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "never twice: {outcome:?}"
        );
    }
    load.end().await;
    drop(programs);
    place.close().await;
}

/// The control of the judgement: a server that loses what it took in is found out.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_loses_mail_is_found_out() {
    let mut place = Place::open(On::Sqlite, 20).await;
    let outcome = play(&mut place, &["--lose", "0.3"], 10, 0).await;
    assert!(outcome.lost > 0, "{outcome:?}");
    place.close().await;
}

on_both!(no_letter_is_lost_on, no_letter_is_lost);
