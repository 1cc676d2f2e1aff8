//! No booking is acknowledged before it is on the disk: the kernel's own record of what the program asked of it. SQLite's
//! log of writes is written and flushed between the request and its answer, every time. The control, where answers go out
//! before the commit, is found out.

use std::collections::HashMap;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::browser::Browser;
use super::load::Load;
use super::place::Place;
use super::size;
use super::slots::{self, desk};
use crate::support::On;

/// What the program asked of the kernel, in the order in which it was done; each with what it carried.
enum Call {
    /// The log of writes was written to.
    Wrote(String),
    /// The log of writes was brought to the disk.
    Flushed,
    /// A booking was acknowledged.
    Acknowledged(String),
}

/// One line of the record: `PID call(fd<what>, …) = result`; of a call that another came between, its end.
fn call(line: &str, began: &mut HashMap<String, String>) -> Option<Call> {
    let (pid, rest) = line.trim_start().split_once(' ')?;
    let rest = rest.trim_start();
    if let Some(start) = rest.strip_suffix(" <unfinished ...>") {
        began.insert(pid.to_owned(), start.to_owned());
        return None;
    }
    let whole = match rest.strip_prefix("<... ") {
        Some(end) => {
            let (_, end) = end.split_once(" resumed>")?;
            began.remove(pid)? + end
        }
        None => rest.to_owned(),
    };
    let (_, result) = whole.rsplit_once(" = ")?;
    if result.starts_with('-') {
        return None;
    }
    let (name, arguments) = whole.split_once('(')?;
    let file = arguments.split_once('<')?.1.split_once('>')?.0;
    let log = file.ends_with("yinling.db-wal");
    match name {
        "pwrite64" | "pwritev" | "write" if log => Some(Call::Wrote(whole)),
        "fdatasync" | "fsync" if log => Some(Call::Flushed),
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
/// given what carries their mark, and flushed after that.
fn judge(record: &str) -> (usize, usize) {
    let mut began = HashMap::new();
    let calls: Vec<Call> = record
        .lines()
        .filter_map(|line| call(line, &mut began))
        .collect();
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
        let flushed = before
            .iter()
            .rposition(|call| matches!(call, Call::Flushed));
        let safe = matches!((wrote, flushed), (Some(wrote), Some(flushed)) if wrote < flushed);
        early += usize::from(!safe);
    }
    (all, early)
}

/// Books for a while with the kernel's record on; so many desks.
async fn recorded(place: &Place, desks: usize) -> String {
    let record = place.folder().join("record");
    let program = place.command(&["serve"]);
    let mut watched = Command::new("strace");
    watched
        .args(["-f", "-y", "-s", "6000", "-o"])
        .arg(&record)
        .args(["-e", "signal=none", "-e"])
        .arg("trace=fdatasync,fsync,write,writev,pwrite64,pwritev,sendto,sendmsg")
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(place.folder());
    for (name, value) in program.get_envs() {
        watched.env(name, value.unwrap());
    }
    let program = place.start_as(watched, super::place::free_port()).await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let wanted = size::of(60, 1_000);
    let todo = Arc::new(
        slots::all(20, 15)
            .into_iter()
            .take(wanted)
            .collect::<Vec<_>>(),
    );
    let load = Load::begin(&clerk, &program.address, &desk(place), desks, &todo);
    while !load.is_done() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let asked = load.end().await;
    assert!(asked.iter().all(|one| one.booking().is_some()));
    program.kill();
    std::fs::read_to_string(&record).unwrap()
}

async fn acknowledged_after_the_disk(desks: usize) {
    let place = Place::open(On::Sqlite, 20).await;
    let (all, early) = judge(&recorded(&place, desks).await);
    println!("{all} acknowledged by {desks} desks, {early} of them early");
    assert!(all >= size::of(60, 1_000), "{all}");
    assert_eq!(early, 0);
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_booking_is_on_the_disk_before_it_is_acknowledged() {
    acknowledged_after_the_disk(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_is_every_one_of_many_that_share_a_commit() {
    acknowledged_after_the_disk(8).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_answers_go_before_the_commit_the_record_shows_it() {
    let mut place = Place::open(On::Sqlite, 20).await;
    place.set("YINLING_FAULT", "answer-early");
    let (all, early) = judge(&recorded(&place, 1).await);
    assert!(early > all / 2, "{early} of {all}");
    place.close().await;
}

#[test]
fn a_record_is_read_as_it_is_written() {
    let record = "\
7 pwrite64(5</x/yinling.db-wal>, \"..S00-15@1..\", 4096, 0) = 4096
8 fdatasync(5</x/yinling.db-wal> <unfinished ...>
7 pwrite64(5</x/yinling.db-wal>, \"..S01-15@2..\", 4096, 0) = 4096
8 <... fdatasync resumed>) = 0
7 sendto(9<socket:[1]>, \"HTTP/1.1 201 Created {\\\"note\\\":\\\"S00-15@1\\\"}\", 300, 0, NULL, 0) = 300
7 sendto(10<socket:[2]>, \"HTTP/1.1 201 Created {\\\"note\\\":\\\"S02-15@3\\\"}\", 300, 0, NULL, 0) = 300
";
    assert_eq!(judge(record), (2, 1), "the second was written nowhere");
}
