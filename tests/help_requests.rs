//! Help requests: taken down, routed, answered, confirmed; and what is overdue rises by itself, once.

use axum::http::StatusCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::words::HelpAction;
use entity::{account, help_step, outbox};
use futures::future::join_all;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use yinling::requests::rise::sweep;

use crate::both;
use crate::mail::{files, mails, send_all, text};
use crate::support::House;
use crate::support::client::{Client, Reply};

fn burst(house: &House) -> Value {
    json!({
        "resident_id": house.at.mother,
        "kind": "water",
        "level": "urgent",
        "what": " 厨房水管漏水 ",
        "phone": "138 0013 8000",
    })
}

async fn ask(client: &mut Client, body: Value) -> Value {
    client.post("/api/help-requests", body).await.created()
}

async fn work(client: &mut Client, request: &Value, step: &str, note: Value) -> Reply {
    let path = format!("/api/help-requests/{}/work", request["id"]);
    let body = json!({"step": step, "note": note, "version": request["version"]});
    client.post(&path, body).await
}

async fn reply(client: &mut Client, request: &Value, reply: &str, note: Value) -> Reply {
    let path = format!("/api/help-requests/{}/reply", request["id"]);
    let body = json!({"reply": reply, "note": note, "version": request["version"]});
    client.post(&path, body).await
}

async fn reported(officer: &mut Client, request: &Value) -> Value {
    let taken = work(officer, request, "respond", json!(null)).await.ok();
    let done = work(officer, &taken, "handle", json!("换了一段水管"))
        .await
        .ok();
    work(officer, &done, "report", json!("已修好，请看看"))
        .await
        .ok()
}

fn actions(request: &Value) -> Vec<String> {
    let steps = request["steps"].as_array().unwrap();
    steps
        .iter()
        .map(|step| step["action"].as_str().unwrap().to_owned())
        .collect()
}

fn ids(list: &Value) -> Vec<i64> {
    let list = list.as_array().unwrap();
    list.iter().map(|one| one["id"].as_i64().unwrap()).collect()
}

fn instant(value: &Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

both!(
    a_daughter_whistles_the_officer_comes_and_she_confirms,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut officer = house.enter(house.at.officer).await;
        let asked = ask(&mut daughter, burst(house)).await;
        assert_eq!(asked["state"], "collected");
        assert_eq!(asked["what"], "厨房水管漏水");
        assert_eq!(asked["phone"], "13800138000");
        assert_eq!(asked["place"], "3栋2单元501");
        assert_eq!(asked["channel"], "web");
        assert_eq!(asked["call_120"], false);
        assert_eq!(
            asked["responsible"]["name"], "网格员小郑",
            "the grid officer by default"
        );
        assert_eq!(
            instant(&asked["due_at"]),
            House::morning() + TimeDelta::minutes(15)
        );
        let id = asked["id"].as_i64().unwrap();

        let mine = async |officer: &mut Client| officer.get("/api/grid/help-requests").await.ok();
        assert_eq!(ids(&mine(&mut officer).await["to_respond"]), [id]);
        house.clock.set(House::morning() + TimeDelta::minutes(5));
        let taken = work(&mut officer, &asked, "respond", json!("二十分钟到"))
            .await
            .ok();
        assert_eq!(
            instant(&taken["due_at"]),
            House::morning() + TimeDelta::minutes(5 + 240),
            "the clock of the next step begins with it"
        );
        assert_eq!(ids(&mine(&mut officer).await["in_hand"]), [id]);
        let done = work(&mut officer, &taken, "handle", json!("换了一段水管"))
            .await
            .ok();
        let told = work(&mut officer, &done, "report", json!("已修好，请看看"))
            .await
            .ok();
        assert_eq!(told["due_at"], json!(null), "nobody owes anything now");
        let lists = mine(&mut officer).await;
        assert_eq!(ids(&lists["waiting"]), [id]);
        assert_eq!(told["may_reply"], false, "nobody confirms their own work");

        // Her brother, who may only look, sees every step too.
        let mut son = house.enter(house.at.son).await;
        let path = format!("/api/help-requests/{id}");
        let seen = son.get(&path).await.ok();
        assert_eq!(
            actions(&seen),
            ["collected", "responded", "handled", "reported"]
        );
        assert_eq!(seen["steps"][1]["note"], "二十分钟到");
        assert_eq!(seen["steps"][1]["by"], "网格员小郑");
        let settled = reply(&mut daughter, &told, "settled", json!(null))
            .await
            .ok();
        assert_eq!(settled["state"], "settled");
        assert_eq!(
            instant(&settled["closed_at"]),
            House::morning() + TimeDelta::minutes(5)
        );
        assert_eq!(ids(&mine(&mut officer).await["closed"]), [id]);
        let hers = format!("/api/residents/{}/help-requests", house.at.mother);
        assert_eq!(ids(&daughter.get(&hers).await.ok()), [id]);
        for (step, note) in [("respond", json!(null)), ("raise", json!("再看看"))] {
            work(&mut officer, &settled, step, note)
                .await
                .refused(StatusCode::CONFLICT, "not-now");
        }
        reply(&mut daughter, &settled, "unsettled", json!("又漏了"))
            .await
            .refused(StatusCode::CONFLICT, "not-now");

        let round = send_all(house, &files(house)).await;
        assert_eq!(
            (round.sent, round.failed),
            (10, 0),
            "five steps to daughter and son"
        );
        let mails = mails(&house.mail);
        for mail in &mails {
            let headers = mail.split("\r\n\r\n").next().unwrap();
            assert!(!headers.contains('王') && !headers.contains('漏'));
            assert!(text(mail).contains(&format!("http://yinling.test/help/{id}")));
        }
        assert!(mails.iter().any(|mail| text(mail).contains("换了一段水管")));
    }
);

