//! What requests have in common, as the API's description lists it: who is signed in, and the key of a request that may be sent
//! again.

use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ObjectBuilder, OpenApi, RefOr, Required, Type};

use super::input::{KEY, LONGEST_KEY};

/// The name of the way to sign in.
const SESSION: &str = "session";

/// Adds it to every operation.
pub fn describe(document: &mut OpenApi) {
    for path in document.paths.paths.values_mut() {
        let unsafe_ones = [&mut path.post, &mut path.put, &mut path.patch];
        for operation in unsafe_ones.into_iter().flatten() {
            if takes_json(operation) {
                operation
                    .parameters
                    .get_or_insert_default()
                    .push(RefOr::T(key()));
            }
        }
    }
    let nothing_more: [&str; 0] = [];
    document.security = Some(vec![SecurityRequirement::new(SESSION, nothing_more)]);
    let cookie = ApiKeyValue::with_description(
        "yinling",
        "Set by POST /api/session and the other ways in; over TLS its name is __Host-yinling. Operations open to everybody say so.",
    );
    document
        .components
        .get_or_insert_default()
        .add_security_scheme(SESSION, SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
}

fn takes_json(operation: &Operation) -> bool {
    match &operation.request_body {
        Some(RefOr::T(body)) => body.content.contains_key("application/json"),
        _ => false,
    }
}

fn key() -> Parameter {
    ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "The same key and body get the same answer, once; another body under it is refused. Letters, digits and signs of ASCII, no spaces.",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some(KEY))
                .min_length(Some(1))
                .max_length(Some(LONGEST_KEY)),
        ))
        .build()
}
