//! One time, many who want it, at once: one gets it. And thousands of spans that overlap as chance wills: no two that are
//! held do. The control, with the claim off, shows doubles.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use entity::assignment;
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use yinling::store::claim::LIVE;

use super::browser::Browser;
use super::place::Place;
use super::size;
use super::slots::{self, Slot, anywhere, claim, desk};
use crate::support::On;
use crate::support::fixture::MINUTES;

const HELPERS: usize = 20;

#[derive(Debug, Default, PartialEq, Eq)]
struct Outcome {
    winners: usize,
    losers: usize,
    others: Vec<String>,
    overlaps: usize,
}

impl Outcome {
    fn count(&mut self, told: Option<super::browser::Told>) {
        match told {
            Some(told) if told.status.as_u16() == 201 => self.winners += 1,
            Some(told) if told.status.as_u16() == 409 => self.losers += 1,
            Some(told) => self.others.push(format!("{} {}", told.status, told.text)),
            None => self.others.push("no answer".into()),
        }
    }
}

/// Pairs of live assignments of one helper that overlap, and how many live ones there are.
async fn held(place: &Place) -> (usize, usize) {
    let rows = assignment::Entity::find()
        .filter(assignment::Column::State.is_in(LIVE))
        .order_by_asc(assignment::Column::HelperId)
        .order_by_asc(assignment::Column::StartsAt)
        .all(place.store().await.read())
        .await
        .unwrap();
    let overlaps = rows
        .windows(2)
        .filter(|pair| {
            pair[0].helper_id == pair[1].helper_id && pair[1].starts_at < pair[0].ends_at
        })
        .count();
    (overlaps, rows.len())
}

/// Everybody wants each of the times.
async fn race(place: &Place, times: usize, claimants: usize) -> Outcome {
    let program = place.start().await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let desk = desk(place);
    let browsers: Vec<Browser> = (0..claimants).map(|_| clerk.at(&program.address)).collect();
    let mut outcome = Outcome::default();
    for slot in slots::all(HELPERS, 30).iter().take(times) {
        let tries = browsers.iter().cloned().map(|mut browser| {
            let (desk, slot) = (desk.clone(), slot.clone());
            tokio::spawn(async move { claim(&mut browser, &desk, &slot, None).await })
        });
        for told in join_all(tries).await {
            outcome.count(told.unwrap());
        }
    }
    assert!(program.stop().await.success());
    outcome.overlaps = held(place).await.0;
    outcome
}

/// Sixteen desks book spans at random.
async fn storm(place: &Place, spans: usize) -> Outcome {
    let program = place.start().await;
    let clerk = Browser::enter(&program.address, "clerk").await;
    let left = Arc::new(AtomicUsize::new(spans));
    let desks = (0..16).map(|seed| {
        let (mut browser, desk) = (clerk.at(&program.address), desk(place));
        let left = Arc::clone(&left);
        tokio::spawn(async move {
            let mut dice = StdRng::seed_from_u64(seed);
            let mut told = Vec::new();
            while left
                .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                .is_ok()
            {
                let minutes = MINUTES[dice.random_range(0..MINUTES.len())];
                let slot = Slot {
                    service: format!("S{:02}-{minutes}", dice.random_range(0..HELPERS)),
                    start: anywhere(dice.random(), minutes.into()),
                };
                told.push(claim(&mut browser, &desk, &slot, None).await);
            }
            told
        })
    });
    let mut outcome = Outcome::default();
    for told in join_all(desks).await.into_iter().flat_map(Result::unwrap) {
        outcome.count(told);
    }
    assert!(program.stop().await.success());
    let (overlaps, live) = held(place).await;
    outcome.overlaps = overlaps;
    assert_eq!(live, outcome.winners, "as many are held as were told so");
    outcome
}

async fn one_gets_each_time(on: On) {
    let (runs, times, claimants) = size::of((1, 12, 16), (3, 200, 32));
    for run in 0..runs {
        let place = Place::open(on, HELPERS).await;
        let outcome = race(&place, times, claimants).await;
        println!("run {run}: {outcome:?}");
        let wanted = Outcome {
            winners: times,
            losers: times * (claimants - 1),
            ..Outcome::default()
        };
        assert_eq!(outcome, wanted);
        place.agrees().await;
        place.close().await;
    }
}

async fn no_two_spans_overlap(on: On) {
    let spans = size::of(250, 5_000);
    let place = Place::open(on, HELPERS).await;
    let outcome = storm(&place, spans).await;
    println!("{outcome:?}");
    assert_eq!((outcome.overlaps, &outcome.others), (0, &Vec::new()));
    assert_eq!(outcome.winners + outcome.losers, spans);
    assert!(outcome.losers > 0, "nobody was ever in anybody's way");
    place.agrees().await;
    place.close().await;
}

/// The control: the same with the claim off. Where this found nothing, the tests above would show nothing.
async fn without_the_claim(on: On) {
    let mut place = Place::open(on, HELPERS).await;
    place.set("YINLING_FAULT", "guard-off");
    let outcome = race(&place, 8, 16).await;
    assert!(outcome.winners > 8 && outcome.overlaps > 0, "{outcome:?}");
    let (content, said) = place.run(&["check"]).await;
    assert!(!content, "the check notices: {said}");
    place.close().await;
}

on_both!(one_gets_each_time_on, one_gets_each_time);
on_both!(no_two_spans_overlap_on, no_two_spans_overlap);
on_both!(without_the_claim_there_are_doubles_on, without_the_claim);
