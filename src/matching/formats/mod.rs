//! Problems and plans as others write them, so that the engine can be measured beside them; and as we write them ourselves.

#[cfg(test)]
mod damaged;
pub mod hhcrsp;
pub mod vroom;
pub mod yinling;

use thiserror::Error;

/// A file that cannot be planned: which of its fields, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{field}: {what}")]
pub struct Unreadable {
    /// The path to the field, for example `jobs[3].time_windows[0]`.
    pub field: String,
    /// What is wrong.
    pub what: String,
}

impl Unreadable {
    /// What is wrong with a field.
    pub fn new(field: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            what: what.into(),
        }
    }
}

/// Reads JSON, and says where it could not.
pub(crate) fn parse<'j, T: serde::Deserialize<'j>>(text: &'j str) -> Result<T, Unreadable> {
    let mut json = serde_json::Deserializer::from_str(text);
    let value: T = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let inner = error.inner();
        let path = error.path().to_string();
        // What is no JSON, or wrong as a whole, has no path.
        let whole = !inner.is_data() || path == "." || path == "?";
        let field = if whole { "the file".to_owned() } else { path };
        Unreadable::new(field, inner.to_string())
    })?;
    json.end()
        .map_err(|error| Unreadable::new("the file", error.to_string()))?;
    Ok(value)
}
