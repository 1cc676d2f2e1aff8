//! Asked to stop under load, the program ends what it has begun: everybody who was heard is answered, nothing is half done.

use std::sync::Arc;
use std::time::{Duration, Instant};

use entity::visit;
use sea_orm::{EntityTrait, PaginatorTrait};

use super::browser::Browser;
use super::load::Load;
use super::place::Place;
use super::slots::{self, desk};
use crate::support::On;

async fn whoever_was_heard_is_answered(on: On) {
    let place = Place::open(on, 20).await;
    let program = place.start().await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let todo = Arc::new(slots::all(20, 15));
    let load = Load::begin(&clerk, &program.address, &desk(&place), 16, &todo);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let began = Instant::now();
    let status = program.stop().await;
    let took = began.elapsed();
    assert!(status.success(), "{status}");
    assert!(took < Duration::from_secs(10), "stopped after {took:?}");
    let asked = load.end().await;
    let booked: Vec<i64> = asked
        .iter()
        .filter_map(super::load::Asked::booking)
        .collect();
    let unheard = asked.iter().filter(|one| one.told.is_none()).count();
    println!(
        "{} booked, {unheard} found the door closed, {took:?}",
        booked.len()
    );
    let others: Vec<_> = asked
        .iter()
        .filter_map(|one| one.told.as_ref())
        .filter(|told| told.status.as_u16() != 201)
        .collect();
    assert!(others.is_empty(), "{others:?}");
    // Whoever was in the middle of asking was answered: what stands is what was acknowledged.
    let again = place.start().await;
    let mut clerk = clerk.at(&again.address);
    for id in &booked {
        clerk
            .get(&format!("/api/bookings/{id}"))
            .await
            .unwrap()
            .ok();
    }
    let stand = visit::Entity::find()
        .count(place.store().await.read())
        .await
        .unwrap();
    assert_eq!(
        usize::try_from(stand).unwrap(),
        booked.len(),
        "answered as many as were booked"
    );
    assert!(again.stop().await.success());
    place.agrees().await;
    place.close().await;
}

on_both!(
    whoever_was_heard_is_answered_on,
    whoever_was_heard_is_answered
);
