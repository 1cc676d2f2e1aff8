//! A body for an operation, from the API's own description: whatever must be said, said plainly, so that the operation goes
//! as far as it can.

use serde_json::{Map, Value, json};

/// The body of this operation, if it takes one in JSON.
pub fn body(document: &Value, operation: &Value) -> Option<Value> {
    let schema = operation.pointer("/requestBody/content/application~1json/schema")?;
    Some(example(document, schema, ""))
}

fn example(document: &Value, schema: &Value, name: &str) -> Value {
    if let Some(to) = schema["$ref"].as_str() {
        let pointer = to.trim_start_matches('#');
        return example(document, document.pointer(pointer).unwrap(), name);
    }
    if let Some(words) = schema["enum"].as_array() {
        return words[0].clone();
    }
    for of in ["allOf", "oneOf", "anyOf"] {
        if let Some(first) = schema[of].as_array().and_then(|all| all.first()) {
            return example(document, first, name);
        }
    }
    match kind(schema) {
        "object" => object(document, schema),
        "array" => json!([example(document, &schema["items"], name)]),
        "integer" | "number" => json!(schema["minimum"].as_i64().unwrap_or(0).max(1)),
        "boolean" => json!(true),
        _ => json!(text(schema, name)),
    }
}

fn kind(schema: &Value) -> &str {
    let kinds = &schema["type"];
    let first = || {
        kinds
            .as_array()?
            .iter()
            .find_map(|kind| kind.as_str().filter(|kind| *kind != "null"))
    };
    kinds.as_str().or_else(first).unwrap_or("string")
}

fn object(document: &Value, schema: &Value) -> Value {
    let must = schema["required"].as_array().cloned().unwrap_or_default();
    let fields = schema["properties"]
        .as_object()
        .cloned()
        .unwrap_or_default();
    let said = fields
        .iter()
        .filter(|(name, _)| must.iter().any(|one| one == *name));
    let said = said.map(|(name, field)| (name.clone(), example(document, field, name)));
    Value::Object(said.collect::<Map<_, _>>())
}

fn text(schema: &Value, name: &str) -> &'static str {
    match (schema["format"].as_str(), name) {
        (Some("date"), "to" | "until" | "valid_until" | "back") => "2026-11-28",
        (Some("date"), _) => "2026-11-26",
        (Some("date-time"), _) => "2026-11-26T02:00:00Z",
        (_, "service" | "code") => "MEAL",
        (_, "phone" | "number") => "13900001111",
        (_, "month") => "2026-11",
        (_, "rule") => "FREQ=WEEKLY;BYDAY=FR",
        (_, "version") => "1",
        _ => "可以",
    }
}
