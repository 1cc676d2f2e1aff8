//! Providers are admitted: applied, papers checked, approved by two people, or refused.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use entity::ids::{HelperId, ProviderId};
use entity::{helper, provider_scan};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::{Value, json};

use crate::both;
use crate::support::House;
use crate::support::client::{Client, Reply};

/// The provider of a helper.
pub async fn provider_of(house: &House, helper: HelperId) -> ProviderId {
    helper::Entity::find_by_id(helper)
        .one(house.app.store.read())
        .await
        .unwrap()
        .unwrap()
        .provider_id
}

/// What an applicant writes; the fixture's catalogue has no service for merchants, so it is a second care company.
fn application() -> Value {
    json!({"kind": "care_company", "name": "康乐居家护理", "phone": "0710-3456789", "contact": "罗经理",
        "wants": "上门助浴，周末也可以", "services": ["BATH"]})
}

async fn applied(keeper: &mut Client) -> Value {
    keeper.post("/api/providers", application()).await.created()
}

pub fn path(file: &Value, rest: &str) -> String {
    format!("/api/providers/{}{rest}", file["id"])
}

pub async fn file(keeper: &mut Client, of: &Value) -> Value {
    keeper.get(&path(of, "")).await.ok()
}

pub async fn step(keeper: &mut Client, of: &Value, step: &str, reason: Option<&str>) -> Reply {
    let now = file(keeper, of).await;
    let body = json!({"step": step, "reason": reason, "version": now["version"]});
    keeper.post(&path(of, "/step"), body).await
}

/// Records a paper, and has it checked.
pub async fn paper(keeper: &mut Client, of: &Value, kind: &str, until: Option<&str>) -> Value {
    let body = json!({"kind": kind, "number": "91420600X", "issued_by": "襄阳市监局", "valid_until": until, "required": true});
    let added = keeper.post(&path(of, "/papers"), body).await.created();
    let id = &added["papers"][0]["id"];
    keeper
        .post(
            &path(of, &format!("/papers/{id}/check")),
            json!({"note": "核对原件"}),
        )
        .await
        .ok()
}

/// An applicant with every paper, checked.
pub async fn checked(keeper: &mut Client) -> Value {
    let new = applied(keeper).await;
    for kind in [
        "business_licence",
        "food_licence",
        "insurance",
        "record_check",
    ] {
        paper(keeper, &new, kind, Some("2027-11-24")).await;
    }
    step(keeper, &new, "check", None).await.ok()
}

both!(
    an_application_goes_from_papers_to_two_approvals,
    async |house: &House| {
        let mut first = house.enter(house.at.coordinator).await;
        let mut second = house.enter(house.at.admin).await;
        let new = applied(&mut first).await;
        assert_eq!(new["standing"], "applied");
        assert_eq!(new["takes_work"], false);
        assert_eq!(new["needed"].as_array().unwrap().len(), 4);
        // Nothing is approved before it is checked, and nothing is checked before its papers are there.
        step(&mut first, &new, "approve", None)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let told = step(&mut first, &new, "check", None)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(told["fields"][0]["field"], "papers");
        assert!(told["detail"].as_str().unwrap().contains("营业执照"));
        paper(&mut first, &new, "business_licence", None).await;
        paper(&mut first, &new, "food_licence", None).await;
        paper(&mut first, &new, "insurance", Some("2027-06-30")).await;
        step(&mut first, &new, "check", None)
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        let kept = paper(&mut first, &new, "record_check", Some("2027-06-30")).await;
        assert_eq!(kept["papers"][0]["checked_by"], "调度员老何");
        assert_eq!(kept["papers"][0]["state"], "good");
        let now = step(&mut first, &new, "check", None).await.ok();
        assert_eq!(now["standing"], "checked");
        assert_eq!(now["checked_by"], "调度员老何");
        let now = step(&mut first, &new, "approve", None).await.ok();
        assert_eq!(
            (&now["standing"], &now["takes_work"]),
            (&json!("checked"), &json!(false))
        );
        assert_eq!(now["approvals"][0]["by"], "调度员老何");
        // The same person is refused at once, and the page says so beforehand.
        let mine = now["steps"].as_array().unwrap();
        let approve = mine.iter().find(|one| one["step"] == "approve").unwrap();
        assert!(approve["why_not"].as_str().unwrap().contains("另一个人"));
        step(&mut first, &new, "approve", None)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        let now = step(&mut second, &new, "approve", None).await.ok();
        assert_eq!(
            (&now["standing"], &now["takes_work"]),
            (&json!("approved"), &json!(true))
        );
        let done: Vec<_> = now["history"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["what"].clone())
            .collect();
        assert_eq!(done[0], "第二人批准，开始合作");
        assert_eq!(done.last().unwrap(), "提出申请");
        let list = first.get("/api/providers/register").await.ok();
        assert_eq!(list.as_array().unwrap().len(), 3);
    }
);

