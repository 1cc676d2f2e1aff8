//! A new release beside the one before, on one database: what its steps change the old program survives, the steps make nobody
//! wait for long, are taken once however many start together, and the old program starts on what the new one left.

use std::time::{Duration, Instant};

use futures::future::join_all;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, TransactionTrait};

use super::place::Place;
use super::schema::Schema;
use crate::support::On;

/// The steps of the release before, in their order.
fn released() -> Vec<&'static str> {
    include_str!("../../migration/released.txt")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.starts_with("commit "))
        .collect()
}

/// Brings an empty database to the tables of the release before.
async fn as_released(db: &DatabaseConnection) {
    let count = u32::try_from(released().len()).unwrap();
    Migrator::up(db, Some(count)).await.unwrap();
}

/// Changes that the old program does not survive, and what is found of each.
const BAD: [(&str, &str); 13] = [
    ("DROP TABLE plan_search", "plan_search.plan_id is gone"),
    ("ALTER TABLE outbox RENAME TO letters", "outbox.id is gone"),
    (
        "ALTER TABLE outbox DROP COLUMN last_error",
        "outbox.last_error is gone",
    ),
    (
        "ALTER TABLE outbox RENAME COLUMN attempts TO tries",
        "outbox.attempts is gone",
    ),
    (
        "ALTER TABLE outbox ALTER COLUMN attempts TYPE bigint",
        "outbox.attempts was integer and is bigint",
    ),
    (
        "ALTER TABLE outbox ALTER COLUMN visit_id SET NOT NULL",
        "outbox.visit_id may no longer be empty",
    ),
    (
        "ALTER TABLE outbox ADD COLUMN urgency integer NOT NULL",
        "outbox.urgency is new and must be given",
    ),
    (
        "ALTER TABLE helper ALTER COLUMN version DROP DEFAULT",
        "helper.version must be given now",
    ),
    (
        "ALTER TABLE outbox ADD CHECK (attempts < 5)",
        "outbox is held to more: CHECK ((attempts < 5))",
    ),
    (
        "CREATE UNIQUE INDEX one ON outbox (account_id)",
        "outbox is held to more: CREATE UNIQUE INDEX ON public.outbox",
    ),
    (
        "ALTER TABLE outbox ADD COLUMN urgency integer, ADD UNIQUE (urgency, kind)",
        "outbox is held to more: UNIQUE (urgency, kind)",
    ),
    (
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'; \
         CREATE TRIGGER refuse BEFORE UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION refuse()",
        "outbox is held to more: CREATE TRIGGER refuse",
    ),
    (
        "CREATE FUNCTION counting() RETURNS trigger LANGUAGE plpgsql AS \
         ' BEGIN INSERT INTO edition (community_id) VALUES (1); RAISE EXCEPTION ''no''; RETURN NULL; END '; \
         CREATE TRIGGER outbox_counted AFTER UPDATE ON outbox FOR EACH ROW EXECUTE FUNCTION counting()",
        "outbox is held to more: CREATE TRIGGER outbox_counted",
    ),
];

