//! Faults that a test asks for, to show that it would notice them, and an ear for what the database is asked. Never part of
//! a shipped build.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{DatabaseConnection, Statement};

use super::{Guard, Store};
use crate::overload::Measure;

/// The setting that asks for one: `guard-off`, `answer-early`, `flush-later`, `wait-for-the-dead`, `leases-believed`, `no-turns` or
/// `read-apart`.
const SETTING: &str = "YINLING_FAULT";
/// How long a commit is put off after its answers went out.
const PUT_OFF: Duration = Duration::from_millis(40);

static ANSWERS_EARLY: AtomicBool = AtomicBool::new(false);

/// The store with the fault that the setting names, if it names one.
#[must_use]
pub fn asked_for(store: Store) -> Store {
    match std::env::var(SETTING).as_deref() {
        Ok("guard-off") => store.with_guard(Guard::Off),
        Ok("answer-early") => {
            ANSWERS_EARLY.store(true, Ordering::SeqCst);
            store
        }
        _ => store,
    }
}

/// Whether a lease counts that the present clock could not have written.
#[must_use]
pub fn believes_leases() -> bool {
    is_asked_for("leases-believed")
}

/// Whether the two halves of a page are read one after the other.
#[must_use]
pub fn reads_apart() -> bool {
    is_asked_for("read-apart")
}

/// How requests take turns: not at all where the setting says so.
#[must_use]
pub fn measure(measure: Measure) -> Measure {
    if is_asked_for("no-turns") {
        return Measure::none();
    }
    measure
}

/// Whether answers go out before their commit.
pub(super) fn answers_early() -> bool {
    ANSWERS_EARLY.load(Ordering::SeqCst)
}

/// Whether PostgreSQL answers as it is set to, be it before the log of writes is on the disk.
pub(super) fn flushes_later() -> bool {
    is_asked_for("flush-later")
}

/// Whether PostgreSQL keeps the locks of a process that it hears nothing of.
pub(super) fn waits_for_the_dead() -> bool {
    is_asked_for("wait-for-the-dead")
}

fn is_asked_for(fault: &str) -> bool {
    std::env::var(SETTING).is_ok_and(|asked| asked == fault)
}

/// The moment in which what was answered can be lost.
pub(super) async fn put_off() {
    tokio::time::sleep(PUT_OFF).await;
}

/// What the databases were asked to which somebody listens, by their addresses: each way of asking once, with its first
/// values.
static HEARD: Mutex<BTreeMap<String, BTreeMap<String, Statement>>> = Mutex::new(BTreeMap::new());

/// Listens from now on to what this process asks the database at this address.
pub fn listen(url: &str) {
    heard_by_all().insert(place(url).to_owned(), BTreeMap::new());
}

/// What that database was asked since.
#[must_use]
pub fn heard(url: &str) -> Vec<Statement> {
    let all = heard_by_all().remove(place(url)).unwrap_or_default();
    all.into_values().collect()
}

/// The connection to this address, listened to.
pub(super) fn listened_to(mut db: DatabaseConnection, url: &str) -> DatabaseConnection {
    let place = place(url).to_owned();
    db.set_metric_callback(move |asked| {
        if let Some(heard) = heard_by_all().get_mut(&place) {
            heard
                .entry(asked.statement.sql.clone())
                .or_insert_with(|| asked.statement.clone());
        }
    });
    db
}

fn heard_by_all() -> MutexGuard<'static, BTreeMap<String, BTreeMap<String, Statement>>> {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The database of an address, however it is opened.
fn place(url: &str) -> &str {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    path.split_once('?').map_or(path, |(path, _)| path)
}
