//! The panel's month: criteria by version, sheets, interests, closing, and what follows.

use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use entity::ids::{AccountId, ProviderId};
use entity::words::{Lang, Role};
use entity::{account, account_role, helper, panel_sheet};
use futures::future::join_all;
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use yinling::quality::watch::sweep;

use crate::both;
use crate::quality_visits::{at, chess, done};
use crate::support::House;
use crate::support::client::{Client, Reply};

const NOVEMBER: &str = "/api/panel/months/2026-11";

/// The second of December, ten in the morning: November is over.
fn december() -> DateTime<Utc> {
    "2026-12-02T02:00:00Z".parse().unwrap()
}

async fn provider_of(house: &House, id: entity::ids::HelperId) -> ProviderId {
    helper::Entity::find_by_id(id)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .provider_id
}

/// Another member of the panel.
async fn member(house: &House, name: &str) -> AccountId {
    let community = account::Entity::find_by_id(house.at.panel)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .community_id;
    let row = house
        .add(account::ActiveModel {
            community_id: Set(community),
            name: Set(name.into()),
            lang: Set(Lang::Zh),
            disabled: Set(false),
            created_at: Set(House::morning()),
            ..Default::default()
        })
        .await;
    house
        .add(account_role::ActiveModel {
            account_id: Set(row.id),
            role: Set(Role::PanelMember),
        })
        .await;
    row.id
}

async fn score(client: &mut Client, provider: ProviderId, points: [i32; 5], version: i32) -> Reply {
    let body = json!({"provider_id": provider, "points": points, "note": "", "version": version});
    client.post(&format!("{NOVEMBER}/sheets"), body).await
}

fn row(month: &Value, provider: ProviderId) -> Value {
    let all = month["providers"].as_array().unwrap();
    all.iter()
        .find(|row| row["provider_id"] == json!(provider))
        .unwrap()
        .clone()
}

