//! One key, many tries: one booking, one answer; the same after the program was started again; nothing for whoever sends
//! something else under it; and no answer crosses from one person to another.

use entity::booking;
use futures::future::join_all;
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::browser::Browser;
use super::place::Place;
use super::slots::{self, claim, desk};
use crate::support::On;

async fn rows(place: &Place) -> u64 {
    booking::Entity::find()
        .count(place.store().await.read())
        .await
        .unwrap()
}

async fn one_key_is_one_booking(on: On) {
    let place = Place::open(on, 2).await;
    let program = place.start().await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let slots = slots::all(2, 30);
    let desk = desk(&place);
    let tries = (0..50).map(|_| {
        let (mut clerk, desk, slot) = (clerk.at(&program.address), desk.clone(), slots[0].clone());
        tokio::spawn(async move { claim(&mut clerk, &desk, &slot, Some("one")).await.unwrap() })
    });
    let told: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(rows(&place).await, 1);
    // Whoever came while the first was in flight may be told to wait (409); nobody is told anything else.
    let (done, waiting): (Vec<_>, Vec<_>) = told.iter().partition(|told| told.status == 201);
    assert!(waiting.iter().all(|told| told.status == 409), "{waiting:?}");
    assert!(
        done.iter().all(|one| one.text == done[0].text),
        "one answer"
    );
    let replayed = done
        .iter()
        .filter(|one| one.headers.contains_key("idempotency-replayed"));
    assert_eq!(
        replayed.count(),
        done.len() - 1,
        "said of all but the first"
    );
    let first = done[0].clone();

    program.kill();
    let program = place.start().await;
    let mut clerk = clerk.at(&program.address);
    let again = claim(&mut clerk, &desk, &slots[0], Some("one"))
        .await
        .unwrap();
    assert_eq!((again.status, &again.text), (first.status, &first.text));
    assert_eq!(again.headers["idempotency-replayed"], "true");

    // Another body under the same key.
    let other = claim(&mut clerk, &desk, &slots[1], Some("one"))
        .await
        .unwrap();
    assert_eq!(other.status, 422, "{}", other.text);
    assert_eq!(other.json()["type"], "/problems/idempotency-mismatch");
    assert!(!other.text.contains(&first.json()["booking_id"].to_string()));
    assert_eq!(rows(&place).await, 1);

    // Another person under the same key: her own answer, not theirs.
    let mut coordinator = Browser::enter(&program.address, "coordinator").await;
    let hers = claim(&mut coordinator, &desk, &slots[1], Some("one"))
        .await
        .unwrap();
    assert_eq!(hers.status, 201, "{}", hers.text);
    assert_ne!(hers.json()["booking_id"], first.json()["booking_id"]);
    assert_eq!(rows(&place).await, 2);
    // And nobody at all learns nothing.
    let mut nobody = Browser::new(&program.address);
    let told = nobody.post(&desk, json!({}), Some("one")).await.unwrap();
    assert_eq!(told.status, 401, "{}", told.text);
    assert!(program.stop().await.success());
    place.close().await;
}

on_both!(one_key_is_one_booking_on, one_key_is_one_booking);
