//! Who looked, as people see it.

use chrono::{DateTime, Utc};
use entity::ids::AccessLogId;
use serde::Serialize;
use utoipa::ToSchema;

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