both!(
    what_changes_after_the_check_is_checked_again,
    async |house: &House| {
        let mut first = house.enter(house.at.coordinator).await;
        let mut second = house.enter(house.at.admin).await;
        let new = checked(&mut first).await;
        step(&mut first, &new, "approve", None).await.ok();
        let now = file(&mut first, &new).await;
        let body = json!({"offers_all": true, "version": now["version"]});
        let now = first
            .post(&path(&new, "/services"), body.clone())
            .await
            .ok();
        assert_eq!(now["standing"], "applied");
        assert_eq!(
            now["approvals"],
            json!([]),
            "what was approved is no longer what is asked"
        );
        first
            .post(&path(&new, "/services"), body)
            .await
            .refused(StatusCode::CONFLICT, "stale");
        step(&mut second, &new, "approve", None)
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        step(&mut second, &new, "check", None).await.ok();
        step(&mut first, &new, "approve", None).await.ok();
        let now = step(&mut second, &new, "approve", None).await.ok();
        assert_eq!(now["standing"], "approved");
    }
);

both!(
    a_refusal_has_a_reason_and_may_be_followed_by_another_try,
    async |house: &House| {
        let mut keeper = house.enter(house.at.admin).await;
        let new = checked(&mut keeper).await;
        step(&mut keeper, &new, "approve", None).await.ok();
        for empty in [None, Some("  ")] {
            let told = step(&mut keeper, &new, "refuse", empty)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], "reason");
        }
        let now = step(&mut keeper, &new, "refuse", Some("有两起投诉未了结"))
            .await
            .ok();
        assert_eq!(
            (&now["standing"], &now["standing_note"]),
            (&json!("refused"), &json!("有两起投诉未了结"))
        );
        let now = step(&mut keeper, &new, "reapply", None).await.ok();
        assert_eq!(
            (&now["standing"], &now["approvals"]),
            (&json!("applied"), &json!([]))
        );
        step(&mut keeper, &new, "check", None).await.ok();
        let now = step(&mut keeper, &new, "approve", None).await.ok();
        assert_eq!(
            now["standing"], "checked",
            "the approval of before does not count"
        );
    }
);

