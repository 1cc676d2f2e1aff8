//! The kernel's own record of what programs asked of it (strace), and whether each booking was brought to the disk before it was
//! acknowledged.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::browser::Browser;
use super::load::Load;
use super::place::{Place, free_port};
use super::size;
use super::slots::{self, desk};

/// What was asked of the kernel, in the order in which it was done.
enum Call {
    /// The log of writes was given this.
    Wrote(String),
    /// The log of writes was brought to the disk; begun when so many calls were done.
    Flushed { begun: usize },
    /// A booking was acknowledged.
    Acknowledged(String),
}

/// How a database keeps its log of writes.
pub trait Log {
    /// Whether this file is part of the log.
    fn is(&self, file: &str) -> bool;
    /// What a call that wrote to it wrote, to be searched for marks.
    fn written(&mut self, call: &str) -> String;
}

/// Lines `PID call(fd<what>, …) = result`; a call that another came between is put together again.
fn calls(record: &str, log: &mut impl Log) -> Vec<Call> {
    let mut unfinished: HashMap<&str, (String, usize)> = HashMap::new();
    let mut calls = Vec::new();
    for line in record.lines() {
        let Some((pid, rest)) = line.trim_start().split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
            unfinished.insert(pid, (start.to_owned(), calls.len()));
            continue;
        }
        let (whole, begun) = match rest.strip_prefix("<... ") {
            Some(end) => match (end.split_once(" resumed>"), unfinished.remove(pid)) {
                (Some((_, end)), Some((start, begun))) => (start + end, begun),
                _ => continue,
            },
            None => (rest.to_owned(), calls.len()),
        };
        calls.extend(call(whole, begun, log));
    }
    calls
}

fn call(whole: String, begun: usize, log: &mut impl Log) -> Option<Call> {
    let (_, result) = whole.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let (name, arguments) = whole.split_once('(')?;
    let file = arguments.split_once('<')?.1.split_once('>')?.0;
    match name {
        "pwrite64" | "pwritev" | "write" if log.is(file) => {
            let written = log.written(&whole);
            Some(Call::Wrote(written))
        }
        "fdatasync" | "fsync" if log.is(file) => Some(Call::Flushed { begun }),
        "sendto" | "write" | "writev" | "sendmsg" if arguments.contains("HTTP/1.1 201") => {
            Some(Call::Acknowledged(whole))
        }
        _ => None,
    }
}

/// The mark that an acknowledged booking carries in its note.
fn mark(acknowledged: &str) -> &str {
    let (_, rest) = acknowledged.split_once("\\\"note\\\":\\\"").unwrap();
    rest.split('\\').next().unwrap()
}

/// How many bookings were acknowledged, and how many of them before they were on the disk: before the log of writes was
/// given what carries their mark, and a flush after that was begun and done.
pub fn judge(record: &str, log: &mut impl Log) -> (usize, usize) {
    let calls = calls(record, log);
    let (mut all, mut early) = (0, 0);
    for (at, done) in calls.iter().enumerate() {
        let Call::Acknowledged(told) = done else {
            continue;
        };
        all += 1;
        let (mark, before) = (mark(told), &calls[..at]);
        let wrote = before
            .iter()
            .position(|call| matches!(call, Call::Wrote(page) if page.contains(mark)));
        let safe = wrote.is_some_and(|wrote| {
            let mut after = before.iter();
            after.any(|call| matches!(call, Call::Flushed { begun } if *begun > wrote))
        });
        early += usize::from(!safe);
    }
    (all, early)
}

/// A command under strace, which writes down in this file what it and all it starts ask of the kernel.
pub fn watched(record: &Path) -> Command {
    let mut watched = Command::new("strace");
    watched
        // Only what is written down is stopped for; the rest runs at full speed.
        .args(["-f", "--seccomp-bpf", "-y", "-s", "80000", "-o"])
        .arg(record)
        .args(["-e", "signal=none", "-e"])
        .arg("trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg");
    watched
}

/// Books with the kernel's record on; so many desks. `watched` is what starts the program; what else it started is ended by
/// `others`, before nobody watches any more.
pub async fn booked(place: &Place, desks: usize, watched: Command, others: impl FnOnce()) {
    let program = place.start_as(watched, free_port()).await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let wanted = size::of(60, 1_000);
    let todo = slots::all(20, 15).into_iter().take(wanted).collect();
    let load = Load::begin(
        &clerk,
        &program.address,
        &desk(place),
        desks,
        &Arc::new(todo),
    );
    while !load.is_done() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let asked = load.end().await;
    assert!(asked.iter().all(|one| one.booking().is_some()));
    // What is watched outlives who watches.
    let _ = Command::new("pkill")
        .args(["-KILL", "-P", &program.id().to_string()])
        .status();
    others();
    program.kill();
}
