//! What is done at one process holds at the other: who is signed in, and what pages hear.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::browser::Browser;
use super::front::Front;
use super::place::Place;
use super::slots::{self, claim, desk};
use crate::support::On;

/// Within what time a page hears of a change.
const SOON: Duration = Duration::from_secs(5);
/// Within what time the others go on where one died.
const TAKEN_OVER: Duration = Duration::from_secs(10);

async fn is_in(browser: &mut Browser) -> bool {
    let told = browser.get("/api/me").await.unwrap();
    match told.status.as_u16() {
        200 => true,
        401 => false,
        _ => panic!("{} {}", told.status, told.text),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sign_in_is_one_at_every_process_and_so_is_its_end() {
    let mut place = Place::open(On::Postgres, 2).await;
    let mut front = Front::open(&mut place).await;
    let here = Browser::enter(&front.direct(0), "clerk").await;
    let (mut here, mut there) = (here.at(&front.direct(0)), here.at(&front.direct(1)));
    assert!(is_in(&mut here).await && is_in(&mut there).await);
    // It outlives the process at which it began.
    front.kill(0);
    let mut anywhere = here.at(&front.address);
    for _ in 0..4 {
        assert!(is_in(&mut anywhere).await && is_in(&mut there).await);
    }
    front.start(&place, 0).await;
    assert!(is_in(&mut here).await);
    // Ended at one, it is worth nothing at the other from the next request on; another sign-in goes on.
    let mut another = Browser::enter(&front.direct(0), "clerk").await;
    let mut ends = there.clone();
    let told = ends.send(Method::DELETE, "/api/session", None, None).await;
    assert!(told.unwrap().status.is_success());
    assert!(!is_in(&mut here).await && !is_in(&mut there).await);
    assert!(is_in(&mut another).await);
    front.stop().await;
    place.close().await;
}

/// What a page hears of a booking.
fn news(told: &serde_json::Value) -> String {
    format!("\"what\":\"booking\",\"object_id\":{}", told["booking_id"])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_hears_what_was_changed_at_another_process() {
    let mut place = Place::open(On::Postgres, 2).await;
    let mut front = Front::open(&mut place).await;
    let here = Browser::enter(&front.direct(0), "clerk").await;
    let (mut here, there) = (here.at(&front.direct(0)), here.at(&front.direct(1)));
    let anywhere = here.at(&front.address);
    let (desk, slots) = (desk(&place), slots::all(2, 30));
    let mut page = there.listen().await.unwrap();
    let mut through_the_proxy = anywhere.listen().await.unwrap();
    let told = claim(&mut here, &desk, &slots[0], None).await.unwrap().ok();
    for page in [&mut page, &mut through_the_proxy] {
        let took = page.hears(&news(&told), SOON).await;
        println!("a page of another process heard after {took:?}");
        assert!(took.is_some(), "not within {SOON:?}");
    }
    // The control: of what never was nothing is heard.
    let nothing = news(&json!({"booking_id": 999_999}));
    assert_eq!(page.hears(&nothing, Duration::from_secs(1)).await, None);

    // A page is cut off where its process dies, asks again at the same address, and hears what is changed at the other.
    let mut at_the_dead = here.listen().await.unwrap();
    let died = std::time::Instant::now();
    front.kill(0);
    assert_eq!(at_the_dead.hears(&nothing, TAKEN_OVER).await, None);
    let mut again = anywhere.listen().await.expect("the other answers");
    let mut there = there;
    let told = claim(&mut there, &desk, &slots[1], None)
        .await
        .unwrap()
        .ok();
    assert!(again.hears(&news(&told), SOON).await.is_some());
    println!(
        "heard through the other {:?} after the one died",
        died.elapsed()
    );
    assert!(died.elapsed() < TAKEN_OVER, "{:?}", died.elapsed());
    front.stop().await;
    place.close().await;
}
