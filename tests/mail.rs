//! Mail: through the outbox, once, true when it goes; into files and to a real SMTP server.

use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};
use entity::words::{Kinship, Lang, MailKind};
use entity::{account, family_member, outbox};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::config::Settings;
use yinling::notify::route::Route;
use yinling::notify::sender::{Round, send_due};

use crate::both;
use crate::support::House;

fn ten() -> DateTime<Utc> {
    House::morning() + TimeDelta::hours(25)
}

async fn book(house: &House, service: &str) -> Value {
    book_at(house, service, ten()).await
}

async fn book_at(house: &House, service: &str, start: DateTime<Utc>) -> Value {
    let mut daughter = house.enter(house.at.daughter).await;
    daughter
        .post(
            &format!("/api/residents/{}/bookings", house.at.mother),
            json!({"service": service, "start": start, "if_unserved": "refuse"}),
        )
        .await
        .created()
}

pub fn files(house: &House) -> Route {
    Route::open(&house.app.settings).unwrap()
}

/// Every mail in the folder as it was sent, in the order of the outbox, which is the order of the names.
pub fn mails(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect()
}

pub async fn send_all(house: &House, route: &Route) -> Round {
    let mut all = Round::default();
    loop {
        let round = send_due(&house.app, route).await.unwrap();
        all.sent += round.sent;
        all.dropped += round.dropped;
        all.failed += round.failed;
        all.trouble = round.trouble.or(all.trouble);
        if round.sent + round.dropped == 0 {
            return all;
        }
    }
}

/// What a mail says, decoded.
pub fn text(mail: &str) -> String {
    let mail = mailparse::parse_mail(mail.as_bytes()).unwrap();
    mail.subparts.first().unwrap_or(&mail).get_body().unwrap()
}

/// The secret of the one-time link in a helper's mail.
pub fn token(mail: &str) -> Option<String> {
    let text = text(mail);
    let (_, rest) = text.split_once("http://yinling.test/l/")?;
    Some(
        rest.chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect(),
    )
}

both!(
    a_booking_writes_its_mails_and_the_link_in_the_offer_signs_in_once,
    async |house: &House| {
        book(house, "BATH").await;
        let round = send_all(house, &files(house)).await;
        assert_eq!(
            (round.sent, round.failed),
            (5, 0),
            "received and matched to two, one offer"
        );
        let mails = mails(&house.mail);
        assert_eq!(mails.len(), 5);
        for mail in &mails {
            let headers = mail.split("\r\n\r\n").next().unwrap();
            assert!(headers.contains("Message-ID: <"));
            assert!(headers.contains("Auto-Submitted: auto-generated"));
            assert!(!headers.contains("王"), "nothing personal in the headers");
        }
        let offer = mails.iter().find_map(|mail| token(mail)).unwrap();
        let mut phone = house.stranger();
        let opened = phone
            .post(&format!("/api/links/{offer}/open"), json!({}))
            .await
            .ok();
        assert_eq!(opened["me"]["helper_id"], house.at.sun.0);
        assert!(
            opened["goto"]
                .as_str()
                .unwrap()
                .starts_with("/helper/today?")
        );
        phone
            .get(&format!(
                "/api/helpers/{}/day?date=2026-11-25",
                house.at.sun
            ))
            .await
            .ok();
        house
            .stranger()
            .post(&format!("/api/links/{offer}/open"), json!({}))
            .await
            .refused(axum::http::StatusCode::GONE, "link-used");
        house.clock.set(ten() + TimeDelta::days(30));
        house
            .stranger()
            .post("/api/links/0000/open", json!({}))
            .await
            .refused(axum::http::StatusCode::GONE, "link-expired");
    }
);

both!(
    the_evening_before_tells_only_what_is_still_so,
    async |house: &House| {
        let first = book(house, "BATH").await;
        book(house, "MEAL").await;
        send_all(house, &files(house)).await;
        let mut clerk = house.enter(house.at.clerk).await;
        clerk
            .post(
                &format!("/api/bookings/{}/cancel", first["booking_id"]),
                json!({"reason": "不需要了"}),
            )
            .await
            .ok();
        send_all(house, &files(house)).await;
        let before = mails(&house.mail).len();
        // Six in the evening in Shanghai, the day before.
        house
            .clock
            .set(House::morning() + TimeDelta::hours(9) + TimeDelta::minutes(1));
        let round = send_all(house, &files(house)).await;
        assert_eq!(
            round.sent, 3,
            "daughter, son and the one helper of the visit that stands"
        );
        assert_eq!(round.dropped, 1, "to the helper whose day is free again");
        assert_eq!(mails(&house.mail).len(), before + 3);
    }
);

