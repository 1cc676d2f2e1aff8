//! The demonstration compound, in memory at many moments and in a database.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::time::Instant;

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};
use entity::words::{AssignmentState, HelperKind, Lang, Role, Standing, VisitState};
use migration::MigratorTrait;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait, PaginatorTrait,
    TransactionTrait,
};

use super::rows::{Rows, index};
use super::time::{self, Days};
use super::{checks, make, people, seed, story};
use super::{hands::PET_VOLUNTEER, roll};
use crate::catalogue::categories::category_word;

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A Wednesday, 10:07 in the compound.
fn wednesday() -> DateTime<Utc> {
    moment("2026-11-25T02:07:31Z")
}

fn on_day(rows: &Rows, day: NaiveDate) -> usize {
    rows.visits
        .iter()
        .filter(|visit| time::date(visit.starts_at) == day)
        .count()
}

#[test]
fn the_compound_has_its_size() {
    let rows = make(wednesday(), 1, "hash");
    assert_eq!(rows.residents.len(), 876);
    assert_eq!(rows.services.len(), 199);
    for service in &rows.services {
        let english = category_word(&service.category, Lang::En);
        assert!(english.is_ascii(), "{english} has no English word");
    }
    assert_eq!(rows.skills.len(), 61);
    assert_eq!(rows.grids.len(), 4);
    assert!(rows.grids.iter().all(|grid| grid.officer_id.is_some()));
    assert_eq!(rows.buildings.len(), 40);
    let count = |kind| rows.helpers.iter().filter(|row| row.kind == kind).count();
    assert_eq!(
        (count(HelperKind::Volunteer), count(HelperKind::Staff)),
        (80, 27)
    );
    let standing = |standing| {
        rows.providers
            .iter()
            .filter(|row| row.standing == standing)
            .count()
    };
    // The team, the company and twelve merchants, one of them suspended; and applicants at every step.
    assert_eq!(
        (standing(Standing::Approved), standing(Standing::Suspended)),
        (13, 1)
    );
    for other in [
        Standing::Applied,
        Standing::Checked,
        Standing::Refused,
        Standing::Ended,
    ] {
        assert_eq!(standing(other), 1, "{other:?}");
    }
    let today = time::date(wednesday());
    let (mut lapsed, mut expiring) = (0, 0);
    for provider in &rows.providers {
        let papers: Vec<_> = rows
            .provider_papers
            .iter()
            .filter(|paper| paper.provider_id == provider.id)
            .cloned()
            .collect();
        lapsed += crate::providers::lapsed(&papers, today).len();
        expiring += crate::providers::expiring(&papers, today).len();
    }
    assert_eq!((lapsed, expiring), (1, 1), "papers to be renewed");
    // Every partner has its two, and one applicant its first.
    assert_eq!(rows.provider_approvals.len(), 2 * 14 + 1);
    let told = |action: &str| {
        let of = rows.audits.iter().filter(|row| row.action == action);
        of.count()
    };
    assert_eq!((told("suspended"), told("resumed")), (2, 1));
    assert_eq!(told("applied"), rows.providers.len());
    assert_eq!(rows.provider_prices.len(), 7);
    let office = |role| {
        rows.account_roles
            .iter()
            .filter(|row| row.role == role)
            .count()
    };
    assert_eq!(
        (
            office(Role::Clerk),
            office(Role::Coordinator),
            office(Role::Admin)
        ),
        (3, 2, 1)
    );
    assert_eq!(
        (office(Role::GridOfficer), office(Role::PanelMember)),
        (4, 5)
    );
    assert!((300..=301).contains(&office(Role::Family)));
    checks::services_can_be_given(&rows);
}

#[test]
fn ages_and_prices_are_believable() {
    let rows = make(wednesday(), 1, "hash");
    let year = |row: &entity::resident::Model| 2026 - row.birth_date.year();
    let share = |from: i32, to: i32| {
        let count = rows
            .residents
            .iter()
            .filter(|row| (from..to).contains(&year(row)))
            .count();
        count * 100 / rows.residents.len()
    };
    assert!((35..=52).contains(&share(60, 70)), "{}", share(60, 70));
    assert!((28..=42).contains(&share(70, 80)), "{}", share(70, 80));
    assert!((12..=24).contains(&share(80, 90)), "{}", share(80, 90));
    assert!(share(90, 120) <= 6);
    for row in &rows.residents {
        assert!(row.ability_level.unwrap_or(0) == 0 || row.ability_valid_until.is_some());
        assert_eq!(row.initials.len(), row.name.chars().count());
    }
    let price = |code: &str, kind| {
        let id = rows
            .services
            .iter()
            .find(|row| row.code == code)
            .unwrap()
            .id;
        rows.offers
            .iter()
            .find(|row| row.service_id == id && row.kind == kind)
            .map(|row| row.price_fen)
    };
    assert_eq!(price("MEA02", HelperKind::Volunteer), Some(1200));
    assert_eq!(price("GRM01", HelperKind::Volunteer), Some(0));
    assert_eq!(price("GRM01", HelperKind::Merchant), Some(1500));
    assert_eq!(price("ERR02", HelperKind::Merchant), Some(500));
    assert_eq!(price("ERR02", HelperKind::Staff), None);
    let home: BTreeSet<_> = rows.residents.iter().map(|row| row.household_id).collect();
    assert_eq!(home.len(), rows.households.len(), "no empty household");
}

