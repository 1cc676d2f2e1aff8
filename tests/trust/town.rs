//! The compound with something of everything in it, so that every path of the API leads somewhere.

use entity::account;
use entity::ids::AccountId;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use yinling::timebank::books::Holder;

use crate::privacy::masking::{marked, shopkeeper};
use crate::support::House;
use crate::support::client::Client;
use crate::support::plans::{planned, ten_in};
use crate::timebank::deposit;

/// Where paths lead, and who is there.
pub struct Town {
    /// Beginnings of paths as the description has them, and with the numbers of what is there; the longest first.
    leads: Vec<(String, String)>,
    people: Vec<(&'static str, AccountId)>,
    resident: i64,
}

impl Town {
    /// Puts something of everything into the compound; where it is for one path alone, what that path leads to and no more.
    pub async fn of(house: &House, path: Option<&str>) -> Self {
        let shop = shopkeeper(house).await;
        let at = house.at.clone();
        let mut leads: Vec<(String, String)> = more(house, path).await;
        for (pattern, value) in marked(house).await {
            let (before, rest) = pattern.split_once('{').unwrap();
            let (_, after) = rest.split_once('}').unwrap();
            leads.push((pattern.to_owned(), format!("{before}{value}{after}")));
        }
        if path.is_none_or(|path| path.starts_with("/api/visits/{id}/links")) {
            link(house, &mut leads).await;
        }
        if path.is_none_or(|path| path.starts_with("/api/providers/{id}/papers/")) {
            leads.push(paper(house).await);
        }
        leads.sort_by_key(|(pattern, _)| std::cmp::Reverse(pattern.len()));
        // Of the same pattern the first counts, which is the one that was made here.
        Self {
            leads,
            people: vec![
                ("coordinator", at.coordinator),
                ("clerk", at.clerk),
                ("admin", at.admin),
                ("panel", at.panel),
                ("officer", at.officer),
                ("helper", at.chen_account),
                ("family", at.daughter),
                ("stranger", at.stranger),
                ("shopkeeper", shop),
                ("disabled", at.zhou_account),
            ],
            resident: at.mother.0,
        }
    }

    /// Everybody's browser, before the last of them is locked out.
    pub async fn browsers(&self, house: &House) -> Vec<(&'static str, Client)> {
        let mut browsers = vec![("nobody", house.stranger())];
        for (name, account) in &self.people {
            browsers.push((*name, house.enter(*account).await));
        }
        house
            .alter(account::ActiveModel {
                id: Set(house.at.zhou_account),
                disabled: Set(true),
                ..Default::default()
            })
            .await;
        browsers
    }

    /// The path to what is there.
    pub fn leads(&self, path: &str) -> String {
        let mut asked = path.to_owned();
        if let Some((pattern, to)) = self
            .leads
            .iter()
            .find(|(pattern, _)| path.starts_with(pattern))
        {
            asked = path.replacen(pattern, to, 1);
        }
        while let Some((before, rest)) = asked.split_once('{') {
            let (_, after) = rest.split_once('}').unwrap();
            asked = format!("{before}1{after}");
        }
        asked
    }

