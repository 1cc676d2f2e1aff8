//! Everything that the program does, done once: every page's question by everybody, every operation, and the work of the
//! nights.

use axum::http::{Method, StatusCode};
use chrono::TimeDelta;
use serde_json::{Value, json};
use yinling::{dispatch, notify, privacy, quality, requests, residents, series};

use super::body::body;
use crate::support::House;
use crate::support::client::Client;
use crate::trust::town::Town;

/// What is typed where something is looked for: initials, a door, a telephone number, a surname.
const TYPED: [&str; 4] = ["wgf", "3-2-501", "13900001111", "王"];
/// Times that everything is done: what comes first needs what comes last.
const ROUNDS: usize = 2;
/// Years until everything that was kept has been kept long enough.
const YEARS: i64 = 4;
/// What is asked of a page beside its address, by the words of its description.
fn asked(operation: &Value) -> Vec<String> {
    let parameters = operation["parameters"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let (mut must, mut may) = (Vec::new(), Vec::new());
    for one in parameters.iter().filter(|one| one["in"] == "query") {
        let name = one["name"].as_str().unwrap();
        let list = if one["required"] == true {
            &mut must
        } else {
            &mut may
        };
        list.extend(values(name).iter().map(|value| format!("{name}={value}")));
    }
    let must = must.join("&");
    let mut all = vec![format!("?{must}")];
    all.extend(may.iter().map(|one| format!("?{must}&{one}")));
    all
}

fn values(name: &str) -> &'static [&'static str] {
    match name {
        "after" => &["1", "a.1"],
        "before" => &["900"],
        "date" | "from" => &["2026-11-25"],
        "to" => &["2026-11-30"],
        "days" => &["14"],
        "full" => &["true"],
        "kind" => &["merchant"],
        "month" => &["2026-11"],
        "outcome" => &["new", "changed"],
        "part" => &["away", "left", "active"],
        "purpose" => &["care"],
        "service" => &["MEAL"],
        "state" => &["open", "all"],
        "year" => &["2026"],
        _ => &["1"],
    }
}

/// Walks the house, with everybody's browser.
pub async fn walk(house: &House, town: &Town, browsers: &[(&'static str, Client)]) {
    let document: Value =
        serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap();
    for (path, ways) in document["paths"].as_object().unwrap() {
        // It answers for ever.
        if let Some(told) = ways.get("get").filter(|_| path != "/api/events") {
            look(browsers, &town.leads(path), &asked(told)).await;
        }
    }
    yinling::figures::queries::look(house.app.store.read(), house.clock.now())
        .await
        .unwrap();
    nights(house).await;
    for _ in 0..ROUNDS {
        for (path, ways) in document["paths"].as_object().unwrap() {
            for (way, told) in ways.as_object().unwrap() {
                if let Ok(method) = Method::from_bytes(way.to_uppercase().as_bytes())
                    && method != Method::GET
                {
                    for body in bodies(town, &document, path, told) {
                        act(browsers, &method, &town.leads(path), body.as_ref()).await;
                    }
                }
            }
        }
    }
    house
        .clock
        .set(house.clock.now() + TimeDelta::days(365 * YEARS));
    nights(house).await;
}

async fn look(browsers: &[(&'static str, Client)], path: &str, asked: &[String]) {
    for (_, client) in browsers {
        for asked in asked {
            let seen = client.clone().get(&format!("{path}{asked}")).await;
            // Whoever is not let in is not let in with other words either.
            if [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN].contains(&seen.status) {
                break;
            }
        }
    }
}

/// What is sent to an operation, one after the other.
fn bodies(town: &Town, document: &Value, path: &str, told: &Value) -> Vec<Option<Value>> {
    if path.ends_with("/search") {
        return TYPED.map(|words| Some(json!({ "q": words }))).into();
    }
    vec![town.body(path).or_else(|| body(document, told))]
}

/// Does it as the first who can.
async fn act(
    browsers: &[(&'static str, Client)],
    method: &Method,
    path: &str,
    body: Option<&Value>,
) {
    for (_, client) in browsers {
        let request = axum::http::Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json");
        let text = body.map(Value::to_string).unwrap_or_default();
        let reply = client
            .clone()
            .send(request.body(text.into()).unwrap())
            .await;
        if reply.status.is_success() {
            return;
        }
    }
}

/// What the program does by itself, as `serve` starts it.
async fn nights(house: &House) {
    let app = &house.app;
    residents::absences::watch::turn(app).await.unwrap();
    residents::import::watch::turn(app).await.unwrap();
    series::generate::pass(app).await.unwrap();
    requests::rise::sweep(app).await.unwrap();
    quality::watch::sweep(app).await.unwrap();
    quality::watch::unseen(app).await.unwrap();
    dispatch::plan::sweep(app).await.unwrap();
    privacy::retention::night::turn(app).await.unwrap();
    let route = notify::route::Route::open(&app.settings).unwrap();
    while notify::sender::send_due(app, &route).await.unwrap().sent > 0 {}
}