#[test]
fn the_same_seed_gives_the_same_rows() {
    assert!(make(wednesday(), 7, "hash") == make(wednesday(), 7, "hash"));
    assert!(make(wednesday(), 7, "hash") != make(wednesday(), 8, "hash"));
}

#[test]
fn every_state_is_there_in_the_middle_of_a_day() {
    let rows = make(wednesday(), 1, "hash");
    let mut counts: BTreeMap<VisitState, usize> = BTreeMap::new();
    for visit in &rows.visits {
        *counts.entry(visit.state).or_default() += 1;
    }
    assert_eq!(counts.len(), 10, "{counts:?}");
    let done = counts[&VisitState::Completed];
    let past = rows
        .visits
        .iter()
        .filter(|visit| visit.ends_at <= wednesday())
        .count();
    assert!(done * 100 >= past * 85, "{counts:?}");
    assert!(counts[&VisitState::Unfilled] >= 35, "{counts:?}");
    let pairs = rows.visits.iter().filter(|visit| visit.crew_size == 2);
    assert!(
        pairs
            .filter(|visit| visit.state == VisitState::Completed)
            .count()
            > 0
    );
    let paused = rows
        .visits
        .iter()
        .filter(|visit| visit.state == VisitState::Paused);
    let whose: BTreeSet<_> = paused.clone().map(|visit| visit.resident_id).collect();
    assert!(
        paused.count() >= 2 && whose.len() == 1,
        "one resident in hospital"
    );
    let open = rows.callbacks.iter().filter(|row| row.done_at.is_none());
    assert_eq!(open.clone().count(), 4);
    assert_eq!(open.filter(|row| row.due_at < wednesday()).count(), 1);
    assert_eq!(rows.change_requests.len(), 2);
}

/// Night, early morning, evening, weekends, the eve of long holidays, and years without a known calendar.
#[test]
fn all_rules_hold_whenever_it_is_made() {
    for (n, text) in [
        "2026-11-25T02:07:31Z",
        "2026-11-23T16:30:00Z",
        "2026-11-28T00:20:00Z",
        "2026-11-29T09:03:00Z",
        "2026-12-31T13:00:00Z",
        "2027-02-04T07:00:00Z",
        "2027-02-08T02:00:00Z",
        "2026-10-03T04:00:00Z",
        "2029-04-30T04:00:00Z",
    ]
    .into_iter()
    .enumerate()
    {
        let now = moment(text);
        let rows = make(now, n as u64, "hash");
        checks::hard_rules(&rows);
        checks::claims(&rows);
        checks::times(&rows, now);
        checks::links(&rows);
        the_story_stands(&rows, now);
        for day in Days::around(&rows, now).all() {
            let visits = on_day(&rows, day);
            let least = if day.weekday().number_from_monday() >= Weekday::Sat.number_from_monday() {
                120
            } else {
                140
            };
            assert!(
                (least..=180).contains(&visits),
                "{visits} on {day} seen from {text}"
            );
        }
    }
}

