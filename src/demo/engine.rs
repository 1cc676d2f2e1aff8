//! The product's own engine looks at the demonstration: it finds no broken rule, nobody for what is unfilled, and the
//! story's way out.

use chrono::{DateTime, NaiveDate, Utc};
use entity::words::VisitState;
use migration::MigratorTrait;
use sea_orm::{ConnectOptions, Database, DatabaseConnection, EntityTrait};

use super::place::COMMUNITY;
use super::rows::index;
use super::time::{self, Days};
use super::{hands::PET_VOLUNTEER, make, roll, story};
use crate::dispatch::load::{Scope, Stated, Teams, Wanted, Who, state_of};
use crate::matching::{Held, Hold, Placed, check, score_of, suggest};

fn wednesday() -> DateTime<Utc> {
    "2026-11-25T02:07:31Z".parse().unwrap()
}

async fn filled(folder: &std::path::Path) -> DatabaseConnection {
    let url = format!("sqlite:{}?mode=rwc", folder.join("demo.db").display());
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    migration::Migrator::up(&db, None).await.unwrap();
    make(wednesday(), 1, "hash").insert(&db).await.unwrap();
    db
}

async fn stated(db: &DatabaseConnection, first: NaiveDate, wanted: Option<&Wanted>) -> Stated {
    let scope = Scope {
        community: COMMUNITY,
        zone: chrono_tz::Asia::Shanghai,
        first,
        days: 1,
        who: Who::All,
        about: None,
        with_unfilled: true,
        now: wednesday(),
    };
    state_of(&Teams::default(), db, &scope, wanted)
        .await
        .unwrap()
}

fn placed(held: &Held) -> Placed {
    Placed {
        helpers: held.helpers.clone(),
        start: held.start,
    }
}

#[tokio::test]
async fn the_engine_finds_no_broken_rule_and_nobody_for_what_is_unfilled() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(folder.path()).await;
    let days = Days::around(&make(wednesday(), 1, "hash"), wednesday());
    for day in days.after_today() {
        let mut stated = stated(&db, day, None).await;
        let unfilled = stated
            .visits
            .iter()
            .filter(|row| row.state == VisitState::Unfilled);
        assert_eq!(unfilled.count(), 8);
        for at in stated.problem.visit_ixs() {
            if stated.visits[at.0].state == VisitState::Unfilled {
                let found = suggest(&stated.problem, at, 3).ranked;
                assert!(found.is_empty(), "{:?} on {day}", stated.visits[at.0]);
            }
        }
        let held: Vec<Option<Placed>> = stated
            .problem
            .visits
            .iter_mut()
            .map(|visit| {
                // What is held firmly is taken as it is: here it is judged like a proposal.
                let held = visit.held.as_mut()?;
                held.hold = Hold::Proposed;
                Some(placed(held))
            })
            .collect();
        assert!(held.iter().flatten().count() > 100);
        let mut broken = check(&stated.problem, &held);
        // What was agreed before its provider was suspended stands until somebody decides about it: the page of providers shows it.
        broken.retain(|violation| violation.rule != "provider");
        assert!(broken.is_empty(), "{day}: {broken:?}");
    }
}

#[tokio::test]
async fn nobody_can_come_to_the_mother_at_ten_unless_the_dog_is_moved() {
    let folder = tempfile::tempdir().unwrap();
    let db = filled(folder.path()).await;
    let rows = make(wednesday(), 1, "hash");
    let day = story::day(&Days::around(&rows, wednesday()));
    let ten = time::at(day, story::TEN);
    let service = entity::service::Entity::find().all(&db).await.unwrap();
    let wanted = Wanted {
        resident: rows.residents[index(roll::MOTHER.0)].clone(),
        service: service
            .into_iter()
            .find(|row| row.code == story::SERVICE)
            .unwrap(),
        window: (ten, ten),
        asked: Some(ten),
        wish: None,
    };
    let stated = stated(&db, day, Some(&wanted)).await;
    let hers = stated.wanted();
    assert!(suggest(&stated.problem, hers, 3).ranked.is_empty());
    let dog = rows
        .visits
        .iter()
        .find(|row| row.resident_id == roll::DOG_OWNER && row.starts_at == ten)
        .unwrap();
    let dog = stated.visit_ix[&dog.id];
    assert!(
        stated
            .problem
            .visit(dog)
            .held
            .as_ref()
            .is_some_and(|held| held.hold == Hold::Published)
    );
    // Everything as it is, but the dog at nine or at eleven and she at ten: both stand, and more is served.
    let held: Vec<Option<Placed>> = stated
        .problem
        .visits
        .iter()
        .map(|visit| visit.held.as_ref().map(placed))
        .collect();
    for hour in [9, 11] {
        let mut plan = held.clone();
        plan[dog.0].as_mut().unwrap().start = stated.seconds(time::at(day, hour * 60));
        plan[hers.0] = Some(Placed {
            helpers: vec![stated.helper_ix[&PET_VOLUNTEER]],
            start: stated.seconds(ten),
        });
        assert!(check(&stated.problem, &plan).is_empty(), "{hour}");
        assert!(score_of(&stated.problem, &plan) < score_of(&stated.problem, &held));
    }
}
