//! Every list is paged by key, or is one of those that cannot grow.

use std::collections::BTreeSet;

use serde_json::Value;

/// Lists without pages, and why each stays short however many people there are and however long it goes on.
const SHORT: &[(&str, &str)] = &[
    // What is at work: whatever is done leaves the list, and what does not fit comes when room is made.
    (
        "/api/check-calls",
        "open calls, some hundred at most, and the last that were made",
    ),
    (
        "/api/complaints",
        "open ones, 300 at most, and those closed in the last 30 days",
    ),
    ("/api/dispatch/lists", "what waits for the office now"),
    ("/api/erasures", "open requests, and the last that ended"),
    (
        "/api/help-requests",
        "open ones, 500 at most, and the last closed in 14 days",
    ),
    ("/api/grid/help-requests", "the same of an officer's grids"),
    (
        "/api/quality/first-screen",
        "what is late or was missed today",
    ),
    (
        "/api/ratings/low",
        "low ratings that nobody has answered, 100 at most",
    ),
    (
        "/api/roll/duplicates",
        "50 pairs; who has decided on these sees the next",
    ),
    (
        "/api/station/calls",
        "calls to make about sessions, 100 at most",
    ),
    // A span of days that is asked for, and is bounded.
    ("/api/bench/months/{month}", "one month"),
    ("/api/board", "one day"),
    ("/api/calendar", "one year of days"),
    ("/api/helpers/{id}/day", "one day of one helper"),
    ("/api/meals", "one day"),
    ("/api/panel/months/{month}", "one month, a row a provider"),
    (
        "/api/providers/{id}/settlement",
        "one month of one provider",
    ),
    ("/api/residents/{id}/money", "one month of one resident"),
    ("/api/residents/{id}/times", "two weeks at most"),
    (
        "/api/residents/{id}/visits",
        "the days that are asked for, of one resident",
    ),
    ("/api/residents/{id}/sessions", "the next weeks"),
    ("/api/station/sessions", "the days that are asked for"),
    ("/api/supply/months/{month}", "one month, counted"),
    ("/api/retention", "the rules, and 14 nights"),
    // One person, one household, one object.
    ("/api/family/residents", "whom one person acts for"),
    ("/api/helpers/{id}/file", "one helper"),
    ("/api/households/{id}", "one household, its last calls"),
    ("/api/me", "one person"),
    ("/api/me/sessions", "one person's sign-ins"),
    ("/api/residents/{id}", "one resident"),
    ("/api/residents/{id}/again", "three times"),
    ("/api/residents/{id}/complaints", "one resident's last 50"),
    ("/api/residents/{id}/consents", "a row a purpose"),
    ("/api/residents/{id}/erasure", "one resident"),
    (
        "/api/residents/{id}/help-requests",
        "one resident's last 50",
    ),
    ("/api/residents/{id}/series", "one resident's"),
    (
        "/api/roll/{id}",
        "one resident, the last lines of the history",
    ),
    ("/api/roll/imports/{id}", "the columns of one workbook"),
    ("/api/plans/{id}", "one plan"),
    (
        "/api/providers/{id}",
        "one provider, the last lines of the history",
    ),
    ("/api/providers/{id}/helpers", "one provider's people"),
    ("/api/series/{id}", "one series, four weeks ahead"),
    ("/api/shop", "the last ten at one counter"),
    ("/api/station/sessions/{id}", "the seats of one session"),
    (
        "/api/station/sessions/{id}/sheet",
        "the seats of one session",
    ),
    ("/api/visits/{id}", "one visit"),
    ("/api/visits/{id}/suggestions", "the helpers who could come"),
    ("/api/complaints/{id}", "one complaint with its steps"),
    ("/api/help-requests/{id}", "one request with its steps"),
    (
        "/api/residents/{id}/times/days",
        "the days that are asked for, six weeks at most",
    ),
    // What somebody writes by hand and takes away again: tables of settings and choices.
    ("/api/catalogue", "the services of the catalogue"),
    (
        "/api/residents/{id}/catalogue",
        "the services of the catalogue",
    ),
    ("/api/consent-texts", "a row a purpose"),
    ("/api/entrance", "the people of the demonstration"),
    (
        "/api/grid/residents",
        "a grid is cut anew when it passes some 300 households",
    ),
    ("/api/help-contacts", "a row a kind and grid"),
    ("/api/help-limits", "a row a kind"),
    ("/api/masking", "a row a field"),
    ("/api/merchants", "the firms of a community"),
    ("/api/panel/criteria", "the criteria"),
    ("/api/panel/interests", "the members of the panel"),
    ("/api/providers", "the firms of a community"),
    ("/api/providers/register", "the firms of a community"),
    ("/api/providers/services", "the services of the catalogue"),
    ("/api/skills", "the skills"),
    ("/api/station/rooms", "the rooms of a station"),
    ("/api/vouchers/totals", "a row a shop"),
];

fn document() -> Value {
    serde_json::from_str(&yinling::http::openapi::document().unwrap()).unwrap()
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(to) => document.pointer(to.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

/// Whether an answer of this shape holds a list of things: an array of objects, itself or as a member.
fn holds_a_list(document: &Value, schema: &Value) -> bool {
    let schema = resolved(document, schema);
    let parts = ["allOf", "oneOf"]
        .into_iter()
        .filter_map(|of| schema[of].as_array())
        .flatten();
    if parts.into_iter().any(|part| holds_a_list(document, part)) {
        return true;
    }
    let members = schema["properties"].as_object();
    schema["type"] == "array"
        || members.is_some_and(|members| {
            members
                .values()
                .any(|member| resolved(document, member)["type"] == "array")
        })
}

fn is_paged(told: &Value) -> bool {
    let keys = ["after", "before"];
    let parameters = told["parameters"].as_array();
    parameters.is_some_and(|all| {
        all.iter()
            .any(|one| keys.iter().any(|key| one["name"] == *key))
    })
}

#[test]
fn every_list_is_paged_by_key_or_cannot_grow() {
    let document = document();
    let mut unpaged = BTreeSet::new();
    for (path, ways) in document["paths"].as_object().unwrap() {
        let told = &ways["get"];
        let answer = told.pointer("/responses/200/content/application~1json/schema");
        if answer.is_some_and(|schema| holds_a_list(&document, schema)) && !is_paged(told) {
            unpaged.insert(path.as_str());
        }
        for one in told["parameters"].as_array().into_iter().flatten() {
            let counted = ["offset", "page", "skip"]
                .iter()
                .any(|word| one["name"] == *word);
            assert!(!counted, "{path} counts rows instead of asking by key");
        }
    }
    let short: BTreeSet<&str> = SHORT.iter().map(|(path, _)| *path).collect();
    let grow: Vec<_> = unpaged.difference(&short).collect();
    assert!(
        grow.is_empty(),
        "neither paged nor known to stay short: {grow:#?}"
    );
    let gone: Vec<_> = short.difference(&unpaged).collect();
    assert!(
        gone.is_empty(),
        "known to stay short, and no unpaged list: {gone:#?}"
    );
}
