//! A backup is taken while bookings are made, brought to another place and looked at: it is one moment of the database, with
//! everything in it that was acknowledged before.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::visit;
use sea_orm::EntityTrait;

use super::browser::Browser;
use super::load::Load;
use super::place::Place;
use super::size;
use super::slots::{self, desk};
use crate::support::On;

async fn numbers(place: &Place) -> HashSet<i64> {
    visit::Entity::find()
        .all(place.store().await.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.booking_id.0)
        .collect()
}

async fn a_copy_is_one_moment(on: On) {
    let place = Place::open(on, 20).await;
    let program = place.start().await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let todo = Arc::new(slots::all(20, 15));
    let load = Load::begin(&clerk, &program.address, &desk(&place), 8, &todo);
    tokio::time::sleep(Duration::from_secs(size::of(2, 20))).await;
    let file = place.folder().join("copy");
    let began = Instant::now();
    let (content, said) = place.run(&["backup", file.to_str().unwrap()]).await;
    assert!(content, "{said}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let asked = load.end().await;
    // Once more under the same name: what is there stays.
    let (content, said) = place.run(&["backup", file.to_str().unwrap()]).await;
    assert!(!content && said.contains("left as it is"), "{said}");

    let other = Place::empty(on).await;
    let (content, said) = other.run(&["restore", file.to_str().unwrap()]).await;
    assert!(content, "{said}");
    let there = numbers(&other).await;
    let before = asked.iter().filter(|one| one.came < began);
    let before: HashSet<i64> = before.filter_map(super::load::Asked::booking).collect();
    let ever: HashSet<i64> = asked
        .iter()
        .filter_map(super::load::Asked::booking)
        .collect();
    println!(
        "{} before the copy began, {} in it, {} in all",
        before.len(),
        there.len(),
        ever.len()
    );
    assert!(
        !before.is_empty() && before.len() < ever.len(),
        "nothing was booked meanwhile"
    );
    assert!(
        before.is_subset(&there),
        "acknowledged before, and not in the copy"
    );
    assert!(there.is_subset(&ever), "in the copy, and never booked");

    // What was restored is served: the sign-ins of before hold there too.
    std::fs::copy(place.folder().join("clock"), other.folder().join("clock")).unwrap();
    let second = other.start().await;
    let mut clerk = clerk.at(&second.address);
    let one = there.iter().next().unwrap();
    clerk
        .get(&format!("/api/bookings/{one}"))
        .await
        .unwrap()
        .ok();
    assert!(second.stop().await.success());
    // A database that is there is not overwritten.
    let (content, said) = other.run(&["restore", file.to_str().unwrap()]).await;
    assert!(!content && said.contains("left as it is"), "{said}");
    assert!(program.stop().await.success());
    other.close().await;
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_copy_is_refused() {
    let place = Place::open(On::Sqlite, 0).await;
    let file = place.folder().join("copy");
    let (content, said) = place.run(&["backup", file.to_str().unwrap()]).await;
    assert!(content, "{said}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
    assert_eq!(
        mode & 0o777,
        0o600,
        "personal data of everybody is for its owner alone"
    );
    let whole = std::fs::read(&file).unwrap();
    std::fs::write(&file, &whole[..whole.len() / 2]).unwrap();
    let other = Place::empty(On::Sqlite).await;
    let (content, said) = other.run(&["restore", file.to_str().unwrap()]).await;
    assert!(!content && said.contains("no whole copy"), "{said}");
    std::fs::write(&file, "not a database").unwrap();
    let (content, said) = other.run(&["restore", file.to_str().unwrap()]).await;
    assert!(!content && said.contains("no whole copy"), "{said}");
    assert_eq!(
        std::fs::read_dir(other.folder()).unwrap().count(),
        0,
        "nothing half done is left"
    );
}

on_both!(a_copy_is_one_moment_on, a_copy_is_one_moment);
