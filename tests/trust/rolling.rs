//! One release replaces the other, process after process, while everybody works: nobody sees an error. As `docs/OPERATIONS.md`
//! tells an administrator, with the release before as it was shipped.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;

use super::browser::{Browser, Told};
use super::place::{Place, free_port};
use super::proxy::Proxy;
use crate::support::On;

const DESKS: u64 = 6;
/// How long everybody works before and after each step.
const WORK: Duration = Duration::from_secs(5);

/// What came of it.
#[derive(Default)]
struct Seen {
    answered: usize,
    booked: usize,
    failed: Vec<String>,
}

impl Seen {
    fn note(&mut self, what: &str, told: Option<Told>) {
        match told {
            None => self.failed.push(format!("{what}: no answer")),
            Some(told) if told.status.is_server_error() || told.status == 401 => {
                self.failed
                    .push(format!("{what}: {} {}", told.status, told.text));
            }
            Some(told) => {
                self.answered += 1;
                self.booked += usize::from(told.status == 201);
            }
        }
    }
}

/// Looks and books, without asking again.
async fn desk(mut browser: Browser, number: u64, seen: Arc<Mutex<Seen>>, stop: Arc<AtomicBool>) {
    let tomorrow = Utc::now() + TimeDelta::days(1);
    let mut count = 0;
    while !stop.load(Ordering::SeqCst) {
        count += 1;
        let resident = 1 + (count * DESKS + number) % 800;
        let times = format!(
            "/api/residents/{resident}/times?service=MEA03&from={}&days=1",
            tomorrow.date_naive()
        );
        for path in ["/api/me", "/api/dispatch/lists", &times] {
            let told = browser.get(path).await;
            seen.lock().unwrap().note(path, told);
        }
        let path = format!("/api/residents/{resident}/bookings");
        let minutes = i64::try_from(count % 20).unwrap() * 15;
        let start =
            tomorrow.date_naive().and_hms_opt(2, 0, 0).unwrap() + TimeDelta::minutes(minutes);
        let body = json!({"service": "MEA03", "start": start.and_utc(), "if_unserved": "tray"});
        let told = browser.post(&path, body, None).await;
        seen.lock().unwrap().note(&path, told);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "wants the release before, which `make soak` builds"]
async fn one_release_replaces_the_other_and_nobody_notices() {
    let before = PathBuf::from(std::env::var("YINLING_SOAK_BEFORE").expect("run `make soak`"));
    let mut place = Place::empty(On::Postgres).await;
    place.set("YINLING_TRUSTED_PROXIES", "127.0.0.1");
    let ports = [free_port(), free_port()];
    let mut programs = Vec::new();
    for port in ports {
        let command = place.command_of(&before, &["serve", "--demo"]);
        programs.push(Some(place.start_as(command, port).await));
    }
    let servers = ports.map(|port| format!("http://127.0.0.1:{port}"));
    let proxy = Proxy::before(&[&servers[0], &servers[1]]).await;
    let mut clerk = Browser::new(&proxy.address);
    let body = json!({"login": "demo-clerk", "password": "yinling-demo"});
    clerk.post("/api/session", body, None).await.unwrap().ok();
    let (seen, stop) = (Arc::<Mutex<Seen>>::default(), Arc::<AtomicBool>::default());
    let desks: Vec<_> = (0..DESKS)
        .map(|number| {
            let browser = clerk.at(&proxy.address);
            tokio::spawn(desk(browser, number, Arc::clone(&seen), Arc::clone(&stop)))
        })
        .collect();
    tokio::time::sleep(WORK).await;

    let (content, said) = place.run(&["migrate"]).await;
    assert!(content, "{said}");
    tokio::time::sleep(WORK).await;
    for at in 0..2 {
        proxy.mark(&servers[at], true);
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(programs[at].take().unwrap().stop().await.success());
        let command = place.command(&["serve", "--demo"]);
        programs[at] = Some(place.start_as(command, ports[at]).await);
        proxy.mark(&servers[at], false);
        tokio::time::sleep(WORK).await;
    }
    stop.store(true, Ordering::SeqCst);
    for desk in desks {
        desk.await.unwrap();
    }
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    println!(
        "{} answers, {} of them bookings, {} failed",
        seen.answered,
        seen.booked,
        seen.failed.len()
    );
    assert!(
        seen.failed.is_empty(),
        "{:?}",
        &seen.failed[..seen.failed.len().min(5)]
    );
    assert!(seen.booked > 100, "{} booked", seen.booked);
    for program in programs.into_iter().flatten() {
        assert!(program.stop().await.success());
    }
    place.agrees().await;
    place.close().await;
}
