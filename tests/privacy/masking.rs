//! The table of who sees what, held against every page of the API as everybody.

use chrono::TimeDelta;
use entity::ids::{AccountId, CommunityId};
use entity::words::{CallOutcome, Lang, ProviderKind, ProviderState, Role};
use entity::{
    account, account_role, assessment, call, complaint, household, provider, resident, shopkeeper,
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use yinling::privacy::masking::{Field, ROLES, Shown, TABLE};

use crate::both;
use crate::support::House;
use crate::support::client::Client;
use crate::support::plans::ten_in;

/// What stands in the mother's file, so that it is found wherever it is shown.
const NAME: &str = "欧阳慧兰";
const SHORT: &str = "欧阳奶奶";
const FLAT: &str = "9907";

/// The words by which a field is recognised in an answer.
fn words(field: Field) -> &'static [&'static str] {
    match field {
        Field::Name => &[NAME],
        Field::Door => &["2单元9907"],
        Field::Phone => &["19900001111", "19900002222"],
        Field::BirthDate => &["1938-02-17"],
        Field::Ability => &["ASSESSOR-OF-HERS", "\"ability_level\":2"],
        Field::KnockNote => &["KNOCK-THREE-TIMES"],
        Field::SafetyNote => &["HARD-OF-HEARING"],
        Field::RelativePhone => &["19900003333"],
        Field::Calls => &["SAID-ON-THE-TELEPHONE", "19900004444"],
        Field::Complaints => &["WHAT-SHE-COMPLAINED-OF"],
        Field::Help => &["THE-TAP-DRIPS"],
    }
}

/// Writes the words into the mother's file and around it; gives what paths need to be filled with.
pub async fn marked(house: &House) -> Vec<(&'static str, String)> {
    let at = &house.at;
    house
        .alter(resident::ActiveModel {
            id: Set(at.mother),
            name: Set(NAME.into()),
            phone: Set(Some("19900001111".into())),
            birth_date: Set("1938-02-17".parse().unwrap()),
            knock_note: Set(Some("KNOCK-THREE-TIMES".into())),
            safety_note: Set(Some("HARD-OF-HEARING".into())),
            ability_assessor: Set(Some("ASSESSOR-OF-HERS".into())),
            ..Default::default()
        })
        .await;
    house
        .alter(household::ActiveModel {
            id: Set(at.mothers_home),
            flat: Set(FLAT.into()),
            entrance: Set(2),
            phone: Set(Some("19900002222".into())),
            ..Default::default()
        })
        .await;
    house
        .alter(account::ActiveModel {
            id: Set(at.son),
            phone: Set(Some("19900003333".into())),
            ..Default::default()
        })
        .await;
    let now = house.clock.now();
    let community = CommunityId(1);
    house
        .add(assessment::ActiveModel {
            community_id: Set(community),
            resident_id: Set(at.mother),
            level: Set(2),
            assessed_on: Set("2026-05-01".parse().unwrap()),
            assessor: Set("ASSESSOR-OF-HERS".into()),
            valid_until: Set(Some("2028-05-01".parse().unwrap())),
            recorded_by: Set(Some(at.clerk)),
            created_at: Set(now),
            ..Default::default()
        })
        .await;
    house
        .add(call::ActiveModel {
            community_id: Set(community),
            clerk_id: Set(at.clerk),
            number: Set(Some("19900004444".into())),
            household_id: Set(Some(at.mothers_home)),
            resident_id: Set(Some(at.mother)),
            started_at: Set(now - TimeDelta::hours(2)),
            ended_at: Set(Some(now - TimeDelta::hours(2))),
            outcome: Set(Some(CallOutcome::Callback)),
            note: Set(Some("SAID-ON-THE-TELEPHONE".into())),
            ..Default::default()
        })
        .await;
    let mut daughter = house.enter(at.daughter).await;
    let booked = daughter
        .post(
            &format!("/api/residents/{}/bookings", at.mother),
            json!({"service": "MEAL", "start": ten_in(1), "if_unserved": "tray"}),
        )
        .await
        .created();
    // Now it is less than a day until then.
    house.clock.set(now + TimeDelta::hours(2));
    let asked = daughter
        .post(
            "/api/help-requests",
            json!({"resident_id": at.mother, "kind": "water", "level": "ordinary", "what": "THE-TAP-DRIPS"}),
        )
        .await
        .created();
    let complained = house
        .add(complaint::ActiveModel {
            community_id: Set(community),
            resident_id: Set(Some(at.mother)),
            channel: Set(entity::words::Channel::Web),
            taken_by: Set(at.daughter),
            what: Set("WHAT-SHE-COMPLAINED-OF".into()),
            state: Set(entity::words::ComplaintState::Taken),
            created_at: Set(now),
            version: Set(1),
            ..Default::default()
        })
        .await;
    daughter
        .post(&format!("/api/residents/{}/erasure", at.mother), json!({}))
        .await
        .created();
    vec![
        ("/api/residents/{id}", at.mother.to_string()),
        ("/api/roll/{id}", at.mother.to_string()),
        ("/api/households/{id}", at.mothers_home.to_string()),
        ("/api/visits/{id}", booked["visit"]["visit_id"].to_string()),
        (
            "/api/bookings/{id}",
            booked["visit"]["booking_id"].to_string(),
        ),
        ("/api/help-requests/{id}", asked["id"].to_string()),
        ("/api/complaints/{id}", complained.id.to_string()),
        ("/api/helpers/{id}", at.chen.to_string()),
        ("/api/providers/{id}", "1".into()),
        ("/api/panel/months/{month}", "2026-11".into()),
        ("/api/supply/months/{month}", "2026-11".into()),
        ("/api/bench/months/{month}", "2026-11".into()),
        ("/api/series/{id}", "1".into()),
        ("/api/station/sessions/{id}", "1".into()),
        ("/api/time-accounts/{id}", "1".into()),
        ("/api/plans/{id}", "1".into()),
        ("/api/roll/imports/{id}", "1".into()),
    ]
}

