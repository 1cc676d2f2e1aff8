//! Hours: earned once with a visit, given, donated, redeemed, taken back; never below zero, whatever happens at once.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::HelperId;
use entity::words::{Kinship, TimeEntryKind, TimeHolder};
use entity::{family_member, helper, time_account, time_entry};
use futures::future::join_all;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use sea_orm::{ActiveValue::Set, ConnectionTrait, EntityTrait};
use serde_json::{Value, json};
use yinling::store::Guard;
use yinling::timebank::books::{Books, Holder, Occasion, Posting};
use yinling::timebank::{CAP_MIN, check, transfers};

use crate::both;
use crate::support::control::goes_wrong;
use crate::support::{House, On};

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

/// A game of chess at the mother's tomorrow at ten, done by 陈志强. Leaves the clock at its end.
pub async fn chess(house: &House) -> i64 {
    let mut daughter = house.enter(house.at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": "CHESS", "start": ten(), "if_unserved": "refuse"}),
        )
        .await
        .created();
    let visit = booked["visit"]["visit_id"].as_i64().unwrap();
    let mut chen = house.enter(house.at.chen_account).await;
    chen.post(
        &format!("/api/visits/{visit}/answer"),
        json!({"answer": "accept"}),
    )
    .await
    .ok();
    house.clock.set(ten());
    chen.post(&format!("/api/visits/{visit}/arrive"), json!({}))
        .await
        .ok();
    house.clock.set(ten() + TimeDelta::hours(1));
    chen.post(&format!("/api/visits/{visit}/finish"), json!({}))
        .await
        .ok();
    visit
}

/// 陈志强 is the mother's son-in-law of sorts: hours may go to her.
async fn make_close(house: &House) {
    house
        .add(family_member::ActiveModel {
            community_id: Set(community(house).await),
            account_id: Set(house.at.chen_account),
            resident_id: Set(house.at.mother),
            relation: Set(Kinship::Son),
            can_book: Set(false),
            wants_mail: Set(false),
            ..Default::default()
        })
        .await;
}

async fn community(house: &House) -> entity::ids::CommunityId {
    helper::Entity::find_by_id(house.at.chen)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .community_id
}

fn hours_of(helper: HelperId) -> String {
    format!("/api/helpers/{helper}/hours")
}

/// Puts minutes into an account as a carried-over deposit.
pub async fn deposit(house: &House, holder: Holder, minutes: i64) {
    let occasion = Occasion {
        community: community(house).await,
        at: house.clock.now(),
        by: None,
    };
    house
        .app
        .store
        .write(move |txn| {
            Box::pin(async move {
                let held = [holder, Holder::Earned];
                let mut books = Books::open(txn, Guard::On, occasion, &held).await?;
                let (from, to) = (books.account(Holder::Earned)?.id, books.account(holder)?.id);
                books
                    .post(Posting::new(TimeEntryKind::Deposit, from, to, minutes))
                    .await
            })
        })
        .await
        .unwrap();
}

async fn adds_up(house: &House) {
    let found = check::disagreements(house.app.store.read()).await.unwrap();
    assert_eq!(found, Vec::<String>::new());
}

both!(
    a_visit_earns_once_and_every_page_shows_the_same_hours,
    async |house: &House| {
        let at = &house.at;
        let visit = chess(house).await;
        let mut chen = house.enter(at.chen_account).await;
        // Said twice, earned once.
        chen.post(&format!("/api/visits/{visit}/finish"), json!({}))
            .await
            .ok();
        let hours = chen.get(&hours_of(at.chen)).await.ok();
        assert_eq!(hours["statement"]["closing_min"], 60);
        assert_eq!(hours["statement"]["lines"].as_array().unwrap().len(), 1);
        assert_eq!(hours["statement"]["lines"][0]["kind"], "deposit");
        assert_eq!(hours["statement"]["lines"][0]["service"], "陪下象棋");
        let day = chen
            .get(&format!("/api/helpers/{}/day", at.chen))
            .await
            .ok();
        assert_eq!(day["minutes_this_month"], hours["this_month_min"]);
        assert_eq!(hours["this_month_min"], 60);
        let mut desk = house.enter(at.clerk).await;
        let bank = desk.get("/api/time-accounts").await.ok();
        assert_eq!(bank["accounts"][0]["balance_min"], 60);
        let all: i64 = ["common", "accounts"]
            .iter()
            .flat_map(|list| bank[*list].as_array().unwrap())
            .map(|row| row["balance_min"].as_i64().unwrap())
            .sum();
        assert_eq!(all, 0);
        adds_up(house).await;
    }
);

