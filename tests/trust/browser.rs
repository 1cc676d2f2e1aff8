//! Somebody's browser, over the network: it keeps its cookie, and knows when no answer came.

use std::time::{Duration, Instant};

use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, SET_COOKIE};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use crate::support::fixture::PASSWORD;

/// An answer that came.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Told {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text))
    }

    /// The body, where all went well.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text);
        if self.text.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }
}

/// A browser.
#[derive(Clone)]
pub struct Browser {
    http: Client,
    address: String,
    cookie: Option<String>,
}

impl Browser {
    /// Nobody is signed in.
    pub fn new(address: &str) -> Self {
        Self {
            http: Client::new(),
            address: address.to_owned(),
            cookie: None,
        }
    }

    /// Signed in with login and password.
    pub async fn enter(address: &str, login: &str) -> Self {
        let mut browser = Self::new(address);
        let body = json!({"login": login, "password": PASSWORD});
        browser.post("/api/session", body, None).await.unwrap().ok();
        browser
    }

    /// The same browser with connections of its own, at another address or the same one started anew.
    pub fn at(&self, address: &str) -> Self {
        Self {
            http: Client::new(),
            address: address.to_owned(),
            cookie: self.cookie.clone(),
        }
    }

    /// Sends a request; nothing where no whole answer came, and nobody knows what became of it.
    pub async fn send(
        &mut self,
        method: Method,
        path: &str,
        body: Option<Value>,
        key: Option<&str>,
    ) -> Option<Told> {
        let mut request = self.http.request(method, format!("{}{path}", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(body) = body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.ok()?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if let Some(set) = headers.get(SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        let text = answer.text().await.ok()?;
        Some(Told {
            status,
            headers,
            text,
        })
    }

    /// Looks at something.
    pub async fn get(&mut self, path: &str) -> Option<Told> {
        self.send(Method::GET, path, None, None).await
    }

    /// Does something, once where a key is given.
    pub async fn post(&mut self, path: &str, body: Value, key: Option<&str>) -> Option<Told> {
        self.send(Method::POST, path, Some(body), key).await
    }
}

/// A page that listens to what changes.
pub struct Page {
    answer: reqwest::Response,
    heard: String,
}

impl Browser {
    /// Opens a page that listens; nothing where nobody answers.
    pub async fn listen(&self) -> Option<Page> {
        let mut request = self.http.get(format!("{}/api/events", self.address));
        if let Some(cookie) = &self.cookie {
            request = request.header(COOKIE, cookie);
        }
        let answer = request.send().await.ok()?;
        answer.status().is_success().then_some(Page {
            answer,
            heard: String::new(),
        })
    }
}

impl Page {
    /// How long it takes until this is heard; nothing where the page was cut off, or has waited this long.
    pub async fn hears(&mut self, what: &str, patience: Duration) -> Option<Duration> {
        let began = Instant::now();
        while !self.heard.contains(what) {
            let left = patience.checked_sub(began.elapsed())?;
            let told = tokio::time::timeout(left, self.answer.chunk()).await.ok()?;
            self.heard.push_str(&String::from_utf8_lossy(&told.ok()??));
        }
        Some(began.elapsed())
    }
}
