//! What a cell says: a date however it is written, a sex, a level, a way of living, a whole door.

use chrono::{Datelike, NaiveDate, TimeDelta};
use entity::words::{Living, Sex};

use crate::residents::asked::{Query, Way};
use crate::residents::fields;
use crate::residents::fields::Ruled;
use crate::residents::homes::Flat;
use crate::said::Said;

/// A cell as it stands in the sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Text.
    Text(String),
    /// A number; a day is one too, counted from Excel's first.
    Number(f64),
    /// True or false.
    Truth(bool),
    /// What Excel shows as #REF! and the like.
    Broken,
}

/// The day before the first of Excel's count, as it stands for every date after February 1900: the 30th of December 1899.
const EXCEL_BEGINS: Option<NaiveDate> = NaiveDate::from_ymd_opt(1899, 12, 30);

impl Value {
    /// The cell as text; a whole number without a point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.trim().to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                format!("{number:.0}")
            }
            Self::Number(number) => number.to_string(),
            Self::Truth(true) => "TRUE".into(),
            Self::Truth(false) => "FALSE".into(),
            Self::Broken => "#REF!".into(),
        }
    }
}

/// A whole number, perhaps followed by its unit: 2, 2单元, 5层, ３.
///
/// # Errors
/// Where it is none.
pub fn whole(value: &Value) -> Ruled<i64> {
    let text = value.text();
    let digits: String = text
        .chars()
        .filter_map(|letter| match letter {
            '０'..='９' => char::from_u32(u32::from(letter) - 0xfee0),
            other => Some(other),
        })
        .collect();
    let number = digits
        .trim_end_matches(['单', '元', '层', '楼', '级', '门', '号'])
        .trim();
    number.parse().map_err(|_| {
        Said::new(
            format!("“{text}”不是整数。"),
            format!("“{text}” is no whole number."),
        )
    })
}

/// A day: Excel's serial number, or text in the spellings that people use.
///
/// # Errors
/// Where it is none, or could be two.
pub fn day(value: &Value) -> Ruled<NaiveDate> {
    let found = match value {
        Value::Number(number) => serial(*number),
        Value::Text(text) => return day_text(text),
        Value::Truth(_) | Value::Broken => None,
    };
    found
        .filter(|date| (1900..=2199).contains(&date.year()))
        .ok_or_else(|| no_day(&value.text()))
}

/// Excel's count of days, or eight digits that are year, month and day.
fn serial(number: f64) -> Option<NaiveDate> {
    if !(1.0..1e9).contains(&number) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "between 1 and a thousand million"
    )]
    let whole = number.trunc() as i64;
    if (19_000_101..=21_991_231).contains(&whole) {
        return eight(&whole.to_string());
    }
    // Excel takes 1900 for a leap year, so the days of its first two months count one less.
    let days = if whole < 60 { whole + 1 } else { whole };
    let begins = EXCEL_BEGINS?;
    (whole != 60 && whole <= 109_574).then(|| begins + TimeDelta::days(days))
}

fn eight(digits: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        digits.get(..4)?.parse().ok()?,
        digits.get(4..6)?.parse().ok()?,
        digits.get(6..8)?.parse().ok()?,
    )
}

