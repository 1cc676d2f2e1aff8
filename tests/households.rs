//! Finding a household while the telephone rings: by number, initials, name or door.

use axum::http::StatusCode;
use entity::ids::{AccountId, ResidentId};
use entity::words::ResidentState;
use entity::{account, resident};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::Client;

pub async fn find(client: &mut Client, text: &str) -> Vec<Value> {
    let hits = client.search("households", text).await.ok();
    hits.as_array().unwrap().clone()
}

/// The doors that were found, in their order, each with what found it.
pub async fn doors(client: &mut Client, text: &str) -> Vec<(String, String)> {
    let word = |hit: &Value, member: &str| hit[member].as_str().unwrap().to_owned();
    find(client, text)
        .await
        .iter()
        .map(|hit| (word(hit, "door"), word(hit, "matched")))
        .collect()
}

pub const MOTHERS: &str = "3栋2单元501";
const SECOND: &str = "5栋1单元201";
const THIRD: &str = "5栋1单元202";

fn found(doors: &[&str], by: &str) -> Vec<(String, String)> {
    doors
        .iter()
        .map(|door| ((*door).to_owned(), by.to_owned()))
        .collect()
}

pub async fn set_phone(house: &House, account: AccountId, phone: &str) {
    house
        .alter(account::ActiveModel {
            id: Set(account),
            phone: Set(Some(phone.into())),
            ..Default::default()
        })
        .await;
}

async fn set_state(house: &House, resident: ResidentId, state: ResidentState) {
    house
        .alter(resident::ActiveModel {
            id: Set(resident),
            state: Set(state),
            ..Default::default()
        })
        .await;
}

both!(
    the_callers_number_finds_the_household_and_who_lives_there,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for text in [
            "07103210001",
            "0710 321 0001",
            "0710-3210001",
            "(0710)3210001",
            "０７１０３２１０００１",
            "3210001",
            "321-0001",
            "10001",
        ] {
            let hits = find(&mut clerk, text).await;
            assert_eq!(
                hits,
                [json!({
                    "id": house.at.mothers_home,
                    "door": MOTHERS,
                    "phone": "07103210001",
                    "grid": "3号网格",
                    "matched": "number",
                    "residents": [{
                        "id": house.at.mother,
                        "name": "王桂芳",
                        "short_name": "王奶奶",
                        "age": 85,
                        "sex": "female",
                        "living_word": "独居",
                        "ability_level": 2,
                    }],
                })],
                "{text}"
            );
        }
        let english = find(&mut clerk.clone().english(), "3210001").await;
        assert_eq!(english[0]["residents"][0]["short_name"], "Grandma 王");
        assert_eq!(english[0]["residents"][0]["living_word"], "lives alone");
    }
);

both!(
    a_number_finds_by_its_last_digits_and_its_own_line_first,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        // Every resident's own telephone ends like the mother's household's.
        assert_eq!(
            doors(&mut clerk, "0001").await,
            found(&[MOTHERS, SECOND, THIRD], "number")
        );
        assert_eq!(
            doors(&mut clerk, "00001").await,
            found(&[MOTHERS, SECOND, THIRD], "number")
        );
        set_phone(house, house.at.stranger, "13907103210").await;
        set_phone(house, house.at.daughter, "07103210003").await;
        // The line of one household, and of the daughter of two others.
        assert_eq!(
            doors(&mut clerk, "07103210003").await,
            found(&[MOTHERS, SECOND, THIRD], "number")
        );
        assert_eq!(
            doors(&mut clerk, "13907103210").await,
            found(&[THIRD], "number")
        );
        assert_eq!(
            doors(&mut clerk, "+86 139 0710 3210").await,
            found(&[THIRD], "number")
        );
        // A line as long as another's end: the whole number comes before the last digits.
        set_phone(house, house.at.stranger, "9993210001").await;
        assert_eq!(
            doors(&mut clerk, "3210001").await,
            found(&[MOTHERS, THIRD], "number")
        );
    }
);

both!(
    a_relatives_line_is_known_with_the_area_and_without,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for kept in ["3334444", "07103334444"] {
            set_phone(house, house.at.son, kept).await;
            for text in ["3334444", "07103334444"] {
                assert_eq!(
                    doors(&mut clerk, text).await,
                    found(&[MOTHERS], "number"),
                    "{text} of {kept}"
                );
            }
        }
    }
);