both!(
    what_is_not_settled_begins_anew_and_may_be_withdrawn,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut officer = house.enter(house.at.officer).await;
        let asked = ask(&mut daughter, burst(house)).await;
        reply(&mut daughter, &asked, "settled", json!(null))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let told = reported(&mut officer, &asked).await;
        let refused = reply(&mut daughter, &told, "unsettled", json!(" "))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(refused["fields"][0]["field"], "note");
        house.clock.set(House::morning() + TimeDelta::hours(3));
        let again = reply(&mut daughter, &told, "unsettled", json!("还在滴"))
            .await
            .ok();
        assert_eq!(again["state"], "collected");
        assert_eq!(
            instant(&again["due_at"]),
            House::morning() + TimeDelta::minutes(180 + 15)
        );
        let told = reported(&mut officer, &again).await;
        assert_eq!(
            actions(&told)[3..],
            ["reported", "reopened", "responded", "handled", "reported"]
        );
        let over = reply(&mut daughter, &told, "withdrawn", json!(null))
            .await
            .ok();
        assert_eq!(over["state"], "withdrawn");
        assert_eq!(sweep(&house.app).await.unwrap(), 0);
        house.clock.set(House::morning() + TimeDelta::days(3));
        assert_eq!(
            sweep(&house.app).await.unwrap(),
            0,
            "what is over does not rise"
        );
    }
);