fn day_text(text: &str) -> Ruled<NaiveDate> {
    let plain: String = text
        .trim()
        .chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '。' => '.',
            other => other,
        })
        .collect();
    if plain.contains("农历") || plain.contains("阴历") {
        return Err(Said::new(
            format!("“{text}”是农历，请换成公历，例如 1941-03-08。"),
            format!("“{text}” is of the lunar calendar; please give the day as 1941-03-08."),
        ));
    }
    let plain = plain.replace("公历", "").replace("阳历", "");
    // The time of day, where there is one, says nothing.
    let date = plain
        .split(['T', ' '])
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let spaced: String = plain.split_whitespace().collect();
    let spelled = numerals(&spaced);
    let parts = if plain.contains('年') {
        parts(&spelled, &['年', '月', '日', '号'])
    } else {
        parts(date, &['-', '/', '.', '—', '–'])
    };
    let found = match parts.as_slice() {
        [whole] if whole.len() == 8 => eight(whole),
        [year, month, day] if year.len() == 4 => NaiveDate::from_ymd_opt(
            number(year),
            number(month).unsigned_abs(),
            number(day).unsigned_abs(),
        ),
        [_] if date.len() == 5 && date.bytes().all(|digit| digit.is_ascii_digit()) => {
            date.parse().ok().and_then(serial)
        }
        [year, _] if year.len() == 4 => {
            return Err(Said::new(
                format!("“{text}”没有写到日，请写完整，例如 1941-03-08。"),
                format!("“{text}” has no day; please write it out, such as 1941-03-08."),
            ));
        }
        [_, _, last] if last.len() == 4 || last.len() == 2 => {
            return Err(Said::new(
                format!("“{text}”分不清年月日，请写成 1941-03-08。"),
                format!("“{text}” can be read in two ways; please write 1941-03-08."),
            ));
        }
        _ => None,
    };
    found
        .filter(|date| (1900..=2199).contains(&date.year()))
        .ok_or_else(|| no_day(text))
}

fn no_day(text: &str) -> Said {
    Said::new(
        format!("“{text}”不是日期，请写成 1941-03-08 或 1941年3月8日。"),
        format!("“{text}” is no date; please write 1941-03-08."),
    )
}

fn number(digits: &str) -> i32 {
    digits.parse().unwrap_or(0)
}

/// The digits between these marks; nothing where something else stands there.
fn parts<'a>(text: &'a str, marks: &[char]) -> Vec<&'a str> {
    let parts: Vec<&str> = text
        .split(|letter| marks.contains(&letter))
        .filter(|part| !part.is_empty())
        .collect();
    let digits = |part: &&str| part.bytes().all(|letter| letter.is_ascii_digit());
    if parts.iter().all(digits) {
        parts
    } else {
        Vec::new()
    }
}

/// Chinese numerals as digits: 一九四一年三月八日, 十二月, 二十三日, 〇.
fn numerals(text: &str) -> String {
    const DIGITS: &str = "零一二三四五六七八九";
    let digit = |letter: char| {
        let letter = if letter == '〇' || letter == '○' {
            '零'
        } else {
            letter
        };
        DIGITS.chars().position(|known| known == letter)
    };
    let letters: Vec<char> = text.chars().collect();
    let mut plain = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at
            .checked_sub(1)
            .and_then(|at| digit(letters[at]))
            .is_some();
        let after = letters.get(at + 1).copied().and_then(digit).is_some();
        match (letter, digit(letter)) {
            ('十', _) => plain.push_str(match (before, after) {
                (true, true) => "",
                (true, false) => "0",
                (false, true) => "1",
                (false, false) => "10",
            }),
            (_, Some(value)) => plain.push_str(&value.to_string()),
            _ => plain.push(letter),
        }
    }
    plain
}

/// Female or male.
///
/// # Errors
/// Where it is neither.
pub fn sex(value: &Value) -> Ruled<Sex> {
    match value.text().to_lowercase().as_str() {
        "女" | "女性" | "f" | "female" | "w" | "woman" | "2" => Ok(Sex::Female),
        "男" | "男性" | "m" | "male" | "man" | "1" => Ok(Sex::Male),
        other => Err(Said::new(
            format!("“{other}”不是性别，请填“男”或“女”。"),
            format!("“{other}” is no sex; please write female or male."),
        )),
    }
}

/// With whom somebody lives.
///
/// # Errors
/// Where it is none of the three ways.
pub fn living(value: &Value) -> Ruled<Living> {
    let text = value.text().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["独居", "单独", "孤寡", "一人", "alone"]) {
        Ok(Living::Alone)
    } else if has(&["空巢", "夫妻", "配偶", "老两口", "老伴", "couple", "spouse"]) {
        Ok(Living::Couple)
    } else if has(&[
        "家人", "子女", "儿", "女", "同住", "亲属", "保姆", "family", "children",
    ]) {
        Ok(Living::WithFamily)
    } else {
        Err(Said::new(
            format!("“{text}”看不懂，请填“独居”“空巢”或“与家人同住”。"),
            format!("“{text}” cannot be read; please write alone, couple or with family."),
        ))
    }
}

