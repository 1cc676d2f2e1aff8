//! What a file on the roll may hold: each rule says in a sentence what is wrong, for the field of a form and the cell of
//! a workbook alike.

use chrono::{Datelike, NaiveDate};

use crate::said::Said;

/// Characters of a name at most.
const LONGEST_NAME: usize = 40;
/// Characters of a note at most.
const LONGEST_NOTE: usize = 200;
/// Nobody is older.
const OLDEST: i32 = 125;

/// What a rule gives: the value as it is kept, or what is wrong.
pub type Ruled<T> = std::result::Result<T, Said>;

fn wrong<T>(zh: impl Into<String>, en: impl Into<String>) -> Ruled<T> {
    Err(Said::new(zh, en))
}

/// A name without blanks around and between Chinese characters.
///
/// # Errors
/// Where it is empty, too long, or holds what no name holds.
pub fn name(text: &str) -> Ruled<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let name = if text.is_ascii() {
        words.join(" ")
    } else {
        words.concat()
    };
    if name.is_empty() {
        return wrong("请填写姓名。", "Please give the name.");
    }
    if name.chars().count() > LONGEST_NAME {
        return wrong(
            format!("姓名最多 {LONGEST_NAME} 个字。"),
            format!("A name has at most {LONGEST_NAME} characters."),
        );
    }
    let odd = |letter: char| {
        letter.is_control() || letter.is_ascii_digit() || "=+@<>\\/|\"".contains(letter)
    };
    if name.chars().any(odd) || name.starts_with('-') {
        return wrong(
            "姓名里有不该出现的符号或数字。",
            "The name holds signs or digits that do not belong there.",
        );
    }
    Ok(name)
}

/// Digits of a telephone number without separators and the country's prefix; nothing where nothing is said.
///
/// # Errors
/// Where it is no number.
pub fn phone(text: &str) -> Ruled<Option<String>> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let mut digits = String::new();
    for letter in text.chars() {
        match letter {
            '0'..='9' => digits.push(letter),
            '０'..='９' => {
                digits.extend(char::from_u32(u32::from(letter) - 0xfee0));
            }
            ' ' | '-' | '—' | '–' | '(' | ')' | '（' | '）' | '+' | '\u{3000}' | '\u{a0}' => {
            }
            _ => {
                return wrong(
                    "电话只能是数字，例如 13812345678 或 0710-3210001。",
                    "A telephone number holds digits alone, such as 13812345678 or 0710-3210001.",
                );
            }
        }
    }
    let domestic = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86").filter(|rest| rest.len() == 11))
        .unwrap_or(&digits);
    if (7..=12).contains(&domestic.len()) {
        Ok(Some(domestic.to_owned()))
    } else {
        wrong(
            "电话号码应为 7 到 12 位数字。",
            "A telephone number has 7 to 12 digits.",
        )
    }
}

/// A day of birth of somebody alive.
///
/// # Errors
/// Where nobody living was born then.
pub fn birth_date(date: NaiveDate, today: NaiveDate) -> Ruled<NaiveDate> {
    if date > today {
        return wrong("出生日期在今天以后。", "The day of birth is still to come.");
    }
    if today.year() - date.year() > OLDEST {
        return wrong(
            format!("出生日期太早，年龄会超过 {OLDEST} 岁。"),
            format!("With this day of birth they would be older than {OLDEST}."),
        );
    }
    Ok(date)
}

/// A building's number as it is kept: without 栋, 号楼 and the like.
///
/// # Errors
/// Where it is empty or too long.
pub fn building(text: &str) -> Ruled<String> {
    let plain: String = text
        .trim()
        .chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            other => other,
        })
        .collect();
    let number = ["号楼", "栋", "幢", "楼", "号", "#"]
        .iter()
        .find_map(|mark| plain.strip_suffix(mark))
        .unwrap_or(&plain)
        .trim_start_matches('#')
        .trim()
        .to_uppercase();
    if number.is_empty() || number.chars().count() > 8 {
        return wrong(
            "请填写楼栋，例如 3。",
            "Please give the building, such as 3.",
        );
    }
    Ok(number)
}

/// An entrance, from 1.
///
/// # Errors
/// Where there can be none.
pub fn entrance(number: i64) -> Ruled<i32> {
    match i32::try_from(number) {
        Ok(number) if (1..=30).contains(&number) => Ok(number),
        _ => wrong(
            "单元应为 1 到 30 的数字。",
            "An entrance is a number from 1 to 30.",
        ),
    }
}

/// A flat's number as it is kept: without 室 and the like.
///
/// # Errors
/// Where it is none.
pub fn flat(text: &str) -> Ruled<String> {
    let flat = text
        .trim()
        .trim_end_matches(['室', '号', '户'])
        .to_uppercase();
    let whole = !flat.is_empty()
        && flat.len() <= 8
        && flat.chars().all(|letter| letter.is_ascii_alphanumeric());
    if whole {
        Ok(flat)
    } else {
        wrong(
            "请填写室号，例如 501。",
            "Please give the flat, such as 501.",
        )
    }
}

/// The floor that a flat's number tells: 501 is on the fifth, 1102 on the eleventh. The first where it tells nothing.
#[must_use]
pub fn floor_of(flat: &str) -> i32 {
    let digits: String = flat.chars().filter(char::is_ascii_digit).collect();
    digits
        .len()
        .checked_sub(2)
        .and_then(|end| digits[..end].parse().ok())
        .filter(|floor| (1..=60).contains(floor))
        .unwrap_or(1)
}

