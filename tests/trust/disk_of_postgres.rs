//! No booking is acknowledged before PostgreSQL has its log of writes on the disk, also where the server is set to answer
//! earlier: the kernel's record of what both programs asked of it, in one order. The control, which leaves the server as it
//! is set, is found out.

use std::collections::HashMap;

use super::place::Place;
use super::record::{self, Log, judge, watched};
use super::server::Server;
use super::size;

/// Bytes of a page of the log.
const PAGE: usize = 8192;
/// Bytes at the beginning of a page that are the page's own: `XLogPageHeaderData`, or of a file's first `XLogLongPageHeaderData`
/// (`src/include/access/xlog_internal.h`).
const HEAD: usize = 24;
const LONG_HEAD: usize = 40;
/// Which of them it is: `XLP_LONG_HEADER` in the third byte.
const IS_LONG: u8 = 2;
/// Longer than a mark.
const TAIL: usize = 64;

/// PostgreSQL's log of writes: whole pages, and rows that run on over the beginning of the next.
#[derive(Default)]
struct Wal {
    /// How the page before this place of this file ended.
    tails: HashMap<(String, usize), Vec<u8>>,
}

impl Log for Wal {
    fn is(&self, file: &str) -> bool {
        file.contains("/pg_wal/")
    }

    fn written(&mut self, call: &str) -> String {
        let file = call.split_once('<').unwrap().1.split_once('>').unwrap().0;
        let (begin, end) = (call.find('"').unwrap(), call.rfind('"').unwrap());
        let bytes = unescaped(&call[begin + 1..end]);
        let place = call[end..].rsplit_once(')').unwrap().0;
        let mut at: usize = place.rsplit(", ").next().unwrap().parse().unwrap();
        let mut rows = self
            .tails
            .get(&(file.to_owned(), at))
            .cloned()
            .unwrap_or_default();
        for page in bytes.chunks(PAGE) {
            let head = match page.get(2) {
                Some(kind) if kind & IS_LONG != 0 => LONG_HEAD,
                _ => HEAD,
            };
            rows.extend(page.iter().skip(head));
            at += PAGE;
            let tail = rows[rows.len().saturating_sub(TAIL)..].to_vec();
            self.tails.insert((file.to_owned(), at), tail);
        }
        String::from_utf8_lossy(&rows).into_owned()
    }
}

/// The bytes of a string as strace writes it: as in C, numbers in octal.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'\\' {
            bytes.push(first);
            continue;
        }
        let digits = rest
            .iter()
            .take(3)
            .take_while(|byte| (b'0'..=b'7').contains(byte))
            .count();
        if digits > 0 {
            let number = rest[..digits]
                .iter()
                .fold(0_u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
            bytes.push(u8::try_from(number).unwrap());
            rest = &rest[digits..];
            continue;
        }
        let (&named, after) = rest.split_first().unwrap();
        rest = after;
        bytes.push(match named {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'v' => 11,
            b'f' => 12,
            other => other,
        });
    }
    bytes
}

/// Books with the record of both programs on, on a server that is set to answer before its log is on the disk.
async fn recorded(fault: &str, desks: usize) -> (usize, usize) {
    // Its log writer sleeps as long as it can: what it flushes by itself, now and then, would be in time for some.
    let server = Server::new(
        "fsync = on\nsynchronous_commit = off\nwal_writer_delay = 10s\nmax_connections = 60",
    );
    server.start();
    let mut place = Place::on_server(server.url(), 20).await;
    server.stop();
    place.set("YINLING_FAULT", fault);
    let file = place.folder().join("record");
    let program = place.command(&["serve"]);
    let mut watched = watched(&file);
    watched
        .args(["sh", "-c"])
        .arg(format!("{} & exec \"$0\" \"$@\"", server.in_a_shell()))
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(place.folder());
    for (name, value) in program.get_envs() {
        watched.env(name, value.unwrap());
    }
    record::booked(&place, desks, watched, || drop(server)).await;
    let judged = judge(
        &std::fs::read_to_string(&file).unwrap(),
        &mut Wal::default(),
    );
    place.close().await;
    judged
}

async fn acknowledged_after_the_disk(desks: usize) {
    let (all, early) = recorded("", desks).await;
    println!("{all} acknowledged by {desks} desks, {early} of them early");
    assert!(all >= size::of(60, 1_000), "{all}");
    assert_eq!(early, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_booking_is_on_the_servers_disk_before_it_is_acknowledged() {
    acknowledged_after_the_disk(1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn so_is_every_one_of_many_at_once() {
    acknowledged_after_the_disk(8).await;
}

/// The control: where the server is left as it is set, it answers early.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_being_told_the_server_answers_early_and_the_record_shows_it() {
    let (all, early) = recorded("flush-later", 1).await;
    assert!(early > all / 2, "{early} of {all}");
}

#[test]
fn a_row_that_runs_on_over_a_page_is_found() {
    let page = |kind: u8, head: usize, rows: &str, at_the_end: bool| {
        let mut page = vec![0; PAGE];
        page[2] = kind;
        let begin = if at_the_end { PAGE - rows.len() } else { head };
        page[begin..begin + rows.len()].copy_from_slice(rows.as_bytes());
        let escaped: String = page.iter().map(|byte| format!("\\{byte:03o}")).collect();
        escaped
    };
    let mut wal = Wal::default();
    let first = page(2, LONG_HEAD, "S00-1", true);
    let second = page(0, HEAD, "5@17\\\"", false);
    let write = |pages: &str, at: usize| {
        format!("pwrite64(5</d/pg_wal/0001>, \"{pages}\", 8192, {at}) = 8192")
    };
    assert!(!wal.written(&write(&first, 0)).contains("S00-15@17"));
    assert!(wal.written(&write(&second, PAGE)).contains("S00-15@17"));
    let mut wal = Wal::default();
    assert!(
        wal.written(&write(&(first + &second), 0))
            .contains("S00-15@17")
    );
    assert_eq!(unescaped("a\\0b\\n\\\\\\3771"), b"a\0b\n\\\xff1");
}