fn the_story_stands(rows: &Rows, now: DateTime<Utc>) {
    let days = Days::around(rows, now);
    let day = story::day(&days);
    let service = rows
        .services
        .iter()
        .find(|row| row.code == story::SERVICE)
        .unwrap();
    let kinds: Vec<_> = rows
        .offers
        .iter()
        .filter(|row| row.service_id == service.id)
        .map(|row| row.kind)
        .collect();
    assert_eq!(kinds, [HelperKind::Volunteer]);
    let holders: Vec<_> = rows
        .helper_skills
        .iter()
        .filter(|row| row.skill_id == service.skill_id)
        .map(|row| row.helper_id)
        .collect();
    assert_eq!(holders, [PET_VOLUNTEER]);
    let on_it: Vec<_> = rows
        .assignments
        .iter()
        .filter(|row| row.helper_id == PET_VOLUNTEER && time::date(row.starts_at) == day)
        .collect();
    assert_eq!(on_it.len(), 1);
    assert_eq!(on_it[0].state, AssignmentState::Offered);
    let visit = &rows.visits[index(on_it[0].visit_id.0)];
    assert_eq!((visit.state, visit.pinned), (VisitState::Offered, false));
    assert_eq!(visit.starts_at, time::at(day, 600));
    assert_eq!(
        (visit.window_from, visit.window_to),
        (time::at(day, 540), time::at(day, 690))
    );
    assert!((visit.starts_at - now).num_hours() >= i64::from(service.lead_time_hours) + 2);
    let mother = &rows.residents[index(roll::MOTHER.0)];
    let level = mother.ability_level.unwrap();
    assert!((service.ability_min..=service.ability_max).contains(&level));
    // Before or after hers there is room for both, with the walk between.
    let walk = crate::compound::walking_seconds(
        roll::door(rows, mother.household_id),
        roll::door(rows, rows.residents[index(roll::DOG_OWNER.0)].household_id),
    );
    assert!(walk <= 15 * 60, "{walk}");
    let hers = rows
        .visits
        .iter()
        .filter(|row| row.resident_id == roll::MOTHER);
    let clash = |row: &&entity::visit::Model| {
        row.starts_at < time::at(day, 640) && time::at(day, 600) < row.ends_at
    };
    assert_eq!(hers.clone().filter(clash).count(), 0);
    assert!(hers.clone().any(|row| row.state == VisitState::Completed));
    assert!(
        hers.clone()
            .any(|row| row.state == VisitState::Accepted && row.starts_at > now)
    );
}

#[test]
fn everybody_of_the_one_tap_entry_can_sign_in_and_has_something_to_see() {
    let now = wednesday();
    let rows = make(now, 1, "hash");
    for person in people() {
        let account = rows
            .accounts
            .iter()
            .find(|row| row.login.as_deref() == Some(person.login))
            .unwrap();
        assert_eq!(account.password_hash.as_deref(), Some("hash"));
        assert_eq!(person.login, format!("demo-{}", person.kind));
    }
    let logins: Vec<_> = rows
        .accounts
        .iter()
        .filter_map(|row| row.login.clone())
        .collect();
    assert_eq!(logins.iter().collect::<BTreeSet<_>>().len(), logins.len());
    for kind in ["volunteer", "staff", "merchant"] {
        let login = format!("demo-{kind}");
        let account = rows
            .accounts
            .iter()
            .find(|row| row.login.as_deref() == Some(&login))
            .unwrap();
        let helper = rows
            .helpers
            .iter()
            .find(|row| row.account_id == account.id)
            .unwrap();
        let today = |row: &&entity::assignment::Model| {
            row.helper_id == helper.id && time::date(row.starts_at) == time::date(now)
        };
        let states: BTreeSet<_> = rows
            .assignments
            .iter()
            .filter(today)
            .filter(|row| row.starts_at > now)
            .map(|row| row.state)
            .collect();
        assert!(!states.is_empty(), "{kind} has nothing today");
        if kind == "volunteer" {
            assert!(
                states.contains(&AssignmentState::Offered)
                    && states.contains(&AssignmentState::Accepted)
            );
        }
    }
}

#[test]
fn the_station_has_a_session_in_each_state() {
    use entity::words::{Attendance, SessionState, SignupState};
    let rows = make(wednesday(), 1, "hash");
    assert_eq!(rows.station_rooms.len(), 4);
    for state in [
        SessionState::Open,
        SessionState::Held,
        SessionState::Cancelled,
    ] {
        assert!(
            rows.station_sessions.iter().any(|row| row.state == state),
            "{state:?}"
        );
    }
    let waiting = rows
        .station_signups
        .iter()
        .filter(|row| row.state == SignupState::Waiting);
    assert_eq!(waiting.count(), 3);
    let missing = rows
        .station_signups
        .iter()
        .filter(|row| row.attendance == Some(Attendance::NoShow));
    assert_eq!(missing.count(), 2);
    let paid: HashSet<_> = rows
        .session_payments
        .iter()
        .map(|row| row.signup_id)
        .collect();
    assert_eq!(paid.len(), 4, "who came to the class that costs something");
    assert!(
        rows.station_signups
            .iter()
            .any(|row| row.call_what.is_some())
    );
    let seated = rows
        .station_signups
        .iter()
        .filter(|row| row.state == SignupState::Seated);
    assert_eq!(seated.count(), rows.station_seats.len());
}