/// An ability level after GB/T 42195-2022; nothing where it says that there was no assessment.
///
/// # Errors
/// Where it is none of the five.
pub fn level(value: &Value) -> Ruled<Option<i32>> {
    let text = value.text().to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if has(&["未评", "无", "没有", "none", "not assessed"]) {
        return Ok(None);
    }
    if let Ok(number) = whole(value) {
        return fields::level(number).map(Some);
    }
    let level = if has(&["完全", "极重", "total"]) {
        4
    } else if has(&["重度", "severe"]) {
        3
    } else if has(&["中度", "moderate"]) {
        2
    } else if has(&["轻度", "mild"]) {
        1
    } else if has(&["完好", "自理", "正常", "intact"]) {
        0
    } else {
        return Err(Said::new(
            format!("“{text}”不是能力等级，请填 0 到 4。"),
            format!("“{text}” is no ability level; please write 0 to 4."),
        ));
    };
    Ok(Some(level))
}

/// A whole door in one cell: 3栋2单元501, 3-2-501, 东方小区3号楼2单元501室.
///
/// # Errors
/// Where a part of it is missing.
pub fn door(text: &str) -> Ruled<Flat> {
    let asked = Query::parse(text)
        .ways()
        .iter()
        .find_map(|way| match way {
            Way::Door(asked) if asked.is_whole() => Some(asked.clone()),
            _ => None,
        })
        .ok_or_else(|| {
            Said::new(
                format!("“{text}”不是完整的门牌，请写成“3栋2单元501”。"),
                format!("“{text}” is no whole door; please write 3-2-501."),
            )
        })?;
    let flat = fields::flat(asked.flat.as_deref().unwrap_or_default())?;
    Ok(Flat {
        building: fields::building(asked.building.as_deref().unwrap_or_default())?,
        entrance: fields::entrance(
            asked
                .entrance
                .as_deref()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0),
        )?,
        floor: fields::floor_of(&flat),
        flat,
    })
}

