//! Who sees which field of a resident: the one table, and the one place where a value is covered. A field that a role
//! may not see never leaves the server.
//!
//! | field | coordinator, clerk | family | helper near the visit | helper otherwise | grid officer | admin | panel, merchant |
//! |---|---|---|---|---|---|---|---|
//! | name | whole | whole | how they are addressed | the same | whole | 王** | nothing |
//! | door | whole | whole | whole | building | whole | building | nothing |
//! | telephone | whole | whole | whole | nothing | nothing | 139****0001 | nothing |
//! | day of birth | whole | age | nothing | nothing | age | nothing | nothing |
//! | ability level | whole | whole | nothing | nothing | nothing | nothing | nothing |
//! | what to mind | whole | whole | whole | nothing | nothing | nothing | nothing |
//! | how to get in | whole | whole | whole | nothing | nothing | nothing | nothing |
//!
//! "Near" is from 24 hours before a visit to 24 hours after. Clerks keep files as coordinators do, so they read the same;
//! what they may not do is take everything about one person away as a file. The house keeps no number of an identity card.

use entity::words::Sex;

/// Who reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A coordinator or a clerk.
    Desk,
    /// The resident's family.
    Family,
    /// A helper, from a day before a visit to a day after.
    HelperNear,
    /// A helper at any other time.
    HelperFar,
    /// A grid officer, of the own grids.
    GridOfficer,
    /// Who keeps accounts.
    Admin,
    /// A member of the panel, or a merchant at a counter.
    Outside,
}

/// All readers.
pub const READERS: [Reader; 7] = [
    Reader::Desk,
    Reader::Family,
    Reader::HelperNear,
    Reader::HelperFar,
    Reader::GridOfficer,
    Reader::Admin,
    Reader::Outside,
];

/// A field of a resident's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The full name.
    Name,
    /// The door.
    Door,
    /// The telephone, the resident's own or the household's.
    Phone,
    /// The day of birth.
    BirthDate,
    /// The ability level.
    Ability,
    /// What a helper has to mind.
    Safety,
    /// How to get in.
    Knock,
}

/// All fields.
pub const FIELDS: [Field; 7] = [
    Field::Name,
    Field::Door,
    Field::Phone,
    Field::BirthDate,
    Field::Ability,
    Field::Safety,
    Field::Knock,
];

/// How much of a field is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As it is.
    Whole,
    /// Covered: enough to tell people apart.
    Covered,
    /// Not at all.
    Nothing,
}

/// The table.
#[must_use]
pub fn shows(reader: Reader, field: Field) -> Shown {
    use Field::{Ability, BirthDate, Door, Knock, Name, Phone, Safety};
    match (reader, field) {
        (Reader::Desk, _)
        | (Reader::Family, Name | Door | Phone | Ability | Safety | Knock)
        | (Reader::HelperNear, Door | Phone | Safety | Knock)
        | (Reader::GridOfficer, Name | Door) => Shown::Whole,
        (Reader::Family | Reader::GridOfficer, BirthDate)
        | (Reader::HelperNear, Name)
        | (Reader::HelperFar, Name | Door)
        | (Reader::Admin, Name | Door | Phone) => Shown::Covered,
        (Reader::HelperNear, BirthDate | Ability)
        | (Reader::HelperFar, Phone | BirthDate | Ability | Safety | Knock)
        | (Reader::GridOfficer, Phone | Ability | Safety | Knock)
        | (Reader::Admin, BirthDate | Ability | Safety | Knock)
        | (Reader::Outside, _) => Shown::Nothing,
    }
}

/// A text as this reader may have it: whole, or not at all. For what has no covered form.
#[must_use]
pub fn text(reader: Reader, field: Field, value: Option<&str>) -> Option<String> {
    match shows(reader, field) {
        Shown::Whole => value.map(str::to_owned),
        Shown::Covered | Shown::Nothing => None,
    }
}

/// A telephone as this reader may have it.
#[must_use]
pub fn phone(reader: Reader, value: Option<&str>) -> Option<String> {
    match shows(reader, Field::Phone) {
        Shown::Whole => value.map(str::to_owned),
        Shown::Covered => value.map(covered_phone),
        Shown::Nothing => None,
    }
}

/// A name as this reader may have it; helpers have how the person is addressed.
#[must_use]
pub fn name(reader: Reader, full: &str, sex: Sex, lang: entity::words::Lang) -> String {
    match (shows(reader, Field::Name), reader) {
        (Shown::Whole, _) => full.to_owned(),
        (Shown::Covered, Reader::HelperNear | Reader::HelperFar) => {
            crate::visits::short_name(full, sex, lang)
        }
        (Shown::Covered, _) => covered_name(full),
        (Shown::Nothing, _) => String::new(),
    }
}

/// 王桂芳 is 王**: the first character, and how many follow.
#[must_use]
pub fn covered_name(full: &str) -> String {
    let mut letters = full.chars();
    let first: String = letters.next().into_iter().collect();
    first + &"*".repeat(letters.count().clamp(1, 3))
}

/// 13912345678 is 139****5678; of a short number the last two remain.
#[must_use]
pub fn covered_phone(number: &str) -> String {
    let digits: Vec<char> = number.chars().collect();
    if digits.len() < 8 {
        let last: String = digits.iter().skip(digits.len().saturating_sub(2)).collect();
        return format!("****{last}");
    }
    let first: String = digits.iter().take(3).collect();
    let last: String = digits.iter().skip(digits.len() - 4).collect();
    format!("{first}****{last}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::words::Lang;

    #[test]
    fn what_is_covered_tells_people_apart_and_no_more() {
        assert_eq!(covered_name("张三"), "张*");
        assert_eq!(covered_name("王桂芳"), "王**");
        assert_eq!(covered_name("张"), "张*");
        assert_eq!(covered_phone("13812341234"), "138****1234");
        assert_eq!(covered_phone("3210001"), "****01");
        assert_eq!(covered_phone("1"), "****1");
    }

    #[test]
    fn a_field_leaves_the_server_only_for_those_of_the_table() {
        let read = |reader| {
            (
                name(reader, "王桂芳", Sex::Female, Lang::Zh),
                phone(reader, Some("13900000001")),
                text(reader, Field::Safety, Some("听力不好")),
            )
        };
        let kept = |text: &str| Some(text.to_owned());
        assert_eq!(
            read(Reader::Desk),
            ("王桂芳".into(), kept("13900000001"), kept("听力不好"))
        );
        assert_eq!(
            read(Reader::HelperNear),
            ("王奶奶".into(), kept("13900000001"), kept("听力不好"))
        );
        assert_eq!(read(Reader::HelperFar), ("王奶奶".into(), None, None));
        assert_eq!(read(Reader::GridOfficer), ("王桂芳".into(), None, None));
        assert_eq!(
            read(Reader::Admin),
            ("王**".into(), kept("139****0001"), None)
        );
        assert_eq!(read(Reader::Outside), (String::new(), None, None));
        for field in FIELDS {
            assert_eq!(shows(Reader::Outside, field), Shown::Nothing);
        }
    }
}