/// Changes that it survives.
const GOOD: [&str; 6] = [
    "CREATE TABLE novelty (id bigint PRIMARY KEY, word text NOT NULL CHECK (word <> ''))",
    "ALTER TABLE outbox ADD COLUMN urgency integer",
    "ALTER TABLE outbox ADD COLUMN urgency integer NOT NULL DEFAULT 0 CHECK (urgency < 9)",
    "ALTER TABLE outbox ADD COLUMN urgency integer UNIQUE",
    "ALTER TABLE outbox ALTER COLUMN dedup_key DROP NOT NULL",
    "CREATE INDEX slow ON outbox (last_error)",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_release_before_survives_every_step_since() {
    let all: Vec<String> = Migrator::get_migration_files()
        .iter()
        .map(|step| step.name().to_owned())
        .collect();
    assert_eq!(
        all[..released().len()],
        released(),
        "steps are only added, and at the end"
    );
    let place = Place::empty(On::Postgres).await;
    let db = Database::connect(&place.url).await.unwrap();
    as_released(&db).await;
    let before = Schema::of(&db).await;
    Migrator::up(&db, None).await.unwrap();
    let after = Schema::of(&db).await;
    assert_eq!(before.not_survived(&after), Vec::<String>::new());

    // The control: bad steps are found, each as what it is, and good ones pass.
    for (step, found) in BAD {
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared(step).await.unwrap();
        let told = before.not_survived(&Schema::of(&txn).await);
        assert!(
            told.iter().any(|line| line.starts_with(found)),
            "{step}: {told:?}"
        );
        txn.rollback().await.unwrap();
    }
    for step in GOOD {
        let txn = db.begin().await.unwrap();
        txn.execute_unprepared(step).await.unwrap();
        let told = before.not_survived(&Schema::of(&txn).await);
        assert_eq!(told, Vec::<String>::new(), "{step}");
        txn.rollback().await.unwrap();
    }
    db.close().await.unwrap();
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_release_starts_on_the_tables_of_a_later_one_and_not_on_strange_ones() {
    let place = Place::open(On::Postgres, 0).await;
    let db = Database::connect(&place.url).await.unwrap();
    let later = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_01_later', 0)";
    db.execute_unprepared(later).await.unwrap();
    let program = place.start().await;
    assert!(program.stop().await.success());
    place.agrees().await;
    // One of its own steps is missing there: it is not the release after this one.
    let missing = "DELETE FROM seaql_migrations WHERE version = 'm0024_02_tries'";
    db.execute_unprepared(missing).await.unwrap();
    let (content, said) = place.run(&["migrate"]).await;
    assert!(!content && said.contains("does not follow"), "{said}");
    db.close().await.unwrap();
    place.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_several_that_start_at_once_one_takes_the_steps() {
    let place = Place::empty(On::Postgres).await;
    for (content, said) in join_all((0..4).map(|_| place.run(&["migrate"]))).await {
        assert!(content, "{said}");
    }
    place.agrees().await;
    place.close().await;
}

/// The control: without turns they get in each other's way.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_turns_some_of_them_fail() {
    for _ in 0..10 {
        let place = Place::empty(On::Postgres).await;
        let outcomes = join_all((0..4).map(|_| async {
            let db = Database::connect(&place.url).await.unwrap();
            Migrator::up(&db, Some(3)).await
        }))
        .await;
        place.close().await;
        if outcomes.iter().any(Result::is_err) {
            return;
        }
    }
    panic!("they never got in each other's way");
}

/// Takes the steps while a backup reads the sessions for seven seconds. The longest that somebody waited who looked at them
/// meanwhile.
async fn beside_a_backup(place: &Place, steps: impl Future<Output = ()>) -> Duration {
    let db = Database::connect(&place.url).await.unwrap();
    let backup = db.begin().await.unwrap();
    backup
        .execute_unprepared("LOCK TABLE session IN ACCESS SHARE MODE")
        .await
        .unwrap();
    let backup = async {
        tokio::time::sleep(Duration::from_secs(7)).await;
        backup.rollback().await.unwrap();
    };
    let looks = async {
        let (began, mut longest) = (Instant::now(), Duration::ZERO);
        while began.elapsed() < Duration::from_secs(8) {
            let asked = Instant::now();
            db.execute_unprepared("SELECT count(*) FROM session")
                .await
                .unwrap();
            longest = longest.max(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        longest
    };
    let ((), (), longest) = tokio::join!(steps, backup, looks);
    db.close().await.unwrap();
    longest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_step_that_finds_its_table_in_use_gives_way() {
    let place = Place::empty(On::Postgres).await;
    let db = Database::connect(&place.url).await.unwrap();
    as_released(&db).await;
    let longest = beside_a_backup(&place, async {
        let (content, said) = place.run(&["migrate"]).await;
        assert!(content, "{said}");
    })
    .await;
    println!("whoever looked waited for {longest:?} at most");
    assert!(longest < Duration::from_secs(5), "{longest:?}");
    db.close().await.unwrap();
    place.close().await;
}

/// The control: where it waits for the backup, everybody waits for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_giving_way_everybody_waits_for_the_backup() {
    let place = Place::empty(On::Postgres).await;
    let db = Database::connect(&place.url).await.unwrap();
    as_released(&db).await;
    let longest = beside_a_backup(&place, async {
        Migrator::up(&db, None).await.unwrap();
    })
    .await;
    assert!(longest > Duration::from_secs(5), "{longest:?}");
    db.close().await.unwrap();
    place.close().await;
}
