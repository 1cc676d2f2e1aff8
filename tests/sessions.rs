//! Sessions: how long they last, and that none is worth anything after its end. Over HTTP, with cookies as they are sent.

use axum::http::{StatusCode, header};
use chrono::TimeDelta;
use entity::words::Role;
use entity::{account_role, session};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::{Client, Reply};
use crate::support::fixture::PASSWORD;

/// How often each attack is tried.
const TRIES: usize = 200;

async fn sign_in(client: &mut Client, login: &str, password: &str) -> Reply {
    client
        .post(
            "/api/session",
            json!({"login": login, "password": password}),
        )
        .await
}

async fn signed_in(house: &House, login: &str) -> Client {
    let mut browser = house.stranger();
    sign_in(&mut browser, login, PASSWORD).await.ok();
    browser
}

/// Somebody with roles of their own telephone, who has come in by a link.
async fn daughter(house: &House) -> Client {
    let mut phone = house.stranger();
    let token = crate::accounts::link(house, house.at.daughter, 77).await;
    phone
        .post(&format!("/api/links/{}/open", token.text()), json!({}))
        .await
        .ok();
    phone
}

async fn is_in(client: &mut Client) -> bool {
    let reply = client.get("/api/me").await;
    if reply.status == StatusCode::OK {
        return true;
    }
    reply.refused(StatusCode::UNAUTHORIZED, "sign-in");
    false
}

async fn rows(house: &House) -> u64 {
    session::Entity::find()
        .count(house.app.store.read())
        .await
        .unwrap()
}

both!(
    a_sign_in_of_the_office_ends_after_twelve_hours_without_use,
    async |house: &House| {
        let mut clerk = signed_in(house, "clerk").await;
        let begun = house.clock.now();
        // Each use moves the end: three working days in a row, eleven hours apart.
        for use_no in 1..=6 {
            house.clock.set(begun + TimeDelta::hours(11 * use_no));
            assert!(is_in(&mut clerk).await, "use {use_no}");
        }
        let last = house.clock.now();
        house
            .clock
            .set(last + TimeDelta::hours(12) - TimeDelta::seconds(1));
        let mut same = clerk.clone();
        assert!(is_in(&mut same).await);
        house.clock.set(house.clock.now() + TimeDelta::hours(12));
        let reply = clerk.get("/api/me").await;
        let gone = reply.headers[header::SET_COOKIE].to_str().unwrap();
        assert!(gone.starts_with("yinling=;"), "{gone}");
        reply.refused(StatusCode::UNAUTHORIZED, "sign-in");
        assert_eq!(rows(house).await, 0, "what has ended is not kept");
        // Going back in time wakes nothing.
        house.clock.set(begun);
        assert!(!is_in(&mut same).await);
    }
);

both!(
    a_sign_in_of_the_office_ends_after_seven_days_however_much_it_is_used,
    async |house: &House| {
        let mut clerk = signed_in(house, "clerk").await;
        let begun = house.clock.now();
        for hours in (6..7 * 24).step_by(6) {
            house.clock.set(begun + TimeDelta::hours(hours));
            assert!(is_in(&mut clerk).await, "{hours} hours");
        }
        house.clock.set(begun + TimeDelta::days(7));
        assert!(!is_in(&mut clerk).await);
    }
);

both!(
    a_familys_sign_in_lasts_thirty_days_without_use_and_ninety_in_all,
    async |house: &House| {
        let mut phone = daughter(house).await;
        let begun = house.clock.now();
        for days in [29, 58, 87] {
            house.clock.set(begun + TimeDelta::days(days));
            assert!(is_in(&mut phone).await, "{days} days");
        }
        house
            .clock
            .set(begun + TimeDelta::days(90) - TimeDelta::seconds(1));
        assert!(is_in(&mut phone).await);
        house.clock.set(begun + TimeDelta::days(90));
        assert!(!is_in(&mut phone).await);

        let mut idle = daughter_again(house).await;
        house.clock.set(house.clock.now() + TimeDelta::days(30));
        assert!(!is_in(&mut idle).await);
    }
);

async fn daughter_again(house: &House) -> Client {
    let mut phone = house.stranger();
    let token = crate::accounts::link(house, house.at.daughter, 78).await;
    phone
        .post(&format!("/api/links/{}/open", token.text()), json!({}))
        .await
        .ok();
    phone
}

both!(
    use_is_written_once_in_five_minutes_and_not_for_a_page_that_looks_by_itself,
    async |house: &House| {
        let mut clerk = signed_in(house, "clerk").await;
        let begun = house.clock.now();
        let seen = async || {
            session::Entity::find()
                .one(house.app.store.read())
                .await
                .unwrap()
                .unwrap()
                .seen_at
                .unwrap()
        };
        for minute in 1..5 {
            house.clock.set(begun + TimeDelta::minutes(minute));
            assert!(is_in(&mut clerk).await);
            assert_eq!(seen().await, begun);
        }
        house.clock.set(begun + TimeDelta::minutes(5));
        assert!(is_in(&mut clerk).await);
        assert_eq!(seen().await, begun + TimeDelta::minutes(5));
        // The board looks again by itself whenever something changes; nobody is there.
        let alone = begun + TimeDelta::hours(10);
        house.clock.set(alone);
        let look = axum::http::Request::get("/api/me")
            .header("yinling-unattended", "1")
            .body(axum::body::Body::empty())
            .unwrap();
        clerk.send(look).await.ok();
        assert_eq!(seen().await, begun + TimeDelta::minutes(5));
        house
            .clock
            .set(begun + TimeDelta::minutes(5) + TimeDelta::hours(12));
        assert!(!is_in(&mut clerk).await);
    }
);

