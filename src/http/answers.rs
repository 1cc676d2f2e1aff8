//! The refusals that routes have in common, as the API's description lists them.
//!
//! `responses((status = 200, body = …), Reads)` on a route that looks, `Writes` on one that takes a body, `Removes` on
//! one that takes away.

use std::collections::BTreeMap;

use utoipa::IntoResponses;
use utoipa::openapi::{Content, Ref, RefOr, Response};

/// What a route that only looks may answer instead.
#[derive(Clone, Copy, Debug)]
pub struct Reads;

/// What a route that takes a body may answer instead.
#[derive(Clone, Copy, Debug)]
pub struct Writes;

/// What a route that takes something away, or has no body, may answer instead.
#[derive(Clone, Copy, Debug)]
pub struct Removes;

/// What anybody may be told, signed in or not.
const ALWAYS: [u16; 2] = [500, 503];

impl IntoResponses for Reads {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[401, 403, 404, 422])
    }
}

impl IntoResponses for Writes {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[400, 401, 403, 404, 409, 413, 415, 422, 429])
    }
}

impl IntoResponses for Removes {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        refusals(&[401, 403, 404, 409])
    }
}

/// These statuses, and those that are always possible, each with a problem document.
#[must_use]
pub fn refusals(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    statuses
        .iter()
        .chain(&ALWAYS)
        .map(|status| (status.to_string(), RefOr::T(refusal(*status))))
        .collect()
}

fn refusal(status: u16) -> Response {
    let mut answer = Response::new(meaning(status));
    answer.content.insert(
        "application/problem+json".to_owned(),
        RefOr::T(Content::new(Some(Ref::from_schema_name("Problem")))),
    );
    answer
}

fn meaning(status: u16) -> &'static str {
    match status {
        400 => "The body is no JSON (bad-json)",
        401 => {
            "Nobody is signed in (sign-in), login and password do not go together (wrong-login), or a code is wanted (code-wanted) or not right (wrong-code)"
        }
        403 => {
            "The request came from another site (cross-site), or a second factor has to be set up first (enrol-first)"
        }
        404 => "There is none, or none for this caller (not-found)",
        409 => {
            "Somebody was faster (slot-taken, clash, stale), or the state does not allow it (not-now)"
        }
        410 => "The link was used (link-used) or is too old (link-expired)",
        413 => "The body is too large (too-large)",
        415 => "The body is not JSON (wrong-content-type)",
        422 => "Something in it does not hold (invalid, rule-broken, idempotency-mismatch)",
        429 => "Too many tries (too-many)",
        503 => {
            "The database cannot be reached (unavailable), or more is asked than can be done just now (busy)"
        }
        _ => "Something failed here (internal)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_a_problem_document() {
        let all = Writes::responses();
        assert_eq!(all.len(), 11);
        for (status, answer) in all {
            let RefOr::T(answer) = answer else {
                panic!("{status} is a reference");
            };
            assert!(answer.content.contains_key("application/problem+json"));
        }
    }
}