both!(ones_own_household_earns_nothing, async |house: &House| {
    house
        .alter(helper::ActiveModel {
            id: Set(house.at.chen),
            home_id: Set(Some(house.at.mothers_home)),
            ..Default::default()
        })
        .await;
    let mother = entity::resident::Entity::find_by_id(house.at.mother)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    let chen = helper::Entity::find_by_id(house.at.chen)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(chen.home_id, Some(mother.household_id));
    let service = entity::service::Entity::find()
        .all(house.app.store.read())
        .await
        .unwrap()
        .into_iter()
        .find(|row| row.code == "CHESS")
        .unwrap();
    // The engine does not send him, so the rule itself is asked.
    let visit = entity::visit::Model {
        id: entity::ids::VisitId(1),
        community_id: mother.community_id,
        booking_id: entity::ids::BookingId(1),
        resident_id: mother.id,
        service_id: service.id,
        state: entity::words::VisitState::Completed,
        starts_at: ten(),
        ends_at: ten() + TimeDelta::hours(1),
        window_from: ten(),
        window_to: ten(),
        asked_start: ten(),
        duration_min: 60,
        priority: 3,
        crew_size: 1,
        price_fen: Some(0),
        wish_helper_id: None,
        absence_id: None,
        pinned: false,
        version: 1,
        unfilled_zh: None,
        unfilled_en: None,
        unfilled_since: None,
        override_reason: None,
        checked_in_at: None,
        completed_at: None,
        finish_note: None,
        problem_kind: None,
        problem_note: None,
        problem_at: None,
        created_at: ten(),
    };
    use yinling::timebank::earned;
    assert_eq!(earned(&service, &visit, &mother, &chen), None);
    let elsewhere = helper::Model {
        home_id: None,
        ..chen.clone()
    };
    assert_eq!(earned(&service, &visit, &mother, &elsewhere), Some(60));
    let paid = helper::Model {
        kind: entity::words::HelperKind::Staff,
        ..elsewhere
    };
    assert_eq!(earned(&service, &visit, &mother, &paid), None);
});

both!(
    a_volunteers_service_that_is_no_mutual_aid_earns_nothing,
    async |house: &House| {
        let service = entity::service::Entity::find()
            .all(house.app.store.read())
            .await
            .unwrap()
            .into_iter()
            .find(|row| row.code == "CHESS")
            .unwrap();
        house
            .alter(entity::service::ActiveModel {
                id: Set(service.id),
                credit: Set(false),
                ..Default::default()
            })
            .await;
        chess(house).await;
        let mut chen = house.enter(house.at.chen_account).await;
        let hours = chen.get(&hours_of(house.at.chen)).await.ok();
        assert_eq!(hours["this_month_min"], 0);
        assert_eq!(hours["statement"]["closing_min"], 0);
        assert_eq!(hours["statement"]["lines"], json!([]));
        adds_up(house).await;
    }
);