/// Somebody at a merchant's counter.
pub async fn shopkeeper(house: &House) -> AccountId {
    let merchant = house
        .add(provider::ActiveModel {
            community_id: Set(CommunityId(1)),
            kind: Set(ProviderKind::Merchant),
            name: Set("滨湖照相馆".into()),
            phone: Set("07103222222".into()),
            state: Set(ProviderState::Active),
            ..Default::default()
        })
        .await;
    let account = house
        .add(account::ActiveModel {
            community_id: Set(merchant.community_id),
            name: Set("店员".into()),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(house.clock.now()),
            ..Default::default()
        })
        .await;
    let role = account_role::ActiveModel {
        account_id: Set(account.id),
        role: Set(Role::Shopkeeper),
    };
    let counter = shopkeeper::ActiveModel {
        account_id: Set(account.id),
        provider_id: Set(merchant.id),
    };
    house.add(role).await;
    house.add(counter).await;
    account.id
}

/// Every page that can be asked for, filled in.
fn pages(fill: &[(&'static str, String)]) -> Vec<String> {
    let document: Value =
        serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, ways) in document["paths"].as_object().unwrap() {
        // The first answers for ever; the others are secret addresses of somebody's own.
        let apart = ["/api/events", "/api/feeds/{file}", "/api/rate/{token}"];
        if ways.get("get").is_none() || apart.contains(&path.as_str()) {
            continue;
        }
        let mut asked = path.clone();
        if let Some((pattern, value)) = fill.iter().find(|(pattern, _)| path.starts_with(pattern)) {
            let (_, name) = pattern.split_once('{').unwrap();
            asked = asked.replace(&format!("{{{name}"), value);
        }
        asked = asked.replace("{paper}", "1");
        assert!(!asked.contains('{'), "say how {path} is filled");
        let query = match path.as_str() {
            "/api/residents/{id}/times" => "?service=MEAL",
            "/api/providers/services" => "?kind=merchant",
            "/api/providers/{id}/settlement" | "/api/providers/{id}/settlement/workbook" => {
                "?month=2026-11"
            }
            _ => "",
        };
        found.push(asked + query);
    }
    assert!(found.len() > 70, "{}", found.len());
    found
}

/// What somebody is answered, page by page. The file of everything is what its name says, and left out: who may have it is
/// tested with the roles.
async fn answers(client: &mut Client, pages: &[String]) -> Vec<(String, String)> {
    let mut answers = Vec::new();
    for page in pages.iter().filter(|page| !page.ends_with("/export")) {
        let reply = client.get(page).await;
        assert_ne!(reply.status.as_u16(), 500, "{page}: {}", reply.text);
        if reply.status.is_success() {
            answers.push((page.clone(), reply.text));
        }
    }
    for (room, typed) in [("households", "9907"), ("roll", "oyhl")] {
        let reply = client.search(room, typed).await;
        if reply.status.is_success() {
            answers.push((format!("/api/{room}/search"), reply.text));
        }
    }
    answers
}

/// The pages on which one of the words stands.
fn shown<'a>(answers: &'a [(String, String)], words: &[&str]) -> Vec<&'a str> {
    answers
        .iter()
        .filter(|(_, text)| words.iter().any(|word| text.contains(word)))
        .map(|(page, _)| page.as_str())
        .collect()
}

