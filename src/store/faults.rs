//! Faults that a test asks for, to show that it would notice them. Never part of a shipped build.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

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
