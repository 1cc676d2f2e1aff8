//! Limits on tries: against a guesser, and never against the owner.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entity::{known_source, sign_in_try};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use yinling::app::App;

use crate::both;
use crate::support::client::{Client, Reply};
use crate::support::control::goes_wrong;
use crate::support::fixture::PASSWORD;
use crate::support::{House, On};

async fn sign_in(client: &mut Client, login: &str, password: &str) -> Reply {
    client
        .post(
            "/api/session",
            json!({"login": login, "password": password}),
        )
        .await
}

async fn wrong(house: &House, address: &str, login: &str) -> Reply {
    let mut door = house.stranger().at(address);
    sign_in(&mut door, login, "not the password").await
}

fn seconds(reply: &Reply) -> i64 {
    reply.headers[header::RETRY_AFTER]
        .to_str()
        .unwrap()
        .parse()
        .unwrap()
}

both!(
    many_addresses_against_one_login_are_stopped_and_its_owner_comes_in,
    async |house: &House| {
        let home = "192.0.2.1";
        let mut owner = house.stranger().at(home);
        sign_in(&mut owner, "clerk", PASSWORD).await.ok();
        for guess in 0..30 {
            wrong(house, &format!("198.51.100.{guess}"), "clerk")
                .await
                .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        }
        for guess in 30..60 {
            let reply = wrong(house, &format!("198.51.100.{guess}"), "clerk").await;
            assert_eq!(seconds(&reply), 3_600);
            reply.refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        }
        // Not even the right password helps from there, and at home it does.
        let mut thief = house.stranger().at("203.0.113.1");
        sign_in(&mut thief, "clerk", PASSWORD)
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        let mut owner = house.stranger().at(home);
        sign_in(&mut owner, "clerk", "a slip of the finger")
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        sign_in(&mut owner, "clerk", PASSWORD).await.ok();
        // Somebody else is not concerned, and after the hour nobody is.
        let mut other = house.stranger().at("203.0.113.1");
        sign_in(&mut other, "coordinator", PASSWORD).await.ok();
        house.clock.set(House::morning() + TimeDelta::hours(1));
        sign_in(&mut thief, "clerk", PASSWORD).await.ok();
    }
);

both!(
    where_somebody_got_in_counts_as_known_for_thirty_days,
    async |house: &House| {
        let mut owner = house.stranger().at("192.0.2.1");
        sign_in(&mut owner, "clerk", PASSWORD).await.ok();
        for days in [29, 60] {
            house
                .clock
                .set(House::morning() + TimeDelta::days(days) + TimeDelta::hours(2));
            for guess in 0..30 {
                wrong(house, &format!("198.51.100.{guess}"), "clerk").await;
            }
            let mut owner = house.stranger().at("192.0.2.1");
            let reply = sign_in(&mut owner, "clerk", PASSWORD).await;
            // At 29 days she is known, and known anew for thirty; at 60 that is over.
            let wanted = if days == 29 {
                StatusCode::OK
            } else {
                StatusCode::TOO_MANY_REQUESTS
            };
            assert_eq!(reply.status, wanted, "{days} days");
        }
    }
);

both!(
    from_a_new_place_a_link_lets_the_owner_in_and_makes_it_known,
    async |house: &House| {
        for guess in 0..30 {
            wrong(house, &format!("198.51.100.{guess}"), "coordinator").await;
        }
        let mut away = house.stranger().at("203.0.113.1");
        sign_in(&mut away, "coordinator", PASSWORD)
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        let token = crate::accounts::link(house, house.at.coordinator, 9).await;
        away.post(&format!("/api/links/{}/open", token.text()), json!({}))
            .await
            .ok();
        sign_in(&mut away, "coordinator", PASSWORD).await.ok();
    }
);

both!(
    one_address_against_many_logins_is_stopped,
    async |house: &House| {
        let guesser = "198.51.100.7";
        for guess in 0..60 {
            wrong(house, guesser, &format!("somebody-{guess}"))
                .await
                .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        }
        let reply = wrong(house, guesser, "somebody-else").await;
        assert_eq!(seconds(&reply), 15 * 60);
        let told = reply.refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        // A login that exists is refused in the same words.
        let same = wrong(house, guesser, "clerk")
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        assert_eq!(told, same);
        sign_in(&mut house.stranger().at("192.0.2.1"), "clerk", PASSWORD)
            .await
            .ok();
    }
);

both!(
    a_login_that_exists_and_one_that_does_not_are_refused_alike,
    async |house: &House| {
        let mut told = Vec::new();
        for login in ["clerk", "nobody-here"] {
            let mut answers = Vec::new();
            for _ in 0..8 {
                let reply = wrong(house, "198.51.100.9", login).await;
                let wait = reply.headers.get(header::RETRY_AFTER).cloned();
                answers.push((reply.status, wait, reply.text));
            }
            told.push(answers);
        }
        assert_eq!(told[0], told[1]);
        assert_eq!(told[0][5].0, StatusCode::UNAUTHORIZED);
        assert_eq!(told[0][6].0, StatusCode::TOO_MANY_REQUESTS);
    }
);

both!(several_processes_share_the_counts, async |house: &House| {
    let other = house.another().await;
    let mut doors = [
        house.stranger().at("198.51.100.7"),
        Client::new(&other).at("198.51.100.7"),
    ];
    for guess in 0..6 {
        sign_in(&mut doors[guess % 2], "clerk", "not the password")
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
    }
    for door in &mut doors {
        sign_in(door, "clerk", PASSWORD)
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
    }
    assert_eq!(forty_at_once(house, &other).await, (6, 34));
});

