//! Every statement has its index: all that the program asks on a walk is explained by a grown database.

use yinling::store::faults;

use super::judge::{Judge, Whole};
use super::walk::walk;
use crate::support::{House, On};
use crate::trust::town::Town;

/// Statements that are called and may stay, each by words in it, and why.
const MAY: [(&str, &str); 1] = [(
    "FROM \"access_log\" WHERE \"at\" < ",
    "what has been kept long enough: the night before left nothing there",
)];
/// Ways of asking that a walk comes past at least; a walk that asks less has lost its way.
const LEAST: usize = 750;
/// Indexes that one database alone goes by, and why the other does not.
const ELSEWHERE: [(On, &str, &str); 2] = [
    (
        On::Sqlite,
        "household_building_id",
        "it begins with the flats of the community and looks up the building of each, PostgreSQL with the grid's buildings",
    ),
    (
        On::Postgres,
        "outbox_due_at",
        "it holds the same few letters that wait as outbox_account_id_kind, and either costs the same",
    ),
];
/// Tables with an index without which one of them is read whole, or all that a community ever had there.
const CONTROLS: [(&str, &str); 6] = [
    ("visit", "visit_resident_id_starts_at"),
    ("visit", "visit_community_id_state_starts_at"),
    ("assignment", "assignment_visit_id"),
    ("audit", "audit_visit_id"),
    ("booking", "booking_resident_id"),
    ("time_entry", "time_entry_visit_id"),
];

fn told(found: &[Whole]) -> String {
    let lines = found
        .iter()
        .map(|one| format!("{}: {}\n    {}", one.table, one.how, one.sql));
    lines.collect::<Vec<_>>().join("\n")
}

/// Walks a house, and asks the grown database at this address how it would answer.
pub async fn nothing_is_read_whole(on: On, grown: &str) {
    let house = House::open(on).await;
    let town = Town::of(&house, None).await;
    let browsers = town.browsers(&house).await;
    let url = &house.app.settings.database_url;
    faults::listen(url);
    Box::pin(walk(&house, &town, &browsers)).await;
    let asked = faults::heard(url);
    house.close().await;
    assert!(asked.len() > LEAST, "only {} ways of asking", asked.len());
    let judge = Judge::open(grown).await;
    let mut found = judge.whole(&asked).await;
    found.retain(|one| !MAY.iter().any(|(words, _)| one.sql.contains(words)));
    let mut unused = judge.unused(migration::indexes_for_growth(), &asked).await;
    unused.retain(|index| {
        !ELSEWHERE
            .iter()
            .any(|(there, name, _)| *there == on && name == index)
    });
    assert!(
        found.is_empty() && unused.is_empty(),
        "of {} ways of asking {} read a table whole; nobody uses {unused:#?}\n{}",
        asked.len(),
        found.len(),
        told(&found)
    );
    // The control: without one index the same statements are called.
    for (table, index) in CONTROLS {
        let missed = judge.without(table, index, &asked).await;
        assert!(!missed.is_empty(), "nobody misses {index}");
    }
    judge.db.close().await.unwrap();
}