/// Day of birth and sex as an identity card's number tells them; its check digit must hold.
///
/// # Errors
/// Where it is no such number.
pub fn id_card(text: &str) -> Ruled<(NaiveDate, Sex)> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let wrong = || {
        Said::new(
            "身份证号不对，请核对 18 位号码（单元格要设成文本，否则末几位会变成 0）。",
            "This is no identity number; check its 18 digits (the cell must be text, or the last ones become 0).",
        )
    };
    let number = text.trim().to_uppercase();
    let bytes = number.as_bytes();
    if bytes.len() != 18 || !bytes[..17].iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    let sum: u32 = bytes
        .iter()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let born = number.get(6..14).and_then(eight).ok_or_else(wrong)?;
    if CHECKS[(sum % 11) as usize] != bytes[17] {
        return Err(wrong());
    }
    let sex = if bytes[16] % 2 == 1 {
        Sex::Male
    } else {
        Sex::Female
    };
    Ok((born, sex))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_read_in_the_spellings_that_people_use() {
        for text in [
            "1941-03-08",
            "1941-3-8",
            "1941/3/8",
            "1941/03/08 00:00:00",
            "1941-03-08T00:00:00",
            "1941.3.8",
            "1941。3。8",
            "１９４１－０３－０８",
            "19410308",
            "1941年3月8日",
            "1941年03月08日",
            "1941 年 3 月 8 日",
            "1941年3月8号",
            "一九四一年三月八日",
            "公历1941年3月8日",
            " 1941-03-08 ",
            "15043",
        ] {
            assert_eq!(
                day(&Value::Text(text.into())),
                Ok(date("1941-03-08")),
                "{text}"
            );
        }
        assert_eq!(
            day(&Value::Text("一九四〇年十二月二十三日".into())),
            Ok(date("1940-12-23"))
        );
        assert_eq!(
            day(&Value::Text("一九四〇年十月十日".into())),
            Ok(date("1940-10-10"))
        );
        for text in [
            "",
            "1941",
            "1941-03",
            "1941年3月",
            "08/03/1941",
            "3/8/41",
            "41.3.8",
            "农历1941年二月十一",
            "1941-02-30",
            "1941-13-01",
            "不详",
            "1899-12-31",
            "2200-01-01",
            "=TODAY()",
            "0",
        ] {
            assert!(day(&Value::Text(text.into())).is_err(), "{text}");
        }
        let told = day(&Value::Text("08/03/1941".into())).unwrap_err();
        assert!(told.zh.contains("分不清"), "{}", told.zh);
    }

    #[test]
    fn excels_count_of_days_is_a_day() {
        for (number, day_of) in [
            (1.0, "1900-01-01"),
            (59.0, "1900-02-28"),
            (61.0, "1900-03-01"),
            (15_043.0, "1941-03-08"),
            (15_043.75, "1941-03-08"),
            (19_410_308.0, "1941-03-08"),
            (46_350.0, "2026-11-24"),
        ] {
            assert_eq!(day(&Value::Number(number)), Ok(date(day_of)), "{number}");
        }
        for number in [
            0.0,
            -3.0,
            60.0,
            1941.5e9,
            f64::NAN,
            f64::INFINITY,
            200_000.0,
            19_410_230.0,
        ] {
            assert!(day(&Value::Number(number)).is_err(), "{number}");
        }
        assert!(day(&Value::Truth(true)).is_err() && day(&Value::Broken).is_err());
    }

    /// Every day of two centuries, in every spelling that has all its parts.
    #[test]
    fn every_day_comes_back_from_every_spelling() {
        let mut day_of = date("1900-03-01");
        while day_of < date("2100-01-01") {
            let serial = (day_of - EXCEL_BEGINS.unwrap()).num_days();
            for text in [
                day_of.format("%Y-%m-%d").to_string(),
                day_of.format("%Y/%-m/%-d").to_string(),
                day_of.format("%Y.%-m.%-d").to_string(),
                day_of.format("%Y年%-m月%-d日").to_string(),
                day_of.format("%Y%m%d").to_string(),
            ] {
                assert_eq!(day(&Value::Text(text.clone())), Ok(day_of), "{text}");
            }
            #[expect(clippy::cast_precision_loss, reason = "some ten thousand days")]
            let count = Value::Number(serial as f64);
            assert_eq!(day(&count), Ok(day_of), "{serial}");
            day_of += TimeDelta::days(17);
        }
    }

    #[test]
    fn words_of_the_office_are_understood() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(sex(&text("女")), Ok(Sex::Female));
        assert_eq!(sex(&text("Male")), Ok(Sex::Male));
        assert!(sex(&text("不详")).is_err());
        assert_eq!(living(&text("空巢（老两口）")), Ok(Living::Couple));
        assert_eq!(living(&text("独居")), Ok(Living::Alone));
        assert_eq!(living(&text("与子女同住")), Ok(Living::WithFamily));
        assert!(living(&text("？")).is_err());
        for (said, kept) in [
            ("2", Some(2)),
            ("2级", Some(2)),
            ("中度失能", Some(2)),
            ("完全失能", Some(4)),
            ("能力完好", Some(0)),
            ("未评估", None),
        ] {
            assert_eq!(level(&text(said)), Ok(kept), "{said}");
        }
        assert!(level(&text("5")).is_err() && level(&text("很好")).is_err());
        assert_eq!(whole(&text("2单元")), Ok(2));
        assert_eq!(whole(&Value::Number(501.0)), Ok(501));
        assert!(whole(&Value::Number(2.5)).is_err());
    }

    #[test]
    fn a_door_in_one_cell_is_taken_apart() {
        for text in [
            "3栋2单元501",
            "3-2-501",
            "东方小区3号楼2单元501室",
            "３－２－５０１",
        ] {
            assert_eq!(door(text).unwrap().key(), "3-2-501", "{text}");
        }
        for text in ["3栋501", "东方小区", "", "3栋2单元"] {
            assert!(door(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_identity_number_tells_birth_and_sex_and_must_hold() {
        // Made up, with a check digit that holds.
        assert_eq!(
            id_card("420606194103080021"),
            Ok((date("1941-03-08"), Sex::Female)),
        );
        for bad in [
            "420606194103080020",
            "420606194102300021",
            "123",
            "",
            "42060619410308002年",
        ] {
            assert!(id_card(bad).is_err(), "{bad}");
        }
    }
}
