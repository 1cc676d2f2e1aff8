//! Who reaches what: every operation of the API's description, asked for by everybody, against a table that people can read
//! (`matrix.txt`). Whatever is hidden from somebody is answered as if it did not exist, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::Value;

use super::size;
use super::town::Town;
use crate::both;
use crate::support::client::{Client, Reply};
use crate::support::{House, On};

/// The table: an operation, and who reaches it.
const TABLE: &str = include_str!("matrix.txt");

/// Answers for ever.
const APART: [&str; 1] = ["/api/events"];

/// An operation.
struct Operation {
    name: String,
    method: Method,
    path: String,
    body: String,
    /// Whether it may do something with that body.
    acts: bool,
}

fn operations(town: &Town) -> Vec<Operation> {
    let document: Value =
        serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap();
    let mut found = Vec::new();
    for (path, ways) in document["paths"].as_object().unwrap() {
        if APART.contains(&path.as_str()) {
            continue;
        }
        for (way, told) in ways.as_object().unwrap() {
            let Ok(method) = Method::from_bytes(way.to_uppercase().as_bytes()) else {
                continue;
            };
            let body = town
                .body(path)
                .map_or_else(|| "{}".to_owned(), |body| body.to_string());
            let acts = method != Method::GET && (told.get("requestBody").is_none() || body != "{}");
            found.push(Operation {
                name: format!("{method} {path}"),
                path: path.clone(),
                body,
                method,
                acts,
            });
        }
    }
    found
}

impl Operation {
    /// The address of what is there.
    fn there(&self, town: &Town) -> String {
        town.leads(&self.path) + query(&self.path)
    }

    /// The same with numbers of nothing, where it has numbers.
    fn nowhere(&self) -> Option<String> {
        self.path
            .contains('{')
            .then(|| nowhere(&self.path) + query(&self.path))
    }
}

fn nowhere(path: &str) -> String {
    let mut asked = path.to_owned();
    while let Some((before, rest)) = asked.split_once('{') {
        let (name, after) = rest.split_once('}').unwrap();
        let value = match name {
            "month" => "1999-01",
            "from" => "1999-01-01",
            _ => "987654321",
        };
        asked = format!("{before}{value}{after}");
    }
    asked
}

/// What has to be said for a question to make sense.
fn query(path: &str) -> &'static str {
    match path {
        "/api/residents/{id}/times" => "?service=MEAL",
        "/api/providers/services" => "?kind=merchant",
        "/api/providers/{id}/settlement" | "/api/providers/{id}/settlement/workbook" => {
            "?month=2026-11"
        }
        _ => "",
    }
}

async fn ask(client: &mut Client, operation: &Operation, path: &str) -> Reply {
    let request = Request::builder().method(&operation.method).uri(path);
    let request = if operation.method == Method::GET {
        request.body(Body::empty())
    } else {
        request
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(operation.body.clone()))
    };
    client.send(request.unwrap()).await
}

/// Everybody in the order of the table.
const EVERYBODY: [&str; 11] = [
    "nobody",
    "coordinator",
    "clerk",
    "admin",
    "panel",
    "officer",
    "helper",
    "family",
    "stranger",
    "shopkeeper",
    "disabled",
];

fn is_hidden(reply: &Reply) -> bool {
    matches!(reply.status.as_u16(), 401 | 404)
}

/// What is told where nothing is there, and where something is that is not for the caller: they must not differ.
fn tells_apart(hidden: &Reply, nowhere: &Reply) -> bool {
    let headers = |reply: &Reply| {
        let mut headers = reply.headers.clone();
        headers.remove(header::DATE);
        headers
    };
    hidden.status != nowhere.status
        || hidden.bytes != nowhere.bytes
        || headers(hidden) != headers(nowhere)
}