both!(
    a_visit_that_was_moved_is_told_of_on_its_new_evening,
    async |house: &House| {
        let booked = book(house, "MEAL").await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/bookings/{}/change", booked["booking_id"]),
                json!({"start": ten() + TimeDelta::days(2)}),
            )
            .await
            .ok();
        send_all(house, &files(house)).await;
        let evening = House::morning() + TimeDelta::hours(9) + TimeDelta::minutes(1);
        house.clock.set(evening);
        let round = send_all(house, &files(house)).await;
        assert_eq!((round.sent, round.dropped), (0, 3), "that day is free");
        // The son wants no more mail.
        let (son, mother) = (house.at.son, house.at.mother);
        house
            .app
            .store
            .write(move |txn| {
                Box::pin(async move {
                    family_member::Entity::update_many()
                        .col_expr(family_member::Column::WantsMail, Expr::value(false))
                        .filter(family_member::Column::AccountId.eq(son))
                        .filter(family_member::Column::ResidentId.eq(mother))
                        .exec(txn)
                        .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        house.clock.set(evening + TimeDelta::days(2));
        let round = send_all(house, &files(house)).await;
        assert_eq!((round.sent, round.dropped), (2, 1), "daughter and helper");
    }
);

both!(
    a_mail_folder_that_cannot_be_written_loses_nothing,
    async |house: &House| {
        // A file where the folder should be: as unwritable as a full disk.
        std::fs::write(&house.mail, "").unwrap();
        book(house, "BATH").await;
        let round = send_due(&house.app, &files(house)).await.unwrap();
        assert_eq!((round.sent, round.failed), (0, 5));
        let trouble = round.trouble.unwrap();
        assert!(
            trouble.contains("mail") && trouble.contains("move it away"),
            "it says where and what to do: {trouble}"
        );
        let kept = outbox::Entity::find()
            .filter(outbox::Column::LastError.is_not_null())
            .all(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(kept.len(), 5);
        assert!(
            kept.iter()
                .all(|row| !row.last_error.as_ref().unwrap().contains('@'))
        );
        assert_eq!(
            send_due(&house.app, &files(house)).await.unwrap(),
            Round::default(),
            "not before its pause is over"
        );
        std::fs::remove_file(&house.mail).unwrap();
        house.clock.set(House::morning() + TimeDelta::minutes(1));
        assert_eq!(send_all(house, &files(house)).await.sent, 5);
    }
);

both!(two_senders_send_each_mail_once, async |house: &House| {
    for at in 0..10 {
        let start = ten() + TimeDelta::days(at / 5) + TimeDelta::hours(at % 5);
        book_at(house, "MEAL", start).await;
    }
    let (one, other) = (files(house), files(house));
    let (one, other) = tokio::join!(send_all(house, &one), send_all(house, &other));
    let waiting = outbox::Entity::find()
        .filter(outbox::Column::SentAt.is_null())
        .filter(outbox::Column::DroppedAt.is_null())
        .filter(outbox::Column::Kind.ne(MailKind::EveningBefore))
        .all(house.app.store.read())
        .await
        .unwrap();
    assert_eq!(waiting, vec![]);
    assert_eq!(one.sent + other.sent, 50, "five a booking");
    assert_eq!(mails(&house.mail).len(), 50, "one file each");
    assert!(one.sent > 0 && other.sent > 0, "both took part");
});

/// What the mails to this address say.
fn mails_to(house: &House, address: &str) -> Vec<String> {
    mails(&house.mail)
        .iter()
        .filter(|mail| mail.contains(&format!("To: {address}")))
        .map(|mail| text(mail))
        .collect()
}

both!(
    a_visit_moved_within_its_day_is_reminded_of_once,
    async |house: &House| {
        let booked = book(house, "BATH").await;
        let route = files(house);
        send_all(house, &route).await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/bookings/{}/change", booked["booking_id"]),
                json!({"start": ten() + TimeDelta::hours(4)}),
            )
            .await
            .ok();
        send_all(house, &route).await;
        house
            .clock
            .set(House::morning() + TimeDelta::hours(9) + TimeDelta::minutes(1));
        let round = send_all(house, &route).await;
        assert_eq!((round.sent, round.dropped), (3, 0));
        let last = mails_to(house, "daughter@family.example").pop().unwrap();
        assert!(last.contains("11月25日（周三）14:00"), "{last}");
    }
);

both!(a_day_of_two_visits_is_one_letter, async |house: &House| {
    book(house, "MEAL").await;
    book_at(house, "BATH", ten() + TimeDelta::hours(4)).await;
    let route = files(house);
    send_all(house, &route).await;
    let before = mails_to(house, "daughter@family.example").len();
    house
        .clock
        .set(House::morning() + TimeDelta::hours(9) + TimeDelta::minutes(1));
    send_all(house, &route).await;
    let letters = mails_to(house, "daughter@family.example").split_off(before);
    let [letter] = letters.as_slice() else {
        panic!("{letters:?}");
    };
    let at = |time: &str| letter.find(time).unwrap_or_else(|| panic!("{letter}"));
    assert!(at("明天有 2 项服务") < at("11月25日（周三）10:00"));
    assert!(at("（周三）10:00") < at("（周三）14:00"), "{letter}");
});

both!(
    a_reminder_that_comes_too_late_is_none,
    async |house: &House| {
        book(house, "BATH").await;
        let route = files(house);
        send_all(house, &route).await;
        // The server was down all evening: in the morning "tomorrow" would be wrong.
        house.clock.set(ten() - TimeDelta::hours(2));
        let round = send_all(house, &route).await;
        assert_eq!((round.sent, round.dropped), (0, 3));
    }
);

both!(
    a_volunteer_who_is_family_too_reads_each_letter_as_what_it_is,
    async |house: &House| {
        let (account, resident) = (house.at.sun_account, house.at.mother);
        house
            .app
            .store
            .write(move |txn| {
                Box::pin(async move {
                    let hers = account::Entity::find_by_id(account)
                        .one(txn)
                        .await?
                        .unwrap();
                    family_member::ActiveModel {
                        community_id: Set(hers.community_id),
                        account_id: Set(account),
                        resident_id: Set(resident),
                        relation: Set(Kinship::Grandchild),
                        can_book: Set(false),
                        wants_mail: Set(true),
                        ..Default::default()
                    }
                    .insert(txn)
                    .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        book(house, "BATH").await;
        send_all(house, &files(house)).await;
        let hers = mails_to(house, "sl@helpers.example");
        assert_eq!(hers.len(), 3, "received, matched, and the offer");
        let family = hers
            .iter()
            .filter(|mail| mail.contains("/family/bookings/"))
            .count();
        let helper = hers.iter().filter(|mail| mail.contains("/l/")).count();
        assert_eq!((family, helper), (2, 1));
        assert!(!hers.iter().any(|mail| mail.contains("不用去了")));
    }
);

both!(
    whoever_need_not_come_reads_the_time_they_had_and_no_door,
    async |house: &House| {
        let booked = book(house, "BATH").await;
        let id = &booked["booking_id"];
        let route = files(house);
        send_all(house, &route).await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(
                &format!("/api/bookings/{id}/cancel"),
                json!({"reason": "住院了"}),
            )
            .await
            .ok();
        let round = send_all(house, &route).await;
        assert_eq!(round.sent, 3, "daughter, son and the helper");
        let hers = mails_to(house, "sl@helpers.example");
        let gone = hers.iter().find(|mail| mail.contains("不用去了")).unwrap();
        assert!(
            gone.contains("11月25日（周三）10:00，王奶奶家的“上门助浴”"),
            "{gone}"
        );
        for mail in &hers {
            assert!(!mail.contains("501") && !mail.contains("桂芳"), "{mail}");
        }
        assert!(hers.iter().any(|mail| mail.contains("地点：3栋，王奶奶家")));
    }
);

both!(
    in_english_a_building_is_a_building,
    async |house: &House| {
        let account = house.at.sun_account;
        house
            .app
            .store
            .write(move |txn| {
                Box::pin(async move {
                    account::ActiveModel {
                        id: Set(account),
                        lang: Set(Lang::En),
                        ..Default::default()
                    }
                    .update(txn)
                    .await?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        book(house, "BATH").await;
        send_all(house, &files(house)).await;
        let hers = mails_to(house, "sl@helpers.example").pop().unwrap();
        assert!(hers.contains("Where: Grandma 王, Building 3\r\n"), "{hers}");
        assert!(
            hers.contains("When: Wednesday, 25 November at 10:00, about 60 minutes"),
            "{hers}"
        );
    }
);

both!(
    a_mail_really_arrives_at_an_smtp_server,
    async |house: &House| {
        let server =
            std::env::var("YINLING_TEST_SMTP").expect("YINLING_TEST_SMTP: run `make test`");
        let mailbox =
            std::env::var("YINLING_TEST_MAILBOX").expect("YINLING_TEST_MAILBOX: run `make test`");
        let route = Route::open(&Settings {
            mail: server,
            ..Settings::default()
        })
        .unwrap();
        let booked = book(house, "BATH").await;
        assert_eq!(send_all(house, &route).await.sent, 5);
        let page = format!(
            "http://yinling.test/family/bookings/{}",
            booked["booking_id"]
        );
        let arrived = everything(Path::new(&mailbox));
        let hers = arrived
            .iter()
            .find(|mail| mail.contains("daughter@family.example") && text(mail).contains(&page));
        assert!(hers.is_some(), "{} mails, none of them hers", arrived.len());
    }
);

/// Every file below a folder.
fn everything(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else {
            found.extend(std::fs::read_to_string(&path));
        }
    }
    found
}