both!(
    a_role_of_the_office_shortens_the_sign_in_that_is_there,
    async |house: &House| {
        let mut phone = daughter(house).await;
        let begun = house.clock.now();
        house.clock.set(begun + TimeDelta::days(8));
        assert!(is_in(&mut phone).await);
        house
            .add(account_role::ActiveModel {
                account_id: sea_orm::ActiveValue::Set(house.at.daughter),
                role: sea_orm::ActiveValue::Set(Role::Clerk),
            })
            .await;
        // Eight days are longer than an office's sign-in may be.
        assert!(!is_in(&mut phone).await);
    }
);

both!(
    a_number_planted_before_is_worthless_after,
    async |house: &House| {
        // 200 numbers that somebody made up, one that the program gave to another, and the victim signs in over each.
        let mut attacker = signed_in(house, "coordinator").await;
        let given = attacker.cookie().unwrap().to_owned();
        let mut inside = 0;
        for number in 0..TRIES {
            let planted = match number {
                0 => given.clone(),
                _ => format!("yinling={}", base64_of(number)),
            };
            let mut victim = house.stranger().with_cookie(Some(&planted));
            let token = crate::accounts::link_numbered(house, house.at.daughter, number).await;
            victim
                .post(&format!("/api/links/{token}/open"), json!({}))
                .await
                .ok();
            assert_ne!(victim.cookie(), Some(planted.as_str()));
            assert!(is_in(&mut victim).await);
            let mut thief = house.stranger().with_cookie(Some(&planted));
            inside += usize::from(is_in(&mut thief).await);
        }
        assert_eq!(inside, 0, "of {TRIES}");
        // Signing in over it ended what the attacker had planted.
        assert!(!is_in(&mut attacker).await);
    }
);

/// Sixteen bytes as the cookie spells them.
fn base64_of(number: usize) -> String {
    let mut text = format!("{number:0>20}AA");
    text.truncate(22);
    text
}

both!(
    a_cookie_kept_from_before_the_end_opens_nothing,
    async |house: &House| {
        let mut inside = Vec::new();
        for number in 0..TRIES / 20 {
            // Signed out.
            let mut clerk = signed_in(house, "clerk").await;
            let kept = clerk.cookie().unwrap().to_owned();
            clerk
                .delete("/api/session")
                .await
                .expect(StatusCode::NO_CONTENT);
            inside.push(kept);
            // Signed in again over it.
            let mut clerk = signed_in(house, "clerk").await;
            inside.push(clerk.cookie().unwrap().to_owned());
            sign_in(&mut clerk, "clerk", PASSWORD).await.ok();
            // Ended by whoever keeps the accounts.
            inside.push(clerk.cookie().unwrap().to_owned());
            let mut admin = house.enter(house.at.admin).await;
            admin
                .delete(&format!("/api/accounts/{}/sessions", house.at.clerk))
                .await
                .expect(StatusCode::NO_CONTENT);
            // Disabled, and opened again.
            let clerk = signed_in(house, "clerk").await;
            inside.push(clerk.cookie().unwrap().to_owned());
            let path = format!("/api/accounts/{}/disable", house.at.clerk);
            for disabled in [true, false] {
                admin.post(&path, json!({"disabled": disabled})).await.ok();
            }
            house
                .clock
                .set(House::morning() + TimeDelta::minutes(i64::try_from(number).unwrap()));
        }
        let mut opened = 0;
        for _ in 0..5 {
            for cookie in &inside {
                let mut thief = house.stranger().with_cookie(Some(cookie));
                opened += usize::from(is_in(&mut thief).await);
            }
        }
        assert_eq!(
            (opened, inside.len() * 5),
            (0, TRIES),
            "of so many replayed"
        );
    }
);