both!(
    a_gift_goes_to_close_family_and_not_beyond_the_balance,
    async |house: &House| {
        let at = &house.at;
        deposit(house, Holder::Helper(at.chen), 90).await;
        let mut chen = house.enter(at.chen_account).await;
        let gifts = format!("{}/gifts", hours_of(at.chen));
        let gift = |minutes: i64| json!({"resident_id": at.mother, "minutes": minutes});
        let told = chen
            .post(&gifts, gift(30))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "resident_id");
        make_close(house).await;
        let told = chen
            .post(&gifts, gift(91))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "minutes");
        assert!(told["detail"].as_str().unwrap().contains("1 小时 30 分钟"));
        for bad in [0, -30, i64::MAX] {
            chen.post(&gifts, gift(bad))
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let hours = chen.get(&hours_of(at.chen)).await.ok();
        assert_eq!(hours["statement"]["closing_min"], 90, "nothing half done");
        let after = chen.post_once(&gifts, gift(90), "g1").await.created();
        assert_eq!(after["statement"]["closing_min"], 0);
        // Sent twice, given once.
        let again = chen.post_once(&gifts, gift(90), "g1").await.created();
        assert_eq!(after, again);
        let mut daughter = house.enter(at.daughter).await;
        let hers = daughter
            .get(&format!("/api/residents/{}/hours", at.mother))
            .await
            .ok();
        assert_eq!(hers["closing_min"], 90);
        adds_up(house).await;
    }
);