#[test]
fn hours_vouchers_and_money_have_something_to_show() {
    let rows = make(wednesday(), 1, "hash");
    assert_eq!(
        rows.vouchers.iter().map(|row| row.value_fen).sum::<i64>(),
        3_000_000
    );
    assert!(rows.voucher_uses.len() > 300);
    let volunteers = rows
        .time_accounts
        .iter()
        .filter(|row| row.helper_id.is_some());
    assert_eq!(volunteers.count(), 80);
    let of_visits = rows
        .time_entries
        .iter()
        .filter(|row| row.visit_id.is_some());
    assert!(of_visits.count() > 50);
    assert_eq!(rows.shopkeepers.len(), 12);
    assert!(rows.payment_lines.len() > 100);
}

async fn fills(db: &DatabaseConnection) {
    migration::Migrator::up(db, None).await.unwrap();
    let started = Instant::now();
    let txn = db.begin().await.unwrap();
    let seeded = seed(&txn, wednesday(), 1, "hash").await.unwrap();
    txn.commit().await.unwrap();
    let took = started.elapsed();
    println!("{seeded:?} in {} ms", took.as_millis());
    assert!(cfg!(debug_assertions) || took.as_secs() < 5, "{took:?}");
    assert_eq!(
        entity::resident::Entity::find().count(db).await.unwrap(),
        876
    );
    let rows = make(wednesday(), 1, "hash");
    let mut read: Vec<_> = entity::visit::Entity::find().all(db).await.unwrap();
    read.sort_by_key(|row| row.id);
    assert!(read == rows.visits, "what is written is read back");
    assert_eq!(
        entity::helper_slot::Entity::find().count(db).await.unwrap(),
        rows.slots.len() as u64
    );
    let wrong = crate::timebank::check::disagreements(db).await.unwrap();
    assert_eq!(wrong, Vec::<String>::new(), "the time bank adds up");
    let wrong = crate::money::check::disagreements(db).await.unwrap();
    assert_eq!(wrong, Vec::<String>::new(), "every price is paid");
    // The next row gets the next number.
    let call = entity::call::ActiveModel {
        id: sea_orm::NotSet,
        ..entity::call::ActiveModel::from(rows.calls[0].clone())
    };
    let made = entity::call::Entity::insert(call).exec(db).await.unwrap();
    assert_eq!(made.last_insert_id.0, rows.calls.len() as i64 + 1);
}

#[tokio::test]
async fn it_fills_a_sqlite_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "sqlite:{}?mode=rwc",
        folder.path().join("demo.db").display()
    );
    let mut options = ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    fills(&Database::connect(options).await.unwrap()).await;
}

/// With `YINLING_TEST_POSTGRES` set to the address of a server's maintenance database.
#[tokio::test]
async fn it_fills_a_postgres_database() {
    let Ok(server) = std::env::var("YINLING_TEST_POSTGRES") else {
        return;
    };
    let admin = Database::connect(&server).await.unwrap();
    let name = format!("yinling_demo_{}", std::process::id());
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    let db = Database::connect(format!("{base}/{name}")).await.unwrap();
    fills(&db).await;
    db.close().await.unwrap();
    admin
        .execute_unprepared(&format!("DROP DATABASE {name}"))
        .await
        .unwrap();
}

#[test]
fn consent_stands_in_each_state_and_somebody_looked() {
    use crate::consent::ConsentState;
    let rows = make(wednesday(), 1, "hash");
    let states: BTreeSet<_> = rows
        .consents
        .iter()
        .map(|row| format!("{:?}", ConsentState::of(Some(row), 1)))
        .collect();
    for state in [
        ConsentState::Given,
        ConsentState::Refused,
        ConsentState::Withdrawn,
    ] {
        assert!(states.contains(&format!("{state:?}")), "{state:?}");
    }
    let mut once = BTreeSet::new();
    assert!(
        rows.consents
            .iter()
            .all(|row| once.insert((row.resident_id, row.purpose))),
        "one answer a purpose counts"
    );
    let asked: BTreeSet<_> = rows.consents.iter().map(|row| row.resident_id).collect();
    assert!(
        asked.len() < rows.residents.len(),
        "some are still to be asked"
    );
    assert!(rows.looks.len() > 3);
    // The mother of the one-tap family shows consent, refusal to be asked and looks in one file.
    let mother = entity::ids::ResidentId(1);
    let hers = rows.consents.iter().filter(|row| row.resident_id == mother);
    assert!(hers.count() > 2);
    assert!(rows.looks.iter().any(|row| row.resident_id == mother));
    let waiting: BTreeSet<_> = rows
        .erasures
        .iter()
        .map(|row| format!("{:?}", row.state))
        .collect();
    assert_eq!(
        waiting.into_iter().collect::<Vec<_>>(),
        ["Asked", "Checked"],
        "one for the first look, one for the second"
    );
}