both!(
    every_page_shows_each_role_what_the_table_says,
    async |house: &House| {
        let fill = marked(house).await;
        let pages = pages(&fill);
        let at = &house.at;
        let shop = shopkeeper(house).await;
        let people = [
            (Role::Coordinator, at.coordinator),
            (Role::Clerk, at.clerk),
            (Role::Admin, at.admin),
            (Role::GridOfficer, at.officer),
            (Role::PanelMember, at.panel),
            (Role::Helper, at.chen_account),
            (Role::Family, at.daughter),
            (Role::Shopkeeper, shop),
        ];
        let mut wrong = Vec::new();
        for (column, (role, account)) in people.into_iter().enumerate() {
            assert_eq!(ROLES[column], role);
            let answers = answers(&mut house.enter(account).await, &pages).await;
            for (field, row) in TABLE {
                let found = shown(&answers, words(field));
                let may = !matches!(row[column], Shown::Never | Shown::Part);
                if may == found.is_empty() {
                    wrong.push(format!("{role:?} {field:?} {:?}: {found:?}", row[column]));
                }
                if row[column] == Shown::Part {
                    let part = shown(&answers, &[SHORT]);
                    assert!(!part.is_empty(), "{role:?} is not told whom to visit");
                }
            }
        }
        // A family that does not know her, and a volunteer who does not visit her, see nothing at all.
        for account in [at.stranger, at.sun_account] {
            let answers = answers(&mut house.enter(account).await, &pages).await;
            for (field, _) in TABLE {
                let found = shown(&answers, words(field));
                if !found.is_empty() {
                    wrong.push(format!("a stranger {field:?}: {found:?}"));
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
);

both!(
    a_helper_sees_the_door_for_a_day_around_the_visit_and_not_before,
    async |house: &House| {
        let fill = marked(house).await;
        let pages = pages(&fill);
        let mut chen = house.enter(house.at.chen_account).await;
        let now = house.clock.now();
        let around = [
            Field::Door,
            Field::Phone,
            Field::SafetyNote,
            Field::KnockNote,
        ];
        for (days, may) in [(0, true), (-3, false), (3, false)] {
            house.clock.set(now + TimeDelta::days(days));
            let answers = answers(&mut chen, &pages).await;
            for field in around {
                let found = shown(&answers, words(field));
                assert_eq!(
                    !found.is_empty(),
                    may,
                    "{field:?} after {days} days: {found:?}"
                );
            }
        }
    }
);