/// Forty guesses at once at two processes: how many were tried, and how many stopped.
async fn forty_at_once(house: &House, other: &App) -> (usize, usize) {
    let at_once = (0..40).map(|guess| {
        let app = if guess % 2 == 0 { &house.app } else { other };
        let mut door = Client::new(app).at("198.51.100.8");
        async move {
            sign_in(&mut door, "coordinator", "not the password")
                .await
                .status
        }
    });
    let answers = futures::future::join_all(at_once).await;
    let tried = answers
        .iter()
        .filter(|status| **status == StatusCode::UNAUTHORIZED)
        .count();
    let stopped = answers
        .iter()
        .filter(|status| **status == StatusCode::TOO_MANY_REQUESTS)
        .count();
    (tried, stopped)
}

/// The control: where tries are not counted before they are made, all forty are.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_counting_all_forty_are_tried() {
    goes_wrong(On::Postgres, "more than six are tried", async |house| {
        let other = house.another().await;
        forty_at_once(house, &other).await.0 > 6
    })
    .await;
}

both!(
    asking_for_links_has_limits_of_its_own,
    async |house: &House| {
        for (address, times) in [("daughter@family.example", 5), ("nobody@family.example", 5)] {
            for turn in 0..=times {
                let mut door = house.stranger().at(&format!("198.51.100.{turn}"));
                let reply = door.post("/api/links", json!({"address": address})).await;
                if turn < times {
                    reply.expect(StatusCode::ACCEPTED);
                } else {
                    assert_eq!(seconds(&reply), 3_600);
                    reply.refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
                }
            }
        }
        let mut door = house.stranger().at("203.0.113.5");
        for turn in 0..21 {
            let token = format!("{turn:0>64}");
            let reply = door
                .post(&format!("/api/links/{token}/renew"), json!({}))
                .await;
            let wanted = if turn < 20 {
                StatusCode::ACCEPTED
            } else {
                StatusCode::TOO_MANY_REQUESTS
            };
            assert_eq!(reply.status, wanted, "{turn}");
        }
    }
);

both!(
    the_own_password_cannot_be_guessed_at_an_open_page,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let change = json!({"old": "not the password", "new": "四把雨伞放在门后面了"});
        for _ in 0..6 {
            clerk
                .put("/api/me/password", change.clone())
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        clerk
            .put(
                "/api/me/password",
                json!({"old": PASSWORD, "new": "四把雨伞放在门后面了"}),
            )
            .await
            .refused(StatusCode::TOO_MANY_REQUESTS, "too-many");
        // The way in is another count.
        sign_in(&mut house.stranger(), "clerk", PASSWORD).await.ok();
    }
);

both!(counts_and_places_go_by_themselves, async |house: &House| {
    sign_in(&mut house.stranger().at("192.0.2.1"), "clerk", PASSWORD)
        .await
        .ok();
    wrong(house, "192.0.2.2", "clerk").await;
    let db = house.app.store.read();
    assert_eq!(known_source::Entity::find().count(db).await.unwrap(), 1);
    assert!(sign_in_try::Entity::find().count(db).await.unwrap() >= 3);
    house.clock.set(House::morning() + TimeDelta::days(32));
    yinling::privacy::retention::night::turn(&house.app)
        .await
        .unwrap();
    assert_eq!(known_source::Entity::find().count(db).await.unwrap(), 0);
    assert_eq!(sign_in_try::Entity::find().count(db).await.unwrap(), 0);
});

both!(
    a_known_and_an_unknown_login_cost_the_same_work,
    async |house: &House| {
        // Four are at the house's desk; each is tried from an address of its own, and so is one that does not exist.
        let mut work = Vec::new();
        for (number, login) in ["clerk", "coordinator", "nobody", "somebody-else"]
            .into_iter()
            .enumerate()
        {
            let before = house.app.hashing.done();
            for guess in 0..5 {
                wrong(house, &format!("198.51.{number}.{guess}"), login).await;
            }
            work.push(house.app.hashing.done() - before);
        }
        assert_eq!(work, [5, 5, 5, 5]);
    }
);

/// Prints what a clock sees: 200 tries each, in turn, so that whatever else the machine does meets both alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement: run alone, with --run-ignored only --no-capture"]
async fn the_time_of_an_answer_tells_no_login() {
    for on in [On::Sqlite, On::Postgres] {
        let house = House::open(on).await;
        let [known, unknown] = medians(&house, ["clerk", "nobody"]).await;
        house.close().await;
        let off = known.abs_diff(unknown) * 10_000 / known;
        println!(
            "{on:?}: known {known} us, unknown {unknown} us, {}.{:02} % apart",
            off / 100,
            off % 100
        );
        assert!(off <= 500, "{on:?}: {off}");
    }
}

/// The median of what 200 wrong tries of each login take, in microseconds.
async fn medians(house: &House, logins: [&str; 2]) -> [u128; 2] {
    let mut spent = [Vec::new(), Vec::new()];
    for guess in 0..200 {
        let later = TimeDelta::hours(2 * guess);
        house.clock.set(House::morning() + later);
        for (which, login) in logins.into_iter().enumerate() {
            let began = std::time::Instant::now();
            wrong(house, "198.51.100.7", login).await;
            spent[which].push(began.elapsed().as_micros());
        }
    }
    spent.map(|mut all| {
        all.sort_unstable();
        all[all.len() / 2]
    })
}
