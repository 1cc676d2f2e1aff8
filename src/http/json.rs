//! Bodies of JSON, read; and words for every way in which they cannot be.

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use super::text::{json_spells_nul, no_nul};
use crate::error::{Error, Kind, Problem, Result};
use crate::said::Said;

/// Whole numbers up to here stand in a double as they are.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The body that was asked for.
///
/// # Errors
/// `bad-json` where it is no JSON, `invalid` where it is JSON and not what was asked for.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let body = match serde_json::from_slice(bytes) {
        Ok(body) => body,
        Err(error) => read_whole_numbers(bytes, &error)?,
    };
    if json_spells_nul(bytes) {
        return Err(no_nul().into());
    }
    Ok(body)
}

/// The same where a whole number is spelled like a fraction: JSON knows one kind of number, and in it 5.0 is 5. What is no JSON was
/// not understood; what is JSON was, and does not hold (RFC 9110, 15.5.1 and 15.5.21).
fn read_whole_numbers<T: DeserializeOwned>(bytes: &[u8], error: &serde_json::Error) -> Result<T> {
    let mut value =
        serde_json::from_slice(bytes).map_err(|error| refusal(Kind::BadJson, &error))?;
    spell_whole(&mut value);
    serde_json::from_value(value).map_err(|_| refusal(Kind::Invalid, error))
}

fn spell_whole(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = number.as_f64().and_then(whole)
                && number.is_f64()
            {
                *number = whole;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(spell_whole),
        Value::Object(members) => members.values_mut().for_each(spell_whole),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn whole(number: f64) -> Option<Number> {
    (number.fract() == 0.0 && number.abs() <= EXACT).then(|| Number::from(number as i64))
}

fn refusal(kind: Kind, error: &serde_json::Error) -> Error {
    let (line, column) = (error.line(), error.column());
    Problem::new(
        kind,
        Said::new(
            format!("提交的内容看不懂（第 {line} 行第 {column} 列）。"),
            format!("What was sent cannot be read (line {line}, column {column})."),
        ),
        Said::new(
            format!("请按接口文档改正：{error}"),
            format!("Mend it after the API documentation: {error}"),
        ),
    )
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Asked {
        minutes: i32,
    }

    fn kind(text: &str) -> Kind {
        match read::<Asked>(text.as_bytes()).unwrap_err() {
            Error::Refused(problem) => problem.kind,
            other => panic!("{other}"),
        }
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_spelled() {
        for text in [
            r#"{"minutes":5}"#,
            r#"{"minutes":5.0}"#,
            r#"{"minutes":5e0,"more":0.5}"#,
        ] {
            assert_eq!(read::<Asked>(text.as_bytes()).unwrap().minutes, 5, "{text}");
        }
        assert_eq!(kind(r#"{"minutes":5.5}"#), Kind::Invalid);
        assert_eq!(kind(r#"{"minutes":1e300}"#), Kind::Invalid);
    }

    #[test]
    fn what_is_no_json_and_what_does_not_hold_are_told_apart() {
        for text in ["", "{", "{\"minutes\":\"5\"", "[1", "{\"minutes\":5}}"] {
            assert_eq!(kind(text), Kind::BadJson, "{text}");
        }
        for text in [
            "null",
            "[]",
            "{}",
            r#"{"minutes":"5"}"#,
            r#"{"minutes":5,"note":"\u0000"}"#,
        ] {
            assert_eq!(kind(text), Kind::Invalid, "{text}");
        }
    }
}
