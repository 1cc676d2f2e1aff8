//! What stands before every route: other sites are turned away, and every answer carries its protective headers.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{Kind, Problem};
use crate::said::Said;

/// Refuses unsafe requests that another site's page sent. Browsers say where a request comes from; programs that are
/// not browsers carry no cookies by themselves and say nothing.
pub async fn same_site(request: Request<Body>, next: Next) -> Response {
    let safe = matches!(
        *request.method(),
        Method::GET | Method::HEAD | Method::OPTIONS
    );
    if safe || from_here(&request) {
        return next.run(request).await;
    }
    Problem::new(
        Kind::CrossSite,
        Said::new(
            "这个请求来自别的网站，没有执行。",
            "This request came from another site; it was not carried out.",
        ),
        Said::new(
            "请从本系统的页面操作。",
            "Please use this system's own pages.",
        ),
    )
    .into_response()
}

fn from_here(request: &Request<Body>) -> bool {
    let text = |name: header::HeaderName| {
        request
            .headers()
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return site == "same-origin" || site == "none";
    }
    match (text(header::ORIGIN), text(header::HOST)) {
        (Some(origin), Some(host)) => origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host),
        _ => true,
    }
}

/// Headers for every answer. Personal answers are not kept by anything between here and the screen.
pub async fn headers(request: Request<Body>, next: Next) -> Response {
    let personal = request.uri().path().starts_with("/api/");
    let mut answer = next.run(request).await;
    let headers = answer.headers_mut();
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        (
            "content-security-policy",
            "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
             object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
        ),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if personal {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    answer
}
