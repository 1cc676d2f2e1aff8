//! Every statement has its index: all that the program asks on a walk is explained by a grown database.

use sea_orm::{ConnectionTrait, Statement};
use yinling::store::faults;

use super::judge::{Judge, Whole};
use super::walk::walk;
use crate::support::{House, On};
use crate::trust::town::Town;

/// Statements that read a table whole and may, each by words in it and the reason.
const MAY: [(&str, &str); 0] = [];
/// Ways of asking that a walk comes past at least; a walk that asks less has lost its way.
const LEAST: usize = 500;
/// Indexes without which something must be found.
const CONTROLS: [&str; 2] = ["visit_resident_id_starts_at", "assignment_visit_id"];

fn told(found: &[Whole]) -> String {
    let lines = found
        .iter()
        .map(|one| format!("{}: {}\n    {}", one.table, one.how, one.sql));
    lines.collect::<Vec<_>>().join("\n")
}

/// The indexes that were made for growth, and that nothing on the walk is found by.
async fn unused(judge: &Judge, asked: &[Statement]) -> Vec<String> {
    let used = judge.used(asked).await;
    let mut unused: Vec<String> = migration::indexes_for_growth().collect();
    unused.retain(|index| !used.contains(index));
    unused
}

/// Walks a house, and asks the grown database at this address how it would answer.
pub async fn nothing_is_read_whole(on: On, grown: &str) {
    let house = House::open(on).await;
    let town = Town::of(&house, None).await;
    let browsers = town.browsers(&house).await;
    let url = &house.app.settings.database_url;
    faults::listen(url);
    walk(&house, &town, &browsers).await;
    let asked = faults::heard(url);
    house.close().await;
    assert!(asked.len() > LEAST, "only {} ways of asking", asked.len());
    let judge = Judge::open(grown).await;
    if let Ok(to) = std::env::var("DUMP_ASKED") {
        let mut all = String::new();
        for one in &asked {
            all += &format!("{:?}\t{}\n", one.sql, one);
        }
        std::fs::write(format!("{to}.{on:?}"), all).unwrap();
    }
    let mut found = judge.whole(&asked).await;
    found.retain(|one| !MAY.iter().any(|(words, _)| one.sql.contains(words)));
    let unused = unused(&judge, &asked).await;
    assert!(
        found.is_empty() && unused.is_empty(),
        "of {} ways of asking {} read a table whole; nobody uses {unused:#?}\n{}",
        asked.len(),
        found.len(),
        told(&found)
    );
    // The control: without one index the same statements are called.
    for index in CONTROLS {
        let drop = format!("DROP INDEX {index}");
        judge.db.execute_unprepared(&drop).await.unwrap();
        let table = index.split('_').next().unwrap();
        let found = judge.whole(&asked).await;
        assert!(
            found.iter().any(|one| one.table == table),
            "nobody misses {index}"
        );
    }
    judge.db.close().await.unwrap();
}