    /// What has to be sent so that the right is judged, where a body that says nothing is refused before.
    pub fn body(&self, path: &str) -> Option<Value> {
        Some(match path {
            "/api/helpers/{id}/hours/donations" => json!({"minutes": 1}),
            "/api/helpers/{id}/hours/gifts" => json!({"minutes": 1, "resident_id": self.resident}),
            "/api/helpers/{id}/leave" => {
                json!({"from": "2026-12-24", "to": "2026-12-24", "reason": "家里有事"})
            }
            "/api/visits/{id}/answer" => json!({"answer": "accept"}),
            "/api/visits/{id}/problem" => json!({"kind": "not_home"}),
            "/api/visits/{id}/rating" => json!({"score": 3}),
            _ => return None,
        })
    }
}

/// What is not in the small compound by itself.
async fn more(house: &House, path: Option<&str>) -> Vec<(String, String)> {
    let mut leads = Vec::new();
    for kind in [
        "/api/series",
        "/api/station/sessions",
        "/api/signups",
        "/api/roll/imports",
        "/api/help-contacts",
        "/api/roll/absences",
        "/api/leave",
        "/api/time-accounts",
        "/api/plans",
        "/api/panel/interests",
    ] {
        if path.is_none_or(|path| path.starts_with(kind)) {
            let id = made(house, kind).await;
            assert!(id.is_i64(), "{kind}: {id}");
            leads.push((format!("{kind}/{{id}}"), format!("{kind}/{id}")));
        }
    }
    leads
}

/// Makes one of this kind; gives its number.
async fn made(house: &House, kind: &str) -> Value {
    let at = &house.at;
    let mut coordinator = house.enter(at.coordinator).await;
    match kind {
        "/api/series" => {
            let rule = json!({"service": "MEAL", "rule": "FREQ=WEEKLY;BYDAY=FR", "first_date": "2026-11-27",
                "start_min": 600, "on_holiday": "skip"});
            let path = format!("/api/residents/{}/series", at.mother);
            coordinator.post(&path, rule).await.created()["id"].clone()
        }
        "/api/station/sessions" => crate::station::session(house, 3).await["id"].clone(),
        "/api/signups" => {
            let session = crate::station::session(house, 3).await;
            let seat = json!({"session_id": session["id"], "if_full": "refuse"});
            let path = format!("/api/residents/{}/signups", at.mother);
            let mut daughter = house.enter(at.daughter).await;
            daughter.post(&path, seat).await.created()["id"].clone()
        }
        "/api/roll/imports" => {
            coordinator.upload("roll.xlsx", Vec::new()).await.json()["id"].clone()
        }
        "/api/help-contacts" => {
            let contact = json!({"tier": "street", "name": "街道值班", "phone": "07103550220"});
            let mut admin = house.enter(at.admin).await;
            admin.post("/api/help-contacts", contact).await.ok()["id"].clone()
        }
        "/api/roll/absences" => {
            let away = json!({"kind": "elsewhere", "from": "2026-12-20", "back": null});
            let path = format!("/api/roll/{}/absences", at.neighbour);
            coordinator.post(&path, away).await.created()["absence"]["id"].clone()
        }
        "/api/leave" => {
            let leave = json!({"from": "2026-12-20", "to": "2026-12-20", "reason": "家里有事"});
            let path = format!("/api/helpers/{}/leave", at.chen);
            let mut chen = house.enter(at.chen_account).await;
            chen.post(&path, leave).await.created()["leave"]["id"].clone()
        }
        "/api/time-accounts" => {
            deposit(house, Holder::Helper(at.chen), 60).await;
            let bank = coordinator.get("/api/time-accounts").await.ok();
            bank["accounts"][0]["id"].clone()
        }
        "/api/panel/interests" => {
            let tie = json!({"account_id": at.panel, "provider_id": 2, "kind": "family", "why": "他侄子"});
            let mut admin = house.enter(at.admin).await;
            let kept = admin.post("/api/panel/interests", tie).await;
            assert!(kept.status.is_success(), "{}", kept.text);
            let all = admin.get("/api/panel/interests").await.ok();
            let all = all["interests"].as_array().unwrap().clone();
            all.iter()
                .map(|one| one["id"].clone())
                .find(Value::is_i64)
                .unwrap()
        }
        _ => {
            let day = json!({"date": "2026-11-25", "seconds": 0.1});
            planned(&mut coordinator, day).await["id"].clone()
        }
    }
}

/// Two visits of one day that are tied to each other.
async fn link(house: &House, leads: &mut Vec<(String, String)>) {
    let (pattern, visit) = leads
        .iter()
        .find(|(pattern, _)| pattern == "/api/visits/{id}")
        .cloned()
        .unwrap();
    let mut daughter = house.enter(house.at.daughter).await;
    let path = format!("/api/residents/{}/bookings", house.at.mother);
    let start = ten_in(1) + chrono::TimeDelta::hours(2);
    let body = json!({"service": "MEAL", "start": start, "if_unserved": "tray"});
    let other = daughter.post(&path, body).await.created()["visit"]["visit_id"].clone();
    let mut coordinator = house.enter(house.at.coordinator).await;
    let tie = json!({"then": other, "least_min": 30, "most_min": 300});
    coordinator.post(&format!("{visit}/links"), tie).await.ok();
    leads.push((
        format!("{pattern}/links/{{other}}"),
        format!("{visit}/links/{other}"),
    ));
}

/// A provider's paper that nobody has looked at yet.
async fn paper(house: &House) -> (String, String) {
    let mut keeper = house.enter(house.at.coordinator).await;
    let body = json!({"kind": "insurance", "number": "1", "issued_by": "人保",
        "valid_until": "2027-11-01", "required": true});
    let kept = keeper.post("/api/providers/2/papers", body).await.created();
    let id = kept["papers"][0]["id"].clone();
    (
        "/api/providers/{id}/papers/{paper}".into(),
        format!("/api/providers/2/papers/{id}"),
    )
}