both!(
    members_score_a_month_is_closed_and_what_follows_is_kept,
    async |house: &House| {
        let team = provider_of(house, house.at.chen).await;
        let company = provider_of(house, house.at.sun).await;
        // One visit of the team, late by twelve minutes, rated 4, complained about.
        let visit = chess(house).await;
        at(house, 12);
        sweep(&house.app).await.unwrap();
        done(house, visit).await;
        let mut daughter = house.enter(house.at.daughter).await;
        daughter
            .post(&format!("/api/visits/{visit}/rating"), json!({"score": 4}))
            .await
            .ok();
        let body = json!({"resident_id": house.at.mother, "visit_id": visit, "what": "来晚了"});
        daughter.post("/api/complaints", body).await.created();

        house.clock.set(december());
        let mut one = house.enter(house.at.panel).await;
        let mut two = house.enter(member(house, "评议员乙").await).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let page = one.get(NOVEMBER).await.ok();
        assert_eq!(
            (&page["may_score"], &page["may_close"], &page["over"]),
            (&json!(true), &json!(false), &json!(true))
        );
        assert_eq!(page["criteria"].as_array().unwrap().len(), 5);
        assert_eq!(page["members"], 2);
        let told = score(&mut one, team, [10, 10, 10, 10, 10], 0).await.ok();
        assert_eq!(told["mine"]["score_bp"], 10_000);
        // Weights 25, 30, 20, 15, 10: half of 30 is missing.
        let told = score(&mut one, team, [10, 5, 10, 10, 10], 1).await.ok();
        assert_eq!(told["mine"]["score_bp"], 8_500);
        score(&mut one, team, [1, 1, 1, 1, 1], 1)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        score(&mut two, team, [8, 8, 8, 8, 8], 0).await.ok();
        score(&mut two, company, [5, 5, 5, 5, 5], 0).await.ok();
        assert_eq!(
            row(&one.get(NOVEMBER).await.ok(), team)["score_bp"],
            json!(null),
            "nobody is led by others"
        );
        let office = row(&coordinator.get(NOVEMBER).await.ok(), team);
        assert_eq!(
            (&office["score_bp"], &office["sheets"]),
            (&json!(8_250), &json!(2))
        );
        let figures = json!({"served": 1, "late": 1, "missed": 0, "rated": 1, "rating_tenths": 40, "complaints": 1});
        assert_eq!(office["figures"], figures);

        let close = format!("{NOVEMBER}/close");
        one.post(&close, json!({}))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let decide = format!("{NOVEMBER}/consequences");
        let reward = json!({"provider_id": team, "kind": "reward", "reason": "准时、态度好"});
        coordinator
            .post(&decide, reward.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let month = coordinator.post(&close, json!({})).await.ok();
        assert_eq!(month["closed_by"], "调度员老何");
        coordinator
            .post(&close, json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        score(&mut one, team, [0, 0, 0, 0, 0], 2)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // What happens afterwards changes nothing of it.
        daughter
            .post(&format!("/api/visits/{visit}/rating"), json!({"score": 1}))
            .await
            .ok();
        let shown = row(&one.get(NOVEMBER).await.ok(), team);
        assert_eq!(
            (&shown["score_bp"], &shown["figures"]),
            (&json!(8_250), &figures)
        );

        coordinator
            .post(
                &decide,
                json!({"provider_id": team, "kind": "reward", "reason": ""}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let told = coordinator.post(&decide, reward).await.created();
        assert_eq!(told["consequences"][0]["decided_by"], "调度员老何");
        one.post(
            &decide,
            json!({"provider_id": team, "kind": "talk", "reason": "不"}),
        )
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
        let next = row(&one.get("/api/panel/months/2026-12").await.ok(), team);
        assert_eq!(next["last_consequences"][0]["reason"], "准时、态度好");
        assert_eq!(next["last_score_bp"], 8_250);
        assert_eq!(next["consequences"], json!([]));
        let state = entity::provider::Entity::find_by_id(team)
            .one(house.app.store.read())
            .await
            .unwrap()
            .unwrap()
            .state;
        assert_eq!(
            state,
            entity::words::ProviderState::Active,
            "a record, nothing more"
        );
    }
);

both!(
    a_member_does_not_score_her_employer,
    async |house: &House| {
        let team = provider_of(house, house.at.chen).await;
        let company = provider_of(house, house.at.sun).await;
        // She is one of the team's volunteers: her account says it.
        house
            .add(account_role::ActiveModel {
                account_id: Set(house.at.chen_account),
                role: Set(Role::PanelMember),
            })
            .await;
        let mut chen = house.enter(house.at.chen_account).await;
        let told = score(&mut chen, team, [10, 10, 10, 10, 10], 0)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "provider_id");
        assert!(
            told["detail"].as_str().unwrap().contains("利害关系"),
            "{told}"
        );
        let english = score(
            &mut house.enter(house.at.chen_account).await.english(),
            team,
            [10; 5],
            0,
        )
        .await
        .json();
        assert!(
            english["detail"].as_str().unwrap().contains("interest"),
            "{english}"
        );
        let page = chen.get(NOVEMBER).await.ok();
        assert!(row(&page, team)["interest"].is_string(), "not offered");
        assert_eq!(row(&page, company)["interest"], json!(null));
        score(&mut chen, company, [10; 5], 0).await.ok();
        let mine = chen.get("/api/panel/interests").await.ok();
        assert_eq!(
            (&mine["interests"][0]["kind"], &mine["interests"][0]["id"]),
            (&json!("works"), &json!(null)),
            "it follows from the account, and is not ended by hand"
        );

        // What she declares, and what an administrator declares, holds at once, and what was given before does not count.
        let mut panel = house.enter(house.at.panel).await;
        score(&mut panel, company, [10; 5], 0).await.ok();
        let mut coordinator = house.enter(house.at.coordinator).await;
        assert_eq!(
            row(&coordinator.get(NOVEMBER).await.ok(), company)["sheets"],
            2
        );
        let declare = "/api/panel/interests";
        let new = |account: Value, kind: &str, why: &str| json!({"account_id": account, "provider_id": company, "kind": kind, "why": why});
        panel
            .post(
                declare,
                new(json!(house.at.chen_account), "family", "他侄子"),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        panel
            .post(declare, new(json!(null), "family", " "))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let listed = panel
            .post(declare, new(json!(null), "family", "儿媳妇在那里做护理"))
            .await
            .created();
        assert_eq!(
            listed["members"].as_array().unwrap().len(),
            1,
            "a member sees the own alone"
        );
        panel
            .post(declare, new(json!(null), "family", "再说一次"))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        score(&mut panel, company, [10; 5], 1)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(
            row(&coordinator.get(NOVEMBER).await.ok(), company)["sheets"],
            1
        );
        let id = listed["interests"][0]["id"].as_i64().unwrap();
        let path = format!("{declare}/{id}");
        panel
            .delete(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut admin = house.enter(house.at.admin).await;
        let all = admin.get(declare).await.ok();
        assert_eq!(all["members"].as_array().unwrap().len(), 2);
        admin
            .post(declare, new(json!(house.at.clerk), "works", "不是评议员"))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        admin
            .post(
                declare,
                new(json!(house.at.chen_account), "business", "卖药给他们"),
            )
            .await
            .created();
        assert_eq!(
            row(&coordinator.get(NOVEMBER).await.ok(), company)["sheets"],
            0
        );
        admin.delete(&path).await.expect(StatusCode::NO_CONTENT);
        admin
            .delete(&path)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        score(&mut panel, company, [9; 5], 1).await.ok();
        coordinator
            .get(declare)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(a_past_month_keeps_its_criteria, async |house: &House| {
    let team = provider_of(house, house.at.chen).await;
    let mut panel = house.enter(house.at.panel).await;
    let mut admin = house.enter(house.at.admin).await;
    score(&mut panel, team, [10, 0, 0, 0, 0], 0).await.ok();
    let held = admin.get("/api/panel/criteria").await.ok();
    assert_eq!(
        held["version"], 1,
        "the preset, written down by the first sheet"
    );
    let one = |zh: &str, weight: i32, most: i32| json!({"name_zh": zh, "name_en": "One", "weight": weight, "max_points": most});
    for bad in [
        json!([]),
        json!([one(" ", 1, 1)]),
        json!([one("准时", 0, 10)]),
        json!([one("准时", 1, 101)]),
        json!([one("准时", 1, 10), one("准时", 2, 10)]),
    ] {
        admin
            .post(
                "/api/panel/criteria",
                json!({"criteria": bad, "version": 1}),
            )
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
    }
    let new = json!({"criteria": [one("准时", 3, 5), one("干净", 1, 20)], "version": 1});
    panel
        .post("/api/panel/criteria", new.clone())
        .await
        .refused(StatusCode::NOT_FOUND, "not-found");
    let written = admin.post("/api/panel/criteria", new.clone()).await.ok();
    assert_eq!(
        (&written["version"], &written["made_by"]),
        (&json!(2), &json!("管理员"))
    );
    admin
        .post("/api/panel/criteria", new)
        .await
        .refused(StatusCode::CONFLICT, "stale");
    let november = panel.get(NOVEMBER).await.ok();
    assert_eq!(
        november["criteria"].as_array().unwrap().len(),
        5,
        "begun by the old"
    );
    assert_eq!(row(&november, team)["mine"]["score_bp"], 2_500);
    score(&mut panel, team, [10, 10, 0, 0, 0], 1).await.ok();
    house.clock.set(december());
    let path = "/api/panel/months/2026-12";
    assert_eq!(
        panel.get(path).await.ok()["criteria"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    for (points, what) in [
        (json!([5]), "one is missing"),
        (json!([6, 0]), "too many"),
        (json!([-1, 0]), "too few"),
    ] {
        let body = json!({"provider_id": team, "points": points});
        let told = panel
            .post(&format!("{path}/sheets"), body)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "points", "{what}");
    }
    let body = json!({"provider_id": team, "points": [5, 10]});
    let told = panel.post(&format!("{path}/sheets"), body).await.ok();
    assert_eq!(
        told["mine"]["score_bp"], 8_750,
        "three quarters, and half of the rest"
    );
});

both!(
    months_are_scored_and_closed_in_their_time,
    async |house: &House| {
        let team = provider_of(house, house.at.chen).await;
        let mut panel = house.enter(house.at.panel).await;
        let mut admin = house.enter(house.at.admin).await;
        let sheet = json!({"provider_id": team, "points": [1, 1, 1, 1, 1]});
        for (month, status, word) in [
            ("2026-12", StatusCode::CONFLICT, "not-now"),
            ("2026-07", StatusCode::CONFLICT, "not-now"),
            ("2026-13", StatusCode::NOT_FOUND, "not-found"),
            ("november", StatusCode::NOT_FOUND, "not-found"),
        ] {
            panel
                .post(&format!("/api/panel/months/{month}/sheets"), sheet.clone())
                .await
                .refused(status, word);
        }
        panel
            .get("/api/panel/months/2026-00")
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let close = |month: &str| format!("/api/panel/months/{month}/close");
        admin
            .post(&close("2026-11"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        admin
            .post(&close("2026-10"), json!({}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        panel
            .post("/api/panel/months/2026-10/sheets", sheet.clone())
            .await
            .ok();
        let done = admin.post(&close("2026-10"), json!({})).await.ok();
        assert!(done["closed_at"].is_string());
        let mut coordinator = house.enter(house.at.coordinator).await;
        coordinator
            .post("/api/panel/months/2026-11/sheets", sheet)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    one_member_on_two_screens_has_one_sheet,
    async |house: &House| {
        let team = provider_of(house, house.at.chen).await;
        let panel = house.enter(house.at.panel).await;
        let tries = (0..12).map(|n| {
            let mut client = panel.clone();
            tokio::spawn(async move { score(&mut client, team, [n % 11; 5], 0).await.status })
        });
        let mut kept = 0;
        for status in join_all(tries).await {
            match status.unwrap() {
                StatusCode::OK => kept += 1,
                StatusCode::CONFLICT => {}
                other => panic!("{other}"),
            }
        }
        assert_eq!(kept, 1);
        let rows = panel_sheet::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(rows, 1);
    }
);