both!(
    bad_applications_and_papers_are_refused_with_their_field,
    async |house: &House| {
        let mut keeper = house.enter(house.at.coordinator).await;
        for (field, value) in [
            ("name", json!("  ")),
            ("name", json!("名".repeat(101))),
            ("name", json!("银龄互助")),
            ("phone", json!("no number")),
            ("wants", json!("字".repeat(501))),
            ("services", json!([])),
            ("services", json!(["MEAL"])),
            ("services", json!(["NONE"])),
        ] {
            let mut bad = application();
            bad[field] = value;
            let told = keeper
                .post("/api/providers", bad)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let list = keeper.get("/api/providers/register").await.ok();
        assert_eq!(list.as_array().unwrap().len(), 2, "nothing half done");
        let choices = keeper
            .get("/api/providers/services?kind=care_company")
            .await
            .ok();
        assert_eq!(choices[0]["code"], "BATH");
        let new = applied(&mut keeper).await;
        let good = json!({"kind": "insurance", "number": "1", "issued_by": "人保"});
        for (field, value) in [
            ("number", json!(" ")),
            ("issued_by", json!("")),
            ("valid_until", json!("2026-11-23")),
            ("valid_until", json!("2126-11-23")),
            ("note", json!("字".repeat(501))),
        ] {
            let mut bad = good.clone();
            bad[field] = value;
            let told = keeper
                .post(&path(&new, "/papers"), bad)
                .await
                .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
            assert_eq!(told["fields"][0]["field"], field);
        }
        let mut english = keeper.clone().english();
        let told = english
            .post(&path(&new, "/papers"), json!({"kind": "insurance", "number": "1", "issued_by": "PICC", "valid_until": "2026-11-01"}))
            .await
            .refused(StatusCode::UNPROCESSABLE_ENTITY, "invalid");
        assert_eq!(
            told["fields"][0]["message"],
            "This paper is out of date already; please record the renewed one."
        );
        // A slip of the pen goes away again; what was checked stays.
        let added = keeper.post(&path(&new, "/papers"), good).await.created();
        let slip = path(&new, &format!("/papers/{}", added["papers"][0]["id"]));
        keeper.delete(&slip).await.expect(StatusCode::NO_CONTENT);
        keeper
            .delete(&slip)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        let kept = paper(&mut keeper, &new, "insurance", None).await;
        keeper
            .delete(&path(&new, &format!("/papers/{}", kept["papers"][0]["id"])))
            .await
            .refused(StatusCode::CONFLICT, "not-now");
    }
);

async fn send_scan(keeper: &mut Client, to: &str, bytes: Vec<u8>) -> Reply {
    let request = Request::post(to)
        .header(header::CONTENT_TYPE, "image/png")
        .body(Body::from(bytes))
        .unwrap();
    keeper.send(request).await
}

both!(
    a_scan_is_what_its_bytes_say_and_is_given_as_a_download,
    async |house: &House| {
        let mut keeper = house.enter(house.at.coordinator).await;
        let new = applied(&mut keeper).await;
        let body = json!({"kind": "insurance", "number": "1", "issued_by": "人保"});
        let added = keeper.post(&path(&new, "/papers"), body).await.created();
        let id = added["papers"][0]["id"].clone();
        let scan = path(&new, &format!("/papers/{id}/scan"));
        keeper
            .get(&scan)
            .await
            .refused(StatusCode::NOT_FOUND, "not-found");
        send_scan(&mut keeper, &scan, b"<svg onload=alert(1)>".to_vec())
            .await
            .refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-content-type");
        let mut large = b"%PDF-1.7\n".to_vec();
        large.resize(3 * 1024 * 1024 + 1, b' ');
        send_scan(&mut keeper, &scan, large.clone())
            .await
            .refused(StatusCode::PAYLOAD_TOO_LARGE, "too-large");
        assert_eq!(
            provider_scan::Entity::find()
                .count(house.app.store.read())
                .await
                .unwrap(),
            0
        );
        large.truncate(3 * 1024 * 1024);
        let now = send_scan(&mut keeper, &scan, large.clone()).await.ok();
        assert_eq!(
            now["papers"][0]["scan"], "pdf",
            "whatever the browser said it was"
        );
        let given = keeper.get(&scan).await;
        assert_eq!(given.bytes, large);
        let told = |name| given.headers[name].to_str().unwrap().to_owned();
        assert_eq!(told("content-type"), "application/pdf");
        assert_eq!(told("x-content-type-options"), "nosniff");
        assert!(told("content-disposition").starts_with("attachment"));
        // After the check it is part of the record.
        keeper
            .post(&path(&new, &format!("/papers/{id}/check")), json!({}))
            .await
            .ok();
        send_scan(&mut keeper, &scan, b"\x89PNG\r\n\x1a\n".to_vec())
            .await
            .refused(StatusCode::CONFLICT, "not-now");
        for account in [house.at.clerk, house.at.panel, house.at.daughter] {
            let mut other = house.enter(account).await;
            other
                .get(&scan)
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
            send_scan(&mut other, &scan, b"%PDF-1.7".to_vec())
                .await
                .refused(StatusCode::NOT_FOUND, "not-found");
        }
    }
);
