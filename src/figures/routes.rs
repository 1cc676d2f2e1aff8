//! `/metrics`: for the machine itself, or for whoever knows the token; and the counting of every request.

use std::net::SocketAddr;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::{memory_bytes, queries};
use crate::app::App;
use crate::error::{Error, Problem, Result};

/// What the answer is, as OpenMetrics has it.
const KIND: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Headers by which a server in front says that it only passes a request on: then who asks is not the machine itself.
const PASSED_ON: [&str; 4] = ["x-forwarded-for", "forwarded", "x-real-ip", "via"];

/// The figures, or as if nothing were there.
///
/// # Errors
/// `not-found` for whoever may not have them; the database's.
pub async fn metrics(State(app): State<App>, request: Request<Body>) -> Result<Response> {
    let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let here = from.is_some_and(|ConnectInfo(address)| address.ip().is_loopback());
    let token = app.settings.metrics_token.as_deref();
    if !may(request.headers(), here, token) {
        return Err(Problem::not_found().into());
    }
    let look = queries::look(app.store.read(), app.clock.now()).await?;
    let text = app
        .figures
        .text(look, memory_bytes())
        .map_err(|error| Error::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, KIND)], text).into_response())
}

/// Whether the figures are for whoever sent these headers.
fn may(headers: &HeaderMap, here: bool, token: Option<&str>) -> bool {
    let sent = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    match (sent, token) {
        // Hashes are compared, so that the time it takes says nothing of the token.
        (Some(sent), Some(token)) => Sha256::digest(sent) == Sha256::digest(token),
        _ => here && !PASSED_ON.iter().any(|name| headers.contains_key(*name)),
    }
}

/// Counts every answer by the pattern of its route; pages and their files are one.
pub async fn count(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("pages", MatchedPath::as_str)
        .to_owned();
    let (method, began) = (request.method().clone(), Instant::now());
    let answer = next.run(request).await;
    app.figures.answered(
        method.as_str(),
        &route,
        answer.status().as_u16(),
        began.elapsed(),
    );
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_figures_are_for_the_machine_itself_or_for_the_token() {
        let with = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(name, value.parse().unwrap());
            headers
        };
        let none = HeaderMap::new();
        assert!(may(&none, true, None) && may(&none, true, Some("secret")));
        assert!(!may(&none, false, None) && !may(&none, false, Some("secret")));
        assert!(
            !may(&with("x-forwarded-for", "8.8.8.8"), true, None),
            "through a proxy"
        );
        let token = with("authorization", "Bearer secret");
        assert!(may(&token, false, Some("secret")));
        assert!(!may(&token, false, Some("another")) && !may(&token, false, None));
    }
}
