//! The figures that `docs/OPERATIONS.md` tells an administrator to watch are those that the program gives, and all of them.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::browser::Browser;
use super::place::Place;
use super::slots::{self, claim, desk};
use crate::support::On;

/// The names of figures in a text, without what tells one series of a figure from another.
fn named(text: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for part in text.split("yinling_").skip(1) {
        let end = part
            .find(|letter: char| letter != '_' && !letter.is_ascii_lowercase())
            .unwrap_or(part.len());
        names.insert(format!("yinling_{}", &part[..end]));
    }
    names
}

/// The figures that a page tells of: those it names as code.
fn on_the_page(page: &str) -> BTreeSet<String> {
    page.split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| code.starts_with("yinling_"))
        .flat_map(named)
        .collect()
}

/// Figures as the answer describes them, under the names by which they are asked for.
fn given(answer: &str) -> BTreeSet<String> {
    answer
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split_once(' '))
        .map(|(name, kind)| match kind {
            "counter" => format!("{name}_total"),
            _ => name.to_owned(),
        })
        .collect()
}

fn value(answer: &str, name: &str) -> f64 {
    let line = answer
        .lines()
        .find(|line| line.starts_with(&format!("{name} ")));
    line.unwrap().rsplit(' ').next().unwrap().parse().unwrap()
}

async fn the_page_and_the_program_name_the_same(on: On) {
    let place = Place::open(on, 1).await;
    let program = place.start().await;
    let mut clerk = Browser::enter(&program.address, "clerk").await;
    let told = claim(&mut clerk, &desk(&place), &slots::all(1, 30)[0], None).await;
    told.unwrap().ok();
    let answer = clerk.get("/metrics").await.unwrap().text;
    let page = on_the_page(include_str!("../../docs/OPERATIONS.md"));
    assert!(page.len() > 8, "{page:?}");
    assert_eq!(page, given(&answer), "the page on the left");

    // How far the clocks are apart is found where there are two.
    let before = value(&answer, "yinling_clock_ahead_seconds");
    place.move_clock(TimeDelta::seconds(100));
    let answer = clerk.get("/metrics").await.unwrap().text;
    let apart = value(&answer, "yinling_clock_ahead_seconds") - before;
    let wanted = if on == On::Postgres { 100.0 } else { 0.0 };
    assert!((apart - wanted).abs() < 5.0, "{apart}");
    assert!(program.stop().await.success());
    place.close().await;
}

/// The control.
#[test]
fn a_figure_that_nobody_gives_is_seen() {
    let page = on_the_page(
        "Watch `yinling_requests_total{status=\"500\"}` and `yinling_made_up_seconds`.",
    );
    let given = given("# TYPE yinling_requests counter\nyinling_requests_total 1\n");
    let missing: Vec<_> = page.difference(&given).collect();
    assert_eq!(missing, ["yinling_made_up_seconds"]);
}

on_both!(
    the_page_and_the_program_name_the_same_on,
    the_page_and_the_program_name_the_same
);