both!(
    what_is_overdue_rises_once_whoever_looks_and_those_who_asked_see_it,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let mut asked = Vec::new();
        for _ in 0..8 {
            asked.push(ask(&mut daughter, burst(house)).await);
        }
        let (one, two) = (&house.app, &house.another().await);
        house.clock.set(House::morning() + TimeDelta::minutes(14));
        assert_eq!(sweep(one).await.unwrap(), 0, "not yet");
        house.clock.set(House::morning() + TimeDelta::minutes(15));
        let taken: usize = join_all([sweep(one), sweep(two), sweep(one), sweep(two)])
            .await
            .into_iter()
            .map(|risen| risen.unwrap())
            .sum();
        assert_eq!(taken, 8, "two processes, one step each");
        assert_eq!(sweep(two).await.unwrap(), 0);
        let risen = help_step::Entity::find()
            .filter(help_step::Column::Action.eq(HelpAction::Risen))
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!(risen, 8);

        let path = format!("/api/help-requests/{}", asked[0]["id"]);
        let seen = daughter.get(&path).await.ok();
        assert_eq!(
            (&seen["tier"], &seen["overdue"]),
            (&json!("community"), &json!(true))
        );
        assert_eq!(actions(&seen), ["collected", "risen"]);
        assert_eq!(seen["steps"][1]["by"], json!(null), "the clock did it");
        assert!(
            seen["steps"][1]["words"]
                .as_str()
                .unwrap()
                .contains("自动升级到社区")
        );
        let mut officer = house.enter(house.at.officer).await;
        let lists = officer.get("/api/grid/help-requests").await.ok();
        assert_eq!(
            lists["overdue"].as_array().unwrap().len(),
            8,
            "late ones on top"
        );
        let all = house
            .enter(house.at.clerk)
            .await
            .get("/api/help-requests")
            .await
            .ok();
        assert_eq!(all["overdue"].as_array().unwrap().len(), 8);
        let round = send_all(house, &files(house)).await;
        assert_eq!(round.sent, 32, "taken down and risen, to two, eight times");

        // Whoever takes the step makes it punctual again, where it is.
        let taken = work(&mut officer, &seen, "respond", json!(null)).await.ok();
        assert_eq!(
            (&taken["tier"], &taken["overdue"]),
            (&json!("community"), &json!(false))
        );
    }
);

both!(
    what_fell_due_while_the_program_was_down_rises_at_the_next_start,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = ask(&mut daughter, burst(house)).await;
        house.clock.set(House::morning() + TimeDelta::days(2));
        let again = house.another().await;
        assert_eq!(sweep(&again).await.unwrap(), 2);
        assert_eq!(
            sweep(&again).await.unwrap(),
            0,
            "nobody is above the street"
        );
        let path = format!("/api/help-requests/{}", asked["id"]);
        let seen = daughter.get(&path).await.ok();
        assert_eq!(actions(&seen), ["collected", "risen", "risen"]);
        assert_eq!(
            (&seen["tier"], &seen["overdue"]),
            (&json!("street"), &json!(true))
        );
        assert_eq!(seen["responsible"]["name"], "檀溪街道");
    }
);

both!(
    a_clock_that_jumps_back_takes_no_step_twice,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = ask(&mut daughter, burst(house)).await;
        for minutes in [15, 3, 15, 29, 1, 29] {
            house
                .clock
                .set(House::morning() + TimeDelta::minutes(minutes));
            sweep(&house.app).await.unwrap();
        }
        let path = format!("/api/help-requests/{}", asked["id"]);
        let seen = daughter.get(&path).await.ok();
        assert_eq!(actions(&seen), ["collected", "risen"]);
    }
);

