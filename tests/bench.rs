//! The bench meeting's month: figures counted by hand, actions with their verdict, the workbook, and who may what.

use std::io::Cursor;

use axum::http::StatusCode;
use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use entity::ids::ProviderId;
use entity::words::{
    HelpAction, HelpChannel, HelpKind, HelpLevel, HelpState, HelpTier, RatingChannel, VisitState,
};
use entity::{account, grid, help_request, help_step, helper, rating};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::both;
use crate::supply::{Past, id_of, local, october, others};
use crate::support::client::Client;
use crate::support::control::goes_wrong;
use crate::support::{House, On};

const OCTOBER: &str = "/api/bench/months/2026-10";
const NOVEMBER: &str = "/api/bench/months/2026-11";

async fn team(house: &House) -> ProviderId {
    helper::Entity::find_by_id(house.at.chen)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .provider_id
}

/// A rating of a visit of the team.
async fn rated(house: &House, visit: entity::ids::VisitId, score: i32) {
    let row = entity::visit::Entity::find_by_id(visit)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    house
        .add(rating::ActiveModel {
            community_id: Set(row.community_id),
            visit_id: Set(visit),
            resident_id: Set(row.resident_id),
            provider_id: Set(Some(team(house).await)),
            score: Set(score),
            channel: Set(RatingChannel::Phone),
            given_by: Set(house.at.clerk),
            given_at: Set(row.ends_at),
            ..Default::default()
        })
        .await;
}

/// A help request of this instant, responded to and handled so many minutes later.
async fn helped(house: &House, at: &str, steps: &[(HelpAction, i64)]) {
    let community = account::Entity::find_by_id(house.at.clerk)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .community_id;
    let grid = grid::Entity::find()
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap();
    let asked = local(at);
    let request = house
        .add(help_request::ActiveModel {
            community_id: Set(community),
            grid_id: Set(grid.id),
            kind: Set(HelpKind::Water),
            level: Set(HelpLevel::Ordinary),
            channel: Set(HelpChannel::Phone),
            asked_by: Set(house.at.clerk),
            what: Set("水管漏水".into()),
            state: Set(HelpState::Settled),
            tier: Set(HelpTier::Grid),
            created_at: Set(asked),
            version: Set(1),
            ..Default::default()
        })
        .await;
    for (version, (action, minutes)) in (2..).zip(steps) {
        house
            .add(help_step::ActiveModel {
                community_id: Set(community),
                help_request_id: Set(request.id),
                version: Set(version),
                at: Set(asked + TimeDelta::minutes(*minutes)),
                account_id: Set(Some(house.at.clerk)),
                on_behalf: Set(false),
                action: Set(*action),
                tier: Set(HelpTier::Grid),
                ..Default::default()
            })
            .await;
    }
}

fn wait<'a>(page: &'a Value, response: &str) -> &'a Value {
    let all = page["responses"].as_array().unwrap();
    all.iter().find(|one| one["response"] == response).unwrap()
}

