//! No booking is acknowledged before it is on the disk: the kernel's own record of what the program asked of it. SQLite's
//! log of writes is written and flushed between the request and its answer, every time. The control, where answers go out
//! before the commit, is found out.

use super::place::Place;
use super::record::{self, Log, judge, watched};
use super::size;
use crate::support::On;

/// SQLite's log of writes.
struct Wal;

impl Log for Wal {
    fn is(&self, file: &str) -> bool {
        file.ends_with("yinling.db-wal")
    }

    fn written(&mut self, call: &str) -> String {
        call.to_owned()
    }
}

/// Books for a while with the kernel's record on; so many desks.
async fn recorded(place: &Place, desks: usize) -> String {
    let file = place.folder().join("record");
    let program = place.command(&["serve"]);
    let mut watched = watched(&file);
    watched
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(place.folder());
    for (name, value) in program.get_envs() {
        watched.env(name, value.unwrap());
    }
    record::booked(place, desks, watched, || ()).await;
    std::fs::read_to_string(&file).unwrap()
}

async fn acknowledged_after_the_disk(desks: usize) {
    let place = Place::open(On::Sqlite, 20).await;
    let (all, early) = judge(&recorded(&place, desks).await, &mut Wal);
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
    let (all, early) = judge(&recorded(&place, 1).await, &mut Wal);
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
7 sendto(10<socket:[2]>, \"HTTP/1.1 201 Created {\\\"note\\\":\\\"S01-15@2\\\"}\", 300, 0, NULL, 0) = 300
7 sendto(10<socket:[2]>, \"HTTP/1.1 201 Created {\\\"note\\\":\\\"S02-15@3\\\"}\", 300, 0, NULL, 0) = 300
";
    let told = "the second was written while the flush was under way, the third nowhere";
    assert_eq!(judge(record, &mut Wal), (3, 2), "{told}");
}
