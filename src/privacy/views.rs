//! Who looked, as people see it.

use chrono::{DateTime, Utc};
use entity::ids::AccessLogId;
use entity::words::Lang;
use serde::Serialize;
use utoipa::ToSchema;

use super::looks::role_word;
use super::masking::{Field, ROLES, Shown, TABLE, field_word, shown_word};

/// Who looked at a file, the latest first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Looks {
    /// Who looked.
    pub groups: Vec<LookGroup>,
    /// What to ask for as `before` to see what was before; none on the last page.
    pub next: Option<AccessLogId>,
}

/// What one person opened on one day.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LookGroup {
    /// When first.
    pub at: DateTime<Utc>,
    /// Who.
    pub name: String,
    /// What they are, in words.
    pub role: String,
    /// Whether it was the reader.
    pub own: bool,
    /// How many looks.
    pub looks: usize,
    /// What they opened, in words.
    pub pages: Vec<String>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// Who sees what of a resident.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Masking {
    /// The roles, in the order of the columns.
    pub roles: Vec<String>,
    /// A row a field.
    pub rows: Vec<MaskedField>,
}

/// How much of one field each role sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MaskedField {
    /// Which field.
    pub field: Field,
    /// What it is called.
    pub word: String,
    /// How much each role sees, in the order of the roles.
    pub shown: Vec<MaskedCell>,
}

/// How much of a field one role sees.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MaskedCell {
    /// How much.
    pub shown: Shown,
    /// The same in words.
    pub word: String,
}

/// The table of who sees what, in words.
#[must_use]
pub fn masking(lang: Lang) -> Masking {
    Masking {
        roles: ROLES
            .iter()
            .map(|role| role_word(&[*role], lang).to_owned())
            .collect(),
        rows: TABLE
            .iter()
            .map(|(field, row)| MaskedField {
                field: *field,
                word: field_word(*field, lang).to_owned(),
                shown: row
                    .iter()
                    .map(|shown| MaskedCell {
                        shown: *shown,
                        word: shown_word(*shown, lang).to_owned(),
                    })
                    .collect(),
            })
            .collect(),
    }
}
