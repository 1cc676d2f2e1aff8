//! Personal words go through every part of the program, and are looked for where they must not be: in the log, at its most
//! talkative; in the figures; in the subjects of letters. What other people are answered is walked in `privacy::masking`.

use entity::resident;
use mailparse::MailHeaderMap;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value, json};

use super::browser::Browser;
use super::place::Place;
use super::slots::desk;
use crate::support::fixture::PASSWORD;
use crate::support::{House, On};

const NAME: &str = "金丝雀";
const PHONE: &str = "13912345001";
/// What each word below begins with.
const MARK: &str = "CANARY";

/// Gives the mother of the compound a name, a number and notes that stand nowhere else.
async fn marked(place: &Place) {
    let mother = place.at().mother;
    place
        .store()
        .await
        .write(move |txn| {
            Box::pin(async move {
                resident::ActiveModel {
                    id: Set(mother),
                    name: Set(NAME.into()),
                    phone: Set(Some(PHONE.into())),
                    knock_note: Set(Some(format!("{MARK}-knock"))),
                    safety_note: Set(Some(format!("{MARK}-safety"))),
                    ..Default::default()
                }
                .update(txn)
                .await?;
                Ok(())
            })
        })
        .await
        .unwrap();
}

/// Everybody does what they do, well and badly.
async fn story(place: &Place, address: &str) {
    let mother = place.at().mother;
    let mut clerk = Browser::enter(address, "clerk").await;
    let mut daughter = Browser::enter(address, "daughter").await;
    let post = async |who: &mut Browser, path: &str, body: Value, status: u16| {
        let told = who.post(path, body, None).await.unwrap();
        assert_eq!(told.status, status, "{path}: {}", told.text);
        told
    };
    let start = House::morning() + chrono::TimeDelta::hours(25);
    let booking = json!({"service": "MEAL", "start": start, "note": format!("{MARK}-note"), "if_unserved": "tray"});
    let booked = post(&mut daughter, &desk(place), booking, 201).await.json();
    let visit = &booked["visit"]["visit_id"];
    let complaint =
        json!({"resident_id": mother, "provider_id": 1, "what": format!("{MARK}-complaint")});
    post(&mut daughter, "/api/complaints", complaint, 201).await;
    let help = json!({"resident_id": mother, "kind": "water", "level": "ordinary", "what": format!("{MARK}-help")});
    post(&mut daughter, "/api/help-requests", help, 201).await;
    let call = post(&mut clerk, "/api/calls", json!({"number": PHONE}), 201)
        .await
        .json();
    let end = json!({"outcome": "info", "note": format!("{MARK}-call")});
    clerk
        .post(&format!("/api/calls/{}/end", call["id"]), end, None)
        .await
        .unwrap();
    for path in [
        format!("/api/roll/{mother}"),
        format!("/api/residents/{mother}"),
        format!("/api/residents/{mother}/export"),
        format!("/api/visits/{visit}"),
        "/api/roll/export".into(),
        "/api/board".into(),
        format!("/api/residents/{NAME}"),
        format!("/{MARK}-page"),
    ] {
        clerk.get(&path).await.unwrap();
    }
    for (room, typed) in [("roll", NAME), ("households", PHONE), ("helpers", NAME)] {
        post(
            &mut clerk,
            &format!("/api/{room}/search"),
            json!({"q": typed}),
            200,
        )
        .await;
    }
    // What cannot be: wrong kinds, wrong sizes, wrong words, wrong passwords, links that never were.
    for body in [
        json!({"service": format!("{MARK}-service"), "start": start, "if_unserved": "tray"}),
        json!({"service": "MEAL", "start": format!("{MARK}-start"), "if_unserved": "tray"}),
        json!({"service": "MEAL", "start": start, "if_unserved": format!("{MARK}-what")}),
        json!({"service": "MEAL", "start": start, "note": MARK.repeat(200), "if_unserved": "tray"}),
        json!([NAME]),
    ] {
        let told = clerk.post(&desk(place), body, None).await.unwrap();
        assert!(
            told.status.is_client_error(),
            "{} {}",
            told.status,
            told.text
        );
    }
    let no_right = daughter.get("/api/accounts").await.unwrap();
    assert_eq!(no_right.status, 404);
    let mut nobody = Browser::new(address);
    let wrong = json!({"login": format!("{MARK}-login"), "password": format!("{MARK}-password")});
    post(&mut nobody, "/api/session", wrong, 401).await;
    let asked = json!({"address": format!("{MARK}@example.org")});
    post(&mut nobody, "/api/links", asked, 202).await;
    nobody
        .post(&format!("/api/links/{MARK}/open"), json!({}), None)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn personal_words_stand_where_they_must_and_nowhere_else() {
    let mut place = Place::open(On::Sqlite, 0).await;
    marked(&place).await;
    place.set("YINLING_LOG", "trace,hyper=debug");
    let program = place.start().await;
    story(&place, &program.address).await;
    let mut nobody = Browser::new(&program.address);
    let figures = nobody.get("/metrics").await.unwrap();
    assert!(
        figures.text.contains("yinling_requests_total"),
        "{}",
        figures.text
    );
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    assert!(program.stop().await.success());

    let log = std::fs::read_to_string(place.folder().join("log")).unwrap();
    assert!(
        log.contains("/api/residents/"),
        "requests are logged, or nothing is shown"
    );
    for told in [
        "signed in",
        "a sign-in was refused",
        "asked for what they have no right to",
    ] {
        assert!(log.contains(told), "{told}");
    }
    let words = [NAME, PHONE, MARK, PASSWORD];
    for (what, text) in [("log", &log), ("figures", &figures.text)] {
        for word in words {
            let at = text.find(word);
            let around = at.map(|at| {
                let line = text[..at].rfind('\n').map_or(0, |at| at + 1);
                text[line..].lines().next()
            });
            assert_eq!(around, None, "{word} in the {what}");
        }
    }
    let letters = std::fs::read_dir(place.folder().join("mail")).unwrap();
    let mut seen = 0;
    for letter in letters {
        let mail = std::fs::read(letter.unwrap().path()).unwrap();
        let mail = mailparse::parse_mail(&mail).unwrap();
        let subject = mail.headers.get_first_value("Subject").unwrap();
        seen += 1;
        assert!(
            !words.iter().any(|word| subject.contains(word)),
            "{subject}"
        );
    }
    assert!(seen > 0, "no letter was written");
    place.close().await;
}

/// What may stand in the query of an address besides numbers, dates and words of the description: a place in a list, the code of a
/// service, and what the office calls its file.
const FREE: [(&str, &str); 4] = [
    ("/api/roll", "after"),
    ("/api/residents/{id}/times", "service"),
    ("/api/residents/{id}/times/days", "service"),
    ("/api/roll/imports", "name"),
];

/// Addresses end in the logs of every server that passes them on: nobody's name or number is asked for in one.
#[test]
fn no_address_asks_for_words_about_somebody() {
    let document: Value =
        serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, ways) in document["paths"].as_object().unwrap() {
        for (_, operation) in ways.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            for asked in parameters.filter(|asked| asked["in"] == "query") {
                let (name, schema) = (asked["name"].as_str().unwrap(), &asked["schema"]);
                let free = schema["type"] == "string"
                    && schema.get("format").is_none()
                    && schema.get("enum").is_none();
                if free && !FREE.contains(&(path, name)) {
                    found.push(format!("{path}?{name}"));
                }
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
}
