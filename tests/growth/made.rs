//! The generator: what it makes is as the program itself would have left it.

use yinling::demo::growth::{Grown, Making, Size, fill};
use yinling::store::{Store, consistency};
use yinling::{money, station, timebank};

use super::scans::nothing_is_read_whole;
use crate::support::client::Client;
use crate::support::{House, On, postgres};

/// Few, and enough for the planner to see large tables.
const COMMUNITIES: i64 = 3;

async fn made(url: &str) -> Grown {
    let making = Making {
        now: House::morning(),
        seed: 5,
        password_hash: "none".into(),
        size: Size {
            communities: COMMUNITIES,
            visits_a_year: 4_000,
        },
    };
    fill(url, making, |_, _| {}).await.unwrap()
}

async fn holds(url: &str) {
    let grown = made(url).await;
    assert_eq!(
        (grown.communities, grown.residents),
        (COMMUNITIES, 876 * COMMUNITIES)
    );
    let a_year = grown.visits / COMMUNITIES;
    assert!((3_600..4_400).contains(&a_year), "{a_year} visits");
    let store = Store::open(url).await.unwrap();
    let db = store.read();
    let mut found = consistency::disagreements(db).await.unwrap();
    found.extend(timebank::check::disagreements(db).await.unwrap());
    found.extend(station::check::disagreements(db).await.unwrap());
    found.extend(money::check::disagreements(db).await.unwrap());
    assert!(found.is_empty(), "{found:#?}");
    everybody_has_their_own(store).await;
}

/// The coordinator of the last community sees its visits of today and nobody else's.
async fn everybody_has_their_own(store: Store) {
    use entity::account;
    use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
    use yinling::app::{App, Dice};
    use yinling::clock::Clock;
    use yinling::config::Settings;

    let login = format!("demo-coordinator@{COMMUNITIES}");
    let account = account::Entity::find()
        .filter(account::Column::Login.eq(login))
        .one(store.read())
        .await
        .unwrap()
        .unwrap();
    let clock = Clock::standing(House::morning());
    let app = App::new(store, clock, Dice::seeded(7), Settings::default(), true);
    let board = Client::signed_in(&app, account.id)
        .await
        .get("/api/board")
        .await
        .ok();
    assert!(board["helpers"].as_array().unwrap().len() > 20, "{board}");
    let first = &board["helpers"][0]["id"];
    assert!(
        first.as_i64().unwrap() > 119 * (COMMUNITIES - 1),
        "{first} is of another community"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grown_database_holds_and_is_never_read_whole_on_sqlite() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/yinling.db", folder.path().display());
    holds(&url).await;
    nothing_is_read_whole(On::Sqlite, &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grown_database_holds_and_is_never_read_whole_on_postgres() {
    let (url, name) = postgres::fresh().await;
    holds(&url).await;
    nothing_is_read_whole(On::Postgres, &url).await;
    postgres::remove(&name).await;
}
