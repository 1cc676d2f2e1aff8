//! The roll as the office keeps it: the list, the files, who comes and who leaves, and two files of one person.

pub mod assessments;
pub mod edit;
pub mod file;
pub mod leaving;
pub mod list;
pub mod merge;
pub mod moving;
pub mod pairs;
pub mod routes;
pub mod views;

use entity::ids::ResidentId;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Days before the end of an assessment from which the office is reminded of it.
pub const EXPIRES_SOON_DAYS: i64 = 60;

/// Which part of the roll is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Everybody who lives here.
    #[default]
    Here,
    /// Those who are away today.
    Away,
    /// Those whose assessment is over, or will be within 60 days.
    Expiring,
    /// Those who moved away or died.
    Left,
}

/// Where a page of the list begins: after this place in the order of initials, then of the row number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct After {
    /// The initials of the last on the page before.
    pub initials: String,
    /// Their row.
    pub id: ResidentId,
}

impl After {
    /// The place as it is sent.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}.{}", self.id, self.initials)
    }

    /// Reads a place that was sent; nothing where it is none.
    #[must_use]
    pub fn read(key: &str) -> Option<Self> {
        let (id, initials) = key.split_once('.')?;
        let letters =
            initials.len() <= 80 && initials.bytes().all(|letter| letter.is_ascii_lowercase());
        Some(Self {
            id: ResidentId(id.parse().ok()?),
            initials: letters.then(|| initials.to_owned())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_as_it_was_sent() {
        let place = After {
            initials: "wgl".into(),
            id: ResidentId(12),
        };
        assert_eq!(After::read(&place.key()), Some(place));
        for bad in ["", "12", "x.wgl", "12.WGL", "12.w'l", "12.w%"] {
            assert_eq!(After::read(bad), None, "{bad}");
        }
        assert!(After::read("7.").is_some(), "a name without letters");
    }
}
