//! Where more is asked than can be done: a request waits for its turn, or is asked to come again.

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::input::{LARGEST_BODY, too_large};
use crate::app::App;
use crate::error::{Kind, Problem, Result};
use crate::said::Said;

/// Seconds after which it may be tried again: a rush of people who open their pages is over by then.
const RETRY_AFTER_S: u32 = 2;

/// Where files are sent to.
const FILES: [&str; 2] = [
    "/api/providers/{id}/papers/{paper}/scan",
    "/api/roll/imports",
];

/// Lets a request compute when its turn comes.
pub async fn take_turns(State(app): State<App>, request: Request<Body>, next: Next) -> Response {
    if !computes(request.uri().path()) || brings_a_file(&request) {
        return next.run(request).await;
    }
    let request = match received(request).await {
        Ok(request) => request,
        Err(error) => return error.into_response(),
    };
    let Some(place) = app.line.place().await else {
        return busy().into_response();
    };
    place.hold(next.run(request)).await
}

/// Files are large and come slowly, and few may send them: they are not waited for here. Where they are sent to decides it, for
/// anybody can say of anything that it is a file.
fn brings_a_file(request: &Request<Body>) -> bool {
    let to = request.extensions().get::<MatchedPath>();
    request.method() == Method::POST && to.is_some_and(|to| FILES.contains(&to.as_str()))
}

/// Waits for the whole request before it waits for its turn: whoever sends slowly keeps nobody from theirs.
async fn received(request: Request<Body>) -> Result<Request<Body>> {
    let (parts, body) = request.into_parts();
    let whole = to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| too_large())?;
    Ok(Request::from_parts(parts, Body::from(whole)))
}

/// Whether what is asked costs anything. Pages and their files cost next to nothing; whoever watches over the program has to be
/// answered above all when much is asked; and what tells of changes lasts for hours and does nothing most of the time.
fn computes(path: &str) -> bool {
    path.starts_with("/api/") && path != "/api/events"
}

/// The answer to whoever is sent away.
fn busy() -> Problem {
    let mut problem = Problem::new(
        Kind::Busy,
        Said::new(
            "现在用的人太多，这次没有做成，什么也没有改动。",
            "Too many people are asking at this moment; nothing was done or changed.",
        ),
        Said::new(
            "请过几秒再试，您填的内容还在。",
            "Please try again in a few seconds; what you typed is still there.",
        ),
    );
    problem.retry_after = Some(RETRY_AFTER_S);
    problem
}

#[cfg(test)]
mod tests {
    use utoipa::openapi::RefOr;

    use super::*;

    #[test]
    fn files_are_sent_where_the_description_says_so_and_nowhere_else() {
        let document = crate::http::openapi::described();
        let described = document.paths.paths.into_iter().filter(|(_, item)| {
            let all = [&item.get, &item.post, &item.put, &item.patch, &item.delete];
            let bodies =
                all.into_iter()
                    .flatten()
                    .filter_map(|one| match one.request_body.as_ref()? {
                        RefOr::T(body) => Some(body),
                        RefOr::Ref(_) => None,
                    });
            let mut kinds = bodies.flat_map(|body| body.content.keys());
            kinds.any(|kind| kind != "application/json")
        });
        let mut described: Vec<_> = described.map(|(path, _)| path).collect();
        described.sort();
        assert_eq!(described, FILES);
    }

    #[test]
    fn who_watches_and_who_listens_never_waits() {
        for path in [
            "/healthz",
            "/readyz",
            "/metrics",
            "/api/events",
            "/",
            "/assets/a.js",
        ] {
            assert!(!computes(path), "{path}");
        }
        assert!(computes("/api/me") && computes("/api/residents/1/times"));
    }
}