both!(
    another_password_ends_every_other_sign_in_and_renews_the_own,
    async |house: &House| {
        let mut own = signed_in(house, "clerk").await;
        let mut others = Vec::new();
        for _ in 0..5 {
            others.push(signed_in(house, "clerk").await);
        }
        let mut colleague = signed_in(house, "coordinator").await;
        let before = own.cookie().unwrap().to_owned();
        own.put(
            "/api/me/password",
            json!({"old": PASSWORD, "new": "四把雨伞 放在门后面"}),
        )
        .await
        .expect(StatusCode::NO_CONTENT);
        assert_ne!(own.cookie(), Some(before.as_str()));
        assert!(is_in(&mut own).await);
        assert!(is_in(&mut colleague).await);
        let mut thief = house.stranger().with_cookie(Some(&before));
        assert!(!is_in(&mut thief).await);
        for other in &mut others {
            assert!(!is_in(other).await);
        }
        sign_in(&mut house.stranger(), "clerk", PASSWORD)
            .await
            .refused(StatusCode::UNAUTHORIZED, "wrong-login");
        sign_in(&mut house.stranger(), "clerk", "四把雨伞 放在门后面")
            .await
            .ok();
        // Its time goes on from when the password was first typed.
        let begun = House::morning();
        for hours in (6..7 * 24).step_by(6) {
            house.clock.set(begun + TimeDelta::hours(hours));
            assert!(is_in(&mut own).await, "{hours}");
        }
        house.clock.set(begun + TimeDelta::days(7));
        assert!(!is_in(&mut own).await);
    }
);

both!(
    one_sees_and_ends_the_own_sign_ins_and_nobody_elses,
    async |house: &House| {
        let mut here = signed_in(house, "clerk").await;
        house.clock.set(House::morning() + TimeDelta::hours(1));
        let mut there = signed_in(house, "clerk").await;
        let mut third = signed_in(house, "clerk").await;
        let mut stranger = signed_in(house, "coordinator").await;
        let list = here.get("/api/me/sessions").await.ok();
        let list = list.as_array().unwrap();
        assert_eq!(list.len(), 3);
        let own: Vec<&Value> = list.iter().filter(|one| one["here"] == true).collect();
        assert_eq!(own.len(), 1);
        assert_eq!(own[0]["begun_at"], "2026-11-24T01:00:00Z");
        let fields: Vec<_> = own[0].as_object().unwrap().keys().collect();
        assert_eq!(fields, ["begun_at", "ends_at", "here", "id", "used_at"]);
        for one in list {
            let id = one["id"].as_str().unwrap();
            let cookie = format!("yinling={id}");
            let mut thief = house.stranger().with_cookie(Some(&cookie));
            assert!(!is_in(&mut thief).await, "what is listed is no key");
            stranger
                .delete(&format!("/api/me/sessions/{id}"))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let theirs = there.get("/api/me/sessions").await.ok();
        let id = theirs
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["here"] == true)
            .unwrap()["id"]
            .clone();
        here.delete(&format!("/api/me/sessions/{}", id.as_str().unwrap()))
            .await
            .expect(StatusCode::NO_CONTENT);
        assert!(!is_in(&mut there).await);
        assert!(is_in(&mut third).await);
        here.delete("/api/me/sessions")
            .await
            .expect(StatusCode::NO_CONTENT);
        assert!(!is_in(&mut third).await);
        assert!(is_in(&mut here).await && is_in(&mut stranger).await);
    }
);

both!(
    who_keeps_accounts_ends_all_sign_ins_of_one,
    async |house: &House| {
        let mut clerk = signed_in(house, "clerk").await;
        let mut again = signed_in(house, "clerk").await;
        let path = format!("/api/accounts/{}/sessions", house.at.clerk);
        for account in [house.at.coordinator, house.at.daughter] {
            let mut other = house.enter(account).await;
            other
                .delete(&path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut admin = house.enter(house.at.admin).await;
        admin
            .delete("/api/accounts/999999/sessions")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        admin.delete(&path).await.expect(StatusCode::NO_CONTENT);
        assert!(!is_in(&mut clerk).await && !is_in(&mut again).await);
        assert!(is_in(&mut admin).await);
        sign_in(&mut clerk, "clerk", PASSWORD).await.ok();
    }
);

both!(
    links_forged_spent_and_expired_open_nothing,
    async |house: &House| {
        let before = rows(house).await;
        let mut door = house.stranger();
        let mut inside = 0;
        for number in 0..TRIES {
            let token = crate::accounts::link_numbered(house, house.at.daughter, number).await;
            let tried = match number % 3 {
                // Forged: one letter of it is another.
                0 => {
                    let other = if token.ends_with('0') { '1' } else { '0' };
                    let mut forged = token.clone();
                    forged.pop();
                    forged.push(other);
                    forged
                }
                // Spent by somebody else.
                1 => {
                    let mut owner = house.stranger();
                    owner
                        .post(&format!("/api/links/{token}/open"), json!({}))
                        .await
                        .ok();
                    owner
                        .delete("/api/session")
                        .await
                        .expect(StatusCode::NO_CONTENT);
                    token
                }
                // Half an hour old.
                _ => {
                    house.clock.set(house.clock.now() + TimeDelta::minutes(30));
                    token
                }
            };
            let reply = door
                .post(&format!("/api/links/{tried}/open"), json!({}))
                .await;
            inside += usize::from(reply.status != StatusCode::GONE);
            assert!(!reply.headers.contains_key(header::SET_COOKIE));
        }
        assert_eq!(inside, 0, "of {TRIES}");
        assert!(!is_in(&mut door).await);
        assert_eq!(rows(house).await, before);
    }
);
