//! A browser without a window: it keeps its cookie and speaks JSON with the router.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::AccountId;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;
use tower_sessions::Session;
use yinling::app::App;
use yinling::http::session::{ACCOUNT, Sessions};

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    /// The body as it came, for files.
    pub bytes: Vec<u8>,
}

impl Reply {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text))
    }

    /// The body, where the status is this one.
    #[track_caller]
    pub fn expect(self, status: StatusCode) -> Value {
        assert_eq!(self.status, status, "{}", self.text);
        if self.text.is_empty() {
            Value::Null
        } else {
            self.json()
        }
    }

    /// The body of a 200.
    #[track_caller]
    pub fn ok(self) -> Value {
        self.expect(StatusCode::OK)
    }

    /// The body of a 201.
    #[track_caller]
    pub fn created(self) -> Value {
        self.expect(StatusCode::CREATED)
    }

    /// The problem document of a refusal with this status and word.
    #[track_caller]
    pub fn refused(self, status: StatusCode, word: &str) -> Value {
        assert_eq!(
            self.headers
                .get(header::CONTENT_TYPE)
                .and_then(|kind| kind.to_str().ok()),
            Some("application/problem+json"),
            "{} {}",
            self.status,
            self.text
        );
        let problem = self.expect(status);
        assert_eq!(problem["type"], format!("/problems/{word}"), "{problem}");
        assert!(!problem["detail"].as_str().unwrap().is_empty());
        assert!(!problem["action"].as_str().unwrap().is_empty());
        problem
    }
}

/// A browser.
#[derive(Clone)]
pub struct Client {
    router: axum::Router,
    cookie: Option<String>,
    lang: &'static str,
    entered: Option<Entered>,
    from: Option<IpAddr>,
}

/// Somebody who came in by no door of the program: a test about something else than signing in does not want to hear, days
/// later by the house's clock, that the sign-in is over.
#[derive(Clone)]
struct Entered {
    app: App,
    account: AccountId,
    at: DateTime<Utc>,
}

impl Client {
    /// Nobody is signed in.
    pub fn new(app: &App) -> Self {
        Self {
            router: app.router(),
            cookie: None,
            lang: "zh-CN",
            entered: None,
            from: None,
        }
    }

    /// The same browser behind this network address.
    pub fn at(mut self, address: &str) -> Self {
        self.from = Some(address.parse().unwrap());
        self
    }

    /// This account is signed in, and comes in again when time has passed.
    pub async fn signed_in(app: &App, account: AccountId) -> Self {
        let mut client = Self::new(app);
        client.enter(app.clone(), account).await;
        client
    }

    async fn enter(&mut self, app: App, account: AccountId) {
        let sessions = Arc::new(Sessions::new(app.store.clone(), app.clock.clone()));
        let session = Session::new(None, sessions, None);
        session.insert(ACCOUNT, account.0).await.unwrap();
        session.save().await.unwrap();
        self.cookie = Some(format!("yinling={}", session.id().unwrap()));
        let at = app.clock.now();
        self.entered = Some(Entered { app, account, at });
    }

    /// The same browser, speaking with the program after it was started again.
    pub fn moved_to(mut self, app: &App) -> Self {
        self.router = app.router();
        if let Some(entered) = &mut self.entered {
            entered.app = app.clone();
        }
        self
    }

    /// The browser's cookie, as it would be stolen or planted.
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The same browser with this cookie.
    pub fn with_cookie(mut self, cookie: Option<&str>) -> Self {
        self.cookie = cookie.map(str::to_owned);
        self.entered = None;
        self
    }

    /// The same browser set to English.
    pub fn english(mut self) -> Self {
        self.lang = "en";
        self
    }

    /// Sends a request as it is, with the browser's cookie and language.
    pub async fn send(&mut self, mut request: Request<Body>) -> Reply {
        if let Some(Entered { app, account, at }) = self.entered.clone()
            && (app.clock.now() - at).abs() >= TimeDelta::hours(6)
        {
            self.enter(app, account).await;
        }
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT_LANGUAGE, self.lang.parse().unwrap());
        headers.insert(header::HOST, "yinling.test".parse().unwrap());
        if let Some(from) = self.from {
            let peer = ConnectInfo(SocketAddr::from((from, 40_000)));
            request.extensions_mut().insert(peer);
        }
        let headers = request.headers_mut();
        if let Some(cookie) = &self.cookie {
            headers.insert(header::COOKIE, cookie.parse().unwrap());
        }
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = (!pair.ends_with('=')).then_some(pair);
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
            bytes: bytes.to_vec(),
        }
    }

    /// Looks at something.
    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Takes something away.
    pub async fn delete(&mut self, path: &str) -> Reply {
        self.send(Request::delete(path).body(Body::empty()).unwrap())
            .await
    }

    /// Does something.
    pub async fn post(&mut self, path: &str, body: Value) -> Reply {
        self.with_body(Method::POST, path, body, None).await
    }

    /// Looks for something in a room: what is typed goes in the body.
    pub async fn search(&mut self, room: &str, typed: &str) -> Reply {
        self.post(&format!("/api/{room}/search"), json!({ "q": typed }))
            .await
    }

    /// Puts something in the place of what was there.
    pub async fn put(&mut self, path: &str, body: Value) -> Reply {
        self.with_body(Method::PUT, path, body, None).await
    }

    /// Changes something.
    pub async fn patch(&mut self, path: &str, body: Value) -> Reply {
        self.with_body(Method::PATCH, path, body, None).await
    }

    /// Sends a workbook.
    pub async fn upload(&mut self, name: &str, file: Vec<u8>) -> Reply {
        let request = Request::post(format!("/api/roll/imports?name={name}"))
            .header(
                header::CONTENT_TYPE,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            )
            .body(Body::from(file))
            .unwrap();
        self.send(request).await
    }

    /// Does something once.
    pub async fn post_once(&mut self, path: &str, body: Value, key: &str) -> Reply {
        self.with_body(Method::POST, path, body, Some(key)).await
    }

    async fn with_body(
        &mut self,
        method: Method,
        path: &str,
        body: Value,
        key: Option<&str>,
    ) -> Reply {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send(request.body(Body::from(body.to_string())).unwrap())
            .await
    }
}