both!(
    a_month_is_what_was_counted_by_hand,
    async |house: &House| {
        use HelpAction::{Handled, Responded};
        house.clock.set(local("2026-11-02 10:00"));
        let served = october(house).await;
        // The first two began before the month's second; they are the last of September and the first of October.
        rated(house, served[1], 4).await;
        rated(house, served[2], 5).await;
        rated(house, served[0], 1).await;
        helped(
            house,
            "2026-10-01 00:00",
            &[(Responded, 10), (Handled, 100)],
        )
        .await;
        helped(
            house,
            "2026-10-20 09:00",
            &[(Responded, 30), (Responded, 50)],
        )
        .await;
        helped(house, "2026-10-31 23:59", &[(Responded, 90)]).await;
        helped(house, "2026-11-01 00:00", &[(Responded, 1)]).await;
        let mut panel = house.enter(house.at.panel).await;
        let page = panel.get(OCTOBER).await.ok();
        assert_eq!(
            page["figures"],
            json!({
                "asked": 9, "served": 4, "unserved": 4, "people": 2, "not_home": 1, "ahead": 0, "called_off": 1,
                // 陈志强 three games and the furniture, 刘秀英 the furniture.
                "volunteers": 2, "volunteer_visits": 4, "volunteer_min": 3 * 60 + 2 * 40, "credited_min": 0,
                "rated": 2, "rating_hundredths": 450, "complaints": 0,
            })
        );
        assert_eq!(page["figures_before"]["served"], 1);
        assert_eq!(page["figures_before"]["rating_hundredths"], 100);
        assert_eq!(
            (&page["may_write"], &page["over"]),
            (&json!(false), &json!(true))
        );
        let days = page["days"].as_array().unwrap();
        assert_eq!(days.len(), 31);
        assert_eq!(
            days[0],
            json!({"date": "2026-10-01", "served": 1, "unserved": 0})
        );
        assert_eq!(
            days[6],
            json!({"date": "2026-10-07", "served": 0, "unserved": 1})
        );
        assert_eq!(
            days[30],
            json!({"date": "2026-10-31", "served": 1, "unserved": 0})
        );
        // Asked for in October: 10, 20, 30, 40, 50 and 60 minutes.
        let assigned = wait(&page, "assigned");
        assert_eq!(
            (
                &assigned["count"],
                &assigned["median_min"],
                &assigned["p90_min"]
            ),
            (&json!(6), &json!(30), &json!(60))
        );
        assert_eq!(wait(&page, "answered")["median_min"], 5);
        assert_eq!(wait(&page, "answered")["count"], 7);
        let respond = wait(&page, "help_respond");
        assert_eq!(
            (
                &respond["count"],
                &respond["median_min"],
                &respond["p90_min"]
            ),
            (&json!(3), &json!(30), &json!(90))
        );
        assert_eq!(respond["median_before_min"], json!(null));
        assert_eq!(wait(&page, "help_handle")["median_min"], 100);
        let providers = page["providers"].as_array().unwrap();
        assert_eq!(
            (
                &providers[0]["name"],
                &providers[0]["served"],
                &providers[0]["missed"],
                &providers[0]["rating_hundredths"],
                &providers[0]["rating_before_hundredths"]
            ),
            (
                &json!("银龄互助"),
                &json!(4),
                &json!(1),
                &json!(450),
                &json!(100)
            )
        );
        let causes: Vec<_> = page["causes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| {
                (
                    one["cause"].as_str().unwrap(),
                    one["count"].as_i64().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            causes,
            [("nobody_found", 2), ("gave_up", 1), ("did_not_come", 1)]
        );
        assert_eq!(page["gaps"][0]["service_code"], "CHESS");
        for name in ["王桂芳", "赵敏", "李建国", "陈志强"] {
            assert!(
                !page.to_string().contains(name),
                "{name} stands in the figures"
            );
        }
        let november = panel.get(NOVEMBER).await.ok();
        assert_eq!(november["figures"]["served"], 1);
        assert_eq!(wait(&november, "help_respond")["median_min"], 1);
        let empty = panel.get("/api/bench/months/2026-02").await.ok();
        assert_eq!(
            (
                &empty["figures"]["asked"],
                &empty["figures"]["rating_hundredths"]
            ),
            (&json!(0), &json!(null))
        );
    }
);

async fn agree(client: &mut Client, month: &str, body: Value) -> Value {
    client
        .post(&format!("{month}/actions"), body)
        .await
        .created()
}

both!(
    what_was_agreed_is_looked_at_a_month_later,
    async |house: &House| {
        house.clock.set(local("2026-11-02 10:00"));
        october(house).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let chess = id_of(house, "CHESS").await;
        let train = agree(
            &mut coordinator,
            OCTOBER,
            json!({"what": "培训一名志愿者下棋", "who": "老何", "due": "2026-11-20",
                "measure": "unserved_service", "service_id": chess}),
        )
        .await;
        assert_eq!(
            (&train["figure"], &train["measure_word"]),
            (&json!("3 次"), &json!("「陪下象棋」没服务上的次数"))
        );
        let team = team(house).await;
        let rating = agree(
            &mut coordinator,
            OCTOBER,
            json!({"what": "请互助队开一次会", "who": "老何", "due": "2026-11-20",
                "measure": "rating_provider", "provider_id": team}),
        )
        .await;
        assert_eq!(rating["figure"], json!(null), "nobody had rated them");
        let all = agree(
            &mut coordinator,
            OCTOBER,
            json!({"what": "少出岔子", "who": "大家", "due": "2026-11-30", "measure": "unserved_all"}),
        )
        .await;
        assert_eq!(all["figure"], "4 次");
        let verdict = |id: &Value| format!("{NOVEMBER}/actions/{id}/verdict");
        let worked = json!({"verdict": "worked"});
        coordinator
            .post(&verdict(&train["id"]), worked.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");

        // November: one game in vain, and five meals.
        for (service, day) in [
            ("CHESS", 5),
            ("MEAL", 6),
            ("MEAL", 7),
            ("MEAL", 8),
            ("MEAL", 9),
            ("MEAL", 10),
        ] {
            Past {
                service,
                resident: house.at.mother,
                start: &format!("2026-11-{day:02} 10:00"),
                state: VisitState::Unfilled,
                crew: &[],
                asked_after: 0,
            }
            .add(house)
            .await;
        }
        house.clock.set(local("2026-11-20 10:00"));
        let page = coordinator.get(NOVEMBER).await.ok();
        assert_eq!(page["earlier"][0]["finding"], "open", "the month goes on");
        house.clock.set(local("2026-12-02 10:00"));
        // A session is thirty days old by then.
        let mut coordinator = house.enter(house.at.coordinator).await;
        let page = coordinator.get(NOVEMBER).await.ok();
        let found: Vec<_> = page["earlier"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| (one["figure_now"].as_str(), one["finding"].as_str().unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                (Some("1 次"), "worked"),
                (None, "unknown"),
                (Some("6 次"), "did_not")
            ]
        );
        let told = coordinator
            .post(
                &verdict(&train["id"]),
                json!({"verdict": "worked", "note": "小周学会了"}),
            )
            .await
            .ok();
        assert_eq!(
            (
                &told["verdict"],
                &told["figure_now"],
                &told["judged_by"],
                &told["note"]
            ),
            (
                &json!("worked"),
                &json!("1 次"),
                &json!("调度员老何"),
                &json!("小周学会了")
            )
        );
        coordinator
            .post(&verdict(&train["id"]), json!({"verdict": "did_not"}))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        coordinator
            .delete(&format!("/api/bench/actions/{}", train["id"]))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        // What changes afterwards changes nothing of what was found.
        Past {
            service: "CHESS",
            resident: house.at.mother,
            start: "2026-11-11 10:00",
            state: VisitState::Unfilled,
            crew: &[],
            asked_after: 0,
        }
        .add(house)
        .await;
        let page = coordinator.get(NOVEMBER).await.ok();
        assert_eq!(page["earlier"][0]["figure_now"], "1 次");
        // Judged in November: December does not see it any more, and October tells what came of it.
        let december = coordinator.get("/api/bench/months/2026-12").await.ok();
        assert_eq!(december["earlier"].as_array().unwrap().len(), 2);
        let october = coordinator.get(OCTOBER).await.ok();
        assert_eq!(october["actions"][0]["verdict"], "worked");
        // A month cannot judge what it agreed on itself.
        let own = format!("{OCTOBER}/actions/{}/verdict", all["id"]);
        coordinator
            .post(&own, worked)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        coordinator
            .delete(&format!("/api/bench/actions/{}", all["id"]))
            .await
            .expect(StatusCode::NO_CONTENT);
    }
);

both!(
    only_coordinators_and_who_keeps_accounts_write,
    async |house: &House| {
        house.clock.set(local("2026-11-02 10:00"));
        let body =
            json!({"what": "招人", "who": "老何", "due": "2026-11-20", "measure": "unserved_all"});
        let path = format!("{OCTOBER}/actions");
        let mut admin = house.enter(house.at.admin).await;
        let id = admin.post(&path, body.clone()).await.created()["id"].clone();
        let judge = format!("{NOVEMBER}/actions/{id}/verdict");
        let gone = format!("/api/bench/actions/{id}");
        let mut none: Vec<_> = others(house).into();
        none.extend([house.at.panel, house.at.clerk]);
        for account in none {
            let mut client = house.enter(account).await;
            client
                .post(&path, body.clone())
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            client
                .post(&judge, json!({"verdict": "worked"}))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            client
                .delete(&gone)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        let mut coordinator = house.enter(house.at.coordinator).await;
        for (field, wrong) in [
            ("what", json!({"what": " "})),
            ("what", json!({"what": "长".repeat(121)})),
            ("who", json!({"who": ""})),
            ("due", json!({"due": "2026-11-01"})),
            ("measure", json!({"measure": "unserved_service"})),
            (
                "measure",
                json!({"measure": "rating_provider", "provider_id": 999_999}),
            ),
        ] {
            let mut bad = body.clone();
            for (name, value) in wrong.as_object().unwrap() {
                bad[name] = value.clone();
            }
            let problem = coordinator
                .post(&path, bad)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(problem["fields"][0]["field"], field, "{problem}");
        }
        coordinator
            .post("/api/bench/months/2026-12/actions", body.clone())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        for _ in 0..7 {
            coordinator.post(&path, body.clone()).await.created();
        }
        coordinator
            .post(&path, body)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range.rows().map(<[Data]>::to_vec).collect()
}

fn number(cell: &Data) -> f64 {
    match cell {
        Data::Float(value) => *value,
        Data::Int(value) => f64::from(i32::try_from(*value).unwrap()),
        other => panic!("{other:?} is no number"),
    }
}

both!(
    the_workbook_says_what_the_page_says_and_holds_no_formula,
    async |house: &House| {
        house.clock.set(local("2026-11-02 10:00"));
        let served = october(house).await;
        rated(house, served[2], 5).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let hostile = "=HYPERLINK(\"http://x.example\",\"点我\")";
        agree(
            &mut coordinator,
            OCTOBER,
            json!({"what": hostile, "who": "@SUM(A1)", "due": "2026-11-20", "measure": "unserved_all"}),
        )
        .await;
        let page = coordinator.get(OCTOBER).await.ok();
        let reply = coordinator.get(&format!("{OCTOBER}/workbook")).await;
        assert_eq!(reply.status, StatusCode::OK);
        let named = reply.headers["content-disposition"].to_str().unwrap();
        assert_eq!(named, "attachment; filename=\"bench-2026-10.xlsx\"");
        let figures = sheet(&reply.bytes, "总表");
        for (row, what) in [(1, "asked"), (2, "served"), (3, "unserved"), (4, "people")] {
            for (column, of) in [(1, "figures"), (2, "figures_before")] {
                let told = page[of][what].as_f64().unwrap();
                assert!(
                    (number(&figures[row][column]) - told).abs() < 1e-9,
                    "{what}"
                );
            }
        }
        assert!((number(&figures[12][1]) - 5.0).abs() < 1e-9, "{figures:?}");
        let days = sheet(&reply.bytes, "每天");
        assert_eq!(days.len(), 32);
        assert!((number(&days[7][2]) - 1.0).abs() < 1e-9);
        let gaps = sheet(&reply.bytes, "缺口");
        assert_eq!(
            gaps[1][5],
            Data::String(page["gaps"][0]["sentence"].as_str().unwrap().into())
        );
        let providers = sheet(&reply.bytes, "服务商");
        assert_eq!(
            providers.len(),
            1 + page["providers"].as_array().unwrap().len()
        );
        let actions = sheet(&reply.bytes, "这次定的事");
        assert_eq!(actions[1][0], Data::String(format!("'{hostile}")));
        assert_eq!(actions[1][1], Data::String("'@SUM(A1)".into()));
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(reply.bytes.clone())).unwrap();
        for name in book.sheet_names() {
            let formulas = book.worksheet_formula(&name).unwrap();
            assert!(formulas.rows().flatten().all(String::is_empty), "{name}");
        }
        let mut panel = house.enter(house.at.panel).await.english();
        let english = panel.get(&format!("{OCTOBER}/workbook")).await;
        assert_eq!(sheet(&english.bytes, "Figures").len(), figures.len());
    }
);

both!(
    a_provider_is_measured_by_its_ratings,
    async |house: &House| {
        house.clock.set(local("2026-11-02 10:00"));
        let served = october(house).await;
        rated(house, served[2], 3).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        let team = team(house).await;
        let made = agree(
            &mut coordinator,
            OCTOBER,
            json!({"what": "开会", "who": "队长", "due": "2026-11-20", "measure": "rating_provider", "provider_id": team}),
        )
        .await;
        assert_eq!(made["figure"], "3.00");
        // The game of the first of November is the next month's.
        rated(house, *served.last().unwrap(), 4).await;
        house.clock.set(local("2026-12-02 10:00"));
        // A session is thirty days old by then.
        let mut coordinator = house.enter(house.at.coordinator).await;
        let page = coordinator.get(NOVEMBER).await.ok();
        assert_eq!(
            (
                &page["earlier"][0]["figure_now"],
                &page["earlier"][0]["finding"]
            ),
            (&json!("4.00"), &json!("worked"))
        );
        assert_eq!(page["earlier"][0]["measure_word"], "银龄互助的平均评价");
    }
);

/// Twenty things are agreed on at once: how many stand.
async fn race(house: &House, month: &str) -> usize {
    house.clock.set(local("2026-11-02 10:00"));
    let coordinator = house.enter(house.at.coordinator).await;
    let tries = (0..20).map(|n| {
        let mut client = coordinator.clone();
        let body = json!({"what": format!("第 {n} 件"), "who": "老何", "due": "2026-11-20", "measure": "unserved_all"});
        let path = format!("{month}/actions");
        tokio::spawn(async move { client.post(&path, body).await.status })
    });
    let told = futures::future::join_all(tries).await;
    let agreed = |status: &Result<StatusCode, _>| *status.as_ref().unwrap() == StatusCode::CREATED;
    told.iter().filter(|status| agreed(status)).count()
}

both!(
    of_twenty_things_at_once_a_meeting_agrees_on_eight,
    async |house: &House| {
        assert_eq!(race(house, OCTOBER).await, 8);
    }
);

/// SQLite has one writer, which is a guard of its own: the control is PostgreSQL's.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn without_turns_a_meeting_agrees_on_more_on_postgres() {
    goes_wrong(On::Postgres, "a meeting agrees on nine", async |house| {
        race(house, OCTOBER).await > 8
    })
    .await;
}