both!(
    hours_pay_for_a_visit_once_and_a_mistake_is_taken_back,
    async |house: &House| {
        let at = &house.at;
        let visit = chess(house).await;
        make_close(house).await;
        let mut chen = house.enter(at.chen_account).await;
        chen.post(
            &format!("{}/gifts", hours_of(at.chen)),
            json!({"resident_id": at.mother, "minutes": 60}),
        )
        .await
        .created();
        let mut daughter = house.enter(at.daughter).await;
        let path = format!("/api/residents/{}/hours/redemptions", at.mother);
        let body = json!({"visit_id": visit});
        let mut son = house.enter(at.son).await;
        son.post(&path, body.clone())
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let tries = (0..8).map(|_| {
            let (mut client, path, body) = (daughter.clone(), path.clone(), body.clone());
            tokio::spawn(async move { client.post(&path, body).await })
        });
        let mut won = 0;
        for reply in join_all(tries).await {
            let reply = reply.unwrap();
            match reply.status {
                StatusCode::CREATED => won += 1,
                _ => drop(reply.refused(StatusCode::CONFLICT, "not-now")),
            }
        }
        assert_eq!(won, 1);
        let hers = daughter
            .get(&format!("/api/residents/{}/hours", at.mother))
            .await
            .ok();
        assert_eq!(hers["closing_min"], 0);
        let entry = hers["lines"][1]["entry_id"].clone();
        let reversal = format!("/api/time-entries/{entry}/reversal");
        let why = json!({"reason": "记错人了"});
        let mut office = house.enter(at.coordinator).await;
        office
            .post(&reversal, json!({"reason": " "}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let back = office.post(&reversal, why.clone()).await.created();
        assert_eq!(back["closing_min"], 60);
        assert_eq!(back["lines"][1]["reversed"], true);
        office
            .post(&reversal, why.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let itself = back["lines"][2]["entry_id"].clone();
        office
            .post(&format!("/api/time-entries/{itself}/reversal"), why.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // Taken back, it can be redeemed rightly.
        daughter.post(&path, body).await.created();
        // What was given on can no longer be taken back from the volunteer.
        let chens = chen.get(&hours_of(at.chen)).await.ok();
        let first = chens["statement"]["lines"][0]["entry_id"].clone();
        office
            .post(&format!("/api/time-entries/{first}/reversal"), why)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        adds_up(house).await;
    }
);

both!(
    what_is_earned_beyond_the_cap_is_donated,
    async |house: &House| {
        let at = &house.at;
        deposit(house, Holder::Helper(at.chen), CAP_MIN - 20).await;
        chess(house).await;
        let mut chen = house.enter(at.chen_account).await;
        let hours = chen.get(&hours_of(at.chen)).await.ok();
        assert_eq!(hours["statement"]["closing_min"], CAP_MIN);
        assert_eq!(hours["this_month_min"], 60);
        let last = &hours["statement"]["lines"][2];
        assert_eq!(last["kind"], "donation");
        assert_eq!(last["minutes"], -40);
        adds_up(house).await;
    }
);

both!(a_statement_adds_up_on_every_page, async |house: &House| {
    let at = &house.at;
    for minutes in 1..=47 {
        deposit(house, Holder::Helper(at.chen), minutes).await;
    }
    let mut chen = house.enter(at.chen_account).await;
    chen.post(
        &format!("{}/donations", hours_of(at.chen)),
        json!({"minutes": 100}),
    )
    .await
    .created();
    let (mut path, mut expected, mut pages, mut lines) =
        (hours_of(at.chen), Value::from(47 * 48 / 2 - 100), 0, 0);
    loop {
        let page = chen.get(&path).await.ok()["statement"].clone();
        assert_eq!(page["closing_min"], expected, "pages join");
        let mut sum = page["opening_min"].as_i64().unwrap();
        for line in page["lines"].as_array().unwrap() {
            sum += line["minutes"].as_i64().unwrap();
            assert_eq!(line["balance_min"], sum);
            lines += 1;
        }
        assert_eq!(page["closing_min"], sum);
        expected = page["opening_min"].clone();
        pages += 1;
        match page["older"].as_i64() {
            Some(older) => path = format!("{}?before={older}", hours_of(at.chen)),
            None => break,
        }
    }
    assert_eq!((pages, lines), (3, 48));
    assert_eq!(expected, 0);
});

both!(
    the_database_itself_refuses_edits_and_debts,
    async |house: &House| {
        deposit(house, Holder::Helper(house.at.chen), 30).await;
        let db = house.app.store.read();
        for sql in [
            "UPDATE time_entry SET minutes = 300",
            "DELETE FROM time_entry",
            "INSERT INTO time_entry (community_id, kind, at, from_account_id, to_account_id, minutes, from_after_min, to_after_min) \
             SELECT community_id, kind, at, from_account_id, from_account_id, minutes, 0, 0 FROM time_entry",
            "INSERT INTO time_entry (community_id, kind, at, from_account_id, to_account_id, minutes, from_after_min, to_after_min) \
             SELECT community_id, kind, at, from_account_id, to_account_id, -1, 0, 0 FROM time_entry",
            "UPDATE time_account SET balance_min = -1 WHERE holder = 'helper'",
        ] {
            assert!(db.execute_unprepared(sql).await.is_err(), "{sql}");
        }
        adds_up(house).await;
    }
);

/// How many tasks move minutes at once, and how often each.
const TASKS: u64 = 10;
const MOVES: usize = 30;

/// Moves minutes at random: deposits, gifts, donations, redemptions, reversals; whatever is refused is refused.
async fn one_task(house: &House, seed: u64) -> usize {
    let mut rng = StdRng::seed_from_u64(seed);
    let (helpers, residents) = (
        [house.at.chen, house.at.liu, house.at.zhou],
        [house.at.mother, house.at.father_in_law],
    );
    let store = &house.app.store;
    let (guard, community) = (store.guard(), community(house).await);
    let mut refused = 0;
    for _ in 0..MOVES {
        let helper = helpers[rng.random_range(0..3)];
        let resident = residents[rng.random_range(0..2)];
        let (what, minutes) = (rng.random_range(0..5), rng.random_range(1..120_i64));
        let pick: u64 = rng.random_range(0..1_000_000);
        let occasion = Occasion {
            community,
            at: house.clock.now(),
            by: None,
        };
        let done = store
            .write(move |txn| {
                Box::pin(async move {
                    let (from, to, kind) = match what {
                        0 => (
                            Holder::Earned,
                            Holder::Helper(helper),
                            TimeEntryKind::Deposit,
                        ),
                        1 => (
                            Holder::Helper(helper),
                            Holder::Resident(resident),
                            TimeEntryKind::Gift,
                        ),
                        2 => (
                            Holder::Helper(helper),
                            Holder::Pool,
                            TimeEntryKind::Donation,
                        ),
                        3 => (
                            Holder::Resident(resident),
                            Holder::Spent,
                            TimeEntryKind::Redeem,
                        ),
                        _ => return reverse_any(txn, guard, occasion, pick).await,
                    };
                    let mut books = Books::open(txn, guard, occasion, &[from, to]).await?;
                    let (from, to) = (books.account(from)?.id, books.account(to)?.id);
                    books
                        .post(Posting::new(kind, from, to, minutes))
                        .await
                        .map(drop)
                })
            })
            .await;
        match done {
            Ok(()) => {}
            Err(yinling::error::Error::Refused(_)) => refused += 1,
            Err(other) => panic!("{other}"),
        }
    }
    refused
}

async fn reverse_any(
    txn: &sea_orm::DatabaseTransaction,
    guard: Guard,
    occasion: Occasion,
    pick: u64,
) -> yinling::error::Result<()> {
    let entries = time_entry::Entity::find().all(txn).await?;
    if entries.is_empty() {
        return Ok(());
    }
    let at = usize::try_from(pick).unwrap() % entries.len();
    transfers::reverse(txn, guard, occasion, entries[at].id, "试".into())
        .await
        .map(drop)
}

/// The sum over all accounts, and the lowest balance of one that must not be below zero, reckoned from the entries.
async fn look(house: &House) -> (i64, i64) {
    let db = house.app.store.read();
    let kept: i64 = time_account::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .map(|row| row.balance_min)
        .sum();
    let entries = time_entry::Entity::find().all(db).await.unwrap();
    let lowest = time_account::Entity::find()
        .all(db)
        .await
        .unwrap()
        .iter()
        .filter(|row| row.holder != TimeHolder::Earned)
        .map(|row| {
            let side = |id, sign: i64| if id == row.id { sign } else { 0 };
            entries
                .iter()
                .map(|entry| {
                    entry.minutes * (side(entry.to_account_id, 1) + side(entry.from_account_id, -1))
                })
                .sum::<i64>()
        })
        .min()
        .unwrap_or(0);
    (kept, lowest)
}

/// Lets the tasks loose and looks meanwhile; gives the worst sum and the lowest balance that any look saw.
async fn storm(house: &House) -> (i64, i64, usize) {
    let tasks = join_all((0..TASKS).map(|seed| one_task(house, seed)));
    let looks = async {
        let (mut sum, mut lowest) = (0, 0);
        for _ in 0..20 {
            let seen = look(house).await;
            sum = sum.max(seen.0.abs());
            lowest = lowest.min(seen.1);
            tokio::task::yield_now().await;
        }
        (sum, lowest)
    };
    let (refused, (sum, lowest)) = tokio::join!(tasks, looks);
    let last = look(house).await;
    (
        sum.max(last.0.abs()),
        lowest.min(last.1),
        refused.iter().sum(),
    )
}

async fn guarded(on: On) {
    let house = House::open(on).await;
    let (sum, lowest, refused) = storm(&house).await;
    assert_eq!(sum, 0, "the sum over all accounts at every look");
    assert_eq!(lowest, 0, "no balance below zero at any look");
    assert!(
        refused > 0,
        "nothing was ever refused, so nothing was tried"
    );
    adds_up(&house).await;
    house.close().await;
}

/// The control: the same storm with nothing judged. If this found no debt, the storm above would show nothing.
async fn unguarded(on: On) {
    goes_wrong(on, "a balance falls below zero", async |house| {
        let (_, lowest, _) = storm(house).await;
        let found = check::disagreements(house.app.store.read()).await.unwrap();
        assert!(lowest >= 0 || !found.is_empty(), "the check notices");
        lowest < 0
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_transfers_keeps_the_books_on_sqlite() {
    guarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_storm_of_transfers_keeps_the_books_on_postgres() {
    guarded(On::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_guard_the_storm_makes_debts_on_sqlite() {
    unguarded(On::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_the_guard_the_storm_makes_debts_on_postgres() {
    unguarded(On::Postgres).await;
}