/// A compound of its own with what a path leads to.
struct Stage {
    house: House,
    town: Town,
    browsers: Vec<(&'static str, Client)>,
}

impl Stage {
    async fn of(on: On, path: Option<&str>) -> Self {
        let house = House::open(on).await;
        let town = Town::of(&house, path).await;
        let browsers = town.browsers(&house).await;
        Self {
            house,
            town,
            browsers,
        }
    }
}

/// Who reaches each operation, and what deviates from the rule that the hidden does not exist.
async fn walk(on: On) -> (BTreeMap<String, BTreeSet<&'static str>>, Vec<String>) {
    let (mut reached, mut wrong) = (BTreeMap::new(), Vec::new());
    let mut whole = Stage::of(on, None).await;
    for operation in operations(&whole.town) {
        let who: &mut BTreeSet<_> = reached.entry(operation.name.clone()).or_default();
        // What acts has a compound of its own, and each that it acts for a new one.
        let mut own = None;
        for at in 0..EVERYBODY.len() {
            if operation.acts && own.is_none() {
                own = Some(Stage::of(on, Some(&operation.path)).await);
            }
            let stage = own.as_mut().unwrap_or(&mut whole);
            let (name, client) = &mut stage.browsers[at];
            let mut client = client.clone();
            let reply = ask(&mut client, &operation, &operation.there(&stage.town)).await;
            if reply.status.is_server_error() {
                wrong.push(format!("{} as {name}: {}", operation.name, reply.text));
            }
            if !is_hidden(&reply) {
                who.insert(*name);
            } else if let Some(nowhere) = operation.nowhere() {
                let other = ask(&mut client, &operation, &nowhere).await;
                if tells_apart(&reply, &other) {
                    wrong.push(format!(
                        "{} as {name}: {} {} and {} {}",
                        operation.name, reply.status, reply.text, other.status, other.text
                    ));
                }
            }
            if reply.status.is_success()
                && let Some(used) = own.take()
            {
                used.house.close().await;
            }
        }
        if let Some(used) = own {
            used.house.close().await;
        }
    }
    whole.house.close().await;
    (reached, wrong)
}

fn written(reached: &BTreeMap<String, BTreeSet<&'static str>>) -> String {
    let mut text = String::new();
    for (operation, who) in reached {
        let (method, path) = operation.split_once(' ').unwrap();
        let who: Vec<&str> = EVERYBODY
            .into_iter()
            .filter(|name| who.contains(name))
            .collect();
        let who = match who.len() {
            0 => "-".to_owned(),
            11 => "everybody".to_owned(),
            _ => who.join(" "),
        };
        text += &format!("{path:<52} {method:<6} {who}\n");
    }
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n") + "\n"
}

async fn as_the_table_says(on: On) {
    let (reached, wrong) = walk(on).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    let found = written(&reached);
    if found != TABLE {
        let seen = std::env::temp_dir().join("matrix.txt");
        std::fs::write(&seen, &found).unwrap();
        let differs: Vec<String> = found
            .lines()
            .filter(|line| !TABLE.contains(line))
            .map(|line| format!("found  {line}"))
            .chain(
                TABLE
                    .lines()
                    .filter(|line| !found.contains(line))
                    .map(|line| format!("wanted {line}")),
            )
            .collect();
        panic!("the whole is in {}: {differs:#?}", seen.display());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reaches_what_the_table_says_on_sqlite() {
    as_the_table_says(On::Sqlite).await;
}

/// Rights are judged before any database is asked to write: the long form alone walks the other one too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_reaches_what_the_table_says_on_postgres() {
    if size::is_long() {
        as_the_table_says(On::Postgres).await;
    }
}

both!(
    whatever_another_site_sends_is_refused_and_every_answer_is_guarded,
    async |house: &House| {
        let town = Town::of(house, None).await;
        let mut coordinator = house.enter(house.at.coordinator).await;
        for operation in operations(&town) {
            let from_there = |name: &'static str, value: &'static str| {
                Request::builder()
                    .method(&operation.method)
                    .uri(operation.there(&town))
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(name, value)
                    .body(Body::from("{}"))
                    .unwrap()
            };
            for request in [
                from_there("sec-fetch-site", "cross-site"),
                from_there("sec-fetch-site", "same-site"),
                from_there("origin", "https://evil.example"),
                from_there("origin", "null"),
            ] {
                let reply = coordinator.send(request).await;
                if operation.method != Method::GET {
                    assert_eq!(reply.status, 403, "{}: {}", operation.name, reply.text);
                }
                let told = |name: &str| reply.headers.get(name).unwrap().to_str().unwrap();
                assert_eq!(
                    told("x-content-type-options"),
                    "nosniff",
                    "{}",
                    operation.name
                );
                assert_eq!(told("cache-control"), "no-store", "{}", operation.name);
                let policy = told("content-security-policy");
                assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
                assert!(!policy.contains("unsafe"), "{policy}");
            }
        }
    }
);
