//! Text as it comes in. U+0000 is turned away: PostgreSQL keeps it in no text, and nobody types it.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::{Kind, Problem};
use crate::said::Said;

/// What somebody looks for. It comes in a body and never in an address: addresses end in the logs of every server that
/// passes them on, and these words are names and telephone numbers (ASVS 5.0, 14.2.1).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = SearchFor)]
pub struct Typed {
    /// A telephone number or its last digits, a door in any spelling (3-2-501, 3栋2单元501, Building 3, 2-501), pinyin
    /// initials, or a part of a name. 40 characters are read.
    #[serde(default)]
    #[schema(required = false)]
    pub q: String,
}

/// Whether a JSON body spells U+0000; as it is, it cannot stand in one.
#[must_use]
pub fn json_spells_nul(json: &[u8]) -> bool {
    let mut rest = json;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        let escape = rest.get(at + 1..).unwrap_or_default();
        if escape.starts_with(b"u0000") {
            return true;
        }
        // The sign after a backslash belongs to it, also where it is a backslash itself.
        rest = escape.get(1..).unwrap_or_default();
    }
    false
}

/// Whether the query of an address spells U+0000.
#[must_use]
pub fn query_spells_nul(query: Option<&str>) -> bool {
    query.is_some_and(|query| query.contains("%00"))
}

/// The answer to either.
#[must_use]
pub fn no_nul() -> Problem {
    Problem::new(
        Kind::Invalid,
        Said::new(
            "提交的内容里有一个不能保存的字符（U+0000）。",
            "What was sent holds a character that cannot be kept (U+0000).",
        ),
        Said::new(
            "请删去这个看不见的字符，或重新输入，再提交。",
            "Please delete that invisible character, or type the text again, and send it once more.",
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_seen_and_what_only_looks_like_it_is_not() {
        for json in [r#"{"note":"\u0000"}"#, r#"["a\n\u0000"]"#, r#""\\\u0000""#] {
            assert!(json_spells_nul(json.as_bytes()), "{json}");
        }
        for json in [r#""\\u0000""#, r#""\u0001""#, "\"u0000\"", r#""\"#, ""] {
            assert!(!json_spells_nul(json.as_bytes()), "{json}");
        }
        assert!(query_spells_nul(Some("q=a%00")));
        assert!(!query_spells_nul(Some("q=a00")) && !query_spells_nul(None));
    }
}