both!(
    a_hard_one_is_handed_up_with_a_reason,
    async |house: &House| {
        let mut officer = house.enter(house.at.officer).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = ask(&mut daughter, burst(house)).await;
        work(&mut officer, &asked, "raise", json!(null))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let up = work(&mut officer, &asked, "raise", json!("要停整栋楼的水"))
            .await
            .ok();
        assert_eq!(
            (&up["tier"], &up["state"]),
            (&json!("community"), &json!("collected"))
        );
        let mut clerk = house.enter(house.at.clerk).await;
        let top = work(&mut clerk, &up, "raise", json!("要协调水务"))
            .await
            .ok();
        assert_eq!(top["tier"], "street");
        work(&mut clerk, &top, "raise", json!("再往上"))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

both!(
    the_clerk_acts_for_those_without_screens_and_medical_says_120,
    async |house: &House| {
        let mut clerk = house.enter(house.at.clerk).await;
        let mut body = burst(house);
        body["kind"] = json!("medical");
        body["what"] = json!("头晕，站不稳");
        body["phone"] = json!(null);
        let asked = ask(&mut clerk, body).await;
        assert_eq!(asked["call_120"], true);
        assert_eq!(asked["channel"], "phone");
        assert_eq!(asked["steps"][0]["on_behalf"], true);
        assert_eq!(
            asked["phone"], "13900000001",
            "her own, where none was left"
        );
        let told = reported(&mut clerk, &asked).await;
        let over = reply(&mut clerk, &told, "settled", json!("电话里说好多了"))
            .await
            .ok();
        assert_eq!(over["state"], "settled");
        assert_eq!(over["call_120"], false, "it is over");
        assert_eq!(over["steps"][4]["on_behalf"], true);
        send_all(house, &files(house)).await;
        let mails = mails(&house.mail);
        assert!(text(&mails[0]).contains("120"));
        for mail in &mails {
            let text = text(mail);
            assert!(!text.contains("头晕") && !text.contains("好多了"), "{text}");
        }
    }
);

both!(
    an_officer_reports_a_place_and_the_desk_confirms,
    async |house: &House| {
        let mut officer = house.enter(house.at.officer).await;
        let grid = officer.get("/api/grid/help-requests").await.ok()["grids"][0]["id"].clone();
        let body = json!({"grid_id": grid, "place": "3栋门口", "kind": "property", "level": "ordinary", "what": "灯不亮"});
        let asked = ask(&mut officer, body.clone()).await;
        assert_eq!(asked["place"], "3栋门口");
        assert_eq!(
            (&asked["channel"], &asked["resident_id"]),
            (&json!("grid_officer"), &json!(null))
        );
        let told = reported(&mut officer, &asked).await;
        reply(&mut officer, &told, "settled", json!(null))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let mut clerk = house.enter(house.at.clerk).await;
        assert_eq!(
            reply(&mut clerk, &told, "settled", json!(null)).await.ok()["state"],
            "settled"
        );

        let mut nowhere = body.clone();
        nowhere["place"] = json!("");
        let refused = officer
            .post("/api/help-requests", nowhere)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(refused["fields"][0]["field"], "place");
        let mut elsewhere = body;
        elsewhere["grid_id"] = json!(grid.as_i64().unwrap() + 1);
        officer
            .post("/api/help-requests", elsewhere)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
    }
);

both!(
    the_table_of_contacts_routes_by_tier_kind_and_grid,
    async |house: &House| {
        let mut admin = house.enter(house.at.admin).await;
        let mut daughter = house.enter(house.at.daughter).await;
        let grid = daughter_grid(house).await;
        let water = json!({"tier": "grid", "kind": "water", "name": "水务抢修队", "phone": "0710-3550201", "email": "water@help.example"});
        let kept = admin.post("/api/help-contacts", water.clone()).await.ok();
        assert_eq!(
            (&kept["phone"], &kept["kind"]),
            (&json!("07103550201"), &json!("water"))
        );
        let here = json!({"tier": "grid", "kind": "water", "grid_id": grid, "name": "老周", "phone": "13900000000"});
        let nearer = admin.post("/api/help-contacts", here).await.ok();
        let street = json!({"tier": "street", "name": "街道值班", "phone": "07103550220"});
        admin.post("/api/help-contacts", street).await.ok();
        let asked = ask(&mut daughter, burst(house)).await;
        assert_eq!(
            asked["responsible"],
            json!({"name": "老周", "phone": "13900000000"})
        );
        admin
            .delete(&format!("/api/help-contacts/{}", nearer["id"]))
            .await
            .expect(StatusCode::NO_CONTENT);
        admin
            .delete(&format!("/api/help-contacts/{}", nearer["id"]))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let second = ask(&mut daughter, burst(house)).await;
        assert_eq!(second["responsible"]["name"], "水务抢修队");
        // The same tier, kind and grid again is the same contact.
        let mut renamed = water;
        renamed["name"] = json!("水务集团");
        assert_eq!(
            admin.post("/api/help-contacts", renamed).await.ok()["id"],
            kept["id"]
        );
        assert_eq!(
            admin
                .get("/api/help-contacts")
                .await
                .ok()
                .as_array()
                .unwrap()
                .len(),
            2
        );

        send_all(house, &files(house)).await;
        let mails = mails(&house.mail);
        let to_contact: Vec<_> = mails
            .iter()
            .filter(|mail| mail.contains("water@help.example"))
            .collect();
        assert_eq!(
            to_contact.len(),
            1,
            "the first went to one without an address"
        );
        let said = text(to_contact[0]);
        assert!(
            said.contains("水务集团")
                && said.contains("3栋2单元501")
                && said.contains("13800138000")
        );
        assert!(
            !said.contains("王桂芳") && !said.contains("http://"),
            "{said}"
        );

        // Risen to the street before the letter goes: the water company need not come.
        ask(&mut daughter, burst(house)).await;
        house.clock.set(House::morning() + TimeDelta::days(1));
        sweep(&house.app).await.unwrap();
        let round = send_all(house, &files(house)).await;
        assert_eq!(round.dropped, 1);
        let seen = daughter
            .get(&format!("/api/help-requests/{}", second["id"]))
            .await
            .ok();
        assert_eq!(seen["responsible"]["name"], "街道值班");

        for (field, value) in [
            ("name", json!(" ")),
            ("phone", json!("12")),
            ("phone", json!("")),
            ("email", json!("not an address")),
            ("email", json!("a@b\r\nBcc: x@y")),
            ("grid_id", json!(999)),
        ] {
            let mut body = json!({"tier": "grid", "name": "某人", "phone": "07103550201"});
            body[field] = value;
            let refused = admin
                .post("/api/help-contacts", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(refused["fields"][0]["field"], field);
        }
    }
);

async fn daughter_grid(house: &House) -> Value {
    let mut officer = house.enter(house.at.officer).await;
    officer.get("/api/grid/help-requests").await.ok()["grids"][0]["id"].clone()
}

both!(
    the_grid_officer_is_written_to_where_there_is_an_address,
    async |house: &House| {
        house
            .alter(account::ActiveModel {
                id: Set(house.at.officer),
                email: Set(Some("officer@grid.example".into())),
                ..Default::default()
            })
            .await;
        let mut daughter = house.enter(house.at.daughter).await;
        ask(&mut daughter, burst(house)).await;
        send_all(house, &files(house)).await;
        let mails = mails(&house.mail);
        let hers: Vec<_> = mails
            .iter()
            .filter(|mail| mail.contains("officer@grid.example"))
            .collect();
        assert_eq!(hers.len(), 1);
        assert!(text(hers[0]).contains("厨房水管漏水"));
    }
);

both!(
    an_administrator_sets_the_limits_that_hold_from_then_on,
    async |house: &House| {
        let mut admin = house.enter(house.at.admin).await;
        let before = admin.get("/api/help-limits").await.ok();
        assert_eq!(
            before.as_array().unwrap().len(),
            14,
            "seven kinds, two levels"
        );
        let set = json!({"kind": "water", "level": "urgent", "respond_min": 7, "handle_min": 70, "report_min": 700});
        let answer = admin.post("/api/help-limits", set.clone()).await.ok();
        assert_eq!(answer["set"], true);
        admin.post("/api/help-limits", set.clone()).await.ok();
        let mut daughter = house.enter(house.at.daughter).await;
        let asked = ask(&mut daughter, burst(house)).await;
        assert_eq!(
            instant(&asked["due_at"]),
            House::morning() + TimeDelta::minutes(7)
        );
        house.clock.set(House::morning() + TimeDelta::minutes(7));
        assert_eq!(sweep(&house.app).await.unwrap(), 1);
        for (field, value) in [
            ("respond_min", 0),
            ("handle_min", -1),
            ("report_min", 43_201),
        ] {
            let mut body = set.clone();
            body[field] = json!(value);
            let refused = admin
                .post("/api/help-limits", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(refused["fields"][0]["field"], field);
        }
    }
);

both!(
    bad_input_is_refused_with_its_field_and_nothing_is_written,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        for (field, value) in [
            ("what", json!("  ")),
            ("what", json!("长".repeat(501))),
            ("phone", json!("call me")),
            ("place", json!("远".repeat(101))),
            ("resident_id", json!(null)),
        ] {
            let mut body = burst(house);
            body[field] = value;
            let refused = daughter
                .post("/api/help-requests", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(refused["fields"][0]["field"], field);
        }
        for (field, value) in [
            ("kind", json!("fire")),
            ("level", json!(null)),
            ("resident_id", json!("x")),
        ] {
            let mut body = burst(house);
            body[field] = value;
            daughter
                .post("/api/help-requests", body)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        }
        let rows = help_step::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        let letters = outbox::Entity::find()
            .count(house.app.store.read())
            .await
            .unwrap();
        assert_eq!((rows, letters), (0, 0));
    }
);

both!(
    of_two_who_respond_one_does_and_a_retry_gets_the_same_answer,
    async |house: &House| {
        let mut daughter = house.enter(house.at.daughter).await;
        let first = daughter
            .post_once("/api/help-requests", burst(house), "k1")
            .await
            .created();
        let again = daughter
            .post_once("/api/help-requests", burst(house), "k1")
            .await
            .created();
        assert_eq!(first, again);
        let officer = house.enter(house.at.officer).await;
        let tries = (0..8).map(|_| {
            let (mut officer, first) = (officer.clone(), first.clone());
            tokio::spawn(async move { work(&mut officer, &first, "respond", json!(null)).await })
        });
        let mut done = 0;
        for reply in join_all(tries).await {
            let reply = reply.unwrap();
            if reply.status == StatusCode::OK {
                done += 1;
            } else {
                reply.refused(StatusCode::CONFLICT, "stale");
            }
        }
        assert_eq!(done, 1);
        let path = format!("/api/help-requests/{}", first["id"]);
        assert_eq!(
            actions(&daughter.get(&path).await.ok()),
            ["collected", "responded"]
        );
    }
);

both!(
    a_request_is_there_for_its_people_alone,
    async |house: &House| {
        let at = &house.at;
        let mut daughter = house.enter(at.daughter).await;
        let asked = ask(&mut daughter, burst(house)).await;
        let path = format!("/api/help-requests/{}", asked["id"]);
        for (account, sees) in [
            (at.coordinator, true),
            (at.clerk, true),
            (at.son, true),
            (at.officer, true),
            (at.stranger, false),
            (at.chen_account, false),
            (at.panel, false),
            (at.admin, false),
        ] {
            let mut client = house.enter(account).await;
            let reply = client.get(&path).await;
            if sees {
                assert_eq!(reply.ok()["id"], asked["id"]);
                continue;
            }
            reply.refused(StatusCode::NOT_FOUND, "not-found");
            for (part, body) in [
                ("work", json!({"step": "respond", "version": 1})),
                ("reply", json!({"reply": "withdrawn", "version": 1})),
            ] {
                client
                    .post(&format!("{path}/{part}"), body)
                    .await
                    .refused(StatusCode::NOT_FOUND, "not-found");
            }
            client
                .post("/api/help-requests", burst(house))
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
        work(&mut daughter, &asked, "respond", json!(null))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        // The other grid is another officer's.
        let mut clerk = house.enter(at.clerk).await;
        let mut other = burst(house);
        other["resident_id"] = json!(at.neighbour);
        let theirs = ask(&mut clerk, other.clone()).await;
        assert_eq!(
            theirs["responsible"]["name"], "滨湖社区",
            "a grid without an officer"
        );
        let mut officer = house.enter(at.officer).await;
        officer
            .get(&format!("/api/help-requests/{}", theirs["id"]))
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        officer
            .post("/api/help-requests", other)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        for account in [at.daughter, at.officer, at.clerk, at.coordinator] {
            let mut client = house.enter(account).await;
            client
                .delete("/api/help-contacts/1")
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            for path in ["/api/help-contacts", "/api/help-limits"] {
                client
                    .post(path, json!({}))
                    .await
                    .refused(StatusCode::NOT_FOUND, "not-found");
            }
        }
        house
            .stranger()
            .post("/api/help-requests", burst(house))
            .await
            .refused(StatusCode::UNAUTHORIZED, "sign-in");
    }
);
