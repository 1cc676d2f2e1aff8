//! Dispatch: matching bookings to helpers, the board, suggestions and plans.

pub mod assign;
pub mod board;
pub mod detail;
pub mod links;
pub mod lists;
pub mod load;
pub mod matching;
pub mod place;
pub mod plan;
pub mod publish;
pub mod routes;
pub mod spans;
pub mod suggestions;
pub mod trying;
pub mod views;
pub mod withdraw;

use entity::words;

use crate::error::{Error, Result};
use crate::matching as engine;
use crate::said::Said;

pub use matching::match_now;

/// Days for which one problem is stated at most.
pub const MOST_DAYS: usize = 14;

/// The engine's word for a kind of helper.
#[must_use]
pub fn kind(kind: words::HelperKind) -> engine::HelperKind {
    match kind {
        words::HelperKind::Volunteer => engine::HelperKind::Volunteer,
        words::HelperKind::Staff => engine::HelperKind::Staff,
        words::HelperKind::Merchant => engine::HelperKind::Merchant,
    }
}

/// The engine's word for a sex.
#[must_use]
pub fn sex(sex: words::Sex) -> engine::Sex {
    match sex {
        words::Sex::Female => engine::Sex::Female,
        words::Sex::Male => engine::Sex::Male,
    }
}

/// The engine's word for a language.
#[must_use]
pub fn lang(lang: words::Lang) -> engine::Lang {
    match lang {
        words::Lang::Zh => engine::Lang::Zh,
        words::Lang::En => engine::Lang::En,
    }
}

/// Sentences as they are stored with an assignment or a plan.
///
/// # Errors
/// None that can happen: sentences are plain text.
pub fn stored(sentences: &[Said]) -> Result<serde_json::Value> {
    serde_json::to_value(sentences).map_err(|error| Error::Internal(error.to_string()))
}

/// Stored sentences in one language; what cannot be read is left out.
#[must_use]
pub fn told(stored: &serde_json::Value, lang: words::Lang) -> Vec<String> {
    serde_json::from_value::<Vec<Said>>(stored.clone())
        .unwrap_or_default()
        .iter()
        .map(|said| said.to(lang))
        .collect()
}