/// A floor, from 1.
///
/// # Errors
/// Where there can be none.
pub fn floor(number: i64) -> Ruled<i32> {
    match i32::try_from(number) {
        Ok(number) if (1..=60).contains(&number) => Ok(number),
        _ => wrong(
            "楼层应为 1 到 60 的数字。",
            "A floor is a number from 1 to 60.",
        ),
    }
}

/// A note that is short enough; an empty one is none.
///
/// # Errors
/// Where it is too long.
pub fn note(text: &str) -> Ruled<Option<String>> {
    let note = text.trim();
    if note.chars().count() > LONGEST_NOTE {
        return wrong(
            format!("说明最多 {LONGEST_NOTE} 个字。"),
            format!("A note has at most {LONGEST_NOTE} characters."),
        );
    }
    let clean: String = note
        .chars()
        .filter(|letter| !letter.is_control() || *letter == '\n')
        .collect();
    Ok((!clean.is_empty()).then_some(clean))
}

/// An ability level after GB/T 42195-2022.
///
/// # Errors
/// Where it is not one of 0 to 4.
pub fn level(number: i64) -> Ruled<i32> {
    match i32::try_from(number) {
        Ok(number) if (0..=4).contains(&number) => Ok(number),
        _ => wrong(
            "能力等级为 0 到 4（0 完好，4 完全失能）。",
            "An ability level is 0 to 4 (0 intact, 4 fully dependent).",
        ),
    }
}

/// What an assessment says of its time and its assessor: who, when, until when.
///
/// # Errors
/// Names the field that does not hold: `assessed_on`, `valid_until` or `assessor`.
pub fn assessment(
    assessed_on: NaiveDate,
    assessor: &str,
    valid_until: Option<NaiveDate>,
    today: NaiveDate,
) -> std::result::Result<String, (&'static str, Said)> {
    if assessed_on > today {
        return Err((
            "assessed_on",
            Said::new("评估日期在今天以后。", "The assessment is still to come."),
        ));
    }
    if valid_until.is_some_and(|until| until < assessed_on) {
        return Err((
            "valid_until",
            Said::new(
                "有效期不能早于评估日期。",
                "It cannot end before it was made.",
            ),
        ));
    }
    let assessor = assessor.trim();
    if assessor.is_empty() || assessor.chars().count() > LONGEST_NAME {
        return Err((
            "assessor",
            Said::new("请填写评估人或评估机构。", "Please say who assessed."),
        ));
    }
    Ok(assessor.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn names_and_numbers_are_kept_plain() {
        assert_eq!(name(" 王 桂 兰 ").unwrap(), "王桂兰");
        assert_eq!(name("Anna  Li").unwrap(), "Anna Li");
        for bad in ["", "  ", "=1+1", "王3", "@cmd", "-王", "\u{7}王"] {
            assert!(name(bad).is_err(), "{bad}");
        }
        assert!(name(&"长".repeat(41)).is_err());
        assert_eq!(
            phone("+86 138-1234-5678").unwrap().as_deref(),
            Some("13812345678")
        );
        assert_eq!(
            phone("（0710）３２１0001").unwrap().as_deref(),
            Some("07103210001")
        );
        assert_eq!(phone(" ").unwrap(), None);
        for bad in ["12345", "1381234567x", "1234567890123"] {
            assert!(phone(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_door_is_kept_without_its_signs() {
        for (said, kept) in [
            ("3栋", "3"),
            ("12号楼", "12"),
            ("＃7", "7"),
            ("a座", "A座"),
            ("3", "3"),
        ] {
            assert_eq!(building(said).unwrap(), kept, "{said}");
        }
        assert!(building("栋").is_err());
        assert_eq!(flat("501室").unwrap(), "501");
        assert!(flat("五零一").is_err() && flat("").is_err());
        for (flat, floor) in [("501", 5), ("1102", 11), ("2", 1), ("A101", 1), ("9901", 1)] {
            assert_eq!(floor_of(flat), floor, "{flat}");
        }
        assert!(entrance(0).is_err() && entrance(2).is_ok() && floor(61).is_err());
    }

    #[test]
    fn nobody_was_born_tomorrow_or_in_the_time_of_the_dynasties() {
        let today = day("2026-11-24");
        assert!(birth_date(day("1941-03-08"), today).is_ok());
        assert!(birth_date(day("2026-11-25"), today).is_err());
        assert!(birth_date(day("1900-01-01"), today).is_err());
    }

    #[test]
    fn an_assessment_has_an_assessor_and_days_in_order() {
        let today = day("2026-11-24");
        let asked = |on: &str, who: &str, until: Option<&str>| {
            assessment(day(on), who, until.map(day), today).map_err(|(field, _)| field)
        };
        assert_eq!(
            asked("2026-11-24", " 李评估师 ", Some("2028-11-23")).unwrap(),
            "李评估师"
        );
        assert_eq!(asked("2026-11-25", "李", None), Err("assessed_on"));
        assert_eq!(
            asked("2026-11-24", "李", Some("2026-11-23")),
            Err("valid_until")
        );
        assert_eq!(asked("2026-11-24", " ", None), Err("assessor"));
        assert!(level(5).is_err() && level(-1).is_err() && level(4).is_ok());
    }
}