both!(
    initials_and_names_find_the_better_fit_first,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        for text in ["wgf", "WGF", "w", "ｗｇ", "w.g.f"] {
            assert_eq!(
                doors(&mut clerk, text).await,
                found(&[MOTHERS], "initials"),
                "{text}"
            );
        }
        for text in ["王桂芳", "王", "桂芳", "王奶奶", " 王 桂芳 "] {
            assert_eq!(
                doors(&mut clerk, text).await,
                found(&[MOTHERS], "name"),
                "{text}"
            );
        }
        assert_eq!(doors(&mut clerk, "李爷爷").await, found(&[SECOND], "name"));
        for text in ["王爷爷", "李奶奶", "gf"] {
            assert_eq!(doors(&mut clerk, text).await, [], "{text}");
        }
        // 王桂 lives further back than 王桂芳, and is nevertheless whom 王桂 means.
        house
            .alter(resident::ActiveModel {
                id: Set(house.at.neighbour),
                name: Set("王桂".into()),
                initials: Set("wg".into()),
                ..Default::default()
            })
            .await;
        assert_eq!(
            doors(&mut clerk, "王桂").await,
            found(&[THIRD, MOTHERS], "name")
        );
        assert_eq!(
            doors(&mut clerk, "wg").await,
            found(&[THIRD, MOTHERS], "initials")
        );
        assert_eq!(
            doors(&mut clerk, "王").await,
            found(&[MOTHERS, THIRD], "name")
        );
    }
);

both!(a_door_is_found_however_it_is_said, async |house: &House| {
    let mut clerk = house.enter(house.at.clerk).await;
    for text in [
        "3-2-501",
        "3栋2单元501",
        "三栋二单元五零一",
        "3号楼501",
        "3-501",
        "3501",
        "32501",
        "501",
        "3栋",
        "3",
    ] {
        assert_eq!(
            doors(&mut clerk, text).await,
            found(&[MOTHERS], "door"),
            "{text}"
        );
    }
    for text in ["5", "5栋", "5-1", "5栋1单元"] {
        assert_eq!(
            doors(&mut clerk, text).await,
            found(&[SECOND, THIRD], "door"),
            "{text}"
        );
    }
    for text in ["3-1-501", "7栋", "5栋2单元", "50", "1501"] {
        assert_eq!(doors(&mut clerk, text).await, [], "{text}");
    }
});

both!(
    who_left_the_roll_is_not_found_and_their_door_stands_empty,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        set_state(house, house.at.neighbour, ResidentState::Paused).await;
        assert_eq!(doors(&mut clerk, "赵敏").await, found(&[THIRD], "name"));
        set_phone(house, house.at.stranger, "13911112222").await;
        for gone in [ResidentState::Moved, ResidentState::Died] {
            set_state(house, house.at.neighbour, gone).await;
            for text in ["赵敏", "zm", "13911112222"] {
                assert_eq!(doors(&mut clerk, text).await, [], "{text}");
            }
            let hits = find(&mut clerk, "5-1-202").await;
            assert_eq!(hits[0]["door"], THIRD);
            assert_eq!(hits[0]["residents"], json!([]));
        }
    }
);

both!(
    nonsense_finds_nothing_and_breaks_nothing,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let nothing = clerk.post("/api/households/search", json!({})).await;
        assert_eq!(nothing.ok(), json!([]));
        let (long_name, long_number) = ("王".repeat(5_000), "1".repeat(5_000));
        for text in [
            "",
            "   ",
            "查无此人",
            "zzz",
            "99-9-999",
            "%",
            "_",
            "%%%",
            "3%2%501",
            "'; DROP TABLE resident; --",
            "🙂🙂",
            "\u{202e}",
            "((((",
            "奶奶",
            "-",
            "0",
            &long_name,
            &long_number,
        ] {
            assert_eq!(
                find(&mut clerk, text).await,
                Vec::<Value>::new(),
                "{text:?}"
            );
        }
        clerk
            .search("households", "王\0")
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        // 40 characters are read: the rest is not part of what was meant.
        let name_then_gaps = format!("王桂芳{}查无此人", " ".repeat(37));
        assert_eq!(
            doors(&mut clerk, &name_then_gaps).await,
            found(&[MOTHERS], "name")
        );
        for path in [
            "/api/households/abc",
            "/api/households/-1",
            "/api/households/99999999999999999999999",
            "/api/residents/abc",
            "/api/residents/0",
            "/api/residents/99999999999999999999999/visits",
        ] {
            clerk
                .get(path)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);
